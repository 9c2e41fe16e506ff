// SPDX-License-Identifier: MIT
// Which code may read the clock: with the params as they are, and behind which asks.
#include "model/typed/clock_usage.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;

model::Protocol protocol_with(const std::string& members,
                              const std::string& lines = "clocks perfect") {
  return tests::protocol_of(
      "protocol p\nparam yes = true\nparam off = false\nmessage M() -> N()\nmessage T()\nrole R {\n"
      "durable at: time = least durable n: 0..3 = 0\nfn late() = now > at\n"
      "fn keep() { at = now }\non M() { reply N() }\non T() { }\n" +
      members + "\n}\nrole Other { action b when false { } }\nscenario s { " + lines +
      " expect always true }\n");
}

bool reads(const std::string& members) {
  const model::Protocol protocol = protocol_with(members);
  CHECK_FALSE(protocol.roles[1].reads_clock);
  CHECK(protocol.scenario.reads_clock == protocol.roles[0].reads_clock);
  return protocol.roles[0].reads_clock;
}

void collect(const model::Block& block, std::vector<bool>& marks) {
  for (const model::Statement& statement : block) {
    if (statement.ask) {
      marks.push_back(statement.ask->next_reads_clock);
      collect(statement.ask->otherwise, marks);
    }
    collect(statement.body, marks);
    collect(statement.otherwise, marks);
  }
}

/// For each ask of an action with this body, in order: whether the segment behind it may read.
std::vector<bool> marks_of(const std::string& body) {
  const model::Protocol protocol = protocol_with("action a { " + body + " }");
  std::vector<bool> marks;
  collect(protocol.roles[0].actions[0].code.block, marks);
  return marks;
}

using Marks = std::vector<bool>;

}  // namespace

TEST_CASE("a property reads the clocks of those whose functions it calls, or true time") {
  const auto reading = [](const std::string& property) {
    return tests::protocol_of(
        "protocol p\nparam off = false\nrole R[2] {\ndurable at: time = least\nfn late() = now > "
        "at\n"
        "fn old() = at == least\naction a { }\n}\nrole Other { durable at: time = 0 action b { } "
        "}\n"
        "fn past(t: time) = t < now\ninvariant in_time: every(not r.late() for r in R)\n"
        "scenario s { clocks within 1 expect " +
        property + " }\n");
  };
  const auto marks = [&](const std::string& property) {
    const model::Protocol protocol = reading(property);
    const model::Expectation& expectation = protocol.scenario.expectations.at(0);
    CHECK_FALSE(protocol.roles[1].reads_clock);
    CHECK(protocol.roles[0].reads_clock == expectation.reads_clocks);
    CHECK(protocol.scenario.reads_clock ==
          (expectation.reads_clocks || expectation.reads_true_time));
    return std::pair(expectation.reads_clocks, expectation.reads_true_time);
  };
  CHECK(marks("never some(r.late() for r in R)") == std::pair(true, false));
  CHECK(marks("always in_time") == std::pair(true, false));
  CHECK(marks("reachable now > Other.at") == std::pair(false, true));
  CHECK(marks("never past(Other.at) and R[1].late()") == std::pair(true, true));
  CHECK(marks("never some(r.old() for r in R)") == std::pair(false, false));
  CHECK(marks("never off and R[1].late()") == std::pair(false, false));
}

TEST_CASE("code that the params rule out reads no clock") {
  CHECK(reads("action a when now > at { }"));
  CHECK(reads("action a when yes and now > at { }"));
  CHECK(reads("action a when n > 0 or late() { }"));
  CHECK(reads("action a { if yes { keep() } }"));
  CHECK(reads("action a { ask R: M() else after 2 { } }"));
  CHECK(reads("action a says \"at {now}\" { }"));
  CHECK_FALSE(reads("action a { n = 1 }"));
  CHECK_FALSE(reads("action a when off and now > at { }"));
  CHECK_FALSE(reads("action a when not (off and late()) { }"));
  CHECK_FALSE(reads("action a when yes or now > at { }"));
  CHECK_FALSE(reads("action a when off { at = now }"));
  CHECK_FALSE(reads("action a when n == 0 and off { at = now }"));
  CHECK_FALSE(reads("action a { if off { keep() } else { n = 1 } }"));
  CHECK_FALSE(reads("action a { at = if off then now else least }"));
}

TEST_CASE("an ask knows whether the segment behind it may read") {
  CHECK(marks_of("ask R: M(); at = now") == Marks{true});
  CHECK(marks_of("at = now; ask R: M(); n = 1") == Marks{false});
  CHECK(marks_of("ask R: M(); if n == 0 { keep() }") == Marks{true});
  CHECK(marks_of("ask R: M(); if off { keep() }") == Marks{false});
  CHECK(marks_of("ask R: M(); wait until now > at; at = now") == Marks{false});
  CHECK(marks_of("ask R: M(); ask R: M(); at = now") == Marks{false, true});
  CHECK(marks_of("ask R: M(); ask R: M() else after 1 { return }") == Marks{true, false});
  CHECK(marks_of("ask R: M() else { at = now }; n = 1") == Marks{false});
  CHECK(marks_of("ask R: M(); ask all of R: M(); at = now") == Marks{true, true});
  CHECK(marks_of("ask R: M(); if n == 0 { return } else { at = now }") == Marks{true});
}

TEST_CASE("behind an ask in a loop comes also the next turn") {
  CHECK(marks_of("for i in {1, 2} { at = now; ask R: M() }") == Marks{true});
  CHECK(marks_of("for i in {1, 2} { ask R: M(); if n == 0 { next }; n = 1 } at = now") ==
        Marks{true});
  CHECK(marks_of("for i in {1, 2} { ask R: M() } n = 1") == Marks{false});
}

TEST_CASE("a live send with `after`, or a delay of the network, makes a scenario timely") {
  CHECK(protocol_with("action a { send T() to R after 1 }").scenario.is_timely);
  CHECK(protocol_with("", "network delay 0..1").scenario.is_timely);
  CHECK_FALSE(protocol_with("action a { send T() to R }").scenario.is_timely);
  CHECK_FALSE(protocol_with("action a { if off { send T() to R after 1 } }").scenario.is_timely);
  CHECK_FALSE(protocol_with("", "clocks within 1").scenario.has_ticks());
}
