// SPDX-License-Identifier: MIT
// available: `available to all | majority | processes`: who is owed an answer while faults stand.
//
// From: liveness/eventually (the graph of all states). To: fair_runs, as a question about each
// process that invokes. From a state on the faults are frozen: nothing more strikes, heals,
// restarts or goes on after a pause. The property is violated by a fair run on which an operation
// of a process that is owed an answer is pending for ever. Owed it is (Gilbert, Lynch, SIGACT News
// 33(2), 2002; SEMANTICS 4 of the design) while it is up and not paused, its `home` is too if it
// has one, and else it is not cut off from all servers; for `majority` moreover more than half of
// the processes of each role of servers are up, not paused, and linked both ways to it or to its
// home. *Servers* are processes of roles without operations (of all roles where each has some). A
// link that no message takes cannot be cut. Cost: a look at each state a process, then fair_runs.
// Tested by: tests/differential/available_reference_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/liveness/fair_runs.hpp"

namespace capstan::checker {

struct AvailabilityAnswer {
  bool is_error = false;       // finding out who is owed an answer is a model error
  std::optional<FairRun> run;  // on which somebody waits for ever: fewest faults, then operations
  std::string untested;        // what nothing put to the test; empty: all was
};

/// Judges expectation `index` of the system's scenario, which must be AvailableTo.
AvailabilityAnswer judge_available(const ProtocolSystem& system, StateGraph& graph,
                                   const FairnessClasses& classes, std::size_t index);

}  // namespace capstan::checker
