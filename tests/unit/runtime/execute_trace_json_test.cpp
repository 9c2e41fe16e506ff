// SPDX-License-Identifier: MIT
// trace_json: what a trace file looks like, and what is refused.
#include <catch2/catch.hpp>
#include <string>

#include "runtime/execute/replay.hpp"
#include "runtime/execute/trace_json.hpp"
#include "runtime/execute/world.hpp"
#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;

const char* const kSpec =
    "protocol p\nobject x: register of 1..2 = 1\nmessage Put(value: 1..2) -> Done()\nrole Server { "
    "durable "
    "held: 1..2 = 1 on Put(v) { held = v reply Done() } }\nrole Client[1] { op x.write(v) { ask "
    "Server: "
    "Put(v) } op x.read() { return 1 } }\nscenario s { each Client does write(2) expect "
    "linearizable }\n";

std::string saved() {
  const model::Protocol protocol = tests::protocol_of(kSpec);
  runtime::World world(protocol);
  runtime::TraceFile file;
  file.protocol = "p";
  file.scenario = "s";
  while (!world.enabled().empty()) {
    file.trace.labels.push_back(world.enabled().front());
    REQUIRE(world.apply(file.trace.labels.back()).has_value());
  }
  const model::Result<model::Run> run = runtime::replay(protocol, file.trace);
  REQUIRE(run.has_value());
  return runtime::save_trace(file, protocol, run.value());
}

std::string replaced(std::string text, const std::string& what, const std::string& with) {
  const std::size_t at = text.find(what);
  REQUIRE(at != std::string::npos);
  return text.replace(at, what.size(), with);
}

std::string problem(const std::string& text) {
  const model::Result<runtime::TraceFile> loaded = runtime::load_trace(text);
  return loaded ? "none" : loaded.failure().message;
}

}  // namespace

TEST_CASE("a trace file tells each step in words") {
  const std::string text = saved();
  for (const char* part :
       {"\"format\": \"capstan-trace\"", "\"version\": 1", "\"text\": \"Client 1 calls write(2)\"",
        "\"call\": \"write(2)\"", "\"text\": \"Server handles Put(2) from Client 1\"",
        "\"message\": \"Put(2)\"", "\"from\": \"Client 1\"", "\"to\": \"Server\"",
        "\"text\": \"Client 1 gets Done() from Server; write(2) returns\""}) {
    CHECK_THAT(text, Catch::Contains(part));
  }
}

TEST_CASE("what is no trace file is refused with the place that is wrong") {
  const std::string text = saved();
  CHECK(problem(text) == "none");
  CHECK(problem("") == "the trace file is not JSON");
  CHECK(problem("[]") == "the file is not a trace: it has no `format` that says so");
  CHECK(problem(replaced(text, "\"version\": 1", "\"version\": 2")) ==
        "the trace file has another version than 1");
  CHECK(problem(replaced(text, "\"kind\": \"invoke\"", "\"kind\": \"sing\"")) ==
        "the trace file is damaged: steps[1].kind is not a kind of step");
  CHECK(problem(replaced(text, "\"protocol\": \"p\"", "\"protocol\": 1")) ==
        "the trace file is damaged: protocol is not a string");
  CHECK(problem(replaced(text, "\"script_position\": 0",
                         "\"script_position\": 99999999999999999999")) ==
        "the trace file is damaged: steps[1].label.script_position is not a number of the expected "
        "size");
}

TEST_CASE("a label that is no step of the spec is found by the replay") {
  const model::Protocol protocol = tests::protocol_of(kSpec);
  runtime::TraceFile file = runtime::load_trace(saved()).value();
  std::swap(file.trace.labels[1], file.trace.labels[2]);
  const model::Result<model::Run> run = runtime::replay(protocol, file.trace);
  REQUIRE_FALSE(run.has_value());
  CHECK(run.failure().message == "step 1 is not enabled: no such message is in flight");
}
