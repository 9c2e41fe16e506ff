// SPDX-License-Identifier: MIT
// calls: functions of the spec and built-in functions on plain arguments.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

struct ForeignFunction {
  std::string_view name;
  std::string_view help;
};

/// Functions of other languages, and what to write for them.
constexpr ForeignFunction foreign_functions[] = {
    {"len", "write `size(s)`"},
    {"length", "write `size(s)`"},
    {"card", "write `size(s)`"},
    {"cardinality", "write `size(s)`"},
    {"forall", "write `every(c for x in S)`"},
    {"for_all", "write `every(c for x in S)`"},
    {"all", "write `every(c for x in S)`"},
    {"exists", "write `some(c for x in S)`"},
    {"any", "write `some(c for x in S)`"},
    {"contains", "write `x in s`"},
    {"append", "write `s + [x]`, or `s += [x]` as a statement"},
    {"push", "write `s += [x]`"},
    {"add", "write `s + {x}`, or `s += {x}` as a statement"},
    {"remove", "write `s but x`, or `s -= {x}` as a statement"},
    {"union", "write `s + t`"},
    {"intersection", "write `{x for x in s where x in t}`"},
    {"filter", "write `{x for x in s where c}`"},
    {"range", "write `lo..hi`; both ends belong to it"},
    {"head", "write `first(s)`"},
    {"choose", "write `let x = any S`"},
    {"print", "a handler or an action says what it does by a caption: `says \"...\"`"},
    {"now", "write `now`"},
};

}  // namespace

ExprPtr Body::check_call(const ast::Expr& expr, TypeId hint) {
  const std::string& name = expr.name.text;
  const int role = kind_ == BodyKind::Property || kind_ == BodyKind::Script ? -1 : role_;
  if (speaker.role >= 0) {
    const auto own = elaboration_.find_function(speaker.role, name);
    if (own && elaboration_.protocol.functions[static_cast<std::size_t>(*own)].role >= 0)
      return other_call(expr, *own, speaking_process(expr.span));
  }
  if (const auto index = elaboration_.find_function(role, name)) {
    return check_function_call(expr, *index);
  }
  if (is_builtin_function(name)) return check_builtin_call(expr, hint);
  Diagnostic& diagnostic =
      error("E0204", expr.name.span, fmt::format("there is no function `{}` here", name),
            "unknown function");
  std::vector<std::string> names = {"every", "some", "count", "sum",   "max",  "min",
                                    "size",  "abs",  "first", "index", "last", "majority"};
  for (const Function& each : elaboration_.protocol.functions) {
    if (each.name == name && each.role >= 0) {
      const std::string& owner =
          elaboration_.protocol.roles[static_cast<std::size_t>(each.role)].name;
      diagnostic.helps.push_back(
          role < 0 ? fmt::format("`{}` belongs to `{}`: write `p.{}(...)` of one of its processes",
                                 name, owner, name)
                   : fmt::format("`{}` belongs to `{}`", name, owner));
      diagnostic.secondary.push_back({each.span, "declared here"});
    }
    if (each.role < 0 || each.role == role) names.push_back(each.name);
  }
  for (const ForeignFunction& foreign : foreign_functions)
    if (diagnostic.helps.empty() && foreign.name == name)
      diagnostic.helps.emplace_back(foreign.help);
  if (diagnostic.helps.empty()) elaboration_.suggest_for(diagnostic, name, names);
  return make_unknown(expr.span);
}

