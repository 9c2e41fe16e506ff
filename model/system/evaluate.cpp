// SPDX-License-Identifier: MIT
// evaluate: the dispatch over kinds of expressions, names, calls, and everything that is not a
// collection.
//
// Collections and comprehensions are in evaluate_collection.cpp, times in evaluate_time.cpp,
// assignments and type checks in evaluate_place.cpp.
// Tested by: tests/unit/model/system/evaluate_test.cpp.
#include "model/system/evaluate.hpp"

#include <fmt/format.h>

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>

#include "model/base/require.hpp"
#include "model/base/stack.hpp"
#include "model/system/effort.hpp"
#include "model/system/evaluate_collection.hpp"

namespace capstan::model {
namespace {

/// Functions cannot recurse, so this is reached only by an absurdly long chain of functions.
constexpr int kCallDepthLimit = 256;

class CallDepth {
 public:
  explicit CallDepth(Span span) {
    if (++depth_ > kCallDepthLimit || is_stack_low()) {
      --depth_;
      throw ModelError{"function calls are nested too deeply", span};
    }
  }
  ~CallDepth() { --depth_; }
  CallDepth(const CallDepth&) = delete;
  CallDepth& operator=(const CallDepth&) = delete;
  static int depth() { return depth_; }

 private:
  static thread_local int depth_;
};
thread_local int CallDepth::depth_ = 0;

const Value& local(const Expr& expr, const Environment& environment) {
  CAPSTAN_REQUIRE(environment.locals != nullptr, "a local is read outside a frame");
  const auto slot = static_cast<std::size_t>(expr.slot);
  CAPSTAN_REQUIRE(slot < environment.locals->size(), "a local slot lies in its frame");
  return (*environment.locals)[slot];
}

const Value& variable(const Expr& expr, const Environment& environment) {
  CAPSTAN_REQUIRE(environment.variables != nullptr, "a variable is read without variables");
  return environment.variables->at(static_cast<std::size_t>(expr.slot));
}

const GlobalView& global_view(const Environment& environment) {
  CAPSTAN_REQUIRE(environment.global != nullptr, "the whole state is read outside a property");
  return *environment.global;
}

int process_operand(const Expr& expr, Environment& environment) {
  const Value process = evaluate(*expr.operands[0], environment);
  if (process.is_none()) throw ModelError{"the process is `none`", expr.operands[0]->span};
  return static_cast<int>(process.number());
}

/// What functions gave for which arguments, once one evaluation has taken many turns: functions
/// that call each other twice make a tree of calls that is exponential in the number of functions.
/// Within one evaluation variables and the clock do not change, so a function of a process gives
/// the same for the same arguments.
class Memo {
 public:
  static bool is_worth_it() {
    if (CallDepth::depth() > 1 && Effort::turns() > kTurnsWithout) return true;
    if (CallDepth::depth() == 1 && !known_.empty()) known_.clear();
    return false;
  }

  Value value_of(int function, const Expr& body, Environment& environment) {
    std::string key;
    for (const int part : {function, environment.self, environment.sender})
      Value::integer(part).append_to(key);
    const auto at = reinterpret_cast<std::uintptr_t>(environment.variables);
    Value::integer(static_cast<std::int64_t>(at)).append_to(key);
    for (const Value& argument : *environment.locals) argument.append_to(key);
    const auto known = known_.find(key);
    if (known != known_.end()) return known->second;
    Value value = evaluate(body, environment);
    if (known_.size() < kKnownMax) known_.emplace(std::move(key), value);
    return value;
  }

