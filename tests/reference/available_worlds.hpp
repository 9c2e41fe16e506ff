// SPDX-License-Identifier: MIT
// available_worlds: `available to` by the slow and obvious way. Never for use: for tests only.
//
// All worlds of the plain executor and all their steps are kept in maps. Which states belong
// together is found by walking forward and backward from each of them in turn. Shares nothing with
// checker/liveness. Cost: states x steps.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/typed/protocol.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::tests {

/// What the rule gets wrong, to see that the comparison notices.
enum class AvailabilityMutant {
  None,
  NoFairness,
  FaultsEnd,        // cuts heal, and who is down or paused goes on
  EverybodyCounts,  // also who is cut off, or whose home is down
  RefusalAnswers    // `fail` and `unknown` are answers
};

/// What is true of `available to`.
struct Availability {
  bool holds = true;
  /// If it does not: the fewest faults, and of those the fewest operations, before it is seen.
  std::pair<int, int> least{};
};

class AvailableWorlds {
 public:
  /// Explores; gave_up() if there are more states than that.
  AvailableWorlds(const model::Protocol& protocol, std::size_t states_max);
  bool gave_up() const { return gave_up_; }
  std::size_t state_count() const { return worlds_.size(); }

  /// `available to`; nullopt if finding out who is meant is a model error somewhere.
  std::optional<Availability> available(const model::Expectation& expectation,
                                        AvailabilityMutant mutant = AvailabilityMutant::None) const;

 private:
  struct Step {
    std::size_t target = 0;
    bool is_error = false;
    model::Label label;
    std::optional<std::string> turn;  // whose turn it is, if the step is fair
    int refused = -1;                 // whose operation it ends by `fail` or `unknown`
  };

  std::optional<std::string> turn_of(const Step& step, AvailabilityMutant mutant) const;
  std::vector<bool> walk(std::size_t from, const std::vector<bool>& inside, bool forward) const;
  bool is_fair(const std::vector<bool>& set, AvailabilityMutant mutant) const;
  std::vector<bool> fair_states(const std::vector<bool>& inside, AvailabilityMutant mutant) const;
  std::vector<std::pair<int, int>> efforts() const;
  AvailableWorlds frozen(AvailabilityMutant mutant) const;
  void link_sources();

  const model::Protocol& protocol_;
  std::vector<runtime::World> worlds_;
  std::vector<std::vector<Step>> steps_;
  std::vector<std::vector<std::size_t>> sources_;
  std::size_t initial_count_ = 0;
  bool gave_up_ = false;
};

}  // namespace capstan::tests
