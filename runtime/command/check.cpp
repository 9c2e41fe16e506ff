// SPDX-License-Identifier: MIT
#include "runtime/command/check.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <filesystem>
#include <iterator>
#include <new>

#include "checker/check.hpp"
#include "checker/cut_short.hpp"
#include "checker/idle_actions.hpp"
#include "checker/plan.hpp"
#include "model/base/limits.hpp"
#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/system/effort.hpp"
#include "reports/json.hpp"
#include "reports/junit.hpp"
#include "reports/text.hpp"
#include "runtime/command/audit.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/evidence_files.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/file_stems.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/command/out_of_memory.hpp"
#include "runtime/command/progress.hpp"
#include "runtime/command/signals.hpp"
#include "runtime/command/write_file.hpp"
#include "runtime/execute/trace_json.hpp"

namespace capstan::runtime {
namespace {

constexpr double kDefaultMemoryShare = 0.75;
/// What is found when the time is over has so long, in seconds and as a share of the limit, to be
/// confirmed and drawn.
constexpr double kGrace = 0.4, kGraceShare = 0.03;

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
  // The limit is on what a check takes, besides what the program itself needs. Looks at it come
  // some milliseconds apart.
  const std::uint64_t most = wanted.explore.memory_bytes_max;
  wanted.resident_bytes_max = model::resident_bytes() + most - most / 16;
  wanted.reductions = !options.no_reduction;
  wanted.attempts = !options.no_attempts;
  wanted.full = options.full || options.coverage;
  wanted.coverage = options.coverage;
  wanted.shortest = options.shortest;
  wanted.horizon = options.horizon;
  wanted.property = options.property;
  return wanted;
}

/// For all that is done with a scenario, the confirmation of what was found included.
model::Limits::Wanted limits_for_all(const checker::CheckOptions& options) {
  const double seconds = options.explore.seconds_max;
  return {seconds > 0 ? seconds + std::max(kGrace, kGraceShare * seconds) : 0,
          options.resident_bytes_max + options.resident_bytes_max / 20};
}

/// What the scenario has left; what is drawn late has some tenths of a second.
model::Limits::Wanted limits_for_pictures(const checker::CheckOptions& options,
                                          const checker::ScenarioReport& scenario) {
  const double seconds = options.explore.seconds_max;
  return {seconds > 0 ? std::max(kGrace, seconds - scenario.seconds) : 0, 0};
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

/// Why the reports cannot go where they are to go, if so.
std::optional<model::Failure> wrong_destination(const CheckOptionsOnLine& options,
                                                const std::vector<LoadedSpec>& specs) {
  namespace fs = std::filesystem;
  const auto is_same = [](const std::string& a, const std::string& b) {
    std::error_code ignored;  // one that does not exist is another file
    return fs::path(a).lexically_normal() == fs::path(b).lexically_normal() ||
           (fs::is_regular_file(a, ignored) && fs::equivalent(a, b, ignored));
  };
  if (!options.json.empty() && !options.junit.empty() &&
      (is_same(options.json, options.junit) ||
       (is_standard_output(options.json) && is_standard_output(options.junit))))
    return model::Failure{"--json and --junit name the same file; give each its own"};
  for (const std::string& path : {options.json, options.junit})
    for (const LoadedSpec& spec : specs)
      if (!path.empty() && is_same(path, spec.path))
        return model::Failure{
            fmt::format("the report would overwrite the spec `{}`; name another file", path)};
  return std::nullopt;
}

/// One run of the command: what is shared by all files.
class CheckRun {
 public:
  CheckRun(const CheckOptionsOnLine& options, const std::string& command)
      : options_(options),
        wanted_(checker_options(options)),
        out_(is_standard_output(options.json) || is_standard_output(options.junit) ? stderr
                                                                                   : stdout),
        progress_(error_is_terminal() && is_terminal(out_)) {
    report_.command = command;
    text_.color = is_terminal(out_) && std::getenv("NO_COLOR") == nullptr;
    text_.times = !options.no_times;
    text_.width = terminal_width(out_);
    wanted_.explore.progress = progress_.callback();
  }

  int run() {
    stop_work_on_signals();
    model::Result<std::vector<LoadedSpec>> loaded = load();
    if (!loaded) return usage_error(loaded.failure().message);
    const std::vector<LoadedSpec>& specs = loaded.value();
    if (const auto failure = wrong_destination(options_, specs))
      return usage_error(failure->message);
    const std::vector<std::vector<std::string>> stems = file_stems(specs);
    for (std::size_t i = 0; i < specs.size(); ++i) check_file(specs[i], stems[i]);
    std::fputs(reports::summary_text(report_, text_).c_str(), out_);
    if (report_.is_interrupted) std::fputs("interrupted: not all was checked\n", out_);
    std::fflush(out_);
    write_summaries();
    return checker::exit_status(report_);
  }

 private:
  Selection selection() const { return {options_.scenarios, options_.property}; }

  model::Result<std::vector<LoadedSpec>> load() {
    try {
      return load_specs(options_.paths, selection(), is_terminal(out_));
    } catch (const model::LimitReached& reached) {
      if (reached.kind != model::LimitKind::Interrupted) throw;
      heed_interrupt();
      report_.is_interrupted = true;
      return std::vector<LoadedSpec>();
    }
  }

  /// Whether a signal asked for the end. What is left to do then is telling and writing, which is
  /// ended by a second one alone.
  bool heed_interrupt() {
    is_stopping_ = is_stopping_ || model::is_interrupted();
    model::forget_interrupt();
    return is_stopping_;
  }

  /// All is told before anything is written: a disk that is full costs files, and no verdict.
  void check_file(const LoadedSpec& spec, const std::vector<std::string>& stems) {
    checker::FileReport file;
    file.path = spec.path;
    file.protocol_name = spec.protocol_name;
    file.diagnostics = spec.diagnostics;
    file.has_errors = spec.has_errors;
    file.not_judged = not_judged_of(spec, selection());
    PictureBudget pictures;
    for (std::size_t i = 0; i < spec.points.size(); ++i) {
      file.scenarios.push_back(heed_interrupt() ? left_out(spec.points[i])
                                                : check_point(spec, spec.points[i]));
      file.scenarios.back().file_stem = stems[i];
      name_evidence_files(file.scenarios.back(), where(spec, file.scenarios.back()), pictures);
    }
    judge_idle_actions(file, spec);
    std::fputs(reports::file_text(file, text_).c_str(), out_);
    if (pictures.left_out > 0)
      std::fprintf(out_,
                   "%zu more runs have no picture: %zu are drawn for a file (--scenario and "
                   "--property choose)\n",
                   pictures.left_out, PictureBudget::kMost);
    if (options_.coverage) print_coverage(file, *spec.source);
    std::fflush(out_);
    for (checker::ScenarioReport& scenario : file.scenarios) {
      const model::Limits limits(limits_for_pictures(wanted_, scenario));
      write_evidence_files(scenario, where(spec, scenario));
    }
    report_.files.push_back(std::move(file));
  }

  void judge_idle_actions(checker::FileReport& file, const LoadedSpec& spec) {
    if (!heed_interrupt()) checker::judge_idle_actions(file.scenarios, spec.others, wanted_);
    if (!heed_interrupt()) return;
    report_.is_interrupted |=
        std::any_of(file.scenarios.begin(), file.scenarios.end(),
                    [](const auto& each) { return !each.idle_actions.empty(); });
  }

  EvidenceFileOptions where(const LoadedSpec& spec, const checker::ScenarioReport& scenario) const {
    return {options_.out,
            spec.path,
            spec.fingerprint,
            fmt::format("capstan check {} --scenario {}", spec.path, scenario.name),
            !options_.no_pictures,
            options_.dark,
            options_.deadlocks};
  }

  checker::ScenarioReport check_point(const LoadedSpec& spec,
                                      const std::shared_ptr<const model::Protocol>& protocol) {
    progress_.begin(protocol->name + " " + protocol->scenario.name);
    checker::ScenarioReport scenario;
    renew_reserve();
    const model::Limits limits(limits_for_all(wanted_));
    const checker::ScenarioClock clock(0);
    model::forget_peak();
    try {
      scenario = judge_point(spec, protocol);
    } catch (const model::LimitReached& reached) {
      scenario = undecided(protocol, model::limit_text(reached));
    } catch (const model::TooLong& step) {
      scenario = undecided(protocol, fmt::format("one step is too long: {}, line {}", step.message,
                                                 spec.source->place(step.span.begin).line));
    } catch (const std::bad_alloc&) {
      scenario = undecided(protocol, "memory ran out");
    } catch (const std::exception& error) {
      scenario = blamed(protocol, error.what());
    }
    scenario.seconds = clock.seconds();
    scenario.memory_bytes = std::max(scenario.memory_bytes, memory_taken());
    progress_.clear();
    if (!heed_interrupt()) return scenario;
    report_.is_interrupted |=
        std::any_of(scenario.expectations.begin(), scenario.expectations.end(),
                    [](const auto& each) { return each.outcome == checker::Outcome::Undecided; });
    return scenario;
  }

  checker::ScenarioReport judge_point(const LoadedSpec& spec,
                                      const std::shared_ptr<const model::Protocol>& protocol) {
    checker::ScenarioReport scenario = checker::check_scenario(protocol, wanted_);
    name_lines(scenario, *spec.source);
    if (options_.show_invariants) show_invariants(scenario);
    // What was found before a signal is still confirmed, if that takes no long.
    const bool is_stopping = heed_interrupt();
    const model::Limits soon({is_stopping ? kGrace : 0, 0});
    std::optional<model::Failure> failure = confirm(scenario, *spec.source, wanted_.explore);
    if (!failure && !is_stopping) failure = run_audit(*protocol, scenario);
    return failure ? blamed(protocol, failure->message) : scenario;
  }

  /// Nothing that was found of other scenarios is lost by an internal error.
  checker::ScenarioReport blamed(const std::shared_ptr<const model::Protocol>& protocol,
                                 const std::string& why) {
    internal_error(why, report_.command);
    report_.has_internal_error = true;
    return undecided(protocol, "internal error: " + why);
  }

  checker::ScenarioReport left_out(const std::shared_ptr<const model::Protocol>& protocol) {
    report_.is_interrupted = true;
    return undecided(protocol, "not checked: the run was interrupted before");
  }

  /// A report that says of nothing how it is.
  checker::ScenarioReport undecided(const std::shared_ptr<const model::Protocol>& protocol,
                                    const std::string& why) const {
    checker::ScenarioReport scenario = checker::empty_report(protocol);
    for (const model::Expectation& each : protocol->scenario.expectations) {
      if (!checker::is_wanted(each, options_.property)) continue;
      scenario.expectations.push_back(checker::judged_as(each, checker::Verdict::Undecided));
      scenario.expectations.back().remark = why;
    }
    if (protocol->scenario.expectations.empty())
      scenario.expectations.push_back(checker::nothing_expected(why));
    return scenario;
  }

  /// Bytes that were resident lately, besides those that the program itself needs.
  std::uint64_t memory_taken() const {
    const std::uint64_t peak = model::peak_resident_bytes();
    return peak > resident_before_ ? peak - resident_before_ : 0;
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
      std::fputs(model::render_all(never, source, is_terminal(out_)).c_str(), out_);
      first = last;
    }
  }

  std::optional<model::Failure> run_audit(const model::Protocol& protocol,
                                          checker::ScenarioReport& scenario) {
    if (!options_.audit || protocol.objects.empty()) return std::nullopt;
    const model::Result<AuditResult> result = audit(protocol, wanted_);
    if (!result) return result.failure();
    scenario.histories_audited = result.value().histories;
    scenario.remarks.push_back(fmt::format(
        "audit: Z3 and the monitor agree on all {} complete histories ({} not linearizable; {} "
        "after renaming){}{}",
        result.value().histories, result.value().not_linearizable, result.value().forms,
        result.value().undecided == 0
            ? ""
            : fmt::format("; Z3 gave up on {} more", result.value().undecided),
        result.value().is_complete ? "" : "; a limit ended it before all were seen"));
    return std::nullopt;
  }

  /// JSON comes last: it names what could not be written.
  void write_summaries() {
    const bool times = !options_.no_times;
    if (!options_.junit.empty())
      write_summary(options_.junit, reports::junit_of(report_, {.times = times}));
    if (!options_.json.empty())
      write_summary(options_.json, reports::json_of(report_, {.times = times}));
    tell_unwritten(checker::unwritten_of(report_));
  }

  void write_summary(const std::string& path, const std::string& bytes) {
    if (const auto failure = write_file(path, bytes))
      report_.unwritten.push_back({path, failure->message});
  }

  const CheckOptionsOnLine& options_;
  std::uint64_t resident_before_ = model::resident_bytes();
  checker::CheckOptions wanted_;
  std::FILE* out_;  // the table: the standard output, unless a report goes there
  Progress progress_;
  reports::TextOptions text_;
  checker::RunReport report_;
  bool is_stopping_ = false;
};

}  // namespace

int run_check(const CheckOptionsOnLine& options, const std::string& command) {
  return CheckRun(options, command).run();
}

}  // namespace capstan::runtime
