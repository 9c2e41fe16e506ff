// SPDX-License-Identifier: MIT
// history: the invocations and responses of a run, in real-time order; what clients can observe and
// nothing else.
#pragma once

#include <cstdint>
#include <limits>
#include <vector>

#include "model/typed/value.hpp"

namespace capstan::model {

/// `ok` ends an operation with its result; `fail` says that it certainly had no effect (it is
/// deleted before judging); `info` that it may have taken effect, now or later (pending for ever;
/// the client goes on in a new session).
struct HistoryEvent {
  enum class Kind : std::uint8_t { Invoke, Ok, Fail, Info } kind = Kind::Invoke;
  int process = -1;  // the client
  int object = -1;
  Value key;                // none if the object has no keys
  int op = -1;              // index into Object::ops
  std::vector<Value> args;  // Invoke
  Value result;             // Ok; none if the operation has no result
  friend auto operator<=>(const HistoryEvent&, const HistoryEvent&) = default;
  friend bool operator==(const HistoryEvent&, const HistoryEvent&) = default;
};

/// One operation of a history. a is before b in real time iff a.responded < b.invoked.
struct HistoryOperation {
  static constexpr int kNever = std::numeric_limits<int>::max();
  int process = -1;
  int session = 0;  // counts up after an info
  int object = -1;
  Value key;
  int op = -1;
  std::vector<Value> args;
  Value result;
  int invoked = 0;         // position of the event in the history, or the step number in a run
  int responded = kNever;  // kNever: pending (also after info)
  bool is_pending() const { return responded == kNever; }
};

using History = std::vector<HistoryOperation>;  // in order of invocation

/// Pairs events into operations; failed ones are deleted. `at[i]` is what `invoked` and `responded`
/// are set to for event i (i itself if empty).
History operations_of(const std::vector<HistoryEvent>& events, const std::vector<int>& at = {});

}  // namespace capstan::model
