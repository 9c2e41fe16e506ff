// SPDX-License-Identifier: MIT
// Attempts on claims that are not inductive: several steps in a row. What needs exactly k steps,
// what is false soon after the start, and what a budget or a construct keeps from being tried.
#include "checker/prove/attempts.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "checker/prove/budget.hpp"
#include "checker/prove/inductive.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Attempt;

checker::ProofResult result_of(const std::string& text, bool attempts = true) {
  const model::Protocol protocol = tests::protocol_of(text);
  return checker::prove_inductive(protocol, protocol.scenario.expectations.at(0), attempts);
}

/// With how many steps in a row the claim is shown; 0: not at all.
int steps_for(const std::string& text) {
  const checker::ProofResult result = result_of(text);
  REQUIRE_FALSE(result.proof.attempts.empty());
  const Attempt& first = result.proof.attempts.front();
  INFO(first.text);
  CHECK(first.method == Attempt::Method::KInduction);
  CHECK(first.proves == (first.steps > 0));
  return first.steps;
}

/// A node whose variable goes 0, 1, 2, 0, and from states that it never reaches further up.
std::string counter(const std::string& claim, const std::string& more = "") {
  return "protocol counter\nrole Node {\n  durable n: 0..9 = 0\n"
         "  action up when n < 2 { n += 1 }\n  action back when n == 2 { n = 0 }\n"
         "  action far when n > 4 and n < 9 { n += 1 }\n" +
         more + "}\nscenario s {\n  expect inductive " + claim + "\n}\n";
}

}  // namespace

TEST_CASE("k steps in a row keep what one may break, for the least k") {
  CHECK(steps_for(counter("Node.n < 6")) == 2);
  CHECK(steps_for(counter("Node.n < 7")) == 3);
  CHECK(steps_for(counter("Node.n < 8")) == 4);
  CHECK(steps_for(counter("Node.n < 9")) == 0);  // it would take five
}

TEST_CASE("states that come twice do not count, or a step that changes nothing would be all") {
  CHECK(steps_for(counter("Node.n < 6", "  action rest { n = n }\n")) == 2);
  CHECK(steps_for(counter("Node.n < 6",
                          "  action swing when n == 5 { n = 4 }\n"
                          "  action swung when n == 4 { n = 5 }\n")) == 3);
}

TEST_CASE("what a run breaks after one, two or three steps is not shown") {
  CHECK(steps_for(counter("Node.n < 1")) == 0);
  CHECK(steps_for(counter("Node.n < 2")) == 0);
  CHECK(steps_for(counter("Node.n != 4", "  action leap when n == 2 { n = 4 }\n")) == 0);
  CHECK(steps_for("protocol once\nrole Node {\n  durable n: 0..9 = 0\n"
                  "  action leap when n == 0 { n = 5 }\n}\nscenario s {\n"
                  "  expect inductive Node.n < 5\n}\n") == 0);
}

TEST_CASE("what is in flight after a step is in flight before the next one") {
  const auto post = [](const std::string& claim, const std::string& more = "") {
    return "protocol post\nmessage Go()\nrole Node {\n  durable n: 0..3 = 0\n  on Go() { n = 1 "
           "}\n" +
           more + "}\nrole Sender {\n  durable s: 0..3 = 0\n" +
           "  action tell when s == 0 { send Go() to Node; s = 1 }\n}\nscenario s {\n" +
           "  expect inductive " + claim + "\n}\n";
  };
  // Nothing but `tell` puts a message there, which the claim does not name.
  CHECK(steps_for(post("(Node.n == 0 or Sender.s == 1)")) == 2);
  CHECK(steps_for(post("(Node.n == 0 or Sender.s == 2)")) == 0);
  CHECK(steps_for(post("Node.n == 0")) == 0);
  // One that stays in flight is taken once more.
  const std::string again = "  action forget when n == 1 { n = 0 }\n";
  CHECK(steps_for(post("(Node.n == 0 or Sender.s == 1)", again)) == 2);
  CHECK(steps_for(post("Sender.s == 1 or Node.n == 0", "  on Go() when n == 3 { n = 2 }\n")) == 2);
}

TEST_CASE("who is down stays so until its restart, and time goes on from where it was") {
  CHECK(steps_for("protocol crash\nrole Node {\n  volatile v: 0..5 = 0\n  durable d: 0..5 = 0\n"
                  "  action odd when v == 3 and d == 3 { d = 4 }\n"
                  "  action turn when v == 3 { v = 2 }\n"
                  "  action write when v < 2 { v += 1; d = v }\n"
                  "}\nscenario s {\n  faults { crash Node up to 1 }\n"
                  "  expect inductive Node.d < 4\n}\n") == 3);
  const std::string text =
      "protocol times\nrole Node {\n  durable t: time = least\n  durable p: 0..3 = 0\n"
      "  action set when p == 0 { t = now; p = 1 }\n"
      "  action odd when p == 2 and now == t { t = now + 9; p = 3 }\n"
      "}\nscenario s {\n  clocks perfect\n  expect inductive Node.t <= now\n}\n";
  CHECK(steps_for(text) == 2);  // one tick earlier t would be in the future
  std::string late = text;
  late.replace(late.find("now == t"), 8, "now >= t");
  CHECK(steps_for(late) == 0);
}

TEST_CASE("the finding says what came of the attempts, and that no run takes the step") {
  const auto shown = result_of(counter("Node.n < 6"));
  REQUIRE(shown.counterexample);
  CHECK(shown.counterexample->is_unreachable);
  CHECK_FALSE(shown.counterexample->may_be_unreachable);
  CHECK(shown.counterexample->why.find("2 steps in a row keep it (k-induction)") !=
        std::string::npos);
  const auto open = result_of(counter("Node.n < 2"));
  REQUIRE(open.counterexample);
  CHECK(open.counterexample->may_be_unreachable);
  CHECK_FALSE(open.counterexample->is_unreachable);
  CHECK(open.counterexample->why.find("not known") != std::string::npos);
  const auto without = result_of(counter("Node.n < 6"), false);
  CHECK(without.proof.attempts.empty());
  REQUIRE(without.counterexample);
  CHECK(without.counterexample->may_be_unreachable);
  CHECK(result_of(counter("Node.n <= 9")).proof.attempts.empty());  // inductive
  CHECK(result_of(counter("Node.n > 0")).proof.attempts.empty());   // false at the start
}

TEST_CASE("a budget ends in unknown, at the same place each time") {
  z3::context context;
  z3::solver solver(context, z3::solver::simple());
  const z3::expr x = context.int_const("x"), y = context.int_const("y");
  solver.add(x * x * x + y * y == 7919 * 7907 && x > 3 && y > 5);
  checker::Budget budget({1'000, 20'000});
  CHECK(budget.check(solver) == z3::unknown);
  CHECK(budget.is_spent());
  CHECK(budget.check(solver) == z3::unknown);
}
