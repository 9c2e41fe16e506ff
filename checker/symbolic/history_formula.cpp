// SPDX-License-Identifier: MIT
// history_formula: splitting a history into parts, choosing the encoding, reading an order out of a
// model.
#include "checker/symbolic/history_formula.hpp"

#include <algorithm>

#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

std::vector<HistoryPart> parts_of(const model::Protocol& protocol, const model::History& history,
                                  int object) {
  std::vector<HistoryPart> parts;
  for (std::size_t i = 0; i < history.size(); ++i) {
    const model::HistoryOperation& operation = history[i];
    if (object >= 0 && operation.object != object) continue;
    auto at = std::find_if(parts.begin(), parts.end(), [&](const HistoryPart& part) {
      return part.object == operation.object && part.key == operation.key;
    });
    if (at == parts.end()) at = parts.insert(parts.end(), {operation.object, operation.key, {}});
    const model::Object& declared = protocol.objects[static_cast<std::size_t>(operation.object)];
    if (operation.is_pending() && model::is_read_only(declared, operation.op)) continue;
    at->operations.push_back(static_cast<int>(i));
  }
  return parts;
}

HistoryFormula::HistoryFormula(Solver& solver, const model::Protocol& protocol,
                               const model::History& history, const HistoryPart& part, Facts mode)
    : part_(part), solver_(solver) {
  FormulaInput input{solver, protocol, part.object, {}, mode};
  for (const int i : part.operations)
    input.operations.push_back(&history[static_cast<std::size_t>(i)]);
  failure_ = has_axioms(input) ? assert_order_formula(input, facts_, before_, is_taken_)
                               : assert_slot_formula(input, facts_, at_slot_);
}

std::vector<int> HistoryFormula::order() const {
  const std::size_t count = part_.operations.size();
  std::vector<std::pair<std::size_t, std::size_t>> placed;  // (position, operation)
  for (std::size_t i = 0; i < count; ++i) {
    if (!at_slot_.empty()) {
      for (std::size_t k = 0; k < at_slot_[i].size(); ++k) {
        if (solver_.value(at_slot_[i][k])) placed.emplace_back(k, i);
      }
      continue;
    }
    if (!solver_.value(is_taken_[i])) continue;
    std::size_t position = 0;
    for (std::size_t j = 0; j < count; ++j)
      position += j != i && solver_.value(before_[j][i]) ? 1 : 0;
    placed.emplace_back(position, i);
  }
  std::sort(placed.begin(), placed.end());
  std::vector<int> order;
  for (const auto& [position, i] : placed) order.push_back(part_.operations[i]);
  return order;
}

}  // namespace capstan::checker
