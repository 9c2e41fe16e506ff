// SPDX-License-Identifier: MIT
#include "checker/vacuity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/symbolic/guards.hpp"
#include "model/base/limits.hpp"
#include "model/system/evaluate.hpp"

namespace capstan::checker {
namespace {

using model::Expr;
using model::ExprKind;
using model::Fault;
using model::Label;

/// Whether the value of `expr` is settled by the params alone.
bool is_settled(const Expr& expr) {
  switch (expr.kind) {
    case ExprKind::Local:
    case ExprKind::Variable:
    case ExprKind::OtherVariable:
    case ExprKind::Ghost:
    case ExprKind::Self:
    case ExprKind::Sender:
    case ExprKind::AskerToken:
    case ExprKind::Call:
    case ExprKind::OtherCall:
    case ExprKind::Comprehension:
    case ExprKind::MessagesInFlight:
    case ExprKind::IsLive:
    case ExprKind::IsDone:
    case ExprKind::Now:
      return false;
    default:
      return std::all_of(
          expr.operands.begin(), expr.operands.end(),
          [](const model::ExprPtr& operand) { return !operand || is_settled(*operand); });
  }
}

/// Whether some conjunct of the guard is false at this point whatever happens: then the writer
/// switched the action off by a param.
bool is_ruled_out(const model::Protocol& protocol, const Expr* guard) {
  if (!guard) return false;
  if (guard->kind == ExprKind::And)
    return is_ruled_out(protocol, guard->operands[0].get()) ||
           is_ruled_out(protocol, guard->operands[1].get());
  if (!is_settled(*guard)) return false;
  std::vector<model::Value> locals;
  model::Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  return !model::evaluate(*guard, environment).truth();
}

/// Whether evaluating `expr` may read a clock.
bool may_read_clock(const Expr& expr) {
  return expr.kind == ExprKind::Now || expr.kind == ExprKind::Call ||
         expr.kind == ExprKind::Comprehension ||
         std::any_of(expr.operands.begin(), expr.operands.end(), [](const model::ExprPtr& operand) {
           return operand && may_read_clock(*operand);
         });
}

/// "`a` and `b`": conjuncts that cannot hold together, unless a param alone rules the guard out.
std::string contradiction_text(Guards& guards, const model::Protocol& protocol,
                               const model::Code& code) {
  std::string texts;
  if (is_ruled_out(protocol, code.guard.get())) return texts;
  for (const std::size_t i : guards.contradiction(conjuncts_of(code.guard.get())))
    texts += fmt::format("{}`{}`", texts.empty() ? "" : " and ", code.conjuncts[i]);
  return texts;
}

/// What became of messages when asks were closed is no matter of faults: with reductions off, stale
/// replies are in flight and may be lost, and in truth they are not there any more.
bool is_about_stale_reply(const model::Protocol& protocol, const Label& label) {
  return label.message.message >= 0 && label.message.token.is_stale() &&
         protocol.messages[static_cast<std::size_t>(label.message.message)].is_reply;
}

bool has_operations(const model::Protocol& protocol) {
  return std::ranges::any_of(protocol.scenario.scripts,
                             [](const auto& script) { return !script.empty(); });
}

/// The clause that strikes in a step with this label; -1: none does.
int struck_by(const model::Protocol& protocol, const Label& label) {
  const bool is_strike = label.kind != Label::Kind::Heal && label.kind != Label::Kind::Unpause &&
                         label.kind != Label::Kind::Jump;  // a jump is no clause of `faults`
  return is_strike && !is_about_stale_reply(protocol, label) ? label.fault : -1;
}

/// The clauses that the exploration saw strike where that counts.
std::set<int> strikes_of(const ProtocolSystem& system, const Exploration& exploration) {
  const model::Protocol& protocol = system.machine().protocol();
  // Each list is only as long as its last true.
  const auto& taken =
      has_operations(protocol) ? exploration.labels_taken_pending : exploration.labels_taken;
  std::set<int> strikes;
  for (LabelId id = 0; id < taken.size(); ++id)
    if (taken[id]) strikes.insert(struck_by(protocol, system.label(id)));
  return strikes;
}

class Search {
 public:
  Search(const ProtocolSystem& system, const Exploration& exploration)
      : system_(system),
        protocol_(system.machine().protocol()),
        has_operations_(has_operations(protocol_)),
        strikes_(strikes_of(system, exploration)) {
    for (LabelId id = 0; id < exploration.labels_taken.size(); ++id)
      if (exploration.labels_taken[id]) visit(id);
  }

