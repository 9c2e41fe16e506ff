// SPDX-License-Identifier: MIT
// statements: local names, assignments, branches, loops and ways to leave a body.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// How many branches of one `if` stand inside each other.
constexpr std::size_t kBranchesInside = 100;

}  // namespace

bool falls_through(const Block& block) {
  if (block.empty()) return true;
  const Statement& last = block.back();
  switch (last.kind) {
    case StatementKind::Return:
    case StatementKind::Fail:
    case StatementKind::Unknown:
    case StatementKind::Next:
      return false;
    case StatementKind::If:
      return falls_through(last.body) || falls_through(last.otherwise);
    case StatementKind::Let:
    case StatementKind::Choose:
    case StatementKind::Assign:
    case StatementKind::Call:
    case StatementKind::For:
    case StatementKind::Send:
    case StatementKind::Reply:
    case StatementKind::Ask:
    case StatementKind::WaitUntil:
    case StatementKind::Assert:
    case StatementKind::Sync:
      return true;
  }
  CAPSTAN_UNREACHABLE("a kind of statement");
}

Block Body::block(const ast::Block& statements) {
  const Scoped scoped(*this);
  Block result;
  Block* const outer = pending_;
  pending_ = &result;
  for (const ast::Statement& each : statements) statement(each);
  pending_ = outer;
  return result;
}

void Body::statement(const ast::Statement& written) {
  switch (written.kind) {
    case ast::StatementKind::Let:
      return let_statement(written);
    case ast::StatementKind::Assign:
      return assign_statement(written);
    case ast::StatementKind::Call:
      return call_statement(written);
    case ast::StatementKind::If:
      return if_statement(written);
    case ast::StatementKind::For:
      return for_statement(written);
    case ast::StatementKind::Send:
      return send_statement(written);
    case ast::StatementKind::Reply:
      return reply_statement(written);
    case ast::StatementKind::Ask: {
      TypeId type;
      ask(*written.ask, false, type);
      return;
    }
    case ast::StatementKind::WaitUntil:
      return wait_statement(written);
    case ast::StatementKind::Assert: {
      Statement result;
      result.kind = StatementKind::Assert;
      result.span = written.span;
      result.value = condition(*written.value, "what `assert` claims");
      return push(std::move(result));
    }
    case ast::StatementKind::Sync:
      return sync_statement(written);
    case ast::StatementKind::Return:
      return return_statement(written);
    case ast::StatementKind::Fail:
    case ast::StatementKind::Unknown:
    case ast::StatementKind::Next:
      return leave_statement(written);
    case ast::StatementKind::Error:
      return;
  }
  CAPSTAN_UNREACHABLE("a kind of statement");
}

ExprPtr Body::choose(const ast::Expr& set, Span span) {
  if (kind_ == BodyKind::ObjectOp || kind_ == BodyKind::Merge) {
    error("E0320", span, "`any` cannot stand here: this code must be deterministic", "a choice");
  }
  ExprPtr from = collection(set, "what `any` chooses from");
  if (is_unknown(from->type)) return from;
  const TypeId type = types().at(from->type).element;
  Statement result;
  result.kind = StatementKind::Choose;
  result.span = span;
  result.slot = hidden("$any", type);
  result.type = type;
  result.value = std::move(from);
  const int slot = result.slot;
  push(std::move(result));
  return make_local(slot, type, span);
}

ExprPtr Body::value(const ast::Expr& expr, const Want& want) {
  if (expr.kind != ast::ExprKind::Any || !expr.operands.size() || !expr.operands[0]) {
    return expect(expr, want);
  }
  ExprPtr result = choose(*expr.operands[0], expr.span);
  fit(*result, want);
  return result;
}

void Body::let_statement(const ast::Statement& written) {
  const ast::Expr& value_expr = *written.value;
  if (value_expr.kind == ast::ExprKind::Ask) {
    TypeId type;
    ask(*value_expr.ask, true, type, &written.name);
    return;
  }
  Statement result;
  result.kind = StatementKind::Let;
  result.span = written.span;
  if (value_expr.kind == ast::ExprKind::Any && !value_expr.operands.empty() &&
      value_expr.operands[0]) {
    result.kind = StatementKind::Choose;
    result.value = collection(*value_expr.operands[0], "what `any` chooses from");
    if (kind_ == BodyKind::ObjectOp || kind_ == BodyKind::Merge) {
      error("E0320", value_expr.span, "`any` cannot stand here: this code must be deterministic",
            "a choice");
    }
    if (!is_unknown(result.value->type)) result.type = types().at(result.value->type).element;
  } else {
    result.value = expect(value_expr, Want{{}, "this value"});
    result.type = result.value->type;
  }
  result.slot = declare(written.name, result.type);
  push(std::move(result));
}

