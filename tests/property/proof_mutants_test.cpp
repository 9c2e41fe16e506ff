// SPDX-License-Identifier: MIT
// Each obligation of a proof is needed: one by one they are left out, and something false is then
// proved, of a spec that was written for it. Of those of `inductive` the generated pairs
// (proof_pairs_test) notice the most, too; how many is told.
#include <catch2/catch.hpp>
#include <map>
#include <string>
#include <vector>

#include "checker/prove/inductive.hpp"
#include "support/proof_generator.hpp"
#include "support/proof_verdict.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Duty;
using tests::Found;
using tests::ProofWord;

struct Written {
  Duty duty;
  const char* name;
  const char* body;
  const char* items;         // of the scenario
  const char* proof;         // what is proved without the obligation
  const char* always;        // the same fact, which is violated; empty: what is refuted is a law
  const char* setting = "";  // of the scenario that is explored
};

const std::vector<Written> written{
    {Duty::Start, "start", "role S { durable n: 0..1 = 1  action a when n == 0 { n = 0 } }", "",
     "inductive S.n == 0", "S.n == 0"},
    {Duty::Delivery, "delivery",
     "message M()\nrole A { action a { send M() to B } }\n"
     "role B { durable got: bool = false  on M() { got = true } }",
     "", "inductive not B.got", "not B.got"},
    {Duty::Action, "action", "role S { durable n: 0..1 = 0  action a when n == 0 { n = 1 } }", "",
     "inductive S.n == 0", "S.n == 0"},
    {Duty::Operation, "operation",
     "object x: register of 0..1 = 0\nrole S { durable n: 0..1 = 0  op x.write(v) { n = v } }",
     "each S does write(1)\n", "inductive S.n == 0", "S.n == 0"},
    {Duty::AfterAsk, "after an ask",
     "message Q() -> R()\nrole S { on Q() { reply R() } }\n"
     "role C { durable got: bool = false\n action a when not got { ask S: Q(); got = true } }",
     "", "inductive not C.got", "not C.got"},
    {Duty::AfterElse, "else",
     "message Q() -> R()\nrole S { on Q() { reply R() } }\n"
     "role C { durable gave: bool = false\n action a { ask S: Q() else { gave = true } } }",
     "", "inductive not C.gave", "not C.gave"},
    {Duty::AfterWait, "after a wait",
     "role S { durable x: bool = false  durable y: bool = false\n"
     " action a when not x { x = true; wait until x; y = true } }",
     "", "inductive not S.y", "not S.y"},
    {Duty::Tick, "tick", "role S { durable t: time = now  action a when t < now { t = now } }",
     "clocks perfect\n", "inductive now <= S.t", "now <= S.t"},
    {Duty::Crash, "crash", "role S { durable n: 0..1 = 0 }", "faults { crash S up to 1 }\n",
     "inductive live(S)", "live(S)"},
    {Duty::Restart, "restart", "role S { durable n: 0..1 = 0  on restart { n = 1 } }",
     "faults { crash S up to 1 }\n", "inductive S.n == 0", "S.n == 0"},
    {Duty::Loss, "loss",
     "message M()\nrole A { durable sent: bool = false\n"
     " action a when not sent { sent = true; send M() to B } }\n"
     "role B { durable got: bool = false  on M() { got = true } }",
     "network kept\nfaults { lose M up to 1 }\n", "inductive A.sent implies B.got or M != {}",
     "A.sent implies B.got or M != {}"},
    {Duty::ClosedAsk, "the end of an ask",
     "message Q() -> R()\n"
     "role S { durable did: bool = false  on Q() { did = true; reply R() } }\n"
     "role C { durable got: bool = false  durable asked: bool = false\n"
     " action a when not asked { asked = true; ask S: Q() else { return }; got = true } }",
     "network kept\n", "inductive S.did implies R != {} or C.got",
     "S.did implies R != {} or C.got"},
    {Duty::EqualStays, "an equal message",
     "message M()\nrole A { durable sent: bool = false\n"
     " action a when not sent { sent = true; send M() to B } }\n"
     "role B { durable n: 0..2 = 0  on M() when n < 2 { n += 1 } }",
     "faults { duplicate up to 1 }\n",
     "inductive not A.sent and B.n == 0 and M == {} or A.sent and B.n == 0 or "
     "A.sent and B.n == 1 and M == {}",
     "B.n == 0 or M == {}"},
    {Duty::KeptStays, "a kept message",
     "message M()\nrole A { durable sent: bool = false\n"
     " action a when not sent { sent = true; send M() to B } }\n"
     "role B { durable n: 0..2 = 0  on M() when n < 2 { n += 1 } }",
     "network kept\n",
     "inductive not A.sent and B.n == 0 and M == {} or A.sent and B.n == 0 or "
     "A.sent and B.n == 1 and M == {}",
     "B.n == 0 or M == {}"},
    {Duty::VolatileReset, "volatile memory",
     "role S { durable d: bool = false  volatile v: bool = false\n"
     " action a when not d { d = true; v = true } }",
     "faults { crash S up to 1 }\n", "inductive S.d implies S.v", "S.d implies S.v"},
    {Duty::UnsyncedFallback, "unsynced memory",
     "role S { durable d: bool = false  durable unsynced v: bool = false\n"
     " action a when not d { d = true; v = true } }",
     "faults { crash S up to 1 }\n", "inductive S.d implies S.v", "S.d implies S.v"},
    {Duty::Sending, "sending",
     "message M()\nrole A { action a { send M() to B } }\n"
     "role B { durable n: 0..1 = 0  on M() { n = 0 } }",
     "", "inductive M == {}", "M == {}"},
    {Duty::OtherReadings, "readings",
     "role S { durable seen: bool = false  durable t: time = least\n"
     " action a when not seen { seen = true; t = now - 1 } }\n"
     "role B { durable n: 0..1 = 0\n fn past(x: time) = now >= x\n"
     " action b when n == 1 and past(least) { n = 0 } }",
     "clocks within 1\n", "inductive S.seen implies B.past(S.t)", "S.seen implies B.past(S.t)"},
    {Duty::DerivedParams, "params that follow",
     "param lim = 2\nparam cap = lim + 1\n"
     "role S { durable n: 0..9 = 0  action a when n < cap { n += 1 } }",
     "", "inductive S.n <= 3 given lim > 0", "S.n <= 3", " with lim = 5"},
    {Duty::Commutative, "commutative",
     "role C[2] { durable n: 0..3 = 0\n merge join(m for n) { n = m } }", "", "semilattice join",
     ""},
    {Duty::Associative, "associative",
     "type Hand = {rock, paper, scissors}\nrole C[2] { durable n: Hand = rock\n merge join(m for "
     "n) "
     "{\n if n == rock and m == paper or n == paper and m == scissors or "
     "n == scissors and m == rock { n = m } } }",
     "", "semilattice join", ""},
    {Duty::Idempotent, "idempotent",
     "role C[2] { durable n: 0..3 = 0\n merge join(m for n) { n += m } }", "", "semilattice join",
     ""},
    {Duty::GoesUp, "updates",
     "role C[2] { durable n: 0..3 = 0\n merge join(m for n) { n = max(n, m) }\n"
     " action a when n > 0 { n = 0 } }",
     "", "semilattice join", ""},
    {Duty::CrashForgets, "merged memory",
     "role C[2] { volatile n: 0..3 = 0\n merge join(m for n) { n = max(n, m) }\n"
     " action a when n < 3 { n += 1 } }",
     "faults { crash C up to 1 }\n", "semilattice join", ""},
    {Duty::GivenAtStart, "what is given at the start",
     "role C[2] { durable n: 0..3 = 0\n merge join(m for n) { n = max(n, m) } }", "",
     "semilattice join given n > 0", "every(a.n > 0 for a in C)"},
    {Duty::GivenStep, "steps and what is given",
     "role C[2] { durable n: 0..3 = 0  durable c: 0..3 = 1  durable w: C? = none\n merge join(m "
     "for n) { n = max(n, m) "
     "}\n"
     " action a when c > 0 { c = 0 } }",
     "", "semilattice join given c > 0", "every(a.c > 0 for a in C)"},
    {Duty::GivenSent, "copies that are sent",
     "message Push(m: 0..3)\nrole C[2] { durable n: 0..3 = 1\n merge join(m for n) { n = max(n, m) "
     "}\n"
     " on Push(m) { join(m) }\n action a when n > 0 { send Push(0) to C but self } }",
     "", "semilattice join given m > 0", "every(x.m > 0 for x in Push)"},
    {Duty::GivenOthers, "other processes",
     "role C[2] { durable n: 0..3 = 0  durable c: 0..3 = 0  durable w: C? = none\n merge join(m "
     "for n) { n = max(n, m) "
     "}\n"
     " action a when c < 3 { c += 1; n = max(n, c) } }",
     "", "semilattice join given m <= c", "every(b.n <= a.c for a, b in C)"},
    {Duty::GivenCrash, "crashes and what is given",
     "role C[2] { durable n: 0..3 = 0  volatile t: time = now\n"
     " merge join(m for n) { n = max(n, m) } }",
     "clocks perfect\nfaults { crash C up to 1 }\n", "semilattice join given t > least",
     "every(a.t > least for a in C)"},
    {Duty::GivenRestart, "restarts and what is given",
     "role C[2] { durable n: 0..3 = 0  volatile t: time = now  durable u: time = now\n"
     " merge join(m for n) { n = max(n, m) } }",
     "clocks perfect\nfaults { crash C up to 1 }\n", "semilattice join given t <= u",
     "every(a.t <= a.u for a in C)"},
};