  std::vector<std::string> missing() {
    faults();
    operations();
    return std::move(missing_);
  }

  std::set<std::pair<std::string, std::string>> enabled() const {
    std::set<std::pair<std::string, std::string>> names;
    for (const auto& [index, action] : acts_) {
      const model::Role& role = protocol_.roles[static_cast<std::size_t>(index)];
      names.emplace(role.name, role.actions[static_cast<std::size_t>(action)].name);
    }
    return names;
  }

  std::vector<IdleAction> idle() const {
    std::vector<IdleAction> all;
    Guards guards(protocol_);
    for (std::size_t role = 0; role < protocol_.roles.size(); ++role) {
      const auto& actions = protocol_.roles[role].actions;
      for (std::size_t i = 0; i < actions.size(); ++i) {
        if (acts_.contains({static_cast<int>(role), static_cast<int>(i)})) continue;
        if (is_ruled_out(protocol_, actions[i].code.guard.get())) continue;
        all.push_back({protocol_.roles[role].name, actions[i].name,
                       reason(guards, protocol_.roles[role], actions[i])});
      }
    }
    return all;
  }

 private:
  void visit(LabelId id) {
    const Label& label = system_.label(id);
    if (label.kind == Label::Kind::Act) {
      const int role = protocol_.types.processes()[static_cast<std::size_t>(label.process)].role;
      acts_.insert({role, label.alternative});
    }
    for (const auto& done : system_.completions(id)) completed_.insert(done);
  }

  void faults() {
    for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
      const Fault& fault = protocol_.scenario.faults[i];
      if (fault.limit == 0 || strikes_.contains(static_cast<int>(i))) continue;
      missing_.push_back(fmt::format("the fault `{}` never strikes{}", fault.text,
                                     has_operations_ ? " while an operation is pending" : ""));
    }
  }

  void operations() {
    std::set<std::pair<int, int>> told;
    for (const auto& script : protocol_.scenario.scripts) {
      for (const model::Step& step : script) {
        const std::pair<int, int> operation{step.object, step.op};
        if (step.kind != model::Step::Kind::Operation || completed_.contains(operation)) continue;
        if (!told.insert(operation).second) continue;
        const model::Object& object = protocol_.objects[static_cast<std::size_t>(step.object)];
        missing_.push_back(fmt::format("no operation `{}.{}` ever completes", object.name,
                                       object.ops[static_cast<std::size_t>(step.op)].name));
      }
    }
  }

  /// Which conjuncts of the guard are to blame.
  std::string reason(Guards& guards, const model::Role& role, const model::Action& action) const {
    const std::vector<const Expr*> conjuncts = conjuncts_of(action.code.guard.get());
    if (conjuncts.empty()) return "";
    std::string texts = contradiction_text(guards, protocol_, action.code);
    if (!texts.empty())
      return fmt::format(": within its types and params, {} can never hold", texts);
    const std::vector<bool> held = ever_held(role, action, conjuncts);
    for (std::size_t i = 0; i < held.size(); ++i)
      if (!held[i])
        texts += fmt::format("{}`{}`", texts.empty() ? "" : ", ", action.code.conjuncts[i]);
    if (!texts.empty()) return fmt::format(": {} never held", texts);
    return conjuncts.size() > 1 ? ": the conditions of its guard never held together" : "";
  }

  /// By conjunct: whether it was true in some local state that was met, for some choice of the
  /// action's parameters. What cannot be evaluated alone (a clock, a model error) counts as true.
  std::vector<bool> ever_held(const model::Role& role, const model::Action& action,
                              const std::vector<const Expr*>& conjuncts) const {
    std::vector<bool> held(conjuncts.size());
    for (int process = role.first_process; process < role.first_process + role.count; ++process)
      for (LocalId local = 0; local < system_.local_count(process); ++local)
        note_held(process, system_.local_state(process, local), action, conjuncts, held);
    return held;
  }

