// SPDX-License-Identifier: MIT
// Fair runs of random graphs against brute force: every set of states that a run can go round in
// for ever is tried, and a cycle found is taken step by step. (PBT 5 of the semantics.)
#include "checker/liveness/fair_runs.hpp"

#include <algorithm>
#include <array>
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <vector>

#include "support/graph_system.hpp"

namespace {

using namespace capstan::checker;
using capstan::tests::GraphSystem;

/// The questions of `converges` and of `available`, as well as any others.
enum class Form { Any, Converges, Available };

/// A graph with a few states, labels and classes, and a question about its runs.
struct Case {
  Form form = Form::Any;
  std::vector<GraphSystem::Step> steps;
  std::vector<std::uint32_t> initial;
  FairnessClasses classes;
  FairQuery query;
  std::uint32_t states = 0;
  LabelId labels = 0;
};

Case random_case(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto below = [&random](std::uint32_t count) {
    return static_cast<std::uint32_t>(random() % count);
  };
  Case made;
  made.states = 2 + below(5);
  made.labels = 1 + below(5);
  const std::uint32_t step_count = made.states + below(made.states * 2);
  for (std::uint32_t i = 0; i < step_count; ++i)
    made.steps.push_back({below(made.states), below(made.states), below(made.labels)});
  made.initial = {0};
  made.classes.count = 1 + below(3);
  for (LabelId label = 0; label < made.labels; ++label)
    made.classes.of_label.push_back(below(3) == 0 ? kUnfair : below(made.classes.count));
  const auto list = [&](std::uint32_t size, std::uint32_t percent) {
    std::vector<bool> some;
    if (below(100) < 40) return some;
    for (std::uint32_t i = 0; i < size; ++i) some.push_back(below(100) < percent);
    return some;
  };
  made.query = {list(made.states, 80),
                list(made.states, 50),
                list(made.states, 80),
                list(made.states, 50),
                {}};
  if (below(4) == 0) made.query.steps = list(made.labels, 80);
  made.form = std::array{Form::Any, Form::Any, Form::Converges, Form::Available}[below(4)];
  // From any state on, by some of the steps, past some states again and again.
  if (made.form == Form::Converges)
    made.query = {{}, {}, {}, list(made.states, 50), list(made.labels, 70)};
  // From any state on, by some of the steps, waiting in some states; the least effort before.
  if (made.form == Form::Available)
    made.query = {{}, {}, list(made.states, 60), {}, list(made.labels, 70)};
  if (made.form == Form::Available || below(3) == 0) made.query.weights.resize(made.labels, 1);
  for (std::uint64_t& weight : made.query.weights)
    if (below(2) == 0) weight += std::uint64_t{1 + below(2)} << 32U;
  return made;
}

bool has(const std::vector<bool>& list, std::uint32_t index) { return list.empty() || list[index]; }

/// By brute force: is there a fair run? Over all sets of states inside, as bit masks.
class BruteForce {
 public:
  explicit BruteForce(const Case& what) : case_(what) { reach(); }

  bool exists() const { return fair_states() != 0; }

  /// The least that a way to a state weighs in which a fair run may stay.
  std::uint64_t lightest() const {
    const std::uint32_t goals = fair_states();
    std::uint64_t least = far;
    for (std::uint32_t state = 0; state < case_.states; ++state)
      if (((goals >> state) & 1U) != 0) least = std::min(least, weights()[{state, true}]);
    return least;
  }

  bool is_allowed(const GraphSystem::Step& step) const {
    return has(case_.query.steps, step.label);
  }

  /// The classes enabled in the state.
  std::set<std::uint32_t> enabled(std::uint32_t state) const {
    std::set<std::uint32_t> classes;
    for (const GraphSystem::Step& step : case_.steps)
      if (step.source == state && is_allowed(step) && case_.classes.of_label[step.label] != kUnfair)
        classes.insert(case_.classes.of_label[step.label]);
    return classes;
  }

 private:
  static constexpr std::uint64_t far = ~std::uint64_t{0};

  /// All states in which a fair run may stay, as a mask.
  std::uint32_t fair_states() const {
    std::uint32_t all = 0;
    for (std::uint32_t set = 1; set < (1U << case_.states); ++set)
      if (is_possible(set) && is_connected(set) && is_fair(set)) all |= set;
    return all;
  }

