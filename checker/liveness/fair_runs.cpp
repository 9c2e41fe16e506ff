// SPDX-License-Identifier: MIT
#include "checker/liveness/fair_runs.hpp"

#include <algorithm>
#include <limits>
#include <map>
#include <unordered_map>

#include "checker/liveness/fair_cycle.hpp"
#include "checker/liveness/strong_parts.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

constexpr std::uint64_t kFar = std::numeric_limits<std::uint64_t>::max();
constexpr std::uint32_t kNone = std::numeric_limits<std::uint32_t>::max();
/// Of a distance: the number of steps; above it weigh faults and the like.
constexpr unsigned kStepBits = 32;
/// Of states that are equally near, so many are tried as the beginning of the cycle.
constexpr std::size_t kEntriesMax = 8;

bool has(const std::vector<bool>& list, std::uint32_t index) {
  return list.empty() || (index < list.size() && list[index]);
}

class FairRuns {
 public:
  FairRuns(const StateGraph& graph, const FairnessClasses& classes, const FairQuery& query)
      : graph_(graph),
        classes_(classes),
        query_(query),
        allowed_sets_(sets_with_steps(graph, query.steps)) {}

  FairComponents components() const { return {component_, can_stay_}; }

  std::optional<FairRun> find() {
    walk();
    judge_components();
    std::optional<StateId> end = nearest([this](StateId state) { return is_end(state); });
    const std::optional<StateId> entry =
        nearest([this](StateId state) { return is_fair_[component_[state]]; });
    if (end && (!entry || distance_of(*end) <= distance_of(*entry))) return way_to(*end);
    if (!entry) return std::nullopt;
    FairRun run = lasso(distance_of(*entry));
    if (end && is_shorter(*end, *entry, run.labels.size())) return way_to(*end);
    return run;
  }

  std::optional<FairRun> find_way() {
    walk();
    const std::optional<StateId> end = nearest([](StateId) { return true; });
    if (!end) return std::nullopt;
    return way_to(*end);
  }

 private:
  struct Parent {
    StateId state = 0;
    LabelId label = 0;
    bool is_inside = false;  // the step before was past the door
  };
  /// Something that is owed in a state, and whose next is this.
  struct Owed {
    StateId state = 0;
    std::uint32_t fair = 0;
    std::vector<std::size_t> sources;
  };
  /// What is known of the states on one side of the door.
  struct Side {
    std::vector<std::uint64_t> distance;
    std::vector<Parent> parents;
  };

  std::uint64_t distance_of(StateId state) const { return inside_.distance[state]; }

  /// Whether the run that ends there has fewer labels than a lasso that enters at `entry`, and
  /// weighs no more.
  bool is_shorter(StateId end, StateId entry, std::size_t labels) const {
    const std::uint64_t to_end = distance_of(end), to_entry = distance_of(entry);
    return to_end >> kStepBits == to_entry >> kStepBits &&
           (to_end & ((std::uint64_t{1} << kStepBits) - 1)) < labels;
  }

  /// A state on one side of the door, and how it is reached.
  struct Arrival {
    StateId state = 0;
    bool is_inside = false;
    Parent parent;
  };

  /// Nearest first over (state, past the door or not); going through the door is no step. Steps
  /// weigh something, so what is found from a distance is further away (Dijkstra; breadth-first
  /// where all weigh the same).
  void walk() {
    for (Side* side : {&before_, &inside_}) {
      side->distance.assign(graph_.state_count(), kFar);
      side->parents.resize(graph_.state_count());
    }
    std::map<std::uint64_t, std::vector<Arrival>> ahead;
    for (const StateGraph::Initial& initial : graph_.initial())
      ahead[0].push_back({initial.state, false, {initial.state, initial.label, false}});
    while (!ahead.empty()) {
      const std::uint64_t distance = ahead.begin()->first;
      const std::vector<Arrival> arrivals = std::move(ahead.begin()->second);
      ahead.erase(ahead.begin());
      for (const Arrival& arrival : arrivals) arrive(arrival, distance, ahead);
    }
  }

