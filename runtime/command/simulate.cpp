// SPDX-License-Identifier: MIT
#include "runtime/command/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "model/base/limits.hpp"
#include "reports/text.hpp"
#include "reports/words.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/evidence_files.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/file_stems.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/command/output.hpp"
#include "runtime/command/signals.hpp"
#include "runtime/execute/trace_json.hpp"
#include "runtime/simulate/simulate.hpp"

namespace capstan::runtime {
namespace {

using checker::ExpectationReport;
using checker::Outcome;
using checker::Verdict;

class SimulateRun {
 public:
  SimulateRun(const SimulateOptionsOnLine& options, const std::string& command)
      : options_(options), command_(command) {
    wanted_.runs = options.runs;
    wanted_.steps = options.steps;
    wanted_.seed = options.seed;
    wanted_.seconds_max = options.seconds;
    wanted_.property = options.property;
    style_.color = output_is_terminal();
    style_.width = output_width();
  }

  int run() {
    const Selection selection{options_.scenarios, options_.property};
    stop_work_on_signals();
    model::Result<std::vector<LoadedSpec>> specs =
        load_specs(options_.paths, selection, output_is_terminal());
    if (!specs) return usage_error(specs.failure().message);
    const std::vector<std::vector<std::string>> stems = file_stems(specs.value());
    for (std::size_t i = 0; i < specs.value().size(); ++i) {
      const LoadedSpec& spec = specs.value()[i];
      std::fputs(spec.diagnostics.c_str(), stdout);
      if (spec.has_errors) status_ = kUsageError;
      const auto not_judged = not_judged_of(spec, selection);
      if (!spec.points.empty() || !not_judged.empty()) print("{}\n", spec.protocol_name);
      for (const ExpectationReport& each : not_judged) print_not_judged(each.text, each.remark);
      for (std::size_t point = 0; point < spec.points.size(); ++point)
        if (!model::is_interrupted()) simulate_point(spec, spec.points[point], stems[i][point]);
    }
    if (model::is_interrupted()) print("interrupted: not all runs were taken\n");
    tell_unwritten(unwritten_);
    return status();
  }

 private:
  int status() const {
    if (is_broken_) return kInternalError;
    if (status_ != 0) return status_;
    if (model::is_interrupted()) return kUndecided;
    return unwritten_.empty() ? 0 : kUsageError;
  }

  void simulate_point(const LoadedSpec& spec,
                      const std::shared_ptr<const model::Protocol>& protocol,
                      const std::string& stem) {
    Simulation simulation = simulate(protocol, wanted_);
    checker::ScenarioReport& report = simulation.report;
    report.file_stem = stem;
    if (const auto failure = confirm(report, *spec.source)) {
      internal_error(failure->message, command_);
      is_broken_ = true;
      return;
    }
    const EvidenceFileOptions where{options_.out,
                                    spec.path,
                                    spec.fingerprint,
                                    fmt::format("capstan simulate {} --scenario {} --seed {}",
                                                spec.path, report.name, options_.seed),
                                    !options_.no_pictures,
                                    options_.dark};
    PictureBudget pictures;
    name_evidence_files(report, where, pictures);
    print_simulation(simulation);
    std::fflush(stdout);
    write_evidence_files(report, where);
    checker::RunReport run;
    run.files.emplace_back().scenarios.push_back(std::move(report));
    const std::vector<checker::Unwritten> unwritten = checker::unwritten_of(run);
    unwritten_.insert(unwritten_.end(), unwritten.begin(), unwritten.end());
  }

  void print_simulation(const Simulation& simulation) {
    const checker::ScenarioReport& report = simulation.report;
    print("  {}{}: {}, {}{}\n", report.name, report.point.empty() ? "" : " (" + report.point + ")",
          reports::counted(simulation.runs, "run"), reports::counted(simulation.steps, "step"),
          options_.no_times ? "" : ", " + reports::duration(report.seconds));
    for (const ExpectationReport& each : simulation.not_judged)
      print_not_judged(each.text, each.remark);
    for (std::size_t i = 0; i < report.expectations.size(); ++i)
      print_row(report, report.expectations[i], simulation.settled[i]);
    if (report.model_error) print_unmet(report, *report.model_error, "");
  }

  void print_row(const checker::ScenarioReport& report, const ExpectationReport& expectation,
                 const Simulation::Settled& settled) {
    if (!expectation.evidence) {
      print("    {}: not decided, no run shows otherwise\n", expectation.text);
      return;
    }
    const std::string found = fmt::format(" in run {}, {} steps shrunk to {}", settled.run,
                                          settled.steps, reports::effort(*expectation.evidence));
    if (expectation.outcome == Outcome::Unmet) {
      print_unmet(report, expectation, found);
      return;
    }
    print("    {}: met{}\n{}", expectation.text, found, files_of(expectation));
  }

  void print_not_judged(const std::string& text, const std::string& why) {
    print("    {}: not judged, {}\n", text, why);
    if (status_ == 0) status_ = kUndecided;
  }

  void print_unmet(const checker::ScenarioReport& report, const ExpectationReport& expectation,
                   const std::string& found) {
    print("    {}: unmet{}\n{}{}", expectation.text, found, files_of(expectation),
          reports::story_text(*report.protocol, *expectation.evidence, style_));
    if (status_ == 0 || status_ == kUndecided) status_ = 1;
  }

  static std::string files_of(const ExpectationReport& expectation) {
    std::string text;
    for (const std::string& file : expectation.files) text += "      " + file + "\n";
    return text;
  }

  const SimulateOptionsOnLine& options_;
  const std::string& command_;
  SimulateOptions wanted_;
  reports::TextOptions style_;
  std::vector<checker::Unwritten> unwritten_;
  int status_ = 0;
  bool is_broken_ = false;  // an internal error
};

}  // namespace

int run_simulate(const SimulateOptionsOnLine& options, const std::string& command) {
  return SimulateRun(options, command).run();
}

}  // namespace capstan::runtime