  /// What the lightest way to each (state, past the door) weighs, by going round until nothing
  /// changes.
  std::map<std::pair<std::uint32_t, bool>, std::uint64_t> weights() const {
    std::map<std::pair<std::uint32_t, bool>, std::uint64_t> least;
    for (std::uint32_t state = 0; state < case_.states; ++state)
      least[{state, false}] = least[{state, true}] = far;
    bool changed = false;
    const auto arrive = [&](std::uint32_t state, bool past, std::uint64_t weight) {
      const auto lower = [&](bool side) {
        changed = changed || weight < least[{state, side}];
        least[{state, side}] = std::min(least[{state, side}], weight);
      };
      if (!past && has(case_.query.before, state)) lower(false);
      if ((past || has(case_.query.doors, state)) && has(case_.query.inside, state)) lower(true);
    };
    do {
      changed = false;
      for (const std::uint32_t state : case_.initial) arrive(state, false, 0);
      for (const GraphSystem::Step& step : case_.steps) {
        for (const bool past : {false, true}) {
          const std::uint64_t before = least[{step.source, past}];
          if (before == far || (past && !is_allowed(step))) continue;
          const bool weighs = !case_.query.weights.empty();
          arrive(step.target, past, before + (weighs ? case_.query.weights[step.label] : 1));
        }
      }
    } while (changed);
    return least;
  }

  void reach() {
    std::set<std::uint32_t> before, inside;
    for (bool changed = true; changed;) {
      const std::size_t size = before.size() + inside.size();
      const auto arrive = [&](std::uint32_t state, bool past) {
        if (!past && has(case_.query.before, state)) before.insert(state);
        if ((past || has(case_.query.doors, state)) && has(case_.query.inside, state))
          inside.insert(state);
      };
      for (const std::uint32_t state : case_.initial) arrive(state, false);
      for (const GraphSystem::Step& step : case_.steps) {
        if (before.contains(step.source)) arrive(step.target, false);
        if (inside.contains(step.source) && is_allowed(step)) arrive(step.target, true);
      }
      changed = before.size() + inside.size() != size;
    }
    inside_ = inside;
  }

  bool is_possible(std::uint32_t set) const {
    bool visits = case_.query.visits.empty();
    for (std::uint32_t state = 0; state < case_.states; ++state) {
      if (((set >> state) & 1U) == 0) continue;
      if (!inside_.contains(state)) return false;
      visits = visits || case_.query.visits[state];
    }
    return visits;
  }

  bool is_connected(std::uint32_t set) const {
    for (std::uint32_t from = 0; from < case_.states; ++from) {
      if (((set >> from) & 1U) == 0) continue;
      std::uint32_t seen = 1U << from;
      for (bool changed = true; changed;) {
        changed = false;
        for (const GraphSystem::Step& step : case_.steps) {
          if (!is_allowed(step) || ((seen >> step.source) & 1U) == 0) continue;
          if (((set >> step.target) & 1U) == 0 || ((seen >> step.target) & 1U) != 0) continue;
          seen |= 1U << step.target;
          changed = true;
        }
      }
      if (seen != set) return false;
    }
    return true;
  }

  bool is_fair(std::uint32_t set) const {
    for (std::uint32_t fair = 0; fair < case_.classes.count; ++fair) {
      bool always_enabled = true, taken = false;
      for (std::uint32_t state = 0; state < case_.states; ++state)
        if (((set >> state) & 1U) != 0) always_enabled &= enabled(state).contains(fair);
      for (const GraphSystem::Step& step : case_.steps)
        taken = taken || (((set >> step.source) & 1U) != 0 && ((set >> step.target) & 1U) != 0 &&
                          is_allowed(step) && case_.classes.of_label[step.label] == fair);
      if (always_enabled && !taken) return false;
    }
    return true;
  }

