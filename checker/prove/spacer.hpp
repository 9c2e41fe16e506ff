// SPDX-License-Identifier: MIT
// spacer: an invariant that nobody has written, looked for by Z3's Spacer.
//
// Komuravelli, Gurfinkel, Chaki, CAV 2014. A state is a row of numbers and truths (prove/layout), a
// step a Horn clause for each process that may take it. Of each kind of message one that is in
// flight, or none, is all that the row tells: each step may forget it and remember another one. So
// these are neither all runs nor only runs, and what is found is a candidate, no more: only
// prove/candidate, over any set of messages, decides whether it is one. Steps that no clause can
// say (that choose a set) are left out here for the same reason. Arrays of messages are not tried:
// Spacer 4.8.12 does not come to an end on them.
// From: prove/whole_step, prove/layout. To: prove/attempts. Budget: steps of Z3. Tested by:
// tests/unit/checker/prove/attempts_test.cpp, tests/property/inductive_test.cpp
#pragma once

#include "checker/prove/proof.hpp"
#include "checker/prove/whole_state.hpp"

namespace capstan::checker {

/// The claim must be true at the start and tell of all messages. Throws CannotEncode,
/// z3::exception.
Attempt try_spacer(const Claim& claim);

}  // namespace capstan::checker
