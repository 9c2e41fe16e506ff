// SPDX-License-Identifier: MIT
// proof_verdict: what a proof says, and what the ordinary explorer says of the same claims.
#pragma once

#include <string>
#include <vector>

#include "checker/prove/semilattice.hpp"
#include "support/proof_generator.hpp"

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
/// A claim to ask a proof about, and what exploring says of it.
struct Asked {
  std::string claim;
  Found found = Found::Unknown;
};
/// Claims of a spec: those that hold where it is calm and are violated under its circumstances,
/// alone and together with claims that are inductive where it is calm; and a few others.
std::vector<Asked> claims_to_ask(const ProofSpec& spec);
/// The scenario in which these are claimed to be inductive.
std::string inductive_text(const ProofSpec& spec, const std::vector<Asked>& asked);

}  // namespace capstan::tests
