// SPDX-License-Identifier: MIT
// confirm_lost_write: a lost write, shown by the plain executor and by Z3.
//
// From: checker (a trace whose last operation is a final read). To: runtime/command/confirm.
// Confirmed is: the state before the final read is quiescent (whatever can still happen without
// invocations and faults changes no replica), and no order of the updates and that read explains
// the read's answer. Tested by: tests/differential/quiescence_reference_test.cpp
#pragma once

#include <optional>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

/// Fills `title` and `explanation` of evidence whose `trace` and `run` are set. Fails if the plain
/// executor or Z3 disagrees.
std::optional<model::Failure> confirm_lost_write(const model::Protocol& protocol,
                                                 checker::Evidence& evidence);

}  // namespace capstan::runtime
