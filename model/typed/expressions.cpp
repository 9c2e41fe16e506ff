// SPDX-License-Identifier: MIT
// expressions: fields, indices, options, conditionals and what properties see of other processes.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {

ExprPtr Body::check_field(const ast::Expr& expr) {
  ExprPtr operand = check(*expr.operands[0]);
  if (is_unknown(operand->type)) return operand;
  if (is_kind(types(), operand->type, Type::Kind::Process)) {
    return check_other_variable(expr, std::move(operand));
  }
  const TypeId inner = without_option(types(), operand->type);
  const auto field = field_index(types(), inner, expr.name.text);
  if (!field) return unknown_field(expr, *operand);
  if (inner != operand->type) {
    error("E0310", expr.op_span,
          fmt::format("`{}` may be `none`, which has no field `{}`",
                      elaboration_.text(operand->span), expr.name.text),
          elaboration_.a(operand->type))
        .helps.push_back(fmt::format("`{}!.{}` if it cannot be `none` here",
                                     elaboration_.text(operand->span), expr.name.text));
    return make_unknown(expr.span);
  }
  const TypeId type = types().at(inner).fields[static_cast<std::size_t>(*field)].type;
  ExprPtr result = make_expr(ExprKind::Field, type, expr.span);
  result->index = *field;
  result->operands.push_back(std::move(operand));
  return result;
}

ExprPtr Body::unknown_field(const ast::Expr& expr, const Expr& operand) {
  const Type type = types().at(without_option(types(), operand.type));
  const std::string what = operand.kind == ExprKind::Local || operand.kind == ExprKind::Variable
                               ? fmt::format("`{}`", elaboration_.text(operand.span))
                               : "this value";
  Diagnostic& diagnostic = error("E0203", expr.name.span,
                                 fmt::format("{} has no field `{}`: it is {}", what, expr.name.text,
                                             elaboration_.a(operand.type)),
                                 "unknown field");
  std::vector<std::string> names;
  for (const Type::Field& field : type.fields) {
    if (!field.name.empty()) names.push_back(field.name);
  }
  elaboration_.suggest_for(diagnostic, expr.name.text, names);
  const std::string& wrong = expr.name.text;
  const bool is_collection = type.kind == Type::Kind::Set || type.kind == Type::Kind::Sequence;
  if (is_collection && elaboration_.find_enumerators(wrong) != nullptr &&
      expr.operands[0]->kind == ast::ExprKind::UpperName) {
    diagnostic.helps.push_back(fmt::format("an enumerator stands alone: write `{}`", wrong));
  } else if (is_collection && (wrong == "size" || wrong == "length" || wrong == "len")) {
    diagnostic.helps.push_back(fmt::format("write `size({})`", elaboration_.text(operand.span)));
  } else if (is_collection) {
    diagnostic.helps.push_back(
        fmt::format("take it of each element: `{{e.{} for e in ...}}`", expr.name.text));
  } else if (!type.fields.empty() && names.empty()) {
    diagnostic.helps.push_back(
        fmt::format("name the fields where the tuple is made, as in `({}: 1, other: 2)`", wrong));
    diagnostic.notes.push_back("an unnamed tuple takes its fields' names from a typed place");
  }
  return make_unknown(expr.span);
}

ExprPtr Body::check_other_variable(const ast::Expr& expr, ExprPtr process) {
  if (kind_ != BodyKind::Property && kind_ != BodyKind::Script) {
    error("E0210", expr.span,
          fmt::format("a process cannot look at `{}` of another", expr.name.text),
          "only properties can")
        .helps.push_back("ask the process for it");
    return make_unknown(expr.span);
  }
  const int role = types().at(process->type).role;
  if (role < 0) {
    error("E0203", expr.name.span,
          fmt::format("`{}` cannot be read: the process may have any role", expr.name.text),
          "of which role?")
        .helps.push_back("go through the processes of one role: `p in Role`");
    return make_unknown(expr.span);
  }
  const Role& owner = elaboration_.protocol.roles[static_cast<std::size_t>(role)];
  const auto slot = elaboration_.find_variable(role, expr.name.text);
  if (!slot) {
    Diagnostic& diagnostic = error(
        "E0203", expr.name.span,
        fmt::format("`{}` has no variable `{}`", owner.name, expr.name.text), "unknown variable");
    diagnostic.secondary.push_back({owner.span, "declared here"});
    std::vector<std::string> names;
    for (const Variable& variable : owner.variables) names.push_back(variable.name);
    elaboration_.suggest_for(diagnostic, expr.name.text, names);
    if (elaboration_.find_function(role, expr.name.text)) {
      diagnostic.helps.push_back(
          fmt::format("`{}` is a function: write `.{}()`", expr.name.text, expr.name.text));
    }
    return make_unknown(expr.span);
  }
  return other_variable(role, *slot, std::move(process), expr.span);
}

