// SPDX-License-Identifier: MIT
// confirm_staleness: a history that the monitor says is too stale, put to Z3, and explained.
//
// From: confirm_history. Where one read shows it by itself, the reason is read off the history:
// what every order of the operations has between the writes of the value and the read. Tested by:
// tests/unit/runtime/confirm_staleness_test.cpp, tests/differential/recent_value_test.cpp
#pragma once

#include <optional>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

/// Fills the title and `why` of the evidence, whose run does not meet `bounded staleness`. A
/// failure: Z3 finds an order in which no read is too stale.
std::optional<model::Failure> confirm_staleness(const model::Protocol& protocol,
                                                const model::Expectation& expectation,
                                                checker::Evidence& evidence);

}  // namespace capstan::runtime
