// SPDX-License-Identifier: MIT
#include "checker/explore/tracks.hpp"

#include <algorithm>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

TrackStateId TrackTable::intern(int track, TrackId id) {
  const auto next_id = static_cast<TrackStateId>(states_.size());
  const TrackStateId state = ids_.insert(pair_key(static_cast<std::uint32_t>(track), id), next_id);
  if (state != next_id) return state;
  ComponentSystem& system = questions_.system();
  TrackState facts;
  // Processes use the seeds from 1 on, at most 63: tracks follow.
  facts.hash = model::combine(static_cast<std::uint64_t>(track) + 64, system.track_hash(track, id));
  facts.id = id;
  facts.track = static_cast<std::uint16_t>(track);
  if (track == system.fault_track()) {
    for (int process = 0; process < questions_.process_count(); ++process) {
      facts.blocked.push_back(system.blocked_sources(id, process));
      CAPSTAN_REQUIRE(facts.blocked.back() >> 63 == 0, "bit 63 is no process");
      if (system.links_may_drop()) facts.dropped.push_back(system.dropped_sources(id, process));
    }
  }
  list_bytes_ += (facts.blocked.capacity() + facts.dropped.capacity()) * sizeof(std::uint64_t);
  states_.push_back(std::move(facts));
  return state;
}

std::uint32_t TrackTable::intern_event(const TrackEvent& event) {
  const auto next_id = static_cast<std::uint32_t>(events_.size());
  const std::uint32_t id = event_ids_.insert(pair_key(event.track, event.event), next_id);
  if (id == next_id) events_.push_back(event);
  return id;
}

TrackAnswer TrackTable::step_new(std::uint32_t event, TrackStateId state) {
  const int track = states_[state].track;
  CAPSTAN_REQUIRE(events_[event].track == track, "an event is told to its own track");
  const TrackStep step =
      questions_.system().track_step(track, states_[state].id, events_[event].event);
  TrackAnswer answer;
  answer.result = step.result;
  answer.next = state;
  if (step.result == TrackStep::Result::Error) {
    answer.next = step.next;
  } else if (step.result != TrackStep::Result::Disabled) {
    answer.next = intern(track, step.next);
    answer.difference = states_[answer.next].hash - states_[state].hash;
  }
  answers_.insert(pair_key(event, state), answer);
  return answer;
}

void TrackTable::build_moves(TrackStateId id) {
  std::vector<TrackMove> moves;
  questions_.system().track_moves(states_[id].track, states_[id].id, moves);
  std::vector<TrackTransition> built;
  for (const TrackMove& move : moves) {
    TrackTransition transition;
    transition.successor = intern(states_[id].track, move.next);
    transition.difference = states_[transition.successor].hash - states_[id].hash;
    transition.label = move.label;
    const auto same = std::ranges::find(built, transition.successor, &TrackTransition::successor);
    if (same != built.end()) {
      same->more_labels.push_back(move.label);
    } else {
      built.push_back(std::move(transition));
    }
  }
  list_bytes_ += built.capacity() * sizeof(TrackTransition);
  states_[id].moves = std::move(built);
  states_[id].is_built = true;
}

std::size_t TrackTable::bytes() const {
  return states_.capacity() * sizeof(TrackState) + ids_.bytes() +
         events_.capacity() * sizeof(TrackEvent) + event_ids_.bytes() + list_bytes_ +
         answers_.bytes();
}

}  // namespace capstan::checker
