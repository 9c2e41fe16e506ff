// SPDX-License-Identifier: MIT
// Properties of infinite runs: the checker against the slow reference on generated protocols, with
// dead messages dropped and with nothing reduced, and every counterexample taken by the plain
// executor, fairness and all. (PBT 5 of the semantics.)
//
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <iostream>
#include <random>
#include <string>

#include "checker/liveness/eventually.hpp"
#include "reference/endless_worlds.hpp"
#include "runtime/command/confirm_endless.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using tests::FairnessMutant;

constexpr std::size_t kStatesMax = 400;

/// A formula over the states of a generated protocol.
std::string formula(std::mt19937_64& random) {
  const char* forms[] = {
      "every(s.level == 0 for s in Server)", "every(s.level >= 1 for s in Server)",
      "some(s.level == 1 for s in Server)",  "some(s.level == 2 for s in Server)",
      "every(done(c) for c in Client)",      "some(done(c) for c in Client)",
      "every(live(s) for s in Server)",      "some(m.level > 0 for m in Note)"};
  return forms[random() % std::size(forms)];
}

std::string with_expectations(std::uint64_t seed) {
  std::string text = tests::generate_protocol(seed);
  std::mt19937_64 random(seed);
  std::string more;
  for (int i = 0; i < 2; ++i) {
    more += "expect eventually " + formula(random) + "\n";
    more += "expect eventually always " + formula(random) + "\n";
    const std::string first = formula(random);
    more += "expect whenever " + first + ", eventually " + formula(random) + "\n";
  }
  text.insert(text.rfind('}'), more);
  return text;
}

struct Tally {
  int protocols = 0, judged = 0, violated = 0, cycles = 0, mutants_seen[2] = {0, 0};
};

void compare(const model::Protocol& protocol, Tally& tally) {
  const tests::EndlessWorlds worlds(protocol, kStatesMax);
  if (worlds.gave_up()) return;
  ++tally.protocols;
  std::vector<std::size_t> wanted;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i)
    if (checker::is_endless(expectations[i].kind)) wanted.push_back(i);
  for (const bool reductions : {true, false}) {
    const checker::EndlessReport report = checker::judge_endless(protocol, {}, reductions, wanted);
    for (const std::size_t index : wanted) {
      INFO(expectations[index].text << (reductions ? "" : ", nothing reduced"));
      const std::optional<bool> holds = worlds.holds(expectations[index]);
      const checker::EndlessAnswer& answer = *report.answers[index];
      if (reductions && holds) {
        ++tally.judged;
        tally.violated += !*holds;
        tally.mutants_seen[0] +=
            worlds.holds(expectations[index], FairnessMutant::NoFairness) != holds;
        tally.mutants_seen[1] +=
            worlds.holds(expectations[index], FairnessMutant::OptionalIsFair) != holds;
      }
      CHECK(answer.holds == holds);
      if (!answer.trace) continue;
      tally.cycles += answer.trace->loop_start >= 0;
      checker::Evidence evidence;
      evidence.trace = *answer.trace;
      const auto failure = runtime::confirm_endless(protocol, expectations[index], evidence);
      INFO((failure ? failure->message : ""));
      CHECK(!failure);
    }
  }
}

}  // namespace

TEST_CASE("what infinite runs do is what the slow reference says") {
  const tests::Seeds wanted = tests::seeds(300);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) {
    const std::string text = with_expectations(seed);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare(tests::protocol_of(text), tally);
  }
  std::cout << wanted.words() << ": " << tally.protocols << " protocols, " << tally.judged
            << " properties judged, " << tally.violated << " violated, " << tally.cycles
            << " cycles; other verdicts without fairness: " << tally.mutants_seen[0]
            << ", with optional actions fair: " << tally.mutants_seen[1] << "\n";
  if (wanted.count < 300) return;
  CHECK(tally.protocols * 3 > static_cast<int>(wanted.count));
  CHECK(tally.mutants_seen[0] > 0);
  CHECK(tally.mutants_seen[1] > 0);
}
