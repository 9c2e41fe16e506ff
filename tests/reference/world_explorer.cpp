// SPDX-License-Identifier: MIT
// world_explorer: two breadth-first searches, one over states and one over pairs of a state and the
// history that led to it.
#include "tests/reference/world_explorer.hpp"

#include <deque>
#include <tuple>
#include <utility>

#include "runtime/execute/world.hpp"
#include "tests/reference/brute_force_linearizability.hpp"

namespace capstan::tests {

using model::HistoryEvent;
using runtime::Successor;
using runtime::World;

namespace {

bool has_pending_operation(const World& world) {
  for (int process = 0; process < world.protocol().process_count(); ++process) {
    if (world.has_pending_operation(process)) return true;
  }
  return false;
}

class Exploring {
 public:
  Exploring(const model::Protocol& protocol, std::uint64_t states_max, std::int64_t horizon)
      : protocol_(protocol), states_max_(states_max), horizon_(horizon) {
    result_.found.resize(protocol.scenario.expectations.size());
  }

  WorldExploration run() {
    World nothing(protocol_);
    nothing.set_horizon(horizon_);
    for (Successor& start : nothing.successors()) arrive(start.world, 0);
    while (!waiting_.empty() && !result_.gave_up) {
      auto [world, depth] = std::move(waiting_.front());
      waiting_.pop_front();
      expand(world, depth);
    }
    result_.states = result_.canonical.size();
    return std::move(result_);
  }

 private:
  void arrive(const World& world, std::uint32_t depth) {
    if (world.error()) {
      result_.errors.try_emplace(world.error()->message, depth);
      return;
    }
    if (!result_.canonical.insert(world.canonical()).second) return;
    result_.depth = depth;
    look(world, depth);
    waiting_.emplace_back(world, depth);
    result_.gave_up = result_.canonical.size() > states_max_;
  }

  void look(const World& world, std::uint32_t depth) {
    for (std::size_t i = 0; i < result_.found.size(); ++i) {
      const model::Expectation& expectation = protocol_.scenario.expectations[i];
      if (!expectation.condition || result_.found[i]) continue;
      try {
        const bool wanted = expectation.kind != model::PropertyKind::Always;
        if (world.can_look(*expectation.condition, expectation.frame, wanted))
          result_.found[i] = depth;
      } catch (const model::ModelError& error) {
        result_.errors.try_emplace(error.message, depth);
      }
    }
  }

  void expand(const World& world, std::uint32_t depth) {
    const std::string here = world.canonical();
    bool changes = false;
    std::set<std::string> edges;
    std::set<std::tuple<int, std::string, std::vector<HistoryEvent>>> transitions;
    for (const Successor& successor : world.successors()) {
      const std::string next = successor.world.canonical();
      ++result_.labels;
      edges.insert(next);
      transitions.emplace(successor.label.process, next, successor.events);
      changes = changes || next != here;
      arrive(successor.world, depth + 1);
    }
    result_.edges += edges.size();
    result_.transitions += transitions.size();
    if (!changes && has_pending_operation(world) && !result_.deadlock) result_.deadlock = depth;
  }

  const model::Protocol& protocol_;
  std::uint64_t states_max_;
  std::int64_t horizon_;
  WorldExploration result_;
  std::deque<std::pair<World, std::uint32_t>> waiting_;
};

}  // namespace

WorldExploration explore_worlds(const model::Protocol& protocol, std::uint64_t states_max,
                                std::int64_t horizon) {
  return Exploring(protocol, states_max, horizon).run();
}

namespace {

/// The sequences of items that the finite runs give; `items(successor)` are those of a step.
template <typename Items>
auto sequences_of(const model::Protocol& protocol, std::uint64_t states_max, std::int64_t horizon,
                  const Items& items) {
  using Sequence = decltype(items(std::declval<const Successor&>()));
  std::set<std::pair<std::string, Sequence>> seen;
  std::deque<std::pair<World, Sequence>> waiting;
  std::set<Sequence> found;
  const auto arrive = [&](const World& world, const Sequence& sequence) {
    if (world.error() || !seen.emplace(world.canonical(), sequence).second) return;
    found.insert(sequence);
    waiting.emplace_back(world, sequence);
  };
  World nothing(protocol);
  nothing.set_horizon(horizon);
  for (const Successor& start : nothing.successors()) arrive(start.world, items(start));
  while (!waiting.empty()) {
    if (seen.size() > states_max) return std::optional<std::set<Sequence>>();
    const auto [world, sequence] = std::move(waiting.front());
    waiting.pop_front();
    for (const Successor& successor : world.successors()) {
      Sequence longer = sequence;
      const Sequence more = items(successor);
      longer.insert(longer.end(), more.begin(), more.end());
      arrive(successor.world, longer);
    }
  }
  return std::optional(std::move(found));
}

}  // namespace

std::optional<std::set<std::vector<HistoryEvent>>> histories_of(const model::Protocol& protocol,
                                                                std::uint64_t states_max,
                                                                std::int64_t horizon) {
  return sequences_of(protocol, states_max, horizon,
                      [](const Successor& step) { return step.events; });
}

std::optional<std::set<TimedHistory>> timed_histories_of(const model::Protocol& protocol,
                                                         std::uint64_t states_max,
                                                         std::int64_t horizon) {
  return sequences_of(protocol, states_max, horizon, [](const Successor& step) {
    TimedHistory events;
    for (const HistoryEvent& event : step.events)
      events.emplace_back(step.world.true_time(), event);
    return events;
  });
}

bool all_linearizable(const model::Protocol& protocol,
                      const std::set<std::vector<HistoryEvent>>& histories, int object) {
  for (const std::vector<HistoryEvent>& events : histories) {
    // Only a response can make a history bad: its prefix is in the set too.
    if (events.empty() || events.back().kind != HistoryEvent::Kind::Ok) continue;
    if (!is_linearizable(protocol, events, object)) return false;
  }
  return true;
}

}  // namespace capstan::tests
