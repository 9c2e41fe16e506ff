// SPDX-License-Identifier: MIT
// main: the words of the command line to the command that they name.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <variant>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "runtime/command/check.hpp"
#include "runtime/command/doc.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/format.hpp"
#include "runtime/command/lint.hpp"
#include "runtime/command/options.hpp"
#include "runtime/command/output.hpp"
#include "runtime/command/replay.hpp"
#include "runtime/command/signals.hpp"
#include "runtime/command/simulate.hpp"

namespace {

std::string typed(int argument_count, char** arguments) {
  std::string line = "capstan";
  for (int i = 1; i < argument_count; ++i) line += std::string(" ") + arguments[i];
  return line;
}

int run(int argument_count, char** arguments) {
  using namespace capstan::runtime;
  const CommandLine command = read_command_line(argument_count, arguments);
  if (const int* status = std::get_if<int>(&command)) return *status;
  if (const auto* check = std::get_if<CheckOptionsOnLine>(&command))
    return run_check(*check, typed(argument_count, arguments));
  if (const auto* simulate = std::get_if<SimulateOptionsOnLine>(&command))
    return run_simulate(*simulate, typed(argument_count, arguments));
  if (const auto* format = std::get_if<FormatOptionsOnLine>(&command)) return run_format(*format);
  if (const auto* lint = std::get_if<LintOptionsOnLine>(&command)) return run_lint(*lint);
  if (const auto* doc = std::get_if<DocOptionsOnLine>(&command)) return run_doc(*doc);
  return run_replay(std::get<ReplayOptionsOnLine>(command));
}

}  // namespace

int main(int argument_count, char** arguments) {
  // A failed contract has said what is wrong and aborts: the documented exit status of that is 70.
  std::signal(SIGABRT, [](int) { std::_Exit(capstan::runtime::kInternalError); });
  capstan::model::remember_command_line(argument_count, arguments);
  capstan::runtime::occupy_standard_streams();
  capstan::runtime::prepare_signals();
  try {
    return capstan::runtime::status_after_output(run(argument_count, arguments));
  } catch (const capstan::model::LimitReached& reached) {
    std::fprintf(stderr, "capstan: %s\n", capstan::model::limit_text(reached).c_str());
    return capstan::runtime::kUndecided;
  } catch (const std::exception& error) {
    return capstan::runtime::internal_error(error.what(), typed(argument_count, arguments));
  }
}
