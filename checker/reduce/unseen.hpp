// SPDX-License-Identifier: MIT
// unseen: faults that safety cannot see, so that a search for safety need not take them (S2).
//
// Claim. On a network without bounds on delay, and with histories and process variables as the only
// things observed, these steps change neither the set of histories nor the reachable valuations:
// cuts and heals, losses, pauses, and crashes of a process that is idle and forgets nothing.
// Argument. Delete them from a run. Every other step was enabled with fewer links, processes and
// messages, and no guard sees those, so it is enabled now and does the same: a lost message just
// stays in flight, and a merged send (D15) finds at least as many copies as before. So the same
// events happen, with fewer steps and fewer faults; the converse is trivial. Hence shortest ways to
// goals are the same, too. Conditions, all checked here:
//   - no `network delay` and no `after`: there, what waits stops the clocks;
//   - in a fifo network loss and dropping cuts are seen (2 may come without 1), the others not;
//   - a crash is unseen if the process has no volatile and no unsynced variable and no `on
//   restart`,
//     and no activation is suspended (the caller checks the last, in each state);
//   - no property, script or fault reads `live(p)` (crashes) or messages in flight (losses);
//   - no expectation is about what happens if nothing more does (liveness, availability).
// Duplication is always seen. Not preserved: deadlocks that only a fault makes. Source:
// SEMANTICS.md 2.4 of the design pages. Tested by: tests/differential/checker_reference_test.cpp,
// tests/property/unseen_faults_test.cpp
#pragma once

#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// What some predicate of the system reads, besides variables.
struct PredicateReads {
  bool messages = false;
  bool live = false;
};

/// By fault clause: whether safety cannot see its strikes. Of a crash clause: those of processes
/// that `forgets_nothing`, while they are idle.
std::vector<bool> unseen_faults(const model::Protocol& protocol, PredicateReads reads);

/// Whether a crash and a restart change no variable and run no code.
bool forgets_nothing(const model::Role& role);

}  // namespace capstan::checker
