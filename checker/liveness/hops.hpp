// SPDX-License-Identifier: MIT
// hops: `read within h hops`: how many messages one after another an answer takes when nothing
// fails.
//
// From: typed/protocol. To: checker/check. The scenario is explored once more, without faults, by a
// system whose messages and suspended activations carry the hops of the pending operation that they
// serve (model/system/hops); everything else is as always. Hops far beyond the largest promise all
// count as one number, so there are finitely many. A promise is broken where an answer has more:
// the first such state, then the fewest operations, then the fewest steps. Where it is kept, the
// labels that were taken say the exact worst case. Dead messages are dropped as usual: a message
// that changes nothing, hops included, passes none on. Time adds no hops, and a chain does not see
// it pass; only what a `wait until` waits for may come by time alone, and then nothing is judged.
// Tested by: tests/differential/hops_reference_test.cpp
#pragma once

#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/liveness/eventually.hpp"

namespace capstan::checker {

bool is_about_hops(model::PropertyKind kind);
/// More hops than this are counted as this many: well beyond the largest promise of the scenario.
int hops_counted(const model::Protocol& protocol);

/// Judges the expectations that `wanted` names (by index), all of them WithinHops. Messages in the
/// labels of a trace carry their hops. Where a promise is kept the remark is the worst case.
/// `horizon` as in TimeAbstraction.
EndlessReport judge_hops(const model::Protocol& protocol, const ExploreOptions& options,
                         bool reductions, const std::vector<std::size_t>& wanted, int horizon = 0);
/// The same, with times kept as is known already (as in judge_endless).
EndlessReport judge_hops(const model::Protocol& protocol, const ExploreOptions& options,
                         bool reductions, const std::vector<std::size_t>& wanted,
                         const TimeAbstraction& known);

}  // namespace capstan::checker