ExprPtr Body::other_variable(int role, int slot, ExprPtr process, Span span) {
  const Role& owner = elaboration_.protocol.roles[static_cast<std::size_t>(role)];
  ExprPtr result = make_expr(ExprKind::OtherVariable,
                             owner.variables[static_cast<std::size_t>(slot)].type, span);
  result->slot = slot;
  result->index = role;
  result->operands.push_back(std::move(process));
  return result;
}

ExprPtr Body::speaking_process(Span span) {
  return make_local(speaker.slot, frame.slots[static_cast<std::size_t>(speaker.slot)].type, span);
}

ExprPtr Body::check_method_call(const ast::Expr& expr) {
  ExprPtr process = check(*expr.operands[0]);
  if (is_unknown(process->type)) return process;
  const Type type = types().at(process->type);
  if (type.kind != Type::Kind::Process) {
    Diagnostic& diagnostic =
        error("E0302", expr.span,
              fmt::format("`.{}(...)` calls a function of a process, and this is {}",
                          expr.name.text, elaboration_.a(process->type)),
              "not a process");
    const std::string& wrong = expr.name.text;
    const std::string of = elaboration_.text(process->span);
    if (wrong == "length" || wrong == "len" || wrong == "count") {
      diagnostic.helps.push_back(fmt::format("write `size({})`", of));
    } else if (wrong == "contains" || wrong == "has" || wrong == "includes") {
      diagnostic.helps.push_back(fmt::format("write `x in {}`", of));
    } else if (wrong == "empty" || wrong == "is_empty" || wrong == "isEmpty") {
      diagnostic.helps.push_back(fmt::format("write `size({}) == 0`", of));
    } else if (elaboration_.find_function(role_, wrong) || is_builtin_function(wrong)) {
      diagnostic.helps.push_back(
          fmt::format("write `{}({})`", expr.name.text, elaboration_.text(process->span)));
    }
    return make_unknown(expr.span);
  }
  if (kind_ != BodyKind::Property && kind_ != BodyKind::Script) {
    error("E0210", expr.span, fmt::format("a process cannot call `{}` of another", expr.name.text),
          "only properties can")
        .helps.push_back("ask the process for it");
    return make_unknown(expr.span);
  }
  const auto index =
      type.role < 0 ? std::nullopt : elaboration_.find_function(type.role, expr.name.text);
  if (!index ||
      elaboration_.protocol.functions[static_cast<std::size_t>(*index)].role != type.role) {
    Diagnostic& diagnostic =
        error("E0204", expr.name.span,
              fmt::format("{} has no function `{}`",
                          type.role < 0 ? "a process of any role" : "`" + type.name + "`",
                          expr.name.text),
              "unknown function");
    std::vector<std::string> names;
    for (const Function& each : elaboration_.protocol.functions) {
      if (each.role == type.role) names.push_back(each.name);
    }
    elaboration_.suggest_for(diagnostic, expr.name.text, names);
    return make_unknown(expr.span);
  }
  return other_call(expr, *index, std::move(process));
}

/// A function of a role, of one of its processes.
ExprPtr Body::other_call(const ast::Expr& expr, int index, ExprPtr process) {
  elaboration_.elaborate_function(index, expr.span);
  const auto at = static_cast<std::size_t>(index);
  const Function& callee = elaboration_.protocol.functions[at];
  if (elaboration_.function_states[at].merge != nullptr ||
      !elaboration_.function_states[at].function->value) {
    error("E0321", expr.span,
          fmt::format("`{}` changes variables: a property can only call `fn ... = value`",
                      expr.name.text),
          "a procedure")
        .secondary.push_back({callee.span, "declared here"});
    return make_unknown(expr.span);
  }
  const std::vector<Type::Field>& parameters = elaboration_.function_states[at].parameters;
  ExprPtr result = make_expr(ExprKind::OtherCall, callee.result, expr.span);
  result->index = index;
  result->operands.push_back(std::move(process));
  for (ExprPtr& argument :
       arguments(expr.args, parameters, "`" + callee.name + "`", expr.span, callee.span)) {
    result->operands.push_back(std::move(argument));
  }
  if (refuse_clock(*result, callee.name)) {
    return make_unknown(expr.span);
  }
  return result;
}

