// SPDX-License-Identifier: MIT
// fair_cycle: a short cycle through a state of a fair component that owes nothing: each class of
// fair steps is disabled in a state of the cycle, or taken in it.
//
// From: liveness/fair_runs. Breadth-first over pairs of a state and the classes still owed: those
// enabled in all states so far and not taken. So the cycle is a shortest one. Where that search
// gets too large, it goes on from the first pair that owes less, which is short and not always
// shortest. Tested by: tests/unit/checker/liveness/fair_runs_test.cpp.
#pragma once

#include <functional>
#include <vector>

#include "checker/liveness/fairness.hpp"
#include "checker/liveness/state_graph.hpp"

namespace capstan::checker {

struct CycleQuery {
  StateId start = 0;
  std::function<bool(StateId)> inside;  // the component, strongly connected and fair
  const std::vector<bool>& steps;       // by label: may be taken; empty: all
  const std::vector<bool>& visits;      // by state: one of these is passed; empty: no matter which
};

/// Labels of the cycle, at least one. Requires that there is such a cycle: the component is not a
/// single state without steps.
std::vector<LabelId> fair_cycle(const StateGraph& graph, const FairnessClasses& classes,
                                const CycleQuery& query);

}  // namespace capstan::checker
