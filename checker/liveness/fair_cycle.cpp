// SPDX-License-Identifier: MIT
#include "checker/liveness/fair_cycle.hpp"

#include <algorithm>
#include <unordered_map>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// More pairs than this are not searched at once.
constexpr std::size_t kNodesMax = 400'000;

bool has(const std::vector<bool>& list, std::uint32_t index) {
  return list.empty() || (index < list.size() && list[index]);
}

class FairCycle {
 public:
  FairCycle(const StateGraph& graph, const FairnessClasses& classes, const CycleQuery& query)
      : graph_(graph), classes_(classes), query_(query) {}

  std::vector<LabelId> find() {
    std::vector<std::uint32_t> owed = enabled(query_.start);
    // To be passed is owed like a class, under a number of its own.
    if (!query_.visits.empty() && !has(query_.visits, query_.start)) owed.push_back(visit());
    Node from{query_.start, owed_.intern(owed), 0, 0};
    std::vector<LabelId> labels;
    // Each round but the last ends in a pair that owes less.
    for (;;) {
      const std::optional<Node> reached = search(from, labels);
      CAPSTAN_ENSURE(reached.has_value(), "a fair component has a cycle that owes nothing");
      if (is_goal(*reached)) return labels;
      from = *reached;
    }
  }

 private:
  struct Node {
    StateId state = 0;
    std::uint32_t owed = 0;
    std::uint32_t parent = 0;
    LabelId label = 0;
  };

  std::uint32_t visit() const { return classes_.count; }
  bool is_goal(const Node& node) const {
    return node.state == query_.start && owed_[node.owed].empty();
  }

  std::vector<std::uint32_t> enabled(StateId state) const {
    return owed_classes(graph_, classes_, query_.steps, state);
  }

  const std::vector<std::uint32_t>& known_enabled(StateId state) {
    const auto [place, added] = enabled_.try_emplace(state);
    if (added) place->second = enabled(state);
    return place->second;
  }

  /// What is owed after a step with this label, one of these, to this state.
  std::uint32_t left(std::uint32_t owed, LabelId label, LabelSetId set, StateId target) {
    const std::vector<std::uint32_t>& possible = known_enabled(target);
    std::vector<std::uint32_t> left;
    for (const std::uint32_t fair : owed_[owed]) {
      if (fair == visit()) {
        if (!has(query_.visits, target)) left.push_back(fair);
        continue;
      }
      const std::uint32_t later = after(classes_, graph_, set, fair);
      if (fair != classes_.of_label[label] && std::ranges::binary_search(possible, later))
        left.push_back(later);
    }
    std::ranges::sort(left);
    return owed_.intern(left);
  }

  /// From `start` to the goal, or, when that takes too many pairs, to the first pair that owes
  /// less. Appends the labels on the way.
  std::optional<Node> search(Node start, std::vector<LabelId>& labels) {
    std::vector<Node> nodes{start};
    std::unordered_map<std::uint64_t, bool> met;  // the start again is news: the cycle has a step
    std::uint32_t less = 0;                       // the first node that owes less; 0: none yet
    for (std::uint32_t at = 0; at < nodes.size(); ++at) {
      if (nodes.size() > kNodesMax && less != 0) return take(nodes, less, labels);
      model::poll_limits();
      std::uint32_t goal = 0;
      graph_.for_each_step(nodes[at].state, [&](StateId target, LabelSetId set) {
        if (!query_.inside(target)) return;
        for (const LabelId label : graph_.labels(set)) {
          if (!has(query_.steps, label) || goal != 0) continue;
          const Node next{target, left(nodes[at].owed, label, set, target), at, label};
          if (!met.try_emplace((std::uint64_t{next.owed} << 32U) | target, true).second) continue;
          nodes.push_back(next);
          const auto index = static_cast<std::uint32_t>(nodes.size() - 1);
          if (is_goal(next)) goal = index;
          if (less == 0 && owed_[next.owed].size() < owed_[start.owed].size()) less = index;
        }
      });
      if (goal != 0) return take(nodes, goal, labels);
    }
    return std::nullopt;
  }

  static Node take(const std::vector<Node>& nodes, std::uint32_t to, std::vector<LabelId>& labels) {
    std::vector<LabelId> way;
    for (std::uint32_t at = to; at != 0; at = nodes[at].parent) way.push_back(nodes[at].label);
    labels.insert(labels.end(), way.rbegin(), way.rend());
    return nodes[to];
  }

  const StateGraph& graph_;
  const FairnessClasses& classes_;
  const CycleQuery& query_;
  SequenceInterner owed_;
  std::unordered_map<StateId, std::vector<std::uint32_t>> enabled_;
};

}  // namespace

std::vector<LabelId> fair_cycle(const StateGraph& graph, const FairnessClasses& classes,
                                const CycleQuery& query) {
  return FairCycle(graph, classes, query).find();
}

}  // namespace capstan::checker
