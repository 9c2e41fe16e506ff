// SPDX-License-Identifier: MIT
// window_hops: for how many messages, one after another, replicas may differ once clients have
// stopped and faults are over.
//
// From: StateGraph. To: liveness/eventually (`converges`). A *chain* is a sequence of messages,
// each sent by the receiver of the one before, in the step that delivered that one, or in a later
// step if the delivery changed the receiver's state: the longest way that news has gone, message by
// message (Lamport's happened-before, CACM 1978, through states that changed). Its hops are those
// of its deliveries that changed or sent something. Counted are deliveries in states in which
// replicas differ. Chains are ways of a *mark* that lies on a process or on a message in flight:
// pairs of a state and a place of the mark are the nodes of a graph in which a delivery of the
// marked message is an edge of length one, all others of length zero, and a longest way is found as
// in find_window. Cost: O(nodes x steps of a state). Tested by:
// tests/differential/endless_reference_test.cpp
#pragma once

#include <vector>

#include "checker/explore/protocol_system.hpp"
#include "checker/liveness/state_graph.hpp"
#include "checker/liveness/window.hpp"

namespace capstan::checker {

/// Adds the hops to the window; not where messages stay (`kept`), where equal messages stand in one
/// queue (`fifo`), or where there would be more than ten million edges. `differs` and
/// `steps` as in find_window. The system is the graph's.
void count_window_hops(ProtocolSystem& system, StateGraph& graph, const std::vector<bool>& differs,
                       const std::vector<bool>& steps, Window& window);

}  // namespace capstan::checker
