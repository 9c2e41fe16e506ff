// SPDX-License-Identifier: MIT
#include "checker/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <utility>

#include "checker/coverage.hpp"
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

namespace capstan::checker {
namespace {

using model::Expectation;
using model::PropertyKind;

std::string limit_text(const Exploration& exploration, const ExploreOptions& options) {
  switch (exploration.end) {
    case Exploration::End::StatesLimit:
      return fmt::format("the limit of {} states was reached at depth {}", options.states_max,
                         exploration.depth);
    case Exploration::End::MemoryLimit:
      return fmt::format("the memory limit of {} MiB was reached after {} states at depth {}",
                         options.memory_bytes_max >> 20U, exploration.states, exploration.depth);
    case Exploration::End::TimeLimit:
      return fmt::format("the time limit of {} s was reached after {} states at depth {}",
                         options.seconds_max, exploration.states, exploration.depth);
    case Exploration::End::Complete:
    case Exploration::End::GoalsFound:
      return "";
  }
  CAPSTAN_UNREACHABLE("a way to end");
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

class Check {
 public:
  Check(std::shared_ptr<const model::Protocol> protocol, const CheckOptions& options,
        std::shared_ptr<TimeAbstraction> time)
      : protocol_(std::move(protocol)),
        options_(options),
        time_(std::move(time)),
        system_(*protocol_, system_options(options, time_)),
        plan_(plan_of(system_, options.property)) {}

  ScenarioReport run() {
    ExploreOptions explore_options = options_.explore;
    explore_options.dead_messages = explore_options.dead_messages && options_.reductions;
    const std::vector<std::size_t> endless = wanted_if(is_endless);
    const bool asks_for_losses = !wanted_if(is_about_losses).empty();
    // What is judged on the whole graph needs the whole exploration too: for vacuity.
    explore_options.stop_when_found = !options_.full && endless.empty() && !asks_for_losses;
    exploration_ = explore(system_, plan_.goals, explore_options);
    is_complete_ = exploration_.end == Exploration::End::Complete && time_->is_exact();
    fill_head();
    EndlessReport runs;
    if (!endless.empty())
      runs = judge_endless(*protocol_, options_.explore, options_.reductions, endless,
                           options_.horizon);
    const std::vector<std::size_t> about_hops = wanted_if(is_about_hops);
    EndlessReport hops;
    if (!about_hops.empty())
      hops = judge_hops(*protocol_, options_.explore, options_.reductions, about_hops,
                        options_.horizon);
    LossReport losses;
    if (asks_for_losses)
      losses = find_lost_write(*protocol_, options_.explore, options_.reductions, options_.horizon);
    for (std::size_t i = 0; i < protocol_->scenario.expectations.size(); ++i) {
      const Expectation& expectation = protocol_->scenario.expectations[i];
      if (!is_wanted(expectation, options_.property)) continue;
      if (is_proof(expectation.kind))
        report_.expectations.push_back(judge_proof(*protocol_, expectation, options_.attempts));
      else if (is_endless(expectation.kind))
        judge_on_graph(expectation, std::move(*runs.answers[i]));
      else if (is_about_hops(expectation.kind))
        judge_on_graph(expectation, std::move(*hops.answers[i]));
      else if (is_about_losses(expectation.kind))
        judge_losses(expectation, losses);
      else
        judge(i);
    }
    report_.seconds += runs.seconds + hops.seconds + losses.seconds;
    report_.memory_bytes =
        std::max({report_.memory_bytes, runs.memory_bytes, hops.memory_bytes, losses.memory_bytes});
    judge_errors();
    if (losses.error_trace && !report_.model_error)
      report_.model_error = model_error_report({}, evidence_of(*protocol_, *losses.error_trace));
    note_deadlock();
    note_guards();
    if (std::string growth = growth_text(system_, exploration_.way_to_the_last); !growth.empty())
      report_.remarks.push_back(std::move(growth));
    if (is_complete_) note_vacuity();
    if (is_complete_ && options_.coverage) report_.uncovered = uncovered(system_, exploration_);
    return std::move(report_);
  }

 private:
  /// The expectations asked for whose kind satisfies `test`, by index.
  std::vector<std::size_t> wanted_if(bool (*test)(PropertyKind)) const {
    std::vector<std::size_t> found;
    for (std::size_t i = 0; i < protocol_->scenario.expectations.size(); ++i) {
      const Expectation& expectation = protocol_->scenario.expectations[i];
      if (test(expectation.kind) && is_wanted(expectation, options_.property)) found.push_back(i);
    }
    return found;
  }

  void judge_on_graph(const Expectation& expectation, EndlessAnswer answer) {
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
    report_ = empty_report(protocol_);
    report_.states = exploration_.states;
    report_.transitions = exploration_.transitions;
    report_.depth = exploration_.depth;
    report_.memory_bytes = exploration_.memory_bytes;
    report_.seconds = exploration_.seconds;
    report_.collision_probability = exploration_.collision_probability;
    note_skipped_faults();
  }

  /// Skipping is exact for what is judged; what it leaves out are deadlocks that only a fault
  /// makes.
  void note_skipped_faults() {
    std::string faults;
    for (std::size_t i = 0; i < protocol_->scenario.faults.size(); ++i) {
      if (!system_.is_skipped(static_cast<int>(i))) continue;
      faults +=
          fmt::format("{}`{}`", faults.empty() ? "" : ", ", protocol_->scenario.faults[i].text);
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
      return limit_text(exploration_, options_.explore);
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
    report_.deadlock = finding_of(system_, *exploration_.deadlock).evidence;
  }

  /// The least counterexample for an expectation (-1: a model error). `doubt` tells why it may not
  /// be the least, if that is so.
  Minimal minimal(int expectation, const Found& found, std::string& doubt) {
    Finding first = finding_of(system_, found);
    if (options_.shortest) return {std::move(first), true};
    // A copy: what those searches learn is nothing to the system of this one.
    const auto time = std::make_shared<TimeAbstraction>(*time_);
    CheckOptions bounded = options_;
    const std::uint64_t most = std::max(least_states_free, 2 * exploration_.states);
    const std::uint64_t wanted = options_.explore.states_max;
    bounded.explore.states_max = wanted == 0 ? most : std::min(wanted, most);
    Minimal least = minimal_finding(*protocol_, expectation, std::move(first), bounded, time);
    if (!least.is_proved)
      doubt = "fewer faults or operations may do: a limit cut that search short";
    return least;
  }

  /// Guards that no exploration could have found true.
  void note_guards() {
    for (const std::string& guard : impossible_guards(*protocol_)) report_.remarks.push_back(guard);
  }

  /// A claim that passed although nothing put it to the test is vacuous; a counterexample or
  /// witness speaks for itself.
  void note_vacuity() {
    const std::vector<std::string> missing = never_exercised(system_, exploration_);
    if (missing.empty()) return;
    std::string remark;
    for (const std::string& one : missing) remark += (remark.empty() ? "" : "; ") + one;
    for (ExpectationReport& expectation : report_.expectations) {
      if (expectation.outcome != Outcome::Met || expectation.evidence || expectation.proof)
        continue;
      expectation.outcome = Outcome::Vacuous;
      expectation.remark = remark;
    }
  }

  std::shared_ptr<const model::Protocol> protocol_;
  const CheckOptions& options_;
  std::shared_ptr<TimeAbstraction> time_;
  ProtocolSystem system_;
  Plan plan_;
  Exploration exploration_;
  bool is_complete_ = false;  // everything that can ever happen was explored
  ScenarioReport report_;
};

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

ScenarioReport check_proofs(std::shared_ptr<const model::Protocol> protocol,
                            const CheckOptions& options) {
  const auto start = std::chrono::steady_clock::now();
  ScenarioReport report = empty_report(protocol);
  for (const Expectation& expectation : protocol->scenario.expectations)
    if (is_wanted(expectation, options.property))
      report.expectations.push_back(judge_proof(*protocol, expectation, options.attempts));
  const std::chrono::duration<double> spent = std::chrono::steady_clock::now() - start;
  report.seconds = spent.count();
  return report;
}

/// Proofs need no exploration; all else is undecided.
ScenarioReport too_large_report(std::shared_ptr<const model::Protocol> protocol,
                                const CheckOptions& options, const std::string& message) {
  ScenarioReport report = empty_report(protocol);
  for (const Expectation& expectation : protocol->scenario.expectations) {
    if (!is_wanted(expectation, options.property)) continue;
    report.expectations.push_back(is_proof(expectation.kind)
                                      ? judge_proof(*protocol, expectation, options.attempts)
                                      : judged_as(expectation, Verdict::Undecided));
    if (!is_proof(expectation.kind)) report.expectations.back().remark = message;
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
  if (asks_for_proofs_only(*protocol, options.property))
    return check_proofs(std::move(protocol), options);
  const auto time = std::make_shared<TimeAbstraction>(*protocol, options.horizon);
  try {
    return with_time([&] { return Check(protocol, options, time).run(); });
  } catch (const TooLarge& large) {
    return too_large_report(protocol, options, large.message);
  }
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
  return with_time([&] { return collect(protocol, options, time, end); });
}

}  // namespace capstan::checker
