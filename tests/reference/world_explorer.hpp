// SPDX-License-Identifier: MIT
// world_explorer: everything that a protocol can do, by the slow and obvious way. Never for use:
// for tests only.
//
// Breadth-first over the plain executor's worlds, kept in a std::map by their canonical bytes. It
// shares nothing with the checker but what World shares with it: the typed protocol and the
// evaluator. Cost: a copy of the world for each step.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/behaviour/history.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::tests {

struct WorldExploration {
  bool gave_up = false;      // more states than allowed: everything below is of no use
  std::uint64_t states = 0;  // distinct, sinks of model errors not counted
  std::uint64_t labels = 0;  // enabled (state, label) pairs, those of model errors among them
  std::uint64_t transitions =
      0;  // the same, but steps of one process with equal successor and equal events are one
  std::uint64_t edges = 0;  // distinct (state, successor) pairs
  std::uint32_t depth = 0;  // steps to the farthest state
  std::map<std::string, std::uint32_t>
      errors;  // messages of model errors; the fewest steps to each, the failing one counted
  std::optional<std::uint32_t>
      deadlock;  // steps to the first state with a pending operation that no step changes
  /// By expectation `always`, `never`, `reachable`: the fewest steps to a state in which the
  /// condition is false, true, true.
  std::vector<std::optional<std::uint32_t>> found;
  std::set<std::string> canonical;  // of every state
};

/// Explores until everything is seen or there are more than `states_max` states. Time never ends:
/// ticks stop at `horizon`, and what free clocks show.
WorldExploration explore_worlds(const model::Protocol& protocol, std::uint64_t states_max,
                                std::int64_t horizon = 20);

/// The histories of all finite runs, prefixes among them. Runs that end in a model error count up
/// to the step before it. nullopt: more than `states_max` pairs of a state and a history.
std::optional<std::set<std::vector<model::HistoryEvent>>> histories_of(
    const model::Protocol& protocol, std::uint64_t states_max, std::int64_t horizon = 20);

/// The same with the tick of true time in which each event happens.
using TimedHistory = std::vector<std::pair<std::int64_t, model::HistoryEvent>>;
std::optional<std::set<TimedHistory>> timed_histories_of(const model::Protocol& protocol,
                                                         std::uint64_t states_max,
                                                         std::int64_t horizon);

/// Whether all histories are linearizable (of one object, or of all if `object` < 0), by trying all
/// orders.
bool all_linearizable(const model::Protocol& protocol,
                      const std::set<std::vector<model::HistoryEvent>>& histories, int object);

}  // namespace capstan::tests
