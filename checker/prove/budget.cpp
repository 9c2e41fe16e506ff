// SPDX-License-Identifier: MIT
#include "checker/prove/budget.hpp"

#include <algorithm>

#include "checker/symbolic/interruptible.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

/// The steps that Z3 has taken in the solver's context so far.
std::uint64_t steps_of(const z3::solver& solver) {
  const z3::stats statistics = solver.statistics();
  for (unsigned i = 0; i < statistics.size(); ++i)
    if (statistics.key(i) == "rlimit count") return statistics.uint_value(i);
  return 0;
}

}  // namespace

z3::check_result Budget::check(z3::solver& solver) {
  return check(solver, z3::expr_vector(solver.ctx()));
}

z3::check_result Budget::check(z3::solver& solver, const z3::expr_vector& assumed) {
  if (is_spent()) return z3::unknown;
  z3::params params(solver.ctx());
  params.set("rlimit", static_cast<unsigned>(left_));
  params.set("timeout", model::milliseconds_left(limits_.milliseconds));
  solver.set(params);
  const std::uint64_t before = steps_of(solver);
  const z3::check_result result = ask_z3(solver, assumed);
  left_ -= std::min(left_, steps_of(solver) - before);
  return result;
}

}  // namespace capstan::checker
