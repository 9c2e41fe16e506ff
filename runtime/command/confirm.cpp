// SPDX-License-Identifier: MIT
#include "runtime/command/confirm.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "checker/cut_short.hpp"
#include "checker/liveness/eventually.hpp"
#include "model/system/evaluate.hpp"
#include "model/system/reasons.hpp"
#include "runtime/command/confirm_endless.hpp"
#include "runtime/command/confirm_error.hpp"
#include "runtime/command/confirm_history.hpp"
#include "runtime/command/confirm_hops.hpp"
#include "runtime/command/confirm_inductive.hpp"
#include "runtime/command/confirm_lost_write.hpp"
#include "runtime/command/explain_deadlock.hpp"
#include "runtime/execute/look.hpp"
#include "runtime/execute/replay.hpp"

namespace capstan::runtime {
namespace {

using checker::Evidence;
using checker::ExpectationReport;
using model::Expectation;
using model::Failure;
using model::PropertyKind;
using model::Value;

/// Whether an operation of the process is under way at the run's end (one whose effect is unknown
/// is pending for ever in the history, but nobody waits for it).
bool is_busy(const model::Run& run, int process) {
  bool is_busy = false;
  for (const model::StepRecord& step : run.steps)
    for (const model::HistoryEvent& event : step.events)
      if (event.process == process) is_busy = event.kind == model::HistoryEvent::Kind::Invoke;
  return is_busy;
}

/// The last state of a run, for properties.
class LastState final : public model::GlobalView {
 public:
  LastState(const model::Protocol& protocol, const model::Run& run)
      : protocol_(protocol), run_(run) {}

  const std::vector<Value>& variables(int process) const override {
    return run_.steps.back().variables[static_cast<std::size_t>(process)];
  }
  bool is_live(int process) const override {
    return run_.steps.back().up[static_cast<std::size_t>(process)];
  }
  bool is_done(int process) const override {
    if (is_busy(run_, process)) return false;
    int position = 0;
    for (const model::StepRecord& step : run_.steps)
      if (step.label.process == process && step.label.script_position >= 0)
        position = step.label.script_position + (is_of_pool(step.label) ? 0 : 1);
    const auto& script = script_of(process);
    return std::all_of(script.begin() + position, script.end(), [this](const model::Step& step) {
      return step.kind == model::Step::Kind::AnyOperations && is_empty(step.pool);
    });
  }
  Value messages_in_flight(int message) const override {
    return messages_among(run_.in_flight, message);
  }

 private:
  const std::vector<model::Step>& script_of(int process) const {
    return protocol_.scenario.scripts[static_cast<std::size_t>(process)];
  }
  const model::Step& step_of(const model::Label& label) const {
    return script_of(label.process)[static_cast<std::size_t>(label.script_position)];
  }
  /// Whether the label invokes one of `any n operations`: the script may stay at that step.
  bool is_of_pool(const model::Label& label) const {
    return label.script_position >= 0 && step_of(label).kind == model::Step::Kind::AnyOperations;
  }
  bool is_empty(int pool) const {
    const auto taken =
        std::count_if(run_.steps.begin(), run_.steps.end(), [&](const model::StepRecord& step) {
          return is_of_pool(step.label) && step_of(step.label).pool == pool;
        });
    return taken == protocol_.scenario.pools[static_cast<std::size_t>(pool)].size;
  }

