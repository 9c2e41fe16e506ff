// SPDX-License-Identifier: MIT
// Dead messages: what is dropped, what is not, and assumptions that the check at the end refutes.
#include "checker/reduce/dead.hpp"

#include <catch2/catch.hpp>

#include "checker/explore/explorer.hpp"
#include "tests/support/small_system.hpp"

namespace capstan::checker {
namespace {

using tests::SmallSystem;

ExploreOptions everything(bool dead) {
  ExploreOptions options;
  options.dead_messages = dead;
  options.stop_when_found = false;
  return options;
}

/// Process 1 has message 0 in flight and ignores it in its local state 0; process 0 does nothing.
SmallSystem waiting() {
  SmallSystem system;
  system.processes = 2;
  system.messages = {{0, 1, 0}};
  system.initial = {{{0, 0}, {{}, {0}}, {}, 0, 0}};
  system.on_message[{1, 0, 0}] = {SmallSystem::consume(0, 1)};
  return system;
}

TEST_CASE("a message that is ignored for ever is dropped, whether it is consumed, kept or waits") {
  SmallSystem system = waiting();
  SECTION("consumed") {}
  SECTION("kept") { system.on_message[{1, 0, 0}][0].message = LocalStep::Message::Kept; }
  SECTION("its guard is false") { system.on_message.clear(); }
  SECTION("a fault may still strike it") {
    LocalStep lost = SmallSystem::consume(0, 2);
    lost.is_fault = true;
    lost.ignores_blocks = true;
    system.on_message[{1, 0, 0}].push_back(lost);
  }
  const Exploration result = explore(system, {}, everything(true));
  CHECK(result.states == 1);
  CHECK(result.transitions == 0);
  CHECK(result.dead_repeats == 0);
}

TEST_CASE("a message is productive if it changes, sends, tells, closes or errs") {
  SmallSystem system = waiting();
  system.tracks = 1;
  system.initial[0].tracks = {0};
  system.on_event = [](int, TrackId id, EventId) { return TrackStep{TrackStep::Result::Next, id}; };
  system.purge_owners = {-1, 0};
  LocalStep& step = system.on_message[{1, 0, 0}][0];
  SECTION("changes") { step.next = 1; }
  SECTION("sends") {
    system.messages.push_back({1, 0, 0});
    system.on_message[{0, 0, 1}] = {SmallSystem::consume(1, 5)};
    step.sends = {{0, false, 1}};
  }
  SECTION("tells") { step.events = {{0, 0}}; }
  SECTION("closes") { step.purge = 1; }
  SECTION("errs") { step.error = 1; }
  const Exploration full = explore(system, {}, everything(false));
  const Exploration reduced = explore(system, {}, everything(true));
  CHECK(full.states == reduced.states);
  CHECK(full.transitions == reduced.transitions);
}

TEST_CASE("a message that matters later refutes the assumption, and the run repeats with it") {
  SmallSystem system = waiting();
  system.predicates = {
      {{{1}, {}, false}, [](const StateView& state) { return state.locals[1] == 2; }}};
  system.on_message[{1, 1, 0}] = {SmallSystem::consume(2, 7)};
  SECTION("by a step of its own") { system.own[{1, 0}] = {SmallSystem::to(1, 6)}; }
  SECTION("by a restart") {
    LocalStep restart = SmallSystem::to(1, 6);
    restart.is_fault = true;
    system.own[{1, 0}] = {restart};
  }
  SECTION("by a step of another process that closes its ask") {
    system.purge_owners = {-1, 0};
    system.local_tokens[{1, 0}] = 1;
    system.purged_locals[{1, 0, 1}] = 1;
    LocalStep closing = SmallSystem::to(1, 6);
    closing.purge = 1;
    system.own[{0, 0}] = {closing};
  }
  SECTION("by what closing an ask makes of the message") {
    system.purge_owners = {-1, 0};
    system.messages = {{0, 1, 1}, {0, 1, 0}};
    system.purged_messages[{0, 1}] = MessageId{1};
    system.on_message[{1, 0, 1}] = {SmallSystem::consume(2, 7)};
    LocalStep closing = SmallSystem::to(1, 6);
    closing.purge = 1;
    system.own[{0, 0}] = {closing};
  }
  const std::vector<Goal> goals{{Goal::Kind::PredicateTrue, 0}};
  const Exploration full = explore(system, goals, everything(false));
  REQUIRE(full.found[0]);
  for (const bool stops : {false, true}) {
    ExploreOptions options = everything(true);
    options.stop_when_found = stops;
    const Exploration reduced = explore(system, goals, options);
    CHECK(reduced.dead_repeats == 1);
    REQUIRE(reduced.found[0]);
    CHECK(reduced.found[0]->labels == full.found[0]->labels);
  }
}

TEST_CASE("a reply that dies with its ask is not refuted by the next ask in the same slot") {
  // Process 1 ignores reply 0 while its ask is open (state 0), closes the ask (to 1, which deletes
  // the reply), and asks again (state 2), where a reply in this slot would matter.
  SmallSystem system = waiting();
  system.messages[0].tokens = 2;
  system.purge_owners = {-1, 1};
  system.purged_messages[{0, 1}] = std::nullopt;
  LocalStep closing = SmallSystem::to(1, 6);
  closing.purge = 1;
  system.own[{1, 0}] = {closing};
  system.own[{1, 1}] = {SmallSystem::to(2, 7)};
  system.on_message[{1, 2, 0}] = {SmallSystem::consume(3, 8)};
  const Exploration result = explore(system, {}, everything(true));
  CHECK(result.dead_repeats == 0);
  CHECK(result.states == 3);
}

TEST_CASE("a predicate on messages in flight switches the rule off") {
  SmallSystem system = waiting();
  system.predicates = {
      {{{}, {}, true}, [](const StateView& state) { return state.inboxes[1].empty(); }}};
  const Exploration result = explore(system, {{Goal::Kind::PredicateTrue, 0}}, everything(true));
  CHECK(result.states == 2);
  REQUIRE(result.found[0]);
  CHECK(result.found[0]->labels == std::vector<LabelId>{0, 1});
}

}  // namespace
}  // namespace capstan::checker
