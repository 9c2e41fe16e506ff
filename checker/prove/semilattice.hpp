// SPDX-License-Identifier: MIT
// semilattice: a `merge` is a join: commutative, associative, idempotent; and every update of what
// is merged goes up in its order, so that replicas that have heard the same are the same, whatever
// was lost, repeated or reordered. Shapiro, Preguica, Baquero, Zawirski, SSS 2011.
//
// With `given e` this is asked only of copies that satisfy e, and e is proved to hold of all copies
// that there ever are: of the initial ones, and through every update and merge. What of e reads
// `self` or variables that are not merged holds between a process and any copy; the rest between
// any two copies, wherever they are (model/README.md).
// From: typed/protocol. To: check. Cost: some ms an obligation. Tested by: tests/unit/checker/prove
#pragma once

#include <optional>

#include "checker/prove/omissions.hpp"
#include "checker/prove/proof.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct ProofResult {
  Proof proof;
  std::optional<Counterexample> counterexample;  // of the first obligation that is refuted
};

ProofResult prove_semilattice(const model::Protocol& protocol,
                              const model::Expectation& expectation, const Omissions& omitted = {});

}  // namespace capstan::checker
