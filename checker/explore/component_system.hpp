// SPDX-License-Identifier: MIT
// ComponentSystem: a system of processes as the engine sees it: the slow, obvious side of the memo
// tables.
//
// A global state is a fixed-length vector: for each process a *component* (process, local state,
// sorted multiset of messages in flight to it), interned by the engine to 32 bits, and for each
// *track* an id given by the system. A track is a global component that no process owns and that is
// driven by events: the fault budgets and blocked links, the ghosts, one monitor per object and
// key. The engine asks each question once for each distinct argument and remembers the answer
// (EXPLORER 3: on ABD 369 questions for 113 M transitions), so implementations need not be fast.
// They must be deterministic functions, and hashes must be functions of content (not of ids), so
// that fingerprints are equal on every machine and in every run. Implemented by:
// checker/explore/protocol_system (a Protocol), tests (component models written in C++).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

namespace capstan::checker {

using LocalId = std::uint32_t;    // local state of one process, dense from 0 for each process
using MessageId = std::uint32_t;  // a message with source, destination, content and token
using EventId = std::uint32_t;    // something that a track is told
using PurgeId = std::uint32_t;    // asks that close; 0: none
using LabelId = std::uint32_t;    // how a step is called in a trace
using TrackId = std::uint32_t;    // state of one track

struct Send {
  std::uint16_t destination = 0;
  bool merge = false;  // not put if an equal message is in flight (actions, D15; everything under
                       // `network kept`); a request replaces an equal one that nobody waits for
                       // any more (ComponentSystem::age_if_replaced)
  MessageId message = 0;
  friend auto operator<=>(const Send&, const Send&) = default;
};

struct TrackEvent {
  std::uint16_t track = 0;
  EventId event = 0;
  friend auto operator<=>(const TrackEvent&, const TrackEvent&) = default;
};

/// One outcome of one ground step of one process. Effects in this order: the message is consumed,
/// `next` replaces the local state, the purge is applied to every component (this process's and its
/// inbox too), the sends are put, the events are told in order.
struct LocalStep {
  enum class Message : std::uint8_t { None, Consumed, Kept };
  LocalId next = 0;
  Message message = Message::None;
  bool is_fault =
      false;  // Lose, Duplicate, Crash, Restart: never makes a message productive (dead messages)
  bool ignores_blocks = false;  // Lose: also possible when the message's link is blocked, and
                                // anywhere in a queue
  PurgeId purge = 0;
  int guard =
      -1;  // only enabled where this predicate holds of the global state before the step; -1: none
  std::uint32_t error = 0;  // the step ends in this model error; 0: none
  LabelId label = 0;
  std::vector<Send> sends;  // in program order
  std::vector<TrackEvent> events;
  /// Equal effects (all but the label): the engine keeps the first of equal outcomes, so they count
  /// as one transition.
  bool same_effect(const LocalStep& other) const {
    return next == other.next && message == other.message && is_fault == other.is_fault &&
           ignores_blocks == other.ignores_blocks && purge == other.purge && guard == other.guard &&
           error == other.error && sends == other.sends && events == other.events;
  }
};

struct TrackStep {
  enum class Result : std::uint8_t { Next, Disabled, Violated, Error };
  /// Disabled: the whole step is not enabled (a budget is used up). Violated: `next` is the sink.
  /// Error: the whole step ends in the model error `next`, as if LocalStep::error said so.
  Result result = Result::Next;
  TrackId next = 0;
};

/// A step of a track alone: cut, heal.
struct TrackMove {
  TrackId next = 0;
  LabelId label = 0;
};

struct InitialState {
  std::vector<LocalId> locals;                  // per process
  std::vector<std::vector<MessageId>> inboxes;  // per process
  std::vector<TrackId> tracks;
  LabelId label = 0;
  std::uint32_t error = 0;
};

/// A global state, for predicates. Inboxes are sorted multisets of ids; in a fifo network queues,
/// one behind the other in the order of their sources.
struct StateView {
  std::span<const LocalId> locals;
  std::span<const std::span<const MessageId>> inboxes;
  std::span<const TrackId> tracks;
};

/// What a predicate's value depends on; the engine remembers its value by these ids.
struct Footprint {
  std::vector<std::uint16_t> processes;  // their local states
  std::vector<std::uint16_t> tracks;
  bool messages = false;  // also the inboxes of all processes
  bool live = false;      // which of its processes are up (for the system's own use)
};

class TimedSystem;

class ComponentSystem {
 public:
  virtual ~ComponentSystem() = default;
  virtual int process_count() const = 0;  // at most 63
  virtual int track_count() const = 0;
  virtual std::vector<InitialState> initial_states() = 0;

