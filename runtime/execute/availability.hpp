// SPDX-License-Identifier: MIT
// availability: the plain executor's own view of who is owed an answer by `available to`.
//
// From: runtime/execute/world. To: runtime/command/confirm_available, tests/reference. Written
// apart from checker/liveness/available, so that one checks the other.
#pragma once

#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// Whether an operation of the process, pending here, has to be answered as long as cuts, crashes
/// and pauses stay as they are. Throws ModelError.
bool is_owed_an_answer(const World& world, const model::Expectation& expectation, int process);

/// Whether the process is up and not paused.
bool is_running(const World& world, int process);
/// Whether messages between the two, in either direction, are stopped by a cut.
bool is_apart(const World& world, int one, int other);

/// Whether a step with this label leaves all faults as they are.
bool keeps_faults(const model::Label& label);

/// Whether the step ended an operation of the process by `fail` or `unknown`.
bool ends_without_answer(const model::Label& label, const std::vector<model::HistoryEvent>& events,
                         int process);

}  // namespace capstan::runtime
