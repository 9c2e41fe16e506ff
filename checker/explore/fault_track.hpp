// SPDX-License-Identifier: MIT
// FaultTrack: fault budgets, cuts that stand, and the pools of `any n operations`: what is counted
// over the whole system.
//
// From: typed/protocol (Scenario::faults, pools). To: checker/explore/protocol_system. Its state is
// the budgets used, the group of each cut, what is left in each pool, and, where the splits that
// are offered depend on it, the choice of role parameters (`home`). SEMANTICS 2.1: one cut of a
// clause at a time; a cut delays what crosses it, whenever it was sent; heal is always allowed.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/interner.hpp"
#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// How much a run may do in all: faults of any clause, and operations invoked.
struct Effort {
  static constexpr int any = -1;
  int faults = any;
  int operations = any;
};

class FaultTrack {
 public:
  /// `cap` is below what the scenario allows: for searches for a counterexample with less.
  explicit FaultTrack(const model::Protocol& protocol, Effort cap = {});

  /// The clause's cuts change nothing from now on (reduce/unseen); their labels still show where
  /// they are possible.
  void skip(std::size_t clause) { skipped_[clause] = true; }
  /// Whether the scenario has anything to count.
  bool is_needed() const;
  TrackId initial(int parameter_choice);

  /// A strike of clause `fault` (loss, duplication, crash of `process`).
  EventId strike(int fault, int process = -1);
  /// `process` is up again, or goes on after a pause; 0 (no event) where nobody counts.
  EventId restarted(int process);
  EventId unpaused(int process);
  EventId take_from_pool(int pool);
  /// An operation is invoked; 0 (no event) where nobody counts them.
  EventId invoked();
  /// Some clock jumps; disabled when all jumps of the scenario's clocks are used up.
  EventId jump();
  TrackStep step(TrackId id, EventId event);
  /// Operations left in a pool.
  int pool_left(TrackId id, int pool) const {
    return contents_[id].pools[static_cast<std::size_t>(pool)];
  }
  std::uint64_t hash(TrackId id) const { return states_.hash(id, 0x6661756c74ULL); }

  struct Move {
    TrackId next;
    model::Label label;  // Cut or Heal
  };
  void moves(TrackId id, std::vector<Move>& out);
  std::uint64_t blocked_sources(TrackId id, int destination) const;
  /// Whether some clause drops messages; and those of `blocked_sources` whose messages vanish.
  bool may_drop() const { return may_drop_; }
  std::uint64_t dropped_sources(TrackId id, int destination) const;

 private:
  /// The two sides of a cut: what is blocked is from the first to the second, and back unless it
  /// is one way. Both are 0 where none stands.
  struct Cut {
    std::uint64_t from = 0;
    std::uint64_t to = 0;
  };
  struct State {
    int parameter_choice = 0;
    std::vector<int> used;     // per clause
    std::vector<Cut> cuts;     // per clause
    std::uint64_t down = 0;    // kept only if some crash clause says `at once`
    std::uint64_t paused = 0;  // kept only if some pause clause does
    std::vector<int> pools;    // left
    int operations = 0;        // invoked; kept only if they are capped
    int jumps = 0;             // of clocks, used
  };
  struct Event {
    enum class Kind { Strike, Restarted, Unpaused, Pool, Invoked, Jump } kind;
    int index;
    int process;
    friend auto operator<=>(const Event&, const Event&) = default;
  };

  TrackId intern(const State& state);
  EventId intern(Event event);
  bool may_strike(const State& state) const;
  bool may_strike(const State& state, std::size_t clause) const;
  bool strikes(const model::Fault& fault, int process, State& state) const;
  const std::vector<Cut>& splits(std::size_t clause, int parameter_choice);
  std::vector<Cut> all_splits(const model::Fault& fault, int parameter_choice) const;
  std::uint64_t crossing(std::size_t clause, Cut cut, int destination) const;

  const model::Protocol& protocol_;
  Effort cap_;
  bool counts_down_ = false;
  bool counts_paused_ = false;
  bool may_drop_ = false;
  bool choice_matters_ = false;
  std::vector<bool> skipped_;  // by clause
  ByteInterner states_;
  std::vector<State> contents_;
  std::vector<Event> events_;  // index + 1 is the EventId
  std::map<Event, EventId> event_ids_;
  std::map<std::pair<std::size_t, int>, std::vector<Cut>> splits_;
};

}  // namespace capstan::checker
