// SPDX-License-Identifier: MIT
// staleness: whether a register's history has bounded staleness k, decided by Z3 apart from the
// monitor.
//
// From: runtime/command/confirm_history, tests. To: solver. There is a total order of the
// operations that contains real time, in which each read comes after a write of what it returned
// with fewer than k writes between the two (Aiyer, Alvisi, Bazzi, "On the availability of
// non-strict quorum systems", DISC 2005). Pending writes may be placed last, where no read sees
// them. In ticks: the same with k = 1 of a history whose reads begin earlier. Cost: O(n^3) clauses
// for the order, O(reads x writes) sums. Tested by: tests/differential/register_models_test.cpp
#pragma once

#include <cstdint>
#include <vector>

#include "checker/symbolic/judge.hpp"

namespace capstan::checker {

/// `Linearizable` stands for "has staleness k". Of all registers and keys, or of one register.
/// Certificates are not given.
Judgement judge_staleness(const model::Protocol& protocol, const model::History& history,
                          int object, int staleness, Solver::Budget budget = {});

/// The history in which each read begins at the beginning of the tick `ticks` before the one it
/// began in: it is linearizable iff the history has bounded staleness `ticks` ticks. `times`: true
/// time after each position of the history (the number of a step in a run), not decreasing.
model::History with_early_reads(const model::Protocol& protocol, model::History history,
                                const std::vector<std::int64_t>& times, int ticks);

}  // namespace capstan::checker
