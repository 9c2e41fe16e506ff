// SPDX-License-Identifier: MIT
// `available to`, rule by rule: who is owed an answer while what stands, and what is no answer.
#include <catch2/catch.hpp>
#include <string>

#include "checker/liveness/eventually.hpp"
#include "checker/liveness/hops.hpp"
#include "runtime/command/confirm_endless.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

/// Three servers, a client that asks so many of them, and a scenario.
std::string quorum(const std::string& count, const std::string& scenario) {
  return "capstan 1\nprotocol p\nobject x: register of 1..2?\nmessage Get() -> Got(v: 1..2?)\n"
         "role Server[3] { durable value: 1..2? = none on Get() { reply Got(value) } }\n"
         "role Client[1] {\nop x.read() {\nlet got = ask " +
         count +
         " of Server: Get()\nreturn max(g.v for g in got)\n}\n}\n"
         "scenario s { each Client does read()\n" +
         scenario + "}\n";
}

struct Judged {
  checker::EndlessAnswer answer;
  std::string why;
};

Judged judge(const std::string& text) {
  const model::Protocol protocol = tests::protocol_of(text);
  const model::Expectation& expectation = protocol.scenario.expectations.at(0);
  Judged judged;
  judged.answer = checker::is_about_hops(expectation.kind)
                      ? *checker::judge_hops(protocol, {}, true, {0}).answers[0]
                      : *checker::judge_endless(protocol, {}, true, {0}).answers[0];
  if (!judged.answer.trace) return judged;
  checker::Evidence evidence = checker::evidence_of(protocol, *judged.answer.trace);
  const auto failure = runtime::confirm_endless(protocol, expectation, evidence);
  INFO((failure ? failure->message : ""));
  CHECK(!failure);
  judged.why = evidence.why;
  return judged;
}

bool holds(const std::string& text) { return judge(text).answer.holds.value(); }

}  // namespace

TEST_CASE("who is paused for ever is as good as gone") {
  const std::string one = "faults { pause Server up to 1 }\n",
                    two = "faults { pause Server up to 2 }\n";
  CHECK(holds(quorum("majority", one + "expect available to all\n")));
  CHECK(holds(quorum("majority", two + "expect available to majority\n")));
  const Judged judged = judge(quorum("majority", two + "expect available to all\n"));
  CHECK(judged.answer.holds == false);
  CHECK(judged.why.find("are paused") != std::string::npos);
  CHECK(judged.why.find("1 of the 2 answers") != std::string::npos);
}

TEST_CASE("a client whose servers are all down is owed an answer, one that is cut off is not") {
  CHECK(!holds(quorum("1", "faults { crash Server up to 3 }\nexpect available to all\n")));
  CHECK(holds(quorum("1",
                     "faults { partition Client from Server up to 1 }\n"
                     "expect available to all\n")));
}

TEST_CASE("two are linked only if both can send") {
  const std::string cut = "faults { partition {Server 1, Server 2} from Client one_way up to 1 }\n";
  CHECK(holds(quorum("majority", cut + "expect available to majority\n")));
  CHECK(!holds(quorum("majority", cut + "expect available to all\n")));
}

TEST_CASE("where no fault stands while somebody waits nothing was put to the test") {
  const Judged judged =
      judge(quorum("1", "faults { crash Client up to 1 }\nexpect available to all\n"));
  CHECK(judged.answer.holds == true);
  CHECK(!judged.answer.untested.empty());
  CHECK(judge(quorum("1", "expect available to all\n")).answer.untested.empty());
}

TEST_CASE("an operation that is refused at once is not answered") {
  const Judged judged = judge(R"(capstan 1
protocol p
object x: register of 1..2?
role Node[1] {
  durable value: 1..2? = none
  op x.read() { if value == none { fail }; return value }
}
scenario s { each Node does read() expect available to all }
)");
  CHECK(judged.answer.holds == false);
  CHECK(judged.why.find("`fail`") != std::string::npos);
}

TEST_CASE("hops are not counted in a kept network") {
  const Judged judged = judge(quorum("1", "network kept\nexpect read within 2 hops\n"));
  CHECK(!judged.answer.holds);
  CHECK(!judged.answer.remark.empty());
}
