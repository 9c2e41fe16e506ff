// SPDX-License-Identifier: MIT
// find_window: for how long replicas may differ once clients have stopped and faults are over.
//
// From: StateGraph. To: liveness/eventually (`converges`), reports. Looked at are the states in
// which they differ, and the steps that can still be taken there; a step that changes nothing is no
// step. Their strong components (Tarjan) form a graph without cycles, in which a longest way is
// found in one pass (SEMANTICS 4). A component of several states can be gone round in for as long
// as one likes: then only fairness ends the difference, and the way counts each component once.
// Cost: O(states + steps). Tested by: tests/differential/endless_reference_test.cpp
#pragma once

#include <vector>

#include "checker/liveness/state_graph.hpp"
#include "checker/liveness/window.hpp"

namespace capstan::checker {

/// `differs`: by state. `steps`: by label, whether it can still come. `has_time`: ticks are
/// counted.
Window find_window(const StateGraph& graph, const std::vector<bool>& differs,
                   const std::vector<bool>& steps, bool has_time);

}  // namespace capstan::checker
