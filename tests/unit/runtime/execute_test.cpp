// SPDX-License-Identifier: MIT
// World: one small spec for each rule of SEMANTICS 1 and 2, driven by the sentences of its own
// story.
#include <algorithm>
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "runtime/execute/world.hpp"
#include "tests/support/story.hpp"

namespace {

using namespace capstan;
using model::Label;
using model::Value;
using Kind = Label::Kind;
using EventKind = model::HistoryEvent::Kind;
using tests::Story;
using Strings = std::vector<std::string>;

/// A spec with the object `x`, two values, and these roles and scenario lines.
std::string spec(const std::string& roles, const std::string& lines) {
  return "protocol p\ntype Value = 1..2\nobject x: register of Value?\nmessage Get() -> Got(value: "
         "Value?)\n"
         "message Put(value: Value?) -> Done()\nmessage Note(value: Value?)\n" +
         roles + "\nscenario s { " + lines + " expect linearizable }\n";
}

const std::string kServer =
    "role Server[2] { durable held: Value? = none on Get() { reply Got(held) } on Put(v) { held = "
    "v reply Done() } }\n";

}  // namespace

TEST_CASE("an operation is called, handled, answered; values read as the language writes them") {
  Story story(spec(kServer + "role Client { op x.write(v) { ask all of Server: Put(v) } op "
                             "x.read() { return (ask Server 1: "
                             "Get()).value } }",
                   "Client 1 does write(2), read()"));
  CHECK(story.can() == Strings{"Client calls write(2)"});
  story.step("Client calls write(2)");
  REQUIRE(story.last.events.size() == 1);
  CHECK(story.last.events[0].kind == EventKind::Invoke);
  CHECK(story.last.sent.size() == 2);
  CHECK(story.can() ==
        Strings{"Server 1 handles Put(2) from Client", "Server 2 handles Put(2) from Client"});
  story.step("Server 1 handles Put(2)");
  REQUIRE(story.last.changes.size() == 1);
  CHECK(story.last.changes[0].process == 0);
  CHECK(story.last.changes[0].before == Value::none());
  CHECK(story.last.changes[0].after == Value::integer(2));
  CHECK(story.value(0, "held") == "2");
  story.step("Server 2 handles");
  story.step("Client gets Done() from Server 2");
  CHECK(story.last.events.empty());
  story.step("Client gets Done() from Server 1; write(2) returns");
  CHECK(story.last.events.at(0).kind == EventKind::Ok);
  story.step("Client calls read()");
  story.step("Server 1 handles Get()");
  story.step("Client gets Got(2) from Server 1; read() returns 2");
  CHECK(story.last.events.at(0).result == Value::integer(2));
  CHECK(story.can().empty());
  CHECK(story.world.is_done(2));
  CHECK(story.world.in_flight().empty());
}

TEST_CASE("the reply that completes an ask closes it in the same step") {
  Story story(spec(
      kServer +
          "role Client { op x.write(v) { ask 1 of Server: Put(v) } op x.read() { return none } }",
      "Client 1 does write(1), read()"));
  story.step("Client calls write(1)");
  story.step("Server 1 handles");
  const std::uint64_t request = story.world.in_flight()[0].id;
  story.step("Client gets Done() from Server 1; write(1) returns");
  // The other request is still in flight, and nobody waits for its answer.
  REQUIRE(story.world.in_flight().size() == 1);
  CHECK(story.world.in_flight()[0].id == request);
  CHECK(story.world.in_flight()[0].message.token == model::Token{});
  story.step("Server 2 handles");
  CHECK(story.last.sent.empty());
  CHECK(story.value(1, "held") == "1");
}

TEST_CASE("replies in flight are discarded when their ask closes") {
  Story story(spec(
      kServer +
          "role Client { op x.write(v) { ask 1 of Server: Put(v) } op x.read() { return none } }",
      "Client 1 does write(1)"));
  story.step("Client calls");
  story.step("Server 1 handles");
  story.step("Server 2 handles");
  CHECK(story.world.in_flight().size() == 2);
  story.step("Client gets Done() from Server 1");
  CHECK(story.last.discarded.size() == 1);
  CHECK(story.world.in_flight().empty());
}

