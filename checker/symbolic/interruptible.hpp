// SPDX-License-Identifier: MIT
// interruptible: lets a request to end all work (model/base/limits) end a question to Z3, which
// polls nothing of ours.
//
// One thread for the process looks every 20 ms, while a question is put, whether the end is wanted.
// Z3 has a handler of its own for Ctrl-C, which would take the signal away from the program; it is
// switched off. Tested by: tests/specs/interruption_test.cpp.
#pragma once

#include <z3++.h>

namespace capstan::checker {

/// While it lives, a request for the end interrupts what is asked in this context; of nested ones
/// in the innermost.
class Interruptible {
 public:
  explicit Interruptible(z3::context& context);
  explicit Interruptible(z3::solver& solver);
  ~Interruptible();
  Interruptible(const Interruptible&) = delete;
  Interruptible& operator=(const Interruptible&) = delete;

 private:
  Z3_context outer_;
};

}  // namespace capstan::checker
