// SPDX-License-Identifier: MIT
// lasting_worlds: properties of infinite runs by the slow and obvious way. Never for use: for tests
// only.
//
// All worlds of the plain executor and all their steps are kept in maps. Which states belong
// together is found by walking forward and backward from each of them in turn, and whether they are
// fair by following each turn that is owed until it is served. Shares nothing with
// checker/liveness. Where time passes, worlds are kept in their settled form (World::settled).
// Cost: states x steps x turns.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/typed/protocol.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::tests {

/// What J leaves out, or adds, to see that the comparison notices.
enum class LastingMutant {
  None,
  NoFairness,
  OptionalIsFair,
  RepairsAreOptional,  // of `converges`: cuts need not heal
  AnyReading,          // possible under some reading is possible
  OldContents,         // turns are not followed through ticks
  FaultsEnd,           // of `available`: cuts heal, and who is down or paused goes on
  EverybodyCounts,     // of `available`: also who is cut off, or whose home is down
  RefusalAnswers,      // of `available`: `fail` and `unknown` are answers
  OtherLooks           // what is waited for may be true by any reading, and what sets off needs all
};

/// What is true of `available to`.
struct Availability {
  bool holds = true;
  /// If it does not: the fewest faults, and of those the fewest operations, before it is seen.
  std::pair<int, int> least{};
};

/// H and K of World::settled.
struct TimesKept {
  std::int64_t horizon = 0, gap = 0;
};

class LastingWorlds {
 public:
  /// Explores; gave_up() if there are more states than that.
  LastingWorlds(const model::Protocol& protocol, std::size_t states_max, TimesKept times = {});
  bool gave_up() const { return gave_up_; }
  std::size_t state_count() const { return worlds_.size(); }
  const model::Protocol& protocol() const { return protocol_; }

  /// Whether `eventually P`, `eventually always P`, `whenever A, eventually B`, `converges on E` or
  /// `available to E` holds; nullopt if evaluating it is a model error somewhere.
  std::optional<bool> holds(const model::Expectation& expectation,
                            LastingMutant mutant = LastingMutant::None) const;

  /// Whether H and K are enough for all that this looks at.
  bool covers(const model::Expectation& expectation) const;

  /// `available to`; nullopt if finding out who is meant is a model error somewhere.
  std::optional<Availability> available(const model::Expectation& expectation,
                                        LastingMutant mutant = LastingMutant::None) const;

  /// Of `converges`: the longest way of steps (ticks not counted), invocations and faults left out,
  /// through states in which processes differ; nullopt: such a way may go round. `with_faults`: a
  /// mutant.
  std::optional<std::size_t> window(const std::function<bool(const runtime::World&)>& agree,
                                    bool with_faults = false) const;
  /// The longest chain of messages meanwhile: each sent by the receiver of the one before, in the
  /// same step or, if its state changed then, later. nullopt: chains may go on without end.
  /// `idle_counts`: a mutant, in which deliveries that change nothing are hops too.
  std::optional<std::size_t> window_hops(const std::function<bool(const runtime::World&)>& agree,
                                         bool idle_counts = false) const;

 private:
  /// Where the end of a chain is: at a process, or (`process` < 0) on the copies in flight that
  /// equal this one.
  struct ChainEnd {
    std::size_t state = 0;
    int process = -1;
    std::size_t copy = 0;
    friend auto operator<=>(const ChainEnd&, const ChainEnd&) = default;
  };
  struct ChainStep {
    ChainEnd from;
    std::optional<ChainEnd> to;  // nullopt: to where all agree, or the chain ends
    bool is_hop = false;
  };
  struct Step {
    std::size_t target = 0;
    bool is_error = false;
    model::Label label;
    int refused = -1;  // whose operation it ends by `fail` or `unknown`
    /// How the turns of the target's own steps are called before times settle, and after.
    std::map<std::string, std::string> renamed;
  };
  /// What runs are looked for.
  struct Rules {
    LastingMutant mutant = LastingMutant::None;
    bool is_calm = false;    // `converges`
    bool is_frozen = false;  // `available`: faults neither come nor go
  };

  std::optional<std::string> turn_of(const model::Label& label, Rules rules) const;
  bool may_go_on(const Step& step, Rules rules) const;
  std::vector<std::string> owed(std::size_t state, Rules rules) const;
  std::vector<bool> reached(const std::vector<bool>& from, const std::vector<bool>& inside) const;
  std::vector<bool> walk(std::size_t from, const std::vector<bool>& inside, bool forward,
                         Rules rules) const;
  bool is_served(std::size_t state, const std::string& turn, const std::vector<bool>& set,
                 Rules rules) const;
  bool is_fair(const std::vector<bool>& set, Rules rules) const;
  bool has_fair(const std::vector<bool>& inside, const std::vector<bool>& visits,
                Rules rules) const;
  std::vector<bool> fair_states(const std::vector<bool>& inside, const std::vector<bool>& visits,
                                Rules rules, bool one_is_enough) const;
  std::vector<std::pair<int, int>> efforts() const;
  void add_chains(std::size_t state, const Step& step, bool ends, bool idle_counts,
                  std::vector<ChainStep>& out) const;

  const model::Protocol& protocol_;
  TimesKept times_;
  std::vector<runtime::World> worlds_;
  std::vector<std::vector<Step>> steps_;
  std::vector<std::vector<std::pair<std::size_t, std::size_t>>> sources_;  // state, which step
  std::size_t initial_count_ = 0;
  bool gave_up_ = false;
};

}  // namespace capstan::tests
