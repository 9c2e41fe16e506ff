// SPDX-License-Identifier: MIT
// Random timed systems: the engine's ticks against the plain explorer's, and the theorem that
// settling rests on.
//
// The theorem (model/README, time; SEMANTICS 3.3): a state and its settled form are bisimilar. At
// every concrete state up to a time, the settled successors are the settled successors of the
// settled state. A horizon or a gap that is smaller by one must be caught: the test has teeth.
#include <catch2/catch.hpp>
#include <set>
#include <tuple>

#include "tests/differential/engine_comparison.hpp"
#include "tests/support/timed_components.hpp"

namespace capstan::tests {
namespace {

constexpr std::size_t states_max = 3000;

TimedOptions draw_options(std::uint64_t seed) {
  TimedOptions options;
  options.base.seed = seed * 104729 + 7;
  options.base.faults = seed % 4 == 0;
  options.base.purges = seed % 3 == 0;
  options.base.guards = seed % 5 == 0;
  options.base.errors = seed % 7 == 0;
  options.base.merges = seed % 4 == 1;
  options.base.sends = 1;
  options.skew = static_cast<int>(seed / 2 % 3);
  options.largest_constant = static_cast<int>(seed / 6 % 3);
  options.windows = seed % 2 == 0;
  return options;
}

TEST_CASE("random timed systems: the engine and the plain explorer see the same graph") {
  std::size_t compared = 0;
  std::size_t large = 0;
  std::size_t deadlocks = 0;
  const Seeds wanted = seeds(150);
  for (const std::uint64_t seed : wanted.all()) {
    const TimedOptions options = draw_options(seed);
    TimedComponents system(options);
    const PlainExploration expected = explore_plainly(system, all_goals(), states_max);
    if (expected.gave_up) continue;
    INFO("seed " << seed);
    compare_in_full(system, expected, false);
    compare_in_full(system, expected, true);
    ++compared;
    if (expected.states.size() > 100) ++large;
    if (expected.deadlock) ++deadlocks;
  }
  CHECK(compared * 5 > wanted.count);
  CHECK(large * 5 > compared);
  CHECK(deadlocks > 0);
}

TEST_CASE("random timed systems: dropping dead messages keeps local states, tracks and goals") {
  std::uint64_t repeats = 0;
  std::size_t saved = 0;
  std::size_t compared = 0;
  const Seeds wanted = seeds(150);
  for (const std::uint64_t seed : wanted.all()) {
    TimedOptions options = draw_options(seed);
    options.base.faults = false;
    options.base.monotone = seed % 3 != 0;
    TimedComponents system(options);
    const PlainExploration expected = explore_plainly(system, all_goals(), states_max);
    if (expected.gave_up) continue;
    INFO("seed " << seed);
    const auto [again, fewer] = compare_without_dead(system, expected);
    repeats += again;
    saved += fewer;
    ++compared;
  }
  CHECK(compared * 5 > wanted.count);
  CHECK(repeats * 20 > compared);
  CHECK(saved > 5 * compared);
}

/// What a step shows to the outside, and the settled state that it leads to.
using Shown = std::tuple<std::set<checker::LabelId>, std::uint32_t, std::vector<int>, PlainState>;

std::set<Shown> settled_successors(TimedComponents& system, const PlainState& state) {
  system.set_settling(false);
  bool guard_failed = false;
  const std::vector<PlainStep> steps = plain_steps(system, state, guard_failed);
  system.set_settling(true);
  std::set<Shown> shown;
  for (const PlainStep& step : steps)
    shown.insert({step.labels, step.error, step.violated,
                  step.error != 0 ? PlainState{} : settle(system, step.next)});
  return shown;
}

/// Whether every concrete state up to a time has the successors of its settled form.
bool is_bisimilar(const TimedOptions& options) {
  TimedComponents system(options);
  system.set_settling(false);
  const PlainExploration concrete = explore_plainly(system, {}, states_max);
  for (const auto& [state, depth] : concrete.states) {
    system.set_settling(true);
    const PlainState settled = settle(system, state);
    if (settled == state) continue;
    if (settled_successors(system, state) != settled_successors(system, settled)) return false;
  }
  return true;
}

TimedOptions bisimulation_options(std::uint64_t seed) {
  TimedOptions options = draw_options(seed);
  options.base.faults = false;
  options.base.errors = false;
  options.time_max = options.skew + 3 * options.largest_constant + 6;
  return options;
}

TEST_CASE("random timed systems: a state and its settled form are bisimilar") {
  const Seeds wanted = seeds(100);
  for (const std::uint64_t seed : wanted.all()) {
    INFO("seed " << seed);
    CHECK(is_bisimilar(bisimulation_options(seed)));
  }
}

TEST_CASE("random timed systems: a horizon or a gap that is smaller by one is caught") {
  std::size_t caught_horizon = 0;
  std::size_t caught_gap = 0;
  for (std::uint64_t seed = 1; seed <= 600 && (caught_horizon < 5 || caught_gap == 0); ++seed) {
    TimedOptions options = bisimulation_options(seed);
    if (options.largest_constant == 0) continue;
    options.horizon_error = 1;
    if (caught_horizon < 5 && !is_bisimilar(options)) ++caught_horizon;
    options.horizon_error = 0;
    options.gap_error = 1;
    if (!is_bisimilar(options)) ++caught_gap;
  }
  CHECK(caught_horizon == 5);
  CHECK(caught_gap > 0);
}

}  // namespace
}  // namespace capstan::tests
