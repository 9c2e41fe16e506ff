// SPDX-License-Identifier: MIT
// protocol: a spec at one point of one scenario, every name resolved and every bound a number.
//
// From: typed/typecheck, which elaborates the tree once for each point (params decide sizes and
// bounds, so types are concrete here). To: system/ (lowered to local steps for the checker) and
// runtime/execute (walked as a tree by the plain executor). Both executors read the same tree and
// share only the expression evaluator (system/evaluate). Desugared: an `ask`, an `any` and a
// procedure call inside an expression stand as statements of their own before it (D4, D9), `else
// if` is nested, and names are slots. Statement order is execution order.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "model/source/source_file.hpp"
#include "model/typed/type.hpp"
#include "model/typed/value.hpp"

namespace capstan::model {

enum class ExprKind {
  Constant,  // value
  Param,     // index into Protocol::params; value holds what it is at this point
  Local,     // slot in the frame
  Variable,  // slot of the process's own variables; in a written-out object's code: of the object's
             // state
  OtherVariable,  // operands[0] is a process; slot of that role's variables (properties only)
  Ghost,          // slot of Protocol::ghosts
  Self,
  Sender,         // the process; who sent the message being handled
  AskerToken,     // `asker`: who waits for the answer to the message being handled
  Call,           // index: function with an expression body; operands: arguments; evaluated in the
                  // function's own frame
  OtherCall,      // operands[0] is a process whose variables the function reads; then arguments
                  // (properties only)
  Field,          // operands[0], index: which field
  MapIndex,       // operands[0] [ operands[1] ], the key's type is operands[0]'s Map key
  SequenceIndex,  // from 1; outside is a model error
  Slice,          // operands[0] [operands[1] .. operands[2]], clipped to what exists
  Force,          // x!  (model error on none)
  Coalesce,       // x ?? y (lazy)
  MakeTuple,
  MakeSet,
  MakeSequence,
  MakeMap,        // operands: the value for each key of the map type's domain, in its order
  ConstantMap,    // `all v`: operands[0] for every key of `type`
  Comprehension,  // see Comprehension below
  Not,
  Negate,
  And,
  Or,
  Implies,  // lazy in the right operand
  Equal,
  NotEqual,
  Less,
  LessEqual,
  Greater,
  GreaterEqual,        // by Value's order
  SubsetEqual,         // a <= b on sets (the checker swaps operands for >=, and writes < as And)
  PointwiseLessEqual,  // a <= b on maps
  In,
  NotIn,  // element in set or sequence
  Add,
  Subtract,
  Multiply,
  Divide,
  Modulo,  // Divide rounds down, Modulo is never negative
  Range,   // a..b as a set of integers
  Union,
  Difference,   // on sets (`but` of one element is a Difference with a MakeSet)
  Concatenate,  // on sequences
  If,           // operands: condition, then, else
  Sum,
  Size,
  First,
  Last,
  Abs,
  Max,
  Min,  // of a collection: operands[0]; operands[1] is `default:` if present
  Max2,
  Min2,  // of two values
  PointwiseMax,
  PointwiseMin,      // of two maps
  ProcessIndex,      // index(process): its number, from 1
  RoleMember,        // Role[i]: operands[0] is i, index the role; outside is a model error
  MessagesInFlight,  // index: message; a set of tuples (fields..., sender, receiver) (properties
                     // only)
  IsLive,
  IsDone,  // live(process), done(process) (properties and scripts only)
  // Times (SEMANTICS 3). A time is a number of ticks; which moment is 0 is the executor's business.
  // Moving `least` gives `least`.
  Now,      // the reading of the segment; in a property true time, and in a function that it calls
            // of a process what that process's clock may show
  TimeAdd,  // operands: a time, a number of ticks; the result is kept as a value
  TimeEqual,
  TimeNotEqual,
  TimeLess,
  TimeLessEqual,
  TimeGreater,
  TimeGreaterEqual,  // operands x, y (times), c (ticks): whether x - y == c, x - y < c, ...; where
                     // x or y is `least` c does not matter. `a < b` without ticks is a plain Less
  TimeMax2,
  TimeMin2,       // operands x, c, y, d: the later (earlier) of x + c and y + d; the first if equal
  TimeDifference  // operands x, y: x - y as a number of the range `type`; outside, or with `least`,
                  // is a model error
};

enum class ComprehensionKind { Set, Map, Sequence, Every, Some, Count, Sum, Max, Min };

struct Expr;
using ExprPtr = std::unique_ptr<Expr>;

/// Binds the slots, left to right, to every combination of elements of `set`; sets of later binders
/// may read earlier slots.
struct Binder {
  std::vector<int> slots;
  ExprPtr set;  // a set or sequence
};

/// value (and key for a map) for binders where condition. Every and Some: value is a condition.
/// Count: value is a condition that must hold for it to be counted. Max, Min: `otherwise` is the
/// default for no elements (else a model error).
struct Comprehension {
  ComprehensionKind kind = ComprehensionKind::Set;
  std::vector<Binder> binders;
  ExprPtr where;  // may be null
  ExprPtr key;    // Map only
  ExprPtr value;
  ExprPtr otherwise;
};

struct Expr {
  ExprKind kind = ExprKind::Constant;
  TypeId type;
  Span span;
  Value value;     // Constant, Param
  int index = -1;  // Param, Ghost (slot), Call, OtherCall (function), Field, RoleMember (role),
                   // MessagesInFlight
  int slot = -1;   // Local, Variable, OtherVariable
  std::vector<ExprPtr> operands;
  std::unique_ptr<Comprehension> comprehension;
};

struct Statement;
using Block = std::vector<Statement>;

/// What is assigned: a variable (or, in an object's code, a state of it, or a ghost), or a part of
/// it.
struct Place {
  enum class Root { Variable, Ghost };
  struct Step {
    enum class Kind { Field, MapKey, SequenceIndex } kind = Kind::Field;
    int field = -1;
    ExprPtr index;     // MapKey, SequenceIndex
    TypeId container;  // the type of what is being indexed
  };
  Root root = Root::Variable;
  int slot = -1;
  std::vector<Step> steps;
  TypeId type;  // of the place assigned: values outside it are a model error
  Span span;
};

enum class StatementKind {
  Let,        // local slot = value (not range checked)
  Choose,     // local slot = some element of the set `value`; every choice is a branch; empty is a
              // model error (in an action: no branch)
  Assign,     // place op value
  Call,       // procedure `index` with args; result into local `slot` if slot >= 0
  If,         // value, body, otherwise
  For,        // binders, where; body. `next` ends one turn
  Send,       // message `index` with args to `target`: a process, or a set of them if target_is_set
  Reply,      // message `index` with args, to the asker being handled, or to the token `target`
  Ask,        // see AskData
  WaitUntil,  // value
  Assert,     // value
  Sync,
  Return,  // value may be null
  Fail,
  Unknown,
  Next
};

enum class AssignOp {
  Set,
  Add,
  Subtract
};  // Add and Subtract also on sets (union, difference) and sequences (append)

/// Sends `message` to the target(s) and suspends. The ask's result in `result_slot`: One: the
/// reply, a tuple of its fields and then its sender; else the set of such tuples. It completes with
/// the `quorum`-th reply that counts; completing closes it and runs the next segment in the step
/// that delivers that reply. An ask of nobody (quorum 0) does not suspend.
struct AskData {
  enum class Count { One, All, Quorum };
  Count count = Count::One;
  ExprPtr quorum;    // Quorum
  int message = -1;  // the request; its reply is messages[message].reply
  std::vector<ExprPtr> args;
  ExprPtr target;        // One: a process; else a set of processes
  int it_slot = -1;      // where: the reply being judged
  ExprPtr where;         // may be null; evaluated when the reply arrives
  int result_slot = -1;  // -1: the result is not used
  TypeId result_type;
  bool has_else = false;
  /// `else after d`: d, in ticks; null for a plain else. It is read when the ask starts, in a
  /// segment that thereby reads the clock: the else may be taken by a reading >= that reading + d,
  /// and its segment has this reading.
  ExprPtr after;
  int replies_slot = -1;  // `replies` in the else block; -1 if not used
  Block otherwise;
  /// The segment behind a completed ask may read `now` (called functions included; code that the
  /// params rule out is not). Then it is a step of its own, a Resume, and not part of the delivery
  /// that completes the ask.
  bool next_reads_clock = false;
};

struct Statement {
  StatementKind kind = StatementKind::Next;
  Span span;
  int slot = -1;
  int index = -1;
  ExprPtr value;
  std::vector<ExprPtr> args;
  Place place;
  AssignOp op = AssignOp::Set;
  TypeId type;                  // Let, Choose: of the slot
  Block body, otherwise;        // If, For
  std::vector<Binder> binders;  // For
  ExprPtr where;                // For
  ExprPtr target;               // Send, Reply (may be null)
  bool target_is_set = false;   // Send
  ExprPtr after, after_most;    // Send: from how many ticks on it can be delivered, and the last of
                                // them; both null without `after`, after_most null: exactly `after`
  std::unique_ptr<AskData> ask;  // Ask
  /// Ask, WaitUntil: the local slots that may be read after it, sorted (for an ask without
  /// result_slot). A suspended activation forgets the others, so that equal futures are equal
  /// states.
  std::vector<int> live_slots;
  /// Assign to a ghost: the update may read `now`. Then it does, whether it comes to that or not.
  bool reads_clock = false;
};

/// The frame of one body of code: names and types of its local slots. Parameters come first.
struct Frame {
  struct Slot {
    std::string name;
    TypeId type;
  };  // compiler-made slots have names beginning with `$`
  std::vector<Slot> slots;
  int parameter_count = 0;
};

/// A caption's text with its holes: pieces.size() == holes.size() + 1.
struct Caption {
  std::vector<std::string> pieces;
  std::vector<ExprPtr> holes;
};

struct Code {
  Frame frame;
  Block block;
  ExprPtr guard;                       // `when`; may be null
  std::vector<std::string> conjuncts;  // of the guard, as written, white space folded
  std::optional<Caption> says;
  Span span;
};

struct Function {  // fn or merge
  std::string name;
  int role = -1;  // -1: of the protocol
  Frame frame;
  ExprPtr value;  // an expression body, or null and then
  Block block;    // a procedure's; never suspends
  TypeId result;
  bool has_result = false;
  bool is_merge = false;
  std::vector<int> merged_slots;  // merge: the variable slot each parameter is another copy of
  Span span;
};

struct Message {
  std::string name;
  std::vector<Type::Field> fields;
  int reply = -1;  // index of the reply's Message; -1 for one-way or for a reply
  bool is_reply = false;
  int request = -1;  // of a reply: its request
  TypeId tuple;      // of a reply: fields and then `sender` (what an ask gives)
  TypeId in_flight;  // Type::Kind::Message: fields, sender, receiver
  Span span;
};

/// Unsynced has two values: the one that code reads and writes, and what the last `sync` wrote to
/// disk. At a crash each such variable by itself keeps the first or falls back to the second.
enum class Storage { Parameter, Durable, Unsynced, Volatile };
struct Variable {
  std::string name;
  TypeId type;
  Storage storage = Storage::Durable;
  ExprPtr initial;
  Span span;
};  // initial: null for a Parameter set by the scenario

struct Handler {
  int message = -1;
  Code code;
};  // parameters are the message's fields
struct Action {
  std::string name;
  bool optional = false;
  std::vector<Binder> binders;
  ExprPtr binders_where;
  Code code;
};
struct Operation {
  int object = -1;
  int op = -1;
  int key_slot = -1;
  Code code;
};  // parameters: the key if any (slot key_slot), then the op's

struct Role {
  std::string name;
  int first_process = 0;  // global number
  int count = 1;
  bool single = false;              // declared without [n]: its name is the process
  std::vector<Variable> variables;  // parameters first, then in source order
  std::vector<Code> on_start, on_restart;
  std::vector<Handler> handlers;
  std::vector<Action> actions;
  std::vector<Operation> operations;
  /// Code of it that the params leave alive reads `now`, or a property does through a function.
  bool reads_clock = false;
  /// Its initial values, or its `on start`, may.
  bool reads_clock_at_start = false;
  Span span;

