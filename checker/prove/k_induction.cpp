// SPDX-License-Identifier: MIT
#include "checker/prove/k_induction.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

#include "checker/prove/budget.hpp"
#include "checker/prove/chain.hpp"
#include "checker/symbolic/z3_context.hpp"

namespace capstan::checker {
namespace {

/// Some tenths of a second, and what ends it where a machine is very slow.
constexpr Budget::Limits limits{2'000'000, 20'000};

class KInduction {
 public:
  KInduction(const Claim& claim, const std::set<std::string>& open)
      : claim_(claim), open_(open), forms_(step_forms(claim)), budget_(limits) {}

  /// How many steps in a row keep it; 0: not shown.
  int run() {
    for (int steps = 2; steps <= steps_most; ++steps) {
      if (!keep_it(Chain::From::Start, steps - 1)) return 0;
      if (keep_it(Chain::From::AnyState, steps)) return steps;
      if (budget_.is_spent()) return 0;
    }
    return 0;
  }

 private:
  /// Whether so many steps lead to no state where the claim is false, if it is true before.
  bool keep_it(Chain::From from, int steps) {
    Chain chain(claim_, forms_, context_, from);
    for (int i = 1; i <= steps; ++i)
      chain.extend([&](const StepForm& form) { return i < steps || open_.contains(form.name); });
    WholeStates& judge = chain.judge().states;
    const Readings after = claim_.reads_clocks ? judge.fresh_readings("after ") : Readings{};
    const WholeState& last = chain.states().back();
    std::vector<z3::expr> assumed{judge.are_admissible(last, after)};
    for (std::size_t i = 0; i + 1 < chain.states().size(); ++i)
      for (const Readings& readings : chain.readings_before(i, after))
        assumed.push_back(judge.holds_if_shown(chain.states()[i], readings));
    if (from == Chain::From::AnyState) assumed.push_back(chain.has_no_loop());
    const std::vector<z3::expr> goals = judge.parts(last, after);
    z3::solver solver(context_, z3::solver::simple());
    chain.add_to(solver);
    for (const z3::expr& fact : assumed) solver.add(fact);
    return std::ranges::all_of(goals, [&](const z3::expr& goal) {
      solver.push();
      solver.add(!goal);
      const bool follows = budget_.check(solver) == z3::unsat;
      solver.pop();
      solver.add(goal);
      return follows;
    });
  }

  const Claim& claim_;
  const std::set<std::string>& open_;
  std::vector<StepForm> forms_;
  Z3Context z3_;
  z3::context& context_ = z3_.get();
  Budget budget_;
};

}  // namespace

Attempt try_k_induction(const Claim& claim, const std::set<std::string>& open) {
  Attempt result{Attempt::Method::KInduction, false, 0, "", {}};
  result.steps = KInduction(claim, open).run();
  result.proves = result.steps > 0;
  result.text =
      result.proves
          ? fmt::format("{} steps in a row keep it (k-induction)", result.steps)
          : fmt::format("k-induction does not show it with up to {} steps in a row", steps_most);
  return result;
}

}  // namespace capstan::checker