TEST_CASE("a reply counts once a sender, and only if the condition says so") {
  const std::string client =
      "role Client { op x.read() { let got = ask 2 of Server: Get() return max(g.value for g in "
      "got) } op x.write(v) { ask "
      "all of Server: Put(v) } }";
  Story story(spec(kServer + client, "Client 1 does read() faults { duplicate Got up to 1 }"));
  story.step("Client calls read()");
  story.step("Server 1 handles");
  story.step("Client gets Got(none) from Server 1, and a copy stays in flight");
  CHECK(story.last.events.empty());
  story.step("Client gets Got(none) from Server 1");
  CHECK(story.last.events.empty());
  CHECK(story.last.text == "Client gets Got(none) from Server 1");
  story.step("Server 2 handles");
  story.step("Client gets Got(none) from Server 2; read() returns none");

  Story picky(spec(kServer + "role Client { op x.read() { let got = ask 1 of Server: Get() where "
                             "it.value != none return "
                             "1 } op x.write(v) { } }",
                   "Client 1 does read()"));
  picky.step("Client calls read()");
  picky.step("Server 1 handles");
  picky.step("Client gets Got(none) from Server 1");
  CHECK(picky.last.events.empty());
  picky.step("Server 2 handles");
  picky.step("Client gets");
  CHECK(picky.can().empty());  // all have answered, none counted: it waits for ever
  CHECK(picky.world.has_pending_operation(2));
}

TEST_CASE("a false guard leaves the message waiting, two true ones are two branches") {
  Story story(
      spec("role Server { durable held: Value? = none on Put(v) when held == none { held = v reply "
           "Done() } on Put(v) "
           "when v == 1 { held = 2 reply Done() } on Get() { reply Got(held) } }\n"
           "role Client[2] { op x.write(v) { ask Server: Put(v) } op x.read() { return none } }",
           "Client 1 does write(1) Client 2 does write(2)"));
  story.step("Client 1 calls");
  story.step("Client 2 calls");
  CHECK(story.can() == Strings{"Server handles Put(1) from Client 1",
                               "Server handles Put(1) from Client 1",
                               "Server handles Put(2) from Client 2"});
  Label second;
  for (const Label& label : story.world.enabled()) {
    if (label.alternative == 1) second = label;
  }
  CHECK(second.kind == Kind::Deliver);
  story.take(second);
  CHECK(story.value(0, "held") == "2");
  CHECK_FALSE(story.has("Server handles Put(2)"));
  Label blocked = second;
  blocked.message = story.world.in_flight()[0].message;
  blocked.alternative = 0;
  const std::string before = story.world.canonical();
  const auto refused = story.world.apply(blocked);
  REQUIRE_FALSE(refused.has_value());
  CHECK(refused.failure().message == "the handler's guard is false");
  CHECK(story.world.canonical() == before);
}

TEST_CASE(
    "any is a branch for each element; of nothing it disables an action and is an error "
    "elsewhere") {
  const std::string server =
      "role Server[2] { durable ready: set of Server = {} durable held: Value? = none action tell "
      "{ send Note(1) to any ready } on "
      "Note(v) { ready = {} } on Put(v) { let one = any Server ready += {one} held = v reply "
      "Done() } on Get() { let one = any "
      "ready reply Got(held) } }\n";
  Story story(spec(server + "role Client { op x.write(v) { ask Server 1: Put(v) } op x.read() { "
                            "return (ask Server 2: "
                            "Get()).value } }",
                   "Client 1 does write(any), read()"));
  CHECK(story.can() == Strings{"Client calls write(1)", "Client calls write(2)"});
  story.step("Client calls write(2)");
  const std::vector<Label> labels = story.world.enabled();
  REQUIRE(labels.size() == 2);
  CHECK(labels[0].choices == std::vector<int>{0});
  CHECK(labels[1].choices == std::vector<int>{1});
  story.take(labels[1]);
  CHECK(story.value(0, "ready") == "{Server 2}");
  Label wrong = labels[0];
  CHECK_FALSE(story.world.apply(wrong).has_value());
  CHECK(story.has("Server 1 does tell"));
  CHECK_FALSE(story.has("Server 2 does tell"));
  story.step("Client gets Done()");
  story.step("Client calls read()");
  story.step("Server 2 handles Get()");
  REQUIRE(story.last.error);
  CHECK(*story.last.error == "`any` of an empty set");
  CHECK(story.world.error());
  CHECK(story.can().empty());
}