bool Body::place_root(const ast::Place& place, Place& result, TypeId& type) {
  const std::string& name = place.root.text;
  const auto refuse = [&](const std::string& what, std::optional<Span> declared) {
    Diagnostic& diagnostic =
        error("E0212", place.root.span, fmt::format("`{}` cannot be assigned: {}", name, what),
              "not a variable");
    if (declared) diagnostic.secondary.push_back({*declared, "declared here"});
    return false;
  };
  if (const Local* local = find_local(name)) {
    return refuse("it is a name of this block, which never changes", local->span);
  }
  if (kind_ == BodyKind::ObjectOp) {
    for (std::size_t i = 0; i < object->states.size(); ++i) {
      if (object->states[i].name != name) continue;
      result.slot = static_cast<int>(i);
      type = object->states[i].type;
      return true;
    }
    return refuse("it is no state of this object", std::nullopt);
  }
  if (const auto slot = elaboration_.find_variable(role_, name)) {
    const Variable& variable = elaboration_.protocol.roles[static_cast<std::size_t>(role_)]
                                   .variables[static_cast<std::size_t>(*slot)];
    if (variable.storage == Storage::Parameter) {
      return refuse("it is a param, set by the scenario", variable.span);
    }
    if (kind_ == BodyKind::Merge && std::ranges::find(merged_slots, *slot) == merged_slots.end()) {
      error("E0322", place.root.span,
            fmt::format("a merge assigns only the variables that it merges, not `{}`", name),
            "not merged");
      return false;
    }
    result.slot = *slot;
    type = variable.type;
    return true;
  }
  if (const auto slot = elaboration_.find_ghost(name)) {
    const Ghost& ghost = elaboration_.protocol.ghosts[static_cast<std::size_t>(*slot)];
    if (kind_ == BodyKind::Merge) return refuse("a merge updates no ghost", ghost.span);
    result.root = Place::Root::Ghost;
    result.slot = *slot;
    type = ghost.type;
    return true;
  }
  if (const auto index = elaboration_.find_param(name)) {
    return refuse("it is a param of the protocol", elaboration_.param(*index).span);
  }
  Diagnostic& diagnostic =
      error("E0201", place.root.span, fmt::format("there is no variable `{}` here", name),
            "unknown variable");
  std::vector<std::string> names;
  if (role_ >= 0) {
    for (const Variable& variable :
         elaboration_.protocol.roles[static_cast<std::size_t>(role_)].variables) {
      names.push_back(variable.name);
    }
  }
  elaboration_.suggest_for(diagnostic, name, names);
  if (name == "self" || name == "this") {
    diagnostic.helps.push_back(
        fmt::format("leave out `{}.`: a bare name is the process's own variable", name));
  } else if (diagnostic.helps.empty()) {
    diagnostic.helps.push_back(fmt::format("a new name needs `let`: `let {} = ...`", name));
  }
  return false;
}

bool Body::place_steps(const ast::Place& place, Place& result, TypeId type) {
  for (const ast::Place::Step& written : place.steps) {
    if (is_unknown(type)) return false;
    const Type container = types().at(type);
    Place::Step step;
    step.container = type;
    if (written.field) {
      const auto field = field_index(types(), type, written.field->text);
      if (!field || container.kind != Type::Kind::Tuple) {
        Diagnostic& diagnostic =
            error("E0203", written.field->span,
                  fmt::format("{} has no field `{}`", elaboration_.a(type), written.field->text),
                  "unknown field");
        std::vector<std::string> names;
        for (const Type::Field& each : container.fields) names.push_back(each.name);
        elaboration_.suggest_for(diagnostic, written.field->text, names);
        return false;
      }
      step.field = *field;
      type = container.fields[static_cast<std::size_t>(*field)].type;
    } else if (container.kind == Type::Kind::Map) {
      step.kind = Place::Step::Kind::MapKey;
      step.index = expect(*written.index, Want{container.key, "the key"});
      type = container.element;
    } else if (container.kind == Type::Kind::Sequence) {
      step.kind = Place::Step::Kind::SequenceIndex;
      step.index = number(*written.index, "the index of a sequence");
      type = container.element;
    } else {
      error("E0311", written.index->span,
            fmt::format("{} has no elements to index", elaboration_.a(type)),
            "neither a map nor a sequence");
      return false;
    }
    result.steps.push_back(std::move(step));
  }
  result.type = type;
  return true;
}