std::vector<ExprPtr> Body::arguments(const std::vector<ast::Arg>& args,
                                     const std::vector<Type::Field>& fields, const std::string& of,
                                     Span span, std::optional<Span> origin) {
  std::vector<ExprPtr> result(fields.size());
  std::size_t position = 0;
  std::size_t extra = 0;
  for (const ast::Arg& arg : args) {
    std::size_t index = position++;
    if (arg.name) {
      index = 0;
      while (index < fields.size() && fields[index].name != arg.name->text) ++index;
    }
    if (index >= fields.size() || result[index]) {
      check(*arg.value);
      ++extra;
      if (!arg.name) continue;
      Diagnostic& diagnostic =
          error("E0307", arg.name->span,
                index < fields.size() ? fmt::format("{} gets `{}` twice", of, arg.name->text)
                                      : fmt::format("{} has no parameter `{}`", of, arg.name->text),
                index < fields.size() ? "again" : "unknown parameter");
      std::vector<std::string> names;
      for (const Type::Field& field : fields) names.push_back(field.name);
      if (index >= fields.size()) elaboration_.suggest_for(diagnostic, arg.name->text, names);
      if (origin) diagnostic.secondary.push_back({*origin, "declared here"});
      return {};
    }
    Want want{fields[index].type, fmt::format("argument `{}` of {}", fields[index].name, of)};
    if (origin) {
      want.origin = *origin;
      want.origin_text = "declared here";
    }
    result[index] = expect(*arg.value, want);
  }
  std::string missing;
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!result[i]) missing += (missing.empty() ? "`" : ", `") + fields[i].name + "`";
  }
  if (missing.empty() && extra == 0) return result;
  Diagnostic& diagnostic =
      error("E0306", span,
            fmt::format("{} takes {} argument{}, and gets {}", of, fields.size(),
                        fields.size() == 1 ? "" : "s", args.size()),
            missing.empty() ? "too many" : "without " + missing);
  if (origin) diagnostic.secondary.push_back({*origin, "declared here"});
  return {};
}

ExprPtr Body::check_function_call(const ast::Expr& expr, int index) {
  if (kind_ == BodyKind::Initial &&
      elaboration_.protocol.functions[static_cast<std::size_t>(index)].role >= 0) {
    error("E0209", expr.span,
          fmt::format("an initial value cannot call `{}`: a function of a role may read variables",
                      expr.name.text),
          "before variables have values")
        .helps.push_back("declare the function outside the role");
    return make_unknown(expr.span);
  }
  elaboration_.elaborate_function(index, expr.span);
  const auto at = static_cast<std::size_t>(index);
  const Function& callee = elaboration_.protocol.functions[at];
  const FunctionState& state = elaboration_.function_states[at];
  const std::vector<Type::Field>& parameters = state.parameters;
  std::vector<ExprPtr> args =
      arguments(expr.args, parameters, "`" + callee.name + "`", expr.span, callee.span);
  if (args.size() != parameters.size()) return make_unknown(expr.span);
  const bool is_value = state.function != nullptr && state.function->value;
  if (is_value) {
    ExprPtr result = make_expr(ExprKind::Call, callee.result, expr.span);
    result->index = index;
    result->operands = std::move(args);
    const bool has_clock = kind_ != BodyKind::Property && kind_ != BodyKind::Script &&
                           kind_ != BodyKind::Constant && kind_ != BodyKind::ObjectOp &&
                           kind_ != BodyKind::Merge;
    if (!has_clock && refuse_clock(*result, expr.name.text)) {
      return make_unknown(expr.span);
    }
    return result;
  }
  if (state.progress != Progress::Done) return make_unknown(expr.span);
  if (!callee.has_result) {
    error("E0321", expr.span, fmt::format("`{}` returns no value", callee.name), "nothing")
        .secondary.push_back({callee.span, "declared here"});
    return make_unknown(expr.span);
  }
  if (pending_ == nullptr || lazy_where_ != nullptr) {
    const bool is_function = lazy_where_ == nullptr && kind_ == BodyKind::Function;
    Diagnostic& diagnostic =
        error("E0315", expr.span,
              fmt::format("the procedure `{}` cannot be called in {}", callee.name,
                          lazy_where_ != nullptr ? lazy_where_
                          : is_function ? "a function written with `=`, which changes nothing"
                                        : "a value that changes nothing"),
              "may change variables");
    diagnostic.secondary.push_back({callee.span, "has a block"});
    diagnostic.helps.push_back(is_function
                                   ? "give this function a block too: `fn f() { return ... }`"
                                   : "call it before: `let result = ...`");
    return make_unknown(expr.span);
  }
  Statement call;
  call.kind = StatementKind::Call;
  call.span = expr.span;
  call.index = index;
  call.args = std::move(args);
  call.slot = hidden("$call", callee.result);
  call.type = callee.result;
  const int slot = call.slot;
  push(std::move(call));
  return make_local(slot, callee.result, expr.span);
}

