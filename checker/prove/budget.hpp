// SPDX-License-Identifier: MIT
// budget: how much Z3 may be asked for one purpose: steps, which are the same on every machine, and
// a clock far beyond them.
//
// To: prove/k_induction, prove/spacer. Tested by: tests/unit/checker/prove/attempts_test.cpp
#pragma once

#include <z3++.h>

#include <cstdint>

namespace capstan::checker {

class Budget {
 public:
  struct Limits {
    unsigned steps;
    unsigned milliseconds;
  };
  explicit Budget(Limits limits) : limits_(limits), left_(limits.steps) {}

  /// The solver's answer; unknown where the budget ends.
  z3::check_result check(z3::solver& solver);
  /// The same if these are true, of which a core is then known.
  z3::check_result check(z3::solver& solver, const z3::expr_vector& assumed);
  bool is_spent() const { return left_ == 0; }

 private:
  Limits limits_;
  std::uint64_t left_;
};

}  // namespace capstan::checker
