// SPDX-License-Identifier: MIT
#include "checker/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

#include "checker/coverage.hpp"
#include "checker/cut_short.hpp"
#include "checker/explore/look_ahead.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/explore/too_large.hpp"
#include "checker/growth.hpp"
#include "checker/liveness/eventually.hpp"
#include "checker/liveness/hops.hpp"
#include "checker/liveness/quiescence.hpp"
#include "checker/minimal.hpp"
#include "checker/plan.hpp"
#include "checker/prove/judge_proofs.hpp"
#include "checker/vacuity.hpp"
#include "model/base/require.hpp"
#include "model/system/effort.hpp"

namespace capstan::checker {
namespace {

using model::Expectation;
using model::PropertyKind;

/// Why what an exploration did not decide is undecided.
std::string limit_text(const Exploration& exploration, const ExploreOptions& options,
                       const TimeAbstraction* time) {
  if (exploration.end == Exploration::End::StatesLimit)
    return fmt::format("the limit of {} states was reached at depth {}", options.states_max,
                       exploration.depth);
  const std::optional<model::LimitKind> limit = limit_of(exploration.end);
  if (!limit) return "";
  const std::string done =
      fmt::format(" after {} states at depth {}", exploration.states, exploration.depth);
  return cut_short_text({*limit, phase::kExploration, 0, 0}, options, done, time);
}

Verdict verdict_of(PropertyKind kind, bool found, bool complete) {
  const bool is_reachable = kind == PropertyKind::Reachable;
  if (found) return is_reachable ? Verdict::Holds : Verdict::Violated;
  if (!complete) return Verdict::Undecided;
  return is_reachable ? Verdict::Violated : Verdict::Holds;
}

bool is_about_losses(PropertyKind kind) {
  return kind == PropertyKind::NoAcknowledgedWriteLost ||
         kind == PropertyKind::AcknowledgedWriteLost;
}

/// What one search for a counterexample with less may always visit. Beyond that, twice what was
/// visited until the first was found: a better picture is not worth any price.
constexpr std::uint64_t least_states_free = 3'000'000;

/// How far a search goes on when all that is expected is settled, for model errors that lie beyond:
/// so many states, or twice those it took.
constexpr std::uint64_t kStatesAfterFound = 1'000'000;

/// What is left for the phases of a scenario.
model::Limits::Wanted limits_left(const ScenarioClock& clock, const CheckOptions& options) {
  return {clock.seconds_left(), options.resident_bytes_max, true};
}

/// For what makes a finding plainer: it leaves time to confirm it.
model::Limits::Wanted half_of(model::Limits::Wanted all) {
  all.seconds /= 2;
  return all;
}

/// Every expectation undecided for one reason.
ScenarioReport all_undecided(std::shared_ptr<const model::Protocol> protocol,
                             const CheckOptions& options, const std::string& reason) {
  ScenarioReport report = empty_report(protocol);
  for (const Expectation& expectation : protocol->scenario.expectations) {
    if (!is_wanted(expectation, options.property)) continue;
    if (expectation.kind == PropertyKind::Unsupported) {
      report.expectations.push_back(not_judged(expectation));
      continue;
    }
    report.expectations.push_back(judged_as(expectation, Verdict::Undecided));
    report.expectations.back().remark = reason;
  }
  if (protocol->scenario.expectations.empty())
    report.expectations.push_back(nothing_expected("the scenario has no `expect`"));
  return report;
}

class Check {
 public:
  Check(std::shared_ptr<const model::Protocol> protocol, const CheckOptions& options,
        std::shared_ptr<TimeAbstraction> time, const ScenarioClock& clock)
      : protocol_(std::move(protocol)),
        options_(options),
        clock_(clock),
        time_(std::move(time)),
        report_(empty_report(protocol_)) {}

