// SPDX-License-Identifier: MIT
// proof_verdict: what a proof says, and what the ordinary explorer says of the same claims.
#pragma once

#include <string>
#include <vector>

#include "checker/prove/semilattice.hpp"

namespace capstan::tests {

enum class ProofWord { Proved, Refuted, Undecided, Vacuous };
ProofWord word_of(const checker::ProofResult& result);
/// Each obligation, and what came of it.
std::string notes_of(const checker::ProofResult& result);

enum class Found { Holds, Violated, Unknown };
/// `always` of each claim, in the scenario that these texts make; nothing is known beyond some
/// thousands of states, nor where a run may end in a model error before.
std::vector<Found> explored(const std::string& body, const std::string& setting,
                            const std::string& items, const std::vector<std::string>& claims);
/// What is known of all points from what is known of each.
void join(std::vector<Found>& all, const std::vector<Found>& more);

}  // namespace capstan::tests
