// SPDX-License-Identifier: MIT
#include "runtime/command/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "checker/liveness/eventually.hpp"
#include "model/source/read_bytes.hpp"
#include "model/source/utf8.hpp"
#include "reports/text.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/execute/trace_json.hpp"

namespace capstan::runtime {
namespace {

namespace fs = std::filesystem;
using model::Expectation;
using model::Failure;
using model::Result;

constexpr std::size_t kTraceSizeMax = std::size_t{256} << 20;

/// The spec of a trace, and whether its text is another one than when the trace was written.
struct SpecAtHand {
  LoadedSpec spec;
  bool has_changed = false;
};

/// Where the spec may be, best first: as it was named, and as it lies from the trace's folder.
std::vector<std::string> places_of(const ReplayOptionsOnLine& options, const TraceFile& file) {
  if (!options.spec.empty()) return {options.spec};
  std::vector<std::string> places = {file.spec_path};
  const fs::path folder = fs::path(options.trace).parent_path();
  const std::string& beside = file.spec_beside.empty() ? file.spec_path : file.spec_beside;
  places.push_back((folder / beside).lexically_normal().string());
  return places;
}

bool has_changed(const LoadedSpec& spec, const TraceFile& file) {
  return !file.spec_fingerprint.empty() && spec.fingerprint != file.spec_fingerprint;
}

/// The first place that holds the text of the trace; else the first that holds any.
Result<SpecAtHand> find_spec(const ReplayOptionsOnLine& options, const TraceFile& file) {
  std::optional<SpecAtHand> other;
  std::string problem;
  for (const std::string& place : places_of(options, file)) {
    Result<LoadedSpec> spec = load_spec(place, {}, output_is_terminal());
    if (!spec) {
      if (problem.empty()) problem = spec.failure().message;
      continue;
    }
    SpecAtHand found{std::move(spec.value()), false};
    found.has_changed = has_changed(found.spec, file);
    if (!found.has_changed) return found;
    if (!other) other = std::move(found);
  }
  if (other) return std::move(*other);
  if (options.spec.empty()) problem += "; if the spec has moved, say where: --spec FILE";
  return Failure{problem};
}

std::shared_ptr<const model::Protocol> find_point(const LoadedSpec& spec, const TraceFile& file) {
  const auto found =
      std::find_if(spec.points.begin(), spec.points.end(), [&](const auto& protocol) {
        return protocol->scenario.name == file.scenario && protocol->scenario.point == file.point;
      });
  return found == spec.points.end() ? nullptr : *found;
}

/// The property alone, whichever way round it is expected: what is after `not`, and of the loss of
/// writes what is after `no`.
std::string_view property_in(std::string_view text) {
  for (const std::string_view word : {"not ", "no "})
    if (text.starts_with(word)) text.remove_prefix(word.size());
  return text;
}

/// The expectation that the trace is about; one that was turned round since is another way to
/// expect the same property.
const Expectation* find_expectation(const model::Protocol& protocol, const TraceFile& file) {
  const auto& all = protocol.scenario.expectations;
  auto found = std::find_if(all.begin(), all.end(), [&](const Expectation& each) {
    return checker::expected_text(each) == file.property;
  });
  if (found == all.end())
    found = std::find_if(all.begin(), all.end(), [&](const Expectation& each) {
      return property_in(each.text) == property_in(file.property);
    });
  return found == all.end() ? nullptr : &*found;
}

/// A report of the one expectation that the trace is about, so that it is confirmed as `check` does
/// it.
Result<checker::ScenarioReport> report_of(std::shared_ptr<const model::Protocol> protocol,
                                          const TraceFile& file) {
  checker::ScenarioReport report = checker::empty_report(protocol);
  checker::ExpectationReport shown;
  shown.text = file.property;
  shown.evidence = checker::evidence_of(*protocol, file.trace);
  shown.evidence->time_horizon = file.time_horizon;
  shown.evidence->time_gap = file.time_gap;
  if (file.property == checker::kNoModelError) {
    shown.remark = file.model_error;
    shown.evidence->model_error = file.model_error;
    report.model_error = std::move(shown);
    return report;
  }
  if (file.property == checker::deadlock_report({}).text) {
    report.deadlock = std::move(shown.evidence);
    return report;
  }
  const Expectation* expectation = find_expectation(*protocol, file);
  if (expectation == nullptr)
    return Failure{
        fmt::format("the scenario `{}` does not expect `{}`", file.scenario, file.property)};
  if (file.trace.loop_start >= 0 && !checker::is_endless(expectation->kind))
    return Failure{fmt::format("a run without end shows nothing of `{}`", file.property)};
  shown.span = expectation->span;
  shown.evidence->is_witness = expectation->kind == model::PropertyKind::Reachable;
  report.expectations.push_back(std::move(shown));
  return report;
}

/// Replays the trace as `check` does, and returns what it shows.
Result<checker::Evidence> confirmed(const LoadedSpec& spec, const TraceFile& file,
                                    std::shared_ptr<const model::Protocol>& protocol) {
  protocol = find_point(spec, file);
  if (!protocol)
    return Failure{fmt::format("`{}` has no scenario `{}` at the point of the trace", spec.path,
                               file.scenario)};
  Result<checker::ScenarioReport> report = report_of(protocol, file);
  if (!report) return report.failure();
  if (const auto failure = confirm(report.value(), *spec.source)) return *failure;
  if (report.value().deadlock) return std::move(*report.value().deadlock);
  checker::ExpectationReport& shown = report.value().model_error
                                          ? *report.value().model_error
                                          : report.value().expectations.front();
  if (!shown.evidence) return Failure{shown.remark};  // a doubt
  return std::move(*shown.evidence);
}

}  // namespace

int run_replay(const ReplayOptionsOnLine& options) {
  const Result<std::string> text = model::read_bytes(options.trace, kTraceSizeMax);
  if (!text) return usage_error(text.failure().message);
  const Result<TraceFile> file = load_trace(text.value());
  if (!file) return usage_error(fmt::format("{}: {}", options.trace, file.failure().message));
  const Result<SpecAtHand> found = find_spec(options, file.value());
  if (!found) return usage_error(found.failure().message);
  const LoadedSpec& spec = found.value().spec;
  if (spec.has_errors) {
    std::fputs(spec.diagnostics.c_str(), stderr);
    return kUsageError;
  }
  std::shared_ptr<const model::Protocol> protocol;
  const Result<checker::Evidence> evidence = confirmed(spec, file.value(), protocol);
  if (!evidence)
    return usage_error(
        fmt::format("the trace does not fit the spec{}: {}",
                    found.value().has_changed ? ", which has changed since it was written" : "",
                    evidence.failure().message));
  if (found.value().has_changed)
    std::fprintf(stderr,
                 "capstan: note: `%s` has changed since the trace was written; the trace still "
                 "shows what it showed\n",
                 model::printable(spec.path).c_str());
  reports::TextOptions style;
  style.color = output_is_terminal();
  style.width = output_width();
  std::fputs(reports::story_text(*protocol, evidence.value(), style).c_str(), stdout);
  return 0;
}

}  // namespace capstan::runtime
