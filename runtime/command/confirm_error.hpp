// SPDX-License-Identifier: MIT
// confirm_error: whether the plain executor meets the model error that the checker met, and where.
//
// From: confirm (the run has been replayed). Most model errors end a step, and the replay has
// seen them. The others are met by looking at the state that a run ends in (a property, what a
// script waits for, the set that a fault strikes) or by asking an object of the spec in some order
// of its operations; all of these are tried here, apart from the checker.
// Cost: one evaluation each; of an object, a search over the orders that real time allows.
// Tested by: tests/cases/crash/model_error_*.cap
#pragma once

#include <optional>
#include <string>

#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// A model error, and what was done when it was met, as a sentence to go on with the message.
struct FoundError {
  model::ModelError error;
  std::string where;  // "In the last state, evaluating what Client 2 waits for is a model error"
};

/// The model error with this message (any, if it is empty) that the replayed trace ends in, or
/// that its last state shows. Nothing if the plain executor meets none.
std::optional<FoundError> find_error(const model::Protocol& protocol, const model::Trace& trace,
                                     const model::Run& run, const std::string& message);

}  // namespace capstan::runtime
