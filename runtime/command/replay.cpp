// SPDX-License-Identifier: MIT
#include "runtime/command/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <iterator>

#include "reports/text.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/execute/trace_json.hpp"

namespace capstan::runtime {
namespace {

std::shared_ptr<const model::Protocol> find_point(const LoadedSpec& spec, const TraceFile& file) {
  const auto found =
      std::find_if(spec.points.begin(), spec.points.end(), [&](const auto& protocol) {
        return protocol->scenario.name == file.scenario && protocol->scenario.point == file.point;
      });
  return found == spec.points.end() ? nullptr : *found;
}

/// A report of the one expectation that the trace is about, so that it is confirmed as `check` does
/// it.
checker::ScenarioReport report_of(std::shared_ptr<const model::Protocol> protocol,
                                  const TraceFile& file) {
  checker::ScenarioReport report;
  report.protocol = protocol;
  report.name = file.scenario;
  report.file_stem = file.protocol + "." + file.scenario;
  checker::ExpectationReport shown;
  shown.text = file.property;
  shown.evidence = checker::evidence_of(*protocol, file.trace);
  for (const model::Expectation& expectation : protocol->scenario.expectations) {
    if (checker::expected_text(expectation) != file.property) continue;
    shown.span = expectation.span;
    shown.evidence->is_witness = expectation.kind == model::PropertyKind::Reachable;
    report.expectations.push_back(std::move(shown));
    return report;
  }
  if (file.property == checker::deadlock_report({}).text)
    report.deadlock = std::move(shown.evidence);
  else
    report.model_error = std::move(shown);
  return report;
}

}  // namespace

int run_replay(const ReplayOptionsOnLine& options) {
  std::ifstream input(options.trace, std::ios::binary);
  if (!input) return usage_error(fmt::format("cannot read `{}`", options.trace));
  const std::string text{std::istreambuf_iterator<char>(input), {}};
  model::Result<TraceFile> file = load_trace(text);
  if (!file) return usage_error(fmt::format("{}: {}", options.trace, file.failure().message));
  const std::string path = options.spec.empty() ? file.value().spec_path : options.spec;
  model::Result<LoadedSpec> spec = load_spec(path, {}, output_is_terminal());
  if (!spec) return usage_error(spec.failure().message);
  if (spec.value().has_errors) {
    std::fputs(spec.value().diagnostics.c_str(), stderr);
    return kUsageError;
  }
  const std::shared_ptr<const model::Protocol> protocol = find_point(spec.value(), file.value());
  if (!protocol)
    return usage_error(fmt::format("`{}` has no scenario `{}` at the point of the trace", path,
                                   file.value().scenario));
  checker::ScenarioReport report = report_of(protocol, file.value());
  if (const auto failure = confirm(report, *spec.value().source))
    return usage_error(
        fmt::format("the trace does not fit the spec (any more): {}", failure->message));
  reports::TextOptions style;
  style.color = output_is_terminal();
  style.width = output_width();
  const checker::Evidence& evidence = report.deadlock      ? *report.deadlock
                                      : report.model_error ? *report.model_error->evidence
                                                           : *report.expectations.front().evidence;
  std::fputs(reports::story_text(*protocol, evidence, style).c_str(), stdout);
  return 0;
}

}  // namespace capstan::runtime
