// SPDX-License-Identifier: MIT
#include "checker/vacuity.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

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

class Search {
 public:
  Search(const ProtocolSystem& system, const Exploration& exploration)
      : system_(system), protocol_(system.machine().protocol()), exploration_(exploration) {
    for (const auto& script : protocol_.scenario.scripts) has_operations_ |= !script.empty();
    for (LabelId id = 0; id < exploration.labels_taken.size(); ++id)
      if (exploration.labels_taken[id]) visit(id);
  }

  std::vector<std::string> missing() {
    faults();
    operations();
    actions();
    return std::move(missing_);
  }

 private:
  void visit(LabelId id) {
    const Label& label = system_.label(id);
    const auto& pendings = exploration_.labels_taken_pending;  // only as long as its last true
    const bool pending = id < pendings.size() && pendings[id];
    const bool is_strike = label.kind != Label::Kind::Heal && label.kind != Label::Kind::Unpause &&
                           label.kind != Label::Kind::Jump;  // a jump is no clause of `faults`
    if (label.fault >= 0 && is_strike && (pending || !has_operations_))
      strikes_.insert(label.fault);
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

  void actions() {
    for (std::size_t role = 0; role < protocol_.roles.size(); ++role) {
      const auto& actions = protocol_.roles[role].actions;
      for (std::size_t i = 0; i < actions.size(); ++i) {
        if (acts_.contains({static_cast<int>(role), static_cast<int>(i)})) continue;
        if (is_ruled_out(protocol_, actions[i].code.guard.get())) continue;
        missing_.push_back(fmt::format("the action `{}` of `{}` is never enabled", actions[i].name,
                                       protocol_.roles[role].name));
      }
    }
  }

  const ProtocolSystem& system_;
  const model::Protocol& protocol_;
  const Exploration& exploration_;
  bool has_operations_ = false;
  std::set<int> strikes_;
  std::set<std::pair<int, int>> acts_;       // role, action
  std::set<std::pair<int, int>> completed_;  // object, operation
  std::vector<std::string> missing_;
};

}  // namespace

std::vector<std::string> never_exercised(const ProtocolSystem& system,
                                         const Exploration& exploration) {
  return Search(system, exploration).missing();
}

}  // namespace capstan::checker
