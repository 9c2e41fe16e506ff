// SPDX-License-Identifier: MIT
#include "checker/liveness/strong_parts.hpp"

#include <algorithm>
#include <boost/graph/filtered_graph.hpp>
#include <boost/graph/strong_components.hpp>

#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

struct IsInside {
  const std::vector<bool>* inside = nullptr;
  bool operator()(StateId state) const { return inside->empty() || (*inside)[state]; }
};

struct IsStep {
  const StateGraph* graph = nullptr;
  const std::vector<bool>* sets = nullptr;
  bool operator()(const StateGraph::Rows::edge_descriptor& edge) const {
    model::poll_limits();
    return (*sets)[graph->rows()[edge].labels];
  }
};

}  // namespace

StrongParts strong_parts(const StateGraph& graph, const std::vector<bool>& sets,
                         const std::vector<bool>& inside) {
  StrongParts parts;
  parts.of_state.assign(graph.state_count(), 0);
  const boost::filtered_graph<StateGraph::Rows, IsStep, IsInside> part(graph.rows(),
                                                                       {&graph, &sets}, {&inside});
  const auto index = boost::get(boost::vertex_index, graph.rows());
  parts.members.resize(boost::strong_components(
      part, boost::make_iterator_property_map(parts.of_state.begin(), index),
      boost::vertex_index_map(index)));
  for (StateId state = 0; state < graph.state_count(); ++state)
    if (inside.empty() || inside[state]) parts.members[parts.of_state[state]].push_back(state);
  return parts;
}

std::vector<bool> sets_with_steps(const StateGraph& graph, const std::vector<bool>& steps) {
  std::vector<bool> sets;
  for (LabelSetId set = 0; set < graph.label_set_count(); ++set)
    sets.push_back(std::ranges::any_of(graph.labels(set), [&](LabelId label) {
      return steps.empty() || (label < steps.size() && steps[label]);
    }));
  return sets;
}

}  // namespace capstan::checker
