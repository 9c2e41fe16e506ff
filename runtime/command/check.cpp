// SPDX-License-Identifier: MIT
#include "runtime/command/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <iterator>

#include "checker/check.hpp"
#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/text.hpp"
#include "runtime/command/audit.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/evidence_files.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/command/progress.hpp"
#include "runtime/command/write_file.hpp"

namespace capstan::runtime {
namespace {

constexpr double kDefaultMemoryShare = 0.75;

checker::CheckOptions checker_options(const CheckOptionsOnLine& options) {
  checker::CheckOptions wanted;
  wanted.explore.exact = options.exact;
  wanted.explore.states_max = options.states;
  wanted.explore.seconds_max = options.seconds;
  wanted.explore.memory_bytes_max =
      options.memory_bytes != 0
          ? options.memory_bytes
          : static_cast<std::uint64_t>(static_cast<double>(memory_bytes_available()) *
                                       kDefaultMemoryShare);
  wanted.reductions = !options.no_reduction;
  wanted.attempts = !options.no_attempts;
  wanted.full = options.full || options.coverage;
  wanted.coverage = options.coverage;
  wanted.shortest = options.shortest;
  wanted.horizon = options.horizon;
  wanted.property = options.property;
  return wanted;
}

/// Says in which line the code is that kept a proof from being found.
void name_lines(checker::ScenarioReport& scenario, const model::SourceFile& source) {
  using Status = checker::Obligation::Status;
  for (checker::ExpectationReport& expectation : scenario.expectations) {
    if (!expectation.proof || expectation.verdict != checker::Verdict::Undecided) continue;
    const auto& all = expectation.proof->obligations;
    const auto open = std::find_if(all.begin(), all.end(), [](const checker::Obligation& each) {
      return each.status != Status::Proved;
    });
    if (open == all.end() || open->span == model::Span{}) continue;
    expectation.remark += fmt::format(", line {}", source.place(open->span.begin).line);
  }
}

/// Adds the invariants that were found to what is said of their claims.
void show_invariants(checker::ScenarioReport& scenario) {
  for (checker::ExpectationReport& expectation : scenario.expectations) {
    const checker::Attempt* found =
        expectation.proof ? checker::proof_among(expectation.proof->attempts) : nullptr;
    if (!found || found->invariant.empty()) continue;
    expectation.remark += ":";
    for (const std::string& part : found->invariant)
      expectation.remark += (&part == &found->invariant.front() ? " " : "; ") + part;
  }
}

/// One run of the command: what is shared by all files.
class CheckRun {
 public:
  CheckRun(const CheckOptionsOnLine& options, const std::string& command)
      : options_(options),
        wanted_(checker_options(options)),
        progress_(error_is_terminal() && output_is_terminal()) {
    report_.command = command;
    text_.color = output_is_terminal() && std::getenv("NO_COLOR") == nullptr;
    text_.times = !options.no_times;
    text_.width = output_width();
    wanted_.explore.progress = progress_.callback();
  }

  int run() {
    model::Result<std::vector<LoadedSpec>> specs =
        load_specs(options_.paths, options_.scenarios, output_is_terminal());
    if (!specs) return usage_error(specs.failure().message);
    for (const LoadedSpec& spec : specs.value())
      if (const int status = check_file(spec); status != 0) return status;
    std::fputs(reports::summary_text(report_, text_).c_str(), stdout);
    return write_summaries();
  }

 private:
  /// 0, or the exit status that ends the run at once.
  int check_file(const LoadedSpec& spec) {
    checker::FileReport file;
    file.path = spec.path;
    file.protocol_name = spec.protocol_name;
    file.diagnostics = spec.diagnostics;
    file.has_errors = spec.has_errors;
    for (const auto& protocol : spec.points) {
      progress_.begin(protocol->name + " " + protocol->scenario.name);
      checker::ScenarioReport scenario = checker::check_scenario(protocol, wanted_);
      progress_.clear();
      name_lines(scenario, *spec.source);
      if (options_.show_invariants) show_invariants(scenario);
      if (const auto failure = confirm(scenario, *spec.source))
        return internal_error(failure->message, report_.command);
      if (const int status = run_audit(*protocol, scenario); status != 0) return status;
      const EvidenceFileOptions where{
          options_.out,
          spec.path,
          fmt::format("capstan check {} --scenario {}", spec.path, scenario.name),
          !options_.no_pictures,
          options_.dark,
          options_.deadlocks};
      if (const auto failure = write_evidence_files(scenario, where))
        return usage_error(failure->message);
      file.scenarios.push_back(std::move(scenario));
    }
    std::fputs(reports::file_text(file, text_).c_str(), stdout);
    if (options_.coverage) print_coverage(file, *spec.source);
    std::fflush(stdout);
    report_.files.push_back(std::move(file));
    return 0;
  }

  /// What no point of a scenario used.
  void print_coverage(const checker::FileReport& file, const model::SourceFile& source) const {
    const std::vector<checker::ScenarioReport>& all = file.scenarios;
    for (auto first = all.begin(); first != all.end();) {
      const auto last = std::find_if(
          first, all.end(), [first](const auto& scenario) { return scenario.name != first->name; });
      model::Diagnostics never;
      for (const checker::Uncovered& each : first->uncovered) {
        const bool is_used_nowhere =
            std::all_of(std::next(first), last, [&each](const auto& point) {
              return std::find(point.uncovered.begin(), point.uncovered.end(), each) !=
                     point.uncovered.end();
            });
        if (is_used_nowhere) never.add("W0592", each.span, first->name + ": " + each.what);
      }
      std::fputs(model::render_all(never, source, output_is_terminal()).c_str(), stdout);
      first = last;
    }
  }

  int run_audit(const model::Protocol& protocol, checker::ScenarioReport& scenario) {
    if (!options_.audit || protocol.objects.empty()) return 0;
    const model::Result<AuditResult> result = audit(protocol, wanted_);
    if (!result) return internal_error(result.failure().message, report_.command);
    scenario.histories_audited = result.value().histories;
    scenario.remarks.push_back(fmt::format(
        "audit: Z3 and the monitor agree on all {} complete histories ({} not linearizable; {} "
        "after renaming){}",
        result.value().histories, result.value().not_linearizable, result.value().forms,
        result.value().is_complete ? "" : ", of an exploration that a limit cut short"));
    return 0;
  }

  int write_summaries() {
    const bool times = !options_.no_times;
    if (!options_.json.empty())
      if (const auto failure =
              write_file(options_.json, reports::json_of(report_, {.times = times})))
        return usage_error(failure->message);
    if (!options_.junit.empty())
      if (const auto failure =
              write_file(options_.junit, reports::junit_of(report_, {.times = times})))
        return usage_error(failure->message);
    return checker::exit_status(report_);
  }

  const CheckOptionsOnLine& options_;
  checker::CheckOptions wanted_;
  Progress progress_;
  reports::TextOptions text_;
  checker::RunReport report_;
};

}  // namespace

int run_check(const CheckOptionsOnLine& options, const std::string& command) {
  return CheckRun(options, command).run();
}

}  // namespace capstan::runtime