void Body::assign_statement(const ast::Statement& written) {
  Statement result;
  result.kind = StatementKind::Assign;
  result.span = written.span;
  result.place.span = written.place.span;
  TypeId type;
  const bool found = place_root(written.place, result.place, type);
  const bool ghosts_before = ghosts_visible_;
  ghosts_visible_ = ghosts_visible_ || result.place.root == Place::Root::Ghost;
  const bool placed = found && place_steps(written.place, result.place, type);
  if (!placed) {
    check(*written.value);
    ghosts_visible_ = ghosts_before;
    return;
  }
  type = result.place.type;
  const std::string name = elaboration_.text(written.place.span);
  Want want{type, fmt::format("the value of `{}`", name)};
  if (written.op != "=") {
    result.op = written.op == "+=" ? AssignOp::Add : AssignOp::Subtract;
    const bool time = is_kind(types(), type, Type::Kind::Time);
    const bool numbers = is_number(types(), type) || time;
    const bool sequence = is_kind(types(), type, Type::Kind::Sequence);
    if (!is_unknown(type) && !numbers && !is_set(types(), type) &&
        (!sequence || result.op == AssignOp::Subtract)) {
      error("E0302", written.place.span,
            fmt::format("`{}` does not apply to {}", written.op, elaboration_.a(type)),
            elaboration_.a(type))
          .notes.push_back(
              "`+=` and `-=` are for numbers, times and sets, `+=` also for sequences");
      type = {};
    }
    want = Want{numbers ? int_type(types()) : type,
                fmt::format("what `{}` {} `{}`", written.op,
                            result.op == AssignOp::Add ? "adds to" : "takes from", name)};
  }
  result.value = value(*written.value, want);
  ghosts_visible_ = ghosts_before;
  if (result.op != AssignOp::Set && is_kind(types(), type, Type::Kind::Time) &&
      kind_ != BodyKind::ObjectOp) {
    // A time moved by ticks is a value of its own: whoever keeps times as offsets hears of it.
    ExprPtr moved = make_expr(ExprKind::TimeAdd, type, written.span);
    moved->operands.push_back(value_at(result.place));
    moved->operands.push_back(sum_of_ticks(nullptr, std::move(result.value),
                                           result.op == AssignOp::Subtract, written.span));
    result.value = std::move(moved);
    result.op = AssignOp::Set;
  }
  push(std::move(result));
}

void Body::call_statement(const ast::Statement& written) {
  const std::string& name = written.name.text;
  const auto index = elaboration_.find_function(role_, name);
  if (!index) {
    ast::Expr call;  // reports the unknown name, with suggestions
    call.kind = ast::ExprKind::Call;
    call.span = written.span;
    call.name = written.name;
    check_call(call, {});
    return;
  }
  elaboration_.elaborate_function(*index, written.span);
  const auto at = static_cast<std::size_t>(*index);
  const Function& callee = elaboration_.protocol.functions[at];
  const FunctionState& state = elaboration_.function_states[at];
  const std::vector<Type::Field>& parameters = state.parameters;
  Statement result;
  result.kind = StatementKind::Call;
  result.span = written.span;
  result.index = *index;
  result.args =
      arguments(written.args, parameters, "`" + callee.name + "`", written.span, callee.span);
  if (state.function != nullptr && state.function->value) {
    error("E0321", written.span,
          fmt::format("`{}` only gives a value: calling it does nothing", name),
          "its value is not used")
        .secondary.push_back({callee.span, "declared here"});
    return;
  }
  if (kind_ == BodyKind::Merge || kind_ == BodyKind::ObjectOp) {
    error("E0322", written.span,
          fmt::format("{} cannot call the procedure `{}`",
                      kind_ == BodyKind::Merge ? "a merge" : "an object's operation", name),
          "may change other variables");
    return;
  }
  for (const ImplicitReply& reply : state.replies) {
    if (function != nullptr) {
      function->replies.push_back(reply);
      continue;
    }
    const bool answers =
        kind_ == BodyKind::Handler && message >= 0 &&
        elaboration_.protocol.messages[static_cast<std::size_t>(message)].reply >= 0 &&
        elaboration_.protocol
                .messages[static_cast<std::size_t>(
                    elaboration_.protocol.messages[static_cast<std::size_t>(message)].reply)]
                .name == reply.message;
    if (answers) continue;
    error("E0317", written.span,
          fmt::format("`{}` replies `{}`, and nobody waits for that here", name, reply.message),
          "calls it")
        .secondary.push_back({reply.span, "replies here"});
  }
  push(std::move(result));
}

