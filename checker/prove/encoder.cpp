// SPDX-License-Identifier: MIT
// encoder: names, calls, and everything that is not a collection (encoder_collection.cpp) or a
// time (encoder_time.cpp).
#include "checker/prove/encoder.hpp"

#include <fmt/format.h>

#include <utility>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;
using model::Type;
using model::TypeId;

namespace {

Scene under(Scene scene, const z3::expr& condition) {
  scene.path = and_of(scene.path, condition);
  return scene;
}

z3::expr rounded_down(const Expr& expr, const z3::expr& a, const z3::expr& b) {
  std::int64_t divisor = 0;
  if (!b.is_numeral_i64(divisor) || divisor <= 0)
    throw CannotEncode{"a division by something that is no positive constant", expr.span};
  return expr.kind == ExprKind::Divide ? a / b : z3::mod(a, b);
}

z3::expr product(const Expr& expr, const z3::expr& a, const z3::expr& b) {
  if (!a.is_numeral() && !b.is_numeral())
    throw CannotEncode{"a product of two variables", expr.span};
  return a * b;
}

}  // namespace

TypeId common_type(const model::TypeTable& types, TypeId a, TypeId b) {
  const Type::Kind first = types.at(a).kind;
  const bool is_literal = first == Type::Kind::None || first == Type::Kind::EmptyBraces;
  return is_literal || types.at(b).kind == Type::Kind::Option ? b : a;
}

void Encoder::note_error(const Scene& scene, const z3::expr& error) {
  const z3::expr reached = and_of(scene.path, error);
  if (muted_ == 0 && !is_false(reached)) errors_.push_back(reached);
}

z3::expr Encoder::no_error() const {
  z3::expr all = universe_.truth(true);
  for (const z3::expr& error : errors_) all = and_of(all, not_of(error));
  return all;
}

z3::expr Encoder::truth(const Expr& expr, const Scene& scene) {
  return truth_of(evaluate(expr, scene));
}

TermPtr Encoder::evaluate(const Expr& expr, const Scene& scene) {
  model::poll_limits_now();  // terms take far longer than a look at the clock
  try {
    return dispatch(expr, scene);
  } catch (CannotEncode& reason) {
    if (reason.span == model::Span{}) reason.span = expr.span;
    throw;
  }
}

TermPtr Encoder::param(const Expr& expr) {
  const auto found = params_.find(expr.index);
  return found == params_.end() ? universe_.constant(expr.value, expr.type) : found->second;
}

TermPtr Encoder::local(const Expr& expr, const Scene& scene) {
  const TermPtr& local = scene.locals.at(static_cast<std::size_t>(expr.slot));
  if (!local) throw CannotEncode{"a local that is set in one branch only", expr.span};
  return local;
}

