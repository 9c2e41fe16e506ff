// SPDX-License-Identifier: MIT
// `available to`: the checker against the slow reference on generated protocols, with dead messages
// dropped and with nothing reduced; every counterexample has the fewest faults and operations, and
// is taken by the plain executor. Rules that are wrong in one way each are noticed. (PBT 5.)
//
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <iostream>
#include <random>
#include <string>

#include "checker/finding.hpp"
#include "checker/liveness/eventually.hpp"
#include "reference/lasting_worlds.hpp"
#include "runtime/command/confirm_endless.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using tests::LastingMutant;

constexpr std::size_t kStatesMax = 400;
constexpr std::array kMutants{LastingMutant::NoFairness, LastingMutant::FaultsEnd,
                              LastingMutant::EverybodyCounts, LastingMutant::RefusalAnswers};

std::string with_expectations(std::uint64_t seed) {
  std::string text = tests::generate_protocol(seed);
  std::mt19937_64 random(seed);
  const bool has_home = text.find("param home") != std::string::npos;
  const char* sets[] = {"Client 1", "{Client 1}", "{c for c in Client where live(Server 1)}",
                        has_home ? "{c for c in Client where c.home == Server 1}" : "Client"};
  std::string more = "expect available to all\nexpect available to majority\n";
  more += std::string("expect available to ") + sets[random() % std::size(sets)] + "\n";
  text.insert(text.rfind('}'), more);
  return text;
}

struct Tally {
  int protocols = 0, judged = 0, violated = 0, with_faults = 0, cycles = 0;
  std::array<int, kMutants.size()> seen{};
};

void compare_mutants(const tests::LastingWorlds& worlds, const model::Expectation& expectation,
                     const tests::Availability& truth, Tally& tally) {
  ++tally.judged;
  tally.violated += !truth.holds;
  tally.with_faults += !truth.holds && truth.least.first > 0;
  for (std::size_t i = 0; i < kMutants.size(); ++i)
    tally.seen[i] += worlds.available(expectation, kMutants[i])->holds != truth.holds;
}

void check_trace(const model::Protocol& protocol, const model::Expectation& expectation,
                 const tests::Availability& truth, const model::Trace& trace, Tally& tally) {
  tally.cycles += trace.loop_start >= 0;
  checker::Evidence evidence = checker::evidence_of(protocol, trace);
  CHECK(std::pair(evidence.fault_count, evidence.operation_count) == truth.least);
  const auto failure = runtime::confirm_endless(protocol, expectation, evidence);
  INFO((failure ? failure->message : ""));
  CHECK(!failure);
  CHECK(!evidence.why.empty());
}

void compare(const model::Protocol& protocol, Tally& tally) {
  const tests::LastingWorlds worlds(protocol, kStatesMax);
  if (worlds.gave_up()) return;
  ++tally.protocols;
  std::vector<std::size_t> wanted;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i)
    if (expectations[i].kind == model::PropertyKind::AvailableTo) wanted.push_back(i);
  for (const bool reductions : {true, false}) {
    const checker::EndlessReport report = checker::judge_endless(protocol, {}, reductions, wanted);
    for (const std::size_t index : wanted) {
      INFO(expectations[index].text << (reductions ? "" : ", nothing reduced"));
      const std::optional<tests::Availability> truth = worlds.available(expectations[index]);
      const checker::EndlessAnswer& answer = *report.answers[index];
      if (!truth) continue;
      if (reductions) compare_mutants(worlds, expectations[index], *truth, tally);
      CHECK(answer.holds == truth->holds);
      if (answer.trace) check_trace(protocol, expectations[index], *truth, *answer.trace, tally);
    }
  }
}

}  // namespace

TEST_CASE("who is answered is what the slow reference says") {
  const auto [first, count] = tests::seeds(200);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string text = with_expectations(seed);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare(tests::protocol_of(text), tally);
  }
  std::cout << "seeds " << first << " to " << first + count - 1 << ": " << tally.protocols
            << " protocols, " << tally.judged << " properties judged, " << tally.violated
            << " violated, " << tally.with_faults << " of them by faults only, " << tally.cycles
            << " cycles; other verdicts without fairness: " << tally.seen[0]
            << ", if faults end: " << tally.seen[1] << ", if everybody counts: " << tally.seen[2]
            << ", if a refusal is an answer: " << tally.seen[3] << "\n";
  if (count < 200) return;
  CHECK(tally.protocols * 3 > static_cast<int>(count));
  for (const int seen : tally.seen) CHECK(seen > 0);
}
