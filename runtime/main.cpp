// SPDX-License-Identifier: MIT
// main: the words of the command line to the command that they name.
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <variant>

#include "model/base/require.hpp"
#include "runtime/command/check.hpp"
#include "runtime/command/options.hpp"
#include "runtime/command/replay.hpp"

namespace {

constexpr int kInternalError = 70;

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
  return run_replay(std::get<ReplayOptionsOnLine>(command));
}

}  // namespace

int main(int argument_count, char** arguments) {
  // A failed contract has said what is wrong and aborts: the documented exit status of that is 70.
  std::signal(SIGABRT, [](int) { std::_Exit(kInternalError); });
  capstan::model::remember_command_line(argument_count, arguments);
  try {
    return run(argument_count, arguments);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "capstan: internal error: %s\n  reproduce with: %s\n", error.what(),
                 typed(argument_count, arguments).c_str());
    return kInternalError;
  }
}
