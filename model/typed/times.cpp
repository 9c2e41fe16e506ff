// SPDX-License-Identifier: MIT
// times: `now`, times moved by ticks, differences of times, and where each may stand.
//
// `a + n op b + m` and `a - b op c` become one node `x - y op c`, so that whoever keeps times as
// offsets learns which constants matter (SEMANTICS 3.4); a time moved by ticks that is kept is a
// TimeAdd. Everything that would read a time as a number is refused: it would not survive a shift
// of all times. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include "model/typed/body.hpp"
#include "model/typed/clock_usage.hpp"
#include "model/typed/ticks.hpp"

namespace capstan::model {
namespace {

/// A time and how far it is moved; no ticks: not at all.
struct Moved {
  ExprPtr time;
  ExprPtr ticks;
};

Moved taken_apart(ExprPtr expr) {
  if (expr->kind != ExprKind::TimeAdd) return {std::move(expr), nullptr};
  return {std::move(expr->operands[0]), std::move(expr->operands[1])};
}

ExprKind timed_kind(const std::string& op) {
  if (op == "==") return ExprKind::TimeEqual;
  if (op == "!=") return ExprKind::TimeNotEqual;
  if (op == "<") return ExprKind::TimeLess;
  if (op == "<=") return ExprKind::TimeLessEqual;
  if (op == ">") return ExprKind::TimeGreater;
  return ExprKind::TimeGreaterEqual;
}

/// The operator with its sides swapped.
std::string mirrored(const std::string& op) {
  if (op[0] == '<') return ">" + op.substr(1);
  if (op[0] == '>') return "<" + op.substr(1);
  return op;
}

constexpr const char* kSeesNoClock =
    "`always`, `never`, `reachable`, `eventually` and `whenever` can read clocks; elsewhere keep a "
    "reading in a variable, and look at that";

const ast::Expr& without_parentheses(const ast::Expr& expr) {
  return expr.kind == ast::ExprKind::Parenthesized ? without_parentheses(*expr.operands[0]) : expr;
}

}  // namespace

bool holds_time(const TypeTable& types, TypeId id) {
  if (is_unknown(id)) return false;
  const Type& type = types.at(id);
  if (type.kind == Type::Kind::Time) return true;
  for (const Type::Field& field : type.fields) {
    if (holds_time(types, field.type)) return true;
  }
  return holds_time(types, type.element) || holds_time(types, type.key);
}

/// a + b of numbers that may be missing (0), folded where both are written out.
ExprPtr Body::sum_of_ticks(ExprPtr a, ExprPtr b, bool subtract, Span span) {
  const TypeId integer = int_type(types());
  if (!b) return a ? std::move(a) : make_constant(Value::integer(0), integer, span);
  const bool folds =
      b->kind == ExprKind::Constant && (!a || a->kind == ExprKind::Constant) && !has_unknown(*b);
  if (folds) {
    const std::int64_t first = a ? a->value.number() : 0;
    const std::int64_t second = b->value.number();
    std::int64_t result = 0;
    const bool overflow = subtract ? __builtin_sub_overflow(first, second, &result)
                                   : __builtin_add_overflow(first, second, &result);
    if (!overflow) return make_constant(Value::integer(result), integer, span);
  }
  if (!a && !subtract) return b;
  ExprPtr sum = make_expr(subtract ? ExprKind::Subtract : ExprKind::Add, integer, span);
  sum->operands.push_back(a ? std::move(a) : make_constant(Value::integer(0), integer, span));
  sum->operands.push_back(std::move(b));
  return sum;
}

ExprPtr Body::check_now(const ast::Expr& expr) {
  const bool in_code = kind_ == BodyKind::Handler || kind_ == BodyKind::Action ||
                       kind_ == BodyKind::Operation || kind_ == BodyKind::Start ||
                       kind_ == BodyKind::Function;
  const bool is_initial = kind_ == BodyKind::Initial && own_slot == std::numeric_limits<int>::max();
  if (in_code || is_initial || may_see_clocks) {
    return make_expr(ExprKind::Now, kind_type(types(), Type::Kind::Time), expr.span);
  }
  Diagnostic& diagnostic = error("E0209", expr.span, "`now` means nothing here", "out of place");
  diagnostic.notes.push_back(
      "`now` is what the clock of a process shows: the code of a role reads it");
  if (kind_ == BodyKind::Property || kind_ == BodyKind::Script) {
    diagnostic.helps.push_back(kSeesNoClock);
  }
  return make_unknown(expr.span);
}

void Body::remember_differences(const ast::Expr& left, const ast::Expr& right) {
  compared_ = {&without_parentheses(left), &without_parentheses(right)};
}

ExprPtr Body::compare_times(const ast::Expr& expr, ExprPtr& left, ExprPtr& right) {
  const auto is_time = [&](const ExprPtr& side) {
    return is_kind(types(), side->type, Type::Kind::Time);
  };
  const bool left_differs = left->kind == ExprKind::TimeDifference;
  const bool right_differs = right->kind == ExprKind::TimeDifference;
  const bool moved = left->kind == ExprKind::TimeAdd || right->kind == ExprKind::TimeAdd;
  if (left_differs && right_differs) {
    error("E0327", expr.span, "two differences of times cannot be compared",
          "how far apart four times are")
        .helps.push_back("keep one of them in a variable of a range type, such as `0..10`");
    return make_unknown(expr.span);
  }
  ExprPtr result = make_expr(timed_kind(expr.op), bool_type(types()), expr.span);
  ExprPtr bound;
  if (left_differs || right_differs) {
    ExprPtr& difference = left_differs ? left : right;
    ExprPtr& number = left_differs ? right : left;
    if (!is_number(types(), number->type)) return nullptr;
    if (right_differs) result->kind = timed_kind(mirrored(expr.op));
    bound = std::move(number);
    ExprPtr second = std::move(difference->operands[1]);
    left = std::move(difference->operands[0]);
    right = std::move(second);
  } else if (!is_time(left) || !is_time(right) || !moved) {
    return nullptr;
  }
  // (x + n) - (y + m) op c is x - y op c + m - n.
  Moved x = taken_apart(std::move(left));
  Moved y = taken_apart(std::move(right));
  bound = sum_of_ticks(std::move(bound), std::move(y.ticks), false, expr.span);
  bound = sum_of_ticks(std::move(bound), std::move(x.ticks), true, expr.span);
  result->operands.push_back(std::move(x.time));
  result->operands.push_back(std::move(y.time));
  result->operands.push_back(std::move(bound));
  return result;
}

ExprPtr Body::calculate_with_times(const ast::Expr& expr, TypeId hint, ExprPtr& left,
                                   ExprPtr& right) {
  const bool left_time = is_kind(types(), left->type, Type::Kind::Time);
  const bool right_time = is_kind(types(), right->type, Type::Kind::Time);
  for (const ExprPtr* side : {&left, &right}) {
    if ((*side)->kind == ExprKind::TimeDifference) return refuse_difference((*side)->span);
  }
  if (!left_time && !right_time) return nullptr;
  const bool subtract = expr.op == "-";
  if (left_time && is_number(types(), right->type) && (subtract || expr.op == "+")) {
    Moved moved = taken_apart(std::move(left));
    ExprPtr result = make_expr(ExprKind::TimeAdd, moved.time->type, expr.span);
    result->operands.push_back(std::move(moved.time));
    result->operands.push_back(
        sum_of_ticks(std::move(moved.ticks), std::move(right), subtract, expr.span));
    return result;
  }
  if (!left_time || !right_time || !subtract) return nullptr;
  const TypeId wanted = without_option(types(), hint);
  const bool bounded = is_kind(types(), wanted, Type::Kind::Range);
  const bool compared = &expr == compared_[0] || &expr == compared_[1];
  if (!bounded && !compared) return refuse_difference(expr.span);
  ExprPtr result =
      make_expr(ExprKind::TimeDifference, bounded ? wanted : int_type(types()), expr.span);
  result->operands.push_back(std::move(left));
  result->operands.push_back(std::move(right));
  return result;
}

ExprPtr Body::refuse_difference(Span span) {
  error("E0327", span, "how far apart two times are is not a number to calculate with",
        "may be any number of ticks")
      .helps.push_back(
          "compare it, as in `now - since >= 3`, or keep it in a variable of a range type, such as "
          "`0..10`");
  return make_unknown(span);
}

ExprPtr Body::extreme_of_times(const ast::Expr& expr, ExprPtr& left, ExprPtr& right) {
  const bool times = is_kind(types(), left->type, Type::Kind::Time) &&
                     is_kind(types(), right->type, Type::Kind::Time);
  const bool moved = left->kind == ExprKind::TimeAdd || right->kind == ExprKind::TimeAdd;
  if (!times || !moved) return nullptr;
  const ExprKind kind = expr.name.text == "max" ? ExprKind::TimeMax2 : ExprKind::TimeMin2;
  ExprPtr result = make_expr(kind, left->type, expr.span);
  for (ExprPtr* side : {&left, &right}) {
    Moved part = taken_apart(std::move(*side));
    result->operands.push_back(std::move(part.time));
    result->operands.push_back(sum_of_ticks(std::move(part.ticks), nullptr, false, expr.span));
  }
  return result;
}

void Body::explain_times(Diagnostic& diagnostic, TypeId from, TypeId to) {
  const bool from_time = is_kind(types(), from, Type::Kind::Time);
  const bool to_time = is_kind(types(), to, Type::Kind::Time);
  if (from_time && is_number(types(), to)) {
    diagnostic.notes.push_back(
        "a time is not a number: it can be compared, and moved by ticks (`now + 3`)");
  }
  if (to_time && is_number(types(), from)) {
    diagnostic.notes.push_back(
        "a number is not a time: times are `now`, `least`, and other times moved by ticks");
  }
}

void Body::send_window(const ast::Expr& written, Statement& send) {
  const ast::Expr& window = without_parentheses(written);
  if (window.kind == ast::ExprKind::Binary && window.op == "..") {
    send.after = number(*window.operands[0], "the least delay");
    send.after_most = number(*window.operands[1], "the greatest delay");
  } else {
    send.after = number(window, "the delay");
  }
  const auto least = elaboration_.known_value(*send.after);
  const auto most = send.after_most ? elaboration_.known_value(*send.after_most) : least;
  if (least && least->number() < 0) {
    error("E0516", send.after->span,
          fmt::format("a message cannot arrive {} ticks after it is sent", least->number()),
          "negative");
  } else if (least && most && most->number() < least->number()) {
    error("E0516", written.span,
          fmt::format("no delay lies in {}..{}", least->number(), most->number()), "empty");
  }
}

bool Body::refuse_clock(const Expr& expr, const std::string& called) {
  if (may_see_clocks || !may_read_clock(elaboration_.protocol, expr)) return false;
  error("E0497", expr.span,
        fmt::format("`{}` reads `now`: calling it here is not supported yet", called),
        "reads a clock")
      .helps.push_back(kSeesNoClock);
  return true;
}

ExprPtr Body::value_at(const Place& place) {
  const auto slot = static_cast<std::size_t>(place.slot);
  const bool is_ghost = place.root == Place::Root::Ghost;
  const Protocol& protocol = elaboration_.protocol;
  const TypeId type = is_ghost
                          ? protocol.ghosts[slot].type
                          : protocol.roles[static_cast<std::size_t>(role_)].variables[slot].type;
  ExprPtr result = make_expr(is_ghost ? ExprKind::Ghost : ExprKind::Variable, type, place.span);
  result->slot = place.slot;
  if (is_ghost) result->index = place.slot;
  for (const Place::Step& step : place.steps) {
    const Type container = types().at(step.container);
    ExprPtr part = make_expr(ExprKind::Field, container.element, place.span);
    part->operands.push_back(std::move(result));
    if (step.kind == Place::Step::Kind::Field) {
      part->index = step.field;
      part->type = container.fields[static_cast<std::size_t>(step.field)].type;
    } else {
      part->kind =
          step.kind == Place::Step::Kind::MapKey ? ExprKind::MapIndex : ExprKind::SequenceIndex;
      part->operands.push_back(clone(*step.index));
    }
    result = std::move(part);
  }
  return result;
}

void Body::take_as_time(Expr& expr, TypeId wanted) {
  const TypeId time = without_option(types(), wanted);
  if (kind_ != BodyKind::Initial || expr.kind != ExprKind::Constant) return;
  if (!is_kind(types(), time, Type::Kind::Time) || !is_number(types(), expr.type)) return;
  expr.type = time;
  if (!are_too_many_ticks(expr.value.number())) return;
  error("E0312", expr.span,
        fmt::format("{} is too far from the start for a time", expr.value.number()),
        fmt::format("a time written as a number goes from {} to {}", -kTicksMost, kTicksMost))
      .helps.push_back("`least` is before every time");
}

void Body::refuse_clock_in_parameters(const Action& action) {
  std::vector<const Expr*> parts{action.binders_where.get()};
  for (const Binder& binder : action.binders) parts.push_back(binder.set.get());
  for (const Expr* part : parts) {
    if (part == nullptr || !may_read_clock(elaboration_.protocol, *part)) continue;
    error("E0209", part->span, "the parameters of an action cannot depend on the clock",
          "reads a clock")
        .helps.push_back("test it in the guard, after `when`");
    return;
  }
}

}  // namespace capstan::model
