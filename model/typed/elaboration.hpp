// SPDX-License-Identifier: MIT
// elaboration: what the files of the type checker share while one point of one scenario is
// elaborated.
//
// From: typed/typecheck. To: typed/body (code), typed/scenario_*. Names are collected first;
// params, types and functions are then elaborated on demand (their order in the file does not
// matter), each with a progress mark that finds circles. An expression that had an error has the
// type Unknown, which agrees with everything: one cause, one error.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/syntax/ast.hpp"
#include "model/typed/fits.hpp"
#include "model/typed/protocol.hpp"
#include "model/typed/typecheck.hpp"

namespace capstan::model {

enum class Progress { Untouched, Running, Done };

struct Enumerator {
  TypeId type;
  std::int64_t position = 0;
  Span span;
};

/// What a value's name stands for elsewhere, for the message that it may not be declared again.
struct Declared {
  std::string what;  // "a param", "a variable of `Replica`"
  Span span;
};

/// `reply M()` without `to` inside a procedure: whoever calls it must be answering M.
struct ImplicitReply {
  std::string message;
  Span span;
};

struct FunctionState {
  const ast::Function* function = nullptr;  // or
  const ast::Merge* merge = nullptr;
  Progress progress = Progress::Untouched;
  bool has_signature = false;
  std::vector<Type::Field> parameters{};  // known before any body is
  std::vector<ImplicitReply> replies{};
  int depth = 0;  // calls inside each other on the longest way down
};

/// Positions in a list of things that have a `name`, found without going through it; of equal names
/// the first. Only for lists that grow at their end.
class NameIndex {
 public:
  template <typename List>
  std::optional<int> find(const List& list, const std::string& name) {
    for (; known_ < list.size(); ++known_)
      positions_.emplace(list[known_].name, static_cast<int>(known_));
    const auto found = positions_.find(name);
    return found == positions_.end() ? std::nullopt : std::optional(found->second);
  }

 private:
  std::size_t known_ = 0;
  std::unordered_map<std::string, int> positions_;
};

/// As NameIndex, for names that stand for several things: all positions, in order.
class NamesIndex {
 public:
  template <typename List>
  const std::vector<int>& find(const List& list, const std::string& name) {
    for (; known_ < list.size(); ++known_)
      positions_[list[known_].name].push_back(static_cast<int>(known_));
    const auto found = positions_.find(name);
    return found == positions_.end() ? none_ : found->second;
  }

 private:
  std::size_t known_ = 0;
  std::unordered_map<std::string, std::vector<int>> positions_;
  std::vector<int> none_;
};

struct ParamState {
  const ast::Param* declaration = nullptr;
  const ast::Expr* setting = nullptr;  // the scenario's `with`; null: the default
  std::optional<Value> swept;
  Progress progress = Progress::Untouched;
};

class Body;

class Elaboration {
 public:
  Elaboration(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics);

  const ast::File& file;
  const SourceFile& source;
  Diagnostics& diagnostics;
  Protocol protocol;
  TypeTable& types() { return protocol.types; }

  // --- diagnostics
  Diagnostic& error(const char* code, Span span, std::string message, std::string label = "");
  /// "a `Tag`", "an `int`".
  std::string a(TypeId id) const;
  /// The source text of a span, white space folded.
  std::string text(Span span) const;
  /// A help line "did you mean `x`?" if a candidate is near.
  void suggest_for(Diagnostic& diagnostic, const std::string& wrong,
                   const std::vector<std::string>& candidates) const;

  // --- names (names.cpp)
  void collect_names();
  std::optional<int> find_param(const std::string& name) const;
  std::optional<int> find_role(const std::string& name) const;
  std::optional<int> find_ghost(const std::string& name) const;
  std::optional<int> find_object(const std::string& name) const;
  std::optional<int> find_invariant(const std::string& name) const;
  std::optional<int> find_variable(int role, const std::string& name) const;
  /// The role's own function, or the protocol's; an index of protocol.functions.
  std::optional<int> find_function(int role, const std::string& name) const;
  /// Requests and one-way messages have one index, replies of a name perhaps several.
  std::vector<int> find_messages(const std::string& name) const;
  const std::vector<Enumerator>* find_enumerators(const std::string& name) const;
  const ast::TypeDecl* find_type(const std::string& name) const;
  /// What `name` means as a value in this role (or outside roles if negative).
  std::optional<Declared> find_declared(int role, const std::string& name) const;
  /// Reports a built-in name that is declared, or a value name declared twice; true if it was
  /// wrong.
  bool refuse_declaration(int role, const ast::Name& name);
  /// The names of everything that can stand as a value in this role.
  std::vector<std::string> value_names(int role) const;
  std::vector<std::string> upper_names() const;

  // --- params and constants (params.cpp)
  /// Reads the settings of `with` and the swept values; unknown names are errors.
  void set_params(const std::vector<ast::Setting>& settings,
                  const std::vector<std::pair<std::string, Value>>& sweep);
  void elaborate_params();
  const Param& param(int index);  // elaborated on demand
  /// The value of a constant expression; nullopt after an error. `what` names it: "the number of
  /// `Replica`".
  std::optional<Value> constant(const ast::Expr& expr, TypeId type, const std::string& what);
  std::optional<std::int64_t> constant_number(const ast::Expr& expr, const std::string& what);
  /// The texts of a condition's conjuncts, from the left.
  void add_conjuncts(const Expr* condition, std::vector<std::string>& texts) const;
  /// Remembers which params the expression reads, functions included: its value decides what the
  /// protocol is made of (types, sizes, scripts), so that they cannot be taken for any.
  void note_fixed(const Expr& expr);
  std::map<int, Span> fixed_params;  // by param: where first
  bool notes_fixed = true;           // false while what is evaluated decides nothing of the kind
  /// The value of a checked expression that reads nothing but constants; a model error is E0405.
  std::optional<Value> evaluate_constant(const Expr& expr, int slots, int self = -1);
  /// The value if the expression reads only constants and has one, without diagnostics; `self` may
  /// stand for this process.
  std::optional<Value> known_value(const Expr& expr, int self = -1);

