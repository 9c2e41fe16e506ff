// SPDX-License-Identifier: MIT
// The engine against the plain explorer, on thousands of small random systems with everything the
// contract allows.
//
// Without dead-message removal: equal states (as vectors), transitions, depths, shortest ways to
// every goal, deadlocks and coverage, in both visited sets. With it: the same local states with the
// same tracks, goals at the same depth. Every trace is followed by the plain explorer. The seed of
// a failure is printed.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <utility>

#include "checker/explore/explorer.hpp"
#include "tests/reference/plain_explorer.hpp"
#include "tests/support/random_components.hpp"

namespace capstan::tests {
namespace {

using checker::Exploration;
using checker::ExploreOptions;
using checker::Found;
using checker::Goal;
using checker::LabelId;
using checker::StateView;

constexpr std::size_t states_max = 1500;

const std::vector<Goal>& all_goals() {
  static const std::vector<Goal> goals{
      {Goal::Kind::TrackViolated, 1}, {Goal::Kind::PredicateFalse, 0},
      {Goal::Kind::PredicateTrue, 2}, {Goal::Kind::PredicateFalse, 1},
      {Goal::Kind::PredicateTrue, 3}, {Goal::Kind::ModelError, -1}};
  return goals;
}

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

PlainState plain(const StateView& view) {
  PlainState state;
  state.locals.assign(view.locals.begin(), view.locals.end());
  for (const auto& inbox : view.inboxes) state.inboxes.emplace_back(inbox.begin(), inbox.end());
  state.tracks.assign(view.tracks.begin(), view.tracks.end());
  return state;
}

std::set<LabelId> as_set(const std::vector<bool>& labels) {
  std::set<LabelId> set;
  for (LabelId label = 0; label < labels.size(); ++label) {
    if (labels[label]) set.insert(label);
  }
  return set;
}

/// The run exists and ends as the goal says.
void check_trace(RandomComponents& system, const Goal& goal, const Found& found) {
  std::vector<PlainStep> last;
  const std::set<PlainState> ends = follow(system, found.labels, last);
  bool is_met = false;
  switch (goal.kind) {
    case Goal::Kind::TrackViolated:
      for (const PlainStep& step : last) {
        for (const int track : step.violated) is_met = is_met || track == goal.index;
      }
      break;
    case Goal::Kind::PredicateTrue:
    case Goal::Kind::PredicateFalse:
      for (const PlainState& state : ends) {
        is_met = is_met ||
                 plain_holds(system, goal.index, state) == (goal.kind == Goal::Kind::PredicateTrue);
      }
      break;
    case Goal::Kind::ModelError:
      if (found.predicate >= 0) {
        for (const PlainState& state : ends) {
          is_met = is_met || plain_holds(system, found.predicate, state) == std::nullopt;
        }
      } else {
        for (const PlainStep& step : last) is_met = is_met || step.error == found.error;
      }
      break;
  }
  CHECK(is_met);
}

void check_goals(RandomComponents& system, const PlainExploration& expected,
                 const Exploration& actual) {
  for (std::size_t goal = 0; goal < all_goals().size(); ++goal) {
    INFO("goal " << goal);
    REQUIRE(actual.found[goal].has_value() == expected.found[goal].has_value());
    if (!actual.found[goal]) continue;
    CHECK(actual.found[goal]->labels.size() == *expected.found[goal] + 1);
    check_trace(system, all_goals()[goal], *actual.found[goal]);
  }
}

void compare_in_full(RandomComponents& system, const PlainExploration& expected, bool exact) {
  ExploreOptions options;
  options.exact = exact;
  options.dead_messages = false;
  options.stop_when_found = false;
  std::set<PlainState> seen;
  std::uint64_t calls = 0;
  options.on_state = [&](const StateView& view) {
    seen.insert(plain(view));
    ++calls;
  };
  const Exploration actual = explore(system, all_goals(), options);
  CHECK(actual.end == Exploration::End::Complete);
  CHECK(actual.states == expected.states.size());
  CHECK(calls == actual.states);
  CHECK(actual.transitions == expected.transitions);
  CHECK(actual.depth == expected.depth);
  CHECK(actual.dead_repeats == 0);
  std::set<PlainState> all;
  for (const auto& [state, depth] : expected.states) all.insert(state);
  CHECK(seen == all);
  check_goals(system, expected, actual);
  REQUIRE(actual.deadlock.has_value() == expected.deadlock.has_value());
  if (actual.deadlock) CHECK(actual.deadlock->labels.size() == *expected.deadlock + 1);
  CHECK(as_set(actual.labels_taken) == expected.labels_taken);
  CHECK(as_set(actual.labels_taken_pending) == expected.labels_taken_pending);
}

using Shadow = std::pair<std::vector<checker::LocalId>, std::vector<checker::TrackId>>;

/// Returns the repeats and how many states were saved.
std::pair<std::uint32_t, std::size_t> compare_without_dead(RandomComponents& system,
                                                           const PlainExploration& expected) {
  ExploreOptions options;
  options.stop_when_found = false;
  std::set<Shadow> seen;
  options.on_state = [&seen](const StateView& view) {
    seen.insert(
        {{view.locals.begin(), view.locals.end()}, {view.tracks.begin(), view.tracks.end()}});
  };
  const Exploration actual = explore(system, all_goals(), options);
  CHECK(actual.states <= expected.states.size());
  std::set<Shadow> all;
  for (const auto& [state, depth] : expected.states) all.insert({state.locals, state.tracks});
  CHECK(seen == all);
  check_goals(system, expected, actual);
  return {actual.dead_repeats, expected.states.size() - static_cast<std::size_t>(actual.states)};
}

std::uint64_t seed_count(std::uint64_t usual) {
  const char* wanted = std::getenv("CAPSTAN_RANDOM_SYSTEMS");
  return wanted == nullptr ? usual : std::strtoull(wanted, nullptr, 10);
}

TEST_CASE("random systems: the engine and the plain explorer see the same graph") {
  std::size_t compared = 0;
  std::size_t large = 0;
  for (std::uint64_t seed = 1; seed <= seed_count(1500); ++seed) {
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
  CHECK(compared * 5 > seed_count(1500));
  CHECK(large * 5 > compared);
}

TEST_CASE("random systems: dropping dead messages keeps local states, tracks and goals") {
  std::uint64_t repeats = 0;
  std::size_t saved = 0;
  std::size_t compared = 0;
  for (std::uint64_t seed = 1; seed <= seed_count(1500); ++seed) {
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
  CHECK(compared * 5 > seed_count(1500));
  CHECK(repeats > 50);   // assumptions are refuted often enough to be tested
  CHECK(saved > 10000);  // and hold often enough to be of use
}

}  // namespace
}  // namespace capstan::tests
