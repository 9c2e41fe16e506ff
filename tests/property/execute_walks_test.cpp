// SPDX-License-Identifier: MIT
// Random walks of the plain executor over random protocols: replay is deterministic, and trace
// files bring back the same trace.
#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <vector>

#include "runtime/execute/replay.hpp"
#include "runtime/execute/trace_json.hpp"
#include "runtime/execute/world.hpp"
#include "tests/support/protocol_generator.hpp"
#include "tests/support/spec_text.hpp"

namespace {

using namespace capstan;

constexpr int kProtocols = 60;
constexpr int kSteps = 30;

struct Walk {
  model::Trace trace;
  std::vector<std::string> states;  // canonical, after each step
};

Walk walk(const model::Protocol& protocol, std::mt19937_64& random) {
  Walk walk;
  runtime::World world(protocol);
  for (int step = 0; step < kSteps; ++step) {
    const std::vector<model::Label> labels = world.enabled();
    if (labels.empty()) break;
    const model::Label& label = labels[random() % labels.size()];
    REQUIRE(world.apply(label).has_value());
    walk.trace.labels.push_back(label);
    walk.states.push_back(world.canonical());
  }
  return walk;
}

std::vector<std::string> texts(const model::Run& run) {
  std::vector<std::string> all;
  for (const model::StepRecord& step : run.steps) all.push_back(step.text);
  return all;
}

}  // namespace

TEST_CASE("replaying a walk goes through the same states and tells the same story") {
  for (std::uint64_t seed = 1; seed <= kProtocols; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    std::mt19937_64 random(seed);
    const Walk taken = walk(protocol, random);
    runtime::World world(protocol);
    for (std::size_t i = 0; i < taken.states.size(); ++i) {
      REQUIRE(world.apply(taken.trace.labels[i]).has_value());
      REQUIRE(world.canonical() == taken.states[i]);
    }
    const model::Result<model::Run> first = runtime::replay(protocol, taken.trace);
    const model::Result<model::Run> second = runtime::replay(protocol, taken.trace);
    REQUIRE(first.has_value());
    REQUIRE(second.has_value());
    CHECK(texts(first.value()) == texts(second.value()));
    CHECK(first.value().in_flight.size() == world.in_flight().size());
    for (const model::HistoryOperation& operation : first.value().history) {
      CHECK(operation.invoked < static_cast<int>(taken.states.size()));
      CHECK(operation.invoked <= operation.responded);
    }
  }
}

TEST_CASE("a trace file brings back the same trace") {
  for (std::uint64_t seed = 1; seed <= kProtocols; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    std::mt19937_64 random(seed + 1000);
    runtime::TraceFile file;
    file.protocol = protocol.name;
    file.scenario = protocol.scenario.name;
    file.point = {{"skew", model::Value::integer(3)}, {"mode", model::Value::none()}};
    file.spec_path = "specs/tiny.cap";
    file.property = "linearizable";
    file.trace = walk(protocol, random).trace;
    const model::Result<model::Run> run = runtime::replay(protocol, file.trace);
    REQUIRE(run.has_value());
    const std::string text = runtime::save_trace(file, protocol, run.value());
    const model::Result<runtime::TraceFile> loaded = runtime::load_trace(text);
    REQUIRE(loaded.has_value());
    CHECK(loaded.value().trace.labels == file.trace.labels);
    CHECK(loaded.value().protocol == file.protocol);
    CHECK(loaded.value().scenario == file.scenario);
    CHECK(loaded.value().point == file.point);
    CHECK(loaded.value().spec_path == file.spec_path);
    CHECK(loaded.value().property == file.property);
    CHECK(runtime::save_trace(loaded.value(), protocol, run.value()) == text);
  }
}

TEST_CASE(
    "every enabled label is listed once and can be taken; a step is what successors say it is") {
  for (std::uint64_t seed = 1; seed <= kProtocols; ++seed) {
    INFO("seed " << seed);
    const model::Protocol protocol = tests::protocol_of(tests::generate_protocol(seed));
    std::mt19937_64 random(seed + 2000);
    runtime::World world(protocol);
    for (int step = 0; step < 12; ++step) {
      const std::vector<runtime::Successor> successors = world.successors();
      for (std::size_t i = 0; i < successors.size(); ++i) {
        for (std::size_t j = 0; j < i; ++j) CHECK_FALSE(successors[i].label == successors[j].label);
        runtime::World copy = world;
        const model::Result<model::StepRecord> record = copy.apply(successors[i].label);
        REQUIRE(record.has_value());
        CHECK(copy.canonical() == successors[i].world.canonical());
        if (!record.value().error) CHECK(record.value().events == successors[i].events);
      }
      if (successors.empty()) break;
      world = successors[random() % successors.size()].world;
    }
  }
}
