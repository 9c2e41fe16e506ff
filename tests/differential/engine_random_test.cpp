// SPDX-License-Identifier: MIT
// The engine against the plain explorer, on thousands of small random systems with everything the
// contract allows.
//
// Without dead-message removal: equal states (as vectors), transitions, depths, shortest ways to
// every goal, deadlocks and coverage, in both visited sets. With it: the same local states with the
// same tracks, goals at the same depth. Every trace is followed by the plain explorer. The seed of
// a failure is printed.
#include <catch2/catch.hpp>

#include "tests/differential/engine_comparison.hpp"
#include "tests/reference/plain_explorer.hpp"
#include "tests/support/random_components.hpp"

namespace capstan::tests {
namespace {

constexpr std::size_t states_max = 1500;

RandomOptions draw_options(std::uint64_t seed) {
  RandomOptions options;
  options.seed = seed * 7919 + 13;
  options.faults = seed % 2 == 0;
  options.purges = seed % 3 != 0;
  options.guards = seed % 5 < 3;
  options.errors = seed % 7 < 3;
  options.kept = seed % 11 == 0;
  options.merges = seed % 4 != 1;
  options.monotone = seed % 13 < 5;
  options.sends = 1 + static_cast<int>(seed % 2);
  return options;
}

TEST_CASE("random systems: the engine and the plain explorer see the same graph") {
  std::size_t compared = 0;
  std::size_t large = 0;
  const Seeds wanted = seeds(400);
  for (const std::uint64_t seed : wanted.all()) {
    RandomOptions options = draw_options(seed);
    options.reads_messages = seed % 6 == 5;
    RandomComponents system(options);
    const PlainExploration expected = explore_plainly(system, all_goals(), states_max);
    if (expected.gave_up) continue;
    INFO("seed " << seed);
    compare_in_full(system, expected, false);
    compare_in_full(system, expected, true);
    ++compared;
    if (expected.states.size() > 100) ++large;
  }
  // The generator must not drift into trivial systems.
  CHECK(compared * 5 > wanted.count);
  CHECK(large * 5 > compared);
}

TEST_CASE("random systems: dropping dead messages keeps local states, tracks and goals") {
  std::uint64_t repeats = 0;
  std::size_t saved = 0;
  std::size_t compared = 0;
  const Seeds wanted = seeds(400);
  for (const std::uint64_t seed : wanted.all()) {
    RandomOptions options = draw_options(seed);
    options.monotone = seed % 3 != 0;
    // A fault that strikes a dead message shows in its budget alone: not preserved, see
    // reduce/dead.hpp.
    options.faults = options.faults && options.monotone;
    RandomComponents system(options);
    const PlainExploration expected = explore_plainly(system, all_goals(), states_max);
    if (expected.gave_up) continue;
    INFO("seed " << seed);
    const auto [again, fewer] = compare_without_dead(system, expected);
    repeats += again;
    saved += fewer;
    ++compared;
  }
  CHECK(compared * 5 > wanted.count);
  CHECK(repeats * 10 > compared);  // assumptions are refuted often enough to be tested
  CHECK(saved > 10 * compared);    // and hold often enough to be of use
}

}  // namespace
}  // namespace capstan::tests
