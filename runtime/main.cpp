// SPDX-License-Identifier: MIT
// main: the words of the command line to the command that they name.
#include <pthread.h>

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <string>
#include <system_error>
#include <variant>

#include "checker/cut_short.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/system/effort.hpp"
#include "runtime/command/check.hpp"
#include "runtime/command/doc.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/format.hpp"
#include "runtime/command/lint.hpp"
#include "runtime/command/options.hpp"
#include "runtime/command/out_of_memory.hpp"
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

/// Threads that Z3 makes for its clocks need little, and under `ulimit -v` there is little.
void keep_threads_small() {
  pthread_attr_t attributes;
  if (pthread_attr_init(&attributes) != 0) return;
  pthread_attr_setstacksize(&attributes, std::size_t{512} << 10U);
  pthread_setattr_default_np(&attributes);
  pthread_attr_destroy(&attributes);
}

}  // namespace

#if !defined(__SANITIZE_ADDRESS__)  // which is not ready yet
/// Before the libraries make their static objects, which takes memory too.
__attribute__((section(".preinit_array"), used)) void (*const prepare_early)(int, char**, char**) =
    [](int, char**, char**) { capstan::runtime::prepare_for_lack_of_memory(); };
#endif

int main(int argument_count, char** arguments) {
  keep_threads_small();
#if defined(__SANITIZE_ADDRESS__)
  capstan::runtime::prepare_for_lack_of_memory();
#endif
  capstan::runtime::prepare_to_look_at_callers();
  capstan::model::remember_command_line(argument_count, arguments);
  capstan::runtime::occupy_standard_streams();
  capstan::runtime::prepare_signals();
  try {
    return capstan::runtime::status_after_output(run(argument_count, arguments));
  } catch (const capstan::model::LimitReached& reached) {
    std::fprintf(stderr, "capstan: %s\n", capstan::model::limit_text(reached).c_str());
    return capstan::runtime::kUndecided;
  } catch (const capstan::model::TooLong& step) {
    std::fprintf(stderr, "undecided: one step is too long: %s\n", step.message.c_str());
    return capstan::runtime::kUndecided;
  } catch (const std::bad_alloc&) {
    return capstan::runtime::out_of_memory();
  } catch (const std::system_error& error) {
    if (capstan::checker::is_lack_of_memory(error)) return capstan::runtime::out_of_memory();
    return capstan::runtime::internal_error(error.what(), typed(argument_count, arguments));
  } catch (const std::exception& error) {
    return capstan::runtime::internal_error(error.what(), typed(argument_count, arguments));
  }
}
