// SPDX-License-Identifier: MIT
// footprint: what a property reads of a global state, so that its value is computed once for each
// combination of those parts.
#pragma once

#include "checker/explore/component_system.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// An over-approximation of what evaluating `condition` can read: roles whose variables it names
/// (also through functions), all processes for live() and done(), the inboxes if it names a
/// message, `ghost_track` if it reads a ghost.
Footprint footprint_of(const model::Protocol& protocol, const model::Expr& condition,
                       int ghost_track, int fault_track);

}  // namespace capstan::checker