TEST_CASE("choices must be there, in range, and all used") {
  Story story(spec("role Server { on start { let a = any {1, 2} } on Get() { reply Got(none) } on "
                   "Put(v) { let a = any {1, 2} let b = any {1, 2, "
                   "3} reply Done() } }\nrole Client { op x.write(v) { ask Server: Put(v) } op "
                   "x.read() { return none } }",
                   "Client 1 does write(1)"),
              1);
  story.step("Client calls");
  const std::vector<Label> labels = story.world.enabled();
  REQUIRE(labels.size() == 6);
  CHECK(labels[5].choices == std::vector<int>{1, 2});
  for (const std::vector<int>& choices : {std::vector<int>{}, {0}, {0, 3}, {0, -1}, {0, 0, 0}}) {
    Label label = labels[0];
    label.choices = choices;
    CHECK_FALSE(story.world.apply(label).has_value());
  }
  CHECK(story.world.enabled().size() == 6);
}

TEST_CASE(
    "what an action sends is merged with an equal message in flight, what others send is not") {
  Story story(
      spec("role Server { durable held: Value? = none action gossip { send Note(held) to self } on "
           "Note(v) { } on Get() { reply "
           "Got(held) } on Put(v) { send Note(v) to self reply Done() } }\nrole Client[2] { op "
           "x.write(v) { ask "
           "Server: Put(v) } op x.read() { return none } }",
           "each Client does write(1)"));
  story.step("Server does gossip");
  CHECK(story.last.sent.size() == 1);
  const std::string before = story.world.canonical();
  story.step("Server does gossip");
  CHECK(story.last.sent.empty());
  CHECK(story.world.canonical() == before);
  story.step("Client 1 calls");
  story.step("Client 2 calls");
  story.step("Server handles Put(1) from Client 1");
  story.step("Server handles Put(1) from Client 2");
  const auto notes =
      std::count_if(story.world.in_flight().begin(), story.world.in_flight().end(),
                    [](const model::MessageCopy& copy) {
                      return copy.message.source == 0 && copy.message.destination == 0;
                    });
  CHECK(notes == 3);  // one by the action, two equal ones by the handlers
}

TEST_CASE("an action that gave up and asks the same again replaces its old request") {
  Story story(
      spec("role Server { on Get() { reply Got(none) } on Put(v) { reply Done() } } role Other { "
           "action retry { ask Server: Get() else { return } } on Note(v) { ask Server: Get() else "
           "{ return } } action tell { send Note(1) to self } }\nrole Client[1] { op x.write(v) { "
           "ask Server: Put(v) } op x.read() { return none } }",
           "each Client does write(1)"));
  story.step("Other does retry");
  const auto first = story.world.in_flight().at(0);
  story.step("Other gives up");
  CHECK(story.world.in_flight().at(0).message.token == model::Token());
  story.step("Other does retry");
  CHECK(story.last.sent.size() == 1);
  CHECK(story.last.discarded == std::vector<std::uint64_t>{first.id});
  REQUIRE(story.world.in_flight().size() == 1);
  CHECK(story.world.in_flight()[0].message == first.message);
  story.step("Server handles Get()");
  story.step("Other gets Got(none)");
  CHECK(story.world.in_flight().empty());
  // What a handler asks is a request of its own.
  for (int i = 0; i < 2; ++i) {
    story.step("Other does tell");
    story.step("Other handles Note(1)");
    story.step("Other gives up");
  }
  CHECK(story.world.in_flight().size() == 2);
}

TEST_CASE(
    "wait until goes on when its condition holds; equal places are told apart by whom they serve") {
  Story story(
      spec("role Server { durable held: Value? = none on Put(v) { wait until held != none reply "
           "Done() } on Get() { held = 1 reply "
           "Got(held) } }\nrole Client[3] { op x.write(v) { ask Server: Put(v) } op x.read() { "
           "return (ask Server: "
           "Get()).value } }",
           "Client 1 does write(1) Client 2 does write(1) Client 3 does read()"));
  for (const char* step :
       {"Client 1 calls", "Client 2 calls", "Client 3 calls", "Server handles Put(1) from Client 1",
        "Server handles Put(1) from Client 2"}) {
    story.step(step);
  }
  CHECK(story.can() == Strings{"Server handles Get() from Client 3"});
  story.step("Server handles Get()");
  std::vector<Label> resumptions;
  for (const Label& label : story.world.enabled()) {
    if (label.kind == Kind::Resume) resumptions.push_back(label);
  }
  REQUIRE(resumptions.size() == 2);
  CHECK(resumptions[0].at == resumptions[1].at);
  CHECK(resumptions[0].message.source != resumptions[1].message.source);
  story.take(resumptions[1]);
  CHECK(story.last.text == "Server: goes on");
  CHECK(story.last.sent.at(0).message.destination == resumptions[1].message.source);
}

