// SPDX-License-Identifier: MIT
// tracks: interned states of tracks, and the memo of what an event does to them.
//
// A track's state gets one id, dense over all tracks, so that a state vector holds engine ids only
// and the hash, the moves and the blocked links of a track's state are found by one index. Tested
// by: tests/unit/checker/explore/explorer_test.cpp
#pragma once

#include <cstdint>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/flat_map.hpp"
#include "checker/explore/questions.hpp"

namespace capstan::checker {

using TrackStateId = std::uint32_t;

/// A move of a track alone: cut, heal.
struct TrackTransition {
  std::uint64_t difference = 0;  // of the state's hash
  TrackStateId successor = 0;
  LabelId label = 0;
  std::vector<LabelId> more_labels;  // of moves with the same effect
  bool was_taken = false;
  bool was_taken_pending = false;
};

struct TrackState {
  std::uint64_t hash = 0;
  TrackId id = 0;
  std::uint16_t track = 0;
  bool is_built = false;  // moves are known
  std::vector<TrackTransition> moves;
  std::vector<std::uint64_t>
      blocked;  // the fault track: per destination, the sources it hears nothing from
  std::vector<std::uint64_t> dropped;  // and those whose messages vanish; empty if none ever do
};

/// What an event does to a track's state.
struct TrackAnswer {
  std::uint64_t difference = 0;
  TrackStateId next = 0;
  TrackStep::Result result = TrackStep::Result::Next;
};

class TrackTable {
 public:
  explicit TrackTable(Questions& questions) : questions_(questions) {}

  TrackStateId intern(int track, TrackId id);
  /// One number for an event of a track.
  std::uint32_t intern_event(const TrackEvent& event);
  const TrackEvent& event(std::uint32_t event) const { return events_[event]; }

  TrackAnswer step(std::uint32_t event, TrackStateId state) {
    if (const TrackAnswer* found = answers_.find(pair_key(event, state))) return *found;
    return step_new(event, state);
  }

  const TrackState& operator[](TrackStateId id) const { return states_[id]; }
  /// The state's moves, interned on first use.
  std::vector<TrackTransition>& moves(TrackStateId id) {
    if (!states_[id].is_built) build_moves(id);
    return states_[id].moves;
  }

  std::size_t bytes() const;

 private:
  TrackAnswer step_new(std::uint32_t event, TrackStateId state);
  void build_moves(TrackStateId id);

  Questions& questions_;
  std::vector<TrackState> states_;
  std::size_t list_bytes_ = 0;
  FlatMap<TrackStateId> ids_;  // (track, id) -> state
  std::vector<TrackEvent> events_;
  FlatMap<std::uint32_t> event_ids_;  // (track, event) -> its number
  FlatMap<TrackAnswer> answers_;      // (event, state) -> answer
};

}  // namespace capstan::checker
