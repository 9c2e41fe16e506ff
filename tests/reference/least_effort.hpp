// SPDX-License-Identifier: MIT
// least_effort: the fewest faults, then operations, then steps to a violation, by the slow and
// obvious way: Dijkstra's search over the plain executor's worlds by (faults, operations, steps).
// For tests only.
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>

#include "model/typed/protocol.hpp"

namespace capstan::tests {

using LeastEffort = std::array<int, 3>;  // faults, operations, steps

struct LeastEffortAnswer {
  bool gave_up = false;  // more than `states_max` states: nothing is known
  std::optional<LeastEffort> found;
};

/// The least effort to a state in which the expectation's condition is false (always) or true
/// (never, reachable), or to a history that is not linearizable.
LeastEffortAnswer least_effort(const model::Protocol& protocol, std::size_t expectation,
                               std::size_t states_max);

}  // namespace capstan::tests