bool Body::argument_count(const ast::Expr& expr, std::size_t count) {
  bool fine = expr.args.size() == count;
  for (const ast::Arg& arg : expr.args) fine = fine && !arg.name;
  if (fine) return true;
  error("E0306", expr.span,
        fmt::format("`{}` takes {} argument{}", expr.name.text, count, count == 1 ? "" : "s"),
        fmt::format("{} here", expr.args.size()));
  return false;
}

ExprPtr Body::check_builtin_call(const ast::Expr& expr, TypeId hint) {
  const std::string& name = expr.name.text;
  if (name == "every" || name == "some" || name == "count") {
    error("E0306", expr.span, fmt::format("`{}` goes through a set", name), "no `for`")
        .helps.push_back(fmt::format("`{}(condition for x in set)`", name));
    return make_unknown(expr.span);
  }
  if (name == "max" || name == "min") {
    const bool two = expr.args.size() == 2 && !expr.args[1].name;
    return two ? check_extreme_of_two(expr, hint) : check_extreme(expr, hint);
  }
  if (name == "index" || name == "live" || name == "done") return check_process_call(expr);
  if (!argument_count(expr, 1)) return make_unknown(expr.span);
  const ast::Expr& operand = *expr.args[0].value;
  const TypeId integer = int_type(types());
  if (name == "abs") {
    ExprPtr result = make_expr(ExprKind::Abs, integer, expr.span);
    result->operands.push_back(number(operand, "the argument of `abs`"));
    return result;
  }
  if (name == "majority") {
    ExprPtr half = make_expr(ExprKind::Divide, integer, expr.span);
    half->operands.push_back(number(operand, "the argument of `majority`"));
    half->operands.push_back(make_constant(Value::integer(2), integer, expr.span));
    ExprPtr result = make_expr(ExprKind::Add, integer, expr.span);
    result->operands.push_back(std::move(half));
    result->operands.push_back(make_constant(Value::integer(1), integer, expr.span));
    return result;
  }
  ExprPtr argument;
  const std::string what = fmt::format("the argument of `{}`", name);
  if (name == "sum") {
    argument = check(operand);
    if (!is_kind(types(), argument->type, Type::Kind::Map)) {
      argument = as_collection(std::move(argument), what);
    }
  } else {
    argument = collection(operand, what);
  }
  if (is_unknown(argument->type)) return make_unknown(expr.span);
  const TypeId element = types().at(argument->type).element;
  ExprKind kind = ExprKind::Size;
  TypeId type = integer;
  if (name == "sum") kind = ExprKind::Sum;
  if (name == "first" || name == "last") {
    kind = name == "first" ? ExprKind::First : ExprKind::Last;
    type = element;
  }
  if (name == "sum" && !is_number(types(), element)) {
    error("E0302", argument->span,
          fmt::format("`sum` adds numbers, and each of these is {}", elaboration_.a(element)),
          elaboration_.a(argument->type));
    return make_unknown(expr.span);
  }
  ExprPtr result = make_expr(kind, type, expr.span);
  result->operands.push_back(std::move(argument));
  return result;
}

