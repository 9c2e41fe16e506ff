// SPDX-License-Identifier: MIT
// history_formula: "some order of the operations explains what the clients saw", as a formula.
//
// From: judge (is it satisfiable?), why (which facts make it unsatisfiable?). To: solver. Two
// encodings; none shares a line with the monitor, which is what makes the two judges of a history
// independent:
// - order_formula: a Boolean `before(i, j)` for each pair, total and transitive, and the object's
//   axioms in terms of it. Registers, cas_registers, sets and locks by reads-from; counters by
//   sums; logs by positions; queues by matching dequeues with enqueues.
// - slot_formula: a Boolean "operation i is the k-th" and one for each object state reachable
//   before the k-th. For any object, about twelve operations.
//
// A fact is "i was answered before j was called" or "i returned v". With Facts::Fixed they are
// folded into the formula (for bulk: all ordered pairs become constants); with Facts::Assumed each
// has a literal to be assumed, so that an unsatisfiable core is a set of facts. A pending operation
// has no answer; an update that is left out is one placed last, where that changes no answer.
// Cost: order O(n^3) clauses at most, reads O(reads x updates^2); slots O(n^2 x states).
// Tested by: tests/unit/checker/symbolic_judge_test.cpp,
// tests/differential/linearizability_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/solver.hpp"
#include "model/base/result.hpp"
#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// The operations of one object and one key: linearizability is local, so each part is judged alone
/// (Herlihy, Wing 1990, section 3.1).
struct HistoryPart {
  int object = -1;
  model::Value key;
  std::vector<int>
      operations;  // into the history; without pending operations that can never change the object
};

/// The parts in order of first appearance; of `object` only, unless it is -1.
std::vector<HistoryPart> parts_of(const model::Protocol& protocol, const model::History& history,
                                  int object = -1);

/// a was answered before b was called.
inline bool is_before(const model::HistoryOperation& a, const model::HistoryOperation& b) {
  return a.responded < b.invoked;
}

struct Fact {
  enum class Kind { RealTime, Returned } kind = Kind::RealTime;
  int first =
      -1;  // into HistoryPart::operations; RealTime: first was answered before second was called
  int second = -1;
  Literal assumption = kTrue;
};

enum class Facts { Fixed, Assumed };

/// What both encodings start from.
struct FormulaInput {
  Solver& solver;
  const model::Protocol& protocol;
  int object;
  std::vector<const model::HistoryOperation*> operations;
  Facts mode;

  const model::Object& declared() const {
    return protocol.objects[static_cast<std::size_t>(object)];
  }
  const model::ObjectOp& op(std::size_t i) const {
    return declared().ops[static_cast<std::size_t>(operations[i]->op)];
  }
};

/// The formula, asserted in `solver` at its present level.
class HistoryFormula {
 public:
  HistoryFormula(Solver& solver, const model::Protocol& protocol, const model::History& history,
                 const HistoryPart& part, Facts mode);
  HistoryFormula(const HistoryFormula&) = delete;
  HistoryFormula& operator=(const HistoryFormula&) = delete;

  /// Set if the encoding has no place for this history; nothing may be concluded then.
  const std::optional<model::Failure>& failure() const { return failure_; }
  /// With Facts::Assumed.
  const std::vector<Fact>& facts() const { return facts_; }
  /// After Satisfiable: an order that explains the answers, as positions in the history; pending
  /// operations without effect are left out.
  std::vector<int> order() const;

 private:
  const HistoryPart& part_;
  std::optional<model::Failure> failure_;
  std::vector<Fact> facts_;
  std::vector<std::vector<Literal>> before_;  // order formula
  std::vector<Literal> is_taken_;
  std::vector<std::vector<Literal>> at_slot_;  // slot formula: [operation][slot]
  Solver& solver_;
};

/// The order formula: fills `before` (a total order of the operations) and `is_taken` (false: left
/// out of the order) and asserts the object's axioms. Fails for objects and values that it has no
/// axioms for.
std::optional<model::Failure> assert_order_formula(const FormulaInput& input,
                                                   std::vector<Fact>& facts,
                                                   std::vector<std::vector<Literal>>& before,
                                                   std::vector<Literal>& is_taken);
/// Makes a tournament (`before[j][i]` is the negation of `before[i][j]`) a total order.
void require_transitive(Solver& solver, const std::vector<std::vector<Literal>>& before);
/// Whether the order formula knows this object with these values.
bool has_axioms(const FormulaInput& input);

/// The slot formula: fills `at_slot`.
std::optional<model::Failure> assert_slot_formula(const FormulaInput& input,
                                                  std::vector<Fact>& facts,
                                                  std::vector<std::vector<Literal>>& at_slot);

}  // namespace capstan::checker
