// SPDX-License-Identifier: MIT
// Random runs against exploration, on generated protocols: what a run shows, the checker finds; a
// shrunk run replays, and is not shorter than the shortest. CAPSTAN_SEEDS=FIRST:COUNT runs other
// seeds.
#include "runtime/simulate/simulate.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <memory>

#include "checker/check.hpp"
#include "runtime/command/confirm.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

runtime::SimulateOptions few_runs() {
  runtime::SimulateOptions options;
  options.runs = 30;
  options.steps = 60;
  return options;
}

struct Tally {
  int settled = 0, missed = 0, shrunk = 0;
};

void compare(const checker::ExpectationReport& simulated, const runtime::Simulation::Settled& how,
             const checker::ExpectationReport& checked, Tally& tally) {
  INFO(simulated.text);
  REQUIRE(simulated.text == checked.text);
  CHECK(simulated.evidence.has_value() == (how.run > 0));
  if (!simulated.evidence) {
    tally.missed += checked.evidence.has_value();
    return;
  }
  ++tally.settled;
  CHECK(simulated.verdict == checked.verdict);
  REQUIRE(checked.evidence);
  const auto length = static_cast<std::uint64_t>(simulated.evidence->step_count);
  CHECK(simulated.evidence->step_count >= checked.evidence->step_count);
  CHECK(length <= how.steps);
  tally.shrunk += length < how.steps;
}

}  // namespace

TEST_CASE("what a random run shows, exploration finds") {
  const tests::Seeds wanted = tests::seeds(150);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) {
    const std::string text = tests::generate_protocol(seed);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    const auto protocol = std::make_shared<model::Protocol>(tests::protocol_of(text));
    checker::CheckOptions options;
    options.full = true;
    options.shortest = true;
    options.explore.states_max = 1'500;
    const checker::ScenarioReport checked = checker::check_scenario(protocol, options);
    const bool is_complete =
        std::none_of(checked.expectations.begin(), checked.expectations.end(),
                     [](const auto& each) { return each.verdict == checker::Verdict::Undecided; });
    if (!is_complete) continue;
    runtime::Simulation simulation = runtime::simulate(protocol, few_runs());
    if (simulation.report.model_error) CHECK(checked.model_error);
    const auto failure = runtime::confirm(simulation.report, {"generated.cap", text});
    INFO((failure ? failure->message : std::string()));
    CHECK(!failure);
    REQUIRE(simulation.report.expectations.size() == checked.expectations.size());
    for (std::size_t i = 0; i < checked.expectations.size(); ++i)
      compare(simulation.report.expectations[i], simulation.settled[i], checked.expectations[i],
              tally);
  }
  std::cout << wanted.words() << ": " << tally.settled << " expectations settled by a run ("
            << tally.shrunk << " shrunk), " << tally.missed << " by exploration alone\n";
  CHECK(tally.settled > static_cast<int>(wanted.count));
  CHECK(tally.shrunk > 0);
}

TEST_CASE("first states that are too many to list are drawn") {
  const auto protocol = std::make_shared<model::Protocol>(tests::protocol_of(
      "protocol p\nmessage M()\nrole Node[10] {\ndurable at: time = now\n"
      "action tell { send M() to Node 1 }\non M() { }\n}\n"
      "scenario s { clocks within 3\n"
      "expect never Node 1.at == Node 2.at + 6\nexpect always Node 1.at <= Node 2.at + 6 "
      "}\n"));
  runtime::SimulateOptions options;
  options.runs = 500;
  options.steps = 1;
  const runtime::Simulation simulation = runtime::simulate(protocol, options);
  REQUIRE(simulation.report.expectations[0].evidence);
  CHECK(simulation.report.expectations[0].evidence->step_count == 0);
  CHECK(!simulation.report.expectations[1].evidence);
}

TEST_CASE("a simulation is a function of its seed") {
  const auto protocol =
      std::make_shared<model::Protocol>(tests::protocol_of(tests::generate_protocol(11)));
  runtime::SimulateOptions options = few_runs();
  const runtime::Simulation one = runtime::simulate(protocol, options);
  const runtime::Simulation same = runtime::simulate(protocol, options);
  CHECK(one.steps == same.steps);
  for (std::size_t i = 0; i < one.report.expectations.size(); ++i) {
    CHECK(one.settled[i].run == same.settled[i].run);
    const auto& evidence = one.report.expectations[i].evidence;
    if (evidence)
      CHECK(evidence->trace.labels == same.report.expectations[i].evidence->trace.labels);
  }
  bool differs = false;
  for (options.seed = 2; options.seed < 6; ++options.seed)
    differs = differs || runtime::simulate(protocol, options).steps != one.steps;
  CHECK(differs);
}
