// SPDX-License-Identifier: MIT
// semilattice_given: what follows `given` holds of all copies that there ever are: of the initial
// ones, and through every update and merge and of every copy that is sent.
//
// A copy in flight is an old one, so the claim is about all copies that ever were: what of `given`
// reads only merged variables holds between any two of them, the rest between what a process has
// now and any copy. A message whose handler merges its fields brings a copy, and whoever sends it
// must send one.
// From: prove/copies. To: prove/semilattice. Tested by: tests/unit/checker/prove
#pragma once

#include <string>

#include "checker/prove/omissions.hpp"
#include "checker/prove/question.hpp"

namespace capstan::checker {

/// Asks for it; the expectation has something after `given`.
void prove_given(const model::Protocol& protocol, const model::Expectation& expectation,
                 Prover& prover, const Omissions& omitted);
/// Why nothing can satisfy what is given, a clause; empty: something may.
std::string contradiction_in_given(const model::Protocol& protocol,
                                   const model::Expectation& expectation, Prover& prover);

}  // namespace capstan::checker
