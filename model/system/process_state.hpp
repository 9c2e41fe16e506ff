// SPDX-License-Identifier: MIT
// process_state: the local state of one process as data: variables, suspended activations, place in
// its script.
//
// Equal local states have equal bytes: activations are sorted by their bytes, and forget locals
// that nobody reads any more.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "model/behaviour/trace.hpp"
#include "model/system/local_time.hpp"
#include "model/typed/value.hpp"

namespace capstan::model {

/// A handler, action or operation that waits in an `ask` (slot >= 0) or a `wait until` (slot < 0),
/// or whose ask is complete and whose next segment has not begun (slot < 0, is_ready).
struct Activation {
  int body = -1;  // index into LocalMachine's bodies
  int at = 0;     // the Ask or Wait instruction
  int slot = -1;
  int sender = -1;  // of the message being handled
  Token asker;      // who waits for this activation's reply
  bool has_replied = false;
  Value key;                // of an operation: the object's key
  std::int64_t quorum = 0;  // of an ask: how many replies complete it
  bool is_ready = false;
  std::int64_t deadline = kLeastTime;  // of an ask with `else after`: from this reading on
  Chain chain{};    // where hops are counted: what it serves, and with how many so far
  int reached = 0;  // ... and how many the replies that count, or the step that made the awaited
                    // condition true, have come to; 0: fewer than it has itself
  std::vector<Value> locals;
  std::vector<Value>
      replies;  // of an ask: those that count so far, sorted; tuples (fields..., sender)
};

struct ProcessState {
  std::vector<Value> variables;
  std::vector<Value>
      synced;  // of each `durable unsynced` variable, in their order: what is on disk
  bool is_down = false;
  bool is_paused = false;
  int script_position = 0;  // script steps begun
  std::vector<Activation> activations;
  ClockState clock;

  /// The least slot that no open ask occupies.
  int free_slot() const;
  Activation* find_slot(int slot);

  /// Sorts the activations and returns the bytes.
  std::string to_bytes();
  static ProcessState from_bytes(std::string_view bytes);
};

}  // namespace capstan::model