  /// Each phase may be cut short by itself; what the others find stays.
  ScenarioReport run() {
    within(phase::kExploration, [&] { explore_all(); });
    if (!was_explored_) return all_undecided(protocol_, options_, cut_);
    fill_head();
    if (is_complete_) vacuity_cut_ = within(phase::kVacuity, [&] { find_untested(); });
    EndlessReport runs, hops;
    LossReport losses;
    judge_elsewhere(runs, hops, losses);
    for (std::size_t i = 0; i < protocol_->scenario.expectations.size(); ++i) {
      const Expectation& expectation = protocol_->scenario.expectations[i];
      if (!is_wanted(expectation, options_.property)) continue;
      if (expectation.kind == PropertyKind::Unsupported)
        report_.expectations.push_back(not_judged(expectation));
      else if (is_proof(expectation.kind))
        prove(expectation);
      else if (is_endless(expectation.kind))
        judge_on_graph(expectation, std::move(runs.answers[i]));
      else if (is_about_hops(expectation.kind))
        judge_on_graph(expectation, std::move(hops.answers[i]));
      else if (is_about_losses(expectation.kind))
        judge_losses(expectation, losses);
      else
        judge(i);
    }
    if (protocol_->scenario.expectations.empty())
      report_.expectations.push_back(nothing_expected("the scenario has no `expect`"));
    report_.memory_bytes =
        std::max({report_.memory_bytes, runs.memory_bytes, hops.memory_bytes, losses.memory_bytes});
    judge_errors();
    if (losses.error_trace && !report_.model_error)
      report_.model_error = model_error_report({}, evidence_of(*protocol_, *losses.error_trace));
    note_deadlock();
    report_.enabled_actions = enabled_actions(*system_, exploration_);
    if (std::string growth = growth_text(*system_, exploration_.way_to_the_last); !growth.empty())
      report_.remarks.push_back(std::move(growth));
    if (is_complete_) note_vacuity();
    if (is_complete_ && options_.coverage) note_coverage();
    note_guards();
    return std::move(report_);
  }

 private:
  /// Runs a phase under what is left of the limits. Empty, or why it came to no end; then nothing
  /// more is begun either, as that limit holds for all.
  template <typename Body>
  std::string within(const char* name, const Body& body) {
    if (!cut_.empty()) return cut_;
    const auto reached = cut_short(name, limits_left(clock_, options_), body);
    if (reached) cut_ = cut_short_text(*reached, options_.explore, "", time_.get());
    return cut_;
  }

  void explore_all() {
    system_.emplace(*protocol_, system_options(options_, time_));
    plan_ = plan_of(*system_, options_.property);
    exploration_ = explore(*system_, plan_.goals, explore_options());
    was_explored_ = true;
    is_complete_ = exploration_.end == Exploration::End::Complete && time_->is_exact();
    if (limit_of(exploration_.end)) cut_ = limit_text(exploration_, options_.explore, time_.get());
  }

  ExploreOptions explore_options() const {
    ExploreOptions wanted = options_.explore;
    wanted.dead_messages = wanted.dead_messages && options_.reductions;
    // What is judged on the whole graph needs the whole exploration too: for vacuity.
    wanted.stop_when_found = !options_.full && wanted_if(is_endless).empty() &&
                             wanted_if(is_about_losses).empty() && wanted_if(is_about_hops).empty();
    wanted.states_after_found = kStatesAfterFound;
    return wanted;
  }

  /// What nothing put to the test, in a complete exploration.
  void find_untested() {
    knows_strikes_ = find_strikes_of_dead_messages(*system_, exploration_, explore_options());
    missing_ = never_exercised(*system_, exploration_);
    report_.idle_actions = idle_actions(*system_, exploration_);
  }

