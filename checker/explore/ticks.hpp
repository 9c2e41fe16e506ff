// SPDX-License-Identifier: MIT
// ticks: the step that belongs to the whole system, from memo tables by component.
//
// A tick takes every component and every track to what it is one tick later. Each such answer is a
// function of one id and asked once, so a tick costs one look-up a component. Two things are
// global. *Enabled*: no component forces a step of its own or the delivery of a message over an
// open link; per component this is one mask of sources (bit 63: the process itself). *Settling*:
// stamps that are further in the past than the system's horizon may be moved nearer, all together
// (TimedSystem::settled); the set of such stamps is a state's *footprint*, an interned sorted list,
// empty in most states, and united by a memo on pairs. The new offsets depend on that set alone,
// not on who holds the stamps.
//
// A tick is the only step after which states are settled. That is enough: by the bisimulation
// theorem (model/README, time) any representative of a class has the same futures, so settling
// seldom costs states, not soundness. Several alternatives exist under drift only: each process
// whose clock has a choice is a digit of a mixed-radix number, the ordinal of the tick.
//
// From: a TimedSystem. To: state_space. Tested by: tests/differential/engine_time_test.cpp,
// tests/unit/checker/explore/time_abstraction_test.cpp (settled_stamps).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/component.hpp"
#include "checker/explore/questions.hpp"
#include "checker/explore/sequence_interner.hpp"
#include "checker/explore/timed_system.hpp"
#include "checker/explore/tracks.hpp"

namespace capstan::checker {

class TickTable {
 public:
  using FootprintId = std::uint32_t;  // a set of stamps; 0: empty

  TickTable(Questions& questions, DeadMessages* dead, ComponentTable& components,
            TrackTable& tracks);

  bool has_time() const { return time_ != nullptr; }

  /// In how many ways time can pass in this state; 0: it cannot. `blocked` as StateSpace::blocked.
  std::uint32_t alternatives(const std::uint32_t* words, const std::uint64_t* blocked);
  /// Whether some component forces a step first.
  bool is_forced(const std::uint32_t* words, const std::uint64_t* blocked);

  /// The state one tick later, by an alternative below alternatives().
  void take(const std::uint32_t* words, std::uint32_t alternative, std::uint32_t* successor);
  LabelId label(const std::uint32_t* words, std::uint32_t alternative);
  /// The label where each clock can only go by one: alternatives() is 1.
  LabelId plain_label() {
    if (!plain_label_) plain_label_ = time_->tick_label(std::vector<int>(process_count_, 1));
    return *plain_label_;
  }
  /// How the last `take` moved old stamps (after they fell back by its tick): what settles is
  /// a function of the set of old stamps, which has a number.
  const Retiming& last_retiming() const { return retiming(last_footprint_); }
  FootprintId last_footprint() const { return last_footprint_; }
  const Retiming& retiming(FootprintId footprint) const { return retimings_[footprint].retiming; }

  TimedSystem& system() const { return *time_; }
  std::size_t bytes() const;

 private:
  struct Alternative {
    ComponentId component = 0;
    FootprintId footprint = 0;
    int advance = 1;
  };
  struct Ticks {
    std::vector<Alternative> alternatives;
    std::uint64_t forcing = 0;  // sources of forcing messages; bit 63: the process itself
    bool is_built = false;
  };
  struct TrackTick {
    std::optional<TrackStateId> next;
    FootprintId footprint = 0;
    bool is_built = false;
  };
  struct Settling {
    Retiming retiming;
    bool is_identity = true;
    bool is_built = false;
  };

  const Ticks& ticks(ComponentId component) {
    if (component >= ticks_.size() || !ticks_[component].is_built) build(component);
    return ticks_[component];
  }
  const TrackTick& tick(TrackStateId state) {
    if (state >= track_ticks_.size() || !track_ticks_[state].is_built) build_track(state);
    return track_ticks_[state];
  }
  void build(ComponentId component);
  std::uint64_t forcing(int process, LocalId local, std::span<const MessageId> inbox);
  void build_track(TrackStateId state);
  FootprintId footprint(std::vector<Stamp> stamps);
  FootprintId footprint_of(int process, LocalId local, std::span<const MessageId> inbox);
  FootprintId unite(FootprintId a, FootprintId b);
  const Settling& settling(FootprintId footprint);
  ComponentId retimed(ComponentId component, FootprintId footprint);
  TrackStateId retimed_track(TrackStateId state, FootprintId footprint);
  MessageId ticked(MessageId message);
  std::size_t word_count() const { return process_count_ + track_count_; }

  Questions& questions_;
  DeadMessages* dead_;
  ComponentTable& components_;
  TrackTable& tracks_;
  TimedSystem* time_;
  std::size_t process_count_;
  std::size_t track_count_;
  std::vector<Ticks> ticks_;             // by component
  std::vector<TrackTick> track_ticks_;   // by track state
  FlatMap<MessageId> ticked_messages_;   // by message
  SequenceInterner footprints_;          // sorted stamps
  std::vector<Settling> retimings_;      // by footprint
  FlatMap<FootprintId> unions_;          // of two footprints
  FlatMap<ComponentId> retimed_;         // (component, footprint)
  FlatMap<TrackStateId> retimed_track_;  // (track state, footprint)
  SequenceInterner advances_;
  std::vector<LabelId> labels_;  // by advances
  std::optional<LabelId> plain_label_;
  std::vector<std::uint32_t> scratch_;
  std::size_t list_bytes_ = 0;
  FootprintId last_footprint_ = 0;
};

}  // namespace capstan::checker
