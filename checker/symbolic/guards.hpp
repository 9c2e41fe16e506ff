// SPDX-License-Identifier: MIT
// guards: whether a guard can hold at all within the types and the params of a point, before
// anything is explored.
//
// From: typed/protocol. To: vacuity, check (remarks). Z3 is asked for values of the variables that
// make all conjuncts true. What it is not told (collections, comprehensions, a clock) is left free,
// so "can never hold" is certain and the opposite is not: an over-approximation of what can be.
// Cost: a small linear problem for each guard. Tested by: tests/unit/checker/guards_test.cpp.
#pragma once

#include <cstddef>
#include <memory>
#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// The conjuncts of a condition, `a and b and c`, from the left; none for a null one.
std::vector<const model::Expr*> conjuncts_of(const model::Expr* condition);

/// Questions about the guards of one protocol, which they share a solver for.
class Guards {
 public:
  /// Cheap: the solver is made for the first question. `protocol` outlives this.
  explicit Guards(const model::Protocol& protocol);
  ~Guards();
  Guards(const Guards&) = delete;
  Guards& operator=(const Guards&) = delete;

  /// Of these conjuncts (over one frame), some that cannot hold together whatever the variables are
  /// (indices, as few as Z3 found); empty: they may, or it is not known, as after 1,000 questions.
  std::vector<std::size_t> contradiction(const std::vector<const model::Expr*>& conjuncts);

 private:
  struct Solver;

  const model::Protocol& protocol_;
  std::unique_ptr<Solver> solver_;
  int questions_ = 0;
};

}  // namespace capstan::checker
