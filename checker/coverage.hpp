// SPDX-License-Identifier: MIT
// coverage: what an exploration never did, of all that the spec could do at this point: handlers,
// actions, branches, operations, faults.
//
// From: explore/protocol_system (labels taken, branches run), vacuity. To: runtime/command
// (`--coverage`), which shows each in the spec. Only of use after a complete exploration.
#pragma once

#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/finding.hpp"

namespace capstan::checker {

/// In the order of the text.
std::vector<Uncovered> uncovered(const ProtocolSystem& system, const Exploration& exploration);

}  // namespace capstan::checker
