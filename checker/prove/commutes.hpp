// SPDX-License-Identifier: MIT
// commutes: the effects of concurrent messages commute: whichever of two a process handles first,
// its variables are the same afterwards. Then replicas that handled the same messages agree, as
// operation-based replicated data types want it. Shapiro, Preguica, Baquero, Zawirski, SSS 2011.
//
// For every pair of handlers of the messages named, a message with itself included, all states of a
// process and all contents. Both messages can be handled in either order: a guard that holds one
// back makes them not concurrent.
// From: typed/protocol. To: prove/judge_proofs. Tested by: tests/unit/checker/prove
#pragma once

#include "checker/prove/semilattice.hpp"

namespace capstan::checker {

ProofResult prove_commutes(const model::Protocol& protocol, const model::Expectation& expectation);

}  // namespace capstan::checker
