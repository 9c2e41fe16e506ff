// SPDX-License-Identifier: MIT
// proof_generator: small random protocols with claims about them, of which a proof and an
// exploration should not contradict each other. A function of the seed.
//
// A claim that holds in a calm scenario and is violated under its circumstances (faults, another
// network, clocks, given up asks) is what a proof that forgets one of these would prove.
// To: tests/property/proof_pairs_test.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace capstan::tests {

struct ProofSpec {
  std::string body;           // all declarations
  std::string calm;           // the same, where no ask is given up
  std::string script;         // who does what
  std::string circumstances;  // network, clocks, faults
  std::string clocks;         // of these only the clocks, which code needs
  std::vector<std::string> claims;
  std::string given;                  // "q > 0", or empty: params are as they are
  std::vector<std::string> settings;  // " with q = 1": points that satisfy it
  std::set<std::string> traits;       // "kept", "lose", "volatile", "ask", ...
};
ProofSpec generate_proof_spec(std::uint64_t seed);

/// A merge, with what it is given as two texts: of a process `a` and a copy `b` of another one (for
/// `always`), and for `given`.
struct MergeSpec {
  std::string body;
  std::string circumstances;
  std::vector<std::pair<std::string, std::string>> given_and_always;
  std::set<std::string> traits;
};
MergeSpec generate_merge_spec(std::uint64_t seed);

/// A role `Node` with two handlers, `M` and `N`.
std::string generate_handlers(std::uint64_t seed);

}  // namespace capstan::tests
