// SPDX-License-Identifier: MIT
// vacuity: whether a complete exploration ever exercised what a scenario declares (Beer and others,
// CAV 1997; LANGUAGE 4).
#pragma once

#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"

namespace capstan::checker {

/// What the scenario declares and the exploration, which must be complete, never met: a fault that
/// never strikes while an operation is pending (at all, if there are no operations), a scripted
/// operation that never completes, an action that is never enabled although the params do not rule
/// it out. One sentence each, in order of declaration; empty if all was exercised.
std::vector<std::string> never_exercised(const ProtocolSystem& system,
                                         const Exploration& exploration);

/// The guards of handlers and actions that can never hold within the types and the params, although
/// no param rules them out by itself: "the guard of `on Push` of `Replica` can never hold: ...".
std::vector<std::string> impossible_guards(const model::Protocol& protocol);

}  // namespace capstan::checker
