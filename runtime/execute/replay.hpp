// SPDX-License-Identifier: MIT
// replay: takes a trace step by step in the plain executor and records what happens.
//
// From: checker (Trace). To: reports (Run). Every trace is replayed before it is reported: a step
// that the plain executor does not know means that the two implementations of the semantics differ,
// which is an internal error of the caller. Cost: one step each. Tested by:
// tests/unit/runtime/replay_test.cpp.
#pragma once

#include "model/base/result.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// The run of the trace. Fails if a label is not enabled where it stands: the message names the
/// step (counted from 0) and the reason.
model::Result<model::Run> replay(const model::Protocol& protocol, const model::Trace& trace);

/// The trace with the deliveries that the checker's dropping of dead messages left out
/// (checker/reduce/dead): before a tick that has to wait for messages at their last moment, those
/// of them whose delivery changes nothing. Whatever else is not enabled stays as it is, for
/// `replay` to tell. Cost: for each such tick, one step from a copy of the world a message due.
model::Trace with_due_deliveries(const model::Protocol& protocol, model::Trace trace);
/// The same from a world in which nothing has happened, as one that counts hops.
model::Trace with_due_deliveries(World world, model::Trace trace);

}  // namespace capstan::runtime
