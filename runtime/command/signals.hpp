// SPDX-License-Identifier: MIT
// signals: what Ctrl-C, SIGTERM and SIGHUP do, and which files are gone when they end the program.
//
// As a rule they end it at once. Where results are gathered (`check`, `simulate`) the first one
// asks the work to stop (model/base/limits), so that what was found is told, and a second one ends
// at once. Either way the temporary file of a write that is under way is removed. Tested by:
// tests/specs/interruption_test.cpp.
#pragma once

#include <string>

namespace capstan::runtime {

/// To be called once, first of all. Signals that end the program remove its temporary file; SIGPIPE
/// and SIGXFSZ are errors of writing, not the end.
void prepare_signals();

/// From now on the first signal asks for an end, and a second one is the end.
void stop_work_on_signals();

/// While it lives, the file is removed when a signal ends the program. One at a time.
class TemporaryName {
 public:
  explicit TemporaryName(const std::string& path);
  ~TemporaryName();
  TemporaryName(const TemporaryName&) = delete;
  TemporaryName& operator=(const TemporaryName&) = delete;
};

/// While it lives, signals that would end the program wait.
class SignalsWait {
 public:
  SignalsWait();
  ~SignalsWait();
  SignalsWait(const SignalsWait&) = delete;
  SignalsWait& operator=(const SignalsWait&) = delete;
};

}  // namespace capstan::runtime
