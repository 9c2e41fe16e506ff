// SPDX-License-Identifier: MIT
#include "checker/explore/look_ahead.hpp"

#include <iterator>
#include <random>
#include <vector>

#include "checker/explore/questions.hpp"
#include "checker/explore/state_space.hpp"
#include "checker/liveness/steps.hpp"

namespace capstan::checker {
namespace {

constexpr std::size_t kRuns = 16;
/// Long enough for times to grow older than any constant that is followed.
constexpr int kSteps = 400;
/// How many ticks pass between two other steps, where they can: runs take turns, as what is done at
/// once never meets an old time, and what waits long does little.
constexpr std::uint64_t kTicksBetween[] = {1, 5, 20, 80};

class LookAhead {
 public:
  LookAhead(ComponentSystem& system, const std::vector<int>& predicates)
      : questions_(system),
        space_(questions_, nullptr),
        predicates_(predicates),
        initial_(space_.initial_states()) {}

  void run() {
    for (std::size_t i = 0; i < kRuns; ++i) one_run(kTicksBetween[i % std::size(kTicksBetween)]);
  }

 private:
  void one_run(std::uint64_t ticks_between) {
    if (initial_.empty()) return;
    const InitialWords& start = initial_[random_() % initial_.size()];
    if (start.error != 0) return;
    Words state = start.words;
    for (int step = 0; step < kSteps; ++step) {
      look_at_predicates(state);
      std::vector<Words> steps, ticks;
      visit_steps(space_, state, [&](const Words* successor, LabelId, const auto&) {
        if (successor != nullptr && *successor != state) steps.push_back(*successor);
        return false;
      });
      visit_ticks(space_, state, [&](const Words& successor, LabelId) {
        ticks.push_back(successor);
        return false;
      });
      if (steps.empty() && ticks.empty()) return;
      const bool passes = steps.empty() || (!ticks.empty() && random_() % (ticks_between + 1) != 0);
      std::vector<Words>& chosen = passes ? ticks : steps;
      state = std::move(chosen[random_() % chosen.size()]);
    }
  }

  /// Properties compare times too.
  void look_at_predicates(const Words& state) {
    for (const int predicate : predicates_)
      static_cast<void>(space_.predicates.value(predicate, state));
  }

  Questions questions_;
  StateSpace space_;
  const std::vector<int>& predicates_;
  std::vector<InitialWords> initial_;
  std::mt19937_64 random_{1};
};

}  // namespace

void look_ahead(ComponentSystem& system, const std::vector<int>& predicates) {
  LookAhead(system, predicates).run();
}

}  // namespace capstan::checker
