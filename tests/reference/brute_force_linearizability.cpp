// SPDX-License-Identifier: MIT
#include "tests/reference/brute_force_linearizability.hpp"

#include <algorithm>
#include <map>
#include <numeric>
#include <utility>

#include "model/system/object.hpp"

namespace capstan::tests {

using model::History;
using model::HistoryOperation;
using model::Value;

namespace {

/// Whether this order contains the real-time order: nobody stands before an operation that had
/// responded before it was invoked.
bool respects_real_time(const History& operations, const std::vector<std::size_t>& order) {
  for (std::size_t i = 0; i < order.size(); ++i) {
    for (std::size_t j = i + 1; j < order.size(); ++j) {
      if (operations[order[j]].responded < operations[order[i]].invoked) return false;
    }
  }
  return true;
}

/// Whether the object answers as recorded when the operations come one after another in this order;
/// pending ones may have any result.
bool is_legal(const model::Protocol& protocol, int object, const History& operations,
              const std::vector<std::size_t>& order) {
  Value state = protocol.objects[static_cast<std::size_t>(object)].initial;
  for (const std::size_t i : order) {
    const HistoryOperation& operation = operations[i];
    const model::ObjectAnswer answer =
        model::apply(protocol, object, state, operation.op, operation.args);
    if (!operation.is_pending() && !(answer.result == operation.result)) return false;
    state = answer.state;
  }
  return true;
}

bool some_order_fits(const model::Protocol& protocol, int object, const History& operations,
                     std::vector<std::size_t> chosen) {
  std::sort(chosen.begin(), chosen.end());
  do {
    if (respects_real_time(operations, chosen) && is_legal(protocol, object, operations, chosen))
      return true;
  } while (std::next_permutation(chosen.begin(), chosen.end()));
  return false;
}

/// The operations of one object and key.
bool is_linearizable(const model::Protocol& protocol, int object, const History& operations) {
  std::vector<std::size_t> completed;
  std::vector<std::size_t> pending;
  for (std::size_t i = 0; i < operations.size(); ++i)
    (operations[i].is_pending() ? pending : completed).push_back(i);
  for (std::size_t subset = 0; subset < (std::size_t{1} << pending.size()); ++subset) {
    std::vector<std::size_t> chosen = completed;
    for (std::size_t i = 0; i < pending.size(); ++i) {
      if (((subset >> i) & 1) != 0) chosen.push_back(pending[i]);
    }
    if (some_order_fits(protocol, object, operations, std::move(chosen))) return true;
  }
  return false;
}

}  // namespace

bool is_linearizable(const model::Protocol& protocol,
                     const std::vector<model::HistoryEvent>& events, int object) {
  std::map<std::pair<int, Value>, History> parts;
  for (const HistoryOperation& operation : model::operations_of(events)) {
    if (object < 0 || operation.object == object)
      parts[{operation.object, operation.key}].push_back(operation);
  }
  for (const auto& [part, operations] : parts) {
    if (!is_linearizable(protocol, part.first, operations)) return false;
  }
  return true;
}

}  // namespace capstan::tests