TEST_CASE("a crash ends what was under way; restart resets what is volatile") {
  Story story(
      spec("role Server { durable held: Value? = none volatile seen: Value? = none on Put(v) { "
           "held = v seen = v reply Done() } on "
           "Get() { wait until false reply Got(held) } on restart { held = 2 } }\nrole Client[2] { "
           "op x.write(v) { ask Server: Put(v) } op "
           "x.read() { return (ask Server: Get()).value } }",
           "Client 1 does write(1), write(1) Client 2 does read() faults { crash Server up to 1; "
           "crash Client 1 up to 1 }"));
  for (const char* step : {"Client 1 calls", "Server handles Put", "Client 1 gets Done",
                           "Client 2 calls", "Server handles Get", "Client 1 calls write(1)"}) {
    story.step(step);
  }
  CHECK(story.value(0, "seen") == "1");
  story.step("Server crashes");
  CHECK(story.value(0, "held") == "1");
  CHECK(story.value(0, "seen") == "none");
  CHECK(story.world.processes()[0].activations.empty());
  CHECK_FALSE(story.last.up[0]);
  CHECK(story.can() == Strings{"Client 1 crashes", "Server restarts"});
  story.step("Client 1 crashes");
  REQUIRE(story.last.events.size() == 1);
  CHECK(story.last.events[0].kind == EventKind::Info);
  CHECK(story.last.events[0].process == 1);
  CHECK(story.world.in_flight().at(0).message.token == model::Token{});
  story.step("Server restarts");
  CHECK(story.value(0, "held") == "2");
  story.step("Client 1 restarts");
  CHECK_FALSE(story.has("Server crashes"));
  story.step("Server handles Put(1)");
  CHECK(story.last.sent.empty());
}

TEST_CASE("at most so many at once") {
  Story story(spec(kServer + "role Client { op x.write(v) { } op x.read() { return none } }",
                   "Client 1 does read() faults { crash Server up to 2, at most 1 at once }"));
  story.step("Server 1 crashes");
  CHECK_FALSE(story.has("Server 2 crashes"));
  story.step("Server 1 restarts");
  story.step("Server 2 crashes");
  story.step("Server 2 restarts");
  CHECK_FALSE(story.has("Server 1 crashes"));
}

TEST_CASE("a cut stops messages whenever they were sent, and a client stays with its home") {
  const std::string text =
      spec(kServer +
               "role Client { param home: Server op x.write(v) { ask all of Server: Put(v) } op "
               "x.read() { "
               "return none } }",
           "Client 1 with home = Server 2 does write(1) faults { partition up to 1 }");
  Story story(text);
  story.step("Client calls");
  Strings cuts;
  for (const std::string& step : story.can()) {
    if (step.starts_with("network")) cuts.push_back(step);
  }
  CHECK(cuts == Strings{"network splits: {Server 1} | {Server 2, Client}"});
  story.step("network splits");
  CHECK(story.last.process == -1);
  CHECK(story.last.groups == std::vector<std::vector<int>>{{0}, {1, 2}});
  CHECK_FALSE(story.has("Server 1 handles"));
  CHECK(story.has("Server 2 handles"));
  story.step("the network heals");
  CHECK(story.has("Server 1 handles"));
  CHECK_FALSE(story.has("network splits"));
}

TEST_CASE("a named cut leaves other links alone") {
  Story story(spec(
      "role Server[3] { durable held: Value? = none on Get() { reply Got(held) } on Put(v) { held "
      "= v reply Done() } }\n"
      "role Client { op x.write(v) { ask all of Server: Put(v) } op x.read() { return none } }",
      "Client 1 does write(1) faults { partition {Server 1} from {Client} up to 1 }"));
  story.step("Client calls");
  story.step("network splits: {Server 1} | {Client}");
  CHECK_FALSE(story.has("Server 1 handles"));
  CHECK(story.has("Server 2 handles"));
  CHECK(story.world.is_blocked(0, 3));
  CHECK(story.world.is_blocked(3, 0));
  CHECK_FALSE(story.world.is_blocked(0, 1));
  CHECK_FALSE(story.world.is_blocked(1, 3));
}

