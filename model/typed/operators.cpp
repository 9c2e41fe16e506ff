// SPDX-License-Identifier: MIT
// operators: one spelling, several meanings, told apart by the types of the operands.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

ExprPtr make_binary(ExprKind kind, TypeId type, Span span, ExprPtr left, ExprPtr right) {
  ExprPtr result = make_expr(kind, type, span);
  result->operands.push_back(std::move(left));
  result->operands.push_back(std::move(right));
  return result;
}

/// Literals that take their type from the other side of an operator.
bool takes_a_hint(const ast::Expr& expr, const Elaboration& elaboration) {
  using enum ast::ExprKind;
  if (expr.kind == Parenthesized) return takes_a_hint(*expr.operands[0], elaboration);
  if (expr.kind == Set || expr.kind == Sequence) {
    return expr.operands.empty() || takes_a_hint(*expr.operands[0], elaboration);
  }
  if (expr.kind == Unary) return expr.op == "all";
  if (expr.kind == Name) {
    if (expr.name.text == "none") return true;
    const auto* found = elaboration.find_enumerators(expr.name.text);
    return found != nullptr && found->size() > 1;
  }
  // The name of a role of one process may stand for a set.
  return expr.kind == Map || expr.kind == Tuple || expr.kind == UpperName;
}

}  // namespace

std::pair<ExprPtr, ExprPtr> Body::check_pair(const ast::Expr& left, const ast::Expr& right) {
  if (takes_a_hint(left, elaboration_) && !takes_a_hint(right, elaboration_)) {
    ExprPtr second = check(right);
    ExprPtr first = check(left, second->type);
    return {std::move(first), std::move(second)};
  }
  ExprPtr first = check(left);
  ExprPtr second = check(right, first->type);
  return {std::move(first), std::move(second)};
}

ExprPtr Body::number(const ast::Expr& expr, const std::string& what) {
  return expect(expr, Want{int_type(types()), what});
}

ExprPtr Body::check_unary(const ast::Expr& expr, TypeId hint) {
  if (expr.op == "all") return check_constant_map(expr, hint);
  if (expr.op == "not") {
    ExprPtr result = make_expr(ExprKind::Not, bool_type(types()), expr.span);
    result->operands.push_back(condition(*expr.operands[0], "what `not` is applied to"));
    return result;
  }
  ExprPtr operand = number(*expr.operands[0], "what `-` is applied to");
  if (operand->kind == ExprKind::Constant && !is_unknown(operand->type)) {
    return make_constant(Value::integer(-operand->value.number()), int_type(types()), expr.span);
  }
  ExprPtr result = make_expr(ExprKind::Negate, int_type(types()), expr.span);
  result->operands.push_back(std::move(operand));
  return result;
}

ExprPtr Body::check_binary(const ast::Expr& expr, TypeId hint) {
  const std::string& op = expr.op;
  if (op == "and") return check_logic(expr, ExprKind::And);
  if (op == "or") return check_logic(expr, ExprKind::Or);
  if (op == "implies") return check_logic(expr, ExprKind::Implies);
  if (op == "==") return check_equality(expr, ExprKind::Equal);
  if (op == "!=") return check_equality(expr, ExprKind::NotEqual);
  if (op == "in") return check_membership(expr, ExprKind::In);
  if (op == "not in") return check_membership(expr, ExprKind::NotIn);
  if (op == "??") return check_coalesce(expr, hint);
  if (op == "but") return check_but(expr, hint);
  if (op == "..") return check_range(expr);
  if (op == "<" || op == "<=" || op == ">" || op == ">=") return check_order(expr);
  return check_arithmetic(expr, hint);
}

ExprPtr Body::check_logic(const ast::Expr& expr, ExprKind kind) {
  ExprPtr left = condition(*expr.operands[0], fmt::format("the left side of `{}`", expr.op));
  const Lazy lazy(*this, "the right side of `and`, `or` or `implies`");
  ExprPtr right = condition(*expr.operands[1], fmt::format("the right side of `{}`", expr.op));
  return make_binary(kind, bool_type(types()), expr.span, std::move(left), std::move(right));
}

