// SPDX-License-Identifier: MIT
// The reference implementations on cases small enough to be counted by hand.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/reference/brute_force_linearizability.hpp"
#include "tests/reference/world_explorer.hpp"
#include "tests/support/protocol_generator.hpp"
#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;
using model::HistoryEvent;
using model::Value;
using Kind = HistoryEvent::Kind;
using Events = std::vector<HistoryEvent>;

constexpr int kRead = 0;
constexpr int kWrite = 1;

/// A register that holds 0 at first.
model::Protocol a_register() {
  model::Protocol protocol;
  model::Object& object = protocol.objects.emplace_back();
  object.initial = Value::integer(0);
  object.ops.resize(2);
  object.ops[kRead].name = "read";
  object.ops[kRead].has_result = true;
  object.ops[kWrite].name = "write";
  return protocol;
}

HistoryEvent event(Kind kind, int process, int op, std::int64_t value = 0) {
  HistoryEvent e;
  e.kind = kind;
  e.process = process;
  e.object = 0;
  e.op = op;
  if (kind == Kind::Invoke && op == kWrite) e.args = {Value::integer(value)};
  if (kind == Kind::Ok && op == kRead) e.result = Value::integer(value);
  return e;
}

bool linearizable(const Events& events) { return tests::is_linearizable(a_register(), events, -1); }

}  // namespace

TEST_CASE("brute force: a read sees the last write that finished before it, or a concurrent one") {
  const HistoryEvent write = event(Kind::Invoke, 1, kWrite, 5);
  const HistoryEvent written = event(Kind::Ok, 1, kWrite);
  const HistoryEvent read = event(Kind::Invoke, 2, kRead);
  CHECK(linearizable({}));
  CHECK(linearizable({write, written, read, event(Kind::Ok, 2, kRead, 5)}));
  CHECK_FALSE(linearizable({write, written, read, event(Kind::Ok, 2, kRead, 0)}));
  CHECK_FALSE(linearizable({read, event(Kind::Ok, 2, kRead, 5), write, written}));
  CHECK(linearizable({write, read, event(Kind::Ok, 2, kRead, 0), written}));
  CHECK(linearizable({write, read, event(Kind::Ok, 2, kRead, 5), written}));
  CHECK_FALSE(linearizable({read, event(Kind::Ok, 2, kRead, 7)}));
}

TEST_CASE("brute force: pending, unknown and failed writes") {
  const HistoryEvent write = event(Kind::Invoke, 1, kWrite, 5);
  const HistoryEvent read = event(Kind::Invoke, 2, kRead);
  const HistoryEvent saw_new = event(Kind::Ok, 2, kRead, 5);
  const HistoryEvent saw_old = event(Kind::Ok, 2, kRead, 0);
  CHECK(linearizable({write, read, saw_old, read, saw_new}));
  CHECK_FALSE(linearizable({write, read, saw_new, read, saw_old}));  // new, then old again
  CHECK(linearizable({write, event(Kind::Info, 1, kWrite), read, saw_old, read, saw_new}));
  CHECK(linearizable({write, event(Kind::Info, 1, kWrite), read, saw_old}));
  CHECK_FALSE(linearizable({write, event(Kind::Fail, 1, kWrite), read, saw_new}));
  CHECK(linearizable({write, event(Kind::Fail, 1, kWrite), read, saw_old}));
}

TEST_CASE("reference explorer: a protocol counted by hand") {
  // One client, one server: start, called, handled, answered.
  const model::Protocol protocol = tests::protocol_of(
      "protocol p\nobject x: register of 1..2 = 1\nmessage Put(value: 1..2) -> Done()\nrole Server "
      "{ "
      "durable held: 1..2 = 1 on Put(v) { "
      "held = v reply Done() } }\nrole Client[1] { op x.write(v) { ask Server: Put(v) } op "
      "x.read() { return 1 } }\nscenario s { each "
      "Client does write(any) expect linearizable expect always every(s.held == 1 for s in Server) "
      "expect never some(s.held == 2 for s in "
      "Server) expect reachable every(done(c) for c in Client) }\n");
  const tests::WorldExploration found = tests::explore_worlds(protocol, 1000);
  CHECK_FALSE(found.gave_up);
  CHECK(found.states == 7);  // 1 + two values times three
  CHECK(found.labels == 6);
  CHECK(found.edges == 6);
  CHECK(found.transitions == 6);
  CHECK(found.depth == 3);
  CHECK(found.errors.empty());
  CHECK_FALSE(found.deadlock);
  REQUIRE(found.found.size() == 4);
  CHECK(found.found[1] == 2U);
  CHECK(found.found[2] == 2U);
  CHECK(found.found[3] == 3U);
  const auto histories = tests::histories_of(protocol, 1000);
  REQUIRE(histories);
  CHECK(histories->size() == 5);  // nothing, two calls, two calls with answers
  CHECK(tests::all_linearizable(protocol, *histories, -1));
  CHECK(tests::explore_worlds(protocol, 3).gave_up);
}

TEST_CASE("reference explorer: errors and deadlocks") {
  const auto spec = [](const std::string& body) {
    return "protocol p\nobject x: register of 1..2 = 1\nmessage Put(value: 1..2) -> Done()\nrole "
           "Server { durable held: 0..1 = 0 on Put(v) { " +
           body +
           " } }\nrole Client[1] { op x.write(v) { ask Server: Put(v) } op x.read() { return 1 } "
           "}\nscenario s { each Client does write(2) "
           "expect linearizable }\n";
  };
  const tests::WorldExploration wrong =
      tests::explore_worlds(tests::protocol_of(spec("held = v reply Done()")), 1000);
  CHECK(wrong.errors ==
        std::map<std::string, std::uint32_t>{{"`held` would be 2, outside 0..1", 2}});
  CHECK(wrong.states == 2);
  const tests::WorldExploration stuck =
      tests::explore_worlds(tests::protocol_of(spec("held = 1")), 1000);
  CHECK(stuck.errors.empty());
  CHECK(stuck.deadlock == 2U);
}

TEST_CASE("generated protocols type check, and most are small") {
  int small = 0;
  int with_errors = 0;
  constexpr int kCount = 40;
  for (std::uint64_t seed = 1; seed <= kCount; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    const tests::WorldExploration found = tests::explore_worlds(protocol, 3000);
    if (!found.gave_up && found.states >= 5) ++small;
    if (!found.errors.empty()) ++with_errors;
  }
  CHECK(small >= kCount / 2);
  CHECK(with_errors < kCount / 3);
}
