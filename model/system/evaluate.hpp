// SPDX-License-Identifier: MIT
// evaluate: expressions over Values. The one piece that the checker, the plain executor and the
// reference explorer share.
//
// From: typed/protocol (Expr). To: system/local_step, system/object, runtime/execute, checker/check
// (properties). Cost: tree walking; callers memoise. A model error (index outside a sequence, `!`
// of none, division by zero, max of nothing, call depth) is thrown as ModelError and caught by
// whoever runs a segment or evaluates a property: nothing else throws on purpose.
#pragma once

#include <functional>
#include <span>
#include <string>
#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::model {

/// A value outside its type, an index outside a sequence, `!` of none, division by zero, a second
/// reply, a failed assert, ...
struct ModelError {
  std::string message;  // lower case, no full stop: "`term` would be 4, outside 0..3"
  Span span;
};

/// Where `now` comes from. A segment has one reading, which is chosen when it is first asked for;
/// so has each process in one look at the whole state.
class Clock {
 public:
  virtual ~Clock() = default;
  /// The reading of this segment: the same however often it is asked.
  virtual std::int64_t now() = 0;
};

/// What a property can see beyond one process: implemented by the explorer's view of a state and by
/// the plain executor's world.
class GlobalView {
 public:
  virtual ~GlobalView() = default;
  /// The variables of a process as properties see them (D29: of a crashed process the durable ones,
  /// initial values else).
  virtual const std::vector<Value>& variables(int process) const = 0;
  /// The set of messages of this type in flight, as tuples (fields..., sender, receiver).
  virtual Value messages_in_flight(int message) const = 0;
  virtual bool is_live(int process) const = 0;
  virtual bool is_done(int process) const = 0;  // its script is over
  /// The clock of a process; null where no function that is called may read one.
  virtual Clock* clock(int process) const {
    static_cast<void>(process);
    return nullptr;
  }
};

/// Is told what the truth of an evaluation rests on where times are kept as offsets that forget how
/// long ago old ones were: the checker's (SEMANTICS 3.4). It may end the evaluation by throwing
/// what its owner catches. `least` is never handed to it.
class TimeRules {
 public:
  virtual ~TimeRules() = default;
  /// It was asked whether x - y is less than, equal to or greater than c.
  virtual void compared(std::int64_t x, std::int64_t y, std::int64_t c) = 0;
  /// The time x, moved to `result` by a number of ticks that is not 0, becomes a value.
  virtual void stored(std::int64_t x, std::int64_t result) = 0;
};

struct Environment {
  const Protocol* protocol = nullptr;
  std::vector<Value>* locals = nullptr;  // the frame; comprehensions write their binders' slots
  const std::vector<Value>* variables = nullptr;  // own variables (or an object's states)
  const std::vector<Value>* ghosts = nullptr;
  int self = -1;
  int sender = -1;
  Value asker;
  const GlobalView* global = nullptr;  // properties only
  Clock* clock = nullptr;              // null where nothing reads `now`; in properties: true time
  TimeRules* time_rules = nullptr;     // null where times are absolute
  /// The values of all params; null: those of the point. For what was found for other ones.
  const std::vector<Value>* params = nullptr;
};

/// The value of `expr`; throws ModelError.
Value evaluate(const Expr& expr, Environment& environment);

/// Calls `body` once for every combination of the binders that satisfies `where` (may be null),
/// with the slots set; stops early when `body` returns false.
void for_each_binding(const std::vector<Binder>& binders, const Expr* where,
                      Environment& environment, const std::function<bool()>& body);

/// Assigns `value` to the place inside `root` (the whole variable's old value), evaluating indices
/// in `environment`, and checks the type of what is stored; returns the variable's new value.
/// Throws ModelError.
Value assign(const Place& place, AssignOp op, Value root, const Value& value,
             Environment& environment);

/// Throws ModelError unless `value` is of the type; `what` names the place in the message
/// ("`term`", "field `tag` of `Store`").
void require_in_type(const TypeTable& types, TypeId type, const Value& value,
                     const std::string& what, Span span);

/// Fills the holes of a caption.
std::string format_caption(const Caption& caption, Environment& environment);

}  // namespace capstan::model
