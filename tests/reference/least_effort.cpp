// SPDX-License-Identifier: MIT
#include "tests/reference/least_effort.hpp"

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "runtime/execute/world.hpp"
#include "tests/reference/brute_force_linearizability.hpp"

namespace capstan::tests {
namespace {

using model::HistoryEvent;
using model::Label;
using runtime::Successor;
using runtime::World;

class Dijkstra {
 public:
  Dijkstra(const model::Protocol& protocol, std::size_t expectation)
      : protocol_(protocol), expectation_(protocol.scenario.expectations[expectation]) {}

  LeastEffortAnswer run(std::size_t states_max) {
    for (const Successor& start : World(protocol_).successors())
      arrive(start.world, start.events, {0, 0, 0});
    LeastEffortAnswer answer;
    while (!waiting_.empty()) {
      auto first = waiting_.extract(waiting_.begin());
      const Node node = std::move(first.mapped());
      if (!seen_.insert(key(node)).second) continue;
      if (is_violated(node)) {
        answer.found = first.key();
        return answer;
      }
      if (seen_.size() > states_max) {
        answer.gave_up = true;
        return answer;
      }
      for (const Successor& next : node.world.successors()) {
        LeastEffort effort = first.key();
        effort[0] += model::is_strike(next.label.kind);
        effort[1] += next.label.kind == Label::Kind::Invoke;
        effort[2] += 1;
        std::vector<HistoryEvent> events = node.events;
        events.insert(events.end(), next.events.begin(), next.events.end());
        arrive(next.world, events, effort);
      }
    }
    return answer;
  }

 private:
  struct Node {
    World world;
    std::vector<HistoryEvent> events;  // only where the property reads them
  };

  bool reads_history() const { return expectation_.kind == model::PropertyKind::Linearizable; }

  std::pair<std::string, std::vector<HistoryEvent>> key(const Node& node) const {
    return {node.world.canonical(), node.events};
  }

  void arrive(const World& world, const std::vector<HistoryEvent>& events,
              const LeastEffort& effort) {
    if (world.error()) return;
    waiting_.emplace(effort, Node{world, reads_history() ? events : std::vector<HistoryEvent>{}});
  }

  bool is_violated(const Node& node) const {
    if (!reads_history()) {
      try {
        return node.world.can_look(*expectation_.condition, expectation_.frame,
                                   expectation_.kind != model::PropertyKind::Always);
      } catch (const model::ModelError&) {
        return false;
      }
    }
    // Only a response can make a history bad, and it is the last event of the step that brings it.
    return !node.events.empty() && node.events.back().kind == HistoryEvent::Kind::Ok &&
           !is_linearizable(protocol_, node.events, expectation_.object);
  }

  const model::Protocol& protocol_;
  const model::Expectation& expectation_;
  std::multimap<LeastEffort, Node> waiting_;
  std::set<std::pair<std::string, std::vector<HistoryEvent>>> seen_;
};

}  // namespace

LeastEffortAnswer least_effort(const model::Protocol& protocol, std::size_t expectation,
                               std::size_t states_max) {
  return Dijkstra(protocol, expectation).run(states_max);
}

}  // namespace capstan::tests