  /// The slots of the `durable unsynced` variables, in their order.
  std::vector<int> unsynced_slots() const {
    std::vector<int> slots;
    for (std::size_t i = 0; i < variables.size(); ++i)
      if (variables[i].storage == Storage::Unsynced) slots.push_back(static_cast<int>(i));
    return slots;
  }
};

enum class ObjectKind { Register, CasRegister, Counter, Set, Queue, Log, Lock, Written };
struct ObjectOp {
  std::string name;  // "read", "write", "cas", "add", ... as in D17
  std::vector<Type::Field> parameters;
  bool has_result = false;
  TypeId result;
  Frame frame;  // Written: the code, over states as Variable slots
  Block block;
};
struct Object {
  std::string name;
  ObjectKind kind = ObjectKind::Register;
  bool has_key = false;
  TypeId key;
  TypeId element;  // of T
  Value
      initial;  // Register, CasRegister, Log, Queue, ...: the value; Written: a tuple of the states
  std::vector<Type::Field> states;  // Written
  std::vector<ObjectOp> ops;
  Span span;
};

struct Param {
  std::string name;
  TypeId type;
  Value value;
  Span span;
  /// Its default or the scenario's setting, where that is made of other params: the value follows
  /// theirs. Else null.
  std::shared_ptr<const Expr> definition{};
};
struct Ghost {
  std::string name;
  TypeId type;
  Value initial;
  Span span;
};
struct Invariant {
  std::string name;
  ExprPtr value;
  Frame frame;
  Span span;
};

/// One argument of a scripted operation: exactly the listed values, each its own branch (one value
/// unless `any`).
struct Input {
  std::vector<Value> values;
};

struct Step {
  enum class Kind { Operation, AnyOperations, WaitUntil } kind = Kind::Operation;
  int object = -1;
  int op = -1;
  Input key;  // if the object has keys
  std::vector<Input> inputs;
  int pool =
      -1;  // AnyOperations: the pool it takes from, shared by the line's processes. The step stands
           // for any number of operations out of the pool; the script goes on behind it at any time
  ExprPtr condition;  // WaitUntil, over the whole state
  Frame frame;
  Span span;
};

struct Pool {
  int size = 0;
};

struct Fault {
  enum class Kind { Partition, Lose, Duplicate, Crash, Pause } kind = Kind::Partition;
  int limit = 0;              // how often in all
  int at_once = 0;            // 0: no limit of its own
  bool named = false;         // Partition: from/to given
  bool one_way = false;       // Partition: only from the first side to the second
  bool bridging = false;      // Partition: one process (with those at home there) is on both sides;
                              // named: from/to are what it bridges
  bool dropping = false;      // Partition: what meets the cut is lost
  std::vector<int> from, to;  // Partition, named: processes
  int message = -1;           // Lose, Duplicate: only this message
  std::vector<int> subjects;  // Crash, Pause: processes
  ExprPtr among;  // Crash, Pause of a set that depends on the state: only a subject that is in it
  Frame among_frame;
  Span span;
  std::string text;  // as written, white space folded
};

enum class PropertyKind {
  Linearizable,
  Regular,
  Safe,
  BoundedStaleness,
  Always,
  Never,
  Reachable,
  Eventually,
  EventuallyAlways,
  Whenever,  // whenever `condition`, eventually `consequence`
  NoAcknowledgedWriteLost,
  AcknowledgedWriteLost,
  AvailableTo,  // `audience`
  WithinHops,   // `operations`, `hops`
  Semilattice,
  Commutes,
  Inductive,    // `condition`: true at the start, and kept by every step from any state
  ConvergesOn,  // `condition`: those that live agree
  Unsupported
};
/// Whom `available to` promises an answer.
enum class Audience { All, Majority, Members };

/// Whether the property is judged by the operations that clients see, and by nothing else.
constexpr bool is_about_histories(PropertyKind kind) {
  return kind == PropertyKind::Linearizable || kind == PropertyKind::Regular ||
         kind == PropertyKind::Safe || kind == PropertyKind::BoundedStaleness;
}

struct Expectation {
  PropertyKind kind = PropertyKind::Linearizable;
  bool negated = false;
  std::optional<bool> iff;  // at this point: what the condition after `iff` says
  int object = -1;          // of a property of histories: only this object; -1 for all
  int staleness = 1;        // BoundedStaleness: a read returns one of so many newest values
  int stale_ticks = -1;     // or, if not -1, what was current up to so many ticks before it began
  ExprPtr condition;        // of a property of states or runs, over the whole state
  Frame frame;
  /// What the condition looks at: clocks of processes (`p.f()` where f reads `now`), true time (a
  /// `now` of nobody).
  bool reads_clocks = false;
  bool reads_true_time = false;
  ExprPtr consequence;  // Whenever: what has to come, over the whole state
  Frame consequence_frame;
  std::vector<std::pair<int, int>> operations;  // WithinHops: (object, operation)
  int hops = 0;                                 // WithinHops
  Audience audience = Audience::All;            // AvailableTo
  ExprPtr members;  // AvailableTo, Members: a process or a set of them, over the whole state
  int merge = -1;   // Semilattice: which function
  std::vector<int> messages;  // Commutes: whose effects
  /// Semilattice: what follows `given` (may be null), over the variables of a process and the
  /// merge's parameters, which are another copy. Inductive: over params alone.
  ExprPtr given;
  Frame given_frame;
  std::vector<int> free_params;  // Inductive: those that `given` names: any that satisfy it
  /// And those whose value follows theirs, each behind what it follows.
  std::vector<int> derived_params;
  std::vector<std::string> conjuncts;  // Inductive: of the condition, as written
  /// ConvergesOn, over the whole state, in the slots of `frame`: the set of all tuples of what is
  /// bound (processes that are up among it) and what is held there.
  ExprPtr held;
  std::string text;  // the property as written, white space folded: "linearizable", "always agreed"
  std::string slug;  // for file names: words joined by hyphens
  Span span;
};

/// What the clocks of the processes show (SEMANTICS 3.1), in ticks. Neither `is_free` nor `within`
/// nor `drift`: a clock shows true time, but for its jumps.
struct Clocks {
  bool is_free = false;  // any reading that is not before the last one
  int within = -1;       // readings are that near to true time; -1: not said
  int drift_ticks = 0;   // of any `drift_per` ticks in a row a clock may stand still, or go two
  int drift_per = 0;     // forward, in that many; drift_per 0: not said
  int jumps = 0;  // how many jumps in all, by jump_low..jump_high ticks (any number of them if
  std::int64_t jump_low = 0, jump_high = 0;  // jump_any); a jump stays in the clock
  bool jump_any = false;
  std::shared_ptr<const Expr> within_expr;  // what follows `within`, of params; null without it
  Span span;