ExprPtr Body::check_equality(const ast::Expr& expr, ExprKind kind) {
  remember_differences(*expr.operands[0], *expr.operands[1]);
  auto [left, right] = check_pair(*expr.operands[0], *expr.operands[1]);
  if (is_unknown(left->type) || is_unknown(right->type)) return make_unknown(expr.span);
  if (ExprPtr timed = compare_times(expr, left, right)) return timed;
  const bool comparable =
      fits(types(), left->type, right->type) || fits(types(), right->type, left->type);
  const Type l = types().at(without_option(types(), left->type));
  const Type r = types().at(without_option(types(), right->type));
  const bool roles_differ = l.kind == Type::Kind::Process && r.kind == Type::Kind::Process &&
                            l.role >= 0 && r.role >= 0 && l.role != r.role;
  if (!comparable && (roles_differ || !join(types(), left->type, right->type) ||
                      l.kind == Type::Kind::None || r.kind == Type::Kind::None)) {
    Diagnostic& diagnostic =
        error("E0303", expr.span,
              fmt::format("`{}` compares {} with {}: they are never equal", expr.op,
                          elaboration_.a(left->type), elaboration_.a(right->type)),
              fmt::format("left is {}, right is {}", elaboration_.a(left->type),
                          elaboration_.a(right->type)));
    explain_misfit(diagnostic, *right, left->type);
    if (l.kind == Type::Kind::Time) explain_times(diagnostic, right->type, left->type);
    if (l.kind == Type::Kind::None || r.kind == Type::Kind::None) {
      diagnostic.notes.push_back("only a `T?` can be `none`");
    }
    return make_unknown(expr.span);
  }
  return make_binary(kind, bool_type(types()), expr.span, std::move(left), std::move(right));
}

ExprPtr Body::check_order(const ast::Expr& expr) {
  remember_differences(*expr.operands[0], *expr.operands[1]);
  auto [left, right] = check_pair(*expr.operands[0], *expr.operands[1]);
  if (is_unknown(left->type) || is_unknown(right->type)) return make_unknown(expr.span);
  if (ExprPtr timed = compare_times(expr, left, right)) return timed;
  const auto common = join(types(), left->type, right->type);
  if (!common) return wrong_operands(expr, *left, *right);
  const TypeId boolean = bool_type(types());
  const bool greater = expr.op[0] == '>';
  const bool or_equal = expr.op.size() == 2;
  const bool sets = is_set(types(), *common);
  if (sets || is_kind(types(), *common, Type::Kind::Map)) {
    // The order is partial: `>` swaps the sides, `<` is `<=` and `!=` of the same operands.
    if (greater) std::swap(left, right);
    const ExprKind kind = sets ? ExprKind::SubsetEqual : ExprKind::PointwiseLessEqual;
    if (or_equal) {
      return make_binary(kind, boolean, expr.span, std::move(left), std::move(right));
    }
    ExprPtr again_left = clone(*left);
    ExprPtr again_right = clone(*right);
    ExprPtr within = make_binary(kind, boolean, expr.span, std::move(left), std::move(right));
    ExprPtr other = make_binary(ExprKind::NotEqual, boolean, expr.span, std::move(again_left),
                                std::move(again_right));
    return make_binary(ExprKind::And, boolean, expr.span, std::move(within), std::move(other));
  }
  if (!has_order(types(), *common)) {
    error("E0304", expr.span,
          fmt::format("`{}` cannot order {}: it has no order", expr.op, elaboration_.a(*common)),
          elaboration_.a(*common))
        .notes.push_back(
            "sequences and askers compare with `==` only, and so do tuples that "
            "contain sets, maps or sequences");
    return make_unknown(expr.span);
  }
  ExprKind kind = ExprKind::Less;
  if (expr.op == "<=") kind = ExprKind::LessEqual;
  if (expr.op == ">") kind = ExprKind::Greater;
  if (expr.op == ">=") kind = ExprKind::GreaterEqual;
  return make_binary(kind, boolean, expr.span, std::move(left), std::move(right));
}

