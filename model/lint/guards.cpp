// SPDX-License-Identifier: MIT
// guards: handlers and actions whose guard is false whatever happens, in every scenario.
//
// Every point is elaborated, so params are numbers in the guards; `and`, `or`, `not` are folded
// over what is constant. A guard that is false at one point only is a twin, and no mistake.
#include <fmt/format.h>

#include <map>
#include <optional>
#include <utility>

#include "model/lint/lint_internal.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/typecheck.hpp"

namespace capstan::model::lint_parts {
namespace {

bool is_constant(const Expr& expr) {
  using enum ExprKind;
  switch (expr.kind) {
    case Constant:
    case Param:
      return true;
    case Not:
    case Negate:
    case And:
    case Or:
    case Implies:
    case Equal:
    case NotEqual:
    case Less:
    case LessEqual:
    case Greater:
    case GreaterEqual:
    case Add:
    case Subtract:
    case Multiply:
      for (const ExprPtr& operand : expr.operands)
        if (!is_constant(*operand)) return false;
      return true;
    default:  // all others read something, or may fail
      return false;
  }
}

/// What the condition is whatever happens; nullopt if that depends.
std::optional<bool> folded(const Protocol& protocol, const Expr& expr) {
  if (is_constant(expr)) {
    Environment nothing;
    nothing.protocol = &protocol;
    try {
      return evaluate(expr, nothing).truth();
    } catch (const ModelError&) {
      return std::nullopt;
    }
  }
  const bool is_and = expr.kind == ExprKind::And;
  if (is_and || expr.kind == ExprKind::Or) {
    for (const ExprPtr& operand : expr.operands)
      if (folded(protocol, *operand) == !is_and) return !is_and;
  }
  if (expr.kind == ExprKind::Not)
    if (const auto inner = folded(protocol, *expr.operands[0])) return !*inner;
  return std::nullopt;
}

}  // namespace

void dead_guards(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics) {
  Diagnostics ignored;
  std::map<std::pair<std::uint32_t, std::uint32_t>, bool> is_dead;  // by span of the guard
  for (const PointRef& point : enumerate_points(file, source, ignored)) {
    const Protocol protocol = elaborate(file, source, point, ignored);
    const auto note = [&](const Code& code) {
      if (!code.guard) return;
      const bool dead = folded(protocol, *code.guard) == false;
      const auto [place, is_new] =
          is_dead.try_emplace({code.guard->span.begin, code.guard->span.end}, dead);
      if (!is_new) place->second = place->second && dead;
    };
    for (const Role& role : protocol.roles) {
      for (const Handler& handler : role.handlers) note(handler.code);
      for (const Action& action : role.actions) note(action.code);
    }
  }
  for (const auto& [span, dead] : is_dead) {
    if (!dead) continue;
    diagnostics
        .add("W0613", {span.first, span.second}, "this guard is false in every scenario",
             "never true")
        .notes.push_back("what it guards never happens");
  }
}

}  // namespace capstan::model::lint_parts