void Body::if_statement(const ast::Statement& written) {
  const std::size_t count = written.branches.size();
  if (count <= kBranchesInside) return branches(written, {0, count, -1});
  // `else if` is an `if` inside of an `else`. A chain that would nest too deep stands in pieces,
  // one behind the other; a local says whether an earlier one has run.
  const TypeId boolean = bool_type(types());
  const int done = hidden("$done", boolean);
  push(let_constant(done, false, written.span));
  for (std::size_t first = 0; first < count; first += kBranchesInside) {
    Statement piece;
    piece.kind = StatementKind::If;
    piece.span = written.branches[first].condition->span;
    piece.value = make_expr(ExprKind::Not, boolean, piece.span);
    piece.value->operands.push_back(make_local(done, boolean, piece.span));
    Block* const outer = std::exchange(pending_, &piece.body);
    branches(written, {first, std::min(count, first + kBranchesInside), done});
    pending_ = outer;
    push(std::move(piece));
  }
  if (!all_branches_leave(*pending_, written)) return;
  Statement end;  // never reached; says that nothing behind the chain is
  end.kind = StatementKind::Return;
  end.span = written.span;
  push(std::move(end));
}

/// `done = value` for a slot of the compiler's own.
Statement Body::let_constant(int slot, bool value, Span span) {
  Statement result;
  result.kind = StatementKind::Let;
  result.span = span;
  result.slot = slot;
  result.type = bool_type(types());
  result.value = make_constant(Value::boolean(value), result.type, span);
  return result;
}

/// Whether each piece of the chain, which the block ends with, leaves in each of its branches.
bool Body::all_branches_leave(const Block& block, const ast::Statement& chain) {
  if (!chain.has_else) return false;
  const std::size_t pieces = (chain.branches.size() + kBranchesInside - 1) / kBranchesInside;
  for (std::size_t i = block.size() - pieces; i < block.size(); ++i) {
    const Statement* branch = &block[i].body.back();
    for (; branch->kind == StatementKind::If; branch = &branch->otherwise.back()) {
      if (falls_through(branch->body)) return false;
      if (branch->otherwise.empty()) break;
    }
  }
  const Statement& last = block.back();
  return !falls_through(last.body);
}

/// The branches from `first` to `last`, nested; the `else` behind the last one of all.
void Body::branches(const ast::Statement& written, BranchRange range) {
  const ast::Branch& branch = written.branches[range.first];
  Statement result;
  result.kind = StatementKind::If;
  result.span = written.span;
  result.value = condition(*branch.condition, "the condition of `if`");
  result.body = block(branch.block);
  if (range.done >= 0)
    result.body.insert(result.body.begin(), let_constant(range.done, true, written.span));
  if (range.first + 1 < range.last) {
    Block* const outer = std::exchange(pending_, &result.otherwise);
    branches(written, {range.first + 1, range.last, range.done});
    pending_ = outer;
  } else if (written.has_else && range.last == written.branches.size()) {
    result.otherwise = block(written.block);
  }
  push(std::move(result));
}

void Body::for_statement(const ast::Statement& written) {
  const Scoped scoped(*this);
  Statement result;
  result.kind = StatementKind::For;
  result.span = written.span;
  result.binders = binders(written.binders.list, true);
  if (written.binders.where) {
    const Lazy lazy(*this, "the condition of a `for`");
    result.where = condition(*written.binders.where, "the condition after `where`");
  }
  ++loops_;
  result.body = block(written.block);
  --loops_;
  push(std::move(result));
}

bool Body::may_suspend(Span span, const char* what) {
  if (kind_ == BodyKind::Handler || kind_ == BodyKind::Action || kind_ == BodyKind::Operation ||
      kind_ == BodyKind::Start) {
    return true;
  }
  error("E0323", span, fmt::format("{} cannot stand here: this code runs within one step", what),
        "would suspend")
      .notes.push_back(
          "handlers, actions, operations and start blocks may suspend; functions, merges and "
          "objects may not");
  return false;
}

