// SPDX-License-Identifier: MIT
// clock_usage: which code may read the clock, and which asks are followed by code that may.
//
// From: a protocol whose code and scenario are elaborated (typed/typecheck). To: the marks that say
// so (Role::reads_clock and reads_clock_at_start, Scenario::reads_clock, is_timely and
// wait_reads_clock, AskData::next_reads_clock, Statement::reads_clock, what an Expectation reads),
// and the first place that reads, for the message that a scenario must say what its clocks are. A
// property that reads a clock of a role counts as code of that role. Code that the params rule out
// does not count: conditions are folded where params alone decide them. The rest is an
// over-approximation, and harmless: a clock that nobody reads is never seen. Cost: linear in the
// code, times the nesting of loops. Tested by: tests/unit/model/typed/clock_usage_test.cpp.
#pragma once

#include <optional>

#include "model/typed/protocol.hpp"

namespace capstan::model {

/// Sets the marks. The first place that may read, in order of roles and of their code: a `now`, or
/// an `ask` with `else after`.
std::optional<Span> mark_clock_usage(Protocol& protocol);

/// The value of a condition if params alone decide it: then code behind it may be ruled out.
std::optional<bool> decided_by_params(const Protocol& protocol, const Expr& condition);

/// Whether evaluating the expression may read `now`, called functions included, whatever the params
/// are.
bool may_read_clock(Protocol& protocol, const Expr& expr);

}  // namespace capstan::model
