// SPDX-License-Identifier: MIT
// body: checks and desugars one body of code (a handler, a guard, a function, a property, ...) in
// its scopes.
//
// From: typed/elaboration. Expressions are checked with a hint, the type that their place expects,
// from which `none`, `{}`, `[]`, `all v`, unnamed tuples and ambiguous enumerators take theirs.
// Asks, procedure calls and `any` inside an expression become statements before it (D4, D9): they
// are appended to `pending_`, the block being written, and leave a Local behind. Split by idea:
// body.cpp (scope), names.cpp, expressions.cpp, operators.cpp, times.cpp, calls.cpp,
// comprehensions.cpp, literals.cpp, statements.cpp, messages.cpp (send, reply, ask).
#pragma once

#include <array>
#include <limits>
#include <optional>
#include <string>
#include <vector>

#include "model/typed/elaboration.hpp"

namespace capstan::model {

enum class BodyKind {
  Constant,  // only params and constants
  Initial,   // of a variable: self and role params too
  Handler,
  Action,
  Operation,
  Start,
  Function,  // fn, by value or by block
  Merge,
  ObjectOp,  // of a written-out object: its states
  Property,  // the whole state, no process of its own
  Script     // a script's `wait until`
};

/// What a place expects: the type, and for the message what the place is and where its type comes
/// from.
struct Want {
  TypeId type;
  std::string what{};         // "argument `tag` of `Store`"
  Span origin{};              // where the type comes from; empty if nowhere in particular
  std::string origin_text{};  // "declared here"
};

class Body {
 public:
  Body(Elaboration& elaboration, BodyKind kind, int role = -1);

  Frame frame;
  int message = -1;  // Handler: what is handled
  int own_slot =
      std::numeric_limits<int>::max();  // Initial: of a param; only earlier ones have a value
  const Object* object = nullptr;       // ObjectOp: whose states; Operation: what is implemented
  const ObjectOp* operation = nullptr;  // ObjectOp, Operation
  std::vector<int> merged_slots;        // Merge: the variables it may assign
  FunctionState* function = nullptr;    // Function: notes implicit replies here
  bool may_see_clocks = false;          // Property: judged for every reading that is admissible
  /// Property: the process (in a local slot) whose variables, functions and `self` are meant by
  /// names alone, as in `converges on value`; role -1: nobody's.
  struct Speaker {
    int role = -1;
    int slot = -1;
  } speaker;

  // --- scope
  /// A named local, in a new slot or in `slot`; refuses shadowing.
  int declare(const ast::Name& name, TypeId type, int slot = -1);
  int hidden(const std::string& name, TypeId type);    // a slot that the source cannot name
  void parameter(const ast::Name& name, TypeId type);  // `_` takes a slot and no name
  /// The binders of an action: its parameters, so their slots come first.
  std::vector<Binder> parameter_binders(const std::vector<ast::Binder>& list);
  void refuse_clock_in_parameters(const Action& action);

  // --- expressions
  ExprPtr check(const ast::Expr& expr, TypeId hint = {});
  ExprPtr expect(const ast::Expr& expr, const Want& want);
  ExprPtr condition(const ast::Expr& expr, const std::string& what);
  /// A set or sequence to go through; a role declared without a count stands for the set of it.
  ExprPtr collection(const ast::Expr& expr, const std::string& what);
  ExprPtr as_collection(ExprPtr value, const std::string& what);
  /// As `condition`, where nothing may suspend or call a procedure.
  ExprPtr guard(const ast::Expr& expr, const std::string& what);
  std::vector<Binder> binders(const std::vector<ast::Binder>& list, bool first_may_suspend = false);
  std::optional<Caption> caption(const ast::Caption& caption);

  // --- statements
  Block block(const ast::Block& statements);
  /// Procedures: the type of what `return` gives; nullopt if nothing.
  std::optional<TypeId> returned() const { return returned_; }
  bool returns_nothing() const { return returns_nothing_; }

  void fit(Expr& expr,
           const Want& want);  // reports a misfit, else gives the expression the wanted type
  BodyKind kind() const { return kind_; }

