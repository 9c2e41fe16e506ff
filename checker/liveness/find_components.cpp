// SPDX-License-Identifier: MIT
#include "checker/liveness/find_components.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

class Finder {
 public:
  Finder(const StateGraph& graph, const FairComponents& components, const FairRun& run,
         const std::vector<bool>& steps, const std::vector<bool>& differs)
      : graph_(graph), components_(components), run_(run), steps_(steps), differs_(differs) {}

  ComponentMap find() {
    follow_run();
    walk_ahead();
    choose_boxes();
    for (const std::uint32_t component : shown_)
      for (const std::uint32_t target : ahead_[component])
        if (places_.contains(target)) map_.ways.emplace_back(places_[component], places_[target]);
    map_.hidden = counts_.size() - shown_.size();
    return std::move(map_);
  }

 private:
  /// The states of the run from its last invocation or fault on.
  void follow_run() {
    StateId state = 0;
    for (const StateGraph::Initial& initial : graph_.initial())
      if (initial.label == run_.labels.front()) state = initial.state;
    run_states_ = {state};
    for (std::size_t i = 1; i < run_.labels.size(); ++i) {
      state = target_of(state, run_.labels[i]);
      if (!steps_[run_.labels[i]]) {
        run_states_.clear();
        map_.first_step = static_cast<int>(i);
      }
      run_states_.push_back(state);
    }
  }

  StateId target_of(StateId state, LabelId label) const {
    std::optional<StateId> found;
    graph_.for_each_step(state, [&](StateId target, LabelSetId set) {
      const std::span<const LabelId> labels = graph_.labels(set);
      if (!found && std::ranges::find(labels, label) != labels.end()) found = target;
    });
    CAPSTAN_ENSURE(found.has_value(), "a run's steps are the graph's");
    return *found;
  }

  void walk_ahead() {
    std::set<StateId> seen{run_states_.front()};
    std::vector<StateId> ahead{run_states_.front()};
    while (!ahead.empty()) {
      model::poll_limits();
      const StateId state = ahead.back();
      ahead.pop_back();
      const std::uint32_t component = components_.of_state[state];
      ComponentBox& box = counts_[component];
      ++box.states;
      box.differing += differs_[state] ? 1 : 0;
      box.is_fair = components_.can_stay[component];
      graph_.for_each_step(state, [&](StateId target, LabelSetId set) {
        if (std::ranges::none_of(graph_.labels(set), [&](LabelId one) { return steps_[one]; }))
          return;
        if (components_.of_state[target] != component)
          ahead_[component].insert(components_.of_state[target]);
        if (seen.insert(target).second) ahead.push_back(target);
      });
    }
    for (const StateId state : run_states_) counts_[components_.of_state[state]].is_on_run = true;
  }

  void choose_boxes() {
    std::vector<std::uint32_t> chosen;
    const auto choose = [&](std::uint32_t component) {
      if (chosen.size() < kBoxesMax && std::ranges::find(chosen, component) == chosen.end())
        chosen.push_back(component);
    };
    // Of a long way, its end matters most.
    for (auto state = run_states_.rbegin(); state != run_states_.rend(); ++state)
      choose(components_.of_state[*state]);
    for (std::size_t at = 0; at < chosen.size(); ++at)
      for (const std::uint32_t target : ahead_[chosen[at]]) choose(target);
    // What a component leads to has a smaller number.
    std::ranges::sort(chosen, std::greater<>());
    shown_ = chosen;
    for (const std::uint32_t component : shown_) {
      places_[component] = static_cast<int>(map_.boxes.size());
      map_.boxes.push_back(counts_[component]);
    }
  }

  const StateGraph& graph_;
  const FairComponents& components_;
  const FairRun& run_;
  const std::vector<bool>& steps_;
  const std::vector<bool>& differs_;
  ComponentMap map_;
  std::vector<StateId> run_states_;
  std::map<std::uint32_t, ComponentBox> counts_;
  std::map<std::uint32_t, std::set<std::uint32_t>> ahead_;
  std::vector<std::uint32_t> shown_;
  std::map<std::uint32_t, int> places_;
};

}  // namespace

ComponentMap find_components(const StateGraph& graph, const FairComponents& components,
                             const FairRun& run, const std::vector<bool>& steps,
                             const std::vector<bool>& differs) {
  return Finder(graph, components, run, steps, differs).find();
}

}  // namespace capstan::checker
