// SPDX-License-Identifier: MIT
// Whose values `converges on` compares: those of the processes that are up, of the one role that
// knows the names, or of what `for` goes through.
#include <catch2/catch.hpp>

#include "runtime/execute/world.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

model::Protocol protocol_with(const std::string& property) {
  return tests::protocol_of(R"(capstan 1
protocol p
param limit = 2
role Left[3] {
  param site: 1..2
  durable n: 0..2 = 0
  durable own: Left? = none
  fn twice() = 2 * n
  fn above(k: 0..2) = n > k
  action up when n < limit { n += 1 }
}
role Right[2] {
  durable m: map 1..2 -> 0..1 = all 0
  action up(k in 1..2) when m[k] == 0 { m[k] = 1 }
}
scenario s {
  Left 1 with site = 1
  Left 2 with site = 1
  Left 3 with site = 2
  faults { crash Left up to 1 }
  expect converges on )" + property +
                            "\n}\n");
}

/// Steps by their words: "up" of a process, or its crash.
struct Run {
  model::Protocol protocol;
  runtime::World world{protocol};

  explicit Run(const std::string& property) : protocol(protocol_with(property)) {
    world = world.successors().front().world;
  }
  void take(model::Label::Kind kind, int process, std::vector<model::Value> args = {}) {
    for (const runtime::Successor& next : world.successors())
      if (next.label.kind == kind && next.label.process == process &&
          (args.empty() || next.label.args == args)) {
        world = next.world;
        return;
      }
    FAIL("no such step");
  }
  bool agrees() const {
    const model::Expectation& expectation = protocol.scenario.expectations.front();
    return world.holds(*expectation.condition, expectation.frame);
  }
  std::size_t held() const {
    const model::Expectation& expectation = protocol.scenario.expectations.front();
    return world.value(*expectation.held, expectation.frame).elements().size();
  }
};

using Kind = model::Label::Kind;

}  // namespace

TEST_CASE("names alone are those of the role that knows them") {
  for (const char* property : {"n", "twice()", "above(0)", "(n, limit)", "{k for k in 0..n}"}) {
    INFO(property);
    Run run(property);
    CHECK(run.agrees());
    run.take(Kind::Act, 1);
    CHECK(!run.agrees());
    run.take(Kind::Act, 0);
    CHECK(!run.agrees());
    run.take(Kind::Act, 2);
    CHECK(run.agrees());
  }
}

TEST_CASE("whoever is down is not compared") {
  Run run("n");
  run.take(Kind::Act, 1);
  CHECK(run.held() == 3);
  run.take(Kind::Crash, 1);
  CHECK(run.held() == 2);
  CHECK(run.agrees());
  run.take(Kind::Restart, 1);
  CHECK(!run.agrees());
}

TEST_CASE("self is whoever is compared") {
  Run run("own == self or n > 0");
  CHECK(run.agrees());
  run.take(Kind::Act, 0);
  CHECK(!run.agrees());
}

TEST_CASE("what `for` goes through is compared") {
  Run run("(p.n for p in Left where p.site == 1)");
  run.take(Kind::Act, 2);
  CHECK(run.agrees());
  run.take(Kind::Act, 1);
  CHECK(!run.agrees());
  CHECK(run.held() == 2);
}

TEST_CASE("several binders: all of their combinations") {
  Run run("(p.m[k] for p in Right, k in 1..2)");
  CHECK(run.held() == 4);
  run.take(Kind::Act, 3, {model::Value::integer(1)});
  CHECK(!run.agrees());
}
