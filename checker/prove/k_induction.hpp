// SPDX-License-Identifier: MIT
// k_induction: a claim that one step may break, shown true of every state by several in a row.
//
// Sheeran, Singh, Stalmarck, FMCAD 2000: if no chain of fewer than k steps from the start ends in a
// state where the claim is false, and no chain of k steps through k states where it is true, none
// of them twice, does, then it is true of every state of every run: the shortest chain to a state
// where it is false has no state twice, and its last k steps would be such a chain. Chains are
// prove/chain's: more than runs do, so what is shown holds of runs, and a chain from the start to
// a state where it is false says nothing.
// From: prove/whole_step. To: prove/attempts. Budget: steps of Z3. Tested by:
// tests/unit/checker/prove/attempts_test.cpp, tests/property/inductive_test.cpp
#pragma once

#include <set>
#include <string>

#include "checker/prove/proof.hpp"
#include "checker/prove/whole_step.hpp"

namespace capstan::checker {

/// The longest chains that are tried.
inline constexpr int steps_most = 4;

/// `open`: the steps (StepForm::name) that are not shown to keep the claim, which must be true at
/// the start and tell of all messages. Throws CannotEncode, z3::exception.
Attempt try_k_induction(const Claim& claim, const std::set<std::string>& open);

}  // namespace capstan::checker
