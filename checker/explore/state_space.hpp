// SPDX-License-Identifier: MIT
// StateSpace: states as vectors of 32-bit words, and what steps do to them.
//
// A state is one component a process, then one state a track. Everything that the search and the
// trace need of the system goes through here, so that both see the same steps in the same order.
// The order of a state's steps (their *ordinals*): process by process its component's transitions,
// then track by track its moves, then the alternatives of a tick; an ordinal counts steps that are
// not enabled too, so that it is a function of the state's words alone. Tested by:
// tests/unit/checker/explore/explorer_test.cpp
#pragma once

#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/component.hpp"
#include "checker/explore/predicates.hpp"
#include "checker/explore/ticks.hpp"
#include "checker/explore/tracks.hpp"
#include "checker/explore/transition.hpp"

namespace capstan::checker {

struct InitialWords {
  std::vector<std::uint32_t> words;
  LabelId label = 0;
  std::uint32_t error = 0;
};

/// What taking a transition the careful way gives, besides the successor.
struct Taken {
  enum class Kind { Disabled, Stepped, Error } kind = Kind::Disabled;
  std::uint64_t difference = 0;         // of the state's hash
  TrackStateId track_state = 0;         // where the last event took its track
  std::vector<std::uint16_t> violated;  // tracks
  std::uint32_t error = 0;              // Error: which
  int failed_guard = -1;                // a predicate that could not be evaluated; Disabled then
};

class StateSpace {
 public:
  StateSpace(Questions& questions, DeadMessages* dead);

  std::size_t word_count() const { return process_count_ + track_count_; }
  std::size_t process_count() const { return process_count_; }
  std::size_t track_count() const { return track_count_; }
  std::vector<InitialWords> initial_states();

  std::uint64_t hash(const std::uint32_t* words) const;
  /// The component with its transitions made; a copy, as making others may move the original.
  Component expanded(ComponentId id) {
    if (!components[id].is_built) transitions.build(id);
    return components[id];
  }
  /// The masks of blocked sources by destination; nullptr: nothing is blocked.
  const std::uint64_t* blocked(const std::uint32_t* words) const {
    if (fault_word_ == 0) return nullptr;
    return tracks[words[fault_word_]].blocked.data();
  }

  /// What a purge by a step of `process` does to the hash by the other processes' components (the
  /// step's own was purged when its list was made).
  std::uint64_t purge_difference(const std::uint32_t* source, std::size_t process, PurgeId purge) {
    const std::uint64_t closing = components.closing_mask(purge);
    std::uint64_t difference = 0;
    for (std::size_t i = 0; i < process_count_; ++i) {
      if (i == process || (components.token_mask(source[i]) & closing) == 0) continue;
      difference += components.purge(source[i], purge).difference;
    }
    return difference;
  }

  /// A transition without Slow whose event, if any, took its track to `track_state`.
  void build_fast(const std::uint32_t* source, const Transition& transition,
                  TrackStateId track_state, std::uint32_t* successor) {
    std::memcpy(successor, source, word_count() * sizeof(std::uint32_t));
    successor[transition.process] = transition.successor;
    if (transition.purge != 0) close_asks(source, transition.process, transition.purge, successor);
    for (const Send& send : transitions.sends(transition)) {
      successor[send.destination] =
          components.put(successor[send.destination], send.message, false);
    }
    if (transition.event != no_event) successor[process_count_ + transition.track] = track_state;
  }

  /// The outcome of any transition whose link is not blocked, and its hash difference unless
  /// PutsVary, without building the successor.
  void weigh(const std::uint32_t* source, const Transition& transition, Taken& outcome);
  /// The same with the successor, which is written if the outcome is Stepped, and always with the
  /// difference.
  void take(const std::uint32_t* source, const Transition& transition, std::uint32_t* successor,
            Taken& outcome);

  /// A move of the track at `word`: writes the successor, in which messages that a new cut drops
  /// are gone, and gives the difference of the hash.
  std::uint64_t take_move(const std::uint32_t* source, std::size_t word,
                          const TrackTransition& move, std::uint32_t* successor);

  /// The step with this ordinal: writes the successor and gives its label. It must be enabled.
  /// `is_tick`: the step is one (TickTable::last_retiming then tells what it did to old stamps).
  LabelId replay(const std::uint32_t* source, std::uint32_t ordinal, std::uint32_t* successor,
                 bool& is_tick);
  /// Exactly, not by hash: whether some enabled step leads to another state, now or after ticks
  /// alone (whose own changes do not count). True where a horizon ends time before that is known.
  bool has_changing_step(const std::uint32_t* source);

  StateView view(std::span<const std::uint32_t> words) {
    return view_.fill(words, static_cast<int>(process_count_), components, tracks);
  }
  std::size_t bytes() const;

  ComponentTable components;
  TrackTable tracks;
  TransitionTable transitions;
  Predicates predicates;
  TickTable ticks;

 private:
  bool changes_now(const std::uint32_t* source);
  /// The purge's components of the other processes.
  void close_asks(const std::uint32_t* source, std::size_t process, PurgeId purge,
                  std::uint32_t* successor) {
    const std::uint64_t closing = components.closing_mask(purge);
    for (std::size_t i = 0; i < process_count_; ++i) {
      if (i == process || (components.token_mask(source[i]) & closing) == 0) continue;
      successor[i] = components.purge(source[i], purge).component;
    }
  }

  Questions& questions_;
  std::size_t process_count_;
  std::size_t track_count_;
  std::size_t fault_word_ = 0;  // 0: no track blocks links
  bool links_may_drop_ = false;
  std::vector<TrackStateId> track_states_;  // scratch of weigh
  ViewBuffer view_;
};

}  // namespace capstan::checker
