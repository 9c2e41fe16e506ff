// SPDX-License-Identifier: MIT
// reasons: the parts of a formula that decide it, in the first state of a spec.
#include "model/system/reasons.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "tests/support/story.hpp"

namespace {

using namespace capstan;
using tests::Story;

std::string spec(const std::string& formula) {
  return "protocol p\nparam most = 2\ntype Mode = {idle, busy}\nmessage Note(level: 0..3)\n"
         "role Node[3] {\ndurable level: 0..3 = index(self)\ndurable mode: Mode = idle\n"
         "durable seen: set of 0..3 = {0, 1}\nfn high() = level > most\n"
         "action tell when level == 9 { send Note(0) to Node 1 }\non Note(l) { level = l }\n}\n"
         "invariant low: every(n.level <= most for n in Node)\n"
         "scenario s { expect always " +
         formula + " }\n";
}

/// "elements | parts" of why the formula is as it is at the start.
std::string why(const std::string& formula) {
  const std::string text = spec(formula);
  const Story story(text);
  const model::Protocol& protocol = story.protocol;
  const model::Expectation& expectation = protocol.scenario.expectations.front();
  const runtime::WorldView view(story.world);
  std::vector<model::Value> locals(expectation.frame.slots.size()), ghosts;
  model::Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  environment.ghosts = &ghosts;
  environment.global = &view;
  const bool truth = model::evaluate(*expectation.condition, environment).truth();
  const model::Reasons reasons =
      model::reasons_of(*expectation.condition, expectation.frame, truth, environment);
  return (truth ? "true | " : "false | ") +
         model::element_words(reasons, expectation.frame, protocol.types) + " | " +
         model::part_words(reasons, protocol.types, {"p.cap", text}, formula);
}

}  // namespace

TEST_CASE("a comparison is told by the values of its sides, but for constants") {
  CHECK(why("Node 1.level == 2") == "false |  | `Node 1.level` is 1");
  CHECK(why("Node 1.level < most") == "true |  | `Node 1.level` is 1 and `most` is 2");
  CHECK(why("Node 1.mode == busy") == "false |  | `Node 1.mode` is idle");
  CHECK(why("2 in Node 1.seen") == "false |  | `Node 1.seen` is {0, 1}");
  CHECK(why("Node 1.seen <= {1}") == "false |  | `Node 1.seen` is {0, 1}");
}

TEST_CASE("of `and`, `or`, `implies`, `not` and `if` the operands that decide are told") {
  CHECK(why("Node 1.level == 1 and Node 2.level == 3") == "false |  | `Node 2.level` is 2");
  CHECK(why("Node 1.level == 1 and Node 2.level == 2") ==
        "true |  | `Node 1.level` is 1 and `Node 2.level` is 2");
  CHECK(why("Node 1.level == 3 or Node 2.level == 2") == "true |  | `Node 2.level` is 2");
  CHECK(why("Node 1.level == 3 or Node 2.level == 3") ==
        "false |  | `Node 1.level` is 1 and `Node 2.level` is 2");
  CHECK(why("Node 1.level == 1 implies Node 2.level == 3") ==
        "false |  | `Node 1.level` is 1 and `Node 2.level` is 2");
  CHECK(why("Node 1.level == 3 implies Node 2.level == 3") == "true |  | `Node 1.level` is 1");
  CHECK(why("Node 1.level == 1 implies Node 2.level == 2") == "true |  | `Node 2.level` is 2");
  CHECK(why("not (Node 1.level == 1 and live(Node 2))") ==
        "false |  | `Node 1.level` is 1 and `live(Node 2)` is true");
  CHECK(why("if live(Node 1) then Node 2.level == 3 else Node 3.level == 3") ==
        "false |  | `live(Node 1)` is true and `Node 2.level` is 2");
}

TEST_CASE("of `every` and `some` the first element that decides is told") {
  CHECK(why("low") == "false | n = Node 3 | `n.level` is 3 and `most` is 2");
  CHECK(why("some(a.high() and b.level == 2 for a, b in Node)") ==
        "true | a = Node 3, b = Node 2 | `a.high()` is true and `b.level` is 2");
  CHECK(why("every(some(v == n.level for v in n.seen) for n in Node)") ==
        "false | n = Node 2 | `some(v == n.level for v in n.seen)` is false");
  CHECK(why("every(a == b for a, b in Node where a.level < b.level)") ==
        "false | a = Node 1, b = Node 2 | `a.level` is 1 and `b.level` is 2");
  CHECK(why("some(m.level == 0 for m in Note)") == "false |  | ");
}

TEST_CASE("what is long is cut, and what is much is not all told") {
  CHECK(why("every((a.level, a.level, a.level, a.level, a.level, a.level, a.level, a.level) == "
            "(b.level, 1, 1, 1, 1, 1, 1, 1) for a, b in Node)") ==
        "false | a = Node 1, b = Node 2 | `(a.level, a.level, a.level, a.level, a.level, a.level, "
        "a.lev...` is (1, 1, 1, 1, 1, 1, 1, 1) and `(b.level, 1, 1, 1, 1, 1, 1, 1)` is (2, 1, "
        "1, 1, 1, 1, 1, 1)");
  std::string many = "not (live(Node 1)";
  for (const char* part : {"Node 1.level == 1", "Node 2.level == 2", "Node 3.level == 3",
                           "Node 1.mode == idle", "Node 2.mode == idle", "Node 3.mode == idle"})
    many += std::string(" and ") + part;
  CHECK(why(many + ")") ==
        "false |  | `live(Node 1)` is true, `Node 1.level` is 1, `Node 2.level` is 2, "
        "`Node 3.level` is 3, `Node 1.mode` is idle, `Node 2.mode` is idle, and so on");
}
