// SPDX-License-Identifier: MIT
// solver: propositional formulas with sums, decided by Z3. (guards needs integers, and asks Z3
// itself.)
//
// From: symbolic/history_formula, symbolic/why. To: Z3 4.8. One context and one *simple* solver for
// each Solver, with push and pop around each question: the default solver spends 7 to 45 ms on
// starting up, a fresh context 1 to 15 ms, this way thousands of small histories a second are
// decided. Literals are numbers, constants are folded before Z3 sees anything. Exceptions of Z3 end
// here: they make every later answer `Unknown` with the reason, until the outermost pop. Not
// thread-safe: one Solver a thread, nothing shared between two.
// Tested by: tests/unit/checker/symbolic_judge_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace capstan::checker {

/// A formula of a Solver: true, false, a variable, a compound, or the negation of one. Valid until
/// the pop of the level it was made in.
struct Literal {
  std::int32_t code = 1;  // 1: true; negative: the negation
  Literal operator!() const { return {-code}; }
  bool is_true() const { return code == 1; }
  bool is_false() const { return code == -1; }
  friend auto operator<=>(Literal, Literal) = default;
};
inline constexpr Literal kTrue{1};
inline constexpr Literal kFalse{-1};

class Solver {
 public:
  struct Budget {
    unsigned milliseconds = 10'000;  // for each check: the outer guard
    unsigned steps = 0;              // Z3's rlimit for each check, repeatable; 0: none
  };
  enum class Answer { Satisfiable, Unsatisfiable, Unknown };

  explicit Solver(Budget budget);
  ~Solver();
  Solver(const Solver&) = delete;
  Solver& operator=(const Solver&) = delete;

  Literal variable();
  Literal all_of(std::span<const Literal> literals);
  Literal any_of(std::span<const Literal> literals);
  /// Whether the weights of the true literals add up to `total`.
  Literal sum_is(std::span<const std::pair<Literal, std::int64_t>> terms, std::int64_t total);

  void require(Literal literal);
  void require_any(std::span<const Literal> literals);
  void require_any(std::initializer_list<Literal> literals) {
    require_any(std::span(literals.begin(), literals.size()));
  }

  void push();
  void pop();

  Answer check() { return check({}); }
  /// Assumptions must be variables or negated variables.
  Answer check(std::span<const Literal> assumptions);
  /// After Satisfiable: the value in the model found; false for what the model leaves open.
  bool value(Literal literal) const;
  /// After Unsatisfiable under assumptions: those that it needed (not always minimal).
  std::vector<Literal> core() const;
  /// After Unknown: why, in words.
  const std::string& reason() const;

 private:
  struct Implementation;
  std::unique_ptr<Implementation> implementation_;
};

}  // namespace capstan::checker