ExprPtr Body::check_extreme(const ast::Expr& expr, TypeId hint) {
  const bool with_default =
      expr.args.size() == 2 && expr.args[1].name && expr.args[1].name->text == "default";
  if ((expr.args.size() != 1 && !with_default) || expr.args[0].name) {
    error("E0306", expr.span, fmt::format("`{}` takes a collection, or two values", expr.name.text),
          fmt::format("{} arguments here", expr.args.size()))
        .helps.push_back(
            fmt::format("`{}(set, default: v)` is `v` for an empty set", expr.name.text));
    return make_unknown(expr.span);
  }
  const std::string what = fmt::format("the argument of `{}`", expr.name.text);
  ExprPtr operand = check(*expr.args[0].value);
  if (!is_kind(types(), operand->type, Type::Kind::Map)) {
    operand = as_collection(std::move(operand), what);
  }
  if (is_unknown(operand->type)) return operand;
  const TypeId element = types().at(operand->type).element;
  if (!has_order(types(), element)) {
    error("E0304", operand->span,
          fmt::format("`{}` needs an order, and {} has none", expr.name.text,
                      elaboration_.a(element)),
          elaboration_.a(operand->type));
    return make_unknown(expr.span);
  }
  ExprPtr result =
      make_expr(expr.name.text == "max" ? ExprKind::Max : ExprKind::Min, element, expr.span);
  result->operands.push_back(std::move(operand));
  if (!with_default) return result;
  ExprPtr otherwise = check(*expr.args[1].value, is_unknown(hint) ? element : hint);
  const auto joined = join(types(), element, otherwise->type);
  if (is_unknown(otherwise->type)) return otherwise;
  if (!joined) {
    error("E0303", otherwise->span,
          fmt::format("the default of `{}` and its elements have no type in common: {} and {}",
                      expr.name.text, elaboration_.a(otherwise->type), elaboration_.a(element)),
          elaboration_.a(otherwise->type));
    return make_unknown(expr.span);
  }
  result->type = fits(types(), otherwise->type, element) ? element : *joined;
  result->operands.push_back(std::move(otherwise));
  return result;
}

ExprPtr Body::check_extreme_of_two(const ast::Expr& expr, TypeId hint) {
  const bool shaped = !is_unknown(hint) && !is_number(types(), hint);
  auto [left, right] =
      shaped ? std::pair(check(*expr.args[0].value, hint), check(*expr.args[1].value, hint))
             : check_pair(*expr.args[0].value, *expr.args[1].value);
  if (is_unknown(left->type) || is_unknown(right->type)) return make_unknown(expr.span);
  if (ExprPtr timed = extreme_of_times(expr, left, right)) return timed;
  const auto joined = join(types(), left->type, right->type);
  const bool max = expr.name.text == "max";
  const bool maps = joined && is_kind(types(), *joined, Type::Kind::Map);
  if (!joined || (!maps && !has_order(types(), *joined))) {
    error(joined ? "E0304" : "E0302", expr.span,
          joined ? fmt::format("`{}` needs an order, and {} has none", expr.name.text,
                               elaboration_.a(*joined))
                 : fmt::format("`{}` does not apply to {} and {}", expr.name.text,
                               elaboration_.a(left->type), elaboration_.a(right->type)),
          "no greatest or least");
    return make_unknown(expr.span);
  }
  if (maps && !has_order(types(), types().at(*joined).element)) {
    error("E0304", expr.span,
          fmt::format("`{}` goes key by key, and {} has no order", expr.name.text,
                      elaboration_.a(types().at(*joined).element)),
          elaboration_.a(*joined));
    return make_unknown(expr.span);
  }
  ExprKind kind = max ? ExprKind::Max2 : ExprKind::Min2;
  if (maps) kind = max ? ExprKind::PointwiseMax : ExprKind::PointwiseMin;
  ExprPtr result = make_expr(kind, *joined, expr.span);
  result->operands.push_back(std::move(left));
  result->operands.push_back(std::move(right));
  return result;
}

ExprPtr Body::check_process_call(const ast::Expr& expr) {
  if (!argument_count(expr, 1)) return make_unknown(expr.span);
  const std::string& name = expr.name.text;
  const TypeId process = process_type(types(), -1, "");
  ExprPtr operand =
      expect(*expr.args[0].value, Want{process, fmt::format("the argument of `{}`", name)});
  const bool global = name != "index";
  if (global && kind_ != BodyKind::Property && kind_ != BodyKind::Script) {
    error("E0219", expr.span,
          fmt::format("`{}` looks at another process: only properties and scripts can", name),
          "not in a protocol");
    return make_unknown(expr.span);
  }
  if (is_unknown(operand->type)) return operand;
  ExprKind kind = ExprKind::ProcessIndex;
  if (name == "live") kind = ExprKind::IsLive;
  if (name == "done") kind = ExprKind::IsDone;
  ExprPtr result = make_expr(kind, global ? bool_type(types()) : int_type(types()), expr.span);
  result->operands.push_back(std::move(operand));
  return result;
}

}  // namespace capstan::model