TEST_CASE("messages are lost within the budget, also to those who are down") {
  Story story(spec(
      kServer +
          "role Client { op x.write(v) { ask all of Server: Put(v) } op x.read() { return none } }",
      "Client 1 does write(1) faults { lose Put up to 1; crash Server 1 up to 1 }"));
  story.step("Client calls");
  story.step("Server 1 crashes");
  story.step("the network loses Put(1) from Client to Server 1");
  CHECK(story.world.in_flight().size() == 1);
  CHECK_FALSE(story.has("the network loses"));
}

TEST_CASE("a kept network delivers again and again and holds each message once") {
  Story story(
      spec("role Server { durable held: Value? = none on Put(v) { held = v reply Done() } on Get() "
           "{ reply Got(held) } on Note(v) { } "
           "}\nrole Client { op x.write(v) { send Note(v) to Server send Note(v) to Server ask "
           "Server: Put(v) } op x.read() { return none } }",
           "network kept Client 1 does write(1)"));
  story.step("Client calls");
  CHECK(story.world.in_flight().size() == 2);
  story.step("Server handles Put");
  CHECK(story.world.in_flight().size() == 3);
  const std::string before = story.world.canonical();
  story.step("Server handles Put");
  CHECK(story.world.canonical() == before);
  story.step("Server handles Note");
  CHECK(story.world.canonical() == before);
  story.step("Client gets Done() from Server; write(1) returns");
  CHECK(story.world.in_flight().size() == 2);
}

TEST_CASE("giving up closes the ask, keeps what came, and runs the else block") {
  Story story(spec(
      kServer + "role Client { op x.write(v) { ask all of Server: Put(v) else { unknown } } op "
                "x.read() { let got = ask all "
                "of Server: Get() else { return max(r.value for r in replies, default: 1) } return "
                "max(g.value for g in got) } }",
      "Client 1 does write(2), read(), read()"));
  story.step("Client calls write(2)");
  story.step("Server 1 handles");
  story.step("Client gives up waiting for answers to Put; write(2) ends, its effect unknown");
  CHECK(story.last.events.at(0).kind == EventKind::Info);
  CHECK(story.last.discarded.size() == 1);
  story.step("Client calls read()");
  story.step("Client gives up waiting for answers to Get; read() returns 1");
  story.step("Client calls read()");
  story.step("Server 1 handles Get() from Client");  // one of three requests, two of which nobody
                                                     // waits for
  story.step("Server 1 handles Get() from Client");
  story.step("Client gets Got(2)");
  story.step("Client gives up waiting for answers to Get; read() returns 2");
}

TEST_CASE("scripts: pools, waits for others, and one operation at a time") {
  Story story(spec(
      kServer +
          "role Client[2] { op x.write(v) { ask Server 1: Put(v) } op x.read() { return none } }",
      "Client 1 does any 1 operations, read() Client 2 does wait until done(Client 1), write(1)"));
  // The pool allows any operation with any arguments; the script may also go on behind it at once.
  CHECK(story.can() == Strings{"Client 1 calls read(); read() returns none",
                               "Client 1 calls read(); read() returns none",
                               "Client 1 calls write(1)", "Client 1 calls write(2)"});
  story.step("Client 1 calls write(2)");
  CHECK(story.can() == Strings{"Server 1 handles Put(2) from Client 1"});
  story.step("Server 1 handles");
  story.step("Client 1 gets Done()");
  CHECK(story.can() == Strings{"Client 1 calls read(); read() returns none"});  // the pool is empty
  CHECK_FALSE(story.world.is_done(2));
  story.step("Client 1 calls read()");
  CHECK(story.world.is_done(2));
  CHECK(story.can() == Strings{"what Client 2 waited for has come"});
  story.step("what Client 2 waited for has come");
  story.step("Client 2 calls write(1)");
}

