// SPDX-License-Identifier: MIT
// shrink: a shorter run that still shows the same thing.
//
// From: simulate. Steps are left out in ever smaller pieces (delta debugging: Zeller, Hildebrandt,
// TSE 2002); what can no longer happen without them is left out too. The result is a run from which
// no single step can be left out, not the shortest of all. Cost: a replay for each attempt, at most
// about n^2 steps for a run of n.
#pragma once

#include <cstddef>

#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// `expectation`: the index of the one that the run settles; -1: it ends in a model error.
model::Trace shrink(const model::Protocol& protocol, const model::Trace& trace, int expectation);

}  // namespace capstan::runtime