 private:
  struct Local {
    std::string name;
    int slot = -1;
    Span span;
  };
  /// Nothing may suspend while one of these lives.
  class Lazy {
   public:
    Lazy(Body& body, const char* where) : body_(body), before_(body.lazy_where_) {
      if (before_ == nullptr) body_.lazy_where_ = where;
    }
    ~Lazy() { body_.lazy_where_ = before_; }
    Lazy(const Lazy&) = delete;
    Lazy& operator=(const Lazy&) = delete;

   private:
    Body& body_;
    const char* before_;
  };
  /// Names declared while one of these lives go out of scope with it.
  class Scoped {
   public:
    explicit Scoped(Body& body) : body_(body), size_(body.locals_.size()) {}
    ~Scoped() { body_.locals_.resize(size_); }
    Scoped(const Scoped&) = delete;
    Scoped& operator=(const Scoped&) = delete;

   private:
    Body& body_;
    std::size_t size_;
  };

  TypeTable& types() { return elaboration_.types(); }
  Diagnostic& error(const char* code, Span span, std::string text, std::string label = "") {
    return elaboration_.error(code, span, std::move(text), std::move(label));
  }
  const Local* find_local(const std::string& name) const;
  bool refuse_inlined(Span span);

  // names.cpp
  ExprPtr check_name(const ast::Expr& expr, TypeId hint);
  ExprPtr check_builtin_name(const ast::Expr& expr, TypeId hint);
  ExprPtr check_asker(const ast::Expr& expr);
  ExprPtr check_sender(const ast::Expr& expr);
  ExprPtr check_self(const ast::Expr& expr);
  ExprPtr check_variable(const ast::Expr& expr, int slot);
  ExprPtr check_ghost(const ast::Expr& expr, int slot);
  ExprPtr check_invariant(const ast::Expr& expr, int index);
  ExprPtr check_enumerator(const ast::Expr& expr, const std::vector<Enumerator>& found,
                           TypeId hint);
  ExprPtr unknown_name(const ast::Expr& expr);
  ExprPtr check_upper_name(const ast::Expr& expr, TypeId hint);
  ExprPtr check_role_name(const ast::Expr& expr, int role, TypeId hint);
  ExprPtr check_type_name(const ast::Expr& expr);
  ExprPtr check_in_flight(const ast::Expr& expr, const std::vector<int>& messages);
  ExprPtr check_role_member(const ast::Expr& expr);

  // expressions.cpp
  ExprPtr check_field(const ast::Expr& expr);
  ExprPtr check_other_variable(const ast::Expr& expr, ExprPtr process);
  ExprPtr other_variable(int role, int slot, ExprPtr process, Span span);
  ExprPtr other_call(const ast::Expr& expr, int index, ExprPtr process);
  ExprPtr speaking_process(Span span);
  ExprPtr unknown_field(const ast::Expr& expr, const Expr& operand);
  ExprPtr check_index(const ast::Expr& expr);
  ExprPtr check_role_index(const ast::Expr& expr, int role);
  ExprPtr check_slice(const ast::Expr& expr, ExprPtr sequence);
  ExprPtr check_force(const ast::Expr& expr, TypeId hint);
  ExprPtr check_if(const ast::Expr& expr, TypeId hint);
  ExprPtr check_method_call(const ast::Expr& expr);

  // literals.cpp
  ExprPtr check_tuple(const ast::Expr& expr, TypeId hint);
  ExprPtr check_collection_literal(const ast::Expr& expr, TypeId hint, bool is_set);
  ExprPtr check_map(const ast::Expr& expr, TypeId hint);
  bool refuse_braces(const ast::Expr& expr, TypeId hint);
  ExprPtr check_constant_map(const ast::Expr& expr, TypeId hint);
  /// Reports numbers written out that are certainly outside the type; true if there are any.
  bool refuse_outside(const Expr& expr, TypeId type, const Want& want);
  void explain_misfit(Diagnostic& diagnostic, const Expr& expr, TypeId to);

