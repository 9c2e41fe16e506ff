// SPDX-License-Identifier: MIT
// params: the values of params at this point, and constant expressions.
//
// A param's value is its swept value, else the scenario's setting, else its default; defaults and
// settings may name other params, so values are computed on demand and a circle is an error. Tested
// by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <map>
#include <utility>

#include "model/system/effort.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

constexpr std::array kStateKinds = {
    ExprKind::Variable, ExprKind::OtherVariable,    ExprKind::OtherCall, ExprKind::Ghost,
    ExprKind::Sender,   ExprKind::AskerToken,       ExprKind::Call,      ExprKind::IsLive,
    ExprKind::IsDone,   ExprKind::MessagesInFlight, ExprKind::Now};

/// Whether the expression means the same in every state (and process, unless `self_is_known`).
bool is_constant(const Expr& expr, bool self_is_known) {
  bool constant = true;
  for_each_node(expr, [&](const Expr& node) {
    const bool reads_state = std::ranges::find(kStateKinds, node.kind) != kStateKinds.end();
    if (reads_state || (node.kind == ExprKind::Self && !self_is_known)) constant = false;
  });
  return constant;
}

/// Whether every local read is bound by a comprehension within the expression.
bool is_closed(const Expr& expr) {
  std::set<int> bound;
  for_each_node(expr, [&](const Expr& node) {
    if (!node.comprehension) return;
    for (const Binder& binder : node.comprehension->binders) {
      bound.insert(binder.slots.begin(), binder.slots.end());
    }
  });
  bool closed = true;
  for_each_node(expr, [&](const Expr& node) {
    if (node.kind == ExprKind::Local && !bound.contains(node.slot)) closed = false;
  });
  return closed;
}

void add_params(const Protocol& protocol, const Expr& expr, std::set<int>& params,
                std::set<int>& functions) {
  for_each_node(expr, [&](const Expr& node) {
    if (node.kind == ExprKind::Param) params.insert(node.index);
    const bool is_call = node.kind == ExprKind::Call || node.kind == ExprKind::OtherCall;
    if (!is_call || !functions.insert(node.index).second) return;
    const Function& called = protocol.functions[static_cast<std::size_t>(node.index)];
    if (called.value) add_params(protocol, *called.value, params, functions);
  });
}

/// Collects the params that follow some others, each behind those that it follows itself.
class Followers {
 public:
  Followers(const Protocol& protocol, const std::set<int>& given) : protocol_(protocol) {
    for (const int param : given) follows_[param] = true;
  }

  std::vector<int> found;

  bool follows(int param) {
    const auto known = follows_.find(param);
    if (known != follows_.end()) return known->second;
    bool& result = follows_[param];
    const auto& definition = protocol_.params[static_cast<std::size_t>(param)].definition;
    if (!definition) return false;
    for (const int read : params_read(protocol_, *definition)) result = follows(read) || result;
    if (result) found.push_back(param);
    return result;
  }

 private:
  const Protocol& protocol_;
  std::map<int, bool> follows_;
};

}  // namespace

std::set<int> params_read(const Protocol& protocol, const Expr& expr) {
  std::set<int> params, functions;
  add_params(protocol, expr, params, functions);
  return params;
}

std::vector<int> params_that_follow(const Protocol& protocol, const std::set<int>& given) {
  Followers followers(protocol, given);
  for (std::size_t i = 0; i < protocol.params.size(); ++i) followers.follows(static_cast<int>(i));
  return std::move(followers.found);
}

int slots_used(const Expr& expr) {
  int slots = 0;
  for_each_node(expr, [&](const Expr& node) {
    slots = std::max(slots, node.slot + 1);
    if (!node.comprehension) return;
    for (const Binder& binder : node.comprehension->binders) {
      for (const int slot : binder.slots) slots = std::max(slots, slot + 1);
    }
  });
  return slots;
}

void Elaboration::set_params(const std::vector<ast::Setting>& settings,
                             const std::vector<std::pair<std::string, Value>>& sweep) {
  std::vector<std::string> names;
  for (const Param& each : protocol.params) names.push_back(each.name);
  for (const ast::Setting& setting : settings) {
    const auto index = find_param(setting.name.text);
    if (!index) {
      Diagnostic& diagnostic =
          error("E0501", setting.name.span,
                fmt::format("the protocol has no param `{}`", setting.name.text), "unknown param");
      suggest_for(diagnostic, setting.name.text, names);
      continue;
    }
    ParamState& state = param_states[static_cast<std::size_t>(*index)];
    if (state.setting != nullptr) {
      error("E0503", setting.name.span,
            fmt::format("the param `{}` is set twice", setting.name.text), "set again");
    }
    if (setting.value->kind == ast::ExprKind::Any) {
      error("E0502", setting.value->span,
            fmt::format("the param `{}` has one value at a point, not `any`", setting.name.text),
            "not one value")
          .helps.push_back(
              fmt::format("sweep it in the scenario: `for {} in ...`", setting.name.text));
      continue;
    }
    state.setting = setting.value.get();
  }
  for (const auto& [name, value] : sweep) {
    const auto index = find_param(name);
    if (index) param_states[static_cast<std::size_t>(*index)].swept = value;
  }
}

