// SPDX-License-Identifier: MIT
// strong_parts: the strong components of a part of a state graph.
//
// Tarjan 1972, by Boost.Graph. Cost: linear in states and edges.
// From: StateGraph. To: fair_runs, find_window, quiescence.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/liveness/state_graph.hpp"

namespace capstan::checker {

/// Components are numbered in the order in which they are left: what one leads to, within the part,
/// has a smaller number.
struct StrongParts {
  std::vector<std::uint32_t> of_state;        // by state; of those outside the part: 0
  std::vector<std::vector<StateId>> members;  // by component; states in order
};

/// `sets`: by label set, whether its edges belong to the part; `inside`: by state, all if empty.
StrongParts strong_parts(const StateGraph& graph, const std::vector<bool>& sets,
                         const std::vector<bool>& inside = {});

/// By label set: whether it has a label that is a step. `steps`: by label, all if empty.
std::vector<bool> sets_with_steps(const StateGraph& graph, const std::vector<bool>& steps);

}  // namespace capstan::checker
