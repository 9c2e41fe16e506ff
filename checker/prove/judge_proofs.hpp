// SPDX-License-Identifier: MIT
// judge_proofs: expectations that Z3 proves or refutes for all values, without exploring anything.
//
// From: typed/protocol. To: check. A proof counts only if what it assumes can be true, a refutation
// only if the ordinary evaluator agrees; what is neither is undecided, and says why.
#pragma once

#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// Whether such expectations are proved rather than explored.
bool is_proof(model::PropertyKind kind);

ExpectationReport judge_proof(const model::Protocol& protocol,
                              const model::Expectation& expectation, bool attempts = true);

}  // namespace capstan::checker