  /// What explorations of their own judge, which begin with the constants of time that this one has
  /// found; but where it found times that nothing follows, they may have fewer of them.
  void judge_elsewhere(EndlessReport& runs, EndlessReport& hops, LossReport& losses) {
    const TimeAbstraction known =
        time_->is_exact() ? *time_ : TimeAbstraction(*protocol_, options_.horizon);
    runs.answers.resize(protocol_->scenario.expectations.size());
    hops.answers.resize(protocol_->scenario.expectations.size());
    const std::vector<std::size_t> endless = wanted_if(is_endless);
    if (!endless.empty())
      within(phase::kGraph, [&] {
        runs = judge_endless(*protocol_, options_.explore, options_.reductions, endless, known);
      });
    const std::vector<std::size_t> about_hops = wanted_if(is_about_hops);
    if (!about_hops.empty())
      within(phase::kHops, [&] {
        hops = judge_hops(*protocol_, options_.explore, options_.reductions, about_hops, known);
      });
    if (wanted_if(is_about_losses).empty()) return;
    const std::string cut = within(phase::kQuiescence, [&] {
      losses = find_lost_write(*protocol_, options_.explore, options_.reductions, known);
    });
    if (!cut.empty()) losses.remark = cut;
  }

  void prove(const Expectation& expectation) {
    ExpectationReport judged = judged_as(expectation, Verdict::Undecided);
    const std::string cut = within(
        phase::kProof, [&] { judged = judge_proof(*protocol_, expectation, options_.attempts); });
    if (judged.outcome == Outcome::Undecided && judged.remark.empty()) judged.remark = cut;
    report_.expectations.push_back(std::move(judged));
  }

  /// The expectations asked for whose kind satisfies `test`, by index.
  std::vector<std::size_t> wanted_if(bool (*test)(PropertyKind)) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < protocol_->scenario.expectations.size(); ++i) {
      const Expectation& expectation = protocol_->scenario.expectations[i];
      if (test(expectation.kind) && is_wanted(expectation, options_.property)) found.push_back(i);
    }
    return found;
  }

  void judge_on_graph(const Expectation& expectation, std::optional<EndlessAnswer> given) {
    if (!given) given.emplace().remark = cut_;
    EndlessAnswer& answer = *given;
    const Verdict verdict = !answer.holds   ? Verdict::Undecided
                            : *answer.holds ? Verdict::Holds
                                            : Verdict::Violated;
    ExpectationReport judged = judged_as(expectation, verdict);
    judged.remark = answer.remark;
    if (answer.untested.empty()) judged.window = answer.window;
    if (!answer.untested.empty() && judged.outcome == Outcome::Met && answer.holds == true) {
      judged.outcome = Outcome::Vacuous;
      judged.remark = answer.untested;
    }
    if (answer.trace) {
      judged.evidence = evidence_of(*protocol_, std::move(*answer.trace));
      judged.evidence->time_horizon = answer.time_horizon;
      judged.evidence->time_gap = answer.time_gap;
      judged.evidence->components = std::move(answer.components);
    }
    report_.expectations.push_back(std::move(judged));
  }

  void judge_losses(const Expectation& expectation, const LossReport& losses) {
    Verdict verdict = Verdict::Undecided;
    if (losses.is_lost) {
      const bool claims_loss = expectation.kind == PropertyKind::AcknowledgedWriteLost;
      verdict = *losses.is_lost == claims_loss ? Verdict::Holds : Verdict::Violated;
    }
    ExpectationReport judged = judged_as(expectation, verdict);
    judged.remark = losses.remark;
    if (!losses.remark.empty() && judged.outcome == Outcome::Met) judged.outcome = Outcome::Vacuous;
    if (losses.trace) {
      judged.evidence = evidence_of(*protocol_, *losses.trace);
      judged.evidence->time_horizon = losses.time_horizon;
      judged.evidence->time_gap = losses.time_gap;
    }
    report_.expectations.push_back(std::move(judged));
  }

