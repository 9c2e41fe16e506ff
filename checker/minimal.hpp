// SPDX-License-Identifier: MIT
// minimal: the counterexample with the fewest faults, among those the fewest operations, among
// those the fewest steps.
//
// From: check (the shortest one that the exploration met). To: check. Breadth-first search gives
// the fewest steps, not the fewest faults. So the scenario is explored again with the faults capped
// at 0, 1, .. until the property is violated, and then with the operations capped: each of these
// searches is breadth-first and complete, so the first that finds something gives the minimum in
// this order (SEMANTICS 5.3, with buckets visited one after another instead of side by side: the
// caps are a part of the state that is a function of it, so a capped search visits a part of the
// states of the whole one). Cost: at most (faults + operations of the first counterexample) times
// the scenario's states; usually far less, as most violations need no fault. Off switch:
// CheckOptions::shortest. Tested by: tests/differential/minimal_test.cpp (against a search by
// (faults, operations, steps) in the plain executor: PBT 12).
#pragma once

#include <optional>

#include "checker/check.hpp"
#include "checker/plan.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {

struct Minimal {
  Finding finding;
  /// False: a limit cut one of the searches short, so fewer faults or operations may do.
  bool is_proved = true;
  std::optional<model::LimitKind> limit;  // which, unless it was that on states
};

/// `expectation`: index into Scenario::expectations; -1: a model error. `first`: what was found for
/// it without caps, by a breadth-first search. `options` hold the limits of each search.
Minimal minimal_finding(const model::Protocol& protocol, int expectation, Finding first,
                        const CheckOptions& options, std::shared_ptr<TimeAbstraction> time);

}  // namespace capstan::checker