TEST_CASE("a stored asker is answered by whoever has it, and forgotten when it has moved on") {
  Story story(
      spec("role Server { durable held: Value? = none durable writer: asker of Put? = none on "
           "Put(v) { held = v writer = asker } "
           "action answer when writer != none { let to_whom = writer! writer = none reply Done() "
           "to to_whom } on Get() { reply "
           "Got(held) } }\nrole Client { op x.write(v) { ask Server: Put(v) else { fail } } op "
           "x.read() { return none } }",
           "Client 1 does write(1), write(2)"));
  story.step("Client calls write(1)");
  story.step("Server handles");
  CHECK(story.has("Server does answer"));
  story.step("Client gives up waiting for answers to Put; write(1) fails");
  CHECK(story.value(0, "writer") == "none");
  CHECK_FALSE(story.has("Server does answer"));
  story.step("Client calls write(2)");
  story.step("Server handles");
  story.step("Server does answer");
  story.step("Client gets Done() from Server; write(2) returns");
}

TEST_CASE("model errors end the run where they happen") {
  Story story(
      spec("role Server { durable n: 0..1 = 0 on Put(v) { n += 1 n += 1 reply Done() } on Get() { "
           "reply Got(none) reply Got(none) "
           "} }\nrole Client { op x.write(v) { ask Server: Put(v) } op x.read() { return (ask "
           "Server: Get()).value } }",
           "Client 1 does write(1)"));
  story.step("Client calls");
  const std::string before = story.value(0, "n");
  story.step("Server handles Put(1)");
  REQUIRE(story.last.error);
  CHECK(*story.last.error == "`n` would be 2, outside 0..1");
  CHECK(story.value(0, "n") == before);
  CHECK(story.last.sent.empty());
  CHECK_FALSE(story.world.apply(Label{}).has_value());
}

TEST_CASE("ghosts change with the step that updates them") {
  Story story(
      "protocol p\nobject c: counter\nghost hits: 0..3 = 0\nmessage Hit() -> Ok()\nrole Server { "
      "on Hit() { hits += 1 reply Ok() } }\n"
      "role Client { op c.increment() { ask Server: Hit() } op c.read() { return 0 } }\nscenario s "
      "{ Client 1 does increment() expect always hits <= "
      "1 }\n");
  story.step("Client calls increment()");
  CHECK(story.last.ghosts == std::vector<Value>{Value::integer(0)});
  story.step("Server handles Hit()");
  CHECK(story.last.ghosts == std::vector<Value>{Value::integer(1)});
  const model::Expectation& expectation = story.protocol.scenario.expectations.at(0);
  CHECK(story.world.holds(*expectation.condition, expectation.frame));
}

TEST_CASE("captions speak for the step that enters the code") {
  Story story(
      spec("role Server { durable held: Value? = none on Put(v) says \"{self} keeps {held}\" { "
           "held = v reply Done() } on Get() { reply "
           "Got(held) } }\nrole Client { op x.write(v) { ask Server: Put(v) } op x.read() { return "
           "none } }",
           "Client 1 does write(2)"));
  story.step("Client calls");
  story.step("Server keeps 2");
}

TEST_CASE("the order in which equal things came about is no part of the state") {
  const std::string text = spec(kServer +
                                    "role Client[2] { op x.write(v) { ask all of Server: Put(v) } "
                                    "op x.read() { return none } }",
                                "Client 1 does write(1) Client 2 does write(2)");
  Story first(text);
  Story second(text);
  for (const char* step :
       {"Client 1 calls", "Client 2 calls", "Server 1 handles Put(1)", "Server 2 handles Put(1)"})
    first.step(step);
  for (const char* step :
       {"Client 2 calls", "Client 1 calls", "Server 2 handles Put(1)", "Server 1 handles Put(1)"})
    second.step(step);
  CHECK(first.world.canonical() == second.world.canonical());
  second.step("Server 1 handles Put(2)");
  CHECK(first.world.canonical() != second.world.canonical());
}

TEST_CASE("every on start choice and every choice of parameters is an initial state") {
  const model::Protocol protocol = tests::protocol_of(
      spec("role Server[2] { durable held: Value? = none on start { held = any {1, 2} } on Get() { "
           "reply Got(held) } on Put(v) { reply Done() } "
           "}\nrole Client { param home: Server op x.write(v) { } op x.read() { return none } }",
           "Client 1 with home = any does read()"));
  const std::vector<Label> starts = runtime::initial_labels(protocol);
  CHECK(starts.size() == 8);
  std::set<std::string> states;
  for (const Label& label : starts) {
    const auto world = runtime::World::start(protocol, label);
    REQUIRE(world.has_value());
    states.insert(world.value().canonical());
  }
  CHECK(states.size() == 8);
}