  void fill_head() {
    report_.states = exploration_.states;
    report_.transitions = exploration_.transitions;
    report_.depth = exploration_.depth;
    report_.memory_bytes = exploration_.memory_bytes;
    report_.collision_probability = exploration_.collision_probability;
    note_skipped_faults();
    if (exploration_.end == Exploration::End::GoalsFound)
      report_.remarks.push_back(
          "all that is expected was settled before everything was explored: whether a model error "
          "lies beyond was not asked (--full does)");
  }

  /// Skipping is exact for what is judged; what it leaves out are deadlocks that only a fault
  /// makes.
  void note_skipped_faults() {
    std::string faults;
    for (std::size_t i = 0; i < protocol_->scenario.faults.size(); ++i) {
      const ProtocolSystem::Skipped skipped = system_->skipped(static_cast<int>(i));
      if (skipped == ProtocolSystem::Skipped::Nowhere) continue;
      const bool is_partly = skipped == ProtocolSystem::Skipped::WhereIdle;
      faults +=
          fmt::format("{}`{}`{}", faults.empty() ? "" : ", ", protocol_->scenario.faults[i].text,
                      is_partly ? " (of an idle process that forgets nothing)" : "");
    }
    if (faults.empty()) return;
    report_.remarks.push_back(
        fmt::format("safe by S2: slowness alone does all that {} can do to safety on this network, "
                    "so it was not searched (--no-reduction does)",
                    faults));
  }

  void judge(std::size_t index) {
    const Expectation& expectation = protocol_->scenario.expectations[index];
    const Found* found = shortest(exploration_, plan_.of_expectation[index]);
    ExpectationReport judged =
        judged_as(expectation, verdict_of(expectation.kind, found != nullptr, is_complete_));
    if (judged.verdict == Verdict::Undecided) judged.remark = undecided_text();
    if (found) {
      const Minimal least = minimal(static_cast<int>(index), *found, judged.remark);
      judged.evidence = least.finding.evidence;
      judged.evidence->is_witness = expectation.kind == PropertyKind::Reachable;
    }
    report_.expectations.push_back(std::move(judged));
  }

  /// Why something is undecided.
  std::string undecided_text() const {
    if (exploration_.end != Exploration::End::Complete || time_->is_exact())
      return limit_text(exploration_, options_.explore, time_.get());
    std::string text =
        fmt::format("horizon {}: nothing up to tick {}", time_->time_max(), time_->time_max());
    if (!time_->reason().empty()) text += "; it is not exact beyond, as " + time_->reason();
    return text;
  }

  void judge_errors() {
    const Found* found = shortest(exploration_, plan_.errors);
    if (!found) return;
    std::string doubt;
    const Minimal least = minimal(-1, *found, doubt);
    CAPSTAN_REQUIRE(least.finding.error, "what was found is a model error");
    report_.model_error = model_error_report(*least.finding.error, least.finding.evidence);
    if (!doubt.empty()) report_.remarks.push_back("no model error: " + doubt);
  }

  void note_deadlock() {
    if (!exploration_.deadlock) return;
    report_.deadlock = finding_of(*system_, *exploration_.deadlock).evidence;
  }

  /// The least counterexample for an expectation (-1: a model error). `doubt` tells why it may not
  /// be the least, if that is so.
  Minimal minimal(int expectation, const Found& found, std::string& doubt) {
    Finding first = finding_of(*system_, found);
    if (options_.shortest) return {std::move(first), true, {}};
    // A copy: what those searches learn is nothing to the system of this one.
    const auto time = std::make_shared<TimeAbstraction>(*time_);
    CheckOptions bounded = options_;
    const std::uint64_t most = std::max(least_states_free, 2 * exploration_.states);
    const std::uint64_t wanted = options_.explore.states_max;
    bounded.explore.states_max = wanted == 0 ? most : std::min(wanted, most);
    const model::Limits limits(half_of(limits_left(clock_, options_)));
    Minimal least = minimal_finding(*protocol_, expectation, std::move(first), bounded, time);
    if (!least.is_proved)
      doubt =
          "fewer faults or operations may do: " +
          (least.limit ? cut_short_text({*least.limit, phase::kMinimal, 0, 0}, options_.explore, "")
                       : "a limit cut that search short");
    return least;
  }