ExprPtr Body::check_membership(const ast::Expr& expr, ExprKind kind) {
  const ast::Expr& left_side = *expr.operands[0];
  const ast::Expr& right_side = *expr.operands[1];
  ExprPtr left;
  ExprPtr right;
  if (takes_a_hint(left_side, elaboration_)) {
    right = collection(right_side, fmt::format("the right side of `{}`", expr.op));
    const TypeId set = right->type;
    left = check(left_side, is_unknown(set) ? set : types().at(set).element);
  } else {
    left = check(left_side);
    const TypeId hint = is_unknown(left->type) ? TypeId{} : set_of(types(), left->type);
    const bool literal = right_side.kind == ast::ExprKind::Set;
    right = literal ? check(right_side, hint)
                    : collection(right_side, fmt::format("the right side of `{}`", expr.op));
  }
  if (is_unknown(left->type) || is_unknown(right->type)) return make_unknown(expr.span);
  const Type container = types().at(right->type);
  const bool empty = container.kind == Type::Kind::EmptyBraces;
  if (!empty && !fits(types(), left->type, container.element) &&
      !fits(types(), container.element, left->type)) {
    error("E0303", expr.span,
          fmt::format("`{}` looks for {} among elements that are {}", expr.op,
                      elaboration_.a(left->type), elaboration_.a(container.element)),
          "never there")
        .secondary.push_back({right->span, elaboration_.a(right->type)});
    return make_unknown(expr.span);
  }
  return make_binary(kind, bool_type(types()), expr.span, std::move(left), std::move(right));
}

ExprPtr Body::wrong_operands(const ast::Expr& expr, const Expr& left, const Expr& right) {
  Diagnostic& diagnostic = error("E0302", expr.op_span,
                                 fmt::format("`{}` does not apply to {} and {}", expr.op,
                                             elaboration_.a(left.type), elaboration_.a(right.type)),
                                 "");
  diagnostic.secondary.push_back({left.span, elaboration_.a(left.type)});
  diagnostic.secondary.push_back({right.span, elaboration_.a(right.type)});
  const bool collection_left = is_set(types(), left.type) || is_sequence(types(), left.type);
  if (collection_left && fits(types(), right.type, types().at(left.type).element)) {
    const char* form = is_set(types(), left.type) ? "`{{{}}}`" : "`[{}]`";
    diagnostic.helps.push_back(
        fmt::format(fmt::runtime(std::string("put the element in a collection: ") + form),
                    elaboration_.text(right.span)));
  }
  const bool left_time = is_kind(types(), left.type, Type::Kind::Time);
  const bool right_time = is_kind(types(), right.type, Type::Kind::Time);
  if (right_time && is_number(types(), left.type) && expr.op == "+") {
    diagnostic.helps.push_back(fmt::format("write the time first: `{} + {}`",
                                           elaboration_.text(right.span),
                                           elaboration_.text(left.span)));
  } else if (left_time || right_time) {
    diagnostic.notes.push_back(
        "times can be compared, moved by ticks (`now + 3`), and subtracted in a comparison");
  }
  for (const Expr* side : {&left, &right}) {
    if (!is_kind(types(), side->type, Type::Kind::Option)) continue;
    diagnostic.helps.push_back(fmt::format("`{}!` is its value, `{} ?? ...` its value or another",
                                           elaboration_.text(side->span),
                                           elaboration_.text(side->span)));
    break;
  }
  return make_unknown(expr.span);
}

