// SPDX-License-Identifier: MIT
// A counterexample of an infinite run is believed only if it is one: cycles that do not come back,
// that are unfair, that do not violate, and runs that end too early are refused. And it survives
// its trace file.
#include "runtime/command/confirm_endless.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "checker/liveness/eventually.hpp"
#include "runtime/execute/fairness.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/trace_json.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

/// One lock; a request can be served only while it is free.
const char* const kLock = R"(capstan 1
protocol lock
message Lock() -> Granted()
message Unlock()
role Server {
  durable holder: Client? = none
  on Lock() when holder == none { holder = sender; reply Granted() }
  on Unlock() { holder = none }
}
role Client[2] {
  volatile waiting: bool = false
  volatile holding: bool = false
  optional action enter when not waiting and not holding {
    waiting = true
    ask Server: Lock()
    waiting = false
    holding = true
  }
  action leave when holding { holding = false; send Unlock() to Server }
}
scenario s {
  expect whenever Client[1].waiting, eventually Client[1].holding
  expect eventually Client[1].holding
  expect eventually always not Client[1].waiting
}
)";

struct Shown {
  model::Protocol protocol = tests::protocol_of(kLock);
  checker::Evidence evidence;

  explicit Shown(std::size_t expectation) : expectation_(expectation) {
    const checker::EndlessReport report = checker::judge_endless(protocol, {}, true, {expectation});
    REQUIRE(report.answers[expectation]->holds == false);
    evidence.trace = *report.answers[expectation]->trace;
  }
  std::optional<runtime::Objection> confirm() {
    return runtime::confirm_endless(protocol, protocol.scenario.expectations[expectation_],
                                    evidence);
  }

 private:
  std::size_t expectation_;
};

}  // namespace

TEST_CASE("a starving client is shown by a cycle, and why it is fair") {
  Shown shown(0);
  CHECK(shown.evidence.trace.loop_start == 2);
  CHECK(shown.evidence.trace.labels.size() == 7);
  const auto failure = shown.confirm();
  INFO((failure ? failure->message : ""));
  REQUIRE(!failure);
  CHECK(shown.evidence.title == "`Client[1].waiting`, and `Client[1].holding` may never follow");
  CHECK(shown.evidence.why.find("Steps 2 to 6 can be repeated for ever") != std::string::npos);
  CHECK(shown.evidence.why.find("put off each time: the delivery of `Lock` from Client 1 to "
                                "Server") != std::string::npos);
}

TEST_CASE("a cycle that does not come back is refused") {
  Shown shown(0);
  shown.evidence.trace.labels.pop_back();
  const auto failure = shown.confirm();
  REQUIRE(failure);
  CHECK(failure->message == "the cycle does not lead back to the state that it began in");
}

TEST_CASE("a run that ends although somebody has to move is refused") {
  Shown shown(0);
  shown.evidence.trace.labels.resize(2);
  shown.evidence.trace.loop_start = -1;
  const auto failure = shown.confirm();
  REQUIRE(failure);
  CHECK(failure->message.find("the run cannot end here: the delivery of `Lock`") == 0);
}

TEST_CASE("a step that cannot be taken is refused") {
  Shown shown(0);
  shown.evidence.trace.labels.push_back(shown.evidence.trace.labels.back());
  const auto failure = shown.confirm();
  REQUIRE(failure);
  CHECK(failure->message.find("step 7 is not enabled") == 0);
}

TEST_CASE("a run that does not violate the property is refused") {
  Shown shown(1);
  CHECK(shown.evidence.trace.labels.size() == 1);  // nobody has to come
  REQUIRE(!shown.confirm());
  // The run in which Client 2 starves satisfies what is claimed of Client 1.
  Shown other(0);
  for (model::Label& label : other.evidence.trace.labels)
    if (label.process > 0) label.process = 3 - label.process;
  for (model::Label& label : other.evidence.trace.labels)
    for (int* end :
         {&label.message.source, &label.message.destination, &label.message.token.process})
      if (*end > 0) *end = 3 - *end;
  const auto failure = other.confirm();
  REQUIRE(failure);
  CHECK(failure->message.find("again and again") != std::string::npos);
}

TEST_CASE("a trace file keeps where the cycle begins, and nonsense there is refused") {
  Shown shown(0);
  runtime::TraceFile file;
  file.protocol = "lock";
  file.scenario = "s";
  file.trace = shown.evidence.trace;
  const auto run = runtime::replay(shown.protocol, file.trace);
  REQUIRE(run.has_value());
  const std::string text = runtime::save_trace(file, shown.protocol, run.value());
  const auto loaded = runtime::load_trace(text);
  REQUIRE(loaded.has_value());
  CHECK(loaded.value().trace.loop_start == 2);
  for (const int wrong : {0, -1, 7, 100}) {
    auto json = nlohmann::ordered_json::parse(text);
    json["loop_start"] = wrong;
    CHECK(!runtime::load_trace(json.dump()).has_value());
  }
}

TEST_CASE("who gives up and asks the same again cannot keep the request from being delivered") {
  const model::Protocol protocol = tests::protocol_of(R"(capstan 1
protocol retry
message Tell() -> Heard()
role Copy[2] {
  durable known: bool = self == Copy 1
  on Tell() { known = true; reply Heard() }
  action tell when self == Copy 1 { ask Copy 2: Tell() else { return } }
}
scenario s {
  expect converges on known
  expect eventually Copy[2].known
}
)");
  const checker::EndlessReport report = checker::judge_endless(protocol, {}, true, {0, 1});
  CHECK(report.answers[0]->holds == true);
  CHECK(report.answers[1]->holds == true);

  model::Label waited_for;
  waited_for.kind = model::Label::Kind::Deliver;
  waited_for.message.source = 0;
  waited_for.message.destination = 1;
  waited_for.message.message = 0;
  waited_for.message.token = {0, 0};
  model::Label given_up = waited_for;
  given_up.message.token = {};
  CHECK(runtime::fair_turn(protocol, waited_for) == runtime::fair_turn(protocol, given_up));
}