  /// Guards that no exploration could have found true.
  void note_guards() {
    within(phase::kGuards, [&] {
      for (const std::string& guard : impossible_guards(*protocol_, report_.enabled_actions))
        report_.remarks.push_back(guard);
    });
  }

  void note_coverage() {
    const std::string cut =
        within(phase::kCoverage, [&] { report_.uncovered = uncovered(*system_, exploration_); });
    if (!cut.empty()) report_.remarks.push_back("no coverage: " + cut);
  }

  /// A claim that passed although nothing put it to the test is vacuous; a counterexample or
  /// witness speaks for itself. Where that cannot be found out, nothing has passed.
  void note_vacuity() {
    report_.is_whole = vacuity_cut_.empty();
    if (missing_.empty() && vacuity_cut_.empty()) return;
    std::string remark;
    for (const std::string& one : missing_) remark += (remark.empty() ? "" : "; ") + one;
    if (!knows_strikes_) remark += ", as far as a limit let it be seen";
    if (!vacuity_cut_.empty())
      remark = "not known whether anything puts it to the test: " + vacuity_cut_;
    const bool is_known = knows_strikes_ && vacuity_cut_.empty();
    for (ExpectationReport& expectation : report_.expectations) {
      if (!rests_on_what_is_exercised(expectation)) continue;
      expectation.outcome = is_known ? Outcome::Vacuous : Outcome::Undecided;
      expectation.remark = remark;
    }
  }

  std::shared_ptr<const model::Protocol> protocol_;
  const CheckOptions& options_;
  const ScenarioClock& clock_;
  std::shared_ptr<TimeAbstraction> time_;
  std::optional<ProtocolSystem> system_;
  Plan plan_;
  Exploration exploration_;
  bool was_explored_ = false;
  bool is_complete_ = false;   // everything that can ever happen was explored
  bool knows_strikes_ = true;  // of dead messages: whether a fault may strike them
  std::string cut_;            // the limit that ended a phase, and what is said of it; empty: none
  std::vector<std::string> missing_;  // what was never put to the test, in a complete exploration
  std::string vacuity_cut_;           // why that is not known; empty if it is
  ScenarioReport report_;
};

/// Has random runs show which constants of time will be needed.
void learn_times(const model::Protocol& protocol, const CheckOptions& options,
                 TimeAbstraction& time, const ScenarioClock& clock) {
  SeenTimes seen;
  // What a limit cuts short has still seen something.
  static_cast<void>(cut_short(phase::kExploration, limits_left(clock, options), [&] {
    ProtocolSystem system(
        protocol, system_options(options, std::make_shared<TimeAbstraction>(time.watching(seen))));
    const Plan plan = plan_of(system, options.property);
    std::vector<int> predicates;
    for (const Goal& goal : plan.goals)
      if (goal.kind == Goal::Kind::PredicateTrue || goal.kind == Goal::Kind::PredicateFalse)
        predicates.push_back(goal.index);
    look_ahead(system, predicates);
  }));
  time.learn(seen);
}

/// Whether nothing that is asked for needs an exploration.
bool asks_for_proofs_only(const model::Protocol& protocol, const std::string& filter) {
  bool any = false;
  for (const Expectation& expectation : protocol.scenario.expectations) {
    if (!is_wanted(expectation, filter)) continue;
    if (!is_proof(expectation.kind)) return false;
    any = true;
  }
  return any;
}