  const Case& case_;
  std::set<std::uint32_t> inside_;
};

/// All ways to take the labels from an initial state; a label may lead to several states, so sets
/// of (state, past the door) are followed, each with its way.
struct Path {
  std::vector<std::uint32_t> states;
  bool past = false;
};

void check_run(const Case& what, const BruteForce& truth, const FairRun& run) {
  std::vector<Path> paths;
  const auto arrive = [&](std::vector<Path>& to, Path path, std::uint32_t state, bool was_past) {
    path.states.push_back(state);
    path.past = was_past;
    if (!was_past && has(what.query.before, state)) to.push_back(path);
    path.past = true;
    if ((was_past || has(what.query.doors, state)) && has(what.query.inside, state))
      to.push_back(path);
  };
  for (const std::uint32_t state : what.initial) arrive(paths, {}, state, false);
  for (std::size_t i = 1; i < run.labels.size(); ++i) {
    std::vector<Path> next;
    for (const Path& path : paths)
      for (const GraphSystem::Step& step : what.steps)
        if (step.source == path.states.back() && step.label == run.labels[i] &&
            (!path.past || truth.is_allowed(step)))
          arrive(next, path, step.target, path.past);
    paths = std::move(next);
  }
  const std::size_t turn =
      (run.loop_start < 0 ? run.labels.size() : static_cast<std::size_t>(run.loop_start)) - 1;
  const bool is_shown = std::ranges::any_of(paths, [&](const Path& path) {
    if (!path.past || path.states[turn] != path.states.back()) return false;
    if (run.loop_start >= 0 && turn + 1 >= run.labels.size()) return false;
    std::set<std::uint32_t> owed = truth.enabled(path.states[turn]);
    bool visits = has(what.query.visits, path.states[turn]);
    for (std::size_t i = turn + 1; i < path.states.size(); ++i) {
      owed.erase(what.classes.of_label[run.labels[i]]);
      const std::set<std::uint32_t> here = truth.enabled(path.states[i]);
      std::erase_if(owed, [&here](std::uint32_t fair) { return !here.contains(fair); });
      visits = visits || has(what.query.visits, path.states[i]);
    }
    return owed.empty() && visits;
  });
  CHECK(is_shown);
}

}  // namespace

TEST_CASE("a fair run is found where there is one, and is one") {
  int found = 0, cycles = 0, cycles_that_owe = 0;
  std::map<Form, int> asked, found_of;
  for (std::uint64_t seed = 1; seed <= 20'000; ++seed) {
    INFO("seed " << seed);
    const Case what = random_case(seed);
    GraphSystem system(what.labels, what.steps, what.initial);
    Questions questions(system);
    StateSpace space(questions, nullptr);
    StateGraph graph(space);
    REQUIRE(graph.build({}));
    // The graph numbers states as it meets them; the question is asked in the system's numbers.
    Case renamed = what;
    const auto rename = [&](std::vector<bool>& list) {
      if (list.empty()) return;
      std::vector<bool> by_graph(graph.state_count());
      for (StateId state = 0; state < graph.state_count(); ++state)
        by_graph[state] = list[system.state_of(space.view(graph.words(state)))];
      list = by_graph;
    };
    FairQuery& query = renamed.query;
    for (std::vector<bool>* list : {&query.before, &query.doors, &query.inside, &query.visits})
      rename(*list);
    const BruteForce truth(what);
    const std::optional<FairRun> run = find_fair_run(graph, what.classes, query);
    REQUIRE(run.has_value() == truth.exists());
    ++asked[what.form];
    found_of[what.form] += run.has_value();
    // The way that follows what is owed through ticks, with none that rename it.
    FairnessClasses followed = what.classes;
    followed.after_tick = [](LabelSetId, std::uint32_t fair) { return fair; };
    const std::optional<FairRun> same = find_fair_run(graph, followed, query);
    REQUIRE(same.has_value() == run.has_value());
    if (same) CHECK(same->labels == run->labels);
    if (!run) continue;
    ++found;
    cycles += run->loop_start >= 0;
    cycles_that_owe +=
        run->loop_start >= 0 && static_cast<int>(run->labels.size()) - run->loop_start > 1;
    check_run(what, truth, *run);
    if (run->loop_start < 0) continue;  // one that ends may be further away
    std::uint64_t weight = 0;
    for (int i = 1; i < run->loop_start; ++i)
      weight += what.query.weights.empty()
                    ? 1
                    : what.query.weights[run->labels[static_cast<std::size_t>(i)]];
    CHECK(weight == truth.lightest());
  }
  CHECK(found > 2'000);
  CHECK(cycles > 500);
  CHECK(cycles_that_owe > 200);
  for (const Form form : {Form::Any, Form::Converges, Form::Available}) {
    CHECK(found_of[form] > 500);
    CHECK(asked[form] - found_of[form] > 500);
  }
  std::cout << "asked " << asked[Form::Any] << " any, " << asked[Form::Converges] << " converges, "
            << asked[Form::Available] << " available; found " << found_of[Form::Any] << ", "
            << found_of[Form::Converges] << ", " << found_of[Form::Available] << "\n";
}
