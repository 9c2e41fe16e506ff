// SPDX-License-Identifier: MIT
#include "checker/symbolic/guards.hpp"

#include <fmt/format.h>
#include <z3++.h>

#include <map>
#include <optional>
#include <string>
#include <utility>

#include "checker/symbolic/interruptible.hpp"
#include "checker/symbolic/z3_context.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

using model::Expr;
using model::ExprKind;
using model::Type;
using model::TypeId;

constexpr unsigned milliseconds_most = 2'000;
constexpr int questions_most = 1'000;
constexpr std::size_t domain_most = 4'096;
/// `none`, below all numbers as in the language's order.
constexpr std::int64_t none_code = -(std::int64_t{1} << 40);

/// Translates conditions over one frame of variables and locals into Z3's arithmetic.
class Translation {
 public:
  Translation(const model::Protocol& protocol, z3::context& context, z3::solver& solver)
      : protocol_(protocol), context_(context), solver_(solver) {}

  z3::expr truth(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::Not:
        return !truth(*expr.operands[0]);
      case ExprKind::And:
        return truth(*expr.operands[0]) && truth(*expr.operands[1]);
      case ExprKind::Or:
        return truth(*expr.operands[0]) || truth(*expr.operands[1]);
      case ExprKind::Implies:
        return z3::implies(truth(*expr.operands[0]), truth(*expr.operands[1]));
      default:
        return number(expr) != 0;
    }
  }

  /// Truths are 1 and 0; other scalars are numbers; the rest is free.
  z3::expr number(const Expr& expr) {
    switch (expr.kind) {
      case ExprKind::Constant:
      case ExprKind::Param:
        return constant(expr);
      case ExprKind::Variable:
        return named(expr, fmt::format("v{}", expr.slot));
      case ExprKind::Local:
        if (arguments_ != nullptr) return argument(expr);
        return named(expr, fmt::format("l{}", expr.slot));
      case ExprKind::Sender:
        return named(expr, "sender");
      case ExprKind::Field:
        return field(expr);
      case ExprKind::Call:
        return call(expr);
      case ExprKind::Not:
      case ExprKind::And:
      case ExprKind::Or:
      case ExprKind::Implies:
        return z3::ite(truth(expr), integer(1), integer(0));
      case ExprKind::If:
        return z3::ite(truth(*expr.operands[0]), number(*expr.operands[1]),
                       number(*expr.operands[2]));
      case ExprKind::Coalesce: {
        const z3::expr option = number(*expr.operands[0]);
        return z3::ite(option == integer(none_code), number(*expr.operands[1]), option);
      }
      case ExprKind::Force:
        return number(*expr.operands[0]);
      case ExprKind::In:
      case ExprKind::NotIn:
        return membership(expr);
      default:
        return is_scalar(expr) ? arithmetic(expr) : unknown(expr);
    }
  }

 private:
  z3::expr integer(std::int64_t value) { return context_.int_val(value); }

  bool is_scalar_type(TypeId id) const {
    switch (protocol_.types.at(id).kind) {
      case Type::Kind::Bool:
      case Type::Kind::Int:
      case Type::Kind::Range:
      case Type::Kind::Enumeration:
      case Type::Kind::Process:
      case Type::Kind::None:
        return true;
      case Type::Kind::Option:
        return is_scalar_type(protocol_.types.at(id).element);
      default:
        return false;
    }
  }

  /// Whether all operands are scalars, as comparisons and arithmetic want them.
  bool is_scalar(const Expr& expr) const {
    for (const model::ExprPtr& operand : expr.operands)
      if (!operand || !is_scalar_type(operand->type)) return false;
    return true;
  }

  z3::expr constant(const Expr& expr) {
    if (!is_scalar_type(expr.type)) return unknown(expr);
    if (expr.value.is_none()) return integer(none_code);
    return integer(expr.value.number());
  }

  z3::expr arithmetic(const Expr& expr) {
    const auto operand = [&](std::size_t i) { return number(*expr.operands[i]); };
    const auto as_number = [&](const z3::expr& truth) {
      return z3::ite(truth, integer(1), integer(0));
    };
    switch (expr.kind) {
      case ExprKind::Equal:
        return as_number(operand(0) == operand(1));
      case ExprKind::NotEqual:
        return as_number(operand(0) != operand(1));
      case ExprKind::Less:
        return as_number(operand(0) < operand(1));
      case ExprKind::LessEqual:
        return as_number(operand(0) <= operand(1));
      case ExprKind::Greater:
        return as_number(operand(0) > operand(1));
      case ExprKind::GreaterEqual:
        return as_number(operand(0) >= operand(1));
      case ExprKind::Add:
        return operand(0) + operand(1);
      case ExprKind::Subtract:
        return operand(0) - operand(1);
      case ExprKind::Negate:
        return -operand(0);
      case ExprKind::Max2:
        return z3::ite(operand(0) >= operand(1), operand(0), operand(1));
      case ExprKind::Min2:
        return z3::ite(operand(0) <= operand(1), operand(0), operand(1));
      default:
        return unknown(expr);
    }
  }

  z3::expr membership(const Expr& expr) {
    const Expr& set = *expr.operands[1];
    if (!is_scalar_type(expr.operands[0]->type)) return unknown(expr);
    const z3::expr element = number(*expr.operands[0]);
    z3::expr within = context_.bool_val(false);
    if (set.kind == ExprKind::Range) {
      within = number(*set.operands[0]) <= element && element <= number(*set.operands[1]);
    } else if (set.kind == ExprKind::MakeSet) {
      for (const model::ExprPtr& each : set.operands) within = within || element == number(*each);
    } else {
      return unknown(expr);
    }
    return z3::ite(expr.kind == ExprKind::In ? within : !within, integer(1), integer(0));
  }

  /// A field of a variable, of a field of it, ...: a variable of its own.
  z3::expr field(const Expr& expr) {
    const std::optional<std::string> path = path_of(expr);
    return path ? named(expr, *path) : unknown(expr);
  }

  std::optional<std::string> path_of(const Expr& expr) const {
    if (expr.kind == ExprKind::Variable) return fmt::format("v{}", expr.slot);
    if (expr.kind == ExprKind::Local && arguments_ == nullptr) return fmt::format("l{}", expr.slot);
    if (expr.kind != ExprKind::Field) return std::nullopt;
    const std::optional<std::string> of = path_of(*expr.operands[0]);
    if (!of) return std::nullopt;
    return fmt::format("{}.{}", *of, expr.index);
  }

  /// The function's body with the arguments in place of its parameters.
  z3::expr call(const Expr& expr) {
    const model::Function& function = protocol_.functions[static_cast<std::size_t>(expr.index)];
    if (!function.value || !is_scalar(expr)) return unknown(expr);
    std::vector<z3::expr> arguments;
    for (const model::ExprPtr& operand : expr.operands) arguments.push_back(number(*operand));
    const std::vector<z3::expr>* outer = std::exchange(arguments_, &arguments);
    const z3::expr result = number(*function.value);
    arguments_ = outer;
    return result;
  }

  z3::expr argument(const Expr& expr) {
    const auto slot = static_cast<std::size_t>(expr.slot);
    return slot < arguments_->size() ? (*arguments_)[slot] : unknown(expr);
  }

  z3::expr named(const Expr& expr, const std::string& name) {
    if (!is_scalar_type(expr.type)) return unknown(expr);
    const auto known = variables_.find(name);
    if (known != variables_.end()) return known->second;
    return variables_.emplace(name, bounded(expr.type, name)).first->second;
  }

  z3::expr unknown(const Expr& expr) {
    const std::string name = fmt::format("free{}", unknown_count_++);
    return is_scalar_type(expr.type) ? bounded(expr.type, name) : context_.int_const(name.c_str());
  }

  /// A variable within its type.
  z3::expr bounded(TypeId id, const std::string& name) {
    const z3::expr variable = context_.int_const(name.c_str());
    const auto domain = protocol_.types.domain(id, domain_most);
    if (!domain || domain->empty()) return variable;
    bool has_none = false;
    std::optional<std::int64_t> low, high;
    for (const model::Value& value : *domain) {
      if (value.is_none()) {
        has_none = true;
        continue;
      }
      low = std::min(low.value_or(value.number()), value.number());
      high = std::max(high.value_or(value.number()), value.number());
    }
    z3::expr within = context_.bool_val(false);
    if (low) within = integer(*low) <= variable && variable <= integer(*high);
    if (has_none) within = within || variable == integer(none_code);
    solver_.add(within);
    return variable;
  }

  const model::Protocol& protocol_;
  z3::context& context_;
  z3::solver& solver_;
  std::map<std::string, z3::expr> variables_;
  const std::vector<z3::expr>* arguments_ = nullptr;  // inside a function's body
  int unknown_count_ = 0;
};

}  // namespace

