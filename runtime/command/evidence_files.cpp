// SPDX-License-Identifier: MIT
#include "runtime/command/evidence_files.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <utility>

#include "model/source/utf8.hpp"
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

  std::vector<std::string> names(const ExpectationReport& expectation,
                                 PictureBudget& budget) const {
    std::vector<std::string> names;
    if (is_shown(expectation) && options_.pictures && has_room(budget))
      for (const std::string& name : reports::picture_names(report_, expectation))
        names.push_back(path_of(name));
    if (expectation.evidence) names.push_back(path_of(trace_name(expectation)));
    return names;
  }

  void write(ExpectationReport& expectation) {
    const std::vector<std::string> wanted = std::exchange(expectation.files, {});
    std::string why_not_drawn;
    // The names say whether it is to be drawn, as the budget allowed it then.
    if (is_shown(expectation) && wanted.size() > (expectation.evidence ? 1 : 0))
      why_not_drawn = write_pictures(expectation);
    if (expectation.evidence) {
      const std::string name = trace_name(expectation);
      write_one(expectation, name, trace_text(expectation));
    }
    for (const std::string& path : wanted)
      if (!is_accounted_for(expectation, path))
        expectation.unwritten.push_back(
            {path, fmt::format("cannot draw `{}`: {}", path, why_not_drawn)});
  }

 private:
  static bool is_shown(const ExpectationReport& expectation) {
    return expectation.counterexample || expectation.evidence;
  }

  static bool has_room(PictureBudget& budget) {
    const bool has_room = budget.drawn < PictureBudget::kMost;
    ++(has_room ? budget.drawn : budget.left_out);
    return has_room;
  }

  std::string path_of(const std::string& name) const {
    return (std::filesystem::path(options_.out) / name).string();
  }

  std::string trace_name(const ExpectationReport& expectation) const {
    return reports::file_stem(report_, expectation) + ".trace.json";
  }

  static bool is_accounted_for(const ExpectationReport& expectation, const std::string& path) {
    return std::find(expectation.files.begin(), expectation.files.end(), path) !=
               expectation.files.end() ||
           std::any_of(expectation.unwritten.begin(), expectation.unwritten.end(),
                       [&path](const auto& each) { return each.path == path; });
  }

  void write_one(ExpectationReport& expectation, const std::string& name,
                 const std::string& bytes) const {
    const std::string path = path_of(name);
    if (const auto failure = write_file(path, bytes))
      expectation.unwritten.push_back({path, failure->message});
    else
      expectation.files.push_back(path);
  }

  std::string trace_text(const ExpectationReport& expectation) const {
    const Evidence& evidence = *expectation.evidence;
    TraceFile file;
    file.protocol = report_.protocol->name;
    file.scenario = report_.name;
    file.point = report_.protocol->scenario.point;
    file.spec_path = options_.spec_path;
    file.spec_beside = spec_beside();
    file.spec_fingerprint = options_.spec_fingerprint;
    file.property = expectation.text;
    file.model_error = evidence.model_error;
    file.time_horizon = evidence.time_horizon;
    file.time_gap = evidence.time_gap;
    file.trace = evidence.trace;
    return save_trace(file, *report_.protocol, evidence.run);
  }

  /// The spec from the folder of the traces.
  std::string spec_beside() const {
    namespace fs = std::filesystem;
    std::error_code error;
    const fs::path folder =
        fs::weakly_canonical(fs::absolute(options_.out.empty() ? "." : options_.out, error), error);
    if (error) return "";
    const fs::path spec = fs::weakly_canonical(fs::absolute(options_.spec_path, error), error);
    return error ? "" : spec.lexically_relative(folder).string();
  }

  /// Returns why some are missing, if they are.
  std::string write_pictures(ExpectationReport& expectation) const {
    reports::EvidencePictures pictures =
        reports::evidence_pictures(report_, expectation, options_.command,
                                   options_.dark ? reports::Theme::Dark : reports::Theme::Light);
    for (const reports::PictureFile& file : pictures.files)
      write_one(expectation, file.name, file.bytes);
    return std::move(pictures.failure);
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

void name_evidence_files(ScenarioReport& report, const EvidenceFileOptions& options,
                         PictureBudget& budget) {
  const Writer writer(report, options);
  for (ExpectationReport& expectation : report.expectations)
    expectation.files = writer.names(expectation, budget);
  if (report.model_error) report.model_error->files = writer.names(*report.model_error, budget);
  if (report.deadlock && (options.deadlocks || is_worth_a_look(report)))
    report.deadlock_files = writer.names(checker::deadlock_report(*report.deadlock), budget);
}

void write_evidence_files(ScenarioReport& report, const EvidenceFileOptions& options) {
  Writer writer(report, options);
  for (ExpectationReport& expectation : report.expectations) writer.write(expectation);
  if (report.model_error) writer.write(*report.model_error);
  if (report.deadlock_files.empty() || report.expectations.empty()) return;
  ExpectationReport deadlock = checker::deadlock_report(*report.deadlock);
  deadlock.files = std::move(report.deadlock_files);
  writer.write(deadlock);
  report.deadlock_files = std::move(deadlock.files);
  std::vector<checker::Unwritten>& unwritten = report.expectations.front().unwritten;
  unwritten.insert(unwritten.end(), deadlock.unwritten.begin(), deadlock.unwritten.end());
}

void tell_unwritten(const std::vector<checker::Unwritten>& unwritten) {
  constexpr std::size_t told_max = 20;
  for (std::size_t i = 0; i < std::min(unwritten.size(), told_max); ++i)
    std::fprintf(stderr, "capstan: error: %s\n", model::printable(unwritten[i].why).c_str());
  if (unwritten.size() > told_max)
    std::fprintf(stderr, "capstan: error: and %zu more files could not be written\n",
                 unwritten.size() - told_max);
}

}  // namespace capstan::runtime
