// SPDX-License-Identifier: MIT
// evaluate_time: readings, moved times, and comparisons of times that are some ticks apart
// (SEMANTICS 3).
//
// The type checker has brought every comparison of times that involves ticks into the form `x - y
// op c`, so that whoever keeps times as offsets (TimeRules) hears exactly what the answer rests on.
// `least` is before every time and stays `least` when moved: where it takes part, ticks do not.
// Ticks are bounded (typed/ticks), so that no time of a run comes near the ends of 64 bits.
// Tested by: tests/unit/model/system/evaluate_time_test.cpp.
#include <fmt/format.h>

#include <algorithm>

#include "model/base/require.hpp"
#include "model/system/evaluate_collection.hpp"
#include "model/system/moved_time.hpp"
#include "model/typed/ticks.hpp"

namespace capstan::model {
namespace {

std::int64_t number_at(const Expr& expr, std::size_t index, Environment& environment) {
  return evaluate(*expr.operands[index], environment).number();
}

void require_few_ticks(std::int64_t ticks, Span span) {
  if (are_too_many_ticks(ticks))
    throw ModelError{fmt::format("times are {} ticks apart, and may be {}", ticks, kTicksMost),
                     span};
}

/// time + ticks, without telling anybody.
std::int64_t moved(std::int64_t time, std::int64_t ticks, Span span) {
  if (time == kLeastTime) return time;
  std::int64_t result = 0;
  if (__builtin_add_overflow(time, ticks, &result) || result <= kLeastTime)
    throw ModelError{"a time outgrows 64 bits", span};
  return result;
}

/// The time x + ticks as a value.
Value stored(std::int64_t x, std::int64_t ticks, const Expr& expr, Environment& environment) {
  return Value::integer(moved_time(x, ticks, environment.time_rules, expr.span));
}

/// The sign of (x - y) - c; with `least`, of `x` compared with `y`.
int order(std::int64_t x, std::int64_t y, std::int64_t c, Span span, Environment& environment) {
  if (x == kLeastTime || y == kLeastTime) return x < y ? -1 : x > y ? 1 : 0;
  if (environment.time_rules != nullptr) environment.time_rules->compared(x, y, c);
  const std::int64_t bound = moved(y, c, span);
  return x < bound ? -1 : x > bound ? 1 : 0;
}

/// Ticks that the operand gives.
std::int64_t ticks_at(const Expr& expr, std::size_t index, Environment& environment) {
  const std::int64_t ticks = number_at(expr, index, environment);
  require_few_ticks(ticks, expr.span);
  return ticks;
}

Value comparison(const Expr& expr, Environment& environment) {
  const std::int64_t x = number_at(expr, 0, environment);
  const std::int64_t y = number_at(expr, 1, environment);
  const int sign = order(x, y, ticks_at(expr, 2, environment), expr.span, environment);
  bool result = false;
  if (expr.kind == ExprKind::TimeEqual) result = sign == 0;
  if (expr.kind == ExprKind::TimeNotEqual) result = sign != 0;
  if (expr.kind == ExprKind::TimeLess) result = sign < 0;
  if (expr.kind == ExprKind::TimeLessEqual) result = sign <= 0;
  if (expr.kind == ExprKind::TimeGreater) result = sign > 0;
  if (expr.kind == ExprKind::TimeGreaterEqual) result = sign >= 0;
  return Value::boolean(result);
}

/// Only the winner becomes a value, so only it is told to be stored.
Value extreme(const Expr& expr, Environment& environment) {
  const std::int64_t x = number_at(expr, 0, environment);
  const std::int64_t c = ticks_at(expr, 1, environment);
  const std::int64_t y = number_at(expr, 2, environment);
  const std::int64_t d = ticks_at(expr, 3, environment);
  const int sign = order(x, y, d - c, expr.span, environment);
  const bool take_first = expr.kind == ExprKind::TimeMax2 ? sign >= 0 : sign <= 0;
  return take_first ? stored(x, c, expr, environment) : stored(y, d, expr, environment);
}

/// The message does not say the difference: offsets may have forgotten it.
Value difference(const Expr& expr, Environment& environment) {
  const Type& range = environment.protocol->types.at(expr.type);
  CAPSTAN_REQUIRE(range.kind == Type::Kind::Range, "a difference of times has a range type");
  const std::int64_t x = number_at(expr, 0, environment);
  const std::int64_t y = number_at(expr, 1, environment);
  if (x == kLeastTime || y == kLeastTime) throw ModelError{"a difference with `least`", expr.span};
  const std::int64_t low = std::max(range.low, -kTicksMost);
  const std::int64_t high = std::min(range.high, kTicksMost);
  const bool is_low = order(x, y, low, expr.span, environment) < 0;
  const bool is_high = order(x, y, high, expr.span, environment) > 0;
  if (is_low || is_high) {
    if (low != range.low || high != range.high)
      throw ModelError{
          fmt::format("a difference of times is more than {} ticks, or lies outside {}", kTicksMost,
                      environment.protocol->types.describe(expr.type)),
          expr.span};
    throw ModelError{
        "a difference of times lies outside " + environment.protocol->types.describe(expr.type),
        expr.span};
  }
  return Value::integer(x - y);
}

}  // namespace

std::int64_t moved_time(std::int64_t time, std::int64_t ticks, TimeRules* rules, Span span) {
  require_few_ticks(ticks, span);
  const std::int64_t result = moved(time, ticks, span);
  if (rules != nullptr && time != kLeastTime && ticks != 0) rules->stored(time, result);
  return result;
}

Value evaluate_time(const Expr& expr, Environment& environment) {
  if (expr.kind == ExprKind::Now) {
    CAPSTAN_REQUIRE(environment.clock != nullptr, "`now` is read without a clock");
    return Value::integer(environment.clock->now());
  }
  if (expr.kind == ExprKind::TimeAdd) {
    return stored(number_at(expr, 0, environment), number_at(expr, 1, environment), expr,
                  environment);
  }
  if (expr.kind == ExprKind::TimeMax2 || expr.kind == ExprKind::TimeMin2)
    return extreme(expr, environment);
  if (expr.kind == ExprKind::TimeDifference) return difference(expr, environment);
  return comparison(expr, environment);
}

}  // namespace capstan::model
