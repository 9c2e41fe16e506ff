// SPDX-License-Identifier: MIT
// clock_usage: which code may read the clock, and which asks are followed by code that may.
//
// From: a protocol whose code and scenario are elaborated (typed/typecheck). To: the marks that say
// so (Role::reads_clock, Scenario::reads_clock, is_timely and wait_reads_clock,
// AskData::next_reads_clock, what an Expectation reads), and the first place that reads, for the
// message that a scenario must say what its clocks are. A property that reads a clock of a role
// counts as code of that role. Code that the params rule out does not count: conditions are folded
// where params alone decide them. The rest is an over-approximation, and harmless: a clock that
// nobody reads is never seen. Cost: linear in the code, times the nesting of loops. Tested by:
// tests/unit/model/typed/clock_usage_test.cpp.
#pragma once

#include <optional>

#include "model/typed/protocol.hpp"

namespace capstan::model {

/// Places, in order of roles and of their code: a `now`, or an `ask` with `else after`.
struct ClockUsage {
  std::optional<Span> first;
  std::optional<Span> at_start;  // the first that an initial value or an `on start` may reach
};

/// Sets the marks.
ClockUsage mark_clock_usage(Protocol& protocol);

/// Whether evaluating the expression may read `now`, called functions included, whatever the params
/// are.
bool may_read_clock(Protocol& protocol, const Expr& expr);

}  // namespace capstan::model