/// Proofs need no exploration; all else is undecided, for this reason (empty: there is nothing
/// else).
ScenarioReport check_proofs(std::shared_ptr<const model::Protocol> protocol,
                            const CheckOptions& options, const ScenarioClock& clock,
                            const std::string& message) {
  ScenarioReport report = all_undecided(protocol, options, message);
  std::size_t next = 0;
  for (const Expectation& expectation : protocol->scenario.expectations) {
    if (!is_wanted(expectation, options.property)) continue;
    ExpectationReport& judged = report.expectations[next++];
    if (!is_proof(expectation.kind)) continue;
    const auto cut = cut_short(phase::kProof, limits_left(clock, options), [&] {
      judged = judge_proof(*protocol, expectation, options.attempts);
    });
    if (cut) judged.remark = cut_short_text(*cut, options.explore, "");
  }
  return report;
}

}  // namespace

SystemOptions system_options(const CheckOptions& options, std::shared_ptr<TimeAbstraction> time) {
  return {.monitors = true,
          .keep_dead_locals = !options.reductions,
          .keep_stale_replies = !options.reductions,
          .skip_unseen_faults = options.reductions,
          .time = std::move(time)};
}

ScenarioReport check_scenario(std::shared_ptr<const model::Protocol> protocol,
                              const CheckOptions& options) {
  const ScenarioClock clock(options.explore.seconds_max);
  ScenarioReport report;
  // What is done with findings is no phase; nothing is left of them if even that takes too long.
  const auto cut = cut_short("a scenario", {}, [&] {
    if (asks_for_proofs_only(*protocol, options.property)) {
      report = check_proofs(protocol, options, clock, "");
      return;
    }
    const auto time = std::make_shared<TimeAbstraction>(*protocol, options.horizon);
    try {
      report = with_time(*time, [&] {
        if (time->wants_to_look_ahead()) learn_times(*protocol, options, *time, clock);
        return Check(protocol, options, time, clock).run();
      });
    } catch (const TooLarge& large) {
      report = check_proofs(protocol, options, clock, large.message);
    }
  });
  if (cut) report = all_undecided(protocol, options, cut_short_text(*cut, options.explore, ""));
  report.seconds = clock.seconds();
  return report;
}

namespace {

std::vector<AuditedHistory> collect(const model::Protocol& protocol, const CheckOptions& options,
                                    const std::shared_ptr<TimeAbstraction>& time,
                                    Exploration::End& end) {
  SystemOptions wanted = system_options(options, time);
  wanted.history = true;
  ProtocolSystem system(protocol, wanted);
  const std::vector<int> monitors = system.monitors_of(-1);
  ExploreOptions explore_options = options.explore;
  explore_options.dead_messages = options.reductions;
  explore_options.stop_when_found = false;
  std::map<TrackId, bool> complete;  // history -> linearizable
  explore_options.on_state = [&](const StateView& state) {
    for (int process = 0; process < system.process_count(); ++process)
      if (system.has_pending_operation(process, state.locals[static_cast<std::size_t>(process)]))
        return;
    const bool violated = std::any_of(monitors.begin(), monitors.end(), [&](int track) {
      return state.tracks[static_cast<std::size_t>(track)] == Monitor::kViolated;
    });
    complete.emplace(state.tracks[static_cast<std::size_t>(system.history_track())], !violated);
  };
  try {
    end = explore(system, {}, explore_options).end;
  } catch (const TooLarge&) {
    end = Exploration::End::StatesLimit;
    return {};
  } catch (const model::TooLong&) {
    end = Exploration::End::StatesLimit;
    return {};
  }
  std::vector<AuditedHistory> audited;
  for (const auto& [history, linearizable] : complete)
    audited.push_back({system.history(history), linearizable});
  return audited;
}

}  // namespace

std::vector<AuditedHistory> collect_histories(const model::Protocol& protocol,
                                              const CheckOptions& options, Exploration::End& end) {
  const auto time = std::make_shared<TimeAbstraction>(protocol, options.horizon);
  return with_time(*time, [&] { return collect(protocol, options, time, end); });
}

}  // namespace capstan::checker