 private:
  static constexpr std::uint64_t kTurnsWithout = 10'000;
  static constexpr std::size_t kKnownMax = 100'000;
  static thread_local std::unordered_map<std::string, Value> known_;
};
thread_local std::unordered_map<std::string, Value> Memo::known_;

/// Call and OtherCall: the arguments are evaluated here, the body in the function's own frame.
Value call(const Expr& expr, Environment& environment) {
  const Function& function = environment.protocol->functions[static_cast<std::size_t>(expr.index)];
  CAPSTAN_REQUIRE(function.value != nullptr, "only a function with an expression body has a value");
  CallDepth depth(expr.span);
  const Effort effort(expr.span);
  Effort::turn();
  Environment inner = environment;
  std::size_t first_argument = 0;
  if (expr.kind == ExprKind::OtherCall) {
    inner.self = process_operand(expr, environment);
    inner.variables = &global_view(environment).variables(inner.self);
    inner.clock = global_view(environment).clock(inner.self);
    first_argument = 1;
  }
  std::vector<Value> locals(function.frame.slots.size());
  for (std::size_t i = first_argument; i < expr.operands.size(); ++i) {
    locals[i - first_argument] = evaluate(*expr.operands[i], environment);
  }
  inner.locals = &locals;
  return Memo::is_worth_it() ? Memo().value_of(expr.index, *function.value, inner)
                             : evaluate(*function.value, inner);
}

void require_no_overflow(bool overflow, Span span) {
  if (overflow) throw ModelError{"a number outgrows 64 bits", span};
}

const char* sign_of(ExprKind kind) {
  return kind == ExprKind::Add ? "+" : kind == ExprKind::Subtract ? "-" : "*";
}

std::int64_t floor_divide(std::int64_t a, std::int64_t b) {
  const std::int64_t quotient = a / b;
  return (a % b != 0 && (a < 0) != (b < 0)) ? quotient - 1 : quotient;
}

Value negative(std::int64_t number, Span span) {
  std::int64_t result = 0;
  require_no_overflow(__builtin_sub_overflow(std::int64_t{0}, number, &result), span);
  return Value::integer(result);
}

Value divided(ExprKind kind, std::int64_t a, std::int64_t b, Span span) {
  if (b == 0) {
    const char* const sign = kind == ExprKind::Divide ? "/" : "%";
    throw ModelError{fmt::format("division by zero: {} {} 0", a, sign), span};
  }
  const bool is_quotient = kind == ExprKind::Divide;
  if (b == -1) return is_quotient ? negative(a, span) : Value::integer(0);  // -1 can overflow
  if (is_quotient) return Value::integer(floor_divide(a, b));
  const std::int64_t rest = a % b;
  if (rest >= 0) return Value::integer(rest);
  return Value::integer(b < 0 ? rest - b : rest + b);  // the smallest number has no absolute value
}

Value arithmetic(const Expr& expr, Environment& environment) {
  const std::int64_t a = evaluate(*expr.operands[0], environment).number();
  const std::int64_t b = evaluate(*expr.operands[1], environment).number();
  if (expr.kind == ExprKind::Divide || expr.kind == ExprKind::Modulo) {
    return divided(expr.kind, a, b, expr.span);
  }
  std::int64_t result = 0;
  bool overflow = false;
  if (expr.kind == ExprKind::Add) overflow = __builtin_add_overflow(a, b, &result);
  if (expr.kind == ExprKind::Subtract) overflow = __builtin_sub_overflow(a, b, &result);
  if (expr.kind == ExprKind::Multiply) overflow = __builtin_mul_overflow(a, b, &result);
  if (overflow)
    throw ModelError{fmt::format("a number outgrows 64 bits: {} {} {}", a, sign_of(expr.kind), b),
                     expr.span};
  return Value::integer(result);
}

Value negated(const Expr& expr, Environment& environment) {
  return negative(evaluate(*expr.operands[0], environment).number(), expr.span);
}

Value absolute(const Expr& expr, Environment& environment) {
  const Value number = evaluate(*expr.operands[0], environment);
  return number.number() < 0 ? negative(number.number(), expr.span) : number;
}

/// The operand on the right is evaluated only if the one on the left leaves the result open.
Value logical(const Expr& expr, Environment& environment) {
  const bool left = evaluate(*expr.operands[0], environment).truth();
  if (expr.kind == ExprKind::And && !left) return Value::boolean(false);
  if (expr.kind == ExprKind::Or && left) return Value::boolean(true);
  if (expr.kind == ExprKind::Implies && !left) return Value::boolean(true);
  return Value::boolean(evaluate(*expr.operands[1], environment).truth());
}

Value comparison(const Expr& expr, Environment& environment) {
  const Value left = evaluate(*expr.operands[0], environment);
  const Value right = evaluate(*expr.operands[1], environment);
  const auto order = left <=> right;
  bool result = false;
  if (expr.kind == ExprKind::Equal) result = order == 0;
  if (expr.kind == ExprKind::NotEqual) result = order != 0;
  if (expr.kind == ExprKind::Less) result = order < 0;
  if (expr.kind == ExprKind::LessEqual) result = order <= 0;
  if (expr.kind == ExprKind::Greater) result = order > 0;
  if (expr.kind == ExprKind::GreaterEqual) result = order >= 0;
  return Value::boolean(result);
}

Value larger_or_smaller(const Expr& expr, Environment& environment) {
  Value left = evaluate(*expr.operands[0], environment);
  Value right = evaluate(*expr.operands[1], environment);
  const bool take_right = expr.kind == ExprKind::Max2 ? left < right : right < left;
  return take_right ? right : left;
}

Value role_member(const Expr& expr, Environment& environment) {
  const Role& role = environment.protocol->roles[static_cast<std::size_t>(expr.index)];
  const std::int64_t number = evaluate(*expr.operands[0], environment).number();
  if (number < 1 || number > role.count) {
    throw ModelError{fmt::format("there is no `{} {}`: they are counted from 1 to {}", role.name,
                                 number, role.count),
                     expr.span};
  }
  return Value::integer(role.first_process + number - 1);
}

Value field(const Expr& expr, Environment& environment) {
  const Value tuple = evaluate(*expr.operands[0], environment);
  if (tuple.is_none()) throw ModelError{"a field of `none` is read", expr.span};
  return tuple.elements().at(static_cast<std::size_t>(expr.index));
}

Value forced(const Expr& expr, Environment& environment) {
  Value value = evaluate(*expr.operands[0], environment);
  if (value.is_none()) throw ModelError{"`!` of `none`", expr.span};
  return value;
}

Value process_index(const Expr& expr, Environment& environment) {
  const auto process = static_cast<std::size_t>(process_operand(expr, environment));
  return Value::integer(environment.protocol->types.processes()[process].number);
}

Value of_other_process(const Expr& expr, Environment& environment) {
  const int process = process_operand(expr, environment);
  const GlobalView& view = global_view(environment);
  if (expr.kind == ExprKind::IsLive) return Value::boolean(view.is_live(process));
  if (expr.kind == ExprKind::IsDone) return Value::boolean(view.is_done(process));
  return view.variables(process).at(static_cast<std::size_t>(expr.slot));
}

}  // namespace

Value evaluate(const Expr& expr, Environment& environment) {
  using enum ExprKind;
  // clang-format off
  switch (expr.kind) {
    case Constant: return expr.value;
    case Param:
      return environment.params ? environment.params->at(static_cast<std::size_t>(expr.index))
                                : expr.value;
    case Local: return local(expr, environment);
    case Variable: return variable(expr, environment);
    case OtherVariable: case IsLive: case IsDone: return of_other_process(expr, environment);
    case Ghost: return environment.ghosts->at(static_cast<std::size_t>(expr.index));
    case Self: return Value::integer(environment.self);
    case Sender: return Value::integer(environment.sender);
    case AskerToken: return environment.asker;
    case Call: case OtherCall: return call(expr, environment);
    case Field: return field(expr, environment);
    case Force: return forced(expr, environment);
    case Coalesce: {
      Value value = evaluate(*expr.operands[0], environment);
      return value.is_none() ? evaluate(*expr.operands[1], environment) : value;
    }
    case Not: return Value::boolean(!evaluate(*expr.operands[0], environment).truth());
    case Negate: return negated(expr, environment);
    case Abs: return absolute(expr, environment);
    case And: case Or: case Implies: return logical(expr, environment);
    case Equal: case NotEqual: case Less: case LessEqual: case Greater: case GreaterEqual:
      return comparison(expr, environment);
    case Add: case Subtract: case Multiply: case Divide: case Modulo:
      return arithmetic(expr, environment);
    case If: {
      const bool condition = evaluate(*expr.operands[0], environment).truth();
      return evaluate(*expr.operands[condition ? 1 : 2], environment);
    }
    case Max2: case Min2: return larger_or_smaller(expr, environment);
    case ProcessIndex: return process_index(expr, environment);
    case RoleMember: return role_member(expr, environment);
    case MessagesInFlight: return global_view(environment).messages_in_flight(expr.index);
    case MapIndex: case SequenceIndex: case Slice: return evaluate_index(expr, environment);
    case MakeTuple: case MakeSet: case MakeSequence: case MakeMap: case ConstantMap: case Range:
      return evaluate_collection(expr, environment);
    case SubsetEqual: case PointwiseLessEqual: case In: case NotIn: case Union: case Difference:
    case Concatenate: case PointwiseMax: case PointwiseMin:
      return evaluate_collections(expr, environment);
    case Sum: case Size: case First: case Last: case Max: case Min:
      return evaluate_summary(expr, environment);
    case Comprehension: return evaluate_comprehension(expr, environment);
    case Now: case TimeAdd: case TimeEqual: case TimeNotEqual: case TimeLess: case TimeLessEqual:
    case TimeGreater: case TimeGreaterEqual: case TimeMax2: case TimeMin2: case TimeDifference:
      return evaluate_time(expr, environment);
  }
  // clang-format on
  CAPSTAN_UNREACHABLE("every kind of expression is listed");
}

std::string format_caption(const Caption& caption, Environment& environment) {
  CAPSTAN_REQUIRE(caption.pieces.size() == caption.holes.size() + 1,
                  "a caption has a piece around each hole");
  std::string text = caption.pieces[0];
  for (std::size_t i = 0; i < caption.holes.size(); ++i) {
    const Expr& hole = *caption.holes[i];
    text += environment.protocol->types.format(hole.type, evaluate(hole, environment));
    text += caption.pieces[i + 1];
  }
  return text;
}

}  // namespace capstan::model