ExprPtr Body::check_arithmetic(const ast::Expr& expr, TypeId hint) {
  const std::string& op = expr.op;
  const bool collections = is_set(types(), hint) || is_sequence(types(), hint);
  ExprPtr left;
  ExprPtr right;
  if (collections) {
    left = check(*expr.operands[0], hint);
    right = check(*expr.operands[1], hint);
  } else {
    std::tie(left, right) = check_pair(*expr.operands[0], *expr.operands[1]);
  }
  if (is_unknown(left->type) || is_unknown(right->type)) return make_unknown(expr.span);
  if (ExprPtr timed = calculate_with_times(expr, hint, left, right)) return timed;
  if (is_number(types(), left->type) && is_number(types(), right->type)) {
    ExprKind kind = ExprKind::Add;
    if (op == "-") kind = ExprKind::Subtract;
    if (op == "*") kind = ExprKind::Multiply;
    if (op == "/") kind = ExprKind::Divide;
    if (op == "%") kind = ExprKind::Modulo;
    if ((op == "/" || op == "%") && right->kind == ExprKind::Constant &&
        right->value.number() == 0) {
      error("E0312", right->span, "division by zero", "always zero");
      return make_unknown(expr.span);
    }
    return make_binary(kind, int_type(types()), expr.span, std::move(left), std::move(right));
  }
  const auto joined = join(types(), left->type, right->type);
  const bool sets = is_set(types(), left->type) && is_set(types(), right->type);
  const bool sequences = is_sequence(types(), left->type) && is_sequence(types(), right->type);
  if (joined && sets && (op == "+" || op == "-")) {
    const TypeId type = op == "+" ? *joined : left->type;
    return make_binary(op == "+" ? ExprKind::Union : ExprKind::Difference, type, expr.span,
                       std::move(left), std::move(right));
  }
  if (joined && sequences && op == "+") {
    return make_binary(ExprKind::Concatenate, *joined, expr.span, std::move(left),
                       std::move(right));
  }
  return wrong_operands(expr, *left, *right);
}

ExprPtr Body::check_coalesce(const ast::Expr& expr, TypeId hint) {
  const TypeId wanted = is_unknown(hint) ? hint : option_of(types(), hint);
  ExprPtr left = check(*expr.operands[0], wanted);
  if (is_unknown(left->type)) return left;
  if (!is_kind(types(), left->type, Type::Kind::Option)) {
    error("E0309", left->span,
          fmt::format("`??` gives another value for `none`, and this is {}",
                      elaboration_.a(left->type)),
          "never `none`");
    return make_unknown(expr.span);
  }
  const Lazy lazy(*this, "the right side of `??`");
  const TypeId element = types().at(left->type).element;
  ExprPtr right = check(*expr.operands[1], is_unknown(hint) ? left->type : hint);
  if (is_unknown(right->type)) return right;
  const auto joined = join(types(), element, right->type);
  if (!joined) return wrong_operands(expr, *left, *right);
  const bool same = fits(types(), right->type, element);
  return make_binary(ExprKind::Coalesce, same ? element : *joined, expr.span, std::move(left),
                     std::move(right));
}

ExprPtr Body::check_but(const ast::Expr& expr, TypeId hint) {
  const TypeId set_hint = is_kind(types(), hint, Type::Kind::Set) ? hint : TypeId{};
  ExprPtr left = check(*expr.operands[0], set_hint);
  if (is_unknown(left->type)) return left;
  if (is_kind(types(), left->type, Type::Kind::Process)) {
    left = as_collection(std::move(left), "the left side of `but`");
    if (is_unknown(left->type)) return left;
  }
  const TypeId set = left->type;
  if (!is_kind(types(), set, Type::Kind::Set)) {
    error("E0302", left->span,
          fmt::format("`but` takes elements away from a set, not from {}", elaboration_.a(set)),
          elaboration_.a(set));
    return make_unknown(expr.span);
  }
  const TypeId element = types().at(set).element;
  const ast::ExprKind kind = expr.operands[1]->kind;
  const bool literal = kind == ast::ExprKind::Set || kind == ast::ExprKind::SetComprehension;
  ExprPtr right = check(*expr.operands[1], literal ? set : element);
  if (is_unknown(right->type)) return right;
  const bool is_element = fits(types(), right->type, element) ||
                          (!is_set(types(), right->type) && fits(types(), element, right->type));
  if (!is_element && !fits(types(), right->type, set) && !fits(types(), set, right->type)) {
    return wrong_operands(expr, *left, *right);
  }
  if (is_element) {
    ExprPtr single = make_expr(ExprKind::MakeSet, set_of(types(), right->type), right->span);
    single->operands.push_back(std::move(right));
    right = std::move(single);
  }
  return make_binary(ExprKind::Difference, set, expr.span, std::move(left), std::move(right));
}

ExprPtr Body::check_range(const ast::Expr& expr) {
  ExprPtr low = number(*expr.operands[0], "the beginning of a range");
  ExprPtr high = number(*expr.operands[1], "the end of a range");
  return make_binary(ExprKind::Range, set_of(types(), int_type(types())), expr.span, std::move(low),
                     std::move(high));
}

}  // namespace capstan::model