TermPtr Encoder::dispatch(const Expr& expr, const Scene& scene) {
  using enum ExprKind;
  // clang-format off
  switch (expr.kind) {
    case Constant: return universe_.constant(expr.value, expr.type);
    case Param: return param(expr);
    case Local: return local(expr, scene);
    case Variable: return scene.variables.at(static_cast<std::size_t>(expr.slot));
    case Ghost: return scene.ghosts.at(static_cast<std::size_t>(expr.index));
    case Self: return scene.self;
    case Sender:
      if (!scene.sender) throw CannotEncode{"`sender`", expr.span};
      return scene.sender;
    case AskerToken: return opaque_term({"`asker`", expr.span});
    case OtherVariable: case OtherCall: case MessagesInFlight: case IsLive: case IsDone:
      return of_whole(expr, scene);
    case Call: return call(expr, scene);
    case Field: return field(expr, scene);
    case MapIndex: return map_index(expr, scene);
    case Force: return forced(expr, evaluate(*expr.operands[0], scene), scene);
    case Coalesce: return coalesced(expr, scene);
    case Not: case And: case Or: case Implies: return logical(expr, scene);
    case Equal: case NotEqual: case Less: case LessEqual: case Greater: case GreaterEqual:
      return comparison(expr, scene);
    case Add: case Subtract: case Multiply: case Divide: case Modulo: case Negate: case Abs:
    case Max2: case Min2:
      return arithmetic(expr, scene);
    case If: return conditional(expr, scene);
    case ProcessIndex: case RoleMember: return process_number(expr, scene);
    case MakeTuple: case MakeSet: case MakeMap: case ConstantMap: case Range:
      return make_collection(expr, scene);
    case SubsetEqual: case PointwiseLessEqual: case In: case NotIn: case Union: case Difference:
    case PointwiseMax: case PointwiseMin:
      return on_collections(expr, scene);
    case Sum: case Size: case Max: case Min: return summary(expr, scene);
    case Comprehension: return comprehension(expr, scene);
    case SequenceIndex: case Slice: case MakeSequence: case Concatenate: case First: case Last:
      throw CannotEncode{"a sequence", expr.span};
    case Now: case TimeAdd: case TimeEqual: case TimeNotEqual: case TimeLess: case TimeLessEqual:
    case TimeGreater: case TimeGreaterEqual: case TimeMax2: case TimeMin2: case TimeDifference:
      return timed(expr, scene);
  }
  // clang-format on
  CAPSTAN_UNREACHABLE("a kind of expression");
}

TermPtr Encoder::call(const Expr& expr, const Scene& scene) {
  const model::Function& function = protocol_.functions[static_cast<std::size_t>(expr.index)];
  Scene inner = scene;
  inner.locals.assign(function.frame.slots.size(), nullptr);
  for (std::size_t i = 0; i < expr.operands.size(); ++i)
    inner.locals[i] = evaluate(*expr.operands[i], scene);
  return evaluate(*function.value, inner);
}

TermPtr Encoder::field(const Expr& expr, const Scene& scene) {
  const TermPtr tuple = forced(expr, evaluate(*expr.operands[0], scene), scene);
  if (tuple->kind == Term::Kind::Opaque) throw tuple->reason;
  return tuple->parts.at(static_cast<std::size_t>(expr.index));
}

TermPtr Encoder::forced(const Expr& expr, const TermPtr& value, const Scene& scene) {
  if (value->kind != Term::Kind::Option) return value;
  note_error(scene, not_of(*value->scalar));
  if (!value->parts[0]) throw CannotEncode{"the value of `none`", expr.span};
  return value->parts[0];
}

TermPtr Encoder::map_index(const Expr& expr, const Scene& scene) {
  const TermPtr map = evaluate(*expr.operands[0], scene);
  if (map->kind == Term::Kind::Opaque) throw map->reason;
  const TermPtr key = evaluate(*expr.operands[1], scene);
  const TypeId key_type = protocol_.types.at(expr.operands[0]->type).key;
  if (universe_.has_bounds()) note_error(scene, not_of(universe_.in_domain(key, key_type)));
  return map->at(key);
}

TermPtr Encoder::coalesced(const Expr& expr, const Scene& scene) {
  const TermPtr option = evaluate(*expr.operands[0], scene);
  if (option->kind != Term::Kind::Option) return option;
  const z3::expr is_some = *option->scalar;
  if (is_true(is_some)) return option->parts[0];
  const TermPtr otherwise = evaluate(*expr.operands[1], under(scene, not_of(is_some)));
  return option->parts[0] ? choice(is_some, option->parts[0], otherwise) : otherwise;
}

TermPtr Encoder::logical(const Expr& expr, const Scene& scene) {
  const z3::expr left = truth(*expr.operands[0], scene);
  if (expr.kind == ExprKind::Not) return truth_term(not_of(left));
  const bool is_or = expr.kind == ExprKind::Or;
  const z3::expr needs_right = is_or ? not_of(left) : left;
  if (is_false(needs_right)) return truth_term(universe_.truth(expr.kind != ExprKind::And));
  const z3::expr right = truth(*expr.operands[1], under(scene, needs_right));
  if (expr.kind == ExprKind::And) return truth_term(and_of(left, right));
  return truth_term(is_or ? or_of(left, right) : implies_of(left, right));
}

