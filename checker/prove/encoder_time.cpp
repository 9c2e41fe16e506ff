// SPDX-License-Identifier: MIT
// encoder_time: readings, moved times and comparisons of times that are ticks apart, as in
// system/evaluate_time.
#include "checker/prove/encoder.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;
using model::Type;

namespace {

TermPtr moved(const TermPtr& time, const z3::expr& ticks) {
  return time_term(*time->scalar, number_of(time->parts[0]) + ticks);
}

TermPtr require_time(const TermPtr& term) {
  if (term->kind == Term::Kind::Opaque) throw term->reason;
  const TermPtr time = payload_of(term);
  CAPSTAN_REQUIRE(time->kind == Term::Kind::Time, "a time");
  return time;
}

/// Whether (x - y) is less than c; with `least`, whether x is before y.
z3::expr is_before(const TermPtr& x, const TermPtr& y, const z3::expr& c) {
  const z3::expr both = and_of(*x->scalar, *y->scalar);
  const z3::expr within = number_of(x->parts[0]) - number_of(y->parts[0]) < c;
  return or_of(and_of(not_of(*x->scalar), *y->scalar), and_of(both, within));
}

}  // namespace

TermPtr Encoder::timed(const Expr& expr, const Scene& scene) {
  if (expr.kind == ExprKind::Now) {
    if (scene.now && muted_ == 0 && depth_ == 0) reads_.push_back(scene.path);
    if (scene.now) return scene.now;
    throw CannotEncode{"`now`", expr.span};
  }
  if (expr.kind == ExprKind::TimeMax2 || expr.kind == ExprKind::TimeMin2)
    return time_extreme(expr, scene);
  const bool is_move = expr.kind == ExprKind::TimeAdd;
  if (!is_move && expr.kind != ExprKind::TimeDifference) return time_comparison(expr, scene);
  const TermPtr x = require_time(evaluate(*expr.operands[0], scene));
  const TermPtr second = evaluate(*expr.operands[1], scene);
  if (is_move) return moved(x, number_of(second));
  const TermPtr y = require_time(second);
  const z3::expr difference = number_of(x->parts[0]) - number_of(y->parts[0]);
  note_error(scene, not_of(and_of(*x->scalar, *y->scalar)));
  const Type& range = protocol_.types.at(expr.type);
  note_error(scene, difference < universe_.context().int_val(range.low) ||
                        difference > universe_.context().int_val(range.high));
  return number_term(difference);
}

TermPtr Encoder::time_comparison(const Expr& expr, const Scene& scene) {
  const TermPtr x = require_time(evaluate(*expr.operands[0], scene));
  const TermPtr y = require_time(evaluate(*expr.operands[1], scene));
  const z3::expr c = number_of(evaluate(*expr.operands[2], scene));
  const z3::expr before = is_before(x, y, c);
  const z3::expr after = is_before(y, x, -c);
  switch (expr.kind) {
    case ExprKind::TimeLess:
      return truth_term(before);
    case ExprKind::TimeLessEqual:
      return truth_term(not_of(after));
    case ExprKind::TimeGreater:
      return truth_term(after);
    case ExprKind::TimeGreaterEqual:
      return truth_term(not_of(before));
    case ExprKind::TimeEqual:
      return truth_term(not_of(or_of(before, after)));
    default:  // TimeNotEqual
      return truth_term(or_of(before, after));
  }
}

TermPtr Encoder::time_extreme(const Expr& expr, const Scene& scene) {
  const TermPtr x = require_time(evaluate(*expr.operands[0], scene));
  const z3::expr c = number_of(evaluate(*expr.operands[1], scene));
  const TermPtr y = require_time(evaluate(*expr.operands[2], scene));
  const z3::expr d = number_of(evaluate(*expr.operands[3], scene));
  const bool largest = expr.kind == ExprKind::TimeMax2;
  const z3::expr takes_second = largest ? is_before(x, y, d - c) : is_before(y, x, c - d);
  return choice(takes_second, moved(y, d), moved(x, c));
}

}  // namespace capstan::checker
