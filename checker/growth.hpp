// SPDX-License-Identifier: MIT
// growth: what piles up along the run to the last states of an exploration that a limit ended.
//
// From: explore/search (samples of that run). To: check (a remark). A state space without end is
// mostly a message that is sent again and again before it is received, or a number, a sequence or a
// set that only grows. Both are seen in one long run; nothing is concluded from it but a remark.
// Tested by: tests/cases/words/copies_pile_up.cap, *_only_grows.cap
#pragma once

#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"

namespace capstan::checker {

/// One or more sentences that name what grows, and what to write; empty if nothing does.
std::string growth_text(const ProtocolSystem& system, const std::vector<Sample>& way);

}  // namespace capstan::checker