/// A `sync` where everything durable is on disk at once means that the writer thinks otherwise.
void Body::sync_statement(const ast::Statement& written) {
  if (kind_ == BodyKind::Merge || kind_ == BodyKind::ObjectOp) {
    error("E0322", written.span,
          fmt::format("{} writes nothing to disk",
                      kind_ == BodyKind::Merge ? "a merge" : "an object's operation"),
          "a `sync`");
    return;
  }
  const Role* role =
      role_ < 0 ? nullptr : &elaboration_.protocol.roles[static_cast<std::size_t>(role_)];
  if (role != nullptr && role->unsynced_slots().empty()) {
    error("E0328", written.span,
          fmt::format("`sync` has nothing to write: `{}` has no `durable unsynced` variable",
                      role->name),
          "everything durable is on disk already")
        .helps.push_back("declare what a crash may undo as `durable unsynced`");
    return;
  }
  Statement result;
  result.kind = StatementKind::Sync;
  result.span = written.span;
  push(std::move(result));
}

void Body::wait_statement(const ast::Statement& written) {
  if (!may_suspend(written.span, "`wait until`")) return;
  Statement result;
  result.kind = StatementKind::WaitUntil;
  result.span = written.span;
  result.value = guard(*written.value, "what `wait until` waits for");
  push(std::move(result));
}

void Body::return_statement(const ast::Statement& written) {
  Statement result;
  result.kind = StatementKind::Return;
  result.span = written.span;
  const bool operates = kind_ == BodyKind::Operation || kind_ == BodyKind::ObjectOp;
  const bool known = operation != nullptr && operation->has_result;
  if (!written.value) {
    returns_nothing_ = true;
    if (operates && known) {
      error("E0319", written.span,
            fmt::format("`{}.{}` must return {}", object->name, operation->name,
                        elaboration_.a(operation->result)),
            "returns nothing");
    }
    return push(std::move(result));
  }
  if (operates && known) {
    result.value = value(*written.value,
                         Want{operation->result,
                              fmt::format("the result of `{}.{}`", object->name, operation->name)});
    return push(std::move(result));
  }
  if (kind_ == BodyKind::Function) {
    result.value = value(*written.value, Want{{}, "what this returns"});
    const auto joined = returned_ ? join(types(), *returned_, result.value->type)
                                  : std::optional<TypeId>(result.value->type);
    if (!joined) {
      error("E0303", result.value->span,
            fmt::format("what this procedure returns has no type in common: {} and {}",
                        elaboration_.a(*returned_), elaboration_.a(result.value->type)),
            elaboration_.a(result.value->type));
    }
    returned_ = joined.value_or(TypeId{});
    return push(std::move(result));
  }
  // A bare name may be a word for nothing: one error is enough.
  if (written.value->kind != ast::ExprKind::Name) check(*written.value);
  Diagnostic& diagnostic =
      error("E0318", written.value->span,
            operates && operation != nullptr
                ? fmt::format("`{}.{}` has no result to return", object->name, operation->name)
                : std::string("only operations and procedures return a value"),
            "nobody takes it");
  diagnostic.helps.push_back("write `return` alone");
  if (kind_ != BodyKind::Handler || message < 0) return;
  const Protocol& protocol = elaboration_.protocol;
  const int reply = protocol.messages[static_cast<std::size_t>(message)].reply;
  if (reply >= 0)
    diagnostic.helps.push_back(
        fmt::format("a handler answers with `reply {}(...)`",
                    protocol.messages[static_cast<std::size_t>(reply)].name));
}

void Body::leave_statement(const ast::Statement& written) {
  Statement result;
  result.span = written.span;
  if (written.kind == ast::StatementKind::Next) {
    result.kind = StatementKind::Next;
    if (loops_ == 0) {
      error("E0318", written.span, "`next` ends a turn of a `for`, and this is not in one",
            "out of place");
      return;
    }
    return push(std::move(result));
  }
  const bool fail = written.kind == ast::StatementKind::Fail;
  result.kind = fail ? StatementKind::Fail : StatementKind::Unknown;
  if (kind_ != BodyKind::Operation) {
    error("E0318", written.span,
          fmt::format("`{}` says how an operation ended, and this is none",
                      fail ? "fail" : "unknown"),
          "out of place")
        .helps.push_back("`return` leaves a handler, an action or a procedure");
    return;
  }
  push(std::move(result));
}

}  // namespace capstan::model
