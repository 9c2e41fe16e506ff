// SPDX-License-Identifier: MIT
#include "checker/finding.hpp"

#include <algorithm>
#include <utility>

#include "model/base/file_name.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// Exit statuses from the mildest to the worst.
int rank(int status) {
  switch (status) {
    case 2:
      return 4;
    case 1:
      return 3;
    case 4:
      return 2;
    case 3:
      return 1;
    default:
      return 0;
  }
}

int status_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::Met:
      return 0;
    case Outcome::Unmet:
      return 1;
    case Outcome::Vacuous:
      return 3;
    case Outcome::Undecided:
    case Outcome::NotJudged:
      return 4;
  }
  CAPSTAN_UNREACHABLE("an outcome");
}

}  // namespace

ScenarioReport empty_report(std::shared_ptr<const model::Protocol> protocol) {
  const model::Scenario& scenario = protocol->scenario;
  ScenarioReport report;
  report.name = scenario.name;
  for (const auto& [name, value] : scenario.point) {
    if (!report.point.empty()) report.point += ", ";
    const auto param =
        std::find_if(protocol->params.begin(), protocol->params.end(),
                     [&name = name](const model::Param& p) { return p.name == name; });
    report.point += name + " = " + protocol->types.format(param->type, value);
  }
  report.file_stem = model::bounded_name(
      protocol->name + "." + scenario.name + scenario.point_suffix, model::kFileStemSizeMax);
  report.protocol = std::move(protocol);
  return report;
}

namespace {

bool is_expected(const model::Expectation& expectation) {
  return expectation.iff.value_or(true) != expectation.negated;
}

}  // namespace

std::string expected_text(const model::Expectation& expectation) {
  if (is_expected(expectation)) return expectation.text;
  // These two are each other's contrary, and `not no` is hard to read.
  if (expectation.kind == model::PropertyKind::AcknowledgedWriteLost)
    return "no " + expectation.text;
  if (expectation.kind == model::PropertyKind::NoAcknowledgedWriteLost &&
      expectation.text.starts_with("no "))
    return expectation.text.substr(3);
  return "not " + expectation.text;
}

ExpectationReport judged_as(const model::Expectation& expectation, Verdict verdict) {
  ExpectationReport judged;
  judged.text = expected_text(expectation);
  judged.slug = expectation.slug;
  judged.span = expectation.span;
  judged.verdict = verdict;
  const bool holds = verdict == Verdict::Holds;
  if (verdict != Verdict::Undecided)
    judged.outcome = holds == is_expected(expectation) ? Outcome::Met : Outcome::Unmet;
  return judged;
}

ExpectationReport not_judged(std::string text, std::string slug, std::string remark) {
  ExpectationReport report;
  report.text = std::move(text);
  report.slug = std::move(slug);
  report.outcome = Outcome::NotJudged;
  report.remark = std::move(remark);
  return report;
}

ExpectationReport nothing_expected(std::string remark) {
  return not_judged("nothing is expected", "nothing-expected", std::move(remark));
}

ExpectationReport not_judged(const model::Expectation& expectation) {
  ExpectationReport report =
      not_judged(expected_text(expectation), expectation.slug, "not supported yet");
  report.span = expectation.span;
  return report;
}

bool rests_on_what_is_exercised(const ExpectationReport& expectation) {
  return expectation.outcome == Outcome::Met && !expectation.evidence && !expectation.proof;
}

std::vector<const ExpectationReport*> outcomes_of(const FileReport& file) {
  std::vector<const ExpectationReport*> all;
  for (const ExpectationReport& each : file.not_judged) all.push_back(&each);
  for (const ScenarioReport& scenario : file.scenarios) {
    if (scenario.model_error) all.push_back(&*scenario.model_error);
    for (const ExpectationReport& each : scenario.expectations) all.push_back(&each);
  }
  return all;
}

Evidence evidence_of(const model::Protocol& protocol, model::Trace trace) {
  Evidence evidence;
  evidence.trace = std::move(trace);
  evidence.allows_faults = !protocol.scenario.faults.empty();
  evidence.step_count = static_cast<int>(evidence.trace.labels.size()) - 1;
  for (const model::Label& label : evidence.trace.labels) {
    if (label.kind == model::Label::Kind::Invoke) ++evidence.operation_count;
    if (model::is_strike(label.kind)) ++evidence.fault_count;
  }
  return evidence;
}

ExpectationReport model_error_report(const model::ModelError& error, Evidence evidence) {
  ExpectationReport report;
  report.text = kNoModelError;
  report.slug = "model-error";
  report.verdict = Verdict::Violated;
  report.outcome = Outcome::Unmet;
  report.span = error.span;
  report.remark = error.message;
  evidence.why = error.message;
  evidence.model_error = error.message;
  report.evidence = std::move(evidence);
  return report;
}

ExpectationReport deadlock_report(Evidence evidence) {
  ExpectationReport report;
  report.text = "no deadlock";
  report.slug = "deadlock";
  report.verdict = Verdict::Violated;
  report.outcome = Outcome::Unmet;
  report.remark = evidence.why;
  report.evidence = std::move(evidence);
  return report;
}

std::vector<Unwritten> unwritten_of(const RunReport& report) {
  std::vector<Unwritten> all;
  const auto add = [&all](const std::vector<Unwritten>& some) {
    all.insert(all.end(), some.begin(), some.end());
  };
  for (const FileReport& file : report.files)
    for (const ScenarioReport& scenario : file.scenarios) {
      if (scenario.model_error) add(scenario.model_error->unwritten);
      for (const ExpectationReport& expectation : scenario.expectations) add(expectation.unwritten);
    }
  add(report.unwritten);
  return all;
}

int exit_status(const RunReport& report) {
  if (report.has_internal_error) return 70;
  int worst = 0;
  const auto meet = [&worst](int status) {
    if (rank(status) > rank(worst)) worst = status;
  };
  if (report.is_interrupted) meet(4);
  for (const FileReport& file : report.files) {
    if (file.has_errors) meet(2);
    for (const ExpectationReport* each : outcomes_of(file)) meet(status_of(each->outcome));
  }
  return worst == 0 && !unwritten_of(report).empty() ? 2 : worst;
}

const char* word(Outcome outcome) {
  switch (outcome) {
    case Outcome::Met:
      return "met";
    case Outcome::Unmet:
      return "unmet";
    case Outcome::Vacuous:
      return "vacuous";
    case Outcome::Undecided:
      return "undecided";
    case Outcome::NotJudged:
      return "not judged";
  }
  CAPSTAN_UNREACHABLE("an outcome");
}

const char* word(Verdict verdict) {
  switch (verdict) {
    case Verdict::Holds:
      return "holds";
    case Verdict::Violated:
      return "violated";
    case Verdict::Undecided:
      return "undecided";
  }
  CAPSTAN_UNREACHABLE("a verdict");
}

}  // namespace capstan::checker
