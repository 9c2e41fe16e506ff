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

}  // namespace capstan::checker
