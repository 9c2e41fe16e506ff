// SPDX-License-Identifier: MIT
// Guards that can never hold, named conjuncts of actions that are never enabled, and coverage.
#include "checker/symbolic/guards.hpp"

#include <catch2/catch.hpp>
#include <memory>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/idle_actions.hpp"
#include "checker/vacuity.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

/// One role with some variables, an action `a` under this guard, and one that changes `n`.
std::string spec(const std::string& guard, const std::string& params = "") {
  return "protocol tiny\n" + params +
         "type Level = 0..3\n"
         "type Mode = {low, high}\n"
         "role Node[2] {\n"
         "  durable n: Level = 0\n"
         "  durable mode: Mode = low\n"
         "  durable last: Level? = none\n"
         "  durable pair: (left: Level, right: Level) = (0, 0)\n"
         "  durable known: set of Level = {}\n"
         "  fn far(x: Level) = x > 1\n"
         "  action grow when n < 1 { n += 1 }\n"
         "  action a when " +
         guard +
         " { mode = high }\n"
         "}\n"
         "scenario tiny {\n"
         "  expect always true\n"
         "}\n";
}

std::vector<std::size_t> blamed(const std::string& guard, const std::string& params = "") {
  const model::Protocol protocol = tests::protocol_of(spec(guard, params));
  return checker::Guards(protocol).contradiction(
      checker::conjuncts_of(protocol.roles[0].actions[1].code.guard.get()));
}

std::string remark_for(const std::string& guard) {
  const auto protocol = std::make_shared<model::Protocol>(tests::protocol_of(spec(guard)));
  checker::CheckOptions options;
  options.full = true;
  std::vector<checker::ScenarioReport> reports{checker::check_scenario(protocol, options)};
  checker::judge_idle_actions(reports, {}, options);
  REQUIRE(reports[0].expectations.size() == 1);
  return reports[0].expectations[0].remark;
}

using Indices = std::vector<std::size_t>;

}  // namespace

TEST_CASE("a guard outside its types can never hold") {
  CHECK(blamed("n > 3") == Indices{0});
  CHECK(blamed("n >= 3").empty());
  CHECK(blamed("mode == low and n < 0") == Indices{1});
  CHECK(blamed("mode == low and mode == high") == Indices{0, 1});
  CHECK(blamed("n + 2 <= 1") == Indices{0});
  CHECK(blamed("last == none and last! == 2") == Indices{0, 1});
  CHECK(blamed("(last ?? 5) == 4") == Indices{0});
  CHECK(blamed("pair.left > 2 and pair.left < 2 and n == 1") == Indices{0, 1});
  CHECK(blamed("n in {1, 2} and n in 3..4") == Indices{0, 1});
  CHECK(blamed("far(n) and n < 1") == Indices{0, 1});
  CHECK(blamed("n < size or n > size + 2", "param size = 0\n").empty());
  CHECK(blamed("n > size", "param size = 3\n") == Indices{0});
}

TEST_CASE("what is not translated is left free") {
  CHECK(blamed("size(known) > 9").empty());
  CHECK(blamed("1 in known and not (1 in known)").empty());
  CHECK(blamed("known == {1} and n > 7") == Indices{1});
  CHECK(blamed("n * n == 2").empty());
}

TEST_CASE("an action that is never enabled names what is to blame") {
  CHECK(remark_for("n > 3") ==
        "the action `a` of `Node` is never enabled: within its types and params, `n > 3` can never "
        "hold");
  CHECK(remark_for("mode == low and n == 2") ==
        "the action `a` of `Node` is never enabled: `n == 2` never held");
  CHECK(remark_for("n == 0 and last != none and known == {1}") ==
        "the action `a` of `Node` is never enabled: `last != none`, `known == {1}` never held");
  CHECK(remark_for("mode == low").empty());
}

TEST_CASE("impossible guards are told before anything is explored") {
  const model::Protocol protocol = tests::protocol_of(spec("mode == low and n > 3"));
  const std::vector<std::string> told = checker::impossible_guards(protocol, {});
  REQUIRE(told.size() == 1);
  CHECK(checker::impossible_guards(protocol, {{"Node", "a"}}).empty());
  CHECK(told[0] ==
        "the guard of the action `a` of `Node` can never hold: `n > 3` cannot, within its types "
        "and params");
  CHECK(checker::impossible_guards(tests::protocol_of(spec("false")), {}).empty());
}

TEST_CASE("coverage tells what a whole exploration never used") {
  const std::string text =
      "protocol tiny\n"
      "message Up(level: 0..2)\n"
      "message Down()\n"
      "role Node {\n"
      "  durable n: 0..2 = 0\n"
      "  action start when n == 0 { send Up(1) to self }\n"
      "  action never when n == 2 { n = 0 }\n"
      "  on Up(level) { if level > 1 { n = 2 } else { n = 1 } }\n"
      "  on Down() { n = 0 }\n"
      "}\n"
      "scenario tiny {\n"
      "  faults { crash Node up to 1; lose Down up to 1 }\n"
      "  expect always true\n"
      "}\n";
  const auto protocol = std::make_shared<model::Protocol>(tests::protocol_of(text));
  checker::CheckOptions options;
  options.full = true;
  options.coverage = true;
  const checker::ScenarioReport report = checker::check_scenario(protocol, options);
  std::vector<std::string> told;
  for (const checker::Uncovered& each : report.uncovered)
    told.push_back(text.substr(each.span.begin, 9) + ": " + each.what);
  CHECK(told == std::vector<std::string>{
                    "action ne: this action is never enabled",
                    "level > 1: this condition is never true",
                    "on Down(): this handler never takes a message",
                    "lose Down: this fault never strikes",
                });
}
