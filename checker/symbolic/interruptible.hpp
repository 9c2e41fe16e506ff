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

/// What Z3 answers. Throws model::LimitReached if a limit in force, or a request for the end, is
/// why it gave up. Models are read outside: evaluating in one cannot be interrupted without harm.
z3::check_result ask_z3(z3::solver& solver);
z3::check_result ask_z3(z3::solver& solver, const z3::expr_vector& assumptions);

}  // namespace capstan::checker
