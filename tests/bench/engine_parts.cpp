// SPDX-License-Identifier: MIT
// engine_parts: Google Benchmark of what a transition is made of: probing the visited set, memo
// look-ups, whole runs.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <random>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/flat_map.hpp"
#include "checker/explore/visited.hpp"
#include "tests/support/abd_components.hpp"

namespace {

using namespace capstan;

/// Inserting new fingerprints in batches of 64, growth included. Argument: how many, as a power of
/// two.
void insert_new(benchmark::State& state) {
  const std::size_t count = std::size_t{1} << state.range(0);
  std::mt19937_64 random(1);
  std::vector<std::uint64_t> fingerprints(count);
  for (std::uint64_t& fingerprint : fingerprints) fingerprint = random() | 1;
  for (auto _ : state) {
    checker::FingerprintSet set;
    for (std::size_t at = 0; at < count; at += checker::batch_size) {
      for (unsigned i = 0; i < checker::batch_size; ++i) set.prefetch(fingerprints[at + i]);
      while (set.wants_growth()) benchmark::DoNotOptimize(set.grow());
      benchmark::DoNotOptimize(set.insert(fingerprints.data() + at, checker::batch_size));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(insert_new)->Arg(12)->Arg(18)->Arg(22)->Unit(benchmark::kMillisecond);

/// Probing fingerprints that are there, in random order, with each instruction set. Arguments:
/// count, which.
void probe_known(benchmark::State& state) {
  const std::size_t count = std::size_t{1} << state.range(0);
  if (state.range(1) >= checker::FingerprintSet::instruction_sets()) {
    state.SkipWithError("this processor has no such instructions");
    return;
  }
  std::mt19937_64 random(1);
  checker::FingerprintSet set;
  set.use_instructions(static_cast<int>(state.range(1)));
  std::vector<std::uint64_t> fingerprints(count);
  for (std::uint64_t& fingerprint : fingerprints) {
    fingerprint = random() | 1;
    while (set.wants_growth()) benchmark::DoNotOptimize(set.grow());
    set.insert(&fingerprint, 1);
  }
  for (auto _ : state) {
    for (std::size_t at = 0; at < count; at += checker::batch_size) {
      for (unsigned i = 0; i < checker::batch_size; ++i) set.prefetch(fingerprints[at + i]);
      benchmark::DoNotOptimize(set.insert(fingerprints.data() + at, checker::batch_size));
    }
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(count));
}
BENCHMARK(probe_known)->ArgsProduct({{12, 22}, {0, 1, 2}})->Unit(benchmark::kMillisecond);

/// A memo look-up that hits. Argument: entries.
void memo_hit(benchmark::State& state) {
  checker::FlatMap<std::uint32_t> map;
  std::vector<std::uint64_t> keys;
  std::mt19937 random(1);
  for (std::uint32_t i = 0; i < static_cast<std::uint32_t>(state.range(0)); ++i) {
    keys.push_back(checker::pair_key(i / 8, i));
    map.insert(keys.back(), i);
  }
  std::shuffle(keys.begin(), keys.end(), random);
  for (auto _ : state) {
    for (const std::uint64_t key : keys) benchmark::DoNotOptimize(map.find(key));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(keys.size()));
}
BENCHMARK(memo_hit)->Arg(5'000)->Arg(100'000);

/// A whole run of W/R, 840,732 transitions. Arguments: exact, dead messages.
void explore_abd(benchmark::State& state) {
  std::uint64_t transitions = 0;
  for (auto _ : state) {
    tests::AbdComponents system({{"W", "R"}, true, 3, 0});
    checker::ExploreOptions options;
    options.exact = state.range(0) != 0;
    options.dead_messages = state.range(1) != 0;
    transitions +=
        checker::explore(system, {{checker::Goal::Kind::TrackViolated, 0}}, options).transitions;
  }
  state.SetItemsProcessed(static_cast<std::int64_t>(transitions));
}
BENCHMARK(explore_abd)->ArgsProduct({{0, 1}, {0, 1}})->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
