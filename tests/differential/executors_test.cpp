// SPDX-License-Identifier: MIT
// The checker without reductions against the reference explorer over the plain executor, on random
// protocols (SEMANTICS, PBT 1): the same number of states, the same depths of everything that is
// found, the same histories, the same verdicts; and every trace replays.
//
// The two share the type checker and the evaluator and nothing else. A failure prints the seed:
// tests/support/protocol_generator gives the same text for it on every machine.
#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/world.hpp"
#include "tests/reference/world_explorer.hpp"
#include "tests/support/protocol_generator.hpp"
#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Exploration;
using checker::Found;
using checker::Goal;
using checker::ProtocolSystem;
using Histories = std::set<std::vector<model::HistoryEvent>>;

constexpr std::uint64_t kFirstSeed = 1;
constexpr std::uint64_t kSeeds = 120;
constexpr std::uint64_t kStatesMax = 1200;
constexpr std::uint64_t kHistoryStatesMax = 2500;

checker::ExploreOptions everything() {
  checker::ExploreOptions options;
  options.exact = true;
  options.dead_messages = false;
  options.stop_when_found = false;
  return options;
}

Goal goal(Goal::Kind kind, int index = -1) {
  Goal g;
  g.kind = kind;
  g.index = index;
  g.required = false;
  return g;
}

std::optional<std::uint32_t> steps_of(const std::optional<Found>& found) {
  if (!found) return std::nullopt;
  return static_cast<std::uint32_t>(found->labels.size() - 1);
}

/// Replays the way to a finding and returns where it ends. Fails the test if the plain executor
/// does not know a step.
runtime::World follow(const ProtocolSystem& system, const model::Protocol& protocol,
                      const Found& found) {
  model::Trace trace;
  for (const checker::LabelId label : found.labels) trace.labels.push_back(system.label(label));
  const model::Result<model::Run> run = runtime::replay(protocol, trace);
  if (!run) FAIL(run.failure().message);
  runtime::World world(protocol);
  for (const model::Label& label : trace.labels) REQUIRE(world.apply(label).has_value());
  return world;
}

/// Whether the condition has this value there; an evaluation that fails has none.
bool has_value(const runtime::World& world, const model::Expectation& expectation, bool value) {
  try {
    return world.holds(*expectation.condition, expectation.frame) == value;
  } catch (const model::ModelError&) {
    return false;
  }
}

void compare_states(const model::Protocol& protocol, const tests::WorldExploration& reference) {
  ProtocolSystem system(protocol, {.monitors = false, .history = false, .keep_dead_locals = false});
  std::vector<Goal> goals;
  std::vector<std::size_t> asked;
  const std::vector<model::Expectation>& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    if (!expectations[i].condition) continue;
    const bool always = expectations[i].kind == model::PropertyKind::Always;
    goals.push_back(goal(always ? Goal::Kind::PredicateFalse : Goal::Kind::PredicateTrue,
                         system.predicate_of_expectation(static_cast<int>(i))));
    asked.push_back(i);
  }
  goals.push_back(goal(Goal::Kind::ModelError));
  const Exploration found = checker::explore(system, goals, everything());
  CHECK(found.end == Exploration::End::Complete);
  CHECK(found.states == reference.states);
  CHECK(found.depth == reference.depth);
  CHECK(steps_of(found.deadlock) == reference.deadlock);
  for (std::size_t i = 0; i < asked.size(); ++i) {
    INFO("expectation " << expectations[asked[i]].text);
    CHECK(steps_of(found.found[i]) == reference.found[asked[i]]);
    if (!found.found[i]) continue;
    const bool always = expectations[asked[i]].kind == model::PropertyKind::Always;
    CHECK(has_value(follow(system, protocol, *found.found[i]), expectations[asked[i]], !always));
  }
  std::optional<std::uint32_t> first_error;
  for (const auto& [message, steps] : reference.errors)
    first_error = std::min(first_error.value_or(steps), steps);
  CHECK(steps_of(found.found.back()) == first_error);
  if (found.found.back() && found.found.back()->predicate < 0) {
    CHECK(follow(system, protocol, *found.found.back()).error());
  }
}

void compare_histories(const model::Protocol& protocol, const Histories& reference) {
  ProtocolSystem system(protocol, {.monitors = false, .history = true, .keep_dead_locals = false});
  Histories met;
  checker::ExploreOptions options = everything();
  const int track = system.history_track();
  REQUIRE(track >= 0);
  options.on_state = [&](const checker::StateView& state) {
    met.insert(system.history(state.tracks[static_cast<std::size_t>(track)]));
  };
  (void)checker::explore(system, {}, options);
  CHECK(met.size() == reference.size());
  CHECK(met == reference);
}

void compare_linearizability(const model::Protocol& protocol, const Histories& reference) {
  ProtocolSystem system(protocol, {.monitors = true, .history = false, .keep_dead_locals = false});
  std::vector<Goal> goals;
  for (const int monitor : system.monitors_of(-1))
    goals.push_back(goal(Goal::Kind::TrackViolated, monitor));
  REQUIRE_FALSE(goals.empty());
  const Exploration found = checker::explore(system, goals, everything());
  const bool violated = std::any_of(found.found.begin(), found.found.end(),
                                    [](const auto& f) { return f.has_value(); });
  CHECK(violated != tests::all_linearizable(protocol, reference, -1));
  for (const std::optional<Found>& f : found.found) {
    if (f) (void)follow(system, protocol, *f);
  }
}

}  // namespace

TEST_CASE("the checker and the reference explorer see the same states") {
  int compared = 0;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kSeeds; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    const tests::WorldExploration reference = tests::explore_worlds(protocol, kStatesMax);
    if (reference.gave_up) continue;
    ++compared;
    compare_states(protocol, reference);
  }
  CHECK(compared > static_cast<int>(kSeeds) / 3);
}

TEST_CASE("the checker and the reference explorer see the same histories and judge them alike") {
  int compared = 0;
  for (std::uint64_t seed = kFirstSeed; seed < kFirstSeed + kSeeds; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    const std::optional<Histories> reference = tests::histories_of(protocol, kHistoryStatesMax);
    if (!reference) continue;
    ++compared;
    compare_histories(protocol, *reference);
    compare_linearizability(protocol, *reference);
  }
  CHECK(compared > static_cast<int>(kSeeds) / 3);
}
