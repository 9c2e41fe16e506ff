// SPDX-License-Identifier: MIT
// participants: which processes a scenario's operations have to do with, and which of them a read
// may learn from.
//
// From: a typed protocol with its scenario. To: `no acknowledged write lost`
// (checker/liveness/quiescence) and `available to` (checker/liveness/available), and to the plain
// executor, which confirms both. What nothing uses does not count: an operation that no script
// invokes, a handler of a message that nobody sends, code that the params rule out. So neither a
// role that does nothing nor one that has nothing to do with the others changes a verdict. By
// roles, and an over-approximation: who may send a message counts as if it did. Cost: a few walks
// over the code. Tested by: tests/unit/model/system/participants_test.cpp
#pragma once

#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::model {

/// The processes whose variables may decide what a final read returns: those of each role that
/// implements a read (`is_final_read`), and of each role that may send a message to one of these
/// roles, answers included, in a handler, an action, `on start` or `on restart`. In order.
std::vector<int> replicas(const Protocol& protocol);

/// The processes that serve the operations of the scripts: of the roles that exchange messages with
/// a role that invokes some, directly or over others, those that implement no operations; all of
/// these roles' processes, if each implements some. In order.
std::vector<int> servers(const Protocol& protocol);

/// Whether a message may ever go from the process to another or from another to it. Only such a
/// process is the bridge of a bridging cut.
bool has_link(const Protocol& protocol, int process);

}  // namespace capstan::model
