// SPDX-License-Identifier: MIT
#include "checker/minimal.hpp"

#include <utility>

#include "checker/cut_short.hpp"

namespace capstan::checker {
namespace {

class Minimizer {
 public:
  Minimizer(const model::Protocol& protocol, int expectation, Finding first,
            const CheckOptions& options, std::shared_ptr<TimeAbstraction> time)
      : protocol_(protocol), expectation_(expectation), options_(options), time_(std::move(time)) {
    best_.finding = std::move(first);
    options_.explore.stop_at_first = true;
    options_.explore.dead_messages = options.explore.dead_messages && options.reductions;
    options_.explore.progress = nullptr;
  }

  Minimal run() {
    const auto cut = cut_short(phase::kMinimal, {}, [this] {
      fewest_faults();
      fewest_operations();
    });
    if (cut) {
      best_.is_proved = false;
      best_.limit = cut->kind;
    }
    return std::move(best_);
  }

 private:
  enum class Answer { Found, Nothing, Limit };

  Answer search(Effort cap) {
    return with_time(*time_, [&] { return search_once(cap); });
  }

  Answer search_once(Effort cap) {
    SystemOptions wanted = system_options(options_, time_);
    wanted.cap = cap;
    ProtocolSystem system(protocol_, wanted);
    const Plan plan = plan_of(system, "");
    const std::vector<std::size_t>& names =
        expectation_ < 0 ? plan.errors
                         : plan.of_expectation[static_cast<std::size_t>(expectation_)];
    std::vector<Goal> goals;
    std::vector<std::size_t> all;
    for (const std::size_t name : names) {
      all.push_back(goals.size());
      goals.push_back(plan.goals[name]);
    }
    if (expectation_ < 0) watch_predicates(plan, goals);
    const Exploration exploration = explore(system, goals, options_.explore);
    if (const Found* found = shortest(exploration, all)) {
      best_.finding = finding_of(system, *found);
      return Answer::Found;
    }
    if (const auto limit = limit_of(exploration.end)) best_.limit = limit;
    const bool is_complete = exploration.end == Exploration::End::Complete && time_->is_exact();
    return is_complete ? Answer::Nothing : Answer::Limit;
  }

  /// A model error may be met in evaluating what is not looked for itself.
  static void watch_predicates(const Plan& plan, std::vector<Goal>& goals) {
    for (const Goal& goal : plan.goals)
      if (goal.kind == Goal::Kind::PredicateTrue || goal.kind == Goal::Kind::PredicateFalse ||
          goal.kind == Goal::Kind::PredicateError)
        goals.push_back({Goal::Kind::PredicateError, goal.index, false});
  }

  /// Searches with 0, 1, .. of something until one finds a counterexample. `most`: how many the
  /// best one known needs.
  template <typename CapOf>
  void fewest(int most, const CapOf& cap_of) {
    for (int count = 0; count < most; ++count) {
      const Answer answer = search(cap_of(count));
      if (answer == Answer::Limit) best_.is_proved = false;
      if (answer != Answer::Nothing) return;
    }
  }

  void fewest_faults() {
    fewest(best_.finding.evidence.fault_count, [](int faults) {
      return Effort{faults, Effort::any};
    });
  }

  void fewest_operations() {
    const int faults = best_.finding.evidence.fault_count;
    fewest(best_.finding.evidence.operation_count, [faults](int operations) {
      return Effort{faults, operations};
    });
  }

  const model::Protocol& protocol_;
  int expectation_;
  CheckOptions options_;
  std::shared_ptr<TimeAbstraction> time_;
  Minimal best_;
};

}  // namespace

Minimal minimal_finding(const model::Protocol& protocol, int expectation, Finding first,
                        const CheckOptions& options, std::shared_ptr<TimeAbstraction> time) {
  return Minimizer(protocol, expectation, std::move(first), options, std::move(time)).run();
}

}  // namespace capstan::checker
