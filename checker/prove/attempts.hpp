// SPDX-License-Identifier: MIT
// attempts: of a claim that is true at the start but not inductive, whether it is true of every
// state all the same: each way of showing it in turn, until one does.
//
// From: prove/inductive. To: proof (what is told of it). An attempt never changes the verdict, and
// one that fails says nothing about the claim. Cost: the budgets of the attempts.
// Tested by: tests/unit/checker/prove/attempts_test.cpp, tests/property/inductive_test.cpp
#pragma once

#include <set>
#include <string>
#include <vector>

#include "checker/prove/proof.hpp"
#include "checker/prove/whole_state.hpp"

namespace capstan::checker {

/// `open`: the steps (StepForm::name) that are not shown to keep the claim.
std::vector<Attempt> attempts_to_show(const Claim& claim, const std::set<std::string>& open);

/// Says of a step that breaks the claim what is known of the state before it.
void conclude(Counterexample& shown, const std::vector<Attempt>& attempts);

}  // namespace capstan::checker
