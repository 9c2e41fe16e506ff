// SPDX-License-Identifier: MIT
// vacuity: whether a complete exploration ever exercised what a scenario declares (Beer and others,
// CAV 1997; LANGUAGE 4).
#pragma once

#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/finding.hpp"

namespace capstan::checker {

/// Marks in `exploration`, which must be complete, where faults could lose or duplicate messages
/// that it dropped as dead (reduce/dead), so that what strikes does not depend on that: for clauses
/// of which it met no strike it searches once more, keeping the messages that they could strike,
/// until each has been seen to strike. True: `exploration` now says of each clause whether it
/// strikes; false: a limit cut that search short. Cheap: a clause that never strikes has nothing to
/// keep.
bool find_strikes_of_dead_messages(ProtocolSystem& system, Exploration& exploration,
                                   const ExploreOptions& options);

/// What the scenario's claims rest on and the exploration, which must be complete, never met: a
/// fault that never strikes while an operation is pending (at all, if there are no operations), a
/// scripted operation that never completes. One sentence each, in order of declaration; empty if
/// all was exercised.
std::vector<std::string> never_exercised(const ProtocolSystem& system,
                                         const Exploration& exploration);

/// The actions, by role and name, that some state of the exploration enables.
std::set<std::pair<std::string, std::string>> enabled_actions(const ProtocolSystem& system,
                                                              const Exploration& exploration);
/// Those that none does, although the params do not rule them out, in order of declaration. The
/// exploration must be complete.
std::vector<IdleAction> idle_actions(const ProtocolSystem& system, const Exploration& exploration);

/// The guards of handlers and actions that can never hold within the types and the params, although
/// no param rules them out by itself: "the guard of `on Push` of `Replica` can never hold: ...".
/// Actions that are known to be `enabled` somewhere (role, action) are not asked about.
std::vector<std::string> impossible_guards(
    const model::Protocol& protocol, const std::set<std::pair<std::string, std::string>>& enabled);

}  // namespace capstan::checker