  void arrive(const Arrival& arrival, std::uint64_t distance,
              std::map<std::uint64_t, std::vector<Arrival>>& ahead) {
    const StateId state = arrival.state;
    const auto enter = [&](Side& side, bool is_inside) {
      if (side.distance[state] <= distance) return;
      side.distance[state] = distance;
      side.parents[state] = arrival.parent;
      leave(state, is_inside, distance, ahead);
    };
    if (has(query_.inside, state) && (arrival.is_inside || has(query_.doors, state)))
      enter(inside_, true);
    if (!arrival.is_inside && has(query_.before, state)) enter(before_, false);
  }

  void leave(StateId state, bool is_inside, std::uint64_t distance,
             std::map<std::uint64_t, std::vector<Arrival>>& ahead) {
    model::poll_limits();
    graph_.for_each_step(state, [&](StateId target, LabelSetId set) {
      if (is_inside && !allowed_sets_[set]) return;
      const LabelId label = lightest(set, is_inside);
      const std::uint64_t further = distance + weight(label);
      // Most arrivals come too late; those are not even noted.
      const bool is_news =
          inside_.distance[target] > further || (!is_inside && before_.distance[target] > further);
      if (is_news) ahead[further].push_back({target, is_inside, {state, label, is_inside}});
    });
  }

  std::uint64_t weight(LabelId label) const {
    return query_.weights.empty() ? 1 : query_.weights[label];
  }

  /// The label with which the step is taken: the first of those that weigh least.
  LabelId lightest(LabelSetId set, bool is_inside) const {
    std::optional<LabelId> best;
    for (const LabelId label : graph_.labels(set)) {
      if (is_inside && !has(query_.steps, label)) continue;
      if (!best || weight(label) < weight(*best)) best = label;
    }
    CAPSTAN_ENSURE(best.has_value(), "an allowed set has an allowed label");
    return *best;
  }

  std::vector<std::uint32_t> owed_in(StateId state) const {
    return owed_classes(graph_, classes_, query_.steps, state);
  }

  void judge_components() {
    std::vector<bool> inside(graph_.state_count());
    for (StateId state = 0; state < graph_.state_count(); ++state)
      inside[state] = inside_.distance[state] != kFar;
    StrongParts parts = strong_parts(graph_, allowed_sets_, inside);
    component_ = std::move(parts.of_state);
    const std::vector<std::vector<StateId>>& members = parts.members;
    owed_in_.assign(classes_.count, 0);
    taken_in_.assign(classes_.count, kNone);
    for (std::uint32_t component = 0; component < members.size(); ++component) {
      const bool visits =
          query_.visits.empty() || std::ranges::any_of(members[component], [&](StateId state) {
            return has(query_.visits, state);
          });
      can_stay_.push_back(classes_.after_tick ? serves_all(component, members[component])
                                              : is_fair(component, members[component]));
      is_fair_.push_back(visits && can_stay_.back());
    }
  }

  /// Each class is impossible in some state of the component, or taken inside it.
  bool is_fair(std::uint32_t component, const std::vector<StateId>& members) {
    std::vector<std::uint32_t> touched;
    for (const StateId state : members) {
      for (const std::uint32_t fair : owed_in(state))
        if (owed_in_[fair]++ == 0) touched.push_back(fair);
      graph_.for_each_step(state, [&](StateId target, LabelSetId set) {
        if (!is_within(target, component)) return;
        for (const LabelId label : graph_.labels(set))
          if (classes_.of_label[label] != kUnfair && has(query_.steps, label))
            taken_in_[classes_.of_label[label]] = component;
      });
    }
    const bool all = std::ranges::all_of(touched, [&](std::uint32_t fair) {
      return owed_in_[fair] < members.size() || taken_in_[fair] == component;
    });
    for (const std::uint32_t fair : touched) owed_in_[fair] = 0;
    return all;
  }