  const model::Protocol& protocol_;
  const model::Run& run_;
};

Sight sight_at_end(const model::Protocol& protocol, const model::Run& run, const LastState& state) {
  return {protocol, state, run.steps.back().ghosts, run.readings, run.steps.back().true_time,
          nullptr};
}

/// With what readings at the run's end the condition is `wanted`; nullopt: with none. Throws
/// ModelError.
std::optional<std::vector<model::ShownTime>> look_at_end(const model::Protocol& protocol,
                                                         const model::Expr& condition,
                                                         const model::Frame& frame,
                                                         const model::Run& run, bool wanted) {
  const LastState state(protocol, run);
  return look_for(sight_at_end(protocol, run, state), condition, frame, wanted);
}

/// ", at true time 7, when the clock of Server 1 may show 5 and that of Server 2 may show 9"
std::string shown_words(const model::Protocol& protocol, const model::Run& run) {
  std::string text = fmt::format(", at true time {}", run.steps.back().true_time);
  for (std::size_t i = 0; i < run.shown.size(); ++i) {
    const auto process = static_cast<std::size_t>(run.shown[i].process);
    const char* const begin = i == 0                      ? ", when the clock of "
                              : i + 1 == run.shown.size() ? " and that of "
                                                          : ", that of ";
    text += fmt::format("{}{} may show {}", begin, protocol.types.processes()[process].name,
                        run.shown[i].time);
  }
  return text;
}

/// Evaluates the property in the state that the replay ended in, and tells the run what clocks show
/// there. Returns why it is as it is, or what disagrees.
model::Result<std::string> confirm_condition(const model::Protocol& protocol,
                                             const Expectation& expectation,
                                             const model::SourceFile& source, model::Run& run) {
  const bool claimed = expectation.kind != PropertyKind::Always;
  auto shown = look_at_end(protocol, *expectation.condition, expectation.frame, run, claimed);
  if (!shown)
    return Failure{
        fmt::format("the checker says that `{}` is {} at the end of the trace, the plain executor "
                    "that it is {}",
                    expectation.text, claimed, !claimed)};
  run.shown = std::move(*shown);
  const LastState state(protocol, run);
  model::Reasons reasons;
  with_shown(sight_at_end(protocol, run, state), expectation.frame, run.shown,
             [&](model::Environment& environment) {
               reasons = model::reasons_of(*expectation.condition, expectation.frame, claimed,
                                           environment);
             });
  const std::string who = model::element_words(reasons, expectation.frame, protocol.types);
  const std::string space = expectation.text.substr(expectation.text.find(' ') + 1);
  std::string why = fmt::format("`{}` is {} after step {}", space, claimed, run.steps.size() - 1);
  if (!who.empty()) why += " for " + who;
  if (expectation.reads_clocks || expectation.reads_true_time) why += shown_words(protocol, run);
  const std::string parts = model::part_words(reasons, protocol.types, source, space);
  return why + (parts.empty() ? "." : ": " + parts + ".");
}

/// What a bug report needs: the steps of the run that is disputed.
std::string steps_of(const model::Run& run) {
  std::string text;
  for (std::size_t i = 1; i < run.steps.size(); ++i)
    text += fmt::format("\n  {:>3}  {}", i, run.steps[i].text);
  return text;
}

std::optional<Failure> replay_into(const model::Protocol& protocol, Evidence& evidence) {
  evidence.trace = with_due_deliveries(protocol, std::move(evidence.trace));
  evidence.step_count = static_cast<int>(evidence.trace.labels.size()) - 1;
  model::Result<model::Run> run = replay(protocol, evidence.trace);
  if (!run) return run.failure();
  evidence.run = std::move(run.value());
  return std::nullopt;
}

/// What Z3 and the evaluator say breaks an inductive claim is a step of the plain executor too.
void confirm_proof(const model::Protocol& protocol, ExpectationReport& report) {
  if (!report.counterexample || !report.counterexample->step) return;
  if (takes_step(protocol, *report.counterexample->step).value_or(true)) return;
  report.verdict = checker::Verdict::Undecided;
  report.outcome = checker::Outcome::Undecided;
  report.remark = "a step was found that breaks it, and the plain executor does not take it";
  report.counterexample.reset();
}

std::optional<Failure> confirm_expectation(const model::Protocol& protocol,
                                           const model::SourceFile& source,
                                           ExpectationReport& report) {
  confirm_proof(protocol, report);
  if (!report.evidence) return std::nullopt;
  Evidence& evidence = *report.evidence;
  const auto& all = protocol.scenario.expectations;
  const auto found = std::find_if(all.begin(), all.end(),
                                  [&](const Expectation& e) { return e.span == report.span; });
  if (found->kind == PropertyKind::WithinHops) {
    if (std::optional<Failure> failure = confirm_hops(protocol, *found, evidence)) return failure;
    return replay_into(protocol, evidence);
  }
  if (std::optional<Failure> failure = replay_into(protocol, evidence)) return failure;
  if (model::is_about_histories(found->kind)) return confirm_promise(protocol, *found, evidence);
  if (found->kind == PropertyKind::NoAcknowledgedWriteLost ||
      found->kind == PropertyKind::AcknowledgedWriteLost) {
    std::optional<Failure> failure = confirm_lost_write(protocol, evidence);
    if (failure) failure->message += steps_of(evidence.run);
    return failure;
  }
  if (checker::is_endless(found->kind)) {
    const std::optional<Objection> objection = confirm_endless(protocol, *found, evidence, &source);
    if (!objection) return std::nullopt;
    if (!objection->is_doubt) return Failure{objection->message + steps_of(evidence.run)};
    report.verdict = checker::Verdict::Undecided;
    report.outcome = checker::Outcome::Undecided;
    report.remark =
        fmt::format("a run that goes round was found, and the plain executor cannot confirm it: {}",
                    objection->message);
    report.evidence.reset();
    return std::nullopt;
  }
  model::Result<std::string> why = confirm_condition(protocol, *found, source, evidence.run);
  if (!why) return Failure{why.failure().message + steps_of(evidence.run)};
  evidence.why = std::move(why.value());
  const std::string condition = found->text.substr(found->text.find(' ') + 1);
  if (evidence.is_witness)
    evidence.title = fmt::format("`{}` can be reached", condition);
  else
    evidence.title = found->kind == PropertyKind::Always
                         ? fmt::format("`{}` does not always hold", condition)
                         : fmt::format("`{}` can happen", condition);
  return std::nullopt;
}

/// Says where in the spec the model error is, and shows the code.
void place_error(const model::SourceFile& source, ExpectationReport& report) {
  if (report.span == model::Span{}) return;
  const model::SourcePlace place = source.place(report.span.begin);
  report.remark += fmt::format(" (line {})", place.line);
  std::string& why = report.evidence->why;
  why.pop_back();  // the full stop
  why += fmt::format(", at {}:{}:{}: `{}`.", source.path(), place.line, place.column,
                     source.folded_text(report.span));
}

std::optional<Failure> confirm_error(const model::Protocol& protocol,
                                     const model::SourceFile& source, ExpectationReport& report) {
  if (!report.evidence) return std::nullopt;
  Evidence& evidence = *report.evidence;
  if (std::optional<Failure> failure = replay_into(protocol, evidence)) return failure;
  const auto found = find_error(protocol, evidence.trace, evidence.run, evidence.model_error);
  if (!found)
    return Failure{fmt::format("the checker met a model error ({}), the plain executor does not",
                               evidence.model_error)};
  evidence.model_error = found->error.message;
  report.remark = found->error.message;
  report.span = found->error.span;
  evidence.title = fmt::format("Model error: {}", found->error.message);
  evidence.why = fmt::format("{}: {}.", found->where, found->error.message);
  place_error(source, report);
  return std::nullopt;
}

/// What was found and not confirmed is not known.
void leave_undecided(ExpectationReport& expectation, const std::string& why) {
  if (!expectation.evidence && !expectation.counterexample) return;
  const bool is_witness = expectation.evidence && expectation.evidence->is_witness;
  expectation.verdict = checker::Verdict::Undecided;
  expectation.outcome = checker::Outcome::Undecided;
  expectation.remark = fmt::format("{} was found and not confirmed: {}",
                                   is_witness ? "a witness" : "a counterexample", why);
  expectation.evidence.reset();
  expectation.counterexample.reset();
}

/// A model error that was not confirmed may be one: then nothing has been met.
void leave_error_undecided(checker::ScenarioReport& report, const std::string& why) {
  const std::string remark = fmt::format("a model error was found and not confirmed ({}): {}",
                                         report.model_error->remark, why);
  report.model_error.reset();
  report.remarks.push_back(remark);
  for (ExpectationReport& expectation : report.expectations) {
    if (expectation.outcome != checker::Outcome::Met) continue;
    expectation.verdict = checker::Verdict::Undecided;
    expectation.outcome = checker::Outcome::Undecided;
    expectation.remark = remark;
    expectation.evidence.reset();
  }
}

std::optional<Failure> confirm_deadlock(const model::Protocol& protocol,
                                        const model::SourceFile& source,
                                        checker::ScenarioReport& report) {
  Evidence& deadlock = *report.deadlock;
  deadlock.trace = with_idle_deliveries(protocol, std::move(deadlock.trace));
  if (std::optional<Failure> failure = replay_into(protocol, deadlock)) return failure;
  DeadlockWords words = explain_deadlock(protocol, deadlock.trace, deadlock.run, source);
  deadlock.title = std::move(words.title);
  deadlock.why = std::move(words.why);
  report.deadlock_text = std::move(words.text);
  return std::nullopt;
}

}  // namespace

std::optional<Failure> confirm(checker::ScenarioReport& report, const model::SourceFile& source,
                               const checker::ExploreOptions& asked) {
  const model::Protocol& protocol = *report.protocol;
  std::optional<Failure> failure;
  // Why it could not be confirmed within the limits; empty if it was.
  const auto within_limits = [&](const auto& body) {
    const auto cut = checker::cut_short(checker::phase::kConfirmation, {}, body);
    return cut ? checker::limit_words(*cut, asked) : "";
  };
  for (ExpectationReport& expectation : report.expectations) {
    const std::string cut =
        within_limits([&] { failure = confirm_expectation(protocol, source, expectation); });
    if (!cut.empty()) leave_undecided(expectation, cut);
    if (failure)
      return Failure{
          fmt::format("{}, `{}`: {}", report.file_stem, expectation.text, failure->message)};
  }
  if (report.model_error) {
    const std::string cut =
        within_limits([&] { failure = confirm_error(protocol, source, *report.model_error); });
    if (!cut.empty()) leave_error_undecided(report, cut);
    if (failure) return Failure{fmt::format("{}: {}", report.file_stem, failure->message)};
  }
  if (report.deadlock) {
    const std::string cut =
        within_limits([&] { failure = confirm_deadlock(protocol, source, report); });
    if (!cut.empty()) report.deadlock.reset();
    if (failure)
      return Failure{fmt::format("{}, deadlock: {}", report.file_stem, failure->message)};
  }
  return std::nullopt;
}

}  // namespace capstan::runtime
