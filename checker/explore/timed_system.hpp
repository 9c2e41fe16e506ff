// SPDX-License-Identifier: MIT
// TimedSystem: what a ComponentSystem answers about the passing of time.
//
// One step belongs to the whole system: the *tick*. It moves true time on by one, so every *stamp*
// (a time kept in a local state, a message or a track, stored as an offset from true time) falls
// back by one, and messages grow older. What a tick does to a part of the state is a local question
// like any other; only two things are global, and the engine does those (explore/ticks): whether
// the tick is enabled (no part *forces* a step first), and the new normal form of old stamps, whose
// gaps may be shrunk all at once (`settled`, SEMANTICS 3.3). Values are functions of content.
// Implemented by: checker/explore/protocol_system, tests. From: ComponentSystem::time().
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/component_system.hpp"

namespace capstan::checker {

/// A time as an offset from true time (from the process's own clock under `drift`), in ticks.
using Stamp = std::int64_t;

/// New offsets for old stamps: sorted, of equal length, strictly increasing; others stay.
struct Retiming {
  std::vector<Stamp> from;
  std::vector<Stamp> to;
  /// What becomes of `stamp`.
  Stamp of(Stamp stamp) const;
};

/// The normal form of SEMANTICS 3.3. Stamps from -`horizon` on stay. Going down from there, a gap
/// to the stamp above that is larger than `gap` becomes `gap` + 1, and nothing is higher than one
/// below the horizon. `stamps` (sorted, each once) are all those of a state below -`horizon` +
/// `gap`: the gap to a stamp higher than that is larger than `gap` anyway.
std::vector<Stamp> settled_stamps(std::span<const Stamp> stamps, Stamp horizon, Stamp gap);

/// One way in which a tick can pass for a process: by how much its clock advances.
struct TickedLocal {
  LocalId local = 0;
  int advance = 1;
};

class TimedSystem {
 public:
  virtual ~TimedSystem() = default;

  /// The local states after a tick: several where the clock's rate is free (drift), none where time
  /// does not go on (the end of a horizon).
  virtual void tick_local(int process, LocalId local, std::vector<TickedLocal>& out) = 0;
  virtual MessageId tick_message(MessageId message) = 0;
  /// nullopt: time does not go on (the end of a horizon).
  virtual std::optional<TrackId> tick_track(int track, TrackId id) = 0;
  /// The label of a tick by the advances of all processes.
  virtual LabelId tick_label(const std::vector<int>& advances) = 0;

  /// Whether the process must take a step before time passes; and whether it must take this
  /// message, as long as the message's link is open.
  virtual bool local_forces(int process, LocalId local) = 0;
  virtual bool message_forces(int process, LocalId local, MessageId message) = 0;
  /// The model error of a state in which time cannot pass and nothing else can happen.
  virtual std::uint32_t time_lock_error() = 0;

  /// The stamps of a part that `settled` may move: sorted, each once. Usually none.
  virtual std::vector<Stamp> local_stamps(int process, LocalId local) = 0;
  virtual std::vector<Stamp> message_stamps(MessageId message) = 0;
  virtual std::vector<Stamp> track_stamps(int track, TrackId id) = 0;
  /// The normal form of all these stamps of one state: as many, strictly increasing.
  virtual std::vector<Stamp> settled(std::span<const Stamp> stamps) = 0;
  virtual LocalId retime_local(int process, LocalId local, const Retiming& retiming) = 0;
  virtual MessageId retime_message(MessageId message, const Retiming& retiming) = 0;
  virtual TrackId retime_track(int track, TrackId id, const Retiming& retiming) = 0;

  /// The message without its age: equal ones merge (Send::merge).
  virtual MessageId ageless(MessageId message) = 0;
  /// The message as it is once it can be delivered, if ticks change nothing but its age: what
  /// reduce/dead judges. nullopt: it holds a stamp, and is never dropped.
  virtual std::optional<MessageId> ripe(MessageId message) = 0;
};

}  // namespace capstan::checker
