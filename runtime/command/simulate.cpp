// SPDX-License-Identifier: MIT
#include "runtime/command/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "reports/text.hpp"
#include "reports/words.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/evidence_files.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
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
    model::Result<std::vector<LoadedSpec>> specs =
        load_specs(options_.paths, selection, output_is_terminal());
    if (!specs) return usage_error(specs.failure().message);
    for (const LoadedSpec& spec : specs.value()) {
      std::fputs(spec.diagnostics.c_str(), stdout);
      if (spec.has_errors) status_ = kUsageError;
      const auto not_judged = not_judged_of(spec, selection);
      if (!spec.points.empty() || !not_judged.empty()) fmt::print("{}\n", spec.protocol_name);
      for (const ExpectationReport& each : not_judged) print_not_judged(each.text, each.remark);
      for (const auto& protocol : spec.points)
        if (const int status = simulate_point(spec, protocol); status != 0) return status;
    }
    return status_;
  }

 private:
  int simulate_point(const LoadedSpec& spec,
                     const std::shared_ptr<const model::Protocol>& protocol) {
    Simulation simulation = simulate(protocol, wanted_);
    checker::ScenarioReport& report = simulation.report;
    if (const auto failure = confirm(report, *spec.source))
      return internal_error(failure->message, command_);
    const EvidenceFileOptions where{options_.out, spec.path,
                                    fmt::format("capstan simulate {} --scenario {} --seed {}",
                                                spec.path, report.name, options_.seed),
                                    !options_.no_pictures, options_.dark};
    if (const auto failure = write_evidence_files(report, where))
      return usage_error(failure->message);
    print(simulation);
    return 0;
  }

  void print(const Simulation& simulation) {
    const checker::ScenarioReport& report = simulation.report;
    fmt::print("  {}{}: {}, {}{}\n", report.name,
               report.point.empty() ? "" : " (" + report.point + ")",
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
      fmt::print("    {}: not decided, no run shows otherwise\n", expectation.text);
      return;
    }
    const std::string found = fmt::format(" in run {}, {} steps shrunk to {}", settled.run,
                                          settled.steps, reports::effort(*expectation.evidence));
    if (expectation.outcome == Outcome::Unmet) {
      print_unmet(report, expectation, found);
      return;
    }
    fmt::print("    {}: met{}\n{}", expectation.text, found, files_of(expectation));
  }

  void print_not_judged(const std::string& text, const std::string& why) {
    fmt::print("    {}: not judged, {}\n", text, why);
    if (status_ == 0) status_ = kNotJudged;
  }

  void print_unmet(const checker::ScenarioReport& report, const ExpectationReport& expectation,
                   const std::string& found) {
    fmt::print("    {}: unmet{}\n{}{}", expectation.text, found, files_of(expectation),
               reports::story_text(*report.protocol, *expectation.evidence, style_));
    if (status_ == 0 || status_ == kNotJudged) status_ = 1;
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
  int status_ = 0;
};

}  // namespace

int run_simulate(const SimulateOptionsOnLine& options, const std::string& command) {
  return SimulateRun(options, command).run();
}

}  // namespace capstan::runtime
