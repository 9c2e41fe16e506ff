// SPDX-License-Identifier: MIT
#include "checker/liveness/find_window.hpp"

#include <algorithm>
#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/strong_components.hpp>

namespace capstan::checker {
namespace {

struct IsDiffering {
  const std::vector<bool>* differs = nullptr;
  bool operator()(StateId state) const { return (*differs)[state]; }
};

struct IsStep {
  const StateGraph* graph = nullptr;
  const std::vector<bool>* sets = nullptr;
  bool operator()(const StateGraph::Rows::edge_descriptor& edge) const {
    return (*sets)[graph->rows()[edge].labels];
  }
};

}  // namespace

Window find_window(const StateGraph& graph, const std::vector<bool>& differs,
                   const std::vector<bool>& steps, bool has_time) {
  std::vector<bool> sets;
  for (LabelSetId set = 0; set < graph.label_set_count(); ++set)
    sets.push_back(
        std::ranges::any_of(graph.labels(set), [&](LabelId label) { return steps[label]; }));
  std::vector<std::uint32_t> component(graph.state_count());
  const boost::filtered_graph<StateGraph::Rows, IsStep, IsDiffering> part(
      graph.rows(), {&graph, &sets}, {&differs});
  const auto index = boost::get(boost::vertex_index, graph.rows());
  const std::size_t count =
      boost::strong_components(part, boost::make_iterator_property_map(component.begin(), index),
                               boost::vertex_index_map(index));
  std::vector<std::vector<StateId>> members(count);
  for (StateId state = 0; state < graph.state_count(); ++state)
    if (differs[state]) members[component[state]].push_back(state);
  Window window;
  if (has_time) window.ticks = 0;
  // What a component leads to has a smaller number.
  std::vector<std::uint64_t> longest(count), ticks(count);
  for (std::size_t i = 0; i < count; ++i) {
    if (members[i].size() > 1) window.is_bounded = false;
    for (const StateId state : members[i])
      graph.for_each_step(state, [&](StateId target, LabelSetId set) {
        if (!sets[set]) return;
        const std::uint64_t tick = graph.is_tick(set) ? 1 : 0;
        const bool is_inside = differs[target] && component[target] == i;
        if (is_inside && tick == 1) window.has_bounded_ticks = false;
        if (is_inside) return;
        longest[i] =
            std::max(longest[i], 1 - tick + (differs[target] ? longest[component[target]] : 0));
        ticks[i] = std::max(ticks[i], tick + (differs[target] ? ticks[component[target]] : 0));
      });
    window.steps = std::max(window.steps, longest[i]);
    if (window.ticks) window.ticks = std::max(*window.ticks, ticks[i]);
  }
  return window;
}

}  // namespace capstan::checker
