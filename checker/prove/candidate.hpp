// SPDX-License-Identifier: MIT
// candidate: whether what somebody found about states, of which one message of a kind is seen at a
// time, makes a claim inductive when it is said of every message in flight.
//
// Each conjunct is over the cells of a row (prove/layout). It is generalised: it holds whatever
// message in flight, or none, is put in the slots that it looks at. Those that are not true at the
// start are dropped, then those that a step from a state where the claim and all that are left are
// true may break, until no more are (Houdini: Flanagan, Leino, FME 2001). If the claim is kept too,
// the claim and what is left are inductive, over all values and any set of messages: who found the
// conjuncts, and how, does not matter. Of what is left only that is returned which the proofs use.
// From: prove/spacer. Cost: a question a conjunct and round. Tested by:
// tests/unit/checker/prove/attempts_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/prove/budget.hpp"
#include "checker/prove/layout.hpp"

namespace capstan::checker {

/// The conjuncts (over bound variables, by the number of the cell) that make the claim inductive,
/// as text; nullopt: they do not, or the budget was spent.
std::optional<std::vector<std::string>> invariant_of(const Claim& claim,
                                                     const std::vector<z3::expr>& conjuncts,
                                                     z3::context& context, Budget& budget);

}  // namespace capstan::checker