TermPtr Encoder::comparison(const Expr& expr, const Scene& scene) {
  const TermPtr a = evaluate(*expr.operands[0], scene);
  const TermPtr b = evaluate(*expr.operands[1], scene);
  switch (expr.kind) {
    case ExprKind::Less:
      return truth_term(less(a, b));
    case ExprKind::Greater:
      return truth_term(less(b, a));
    case ExprKind::LessEqual:
      return truth_term(not_of(less(b, a)));
    case ExprKind::GreaterEqual:
      return truth_term(not_of(less(a, b)));
    default: {  // Equal, NotEqual
      const TypeId type =
          common_type(protocol_.types, expr.operands[0]->type, expr.operands[1]->type);
      const z3::expr same = universe_.equal(a, b, type);
      return truth_term(expr.kind == ExprKind::Equal ? same : not_of(same));
    }
  }
}

TermPtr Encoder::arithmetic(const Expr& expr, const Scene& scene) {
  const TermPtr left = evaluate(*expr.operands[0], scene);
  if (expr.kind == ExprKind::Negate) return number_term(-number_of(left));
  if (expr.kind == ExprKind::Abs) {
    const z3::expr number = number_of(left);
    return number_term(z3::ite(number >= 0, number, -number));
  }
  const TermPtr right = evaluate(*expr.operands[1], scene);
  if (expr.kind == ExprKind::Max2) return choice(less(left, right), right, left);
  if (expr.kind == ExprKind::Min2) return choice(less(right, left), right, left);
  const z3::expr a = number_of(left);
  const z3::expr b = number_of(right);
  std::int64_t x = 0, y = 0;  // constants are folded, so that what they rule out is seen
  const bool folds = a.is_numeral_i64(x) && b.is_numeral_i64(y);
  std::int64_t sum = 0;
  if (expr.kind == ExprKind::Add)
    return number_term(
        folds && !__builtin_add_overflow(x, y, &sum) ? universe_.context().int_val(sum) : a + b);
  if (expr.kind == ExprKind::Subtract)
    return number_term(
        folds && !__builtin_sub_overflow(x, y, &sum) ? universe_.context().int_val(sum) : a - b);
  if (expr.kind == ExprKind::Multiply) return number_term(product(expr, a, b));
  return number_term(rounded_down(expr, a, b));
}

TermPtr Encoder::conditional(const Expr& expr, const Scene& scene) {
  const z3::expr condition = truth(*expr.operands[0], scene);
  if (is_true(condition)) return evaluate(*expr.operands[1], scene);
  if (is_false(condition)) return evaluate(*expr.operands[2], scene);
  return choice(condition, evaluate(*expr.operands[1], under(scene, condition)),
                evaluate(*expr.operands[2], under(scene, not_of(condition))));
}

TermPtr Encoder::process_number(const Expr& expr, const Scene& scene) {
  const TermPtr operand = forced(expr, evaluate(*expr.operands[0], scene), scene);
  if (expr.kind == ExprKind::RoleMember) {
    const model::Role& role = protocol_.roles[static_cast<std::size_t>(expr.index)];
    const TermPtr process =
        number_term(number_of(operand) + static_cast<int>(role.first_process - 1));
    note_error(scene, not_of(universe_.in_domain(process, expr.type)));
    return process;
  }
  const Type& type = protocol_.types.at(expr.operands[0]->type);
  const int role =
      type.kind == Type::Kind::Option ? protocol_.types.at(type.element).role : type.role;
  if (role < 0) throw CannotEncode{"a process of any role", expr.span};
  const int first = protocol_.roles[static_cast<std::size_t>(role)].first_process;
  return number_term(number_of(operand) - (first - 1));
}

}  // namespace capstan::checker
