// SPDX-License-Identifier: MIT
#include "runtime/command/options.hpp"

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <limits>
#include <set>
#include <string>

#include "runtime/command/exit.hpp"
#include "runtime/command/quantities.hpp"

namespace capstan::runtime {
namespace {

constexpr std::uint64_t kCountMax = 1'000'000'000'000'000;
constexpr std::uint64_t kSeedMax = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint64_t kTicksMax = 1'000'000;

constexpr const char* kFooter =
    "exit status: 0 all expectations met, 1 some unmet, 2 spec or usage error, 3 vacuous, 4 "
    "undecided (a limit) or not judged, 70 internal error, 74 standard output not written";

constexpr const char* kSimulateFooter =
    "exit status: 0 no run shows an expectation unmet (which proves nothing), 1 one does, 2 spec "
    "or usage error, 4 interrupted, or single runs cannot decide some expectation, 70 internal "
    "error, 74 standard output not written";

/// Options whose value is a number. One that is negative is no option, though it looks like one.
const std::set<std::string> kNumeric = {"--memory", "--time",  "--states", "--horizon",
                                        "--runs",   "--steps", "--seed"};

/// An option whose value is read by `read`, a Result of the number.
template <typename Number, typename Read>
CLI::Option* add_quantity(CLI::App& app, const std::string& name, Number& number,
                          const std::string& help, Read read) {
  const auto take = [&number, read, name](const CLI::results_t& values) {
    const auto result = read(values.back());
    if (!result) throw CLI::ValidationError(name, result.failure().message);
    number = static_cast<Number>(result.value());
    return true;
  };
  return app.add_option(name, take, help);
}

template <typename Number>
CLI::Option* add_count(CLI::App& app, const std::string& name, Number& number,
                       const std::string& help, std::uint64_t most = kCountMax) {
  return add_quantity(app, name, number, help,
                      [most](const std::string& text) { return count_of(text, 1, most); });
}

void add_time_limit(CLI::App& app, double& seconds) {
  add_quantity(app, "--time", seconds,
               "time limit for each scenario at each point, whatever it is at, such as 30s or 5m",
               seconds_of)
      ->option_text("TIME");
}

// What is run, of `check` and of `simulate` alike.
template <typename Options>
void add_selection(CLI::App& app, Options& options) {
  app.add_option("paths", options.paths, "spec files, or folders to search for *.cap")
      ->required()
      ->option_text("PATH...");
  app.add_option("--scenario", options.scenarios, "only this scenario (may be repeated)")
      ->option_text("NAME")
      ->allow_extra_args(false);
  app.add_option("--property", options.property, "only expectations whose text contains this")
      ->option_text("TEXT");
  app.add_option("--out", options.out, "folder for diagrams and traces")->option_text("DIR (out)");
}

// What is shown, of both.
template <typename Options>
void add_appearance(CLI::App& app, Options& options) {
  app.add_flag("--no-times", options.no_times,
               "leave out measured times: the same output in every run");
  app.add_flag("--no-pictures", options.no_pictures, "write no diagrams");
  app.add_flag("--dark", options.dark, "dark diagrams (SVG follows the viewer anyway)");
}

void add_check(CLI::App& app, CheckOptionsOnLine& options) {
  add_selection(app, options);
  app.add_option("--junit", options.junit,
                 "also write the outcomes as JUnit XML (`-`: to standard output)")
      ->option_text("FILE");
  app.add_option("--json", options.json,
                 "also write the findings as JSON (`-`: to standard output)")
      ->option_text("FILE");
  add_quantity(app, "--memory", options.memory_bytes,
               "memory limit, such as 4GiB or 500MB (default: 75 % of what the machine, the "
               "control group and ulimit allow)",
               bytes_of)
      ->option_text("SIZE");
  add_time_limit(app, options.seconds);
  add_count(app, "--states", options.states, "limit on the states of each scenario")
      ->option_text("N");
  add_count(app, "--horizon", options.horizon,
            "explore N ticks of true time and no more, times as they are (default: all of time, "
            "where that is possible)",
            kTicksMax)
      ->option_text("N");
  app.add_flag("--no-reduction", options.no_reduction,
               "visit every state: no message is dropped, no local forgotten");
  app.add_flag("--no-attempts", options.no_attempts,
               "what is not inductive is not shown to be true in other ways (k-induction, Spacer)");
  app.add_flag("--show-invariants", options.show_invariants,
               "show what Spacer found that makes a claim inductive (--json has it always)");
  app.add_flag("--exact", options.exact, "compare whole states instead of 64-bit fingerprints");
  app.add_flag("--full", options.full,
               "explore everything, also when all expectations are settled (for counts)");
  app.add_flag("--shortest", options.shortest,
               "show counterexamples with the fewest steps, rather than the fewest faults");
  app.add_flag("--coverage", options.coverage,
               "explore everything, and show what of the spec was never used");
  app.add_flag("--deadlocks", options.deadlocks,
               "tell and draw every deadlock that is met (default: those of scenarios in which an "
               "expectation is vacuous, or unmet without a run to show for it)");
  app.add_flag("--audit", options.audit,
               "have Z3 judge every distinct complete history, and compare with the monitor");
  add_appearance(app, options);
}

void add_simulate(CLI::App& app, SimulateOptionsOnLine& options) {
  add_selection(app, options);
  add_count(app, "--runs", options.runs, "random runs of each scenario")->option_text("N (1000)");
  add_count(app, "--steps", options.steps, "steps of a run, at most")->option_text("N (1000)");
  add_quantity(app, "--seed", options.seed, "another seed gives other runs; the same, the same",
               [](const std::string& text) { return count_of(text, 0, kSeedMax); })
      ->option_text("N (1)");
  add_time_limit(app, options.seconds);
  add_appearance(app, options);
}

/// The words behind the program's name, the last one first, as CLI11 takes them.
std::vector<std::string> words_of(int argument_count, const char* const* arguments) {
  std::vector<std::string> words;
  for (int i = 1; i < argument_count; ++i) {
    const std::string word = arguments[i];
    const bool is_value = !words.empty() && kNumeric.contains(words.back()) && word.size() > 1 &&
                          word[0] == '-' && word[1] != '-';
    if (is_value)
      words.back() += "=" + word;
    else
      words.push_back(word);
  }
  std::reverse(words.begin(), words.end());
  return words;
}

}  // namespace

CommandLine read_command_line(int argument_count, const char* const* arguments) {
  CLI::App app{
      "Capstan checks small replicated-register protocols exhaustively, and shows why a property "
      "fails.",
      "capstan"};
  app.set_version_flag("--version", std::string("capstan ") + CAPSTAN_VERSION);
  app.require_subcommand(1);
  app.footer(kFooter);
  CheckOptionsOnLine check;
  CLI::App* check_command = app.add_subcommand("check", "check every scenario of spec files");
  check_command->footer(kFooter);
  add_check(*check_command, check);
  SimulateOptionsOnLine simulate;
  CLI::App* simulate_command =
      app.add_subcommand("simulate", "take random runs of scenarios that are too large to explore");
  simulate_command->footer(kSimulateFooter);
  add_simulate(*simulate_command, simulate);
  ReplayOptionsOnLine replay;
  CLI::App* replay_command = app.add_subcommand(
      "replay", "run a saved counterexample again in the plain executor, and tell it step by step");
  replay_command->add_option("trace", replay.trace, "a .trace.json file written by `capstan check`")
      ->required()
      ->option_text("TRACE");
  replay_command->add_option("--spec", replay.spec, "the spec file, if it moved")
      ->option_text("FILE");
  FormatOptionsOnLine format;
  CLI::App* format_command = app.add_subcommand(
      "fmt", "rewrite spec files in the canonical form: spacing, indentation, columns");
  format_command->footer(
      "exit status: 0 all are in the canonical form, 1 some are not (--check), 2 some cannot be "
      "read or parsed");
  format_command->add_option("paths", format.paths, "spec files, or folders to search for *.cap")
      ->option_text("PATH... (specs)");
  format_command->add_flag("--check", format.check, "change nothing; list the files that differ");
  LintOptionsOnLine lint;
  CLI::App* lint_command = app.add_subcommand(
      "lint", "warn of what a spec says and its writer hardly means: `capstan doc` explains");
  lint_command->footer("exit status: 0 no warning, 1 warnings, 2 some spec has errors");
  lint_command->add_option("paths", lint.paths, "spec files, or folders to search for *.cap")
      ->option_text("PATH... (specs)");
  DocOptionsOnLine doc;
  CLI::App* doc_command =
      app.add_subcommand("doc", "explain a code such as E0301; without one, list all codes");
  doc_command->add_option("code", doc.code, "the code of an error or a warning")
      ->option_text("CODE");
  if (argument_count == 1) {
    std::fputs(app.help().c_str(), stderr);
    return kUsageError;
  }
  try {
    app.parse(words_of(argument_count, arguments));
  } catch (const CLI::ParseError& error) {
    const int status = app.exit(error);
    return status == 0 ? 0 : kUsageError;
  }
  if (*check_command) return check;
  if (*simulate_command) return simulate;
  if (*format_command) return format;
  if (*lint_command) return lint;
  if (*doc_command) return doc;
  return replay;
}

}  // namespace capstan::runtime
