// SPDX-License-Identifier: MIT
// violation: a run of the plain executor under the same monitors as an exploration: which
// expectations the steps so far decide.
//
// From: runtime/execute (World), checker/monitor. To: simulate (random runs), shrink (which runs
// still show it). Cost of a step: every condition is evaluated in the new state.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "checker/monitor/monitor.hpp"
#include "model/typed/protocol.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// Whether single runs can decide the expectation: a history or a state settles it.
bool is_decided_by_runs(const model::Expectation& expectation);

/// Watches one run. `protocol` must outlive it.
class Watch {
 public:
  /// Only the expectations in `wanted` (indices) are watched.
  Watch(const model::Protocol& protocol, std::vector<std::size_t> wanted);

  /// Back to the beginning of a run.
  void restart();
  /// The world after one more step, and what the clients saw in it. Returns the expectations that
  /// this step settles: their claim is refuted, or what should be reachable is reached. Throws
  /// model::ModelError where evaluating a condition is one.
  std::vector<std::size_t> step(const World& world, const std::vector<model::HistoryEvent>& events);

 private:
  struct Monitored {
    int object;
    checker::Promise promise;
    std::unique_ptr<checker::Monitor> monitor;
    std::uint32_t state;
  };

  bool is_settled(const model::Expectation& expectation, const World& world) const;

  const model::Protocol& protocol_;
  std::vector<std::size_t> wanted_;
  std::vector<Monitored> monitors_;
  std::int64_t true_time_ = 0;  // what the monitors have been told of
};

}  // namespace capstan::runtime
