// SPDX-License-Identifier: MIT
// staleness: whether a register's history has bounded staleness k, decided by Z3 apart from the
// monitor.
//
// From: runtime/command/confirm_history, tests. To: solver. There is a total order of the
// operations that contains real time, in which each read comes after a write of what it returned
// with fewer than k writes between the two (Aiyer, Alvisi, Bazzi, "On the availability of
// non-strict quorum systems", DISC 2005). Pending writes may be placed last, where no read sees
// them. Cost: O(n^3) clauses for the order, O(reads x writes) sums.
// Tested by: tests/differential/register_models_test.cpp
#pragma once

#include "checker/symbolic/judge.hpp"

namespace capstan::checker {

/// `Linearizable` stands for "has staleness k". Of all registers and keys, or of one register.
/// Certificates are not given.
Judgement judge_staleness(const model::Protocol& protocol, const model::History& history,
                          int object, int staleness, Solver::Budget budget = {});

}  // namespace capstan::checker
