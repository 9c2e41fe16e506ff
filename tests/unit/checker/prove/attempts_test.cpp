// SPDX-License-Identifier: MIT
// Attempts on claims that are not inductive: several steps in a row, and invariants that Spacer
// finds. What needs exactly k steps, what is false soon after the start, what one message of a kind
// does not tell, and where a budget ends.
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

/// Whoever visits makes every state new, so that no number of steps in a row shows anything.
std::string shop(const std::string& claim, const std::string& more = "") {
  return "protocol shop\nmessage Ship()\nrole Shop {\n  durable paid: bool = false\n"
         "  durable visits: 0..9 = 0\n  action visit when visits < 9 { visits += 1 }\n"
         "  action pay when not paid { paid = true; send Ship() to Warehouse }\n" +
         more +
         "}\nrole Warehouse {\n  durable shipped: bool = false\n  on Ship() { shipped = true }\n"
         "}\nscenario s {\n  expect inductive " +
         claim + "\n}\n";
}

/// Whether k-induction fails, and Spacer shows it.
bool spacer_shows(const std::string& text) {
  const checker::ProofResult result = result_of(text);
  REQUIRE(result.proof.attempts.size() == 2);
  UNSCOPED_INFO(result.proof.attempts[1].text);
  for (const std::string& part : result.proof.attempts[1].invariant) UNSCOPED_INFO(part);
  return result.proof.attempts[1].proves;
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
                  "  expect inductive Node.d < 4\n}\n") == 2);  // a restart sets v again
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

TEST_CASE("Spacer finds what a claim about a message on its way needs, and it is said of all") {
  const checker::ProofResult result = result_of(shop("Warehouse.shipped implies Shop.paid"));
  REQUIRE(result.proof.attempts.size() == 2);
  CHECK_FALSE(result.proof.attempts[0].proves);
  const Attempt& found = result.proof.attempts[1];
  INFO(found.text);
  CHECK(found.method == Attempt::Method::Spacer);
  CHECK(found.proves);
  CHECK(found.invariant == std::vector<std::string>{"every(Shop.paid for m in Ship)"});
  REQUIRE(result.counterexample);
  CHECK(result.counterexample->is_unreachable);
}

TEST_CASE("Spacer shows nothing that is false") {
  CHECK_FALSE(spacer_shows(shop("Warehouse.shipped implies Shop.visits > 3")));
  CHECK_FALSE(spacer_shows(shop("Shop.visits < 9")));
  CHECK_FALSE(spacer_shows(shop("(Warehouse.shipped implies Shop.paid)",
                                "  action refund when paid { paid = false }\n")));
}

TEST_CASE("what Spacer finds of one message at a time is checked for any number of them") {
  // The two that are sent in one step are both needed; a row knows one of them.
  const std::string both =
      "protocol both\nmessage Part(x: 1..2)\nrole Sender {\n  durable sent: bool = false\n"
      "  action tell when not sent { sent = true; send Part(1) to Node; send Part(2) to Node }\n}\n"
      "role Node {\n  durable n: 0..2 = 0\n  on Part(x) when n == x - 1 { n = x }\n}\n"
      "scenario s {\n  expect inductive Node.n < 2\n}\n";
  const checker::ProofResult result = result_of(both);
  REQUIRE(result.proof.attempts.size() == 2);
  INFO(result.proof.attempts[1].text);
  CHECK_FALSE(result.proof.attempts[1].proves);
  CHECK(result.proof.attempts[1].text.find("any number") != std::string::npos);
}

TEST_CASE("Spacer sees options, tuples, sets, maps, and who is up") {
  const auto with = [](const std::string& variables, const std::string& effect,
                       const std::string& claim, const std::string& scene = "") {
    return "protocol kinds\nrole Node[2] {\n  durable visits: 0..9 = 0\n" + variables +
           "  action visit when visits < 9 { visits += 1 }\n  action move { " + effect +
           " }\n}\nscenario s {\n" + scene + "  expect inductive " + claim + "\n}\n";
  };
  CHECK(spacer_shows(
      with("  durable a: Node? = none\n  durable b: Node? = none\n"
           "  durable c: bool = false\n",
           "c = c or b != none and a == none; b = a; a = self", "every(not p.c for p in Node)")));
  CHECK(
      spacer_shows(with("  durable a: set of 1..3 = {}\n  durable b: set of 1..3 = {}\n"
                        "  durable c: bool = false\n",
                        "c = c or 3 in b; b = a; a += {1}", "every(not p.c for p in Node)")));
  CHECK(spacer_shows(
      with("  durable a: map 1..2 -> 0..3 = all 0\n"
           "  durable b: 0..3 = 0\n  durable c: bool = false\n",
           "c = c or b > 1; b = a[1]; a[1] = min(a[2] + 1, 3)", "every(not p.c for p in Node)")));
  CHECK(
      spacer_shows(with("  volatile a: 0..3 = 0\n  durable b: 0..3 = 0\n"
                        "  durable c: bool = false\n",
                        "c = c or b > 2; b = a; a = max(a, 2)", "every(not p.c for p in Node)",
                        "  faults { crash Node up to 1 }\n")));
}

TEST_CASE("Spacer sees clocks: the lease is shown with what bounds it left out") {
  const std::string lease =
      "protocol lease\nparam guard = 2\nmessage Request()\nmessage Grant(until: time)\n"
      "role Server {\n  durable holder: Client? = none\n  durable until: time = least\n"
      "  on Request() when holder in {none, sender} or now >= until {\n"
      "    holder = sender; until = now + 3\n    send Grant(until) to sender\n  }\n}\n"
      "role Client[2] {\n  durable until: time = least\n"
      "  fn believes() = now < until - guard\n  action request { send Request() to Server }\n"
      "  on Grant(end) { until = max(until, end) }\n}\n"
      "invariant one: every(not (a.believes() and b.believes()) for a, b in Client where a != b)\n"
      "invariant held: every(Server.holder == c and c.until <= Server.until or "
      "c.until <= now + 1 for c in Client)\n"
      "invariant sent: every(Server.holder == m.receiver and m.until <= Server.until or "
      "m.until <= now + 1 for m in Grant)\n"
      "scenario s {\n  clocks within 1\n  expect inductive one and held and sent\n}\n";
  CHECK(spacer_shows(lease));
  std::string early = lease;
  early.replace(early.find("guard = 2"), 9, "guard = 1");
  CHECK_FALSE(spacer_shows(early));
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
