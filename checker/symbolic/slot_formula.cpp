// SPDX-License-Identifier: MIT
// slot_formula: which operation is the k-th, and which state the object is in before it; for any
// object with a sequential definition.
//
// From: history_formula. To: solver. The states reachable before the k-th operation are listed
// beforehand by the object's own definition (model/system/object), which is all that this shares
// with the monitor. A model error in the object's code explains nothing: an order that meets one is
// no explanation. Pending operations may be left out; the order fills the slots from the first on.
#include <map>

#include "checker/symbolic/history_formula.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::Failure;
using model::HistoryOperation;
using model::Value;

namespace {

constexpr std::size_t kOperationsMost = 16;
constexpr std::size_t kStatesMost = 4096;  // at one slot

class SlotFormula {
 public:
  SlotFormula(const FormulaInput& input, std::vector<Fact>& facts,
              std::vector<std::vector<Literal>>& at_slot)
      : input_(input),
        solver_(input.solver),
        count_(input.operations.size()),
        facts_(facts),
        at_slot_(at_slot) {}

  std::optional<Failure> build() {
    if (count_ > kOperationsMost) {
      return Failure{"a written-out object is judged symbolically up to 16 operations only"};
    }
    slots();
    placing();
    real_time();
    return states();
  }

 private:
  const HistoryOperation& operation(std::size_t i) const { return *input_.operations[i]; }
  bool is_answered(std::size_t i) const {
    return !operation(i).is_pending() && input_.op(i).has_result;
  }

  /// With fixed facts an operation stands behind its predecessors and before its successors in real
  /// time.
  void slots() {
    at_slot_.assign(count_, std::vector<Literal>(count_, kFalse));
    for (std::size_t i = 0; i < count_; ++i) {
      std::size_t first = 0, after = 0;
      for (std::size_t j = 0; j < count_ && input_.mode == Facts::Fixed; ++j) {
        first += is_before(operation(j), operation(i)) ? 1 : 0;
        after += is_before(operation(i), operation(j)) && !operation(j).is_pending() ? 1 : 0;
      }
      for (std::size_t k = first; k + after < count_; ++k) at_slot_[i][k] = solver_.variable();
    }
  }

  void placing() {
    for (std::size_t i = 0; i < count_; ++i) {
      if (!operation(i).is_pending()) solver_.require_any(at_slot_[i]);
      for (std::size_t k = 0; k < count_; ++k) {
        for (std::size_t l = k + 1; l < count_; ++l)
          solver_.require_any({!at_slot_[i][k], !at_slot_[i][l]});
        for (std::size_t j = i + 1; j < count_; ++j)
          solver_.require_any({!at_slot_[i][k], !at_slot_[j][k]});
        if (k == 0) continue;
        std::vector<Literal> clause{!at_slot_[i][k]};  // no gap
        for (std::size_t j = 0; j < count_; ++j) clause.push_back(at_slot_[j][k - 1]);
        solver_.require_any(clause);
      }
    }
  }

  void real_time() {
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t j = 0; j < count_; ++j) {
        if (!is_before(operation(i), operation(j))) continue;
        Literal assumption = kTrue;
        if (input_.mode == Facts::Assumed) {
          assumption = solver_.variable();
          facts_.push_back(
              {Fact::Kind::RealTime, static_cast<int>(i), static_cast<int>(j), assumption});
        }
        for (std::size_t k = 0; k < count_; ++k) {
          std::vector<Literal> clause{!assumption, !at_slot_[j][k]};
          for (std::size_t l = 0; l < k; ++l) clause.push_back(at_slot_[i][l]);
          solver_.require_any(clause);
        }
      }
    }
  }

  std::optional<Failure> states() {
    std::vector<Literal> returned(count_, kFalse);
    for (std::size_t i = 0; i < count_; ++i) {
      if (!is_answered(i)) continue;
      returned[i] = kTrue;
      if (input_.mode == Facts::Fixed) continue;
      returned[i] = solver_.variable();
      facts_.push_back({Fact::Kind::Returned, static_cast<int>(i), -1, returned[i]});
    }
    std::map<Value, Literal> here{{input_.declared().initial, kTrue}};
    for (std::size_t k = 0; k < count_; ++k) {
      std::map<Value, Literal> next;
      for (const auto& [state, is_state] : here) {
        for (std::size_t i = 0; i < count_; ++i) {
          if (!at_slot_[i][k].is_false()) transition(i, k, state, is_state, returned[i], next);
        }
      }
      if (next.size() > kStatesMost)
        return Failure{"the object has too many states to be judged symbolically"};
      here = std::move(next);
    }
    return std::nullopt;
  }

  void transition(std::size_t i, std::size_t k, const Value& state, Literal is_state,
                  Literal returned, std::map<Value, Literal>& next) {
    const auto answer = answer_of(i, state);
    if (!answer) {
      solver_.require_any({!at_slot_[i][k], !is_state});
      return;
    }
    if (is_answered(i) && answer->result != operation(i).result) {
      solver_.require_any({!at_slot_[i][k], !is_state, !returned});
      if (returned.is_true()) return;
    }
    const auto [place, is_new] = next.try_emplace(answer->state, kTrue);
    if (is_new) place->second = solver_.variable();
    solver_.require_any({!at_slot_[i][k], !is_state, place->second});
  }

  std::optional<model::ObjectAnswer> answer_of(std::size_t i, const Value& state) {
    const auto [place, is_new] = answers_.try_emplace({state, i});
    if (!is_new) return place->second;
    try {
      place->second =
          model::apply(input_.protocol, input_.object, state, operation(i).op, operation(i).args);
    } catch (const model::ModelError&) {
      place->second = std::nullopt;
    }
    return place->second;
  }

  const FormulaInput& input_;
  Solver& solver_;
  std::size_t count_;
  std::vector<Fact>& facts_;
  std::vector<std::vector<Literal>>& at_slot_;
  std::map<std::pair<Value, std::size_t>, std::optional<model::ObjectAnswer>> answers_;
};

}  // namespace

std::optional<Failure> assert_slot_formula(const FormulaInput& input, std::vector<Fact>& facts,
                                           std::vector<std::vector<Literal>>& at_slot) {
  return SlotFormula(input, facts, at_slot).build();
}

}  // namespace capstan::checker