void Elaboration::elaborate_params() {
  for (std::size_t i = 0; i < protocol.params.size(); ++i) param(static_cast<int>(i));
}

const Param& Elaboration::param(int index) {
  ParamState& state = param_states[static_cast<std::size_t>(index)];
  Param& result = protocol.params[static_cast<std::size_t>(index)];
  if (state.progress == Progress::Done) return result;
  if (state.progress == Progress::Running) {
    error("E0217", result.span, fmt::format("the param `{}` is defined by itself", result.name),
          "a circle of definitions");
    return result;
  }
  if (refuse_depth(state.declaration->name.span, result.name)) return result;
  state.progress = Progress::Running;
  compute_param(index);
  state.progress = Progress::Done;
  return result;
}

void Elaboration::compute_param(int index) {
  const ParamState& state = param_states[static_cast<std::size_t>(index)];
  const ast::Param& declaration = *state.declaration;
  Param& result = protocol.params[static_cast<std::size_t>(index)];
  TypeId declared;
  if (declaration.type) {
    declared = resolve(*declaration.type);
    if (is_unknown(declared)) return;
  }
  // The default is checked even when a setting replaces it: its type is the param's.
  Body body(*this, BodyKind::Constant);
  const Want want{declared, fmt::format("the param `{}`", result.name), declaration.name.span,
                  "declared here"};
  ExprPtr standard = body.expect(*declaration.value, want);
  const TypeId type = declaration.type ? declared : standard->type;
  if (is_unknown(type) || has_unknown(*standard)) return;
  const Type& kind = types().at(type);
  if (kind.kind != Type::Kind::Bool && !is_number(types(), type) &&
      kind.kind != Type::Kind::Enumeration) {
    error("E0326", declaration.value->span,
          fmt::format("a param is a number, a flag or an enumerator, not {}", a(type)), a(type));
    return;
  }
  std::optional<Value> value;
  const bool before = std::exchange(notes_fixed, false);  // its own value follows no other param
  if (state.swept) {
    value = *state.swept;
  } else {
    Body set_to(*this, BodyKind::Constant);
    if (state.setting != nullptr) standard = set_to.expect(*state.setting, Want{type, want.what});
    const Frame& frame = state.setting != nullptr ? set_to.frame : body.frame;
    value = evaluate_constant(*standard, static_cast<int>(frame.slots.size()));
    if (value && !params_read(protocol, *standard).empty()) result.definition = std::move(standard);
  }
  notes_fixed = before;
  if (!value) return;
  result.type = type;
  result.value = *value;
  if (types().contains(type, *value)) return;
  const Span span = state.setting != nullptr ? state.setting->span : declaration.value->span;
  Diagnostic& diagnostic = error(state.setting != nullptr || state.swept ? "E0502" : "E0403", span,
                                 fmt::format("the param `{}` would be {}, outside {}", result.name,
                                             types().format(type, *value), types().describe(type)),
                                 "outside its type");
  if (declaration.type) diagnostic.secondary.push_back({declaration.type->span, "its type"});
}

std::optional<Value> Elaboration::constant(const ast::Expr& expr, TypeId type,
                                           const std::string& what) {
  Body body(*this, BodyKind::Constant);
  const ExprPtr checked = body.expect(expr, Want{type, what});
  return evaluate_constant(*checked, static_cast<int>(body.frame.slots.size()));
}

std::optional<std::int64_t> Elaboration::constant_number(const ast::Expr& expr,
                                                         const std::string& what) {
  const auto value = constant(expr, int_type(types()), what);
  if (!value) return std::nullopt;
  return value->number();
}

void Elaboration::note_fixed(const Expr& expr) {
  for (const int param : params_read(protocol, expr)) fixed_params.emplace(param, expr.span);
}

std::optional<Value> Elaboration::evaluate_constant(const Expr& expr, int slots, int self) {
  if (has_unknown(expr)) return std::nullopt;
  if (notes_fixed) note_fixed(expr);
  std::vector<Value> locals(static_cast<std::size_t>(slots));
  Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  environment.self = self;
  try {
    return evaluate(expr, environment);
  } catch (const ModelError& failure) {
    error("E0405", failure.span, fmt::format("this has no value: {}", failure.message),
          "evaluated before the run");
  } catch (const TooLong& failure) {
    error("E0409", failure.span,
          fmt::format("this takes too long to evaluate: {}", failure.message),
          "evaluated before the run")
        .helps.push_back("write the number, or a formula for it");
  }
  return std::nullopt;
}

std::optional<Value> Elaboration::known_value(const Expr& expr, int self) {
  if (has_unknown(expr) || !is_constant(expr, self >= 0) || !is_closed(expr)) return std::nullopt;
  std::vector<Value> locals(static_cast<std::size_t>(slots_used(expr)));
  Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  environment.self = self;
  try {
    return evaluate(expr, environment);
  } catch (const ModelError&) {
    return std::nullopt;
  } catch (const TooLong&) {
    return std::nullopt;
  }
}

}  // namespace capstan::model
