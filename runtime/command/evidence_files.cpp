// SPDX-License-Identifier: MIT
#include "runtime/command/evidence_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>

#include "reports/write.hpp"
#include "runtime/command/write_file.hpp"
#include "runtime/execute/trace_json.hpp"

namespace capstan::runtime {
namespace {

using checker::Evidence;
using checker::ExpectationReport;
using checker::ScenarioReport;

class Writer {
 public:
  Writer(const ScenarioReport& report, const EvidenceFileOptions& options)
      : report_(report), options_(options) {}

  std::optional<model::Failure> write(ExpectationReport& expectation) {
    if (expectation.counterexample && options_.pictures) return write_pictures(expectation);
    if (!expectation.evidence) return std::nullopt;
    const std::string stem = report_.file_stem + "." + expectation.slug;
    if (const auto failure = write_trace(stem, expectation.text, *expectation.evidence))
      return failure;
    if (options_.pictures)
      if (auto failure = write_pictures(expectation)) return failure;
    expectation.files.push_back(path_of(stem + ".trace.json"));
    return std::nullopt;
  }

 private:
  std::string path_of(const std::string& name) const {
    return (std::filesystem::path(options_.out) / name).string();
  }

  std::optional<model::Failure> write_trace(const std::string& stem, const std::string& property,
                                            const Evidence& evidence) {
    TraceFile file;
    file.protocol = report_.protocol->name;
    file.scenario = report_.name;
    file.point = report_.protocol->scenario.point;
    file.spec_path = options_.spec_path;
    file.property = property;
    file.trace = evidence.trace;
    return write_file(path_of(stem + ".trace.json"),
                      save_trace(file, *report_.protocol, evidence.run));
  }

  std::optional<model::Failure> write_pictures(ExpectationReport& expectation) {
    const reports::EvidencePictures pictures =
        reports::evidence_pictures(report_, expectation, options_.command,
                                   options_.dark ? reports::Theme::Dark : reports::Theme::Light);
    for (const reports::PictureFile& file : pictures.files) {
      if (auto failure = write_file(path_of(file.name), file.bytes)) return failure;
      expectation.files.push_back(path_of(file.name));
    }
    if (!pictures.failure.empty()) std::fprintf(stderr, "capstan: %s\n", pictures.failure.c_str());
    return std::nullopt;
  }

  const ScenarioReport& report_;
  const EvidenceFileOptions& options_;
};

/// Whether an expectation is left without a run that explains its outcome, which the deadlock may.
bool is_worth_a_look(const ScenarioReport& report) {
  return std::any_of(report.expectations.begin(), report.expectations.end(),
                     [](const ExpectationReport& expectation) {
                       return expectation.outcome == checker::Outcome::Vacuous ||
                              (expectation.outcome == checker::Outcome::Unmet &&
                               !expectation.evidence && !expectation.counterexample);
                     });
}

}  // namespace

std::optional<model::Failure> write_evidence_files(ScenarioReport& report,
                                                   const EvidenceFileOptions& options) {
  Writer writer(report, options);
  for (ExpectationReport& expectation : report.expectations)
    if (auto failure = writer.write(expectation)) return failure;
  if (report.model_error)
    if (auto failure = writer.write(*report.model_error)) return failure;
  if (!report.deadlock || !(options.deadlocks || is_worth_a_look(report))) return std::nullopt;
  ExpectationReport deadlock = checker::deadlock_report(*report.deadlock);
  if (auto failure = writer.write(deadlock)) return failure;
  report.deadlock_files = std::move(deadlock.files);
  return std::nullopt;
}

}  // namespace capstan::runtime
