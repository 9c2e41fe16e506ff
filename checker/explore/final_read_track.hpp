// SPDX-License-Identifier: MIT
// FinalReadTrack: the read with which a property asks what is left (Label::kFinalRead), from its
// invocation to its end. A queue is emptied by several of them, one after another, of one process.
//
// From: checker/explore/protocol_system. To: liveness/quiescence. State 0: no such read was begun.
// Later invocations and the ends of other operations leave a state as it is. Tested by:
// tests/differential/quiescence_reference_test.cpp
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/interner.hpp"
#include "model/behaviour/history.hpp"

namespace capstan::checker {

class FinalReadTrack {
 public:
  using Events = std::vector<model::HistoryEvent>;

  FinalReadTrack();

  /// `begins`: the events are those of a final read's first step.
  EventId intern(bool begins, const Events& events);
  TrackId step(TrackId id, EventId event);
  /// None, or invocations and ends in turn.
  const Events& events(TrackId id) const { return states_[id]; }
  std::uint64_t hash(TrackId id) const { return ids_.hash(id, 0x66696e616cULL); }

 private:
  TrackId intern_state(Events events);

  ByteInterner ids_;
  std::vector<Events> states_;
  std::map<std::pair<bool, Events>, EventId> event_ids_;
  std::vector<std::pair<bool, Events>> events_;
};

}  // namespace capstan::checker
