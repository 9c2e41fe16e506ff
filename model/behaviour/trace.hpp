// SPDX-License-Identifier: MIT
// trace: an initial state and its steps as data, enough for the plain executor to replay it without
// the checker; and Run, what the replay saw at each step, enough for every report.
//
// From: checker/explore (Trace). To: runtime/execute (replays it into a Run), reports/ (draws the
// Run).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "model/behaviour/history.hpp"
#include "model/source/source_file.hpp"
#include "model/typed/value.hpp"

namespace capstan::model {

/// Who waits for a reply: the slot of an open ask of a process (the least free one when it was
/// opened), or nobody any more.
struct Token {
  int process = -1;  // -1: nobody waits (one-way messages, or the asker moved on)
  int slot = -1;
  friend auto operator<=>(const Token&, const Token&) = default;
  /// Of an ask that is closed, where those are kept apart from nobody (only inside the checker,
  /// with reductions off; never in a trace).
  bool is_stale() const { return process >= 0 && slot < 0; }
  /// As a Value of type `asker of M`: (process, slot), or none if nobody waits any more.
  Value as_value() const;
  static Token from_value(const Value& value);
};

/// Which operation a message or an activation serves, where hops are counted (`within h hops`).
struct Chain {
  int client = -1;  // whose pending operation caused it; -1: none, or nobody counts
  int hops = 0;     // messages one after another from its invocation to here
  friend auto operator<=>(const Chain&, const Chain&) = default;
};

struct MessageInstance {
  int source = -1;
  int destination = -1;
  int message = -1;  // index into Protocol::messages
  std::vector<Value> fields;
  Token token;  // of a request: the ask to answer; of a reply: the ask it answers (process ==
                // destination)
  /// Ticks of true time: it can be delivered from age `least` on, and time does not pass its age
  /// `most` (-1: no such bound) while it could be. Both come from `after`, or else from `network
  /// delay`. The age is counted up to `most`, or to `least` without it, and is 0 without a window.
  int least = 0;
  int most = -1;
  int age = 0;
  Chain chain{};
  friend auto operator<=>(const MessageInstance&, const MessageInstance&) = default;
  friend bool operator==(const MessageInstance&, const MessageInstance&) = default;
};

/// One ground step: everything that must be resolved to take it.
struct Label {
  enum class Kind : std::uint8_t {
    Start,    // the initial state: parameter_choice, and `choices` of all on-start blocks in order
    Invoke,   // process, object, key, op, args; script_position: which step of its script it takes,
              // or kFinalRead
    Deliver,  // message, alternative (which handler of the role takes it; -1 for a reply)
    Act,      // process, alternative (index of the action), args (its binders)
    Resume,  // process, at + locals: the activation whose `wait until` holds, or whose ask has been
             // completed by an earlier step (AskData::next_reads_clock); of a handler also
             // message.source (the sender) and message.token (the asker); alternative tells
             // activations apart that still look alike (-1, then 1, 2, ...)
    GiveUp,  // process, slot: the ask whose `else` is taken
    Lose,    // message, fault
    Duplicate,  // message, alternative, fault: a delivery that keeps the message
    Cut,        // fault (index of the clause), group and others: the processes of the two sides;
                // one way: from the first to the second
    Heal,       // fault
    Crash,      // process, fault; choices: for each `durable unsynced` variable that differs from
                // its synced value, in order, 0 if it is kept and 1 if it falls back
    Restart,    // process
    PassWait,   // process: its script's `wait until` step holds and is passed; script_position
    Tick,       // true time goes on by one; choices, with drift only: by how much each process's
                // clock does (0, 1 or 2)
    Jump,       // process, fault (0: clocks have one clause of jumps), choices: by how many ticks
    Pause,      // process, fault
    Unpause     // process, fault
  };
  /// As a script position: a read behind all scripts, with which a property asks what is left at
  /// the end (`no acknowledged write lost`). No run has it unless it is asked for.
  static constexpr int kFinalRead = -2;
  Kind kind = Kind::Start;
  int process = -1;
  int object = -1, op = -1;
  Value key;
  std::vector<Value> args;
  int script_position = -1;
  MessageInstance message;
  int alternative = -1;
  std::uint32_t at = 0;       // Resume: source offset of the statement it waits at
  std::vector<Value> locals;  // Resume: the activation's live locals (in order of live_slots, and
                              // then the result of a completed ask, if it is used), to tell equal
                              // places apart
  int slot = -1;
  int fault = -1;
  std::vector<int> group;
  std::vector<int> others;
  int parameter_choice = 0;
  std::vector<int> choices;  // which element each `any` took, in order of execution
  /// What the clock showed, as the distance to true time; set if and only if the step evaluated
  /// `now` (in guards too). Times of a trace are absolute: true time is 0 at the start.
  std::optional<std::int64_t> reading;
  /// Start, where clocks may show several times: the same by process, none for one that was not
  /// read; empty if none was.
  std::vector<std::optional<std::int64_t>> start_readings;
  /// Of the operation that the step answers; -1 if it answers none, and in all traces (only the
  /// checker counts here).
  int hops = -1;
  friend bool operator==(const Label&, const Label&) = default;
};

/// Whether the step is a fault, for which a budget is spent.
inline bool is_strike(Label::Kind kind) {
  return kind == Label::Kind::Cut || kind == Label::Kind::Crash || kind == Label::Kind::Lose ||
         kind == Label::Kind::Duplicate || kind == Label::Kind::Jump || kind == Label::Kind::Pause;
}

/// Whether the step ends a fault.
inline bool is_repair(Label::Kind kind) {
  return kind == Label::Kind::Heal || kind == Label::Kind::Restart || kind == Label::Kind::Unpause;
}

/// What can still happen when clients stop and no new fault comes, repairs included.
inline bool is_settling(Label::Kind kind) {
  return kind != Label::Kind::Start && kind != Label::Kind::Invoke && !is_strike(kind);
}

/// labels[0] is the Start.
struct Trace {
  std::vector<Label> labels;
  /// The labels from this one on are taken again and again, for ever (at least 1, and less than
  /// their number); -1: the run ends with the last label.
  int loop_start = -1;
};

/// One change of a variable in a step. `path` is the variable's name.
struct Change {
  int process = -1;
  int variable = -1;  // slot
  Value before, after;
};

struct MessageCopy {
  std::uint64_t id = 0;  // unique in the run
  MessageInstance message;
};

/// What one step did, as seen by the plain executor.
struct StepRecord {
  Label label;
  std::string text;  // one line for the story column: the caption, or the label in words
  int process = -1;  // on whose lane it happens; -1 for cut and heal
  std::optional<std::uint64_t> delivered;  // the copy that was delivered (or lost)
  std::vector<MessageCopy> sent;
  std::vector<std::uint64_t> discarded;  // copies deleted because nobody waits for them any more
  std::vector<std::uint64_t> dropped;    // copies that a dropping cut swallowed, sent ones included
  std::vector<Change> changes;
  std::vector<HistoryEvent> events;
  std::vector<std::vector<int>> groups;       // Cut: the two sides
  std::vector<Value> ghosts;                  // after the step
  std::vector<std::vector<Value>> variables;  // of every process, after the step
  std::vector<bool> up;                       // of every process, after the step
  std::int64_t true_time = 0;                 // ticks since the start, after the step
  int hops = -1;                     // of the operation that it answers; -1: none, or nobody counts
  std::optional<std::string> error;  // the model error that it ended in
  Span error_span;

  /// What the clock of a process showed in the step, as the distance to true time; none if it was
  /// not read.
  std::optional<std::int64_t> reading_of(int at) const {
    const auto index = static_cast<std::size_t>(at);
    if (index < label.start_readings.size()) return label.start_readings[index];
    return at == process ? label.reading : std::nullopt;
  }
};

/// What a clock may show: times, ticks since the start, both ends included.
struct Readings {
  std::int64_t low = 0;
  std::int64_t high = 0;
};

/// What the clock of a process showed to somebody who looked at the whole state.
struct ShownTime {
  int process = -1;
  std::int64_t time = 0;
  friend bool operator==(const ShownTime&, const ShownTime&) = default;
};

struct Run {
  std::vector<StepRecord> steps;       // steps[0] is the start
  std::vector<MessageCopy> in_flight;  // at the end
  std::vector<Readings> readings;      // at the end, of every process
  /// With which readings at the end the property is what it is said to be; empty if it reads none.
  std::vector<ShownTime> shown;
  History history;  // invoked and responded are step numbers
};

}  // namespace capstan::model
