// SPDX-License-Identifier: MIT
#include "tests/differential/engine_comparison.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>

namespace capstan::tests {

using checker::Exploration;
using checker::ExploreOptions;
using checker::Found;
using checker::Goal;
using checker::LabelId;
using checker::StateView;

namespace {

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
void check_trace(checker::ComponentSystem& system, const Goal& goal, const Found& found) {
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

void check_goals(checker::ComponentSystem& system, const PlainExploration& expected,
                 const Exploration& actual) {
  for (std::size_t goal = 0; goal < all_goals().size(); ++goal) {
    INFO("goal " << goal);
    REQUIRE(actual.found[goal].has_value() == expected.found[goal].has_value());
    if (!actual.found[goal]) continue;
    CHECK(actual.found[goal]->labels.size() == *expected.found[goal] + 1);
    check_trace(system, all_goals()[goal], *actual.found[goal]);
  }
}

using Shadow = std::pair<std::vector<checker::LocalId>, std::vector<checker::TrackId>>;

}  // namespace

const std::vector<Goal>& all_goals() {
  static const std::vector<Goal> goals{
      {Goal::Kind::TrackViolated, 1}, {Goal::Kind::PredicateFalse, 0},
      {Goal::Kind::PredicateTrue, 2}, {Goal::Kind::PredicateFalse, 1},
      {Goal::Kind::PredicateTrue, 3}, {Goal::Kind::ModelError, -1}};
  return goals;
}

void compare_in_full(checker::ComponentSystem& system, const PlainExploration& expected,
                     bool exact) {
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

std::pair<std::uint32_t, std::size_t> compare_without_dead(checker::ComponentSystem& system,
                                                           const PlainExploration& expected) {
  ExploreOptions options;
  options.stop_when_found = false;
  std::vector<Shadow> met;  // by all runs, as a refuted one is repeated
  options.on_state = [&met](const StateView& view) {
    met.push_back(
        {{view.locals.begin(), view.locals.end()}, {view.tracks.begin(), view.tracks.end()}});
  };
  const Exploration actual = explore(system, all_goals(), options);
  CHECK(actual.states <= expected.states.size());
  // With time a refuted run may see too much: what was dropped would have forced a step.
  const std::set<Shadow> seen(met.end() - static_cast<std::ptrdiff_t>(actual.states), met.end());
  std::set<Shadow> all;
  for (const auto& [state, depth] : expected.states) all.insert({state.locals, state.tracks});
  CHECK(seen == all);
  check_goals(system, expected, actual);
  return {actual.dead_repeats, expected.states.size() - static_cast<std::size_t>(actual.states)};
}

}  // namespace capstan::tests
