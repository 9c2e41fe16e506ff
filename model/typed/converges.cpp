// SPDX-License-Identifier: MIT
// converges: whose values `converges on e` compares (D28), as two expressions over the whole state:
// whether all that are up agree, and who holds what.
//
// `e` alone is evaluated at each process of the one role in which its names are known; `(e for
// binders)` says whose it is. Processes that are bound and down are left out. Tested by:
// tests/unit/model/typed/converges_test.cpp, tests/golden/typed/converges.cap
#include <fmt/format.h>

#include <set>

#include "model/typed/scenario.hpp"

namespace capstan::model {
namespace {

/// The names that an expression uses and does not bind.
void collect_free_names(const ast::Expr& expr, std::set<std::string> bound,
                        std::set<std::string>& names) {
  for (const ast::Binder& binder : expr.binders.list) {
    collect_free_names(*binder.set, bound, names);
    for (const ast::Name& name : binder.names) bound.insert(name.text);
  }
  if (expr.binders.where) collect_free_names(*expr.binders.where, bound, names);
  const bool is_use = expr.kind == ast::ExprKind::Name || expr.kind == ast::ExprKind::Call;
  if (is_use && !bound.contains(expr.name.text)) names.insert(expr.name.text);
  for (const ast::ExprPtr& operand : expr.operands)
    if (operand) collect_free_names(*operand, bound, names);
  for (const ast::Arg& arg : expr.args) collect_free_names(*arg.value, bound, names);
}

ExprPtr make_operation(ExprKind kind, TypeId type, Span span, ExprPtr left, ExprPtr right) {
  ExprPtr result = make_expr(kind, type, span);
  result->operands.push_back(std::move(left));
  if (right) result->operands.push_back(std::move(right));
  return result;
}

ExprPtr make_set_of(TypeTable& types, const Comprehension& shape, ExprPtr value, Span span) {
  ExprPtr result = make_expr(ExprKind::Comprehension, set_of(types, value->type), span);
  result->comprehension = std::make_unique<Comprehension>();
  result->comprehension->kind = ComprehensionKind::Set;
  for (const Binder& binder : shape.binders)
    result->comprehension->binders.push_back({binder.slots, clone(*binder.set)});
  if (shape.where) result->comprehension->where = clone(*shape.where);
  result->comprehension->value = std::move(value);
  return result;
}

}  // namespace

std::optional<int> ScenarioElaboration::role_of_names(const ast::Expr& expr) {
  std::set<std::string> names;
  collect_free_names(expr, {}, names);
  const auto is_own = [this](int role, const std::string& name) {
    if (elaboration_.find_variable(role, name) || name == "self") return true;
    const auto function = elaboration_.find_function(role, name);
    return function &&
           elaboration_.protocol.functions[static_cast<std::size_t>(*function)].role == role;
  };
  const auto is_known = [&](int role, const std::string& name) {
    return is_own(role, name) || is_builtin_value(name) || is_builtin_function(name) ||
           elaboration_.find_declared(role, name) || elaboration_.find_function(role, name);
  };
  std::vector<int> found;
  std::vector<std::string> candidates;
  const auto& roles = elaboration_.protocol.roles;
  for (int index = 0; index < static_cast<int>(roles.size()); ++index) {
    bool all = true, some = false;
    for (const std::string& name : names) {
      all = all && is_known(index, name);
      some = some || is_own(index, name);
    }
    if (all && some) found.push_back(index);
    for (const Variable& variable : role(index).variables) candidates.push_back(variable.name);
  }
  if (found.size() == 1) return found.front();
  if (found.empty()) {
    Diagnostic& diagnostic =
        error("E0522", expr.span, "no role knows these names as its own", "whose is it?");
    for (const std::string& name : names) elaboration_.suggest_for(diagnostic, name, candidates);
    diagnostic.helps.push_back("say whose it is: `converges on (p.v for p in Role)`");
    return std::nullopt;
  }
  Diagnostic& diagnostic =
      error("E0522", expr.span, "several roles know these names, and processes of one are compared",
            "whose is it?");
  for (const int index : found)
    diagnostic.secondary.push_back({role(index).span, "known in this role"});
  diagnostic.helps.push_back(
      fmt::format("say whose it is: `converges on (p.v for p in {})`", role(found.front()).name));
  return std::nullopt;
}

bool ScenarioElaboration::read_convergence(const ast::Property& written, Expectation& result) {
  result.kind = PropertyKind::ConvergesOn;
  Body body(elaboration_, BodyKind::Property);
  Comprehension shape;
  if (written.binders.list.empty()) {
    const auto index = role_of_names(*written.first);
    if (!index) return false;
    std::vector<Value> members;
    for (int i = 0; i < role(*index).count; ++i)
      members.push_back(Value::integer(role(*index).first_process + i));
    const TypeId process = process_type(types(), *index, role(*index).name);
    body.speaker = {*index, body.hidden("$process", process)};
    shape.binders.push_back({{body.speaker.slot},
                             make_constant(Value::set(std::move(members)), set_of(types(), process),
                                           written.first->span)});
  } else {
    shape.binders = body.binders(written.binders.list);
    if (written.binders.where)
      shape.where = body.condition(*written.binders.where, "the condition after `where`");
  }
  ExprPtr value = body.check(*written.first);
  bool failed = is_unknown(value->type) || (shape.where && is_unknown(shape.where->type));
  // What is bound, and whether all processes among it are up.
  ExprPtr tuple = make_expr(ExprKind::MakeTuple, {}, written.span);
  Type row;
  row.kind = Type::Kind::Tuple;
  ExprPtr up;
  for (const Binder& binder : shape.binders) {
    failed = failed || is_unknown(binder.set->type);
    for (const int slot : binder.slots) {
      const Frame::Slot& bound = body.frame.slots[static_cast<std::size_t>(slot)];
      row.fields.push_back({bound.name, bound.type});
      tuple->operands.push_back(make_local(slot, bound.type, written.span));
      if (failed || types().at(bound.type).kind != Type::Kind::Process) continue;
      ExprPtr live = make_operation(ExprKind::IsLive, bool_type(types()), written.span,
                                    make_local(slot, bound.type, written.span), nullptr);
      up = up ? make_operation(ExprKind::And, bool_type(types()), written.span, std::move(up),
                               std::move(live))
              : std::move(live);
    }
  }
  if (failed) return false;
  if (!up) {
    error("E0522", written.span, "nothing here is a process, so there is nobody to converge",
          "no processes are compared")
        .helps.push_back("go through the processes of a role: `(p.v for p in Role)`");
    return false;
  }
  // `where` last: it may be a model error of what is left out anyway.
  shape.where = shape.where ? make_operation(ExprKind::And, bool_type(types()), written.span,
                                             std::move(up), std::move(shape.where))
                            : std::move(up);
  row.fields.push_back({"", value->type});
  tuple->operands.push_back(clone(*value));
  tuple->type = types().add(std::move(row));
  result.held = make_set_of(types(), shape, std::move(tuple), written.span);
  const TypeId number = int_type(types());
  ExprPtr size =
      make_operation(ExprKind::Size, number, written.span,
                     make_set_of(types(), shape, std::move(value), written.span), nullptr);
  result.condition =
      make_operation(ExprKind::LessEqual, bool_type(types()), written.span, std::move(size),
                     make_constant(Value::integer(1), number, written.span));
  result.frame = std::move(body.frame);
  return true;
}

}  // namespace capstan::model