  // operators.cpp
  ExprPtr check_unary(const ast::Expr& expr, TypeId hint);
  ExprPtr check_binary(const ast::Expr& expr, TypeId hint);
  ExprPtr check_logic(const ast::Expr& expr, ExprKind kind);
  ExprPtr check_equality(const ast::Expr& expr, ExprKind kind);
  ExprPtr check_order(const ast::Expr& expr);
  ExprPtr check_membership(const ast::Expr& expr, ExprKind kind);
  ExprPtr check_arithmetic(const ast::Expr& expr, TypeId hint);
  ExprPtr check_coalesce(const ast::Expr& expr, TypeId hint);
  ExprPtr check_but(const ast::Expr& expr, TypeId hint);
  ExprPtr check_range(const ast::Expr& expr);
  ExprPtr number(const ast::Expr& expr, const std::string& what);
  std::pair<ExprPtr, ExprPtr> check_pair(const ast::Expr& left, const ast::Expr& right);
  ExprPtr wrong_operands(const ast::Expr& expr, const Expr& left, const Expr& right);

  // times.cpp
  ExprPtr check_now(const ast::Expr& expr);
  /// A number written out as an initial time is one of ticks from the start.
  void take_as_time(Expr& expr, TypeId wanted);
  /// Differences of times that stand directly in the comparison about to be checked are allowed.
  void remember_differences(const ast::Expr& left, const ast::Expr& right);
  /// The comparison, if it is one of times that involves ticks; else null, and the sides are left.
  ExprPtr compare_times(const ast::Expr& expr, ExprPtr& left, ExprPtr& right);
  /// The sum or difference, if times take part in a way that has a meaning; else null.
  ExprPtr calculate_with_times(const ast::Expr& expr, TypeId hint, ExprPtr& left, ExprPtr& right);
  /// The `max` or `min`, if it is one of times moved by ticks; else null.
  ExprPtr extreme_of_times(const ast::Expr& expr, ExprPtr& left, ExprPtr& right);
  ExprPtr sum_of_ticks(ExprPtr a, ExprPtr b, bool subtract, Span span);
  ExprPtr refuse_difference(Span span);
  void explain_times(Diagnostic& diagnostic, TypeId from, TypeId to);
  /// What `after` says of a message.
  void send_window(const ast::Expr& written, Statement& send);
  /// Reports a call that may read the clock where that has no meaning yet; true if it does.
  bool refuse_clock(const Expr& expr, const std::string& called);
  /// What stands at a place, as an expression.
  ExprPtr value_at(const Place& place);

  // calls.cpp
  ExprPtr check_call(const ast::Expr& expr, TypeId hint);
  ExprPtr check_function_call(const ast::Expr& expr, int index);
  ExprPtr check_builtin_call(const ast::Expr& expr, TypeId hint);
  ExprPtr check_extreme(const ast::Expr& expr, TypeId hint);
  ExprPtr check_extreme_of_two(const ast::Expr& expr, TypeId hint);
  ExprPtr check_process_call(const ast::Expr& expr);
  bool argument_count(const ast::Expr& expr, std::size_t count);
  std::vector<ExprPtr> arguments(const std::vector<ast::Arg>& args,
                                 const std::vector<Type::Field>& fields, const std::string& of,
                                 Span span, std::optional<Span> origin);

  // comprehensions.cpp
  ExprPtr check_comprehension(const ast::Expr& expr, TypeId hint, ComprehensionKind kind);
  ExprPtr check_comprehension_call(const ast::Expr& expr, TypeId hint);
  void check_comprehension_value(const ast::Expr& expr, TypeId hint, Expr& result);

