// SPDX-License-Identifier: MIT
// Each phase of a check under a limit that is reached at its first look: what is said, what stays
// undecided, and that nothing else ends with it.
#include "checker/cut_short.hpp"

#include <catch2/catch.hpp>
#include <new>
#include <string>

#include "checker/check.hpp"
#include "checker/liveness/eventually.hpp"
#include "checker/liveness/hops.hpp"
#include "checker/liveness/quiescence.hpp"
#include "checker/prove/judge_proofs.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Outcome;
using checker::Verdict;

const std::string kRegister =
    "capstan 1\nprotocol p\nobject x: register of 1..2?\n"
    "message Get() -> Got(v: 1..2?)\nmessage Put(v: 1..2) -> Done()\n"
    "role Server { durable value: 1..2? = none\n"
    "on Get() { reply Got(value) } on Put(v) { value = v; reply Done() } }\n"
    "role Client[2] { op x.read() { return (ask Server: Get()).v } op x.write(v) { ask Server: "
    "Put(v) } }\n";

model::Protocol protocol_with(const std::string& expectations) {
  return tests::protocol_of(kRegister + "scenario s { each Client does write(fresh), read()\n" +
                            expectations + "}\n");
}

checker::ExploreOptions asked() {
  checker::ExploreOptions options;
  options.seconds_max = 5;
  return options;
}

bool begins_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

}  // namespace

TEST_CASE("what is said names the limit that was asked for, the phase, and what helps") {
  const checker::ExploreOptions options = asked();
  using Kind = model::LimitKind;
  const auto text = [&](Kind kind, const char* phase) {
    return checker::cut_short_text({kind, phase, 2.5, 0}, options, " after 9 states");
  };
  CHECK(begins_with(text(Kind::Time, checker::phase::kExploration),
                    "the time limit of 5 s was reached in the exploration after 9 states; "));
  CHECK(text(Kind::Time, checker::phase::kMinimal).find("--shortest") != std::string::npos);
  CHECK(text(Kind::Interrupted, checker::phase::kProof) ==
        "interrupted in the proof after 9 states");
  CHECK(text(Kind::Memory, checker::phase::kProof) == "memory ran out in the proof after 9 states");
}

TEST_CASE("a phase that is cut short says so, and the next one may go on") {
  bool was_done = false;
  const auto late = checker::cut_short("one", {1e-9, 0}, [&] { was_done = true; });
  REQUIRE(late);
  CHECK(late->kind == model::LimitKind::Time);
  CHECK(late->phase == "one");
  CHECK_FALSE(was_done);
  const auto refused = checker::cut_short("two", {}, [] { throw std::bad_alloc(); });
  REQUIRE(refused);
  CHECK(refused->kind == model::LimitKind::Memory);
  CHECK(refused->phase == "two");
  CHECK_FALSE(checker::cut_short("three", {}, [&] { was_done = true; }));
  CHECK(was_done);
  CHECK_THROWS_AS(checker::cut_short("four", {}, [] { throw std::runtime_error("no limit"); }),
                  std::runtime_error);
}

TEST_CASE("graphs, hops and lost writes are undecided where the time is over") {
  const model::Protocol protocol = protocol_with(
      "expect available to all\nexpect read within 2 hops\n"
      "expect no acknowledged write lost\n");
  const model::Limits limits({1e-9, 0});
  const auto graph = checker::judge_endless(protocol, asked(), true, {0}).answers.at(0);
  REQUIRE(graph);
  CHECK_FALSE(graph->holds);
  CHECK(begins_with(graph->remark, "the time limit of 5 s was reached in the graph of all states"));
  const checker::LossReport losses = checker::find_lost_write(protocol, asked(), true);
  CHECK_FALSE(losses.is_lost);
  CHECK(begins_with(losses.remark, "the time limit of 5 s was reached in the graph of all states"));
}

TEST_CASE("a check whose time is over decides nothing and says in which phase") {
  const auto protocol = std::make_shared<const model::Protocol>(
      protocol_with("expect linearizable\nexpect eventually done(Client 1)\n"));
  checker::CheckOptions options;
  options.explore.seconds_max = 1e-9;
  const checker::ScenarioReport report = checker::check_scenario(protocol, options);
  REQUIRE(report.expectations.size() == 2);
  for (const checker::ExpectationReport& each : report.expectations) {
    CHECK(each.outcome == Outcome::Undecided);
    CHECK(each.remark.find(" was reached in the exploration") != std::string::npos);
  }
}

TEST_CASE("an interrupt keeps what was found before it") {
  const auto protocol = std::make_shared<const model::Protocol>(
      protocol_with("expect never some(m.v == 1 for m in Put)\nexpect linearizable\n"));
  checker::CheckOptions options;
  options.full = true;
  std::uint64_t states = 0;
  options.explore.on_state = [&](const checker::StateView&) {
    if (++states == 60) model::request_interrupt();
  };
  const checker::ScenarioReport report = checker::check_scenario(protocol, options);
  model::forget_interrupt();
  REQUIRE(report.expectations.size() == 2);
  CHECK(report.expectations[1].outcome == Outcome::Undecided);
  CHECK(report.expectations[1].remark.find("interrupted in the exploration") == 0);
  if (report.states > 60) CHECK(report.expectations[0].verdict == Verdict::Violated);
}

TEST_CASE("a proof whose time is over is undecided") {
  const auto protocol = std::make_shared<const model::Protocol>(
      protocol_with("expect inductive Server.value in {none, 1, 2}\n"));
  checker::CheckOptions options;
  options.explore.seconds_max = 1e-9;
  const checker::ScenarioReport report = checker::check_scenario(protocol, options);
  REQUIRE(report.expectations.size() == 1);
  CHECK(report.expectations[0].outcome == Outcome::Undecided);
  CHECK(report.expectations[0].remark.find(" was reached in the proof") != std::string::npos);
}