  void note_held(int process, const model::ProcessState& state, const model::Action& action,
                 const std::vector<const Expr*>& conjuncts, std::vector<bool>& held) const {
    std::vector<model::Value> locals(action.code.frame.slots.size());
    model::Environment environment;
    environment.protocol = &protocol_;
    environment.locals = &locals;
    environment.variables = &state.variables;
    environment.self = process;
    const auto note = [&] {
      model::poll_limits();
      for (std::size_t i = 0; i < conjuncts.size(); ++i) {
        if (held[i]) continue;
        try {
          held[i] = (protocol_.scenario.clocks && may_read_clock(*conjuncts[i])) ||
                    model::evaluate(*conjuncts[i], environment).truth();
        } catch (const model::ModelError&) {
          held[i] = true;
        }
      }
      return true;
    };
    try {
      if (action.binders.empty()) {
        note();
      } else {
        model::for_each_binding(action.binders, action.binders_where.get(), environment, note);
      }
    } catch (const model::ModelError&) {
      std::fill(held.begin(), held.end(), true);
    }
  }

  const ProtocolSystem& system_;
  const model::Protocol& protocol_;
  bool has_operations_;
  std::set<int> strikes_;
  std::set<std::pair<int, int>> acts_;       // role, action
  std::set<std::pair<int, int>> completed_;  // object, operation
  std::vector<std::string> missing_;
};

}  // namespace

bool find_strikes_of_dead_messages(ProtocolSystem& system, Exploration& exploration,
                                   const ExploreOptions& options) {
  const model::Protocol& protocol = system.machine().protocol();
  if (!options.dead_messages) return true;
  const std::set<int> met = strikes_of(system, exploration);
  std::set<int> open;
  std::set<int> messages;  // that they strike; -1: any
  for (std::size_t i = 0; i < protocol.scenario.faults.size(); ++i) {
    const Fault& fault = protocol.scenario.faults[i];
    const bool is_about_messages =
        fault.kind == Fault::Kind::Lose || fault.kind == Fault::Kind::Duplicate;
    if (!is_about_messages || fault.limit == 0 || met.contains(static_cast<int>(i))) continue;
    open.insert(static_cast<int>(i));
    messages.insert(fault.message);
  }
  if (open.empty()) return true;
  ExploreOptions again = options;
  again.keeps = [&](MessageId message) {
    return messages.contains(-1) || messages.contains(system.message(message).message);
  };
  const bool wants_pending = has_operations(protocol);
  const std::set<int> all = open;
  again.is_enough = [&](LabelId id, bool is_pending) {
    const Label& label = system.label(id);
    if (label.kind == Label::Kind::Start) open = all;  // the run may be repeated (reduce/dead)
    if (is_pending || !wants_pending) open.erase(struck_by(protocol, label));
    return open.empty();
  };
  const Exploration more = explore(system, {}, again);
  const auto add = [](const std::vector<bool>& from, std::vector<bool>& to) {
    to.resize(std::max(from.size(), to.size()));
    for (std::size_t i = 0; i < from.size(); ++i) to[i] = to[i] || from[i];
  };
  add(more.labels_taken, exploration.labels_taken);
  add(more.labels_taken_pending, exploration.labels_taken_pending);
  exploration.seconds += more.seconds;
  return more.end == Exploration::End::Complete || open.empty();
}

std::vector<std::string> never_exercised(const ProtocolSystem& system,
                                         const Exploration& exploration) {
  return Search(system, exploration).missing();
}

std::set<std::pair<std::string, std::string>> enabled_actions(const ProtocolSystem& system,
                                                              const Exploration& exploration) {
  return Search(system, exploration).enabled();
}

std::vector<IdleAction> idle_actions(const ProtocolSystem& system, const Exploration& exploration) {
  return Search(system, exploration).idle();
}

std::vector<std::string> impossible_guards(
    const model::Protocol& protocol, const std::set<std::pair<std::string, std::string>>& enabled) {
  Guards guards(protocol);
  std::vector<std::string> all;
  const auto look = [&](const model::Code& code, const std::string& whose) {
    const std::string texts = contradiction_text(guards, protocol, code);
    if (!texts.empty())
      all.push_back(
          fmt::format("the guard of {} can never hold: {} cannot, within its types and "
                      "params",
                      whose, texts));
  };
  for (const model::Role& role : protocol.roles) {
    for (const model::Handler& handler : role.handlers)
      look(handler.code,
           fmt::format("`on {}` of `{}`",
                       protocol.messages[static_cast<std::size_t>(handler.message)].name,
                       role.name));
    for (const model::Action& action : role.actions)
      if (!enabled.contains({role.name, action.name}))
        look(action.code, fmt::format("the action `{}` of `{}`", action.name, role.name));
  }
  return all;
}

}  // namespace capstan::checker
