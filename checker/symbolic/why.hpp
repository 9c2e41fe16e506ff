// SPDX-License-Identifier: MIT
// why: why a history is not linearizable, in numbered sentences that were checked.
//
// From: checker/check (a violation, confirmed by the judge). To: reports/. Z3 gives a minimal core
// of facts (core); rules derive a contradiction from them (derivation), or, where no rule fits,
// every order of the core's few operations is tried (orders); wording makes the sentences. `verify`
// checks the result again without Z3, and nothing that fails it is returned.
// Tested by: tests/unit/checker/symbolic_why_test.cpp
#pragma once

#include <optional>

#include "checker/symbolic/explanation.hpp"
#include "checker/symbolic/solver.hpp"
#include "model/base/result.hpp"
#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// Explains the first object and key (of `object` only, unless it is -1) whose operations no order
/// explains. `invoked` and `responded` are the step numbers that the sentences cite. Fails if the
/// history is linearizable, if Z3 gives up, or if no explanation was found that can be checked.
model::Result<Explanation> explain_not_linearizable(const model::Protocol& protocol,
                                                    const model::History& history, int object = -1,
                                                    Solver::Budget budget = {});

/// Checks an explanation against the history, without Z3: each sentence follows from those it
/// names, they do contradict each other, and the facts they start from cannot be explained wherever
/// all other operations are placed and whatever they return. Nothing if all is well.
std::optional<model::Failure> verify(const model::Protocol& protocol, const model::History& history,
                                     const Explanation& explanation);

/// One sentence that says what went wrong, from an explanation's structure.
std::string title_of(const model::Protocol& protocol, const model::History& history,
                     const Explanation& explanation);

}  // namespace capstan::checker
