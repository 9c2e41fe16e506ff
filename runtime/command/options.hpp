// SPDX-License-Identifier: MIT
// options: the words of the command line, as data. One table (options.cpp) holds every name,
// default, range and help text.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace capstan::runtime {

struct CheckOptionsOnLine {
  std::vector<std::string> paths;
  std::vector<std::string> scenarios;
  std::string property;
  std::string out = "out";
  std::string junit;
  std::string json;
  std::uint64_t memory_bytes = 0;  // 0: 75 % of what the machine has
  std::uint64_t states = 0;
  int horizon = 0;  // ticks; 0: no bound where that is possible
  double seconds = 0;
  bool no_reduction = false;
  bool no_attempts = false;
  bool show_invariants = false;
  bool exact = false;
  bool full = false;
  bool shortest = false;
  bool coverage = false;
  bool audit = false;
  bool deadlocks = false;
  bool no_times = false;
  bool no_pictures = false;
  bool dark = false;
};

struct ReplayOptionsOnLine {
  std::string trace;
  std::string spec;  // instead of the path that the trace names
};

struct SimulateOptionsOnLine {
  std::vector<std::string> paths;
  std::vector<std::string> scenarios;
  std::string property;
  std::string out = "out";
  std::uint64_t runs = 1000;
  std::uint64_t steps = 1000;
  std::uint64_t seed = 1;
  double seconds = 0;
  bool no_times = false;
  bool no_pictures = false;
  bool dark = false;
};

struct FormatOptionsOnLine {
  std::vector<std::string> paths = {"specs"};
  bool check = false;
};

struct LintOptionsOnLine {
  std::vector<std::string> paths = {"specs"};
};

struct DocOptionsOnLine {
  std::string code;  // empty: the list of all
};

/// What to do, or an exit status because there is nothing (help was printed, or the words are
/// wrong).
using CommandLine =
    std::variant<int, CheckOptionsOnLine, ReplayOptionsOnLine, SimulateOptionsOnLine,
                 FormatOptionsOnLine, LintOptionsOnLine, DocOptionsOnLine>;

/// Prints help, version or an error itself. Wrong words give status 2.
CommandLine read_command_line(int argument_count, const char* const* arguments);

}  // namespace capstan::runtime