ProofWord proved(const Written& each, const checker::Omissions& omitted) {
  const model::Protocol protocol =
      tests::protocol_of(std::string("protocol mutants\n") + each.body + "\nscenario s {\n" +
                         each.items + "expect " + each.proof + "\n}\n");
  const model::Expectation& expectation = protocol.scenario.expectations.at(0);
  const bool is_inductive = expectation.kind == model::PropertyKind::Inductive;
  const checker::ProofResult result =
      is_inductive ? checker::prove_inductive(protocol, expectation, false, omitted)
                   : checker::prove_semilattice(protocol, expectation, omitted);
  UNSCOPED_INFO(tests::notes_of(result));
  return tests::word_of(result);
}

/// Of each obligation of `inductive`, how often a claim that the exploration finds violated is
/// proved without it.
void count_false_proofs(std::uint64_t seed, std::map<Duty, int>& counts) {
  const tests::ProofSpec spec = tests::generate_proof_spec(seed);
  std::vector<tests::Asked> asked = tests::claims_to_ask(spec);
  std::erase_if(asked, [](const tests::Asked& each) { return each.found != Found::Violated; });
  if (asked.empty()) return;
  const model::Protocol protocol = tests::protocol_of(tests::inductive_text(spec, asked));
  for (const Written& each : written) {
    if (each.duty >= Duty::Commutative) continue;
    for (const model::Expectation& expectation : protocol.scenario.expectations) {
      const auto result = checker::prove_inductive(protocol, expectation, false, {each.duty});
      counts[each.duty] += tests::word_of(result) == ProofWord::Proved ? 1 : 0;
    }
  }
}

}  // namespace