std::vector<const Expr*> conjuncts_of(const Expr* condition) {
  if (condition == nullptr) return {};
  if (condition->kind != ExprKind::And) return {condition};
  std::vector<const Expr*> all = conjuncts_of(condition->operands[0].get());
  for (const Expr* more : conjuncts_of(condition->operands[1].get())) all.push_back(more);
  return all;
}

/// A context of Z3 takes some 10 ms to make.
struct Guards::Solver {
  Z3Context z3;
  z3::context& context = z3.get();
  z3::solver solver{context, z3::solver::simple()};
};

Guards::Guards(const model::Protocol& protocol) : protocol_(protocol) {}

Guards::~Guards() = default;

std::vector<std::size_t> Guards::contradiction(const std::vector<const Expr*>& conjuncts) {
  if (conjuncts.empty() || questions_ == questions_most) return {};
  ++questions_;
  model::poll_limits_now();
  try {
    if (!solver_) solver_ = std::make_unique<Solver>();
    z3::context& context = solver_->context;
    z3::solver& solver = solver_->solver;
    solver.reset();
    z3::params limits(context);
    limits.set("timeout", model::milliseconds_left(milliseconds_most));
    solver.set(limits);
    Translation translation(protocol_, context, solver);
    z3::expr_vector assumptions(context);
    for (std::size_t i = 0; i < conjuncts.size(); ++i) {
      const z3::expr assumed = context.bool_const(fmt::format("conjunct{}", i).c_str());
      solver.add(z3::implies(assumed, translation.truth(*conjuncts[i])));
      assumptions.push_back(assumed);
    }
    if (ask_z3(solver, assumptions) != z3::unsat) return {};
    std::vector<std::size_t> core;
    const z3::expr_vector needed = solver.unsat_core();
    for (unsigned i = 0; i < assumptions.size(); ++i)
      for (unsigned j = 0; j < needed.size(); ++j)
        if (z3::eq(assumptions[static_cast<int>(i)], needed[static_cast<int>(j)]))
          core.push_back(i);
    return core;
  } catch (const z3::exception&) {
    solver_.reset();
    return {};  // not known
  }
}

}  // namespace capstan::checker