  // statements.cpp
  void statement(const ast::Statement& statement);
  void let_statement(const ast::Statement& statement);
  void assign_statement(const ast::Statement& statement);
  bool place_root(const ast::Place& place, Place& result, TypeId& type);
  bool place_steps(const ast::Place& place, Place& result, TypeId type);
  void call_statement(const ast::Statement& statement);
  struct BranchRange {
    std::size_t first, last;
    int done;  // the slot that a branch sets when it runs; -1 for none
  };
  void if_statement(const ast::Statement& statement);
  void branches(const ast::Statement& statement, BranchRange range);
  Statement let_constant(int slot, bool value, Span span);
  static bool all_branches_leave(const Block& block, const ast::Statement& chain);
  void for_statement(const ast::Statement& statement);
  void sync_statement(const ast::Statement& statement);
  void wait_statement(const ast::Statement& statement);
  void return_statement(const ast::Statement& statement);
  void leave_statement(const ast::Statement& statement);
  /// A value after `=` or `return`: also an ask or an `any`.
  ExprPtr value(const ast::Expr& expr, const Want& want);
  ExprPtr choose(const ast::Expr& set, Span span);
  bool may_suspend(Span span, const char* what);
  void push(Statement statement) { pending_->push_back(std::move(statement)); }

  // messages.cpp
  void send_statement(const ast::Statement& statement);
  void reply_statement(const ast::Statement& statement);
  ExprPtr reply_target(const ast::Statement& statement, int& request);
  std::optional<int> request_of_reply(const ast::Statement& statement, const std::string& name,
                                      Span span);
  std::vector<ExprPtr> message_arguments(const ast::MessageExpr& message, int index);
  /// Appends the ask; the slot of its result, of type `type`.
  int ask(const ast::Ask& ask, bool used, TypeId& type, const ast::Name* name = nullptr);
  ExprPtr ask_value(const ast::Ask& ask);
  void ask_target(const ast::Ask& ask, AskData& data);
  void ask_quorum(const ast::Ask& ask, AskData& data);
  void ask_otherwise(const ast::Ask& ask, bool used, AskData& data, TypeId tuple);
  void require_handler(const Expr& target, int message_index, Span span);
  std::optional<int> request(const ast::Name& name, bool wants_reply);

  Elaboration& elaboration_;
  BodyKind kind_;
  int role_;
  std::vector<Local> locals_;
  std::set<int> slots_read_;
  Block* pending_ = nullptr;
  const char* lazy_where_ = nullptr;
  bool ghosts_visible_ = false;
  int loops_ = 0;
  std::optional<TypeId> returned_;
  bool returns_nothing_ = false;
  std::array<const ast::Expr*, 2> compared_{};  // the sides of the comparison being checked
};

/// A node with its type and place; the rest is filled in by the caller.
ExprPtr make_expr(ExprKind kind, TypeId type, Span span);
ExprPtr make_constant(Value value, TypeId type, Span span);
ExprPtr make_local(int slot, TypeId type, Span span);
/// Stands for an expression that had an error.
ExprPtr make_unknown(Span span);
ExprPtr clone(const Expr& expr);
/// Whether an error is hidden somewhere in the expression.
bool has_unknown(const Expr& expr);
/// The params that an evaluation may read, functions included.
std::set<int> params_read(const Protocol& protocol, const Expr& expr);
/// The other params whose values follow from these, each behind all that it follows.
std::vector<int> params_that_follow(const Protocol& protocol, const std::set<int>& given);
/// How many locals an evaluation of the expression needs.
int slots_used(const Expr& expr);
/// Whether values of the type contain times.
bool holds_time(const TypeTable& types, TypeId id);
/// Whether control can reach the end of the block.
bool falls_through(const Block& block);
/// Calls `visit` on every node of the expression, parents first.
template <typename Visit>
void for_each_node(const Expr& expr, Visit&& visit);

template <typename Visit>
void for_each_node(const Expr& expr, Visit&& visit) {
  visit(expr);
  for (const ExprPtr& operand : expr.operands) {
    if (operand) for_each_node(*operand, visit);
  }
  if (!expr.comprehension) return;
  const Comprehension& inner = *expr.comprehension;
  for (const Binder& binder : inner.binders) for_each_node(*binder.set, visit);
  for (const ExprPtr* part : {&inner.where, &inner.key, &inner.value, &inner.otherwise}) {
    if (*part) for_each_node(**part, visit);
  }
}

}  // namespace capstan::model