TEST_CASE("without any one of its obligations a proof proves something false") {
  for (const Written& each : written) {
    INFO(each.name);
    CHECK(proved(each, {}) != ProofWord::Proved);
    CHECK(proved(each, {each.duty}) == ProofWord::Proved);
    if (std::string(each.always).empty()) continue;
    CHECK(tests::explored(std::string("protocol mutants\n") + each.body + "\n", each.setting,
                          each.items, {each.always}) == std::vector<Found>{Found::Violated});
  }
}

TEST_CASE("every obligation has a spec that shows it is needed") {
  checker::Omissions shown;
  for (const Written& each : written) shown.insert(each.duty);
  CHECK(shown.size() == written.size());
  CHECK(shown.size() == static_cast<std::size_t>(Duty::GivenRestart) + 1);
}

TEST_CASE("generated claims notice that an obligation is missing", "[.nightly]") {
  const tests::Seeds seeds = tests::seeds(200);
  std::map<Duty, int> counts;
  for (const std::uint64_t seed : seeds.all()) count_false_proofs(seed, counts);
  int noticed = 0;
  for (const Written& each : written) {
    if (each.duty >= Duty::Commutative) continue;
    WARN(seeds.words() << ": without `" << each.name << "` " << counts[each.duty]
                       << " false proofs");
    noticed += counts[each.duty] > 0 ? 1 : 0;
  }
  CHECK(noticed >= 14);
}
