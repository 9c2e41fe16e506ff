// SPDX-License-Identifier: MIT
// evaluate_time: what expressions on times give, and what they tell whoever keeps times as offsets.
#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "model/system/evaluate.hpp"
#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;
using model::Value;
using Told = std::vector<std::string>;

struct Listener final : model::TimeRules {
  Told told;
  void compared(std::int64_t x, std::int64_t y, std::int64_t c) override {
    told.push_back(std::to_string(x) + " - " + std::to_string(y) + " : " + std::to_string(c));
  }
  void stored(std::int64_t x, std::int64_t result) override {
    told.push_back(std::to_string(x) + " => " + std::to_string(result));
  }
};

struct Nine final : model::Clock {
  std::int64_t now() override { return 9; }
};

struct Outcome {
  Value value;
  std::string error;
  Told told;
};

/// The value of an expression of type `type` where x is 5, y is 8, z is `least`, d is 2, and the
/// clock shows 9.
Outcome outcome_of(const std::string& type, const std::string& expr) {
  const model::Protocol protocol = tests::protocol_of(
      "protocol p\nrole R {\ndurable x: time = least durable y: time = least\n"
      "durable z: time = least durable d: 0..9 = 0\ndurable out: " +
      type + "\naction a { out = " + expr +
      " }\n}\nscenario s { clocks perfect expect always true }\n");
  const model::Statement& statement = protocol.roles[0].actions[0].code.block.back();
  const std::vector<Value> variables{Value::integer(5), Value::integer(8),
                                     Value::integer(model::kLeastTime), Value::integer(2)};
  Listener listener;
  Nine clock;
  std::vector<Value> locals(16);
  model::Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  environment.variables = &variables;
  environment.clock = &clock;
  environment.time_rules = &listener;
  Outcome outcome;
  try {
    outcome.value = model::evaluate(*statement.value, environment);
  } catch (const model::ModelError& error) {
    outcome.error = error.message;
  }
  outcome.told = listener.told;
  return outcome;
}

bool truth(const std::string& expr) { return outcome_of("bool = false", expr).value.truth(); }
std::int64_t time(const std::string& expr) {
  return outcome_of("time = least", expr).value.number();
}
Told told(const std::string& type, const std::string& expr) { return outcome_of(type, expr).told; }

const std::string kBool = "bool = false";
const std::string kTime = "time = least";

}  // namespace

TEST_CASE("times compare, also some ticks apart") {
  CHECK(truth("x < y"));
  CHECK(truth("now == y + 1"));
  CHECK(truth("now != y + d"));
  CHECK(truth("y - x == 3"));
  CHECK(truth("3 <= y - x"));
  CHECK_FALSE(truth("3 < y - x"));
  CHECK(truth("x + 1 + d >= y"));
  CHECK_FALSE(truth("x - 1 > y - 4"));
  CHECK(truth("x - 1 >= y - 4"));
}

TEST_CASE("`least` is before everything, and ticks do not move it") {
  CHECK(truth("z < x - 100"));
  CHECK(truth("z + 7 == z"));
  CHECK(truth("now - z > 1000"));
  CHECK(time("z + 3") == model::kLeastTime);
  CHECK(time("max(z + 3, x - 1)") == 4);
}

TEST_CASE("the latest and the earliest of times that are moved") {
  CHECK(time("max(now, y + 2)") == 10);
  CHECK(time("min(now, y + 2)") == 9);
  CHECK(time("max(y, x) + d") == 10);
  CHECK(time("max({x, y, z})") == 8);
}

TEST_CASE("a difference lies in its range, or the model is wrong") {
  CHECK(outcome_of("0..3 = 0", "y - x").value == Value::integer(3));
  CHECK(outcome_of("0..2 = 0", "y - x").error == "a difference of times lies outside 0..2");
  CHECK(outcome_of("0..2 = 0", "x - y").error == "a difference of times lies outside 0..2");
  CHECK(outcome_of("0..2 = 0", "x - z").error == "a difference with `least`");
}

TEST_CASE("comparisons tell the constant that their truth rests on") {
  CHECK(told(kBool, "x + 1 < y + d") == Told{"5 - 8 : 1"});
  CHECK(told(kBool, "now - x >= 4") == Told{"9 - 5 : 4"});
  CHECK(told(kBool, "4 > now - x") == Told{"9 - 5 : 4"});
  CHECK(told(kBool, "z < y + 3").empty());
  CHECK(told(kBool, "x < y").empty());  // a plain comparison: the constant is 0
  CHECK(told("-1..4 = 0", "y - x") == Told{"8 - 5 : -1", "8 - 5 : 4"});
}

TEST_CASE("what is kept is told, of a maximum only the winner") {
  CHECK(told(kTime, "x + 4") == Told{"5 => 9"});
  CHECK(told(kTime, "x + 0").empty());
  CHECK(told(kTime, "z + 4").empty());
  CHECK(told(kTime, "x").empty());
  CHECK(told(kTime, "max(x + 4, y)") == Told{"5 - 8 : -4", "5 => 9"});
  CHECK(told(kTime, "max(x + 1, y)") == Told{"5 - 8 : -1"});
}

TEST_CASE("`+=` on a time is told like the sum that it is") {
  const model::Protocol protocol = tests::protocol_of(
      "protocol p\nrole R {\ndurable at: map 1..2 -> time = all least\naction a { at[2] -= 3 }\n}\n"
      "scenario s { expect always true }\n");
  const model::Statement& statement = protocol.roles[0].actions[0].code.block.back();
  CHECK(statement.op == model::AssignOp::Set);
  REQUIRE(statement.value->kind == model::ExprKind::TimeAdd);
  CHECK(statement.value->operands[0]->kind == model::ExprKind::MapIndex);
}
