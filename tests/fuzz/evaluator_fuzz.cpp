// SPDX-License-Identifier: MIT
// evaluator_fuzz: well-typed specs, run by both executors (libFuzzer, with sanitizers).
//
// Eight bytes are a seed of the generators of random specs; anything else is the text of a spec, so
// that mutants of real ones are run too. What has no error takes random steps in the plain
// executor; what is small is explored by it and by the checker, which must see equally many states.
// Evaluating may fail with a ModelError, and in no other way.
//
// cmake -S . -B build/fuzz -G Ninja -DCMAKE_CXX_COMPILER=clang++ -DCAPSTAN_FUZZ=ON
// ninja -C build/fuzz evaluator_fuzz && mkdir -p build/specs_corpus && cp specs/*/*.cap
// build/specs_corpus build/fuzz/tests/fuzz/evaluator_fuzz -dict=tests/fuzz/spec.dict -max_len=12000
// -timeout=60 build/specs_corpus
#include <algorithm>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "model/base/require.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"
#include "reference/world_explorer.hpp"
#include "runtime/execute/world.hpp"
#include "support/protocol_generator.hpp"
#include "support/timed_generator.hpp"

namespace checker = capstan::checker;
namespace model = capstan::model;
namespace runtime = capstan::runtime;
namespace tests = capstan::tests;

namespace {

constexpr std::size_t points_max = 2;
constexpr int steps_max = 30;
constexpr std::size_t successors_max = 400;  // a state with more ends the walk: it costs too much
constexpr std::size_t explored_max = 30;     // with more, a protocol is not explored
constexpr std::uint64_t states_max = 150;

std::string text_of(const std::uint8_t* data, std::size_t size) {
  std::uint64_t seed = 0;
  if (size != sizeof(seed)) return {reinterpret_cast<const char*>(data), size};
  std::memcpy(&seed, data, size);
  return seed % 2 == 0 ? tests::generate_protocol(seed)
                       : tests::generate_timed_protocol(seed, {.looks = true});
}

void look(const runtime::World& world, const model::Expectation& expectation) {
  try {
    static_cast<void>(world.can_look(*expectation.condition, expectation.frame, true));
  } catch (const model::ModelError&) {
  }
}

/// Returns the most steps that a state of the walk had.
std::size_t walk(const model::Protocol& protocol, std::uint64_t seed) {
  std::mt19937_64 random(seed);
  runtime::World world(protocol);
  world.set_horizon(10);
  std::size_t most = 0;
  for (int step = 0; step < steps_max && !world.error(); ++step) {
    const std::vector<model::Label> labels = world.enabled();
    most = std::max(most, labels.size());
    if (labels.empty() || labels.size() > successors_max) return most;
    const auto result = world.apply(labels[random() % labels.size()]);
    CAPSTAN_ENSURE(result.has_value(), "what is enabled can be done");
    if (world.error()) return most;  // what it left is no state
    for (const model::Expectation& expectation : protocol.scenario.expectations)
      if (expectation.condition) look(world, expectation);
  }
  return most;
}

bool takes_time(const model::Protocol& protocol) {
  return protocol.scenario.clocks || protocol.scenario.delay;
}

void compare(const model::Protocol& protocol) {
  const tests::WorldExploration world = tests::explore_worlds(protocol, states_max);
  if (world.gave_up) return;
  checker::ProtocolSystem system(protocol, {.monitors = false});
  checker::ExploreOptions options;
  options.dead_messages = false;
  options.stop_when_found = false;
  const checker::Exploration exploration = checker::explore(system, {}, options);
  if (exploration.states != world.states)
    std::fprintf(stderr, "%llu states, by the plain executor %llu\n",
                 static_cast<unsigned long long>(exploration.states),
                 static_cast<unsigned long long>(world.states));
  CAPSTAN_ENSURE(exploration.states == world.states, "both executors see the same states");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const model::SourceFile source("fuzz.cap", text_of(data, size));
  model::Diagnostics diagnostics;
  const model::ast::File file = model::parse(source, diagnostics);
  if (diagnostics.has_errors()) return 0;
  const auto points = model::enumerate_points(file, source, diagnostics);
  if (diagnostics.has_errors()) return 0;
  for (std::size_t i = 0; i < points.size() && i < points_max; ++i) {
    const auto point = (i * 7 + size) % points.size();  // not always the first ones
    const model::Protocol protocol = model::elaborate(file, source, points[point], diagnostics);
    if (diagnostics.has_errors()) return 0;
    const std::size_t most = walk(protocol, size + i);
    if (most <= explored_max && !takes_time(protocol)) compare(protocol);
  }
  return 0;
}
