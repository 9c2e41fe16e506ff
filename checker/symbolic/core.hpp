// SPDX-License-Identifier: MIT
// core: a smallest set of facts that no order of the operations can satisfy together.
//
// From: why. To: history_formula with Facts::Assumed and Z3's unsatisfiable cores; for objects
// without axioms free_search, whose core Z3 confirms. Z3's first core is nearly minimal; deletion
// makes it minimal (each fact in it is needed). Several deletion orders are tried, whole operations
// first, and the core with the fewest operations, then the fewest facts, is kept. For objects with
// axioms Z3 answers such questions faster than a search (without real time everything is
// concurrent); with slots it is the other way round: ten operations on a written-out account took
// Z3 up to 40 s, the search milliseconds.
// Cost: about a millisecond for ten operations, a tenth of a second for forty; bounded by a
// deadline, after which the core may not be minimal.
// Tested by: tests/unit/checker/symbolic_why_test.cpp
#pragma once

#include <vector>

#include "checker/symbolic/history_formula.hpp"
#include "model/base/result.hpp"

namespace capstan::checker {

struct Core {
  /// `first` and `second` are positions in the history.
  std::vector<Fact> facts;
  int fact_count = 0;  // of the part of the history, in all
  /// Positions in the history, ascending: the operations of the facts, and further updates without
  /// which fewer facts would be a contradiction already (the write that a read got its value from,
  /// say): what the reader has to see to be convinced.
  std::vector<int> operations;
};

/// Fails if the part is linearizable, if Z3 gives up, or if there is no formula for it.
model::Result<Core> minimal_core(const model::Protocol& protocol, const model::History& history,
                                 const HistoryPart& part, Solver::Budget budget);

}  // namespace capstan::checker
