// SPDX-License-Identifier: MIT
// quiescence: what is left when nothing happens any more: `no acknowledged write lost`.
//
// From: typed/protocol. To: checker/check. A state is *quiescent* if no operation is pending, no
// cut stands and nobody is down, and every state that can be reached from it without invocations
// and faults has the same values in all variables of replicas (whoever a final read may learn from:
// model/system/participants): one pass over the strong components, in the order in which they are
// found, the last ones first. From each such state each process that
// implements a read makes one, alone, as an operation of the protocol, in all ways in which it can
// go (for each key). An answer is judged with all updates of the run before it, as a history: the
// configurations of the linearizability monitor of the object that was read, which was told of
// updates only, must have one in which the read gives it. So a violation says that an acknowledged
// update has neither been seen nor been overwritten by one that it did not precede. Reads are
// judged one by one: whether replicas agree is for `converges`. Tested by:
// tests/differential/quiescence_reference_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "checker/explore/explorer.hpp"
#include "checker/explore/time_abstraction.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct LossReport {
  std::optional<bool> is_lost;        // nullopt: undecided
  std::optional<model::Trace> trace;  // of a loss; its last operation is the final read
  /// The shortest run met that ends in a model error: of an object, or of a final read's code.
  std::optional<model::Trace> error_trace;
  std::string remark;                           // why undecided, or why nothing was put to the test
  std::int64_t time_horizon = 0, time_gap = 0;  // as in Evidence
  std::uint64_t quiescent_states = 0;
  std::uint64_t final_answers = 0;  // of final reads, over all quiescent states
  std::uint64_t states = 0;
  std::uint64_t memory_bytes = 0;
};

/// Whether some acknowledged write is lost, under the limits of `options`. Without `reductions`
/// nothing is dropped.
LossReport find_lost_write(const model::Protocol& protocol, const ExploreOptions& options,
                           bool reductions, int horizon = 0);
/// The same, with times kept as is known already (as in judge_endless).
LossReport find_lost_write(const model::Protocol& protocol, const ExploreOptions& options,
                           bool reductions, const TimeAbstraction& known);

}  // namespace capstan::checker
