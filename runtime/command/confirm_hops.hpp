// SPDX-License-Identifier: MIT
// confirm_hops: an answer that takes more messages one after another than were promised, counted
// again by the plain executor.
//
// From: checker/liveness/hops (a trace whose messages carry hops). To: the title and the why of a
// counterexample to `read within h hops`: the chain of messages.
#pragma once

#include <optional>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

/// Takes the trace, counting hops, and then takes the hops out of it, so that it is replayed like
/// any other. Returns what disagrees.
std::optional<model::Failure> confirm_hops(const model::Protocol& protocol,
                                           const model::Expectation& expectation,
                                           checker::Evidence& evidence);

}  // namespace capstan::runtime