  /// All outcomes of delivering (or losing, duplicating) `message` at `process`; none if every
  /// guard is false.
  virtual void message_steps(int process, LocalId local, MessageId message,
                             std::vector<LocalStep>& out) = 0;
  /// All outcomes of steps that need no message: invocations, actions, resumptions, timeouts,
  /// crash, restart.
  virtual void own_steps(int process, LocalId local, std::vector<LocalStep>& out) = 0;

  /// What becomes of a local state and of a message when the asks of `purge` close. nullopt: the
  /// message is deleted.
  virtual LocalId purge_local(int process, LocalId local, PurgeId purge) = 0;
  virtual std::optional<MessageId> purge_message(MessageId message, PurgeId purge) = 0;

  /// If `request`, sent by an action, equals `old` but for asker and age, and nobody waits for the
  /// answer to `old` any more: the age of `old` in ticks. `old` is deleted (of several the oldest).
  /// nullopt: they are two messages.
  virtual std::optional<int> age_if_replaced(MessageId old, MessageId request) {
    (void)old, (void)request;
    return std::nullopt;
  }

  /// A paused process as it is when it goes on; others as they are. Whether a message is ignored is
  /// asked there, for while it is paused a process ignores everything.
  virtual LocalId awake(int process, LocalId local) {
    (void)process;
    return local;
  }
  /// The process whose asks close. Components none of whose parts has that process in its token
  /// mask are not affected.
  virtual int purge_process(PurgeId purge) const = 0;
  virtual std::uint64_t local_token_mask(
      int process, LocalId local) const = 0;  // bit p: holds a token of process p
  virtual std::uint64_t message_token_mask(MessageId message) const = 0;

  /// The message as it is compared where one is not sent twice.
  virtual MessageId plain(MessageId message) { return message; }

  /// `network kept`: in flight is a set, so messages that a purge makes equal become one.
  virtual bool network_is_set() const { return false; }

  /// `network fifo`: what one process sends to another arrives in the order sent. An inbox is then
  /// a queue for each source, and only the first message of a queue is delivered.
  virtual bool network_is_fifo() const { return false; }
  /// Fifo: the label of a loss that strikes the `copy`-th (from 1) of the equal messages behind the
  /// first in their queue.
  virtual LabelId label_of_copy(LabelId label, int copy) {
    (void)copy;
    return label;
  }

  virtual int message_source(MessageId message) const = 0;
  virtual std::uint64_t local_hash(int process, LocalId local) const = 0;
  virtual std::uint64_t message_hash(
      MessageId message) const = 0;  // source, destination, content, token
  virtual bool has_pending_operation(int process, LocalId local) const = 0;

  virtual TrackStep track_step(int track, TrackId id, EventId event) = 0;
  virtual std::uint64_t track_hash(int track, TrackId id) const = 0;
  virtual void track_moves(int track, TrackId id, std::vector<TrackMove>& out) = 0;
  /// The track that knows blocked links, or -1; and the sources (bit mask) from which `destination`
  /// gets nothing in that track's state. Bits of processes only: bit 63 must be zero.
  virtual int fault_track() const = 0;
  virtual std::uint64_t blocked_sources(TrackId faults, int destination) const = 0;
  /// Whether some link may ever drop messages; and the sources whose messages to `destination`
  /// vanish in that track's state, those in flight when it is entered included. They are blocked.
  virtual bool links_may_drop() const { return false; }
  virtual std::uint64_t dropped_sources(TrackId faults, int destination) const {
    (void)faults, (void)destination;
    return 0;
  }

  virtual int predicate_count() const = 0;
  virtual const Footprint& footprint(int predicate) const = 0;
  /// The predicate's value; nullopt if evaluating it is a model error (reported as one).
  virtual std::optional<bool> holds(int predicate, const StateView& state) = 0;

  /// What passes as time passes (explore/timed_system); nullptr: the system has no time.
  virtual TimedSystem* time() { return nullptr; }
};

}  // namespace capstan::checker
