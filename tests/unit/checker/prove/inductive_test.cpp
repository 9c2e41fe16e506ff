// SPDX-License-Identifier: MIT
// `inductive` on claims whose answer is known: leases, asks, crashes, messages with larger
// contents; mutants of them, which must be refuted at the step that is wrong; and what cannot be
// encoded.
#include "checker/prove/inductive.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <string>

#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Obligation;
using Status = Obligation::Status;

checker::ProofResult result_of(const std::string& text) {
  const model::Protocol protocol = tests::protocol_of(text);
  return checker::prove_inductive(protocol, protocol.scenario.expectations.at(0));
}

const Obligation& at(const checker::ProofResult& result, const std::string& name) {
  const auto& all = result.proof.obligations;
  const auto found = std::find_if(all.begin(), all.end(), [&](const Obligation& each) {
    return each.name.find(name) != std::string::npos;
  });
  INFO("no obligation about " << name);
  REQUIRE(found != all.end());
  return *found;
}

bool is_proved(const checker::ProofResult& result) {
  return std::ranges::all_of(result.proof.obligations, [](const Obligation& each) {
    return each.status == Status::Proved && (each.is_possible || each.is_impossible);
  });
}

std::string replaced(std::string text, const std::string& from, const std::string& to) {
  const std::size_t place = text.find(from);
  REQUIRE(place != std::string::npos);
  return text.replace(place, from.size(), to);
}

const std::string kLease = R"(protocol lease
param term = 3
param guard = 2
param skew = 1
message Request()
message Grant(until: time)
role Server {
  durable holder: Client? = none
  durable until: time = least
  fn is_bounded() = until <= now + term
  on Request() when holder in {none, sender} or now >= until {
    holder = sender; until = now + term
    send Grant(until) to sender
  }
}
role Client[3] {
  durable until: time = least
  fn believes() = now < until - guard
  action request { send Request() to Server }
  on Grant(end) { until = max(until, end) }
}
invariant one: every(not (a.believes() and b.believes()) for a, b in Client where a != b)
invariant held: every(Server.holder == c and c.until <= Server.until or c.until <= now + skew for c in Client)
invariant sent: every(Server.holder == m.receiver and m.until <= Server.until or m.until <= now + skew for m in Grant)
scenario s {
  clocks within skew
  expect inductive one and held and sent and Server.is_bounded() given guard >= 2 * skew and term > 0
}
)";

const std::string kAsk = R"(protocol asks
message Put(x: 0..3) -> Done(top: 0..3)
role Store {
  durable top: 0..3 = 0
  on Put(x) { top = max(top, x); reply Done(top) }
}
role Writer[2] {
  durable known: 0..3 = 0
  action write(x in 1..3) {
    let answer = ask Store: Put(x)
    known = max(known, answer.top)
  }
}
scenario s {
  expect inductive every(w.known <= Store.top for w in Writer) and every(m.top <= Store.top for m in Done)
}
)";

}  // namespace

TEST_CASE("a lease for any skew, guard and term") {
  CHECK(is_proved(result_of(kLease)));
  const auto no_guard = result_of(replaced(kLease, "guard >= 2 * skew", "guard == 2 * skew - 1"));
  CHECK(at(no_guard, "`on Grant`").status == Status::Refuted);
  REQUIRE(no_guard.counterexample);
  CHECK(no_guard.counterexample->may_be_unreachable);
  CHECK(no_guard.counterexample->states.size() == 2);
}

TEST_CASE("mutants of the lease are refuted where they are wrong") {
  const auto anybody =
      result_of(replaced(kLease, "holder in {none, sender} or now >= until", "true"));
  CHECK(at(anybody, "`on Request`").status == Status::Refuted);
  const auto early = result_of(replaced(kLease, "now >= until {", "now >= until - 1 {"));
  CHECK(at(early, "`on Request`").status == Status::Refuted);
  const auto unbounded = result_of(replaced(kLease, " and Server.is_bounded()", ""));
  CHECK(at(unbounded, "`on Request`").status == Status::Refuted);
  CHECK(at(unbounded, "the passing of time").status == Status::Proved);
  const auto later =
      result_of(replaced(kLease, "until = max(until, end)", "until = max(until, end + 1)"));
  CHECK(at(later, "`on Grant`").status == Status::Refuted);
  const auto from_now = result_of(replaced(kLease, "c.until <= now + skew", "c.until <= now"));
  CHECK_FALSE(is_proved(from_now));
}

TEST_CASE("perfect clocks need no guard") {
  std::string perfect = replaced(kLease, "clocks within skew", "clocks perfect");
  perfect = replaced(perfect, "guard >= 2 * skew", "guard >= 0 and skew == 0");
  CHECK(is_proved(result_of(perfect)));
}

