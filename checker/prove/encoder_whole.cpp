// SPDX-License-Identifier: MIT
// encoder_whole: what properties see: variables and functions of any process, messages in flight,
// who is up. A process that is not known is one of its role, case by case.
#include <algorithm>
#include <utility>

#include "checker/prove/encoder.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;

namespace {

/// What `of` gives for the process that the number is: one of first..first + count - 1. Where it is
/// none of these nobody asks: what is asked of a set is asked of what cannot be in it, too.
TermPtr of_process(const z3::expr& number, int first, int count,
                   const std::function<TermPtr(int)>& of) {
  std::int64_t known = 0;
  if (number.is_numeral_i64(known))
    return of(static_cast<int>(std::clamp<std::int64_t>(known, first, first + count - 1)));
  TermPtr result = of(first + count - 1);
  for (int process = first + count - 2; process >= first; --process)
    result = choice(number == process, of(process), result);
  return result;
}

}  // namespace

z3::expr Encoder::judged(const Expr& condition, const Scene& scene, Errors errors) {
  const Errors wanted = std::exchange(errors_wanted_, errors);
  const auto [holds, has_value] = value_of(condition, scene);
  errors_wanted_ = wanted;
  return and_of(has_value, truth_of(holds));
}

std::pair<TermPtr, z3::expr> Encoder::value_of(const Expr& expr, const Scene& scene) {
  std::vector<z3::expr> outside = std::exchange(errors_, {});
  TermPtr value = evaluate(expr, scene);
  z3::expr has_value = no_error();
  errors_ = std::move(outside);
  return {std::move(value), std::move(has_value)};
}

TermPtr Encoder::of_whole(const Expr& expr, const Scene& scene) {
  if (!scene.whole) throw CannotEncode{"what only a property sees", expr.span};
  const Whole& whole = *scene.whole;
  if (expr.kind == ExprKind::MessagesInFlight) {
    const TermPtr& set = whole.in_flight.at(static_cast<std::size_t>(expr.index));
    if (!set) throw CannotEncode{"messages in flight in a fault", expr.span};
    return set;
  }
  if (expr.kind == ExprKind::IsDone) throw CannotEncode{"`done`", expr.span};
  const TermPtr process = forced(expr, evaluate(*expr.operands[0], scene), scene);
  const model::Type& type = protocol_.types.at(expr.operands[0]->type);
  const int index =
      type.kind == model::Type::Kind::Option ? protocol_.types.at(type.element).role : type.role;
  int first = 0, count = protocol_.process_count();
  if (index >= 0) {
    const model::Role& role = protocol_.roles[static_cast<std::size_t>(index)];
    first = role.first_process;
    count = role.count;
  }
  return of_process(number_of(process), first, count, [&](int each) {
    const auto at = static_cast<std::size_t>(each);
    if (expr.kind == ExprKind::IsLive) return whole.is_live.at(at);
    if (expr.kind == ExprKind::OtherCall) return other_call(expr, scene, each);
    return whole.variables.at(at).at(static_cast<std::size_t>(expr.slot));
  });
}

TermPtr Encoder::other_call(const Expr& expr, const Scene& scene, int process) {
  const model::Function& function = protocol_.functions[static_cast<std::size_t>(expr.index)];
  const auto at = static_cast<std::size_t>(process);
  Scene inner = scene;
  inner.self = universe_.number(process);
  inner.variables = scene.whole->variables.at(at);
  inner.now = scene.whole->readings.empty() ? nullptr : scene.whole->readings.at(at);
  inner.locals.assign(function.frame.slots.size(), nullptr);
  for (std::size_t i = 1; i < expr.operands.size(); ++i)
    inner.locals[i - 1] = evaluate(*expr.operands[i], scene);
  return evaluate(*function.value, inner);
}

}  // namespace capstan::checker
