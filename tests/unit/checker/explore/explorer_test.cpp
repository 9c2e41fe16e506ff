// SPDX-License-Identifier: MIT
// explore() on systems small enough to be checked by hand: each rule of the contract by itself.
#include "checker/explore/explorer.hpp"

#include <catch2/catch.hpp>
#include <vector>

#include "tests/support/abd_components.hpp"
#include "tests/support/small_system.hpp"

namespace capstan::checker {
namespace {

using tests::SmallSystem;

ExploreOptions everything() {
  ExploreOptions options;
  options.dead_messages = false;
  options.stop_when_found = false;
  return options;
}

/// One process that counts to `last`.
SmallSystem counter(LocalId last) {
  SmallSystem system;
  system.initial = {{{0}, {{}}, {}, 100, 0}};
  for (LocalId i = 0; i < last; ++i) system.own[{0, i}] = {SmallSystem::to(i + 1, i)};
  return system;
}

TEST_CASE("a counter: states, transitions, depth, the shortest way") {
  SmallSystem system = counter(5);
  system.predicates = {
      {{{0}, {}, false}, [](const StateView& state) { return state.locals[0] == 3; }}};
  const Exploration result = explore(system, {{Goal::Kind::PredicateTrue, 0}}, everything());
  CHECK(result.end == Exploration::End::Complete);
  CHECK(result.states == 6);
  CHECK(result.transitions == 5);
  CHECK(result.depth == 5);
  REQUIRE(result.found[0]);
  CHECK(result.found[0]->labels == std::vector<LabelId>{100, 0, 1, 2});
  CHECK_FALSE(result.deadlock);  // nothing is pending
  CHECK(result.labels_taken.size() == 101);
  CHECK(result.labels_taken[4]);
  CHECK(result.collision_probability > 0);
  CHECK(result.collision_probability < 1e-15);
}

TEST_CASE("the search stops at the goal if it is told to, and not before all goals are found") {
  SmallSystem system = counter(50);
  system.predicates = {
      {{{0}, {}, false}, [](const StateView& state) { return state.locals[0] < 3; }},
      {{{0}, {}, false}, [](const StateView& state) { return state.locals[0] == 30; }}};
  ExploreOptions options;
  Exploration result = explore(system, {{Goal::Kind::PredicateFalse, 0}}, options);
  CHECK(result.end == Exploration::End::GoalsFound);
  CHECK(result.states < 50);
  CHECK(result.found[0]->labels.size() == 4);
  result =
      explore(system, {{Goal::Kind::PredicateFalse, 0}, {Goal::Kind::PredicateTrue, 1}}, options);
  CHECK(result.end == Exploration::End::GoalsFound);
  CHECK(result.found[0]->labels.size() == 4);
  CHECK(result.found[1]->labels.size() == 31);
}

TEST_CASE("equal outcomes are one transition, and all their labels count as taken") {
  SmallSystem system;
  system.initial = {{{0}, {{}}, {}, 0, 0}};
  system.own[{0, 0}] = {SmallSystem::to(1, 1), SmallSystem::to(1, 2), SmallSystem::to(0, 3)};
  const Exploration result = explore(system, {}, everything());
  CHECK(result.states == 2);
  CHECK(result.transitions == 2);  // to 1, and the self-loop
  CHECK(result.labels_taken == std::vector<bool>{true, true, true, true});
}

TEST_CASE("several initial states; equal ones count once") {
  SmallSystem system = counter(2);
  system.initial = {{{0}, {{}}, {}, 7, 0}, {{0}, {{}}, {}, 8, 0}, {{2}, {{}}, {}, 9, 0}};
  system.predicates = {
      {{{0}, {}, false}, [](const StateView& state) { return state.locals[0] == 2; }}};
  const Exploration result = explore(system, {{Goal::Kind::PredicateTrue, 0}}, everything());
  CHECK(result.states == 3);
  CHECK(result.depth == 1);
  CHECK(result.found[0]->labels == std::vector<LabelId>{9});
}

TEST_CASE("a model error ends in a sink and is found with the way to it") {
  SmallSystem system = counter(3);
  LocalStep bad = SmallSystem::to(0, 50);
  bad.error = 6;
  system.own[{0, 2}].push_back(bad);
  const Exploration result = explore(system, {{Goal::Kind::ModelError, -1}}, everything());
  CHECK(result.states == 4);
  CHECK(result.transitions == 4);
  REQUIRE(result.found[0]);
  CHECK(result.found[0]->error == 6);
  CHECK(result.found[0]->labels == std::vector<LabelId>{100, 0, 1, 50});
}

TEST_CASE("a guard or a goal that cannot be evaluated is a model error in that state") {
  SmallSystem system = counter(3);
  system.predicates = {{{{0}, {}, false}, [](const StateView& state) -> std::optional<bool> {
                          if (state.locals[0] == 2) return std::nullopt;
                          return true;
                        }}};
  SECTION("guard") { system.own[{0, 2}][0].guard = 0; }
  SECTION("goal") {}
  const std::vector<Goal> goals{{Goal::Kind::ModelError, -1}, {Goal::Kind::PredicateFalse, 0}};
  const Exploration result = explore(system, goals, everything());
  REQUIRE(result.found[0]);
  CHECK(result.found[0]->predicate == 0);
  CHECK(result.found[0]->labels == std::vector<LabelId>{100, 0, 1});
  CHECK_FALSE(result.found[1]);
}

TEST_CASE("a deadlock is a pending operation and no step that changes anything") {
  SmallSystem system = counter(3);
  system.own[{0, 3}] = {SmallSystem::to(3, 60)};  // a step, but it changes nothing
  Exploration result = explore(system, {}, everything());
  CHECK_FALSE(result.deadlock);
  system.pending[{0, 3}] = true;
  result = explore(system, {}, everything());
  REQUIRE(result.deadlock);
  CHECK(result.deadlock->labels == std::vector<LabelId>{100, 0, 1, 2});
  CHECK(result.labels_taken_pending.size() == 61);
  CHECK_FALSE(result.labels_taken_pending[2]);
}

TEST_CASE("a cut blocks deliveries on its links until it heals, but not losses") {
  SmallSystem system;
  system.processes = 2;
  system.tracks = 1;
  system.faults = 0;
  system.messages = {{0, 1, 0}};
  system.initial = {{{0, 0}, {{}, {0}}, {1}, 0, 0}};  // cut from the start
  system.blocked[{1, 1}] = 1;                         // 1 hears nothing from 0
  system.on_message[{1, 0, 0}] = {SmallSystem::consume(1, 1)};
  Exploration result = explore(system, {}, everything());
  CHECK(result.states == 1);
  CHECK(result.transitions == 0);
  system.pending[{0, 0}] = true;
  system.moves[{0, 1}] = {{2, 5}};
  result = explore(system, {}, everything());
  CHECK(result.states == 3);  // cut, healed, delivered
  CHECK(result.depth == 2);
  REQUIRE(result.deadlock);
  CHECK(result.deadlock->labels == std::vector<LabelId>{0, 5, 1});
  LocalStep lost = SmallSystem::consume(0, 2);
  lost.is_fault = true;
  lost.ignores_blocks = true;
  system.on_message[{1, 0, 0}].push_back(lost);
  result = explore(system, {}, everything());
  CHECK(result.states == 5);  // lost while cut, lost after healing
}

TEST_CASE("a disabled track event disables the whole step; a violated one is found") {
  SmallSystem system = counter(6);
  system.tracks = 1;
  system.initial[0].tracks = {0};
  for (auto& [at, steps] : system.own) steps[0].events = {{0, 1}};
  SECTION("disabled") {
    system.on_event = [](int, TrackId id, EventId) {
      return TrackStep{id == 3 ? TrackStep::Result::Disabled : TrackStep::Result::Next, id + 1};
    };
    const Exploration result = explore(system, {{Goal::Kind::TrackViolated, 0}}, everything());
    CHECK(result.states == 4);
    CHECK(result.transitions == 3);
    CHECK_FALSE(result.found[0]);
    CHECK(result.labels_taken.size() == 101);
    CHECK_FALSE(result.labels_taken[3]);
  }
  SECTION("violated") {
    system.on_event = [](int, TrackId id, EventId) {
      return TrackStep{id == 3 ? TrackStep::Result::Violated : TrackStep::Result::Next, id + 1};
    };
    const Exploration result = explore(system, {{Goal::Kind::TrackViolated, 0}}, everything());
    REQUIRE(result.found[0]);
    CHECK(result.found[0]->labels == std::vector<LabelId>{100, 0, 1, 2, 3});
  }
}

TEST_CASE("closing an ask takes the late reply away and leaves the late request with nobody") {
  // Process 0 asks 1 and 2 (messages 0, 1), goes on at the first reply (2 from 1, 3 from 2).
  // Message 4 and 5 are the requests of nobody: handled without a reply.
  SmallSystem system;
  system.processes = 3;
  system.purge_owners = {-1, 0};
  system.messages = {{0, 1, 1}, {0, 2, 1}, {1, 0, 1}, {2, 0, 1}, {0, 1, 0}, {0, 2, 0}};
  system.initial = {{{0, 0, 0}, {{}, {}, {}}, {}, 0, 0}};
  system.own[{0, 0}] = {SmallSystem::to(1, 1, {{1, false, 0}, {2, false, 1}})};
  system.local_tokens[{0, 1}] = 1;
  system.purged_locals[{0, 1, 1}] = 1;
  for (const MessageId reply : {MessageId{2}, MessageId{3}}) {
    LocalStep done = SmallSystem::consume(2, 10 + reply);
    done.purge = 1;
    system.on_message[{0, 1, reply}] = {done};
    system.purged_messages[{reply, 1}] = std::nullopt;
  }
  for (int server = 1; server <= 2; ++server) {
    const auto request = static_cast<MessageId>(server - 1);
    system.purged_messages[{request, 1}] = request + 4;
    system.on_message[{server, 0, request}] = {
        SmallSystem::consume(1, 20 + request, {{0, false, request + 2}})};
    system.on_message[{server, 0, request + 4}] = {SmallSystem::consume(1, 30 + request)};
  }
  std::vector<std::vector<MessageId>> last_inboxes;
  ExploreOptions options = everything();
  options.on_state = [&last_inboxes](const StateView& state) {
    if (state.locals[0] != 2) return;
    for (const auto& inbox : state.inboxes) {
      for (const MessageId message : inbox) last_inboxes.push_back({message});
    }
  };
  const Exploration result = explore(system, {}, options);
  // Before the ask, 4 states while it is open (each request in flight or its reply), then by who
  // answered and whether the other request is still in flight: 1 + 4 + 2 closed early + 1 with both
  // handled.
  CHECK(result.states == 8);
  for (const auto& inbox : last_inboxes) CHECK(inbox[0] >= 4);
}

TEST_CASE("limits end a run with the right word") {
  tests::AbdComponents system({{"W", "R"}, true, 3, 0});
  ExploreOptions options = everything();
  SECTION("states") {
    options.states_max = 1000;
    const Exploration result = explore(system, {}, options);
    CHECK(result.end == Exploration::End::StatesLimit);
    CHECK(result.states >= 1000);
    CHECK(result.states < 1100);
  }
  SECTION("memory") {
    options.memory_bytes_max = 2 << 20;
    const Exploration result = explore(system, {}, options);
    CHECK(result.end == Exploration::End::MemoryLimit);
    CHECK(result.memory_bytes <= options.memory_bytes_max);
    CHECK(result.states > 1000);
  }
  SECTION("time") {
    options.seconds_max = 1e-9;
    CHECK(explore(system, {}, options).end == Exploration::End::TimeLimit);
  }
}

TEST_CASE("two runs give equal results, counters and traces alike") {
  const auto run = [] {
    tests::AbdComponents system({{"W", "RR"}, true, 3, 1});
    return explore(system, {{Goal::Kind::TrackViolated, 0}}, ExploreOptions{});
  };
  const Exploration first = run();
  const Exploration second = run();
  CHECK(first.states == second.states);
  CHECK(first.transitions == second.transitions);
  REQUIRE(first.found[0]);
  CHECK(first.found[0]->labels == second.found[0]->labels);
}

}  // namespace
}  // namespace capstan::checker
