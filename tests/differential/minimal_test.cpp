// SPDX-License-Identifier: MIT
// Counterexamples are the least by (faults, operations, steps): the checker's against a search in
// that order in the plain executor, on generated protocols (PBT 12 of the semantics).
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <iostream>
#include <memory>
#include <string>

#include "checker/check.hpp"
#include "reference/least_effort.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

constexpr std::size_t kStatesMax = 1'000;

struct Tally {
  int compared = 0, given_up = 0, with_faults = 0, not_shortest = 0;
};

void compare(const model::Protocol& protocol, const checker::ScenarioReport& least,
             const checker::ScenarioReport& shortest, Tally& tally) {
  for (std::size_t i = 0; i < least.expectations.size(); ++i) {
    const auto& evidence = least.expectations[i].evidence;
    INFO(least.expectations[i].text);
    REQUIRE(evidence.has_value() == shortest.expectations[i].evidence.has_value());
    if (!evidence || !least.expectations[i].remark.empty()) continue;
    const tests::LeastEffortAnswer wanted = tests::least_effort(protocol, i, kStatesMax);
    if (wanted.gave_up) {
      ++tally.given_up;
      continue;
    }
    REQUIRE(wanted.found.has_value());
    CHECK(tests::LeastEffort{evidence->fault_count, evidence->operation_count,
                             evidence->step_count} == *wanted.found);
    ++tally.compared;
    tally.with_faults += evidence->fault_count > 0;
    const checker::Evidence& other = *shortest.expectations[i].evidence;
    CHECK(other.step_count <= evidence->step_count);
    tally.not_shortest += other.fault_count != evidence->fault_count ||
                          other.operation_count != evidence->operation_count;
  }
}

/// With a claim that only faults refute, if there are crashes: most other violations need none.
std::string with_a_claim_about_faults(std::string text) {
  const std::string word = "crash ";
  const std::size_t at = text.find(word);
  const std::size_t end = text.rfind('}');
  if (at == std::string::npos || end == std::string::npos) return text;
  const std::size_t role = at + word.size();
  if (text[role] == '{') return text;  // a set that depends on the state
  const std::string name = text.substr(role, text.find(' ', role) - role);
  return text.insert(end, "  expect always every(live(p) for p in " + name + ")\n");
}

}  // namespace

TEST_CASE("counterexamples have the fewest faults, then operations, then steps") {
  const tests::Seeds wanted = tests::seeds(60);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) {
    const std::string text = with_a_claim_about_faults(tests::generate_protocol(seed));
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    const auto protocol = std::make_shared<model::Protocol>(tests::protocol_of(text));
    checker::CheckOptions options;
    options.full = true;
    options.explore.states_max = 1'500;
    const checker::ScenarioReport least = checker::check_scenario(protocol, options);
    options.shortest = true;
    compare(*protocol, least, checker::check_scenario(protocol, options), tally);
  }
  std::cout << wanted.words() << ": " << tally.compared << " counterexamples compared ("
            << tally.given_up << " too far away), " << tally.with_faults << " with faults, "
            << tally.not_shortest << " not the shortest\n";
  CHECK(tally.compared * 5 > static_cast<int>(wanted.count));
  if (wanted.count >= 1000) CHECK(tally.not_shortest > 0);
  if (wanted.count >= 150) CHECK(tally.with_faults > 10);
}
