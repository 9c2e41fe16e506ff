// SPDX-License-Identifier: MIT
// why: why a history is not linearizable, in numbered sentences that were checked.
//
// From: checker/check (a violation, confirmed by the judge). To: reports/. Z3 gives a minimal core
// of facts (core); rules derive a contradiction from them (derivation), or, where no rule fits,
// every order of the core's few operations is tried (orders); wording makes the sentences. `verify`
// checks the result again without Z3, and nothing that fails it is returned.
// Tested by: tests/unit/checker/symbolic_why_test.cpp, why_words_test.cpp (reads the sentences)
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/symbolic/explanation.hpp"
#include "checker/symbolic/history_formula.hpp"
#include "checker/symbolic/solver.hpp"
#include "model/base/result.hpp"
#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// Explains the first object and key (of `object` only, unless it is -1) whose operations no order
/// explains. `invoked` and `responded` are the step numbers that the sentences cite. Fails if the
/// history is linearizable, if Z3 gives up, or if no explanation was found that can be checked.
/// `failed`: updates that ended by `fail` (of any object), which are no part of the history; what
/// they have to do with it is said.
model::Result<Explanation> explain_not_linearizable(const model::Protocol& protocol,
                                                    const model::History& history, int object = -1,
                                                    Solver::Budget budget = {},
                                                    const model::History& failed = {});

/// Checks an explanation against the history, without Z3: each sentence follows from those it
/// names and says what its data say, they do contradict each other, the numbers told are right, and
/// the facts that are said cannot be explained wherever all other operations are placed and
/// whatever they return. Nothing if all is well.
std::optional<model::Failure> verify(const model::Protocol& protocol, const model::History& history,
                                     const Explanation& explanation);

/// The facts that the sentences state or start from: real time where they say so, and the answers
/// that they speak of. `first` and `second` are positions in the history.
std::vector<Fact> said_facts(const model::Protocol& protocol, const model::History& history,
                             const Explanation& explanation);

/// "1 and 3 contradict each other. Facts used: 3 of 4 (2 of real time, 1 answer)."
std::string conclusion_of(const Explanation& explanation, const std::vector<Fact>& facts);

/// One sentence that says what went wrong, from an explanation's structure.
std::string title_of(const model::Protocol& protocol, const model::History& history,
                     const Explanation& explanation);

}  // namespace capstan::checker