ExprPtr Body::check_index(const ast::Expr& expr) {
  const ast::Expr& container = *expr.operands[0];
  if (container.kind == ast::ExprKind::UpperName) {
    if (const auto role = elaboration_.find_role(container.name.text)) {
      return check_role_index(expr, *role);
    }
  }
  ExprPtr operand = check(container);
  if (is_unknown(operand->type)) {
    return operand;
  }
  const Type type = types().at(operand->type);
  if (type.kind == Type::Kind::Map) {
    ExprPtr key = expect(*expr.operands[1], Want{type.key, "the key"});
    ExprPtr result = make_expr(ExprKind::MapIndex, type.element, expr.span);
    result->operands.push_back(std::move(operand));
    result->operands.push_back(std::move(key));
    return result;
  }
  if (type.kind == Type::Kind::Sequence) {
    const ast::Expr& index = *expr.operands[1];
    if (index.kind == ast::ExprKind::Binary && index.op == "..") {
      return check_slice(expr, std::move(operand));
    }
    ExprPtr position = number(index, "the index of a sequence");
    ExprPtr result = make_expr(ExprKind::SequenceIndex, type.element, expr.span);
    result->operands.push_back(std::move(operand));
    result->operands.push_back(std::move(position));
    return result;
  }
  Diagnostic& diagnostic =
      error("E0311", operand->span,
            fmt::format("{} has no elements to index", elaboration_.a(operand->type)),
            elaboration_.a(operand->type));
  if (type.kind == Type::Kind::Option) {
    diagnostic.helps.push_back("`!` gives the value of an option");
  }
  return make_unknown(expr.span);
}

ExprPtr Body::check_role_index(const ast::Expr& expr, int role) {
  const Role& found = elaboration_.protocol.roles[static_cast<std::size_t>(role)];
  ExprPtr position = number(*expr.operands[1], fmt::format("the number of a `{}`", found.name));
  if (!elaboration_.roles_known) {
    error("E0209", expr.span, "a param or a bound cannot depend on a process", "not numbered yet");
    return make_unknown(expr.span);
  }
  ExprPtr result =
      make_expr(ExprKind::RoleMember, process_type(types(), role, found.name), expr.span);
  result->index = role;
  const auto known = elaboration_.known_value(*position);
  if (known && (known->number() < 1 || known->number() > found.count)) {
    error("E0407", expr.span,
          fmt::format("there is no `{} {}`: `{}` has {} process{}", found.name, known->number(),
                      found.name, found.count, found.count == 1 ? "" : "es"),
          "no such process")
        .secondary.push_back({found.span, "declared here"});
    return make_unknown(expr.span);
  }
  result->operands.push_back(std::move(position));
  return result;
}

ExprPtr Body::check_slice(const ast::Expr& expr, ExprPtr sequence) {
  const ast::Expr& range = *expr.operands[1];
  ExprPtr first = number(*range.operands[0], "the beginning of a slice");
  ExprPtr last = number(*range.operands[1], "the end of a slice");
  ExprPtr result = make_expr(ExprKind::Slice, sequence->type, expr.span);
  result->operands.push_back(std::move(sequence));
  result->operands.push_back(std::move(first));
  result->operands.push_back(std::move(last));
  return result;
}

ExprPtr Body::check_force(const ast::Expr& expr, TypeId hint) {
  const TypeId wanted = is_unknown(hint) ? hint : option_of(types(), hint);
  ExprPtr operand = check(*expr.operands[0], wanted);
  if (is_unknown(operand->type)) return operand;
  if (!is_kind(types(), operand->type, Type::Kind::Option)) {
    error("E0309", operand->span,
          is_kind(types(), operand->type, Type::Kind::None)
              ? std::string("`!` of `none` has no value")
              : fmt::format("`!` takes the value of an option, and this is {}",
                            elaboration_.a(operand->type)),
          "never `none`");
    return make_unknown(expr.span);
  }
  ExprPtr result = make_expr(ExprKind::Force, types().at(operand->type).element, expr.span);
  result->operands.push_back(std::move(operand));
  return result;
}

ExprPtr Body::check_if(const ast::Expr& expr, TypeId hint) {
  ExprPtr result = make_expr(ExprKind::If, {}, expr.span);
  result->operands.push_back(condition(*expr.operands[0], "the condition of `if`"));
  const Lazy lazy(*this, "a branch of `if then else`");
  auto [yes, no] = is_unknown(hint)
                       ? check_pair(*expr.operands[1], *expr.operands[2])
                       : std::pair(check(*expr.operands[1], hint), check(*expr.operands[2], hint));
  const auto type = join(types(), yes->type, no->type);
  if (!type) {
    error("E0303", no->span,
          fmt::format("the branches of `if` have no type in common: {} and {}",
                      elaboration_.a(yes->type), elaboration_.a(no->type)),
          elaboration_.a(no->type))
        .secondary.push_back({yes->span, elaboration_.a(yes->type)});
    return make_unknown(expr.span);
  }
  result->type = *type;
  if (is_unknown(yes->type) || is_unknown(no->type)) return make_unknown(expr.span);
  result->operands.push_back(std::move(yes));
  result->operands.push_back(std::move(no));
  return result;
}

}  // namespace capstan::model