TEST_CASE("the reply that completes an ask was in flight") {
  CHECK(is_proved(result_of(kAsk)));
  const auto weak = result_of(replaced(kAsk, " and every(m.top <= Store.top for m in Done)", ""));
  CHECK(at(weak, "after its ask").status == Status::Refuted);
  const auto wrong = result_of(replaced(kAsk, "reply Done(top)", "reply Done(x)"));
  CHECK(is_proved(wrong));  // what is told is at most what is there
  const auto forgets = result_of(replaced(kAsk, "top = max(top, x)", "top = x"));
  CHECK(at(forgets, "`on Put`").status == Status::Refuted);
}

TEST_CASE("a crash forgets what is volatile, and what may not be on disk") {
  const std::string text = R"(protocol crashes
role Node[2] {
  STORAGE n: 0..2 = 0
  durable m: 0..2 = 0
  action up when n < 2 { n += 1; m = max(m, n) }
}
scenario s {
  faults { crash Node up to 1 }
  expect inductive every(p.n <= p.m for p in Node) and every(p.m <= p.n for p in Node where live(p))
}
)";
  const std::string always = replaced(text, " where live(p)", "");
  CHECK(is_proved(result_of(replaced(always, "STORAGE", "durable"))));
  CHECK(at(result_of(replaced(always, "STORAGE", "volatile")), "a crash").status ==
        Status::Refuted);
  CHECK(at(result_of(replaced(always, "STORAGE", "durable unsynced")), "a crash").status ==
        Status::Refuted);
  const auto while_up = result_of(replaced(text, "STORAGE", "volatile"));
  CHECK(at(while_up, "a crash").status == Status::Proved);
  CHECK(at(while_up, "a restart").status == Status::Refuted);
}

TEST_CASE("a step that no state allows is said to be impossible") {
  const auto result = result_of(
      "protocol never\nrole R { durable n: 0..3 = 0\n action a when n > 1 { n = 0 } "
      "action b when n == 0 { n = 1 } }\nscenario s { expect inductive R.n < 2 }");
  CHECK(is_proved(result));
  CHECK(at(result, "`action a`").is_impossible);
  CHECK_FALSE(at(result, "`action b`").is_impossible);
}

TEST_CASE("a restart sets memory that begins as a reading") {
  const std::string text =
      "protocol restarts\nrole R { volatile since: time = now\n durable at: time = least\n "
      "action a { at = since } }\n"
      "scenario s { clocks perfect\n faults { crash R up to 1 }\n expect inductive CLAIM }";
  CHECK(is_proved(result_of(replaced(text, "CLAIM", "R.since <= now and R.at <= now"))));
  const auto refuted = result_of(replaced(text, "CLAIM", "R.since < now"));
  CHECK(at(refuted, "a crash of `R`").status == Status::Proved);
  CHECK(at(refuted, "a restart of `R`").status == Status::Refuted);
  const std::string skewed = replaced(text, "clocks perfect", "clocks within 1");
  const auto unknown = result_of(replaced(skewed, "CLAIM", "R.since <= now + 1"));
  CHECK(at(unknown, "a restart of `R`").status == Status::Proved);
  CHECK(at(unknown, "at the start").status == Status::Unknown);
  CHECK(at(unknown, "at the start").note == "cannot encode `now`");
}

TEST_CASE("a claim that is false at the start shows the start") {
  const auto result = result_of(
      "protocol start\nrole R { durable n: 0..3 = 0\n on start { n = any {1, 2} } }\n"
      "scenario s { expect inductive R.n < 2 }");
  CHECK(at(result, "at the start").status == Status::Refuted);
  REQUIRE(result.counterexample);
  CHECK(result.counterexample->states.size() == 1);
  CHECK_FALSE(result.counterexample->may_be_unreachable);
}

TEST_CASE("what cannot be encoded is named, and never proved") {
  const auto sequence = result_of(
      "protocol q\nrole R { durable log: seq of 0..1 up to 2 = []\n action a { log += [1] } }\n"
      "scenario s { expect inductive size(R.log) <= 2 }");
  CHECK_FALSE(is_proved(sequence));
  CHECK(at(sequence, "`action a`").note.find("a sequence") != std::string::npos);
  const auto drift = result_of(replaced(kLease, "clocks within skew", "clocks drift 1 per 4"));
  CHECK(at(drift, "`on Grant`").status == Status::Unknown);
  CHECK(at(drift, "`on Grant`").note == "cannot encode `clocks drift`");
  const auto done = result_of(
      "protocol d\nrole R { durable n: 0..3 = 0\n action a { n = 0 } }\n"
      "scenario s { expect inductive not done(R) or R.n == 0 }");
  CHECK(at(done, "`action a`").note == "cannot encode `done`");
}
