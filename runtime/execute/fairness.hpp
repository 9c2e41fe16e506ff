// SPDX-License-Identifier: MIT
// fairness: the plain executor's own view of what a fair run owes (D14), and of when a run is back
// where it was.
//
// From: runtime/execute/world. To: runtime/command/confirm_endless, tests/reference. Written apart
// from checker/liveness/fairness, so that one checks the other.
#pragma once

#include <optional>
#include <string>

#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// What a step with this label gives its turn to: equal for labels that stand in for each other
/// (the same message delivered to another handler). nullopt: nobody owes such a step.
/// `faults_are_over`: heals, restarts and ends of pauses are owed too.
std::optional<std::string> fair_turn(const model::Protocol& protocol, const model::Label& label,
                                     bool faults_are_over = false);

/// Whether the later state has come back to the earlier one, but for messages in flight that were
/// added and cannot be delivered now: then what could be done between them can be done again, for
/// ever.
bool has_come_back(const World& earlier, const World& later);

}  // namespace capstan::runtime
