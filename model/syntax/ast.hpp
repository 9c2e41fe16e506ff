// SPDX-License-Identifier: MIT
// ast: the syntax tree of one .cap file, exactly what the grammar says and nothing resolved.
//
// From: syntax/parser. To: syntax/printer, typed/typecheck. Covers the whole grammar of
// model/README.md, also the constructs that the type checker still refuses. Trees own their
// children and are moved, not copied.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "model/source/source_file.hpp"

namespace capstan::model::ast {

/// A name and where it stands.
struct Name {
  std::string text;
  Span span;
};

struct Expr;
struct Statement;
struct Type;
using ExprPtr = std::unique_ptr<Expr>;
using TypePtr = std::unique_ptr<Type>;
using Block = std::vector<Statement>;

/// `a, b in S`; `names` are bound to elements of `set`.
struct Binder {
  std::vector<Name> names;
  ExprPtr set;
};

/// `a in S, b in T where c`; later binders may use earlier ones.
struct Binders {
  std::vector<Binder> list;
  ExprPtr where;  // may be null
};

/// `[name:] expr`
struct Arg {
  std::optional<Name> name;
  ExprPtr value;
};

/// `Message(args)`
struct MessageExpr {
  Name name;
  std::vector<Arg> args;
  Span span;
};

/// `ask [q of] S: M where c else after d { }`
struct Ask {
  enum class Count { One, All, Expr };  // `ask p: M`, `ask all of S: M`, `ask q of S: M`
  Count count = Count::One;
  ExprPtr quorum;    // Count::Expr
  bool any = false;  // `ask any S: M` (only with Count::One)
  ExprPtr target;
  MessageExpr message;
  ExprPtr where;  // may be null
  bool has_else = false;
  ExprPtr after;    // `else after d`; may be null
  Block otherwise;  // the else block
  Span span;
};

enum class ExprKind {
  Integer,    // number
  Name,       // name: variable, param, enumerator, true, false, none, least, self, now, sender, ...
  UpperName,  // name: a role, a type, a message's name
  RoleMember,     // name + number: `Replica 1`
  Call,           // name(args) -- also built-in functions on plain arguments
  Comprehension,  // name(operands[0] for binders [, default: operands[1]]), name = every, max, ...
  MethodCall,     // operands[0] . name(args)
  Field,          // operands[0] . name
  Index,          // operands[0] [ operands[1] ]   (operands[1] may be a Range: a slice)
  Force,          // operands[0] !
  Tuple,          // args, at least two, or one that is named
  Parenthesized,  // operands[0]; kept for the printer
  Ask,            // (ask ...), in `ask`
  Set,            // { operands }
  Map,            // { operands[0]: operands[1], operands[2]: operands[3], ... }
  SetComprehension,       // { operands[0] for binders }
  MapComprehension,       // { operands[0]: operands[1] for binders }
  Sequence,               // [ operands ]
  SequenceComprehension,  // [ operands[0] for binders ]
  Unary,                  // op operands[0];   op: - not all
  Binary,  // operands[0] op operands[1]; op: implies or and == != < <= > >= in "not in" ?? .. + -
           // but * / %
  If,      // if operands[0] then operands[1] else operands[2]
  Any,     // `any S`: only as a value or a script's input; operands[0] is null for a bare `any`
  Error    // what the parser could not read; a diagnostic was given
};

struct Expr {
  ExprKind kind = ExprKind::Error;
  Span span;
  Span op_span;             // the operator, the dot's name, the `!`
  std::string op;           // Unary, Binary
  Name name;                // Name, UpperName, RoleMember, Call, Comprehension, MethodCall, Field
  std::int64_t number = 0;  // Integer, RoleMember
  std::vector<ExprPtr> operands;
  std::vector<Arg> args;     // Call, MethodCall, Tuple
  Binders binders;           // comprehensions
  std::unique_ptr<Ask> ask;  // Ask
  std::uint32_t height =
      1;  // nodes on the longest way down, this one counted; the parser bounds it
};

enum class TypeKind {
  Bool,
  Int,
  Time,
  Process,
  Named,
  Range,
  Asker,
  Enumeration,
  Tuple,
  Option,
  Set,
  Map,
  Sequence,
  Error
};

/// name: name, type
struct Field {
  Name name;
  TypePtr type;
};

struct Type {
  TypeKind kind = TypeKind::Error;
  Span span;
  Name name;                      // Named, Asker (the message)
  ExprPtr low, high;              // Range; `high` also the bound of a Sequence
  std::vector<Name> enumerators;  // Enumeration
  std::vector<Field> fields;      // Tuple
  TypePtr key, element;           // Map: key and element; Option, Set, Sequence: element
};

enum class TargetKind { One, Any };

enum class StatementKind {
  Let,        // let name = value
  Assign,     // place op value; op: = += -=
  Call,       // name(args): a procedure or a merge
  If,         // branches (condition, block), optional else
  For,        // for binders { block }
  Send,       // send message to [any] target [after delay]
  Reply,      // reply (message | ask) [to recipient]
  Ask,        // ask ...
  WaitUntil,  // wait until value
  Assert,     // assert value
  Sync,
  Return,  // return [value]
  Fail,
  Unknown,
  Next,
  Error
};

/// x.field[index]...: a place that can be assigned
struct Place {
  struct Step {
    std::optional<Name> field;  // .field
    ExprPtr index;              // [index]
  };
  Name root;
  std::vector<Step> steps;
  Span span;
};

struct Branch {
  ExprPtr condition;
  Block block;
};

struct Statement {
  StatementKind kind = StatementKind::Error;
  Span span;
  Name name;              // Let, Call
  Place place;            // Assign
  std::string op;         // Assign
  ExprPtr value;          // Let, Assign, WaitUntil, Assert, Return; may be ExprKind::Ask or Any
  std::vector<Arg> args;  // Call
  std::vector<Branch> branches;        // If
  bool has_else = false;               // If
  Block block;                         // If: the else block; For: the body
  Binders binders;                     // For
  std::optional<MessageExpr> message;  // Send, Reply
  bool any = false;                    // Send: to any
  ExprPtr target;                      // Send: to; Reply: to (may be null)
  ExprPtr after;                       // Send (may be null)
  std::unique_ptr<Ask> ask;            // Ask, Reply of an ask
};

/// `Name(fields)`
struct Signature {
  Name name;
  std::vector<Field> fields;
  Span span;
};

struct Param {
  Name name;
  TypePtr type;
  ExprPtr value;
  Span span;
};  // type may be null; role params: value may be null
struct TypeDecl {
  Name name;
  TypePtr type;
  Span span;
};
struct Ghost {
  Name name;
  TypePtr type;
  ExprPtr value;
  Span span;
};
struct Invariant {
  Name name;
  ExprPtr value;
  Span span;
};
struct Message {
  Signature request;
  std::optional<Signature> reply;
  Span span;
};

struct ObjectOp {
  Name name;
  std::vector<Field> fields;
  TypePtr result;
  Block block;
  Span span;
};
struct ObjectState {
  Name name;
  TypePtr type;
  ExprPtr value;
  Span span;
};
struct Object {
  Name name;
  std::optional<Name> key;      // object x[Key]
  std::optional<Name> builtin;  // register, counter, ...; none if written out
  TypePtr element;              // of T; may be null
  ExprPtr initial;              // = expr; may be null
  std::vector<ObjectState> states;
  std::vector<ObjectOp> ops;
  Span span;
};

struct Variable {
  enum class Kind { Durable, DurableUnsynced, Volatile };
  Kind kind = Kind::Durable;
  Name name;
  TypePtr type;
  ExprPtr value;
  Span span;
};
/// A piece of a caption: literal text (`{{` is one brace already), or the value of an expression.
struct CaptionPart {
  std::string text;
  ExprPtr value;
};  // value is null for a text
struct Caption {
  std::string text;
  Span span;  // the raw string between the quotes; span has the quotes
  std::vector<CaptionPart> parts;
};
struct StartBlock {
  bool restart = false;
  Block block;
  Span span;
};
struct Handler {
  Name message;
  std::vector<Name> parameters;  // "_" for one not wanted
  ExprPtr when;
  std::optional<Caption> says;
  Block block;
  Span span;
};
struct Action {
  bool optional = false;
  Name name;
  Binders binders;
  bool has_binders = false;
  ExprPtr when;
  std::optional<Caption> says;
  Block block;
  Span span;
};
struct Operation {
  Name object;
  std::optional<Name> key;
  Name name;
  std::vector<Name> parameters;
  std::optional<Caption> says;
  Block block;
  Span span;
};
struct Merge {
  Name name;
  struct Pair {
    Name theirs, mine;
  };
  std::vector<Pair> pairs;
  Block block;
  Span span;
};
struct Function {
  Name name;
  std::vector<Field> parameters;
  TypePtr result;  // result may be null
  ExprPtr value;   // `= expr`, or null and then:
  Block block;
  Span span;
};

struct Role {
  Name name;
  ExprPtr count;  // count may be null: one process
  std::vector<Param> params;
  std::vector<Variable> variables;
  std::vector<StartBlock> starts;
  std::vector<Handler> handlers;
  std::vector<Action> actions;
  std::vector<Operation> operations;
  std::vector<Merge> merges;
  std::vector<Function> functions;
  Span span;
};

struct Setting {
  Name name;
  ExprPtr value;
};  // value may be ExprKind::Any with no operand

struct Step {
  enum class Kind { Operation, AnyOperations, WaitUntil };
  Kind kind = Kind::Operation;
  std::optional<Name> object;
  ExprPtr key;  // x[key].op(...)
  Name name;
  std::vector<ExprPtr> inputs;  // an input may be ExprKind::Any with no operand
  ExprPtr value;                // count of AnyOperations; condition of WaitUntil
  Span span;
};

struct Subject {  // each Role / Role 1 / Role [with ...] [does ...]
  bool each = false;
  Name role;
  std::int64_t number = 0;
  bool is_alone = false;  // neither `each` nor a number: the role has one process
  std::vector<Setting> settings;
  std::vector<Step> steps;
  Span span;
};

struct Clock {
  enum class Kind { Perfect, Free, Within, Drift, Jump } kind = Kind::Perfect;
  ExprPtr first, second;
  Span span;
};
struct Network {
  enum class Kind { Fifo, Kept, Delay } kind = Kind::Kept;
  ExprPtr delay;
  Span span;
};
struct Fault {
  enum class Kind { Partition, Lose, Duplicate, Crash, Pause } kind = Kind::Partition;
  ExprPtr from, to;  // partition S from T; may be null
  bool one_way = false, bridging = false, dropping = false;
  std::optional<Name> message;  // lose M, duplicate M
  ExprPtr subject;              // crash S, pause S
  ExprPtr limit, at_once;       // up to k[, at most m at once]
  Span span;
};
struct Circumstances {  // subjects, faults, clocks, network of a scenario or a card
  std::vector<Subject> subjects;
  std::vector<Fault> faults;
  std::vector<Clock> clocks;
  std::optional<Span> clocks_span;
  std::vector<Network> networks;
};

struct Property {
  /// Words of a consistency model joined by spaces are one kind each.
  enum class Kind {
    Linearizable,
    Sequential,
    Causal,
    CausalConvergent,
    Pram,
    Regular,
    Safe,
    ReadYourWrites,
    MonotonicReads,
    MonotonicWrites,
    WritesFollowReads,
    BoundedStaleness,
    ConvergesOn,
    AvailableTo,
    AcknowledgedWriteLost,
    NoAcknowledgedWriteLost,
    WithinHops,
    Semilattice,
    Commutes,
    Always,
    Never,
    Reachable,
    Inductive,
    Eventually,
    EventuallyAlways,
    Whenever
  };
  Kind kind = Kind::Linearizable;
  std::optional<Name> name;  // `of object`, the operation of WithinHops, the merge of Semilattice
  std::vector<Name> names;   // the messages of Commutes
  ExprPtr first, second;     // expressions in the order of the grammar
  Binders binders;           // converges on (e for binders)
  bool all = false;          // available to all
  bool ticks = false;        // bounded staleness k ticks
  Span span;
};
struct Expectation {
  bool negated = false;
  Property property;
  ExprPtr iff;
  Span span;
};

struct Scenario {
  std::string doc;
  Name name;
  std::vector<Setting> settings;
  Circumstances circumstances;
  std::vector<Binder> sweep;  // for skew in 0..3, guard in 0..4
  ExprPtr sweep_where;        // may be null
  std::vector<Expectation> expectations;
  Span span;
};
struct CardCase {
  Name name;
  Circumstances circumstances;
  Span span;
};
struct Card {
  std::vector<Setting> settings;
  Circumstances circumstances;
  std::vector<CardCase> cases;
  Span span;
};

/// One declaration in source order: which list of File it is in, and where. For the printer.
struct DeclRef {
  enum class Kind {
    Param,
    Type,
    Ghost,
    Invariant,
    Message,
    Object,
    Role,
    Function,
    Scenario,
    Card
  };
  Kind kind;
  std::size_t index;
};

struct File {
  std::optional<std::int64_t> version;
  std::string doc;  // the /// comment before `protocol`, lines joined by newlines
  Name name;
  std::vector<Param> params;
  std::vector<TypeDecl> types;
  std::vector<Ghost> ghosts;
  std::vector<Invariant> invariants;
  std::vector<Message> messages;
  std::vector<Object> objects;
  std::vector<Role> roles;
  std::vector<Function> functions;
  std::vector<Scenario> scenarios;
  std::vector<Card> cards;
  std::vector<DeclRef> order;
};

}  // namespace capstan::model::ast