  // --- types (types.cpp)
  TypeId resolve(const ast::Type& type);
  /// As `resolve`, for a variable or a field: `int` is refused.
  TypeId resolve_stored(const ast::Type& type, const std::string& what);
  TypeId named_type(const ast::Name& name);

  // --- declarations (declarations.cpp, roles.cpp, objects.cpp)
  void elaborate_role_counts();
  void elaborate_types();
  void elaborate_messages();
  void elaborate_objects();
  void elaborate_variables();
  /// The types of a function's parameters; on demand, since a param may call a function.
  void elaborate_signature(int index);
  void elaborate_bodies();
  void elaborate_function(int index, Span use);
  void elaborate_invariants();
  /// Everything but the scenario.
  void elaborate_declarations();

  bool roles_known = false;  // processes are numbered
  std::vector<ParamState> param_states;
  std::vector<FunctionState> function_states;
  std::vector<std::set<int>> senders;        // of each message: the roles that send or ask it
  std::vector<std::set<int>> receivers;      // of each message: the roles that handle it
  std::uint64_t parts_inlined = 0;           // of invariants
  std::set<int> invariants_running;          // inlined just now, to find circles
  std::set<std::string> impossible_quorums;  // that were reported: as written, with the numbers
  /// Reports an invariant that is defined by itself; once, however many invariants lead into the
  /// circle.
  void refuse_circle(const std::string& invariant, Span span);
  /// Reports that `name` leans on too many definitions to be followed; true if it does.
  bool refuse_depth(Span span, const std::string& name);

 private:
  struct TypeState {
    const ast::TypeDecl* declaration = nullptr;
    Progress progress = Progress::Untouched;
    TypeId id;
  };

  void collect_enumerators();
  void collect_enumerators_of(const ast::Type& type, const std::string& name);
  void collect_messages();
  void collect_roles();
  void collect_functions();
  void collect_upper(const ast::Name& name, const std::string& what);
  void compute_param(int index);
  TypeId type_of_param(const ast::Param& declaration, TypeId value_type);
  TypeId resolve_range(const ast::Type& type);
  TypeId resolve_tuple(const ast::Type& type);
  TypeId resolve_map(const ast::Type& type);
  TypeId resolve_sequence(const ast::Type& type);
  TypeId resolve_asker(const ast::Type& type);
  std::vector<Type::Field> resolve_fields(const std::vector<ast::Field>& fields,
                                          const std::string& of, bool stored);
  void elaborate_message(std::size_t index);
  void find_message_roles();
  void find_role_links();
  void elaborate_object(std::size_t index);
  void refuse_times(const Object& object);
  void elaborate_builtin_object(const ast::Object& declaration, Object& object);
  void elaborate_written_object(const ast::Object& declaration, Object& object);
  void elaborate_written_code(const ast::Object& declaration, Object& object);
  void elaborate_initials(std::size_t role);
  void check_initial(const Variable& variable, const Expr& initial, int role);
  void elaborate_role_code(std::size_t role);
  void elaborate_handler(int role, const ast::Handler& handler);
  template <typename Written>
  Code guarded_code(const Written& written, Body& body);
  void elaborate_action(int role, const ast::Action& action);
  void elaborate_operation(int role, const ast::Operation& operation);
  bool find_operation(const ast::Operation& operation, Operation& result);
  void operation_parameters(const ast::Operation& operation, Operation& result, Body& body);
  void elaborate_merge(int index);
  void elaborate_plain_function(int index);

  /// How deep and how large a type is, written out.
  struct TypeMeasure {
    std::uint64_t parts = 0;
    int depth = 0;
  };
  TypeId resolve_any(const ast::Type& type);
  TypeMeasure measure(TypeId id);
  bool refuse_size(TypeId id, Span span);
  void note_call(int index, Span use);

  mutable NameIndex params_by_name_, roles_by_name_, ghosts_by_name_, objects_by_name_,
      invariants_by_name_;
  mutable NamesIndex functions_by_name_, messages_by_name_;
  mutable std::map<int, NameIndex> variables_by_name_;  // by role
  std::unordered_map<std::string, Declared> declared_;  // params, ghosts and invariants
  std::vector<TypeMeasure> measures_;                   // by type
  std::vector<int> running_functions_;                  // innermost last
  bool depth_reported_ = false;
  std::map<std::string, std::vector<Enumerator>> enumerators_;
  std::map<std::string, TypeState> type_states_;
  std::map<std::string, Span> upper_;
  bool circle_reported_ = false;
};

/// The type of a process that may have any of these roles: the role itself if there is one, else
/// `process`.
TypeId process_of_roles(Elaboration& elaboration, const std::set<int>& roles);

/// Sets Statement::live_slots of every Ask and WaitUntil in a block (liveness.cpp).
void mark_live_slots(Block& block);

/// Built-in values and functions: nobody may declare them.
bool is_builtin_value(const std::string& name);
bool is_builtin_function(const std::string& name);

}  // namespace capstan::model