  /// The same where ticks rename classes: what is owed in a state is followed from step to step
  /// (as pairs of a state and a class), and from each pair some way inside the component must lead
  /// to where it is taken, or is possible no more. Then a run can serve one after another; and if
  /// one cannot be served, no run that passes its state is fair.
  bool serves_all(std::uint32_t component, const std::vector<StateId>& members) {
    std::vector<Owed> nodes;
    std::unordered_map<StateId, std::size_t> first;
    for (const StateId state : members) {
      first[state] = nodes.size();
      for (const std::uint32_t fair : owed_in(state)) nodes.push_back({state, fair, {}});
    }
    const auto find = [&](StateId state, std::uint32_t fair) -> std::optional<std::size_t> {
      for (std::size_t i = first[state]; i < nodes.size() && nodes[i].state == state; ++i)
        if (nodes[i].fair == fair) return i;
      return std::nullopt;
    };
    std::vector<bool> served(nodes.size());
    std::vector<std::size_t> queue;
    for (std::size_t i = 0; i < nodes.size(); ++i) {
      model::poll_limits();
      graph_.for_each_step(nodes[i].state, [&](StateId target, LabelSetId set) {
        if (!is_within(target, component) || !allowed_sets_[set]) return;
        const bool is_taken = std::ranges::any_of(graph_.labels(set), [&](LabelId label) {
          return classes_.of_label[label] == nodes[i].fair && has(query_.steps, label);
        });
        const auto next =
            is_taken ? std::nullopt : find(target, after(classes_, graph_, set, nodes[i].fair));
        if (next)
          nodes[*next].sources.push_back(i);
        else if (!served[i])
          queue.push_back(i), served[i] = true;
      });
    }
    for (std::size_t at = 0; at < queue.size(); ++at)
      for (const std::size_t source : nodes[queue[at]].sources)
        if (!served[source]) queue.push_back(source), served[source] = true;
    return queue.size() == nodes.size();
  }

  bool is_within(StateId state, std::uint32_t component) const {
    return inside_.distance[state] != kFar && component_[state] == component;
  }

  /// Whether a run may end here: no fair step is possible.
  bool is_end(StateId state) const {
    if (!has(query_.visits, state)) return false;
    return owed_in(state).empty();
  }

  template <typename Wanted>
  std::optional<StateId> nearest(const Wanted& wanted) {
    std::optional<StateId> best;
    for (StateId state = 0; state < graph_.state_count(); ++state) {
      if (distance_of(state) == kFar || (best && distance_of(*best) <= distance_of(state)))
        continue;
      if (wanted(state)) best = state;
    }
    return best;
  }

  FairRun way_to(StateId state) const {
    FairRun run;
    run.end = state;
    bool is_inside = true;
    for (;;) {
      const Side& side = is_inside ? inside_ : before_;
      const Parent& parent = side.parents[state];
      run.labels.push_back(parent.label);
      if (side.distance[state] == 0) break;
      state = parent.state;
      is_inside = parent.is_inside;
    }
    std::ranges::reverse(run.labels);
    return run;
  }

  /// The best lasso whose cycle begins at this distance.
  FairRun lasso(std::uint64_t distance) {
    std::optional<FairRun> best;
    std::size_t tried = 0;
    for (StateId state = 0; state < graph_.state_count() && tried < kEntriesMax; ++state) {
      if (distance_of(state) != distance || !is_fair_[component_[state]]) continue;
      ++tried;
      FairRun run = way_to(state);
      run.loop_start = static_cast<int>(run.labels.size());
      const CycleQuery wanted{state,
                              [&](StateId other) { return is_within(other, component_[state]); },
                              query_.steps, query_.visits};
      for (const LabelId label : fair_cycle(graph_, classes_, wanted)) run.labels.push_back(label);
      if (!best || run.labels.size() < best->labels.size()) best = std::move(run);
    }
    return std::move(*best);
  }

  const StateGraph& graph_;
  const FairnessClasses& classes_;
  const FairQuery& query_;
  std::vector<bool> allowed_sets_;
  Side before_, inside_;
  std::vector<std::uint32_t> component_;
  std::vector<bool> can_stay_;           // by component
  std::vector<bool> is_fair_;            // by component: and it has what is visited
  std::vector<std::uint32_t> owed_in_;   // scratch: in how many states, by class
  std::vector<std::uint32_t> taken_in_;  // scratch: in which component last, by class
};

}  // namespace

std::optional<FairRun> find_fair_run(const StateGraph& graph, const FairnessClasses& classes,
                                     const FairQuery& query, FairComponents* components) {
  FairRuns runs(graph, classes, query);
  std::optional<FairRun> run = runs.find();
  if (components != nullptr) *components = runs.components();
  return run;
}

std::optional<FairRun> find_way(const StateGraph& graph, const FairnessClasses& classes,
                                const FairQuery& query) {
  return FairRuns(graph, classes, query).find_way();
}

}  // namespace capstan::checker
