// SPDX-License-Identifier: MIT
// confirm_history: a history that a monitor says a model forbids, put to Z3, and explained.
//
// From: the replayed run of a counterexample. To: confirm, confirm_lost_write. The two judges share
// nothing but the history's type; if they differ, nothing may be reported.
#pragma once

#include <optional>
#include <string>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

/// Fills the evidence's title and explanation (or its `why`, if Z3 ran out of time). `object`: the
/// one that is judged; -1: all. `title`: if no better one follows from the reason. A failure: Z3
/// finds an order that explains the history.
std::optional<model::Failure> confirm_history(const model::Protocol& protocol,
                                              const model::History& history, int object,
                                              const std::string& title,
                                              checker::Evidence& evidence);

/// The same for any expectation about histories that the evidence's run does not meet.
std::optional<model::Failure> confirm_promise(const model::Protocol& protocol,
                                              const model::Expectation& expectation,
                                              checker::Evidence& evidence);

}  // namespace capstan::runtime
