// SPDX-License-Identifier: MIT
// inductive: a claim over the whole state is true at the start, and every step from any state in
// which it is true leads to one in which it is: so it is true in every state of every run, however
// long, whatever values, messages and times there are, and not only those that a run reaches.
//
// One obligation for the start and one for each piece of code, for the passing of time, and for
// each fault that changes what a claim can see; each is asked for every process that may take the
// step. In Scope::Point any set of messages is in flight, and unsatisfiable means proved; in
// Scope::Few a few are, and a model becomes two states that the evaluator has confirmed. With
// `given e` the params that e names are any that satisfy it. Floyd 1967; Manna, Pnueli, Temporal
// Verification of Reactive Systems, 1995. From: typed/protocol. To: prove/judge_proofs. Cost: some
// ms an obligation and process. Tested by: tests/unit/checker/prove/inductive_test.cpp
#pragma once

#include "checker/prove/semilattice.hpp"

namespace capstan::checker {

/// `attempts`: where it is not inductive, whether it is true of every state is looked for
/// otherwise.
ProofResult prove_inductive(const model::Protocol& protocol, const model::Expectation& expectation,
                            bool attempts = true, const Omissions& omitted = {});

}  // namespace capstan::checker