  /// Whether a clock may show several times at one moment. (One that drifts shows what it has
  /// counted.)
  bool may_vary() const { return is_free || (within > 0 && drift_per == 0); }
};

/// How many ticks a message is on its way.
struct Delay {
  int least = 0;
  int most = -1;  // -1: no bound
};

struct Scenario {
  std::string name;
  std::string doc;
  std::vector<std::pair<std::string, Value>>
      point;                 // swept params and their values here; empty if not swept
  std::string point_suffix;  // "" or ".skew-2.guard-3", for file names
  bool network_kept = false;
  bool network_fifo = false;
  std::optional<Clocks> clocks;
  std::optional<Delay> delay;  // `network delay`
  /// Code that the params leave alive, or a property, reads `now`: then clocks are given.
  bool reads_clock = false;
  /// `network delay`, or a live `send ... after`: messages have a last moment, and a tick waits for
  /// activations that can go on.
  bool is_timely = false;
  std::vector<std::vector<Step>> scripts;  // per process (global number); may be empty
  std::vector<Pool> pools;
  /// The choices of the role parameters: [choice][process] -> values of the role's Parameter
  /// variables, in order.
  std::vector<std::vector<std::vector<Value>>> parameter_choices;
  std::vector<Fault> faults;
  std::vector<Expectation> expectations;
  bool has_unsupported = false;  // some line was left out, with a "not supported yet" diagnostic
  Span span;
  bool counts_ticks = false;      // an expectation counts ticks of true time
  bool wait_reads_clock = false;  // the condition of some live `wait until` may read `now`
  /// Whether true time is part of the state: else there are no ticks.
  bool has_ticks() const { return reads_clock || is_timely || counts_ticks; }
};

struct Protocol {
  std::string name;
  std::string doc;
  TypeTable types;
  std::vector<Param> params;
  std::vector<Message> messages;
  std::vector<Role> roles;
  std::vector<Object> objects;
  std::vector<Ghost> ghosts;
  std::vector<Function> functions;
  std::vector<Invariant> invariants;
  /// (from, to): some message goes from a process of the one role to one of the other.
  std::set<std::pair<int, int>> role_links;
  Scenario scenario;

  int process_count() const { return static_cast<int>(types.processes().size()); }
  /// Whether a message may ever go from one process to the other. A cut that blocks no such link is
  /// no fault (SEMANTICS 2.1).
  bool is_used_link(int source, int destination) const {
    const auto role = [this](int process) {
      return types.processes()[static_cast<std::size_t>(process)].role;
    };
    return source != destination && role_links.contains({role(source), role(destination)});
  }
  /// The slot of the role's param `home`, which places its processes (D21); -1 if it has none.
  int home_slot(const Role& role) const {
    for (std::size_t slot = 0; slot < role.variables.size(); ++slot)
      if (role.variables[slot].storage == Storage::Parameter &&
          role.variables[slot].name == "home" &&
          types.at(role.variables[slot].type).kind == Type::Kind::Process)
        return static_cast<int>(slot);
    return -1;
  }
  const Role& role_of(int process) const {
    return roles[static_cast<std::size_t>(
        types.processes()[static_cast<std::size_t>(process)].role)];
  }
};

}  // namespace capstan::model
