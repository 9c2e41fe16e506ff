// SPDX-License-Identifier: MIT
// clock_usage: a backward walk over the code, as in liveness: may the rest of the segment read?
#include "model/typed/clock_usage.hpp"

#include <algorithm>
#include <map>

#include "model/base/require.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// The value of a condition if params alone decide it. Errors count as undecided.
std::optional<bool> folded(const Protocol& protocol, const Expr& expr);

std::optional<bool> folded_logic(const Protocol& protocol, const Expr& expr) {
  const auto left = folded(protocol, *expr.operands[0]);
  const auto right = folded(protocol, *expr.operands[1]);
  if (expr.kind == ExprKind::Or) {
    if (left.value_or(false) || right.value_or(false)) return true;
    return left && right ? std::optional(false) : std::nullopt;
  }
  if (expr.kind == ExprKind::And) {
    if (!left.value_or(true) || !right.value_or(true)) return false;
    return left && right ? std::optional(true) : std::nullopt;
  }
  if (!left.value_or(true) || right.value_or(false)) return true;
  return left && right ? std::optional(false) : std::nullopt;
}

/// Whether the expression is built of params and numbers alone.
bool is_of_params(const Expr& expr) {
  bool settled = true;
  for_each_node(expr, [&](const Expr& node) {
    switch (node.kind) {
      case ExprKind::Constant:
      case ExprKind::Param:
      case ExprKind::Not:
      case ExprKind::Negate:
      case ExprKind::Equal:
      case ExprKind::NotEqual:
      case ExprKind::Less:
      case ExprKind::LessEqual:
      case ExprKind::Greater:
      case ExprKind::GreaterEqual:
      case ExprKind::Add:
      case ExprKind::Subtract:
      case ExprKind::Multiply:
      case ExprKind::Divide:
      case ExprKind::Modulo:
      case ExprKind::If:
        return;
      default:
        settled = false;
    }
  });
  return settled && !has_unknown(expr);
}

std::optional<bool> folded(const Protocol& protocol, const Expr& expr) {
  if (expr.kind == ExprKind::And || expr.kind == ExprKind::Or || expr.kind == ExprKind::Implies) {
    return folded_logic(protocol, expr);
  }
  if (expr.kind == ExprKind::Not) {
    const auto operand = folded(protocol, *expr.operands[0]);
    return operand ? std::optional(!*operand) : std::nullopt;
  }
  if (!is_of_params(expr)) return std::nullopt;
  Environment environment;
  environment.protocol = &protocol;
  try {
    return evaluate(expr, environment).truth();
  } catch (const ModelError&) {
    return std::nullopt;
  }
}

class Usage {
 public:
  /// With `fold` code that the params rule out does not count.
  Usage(Protocol& protocol, bool fold) : protocol_(protocol), fold_(fold) {}

  bool reads(const ExprPtr& expr) { return expr && reads(*expr); }

  bool reads(const Expr& expr) {
    if (expr.kind == ExprKind::Now) {
      note(expr.span);
      return true;
    }
    bool found = false;
    const auto left_decides = [&](bool value) {
      return decided(*expr.operands[0]).value_or(!value) == value;
    };
    if (expr.kind == ExprKind::If && decided(*expr.operands[0])) {
      return reads(*expr.operands[*decided(*expr.operands[0]) ? 1 : 2]);
    }
    const bool is_short = (expr.kind == ExprKind::And && left_decides(false)) ||
                          (expr.kind == ExprKind::Or && left_decides(true)) ||
                          (expr.kind == ExprKind::Implies && left_decides(false));
    for (std::size_t i = 0; i < (is_short ? 1 : expr.operands.size()); ++i) {
      found = reads(expr.operands[i]) || found;
    }
    if (expr.kind == ExprKind::Call || expr.kind == ExprKind::OtherCall) {
      found = function_reads(expr.index) || found;
    }
    return (expr.comprehension && reads(*expr.comprehension)) || found;
  }

  bool reads(const std::vector<Binder>& binders) {
    bool found = false;
    for (const Binder& binder : binders) found = reads(binder.set) || found;
    return found;
  }

  /// Whether code from its beginning, guard included, may read in some segment.
  bool code_reads(Code& code) {
    if (code.guard && decided(*code.guard) == false) return reads(code.guard);
    any_ = reads(code.guard);
    before(code.block, false);
    if (code.says) {
      for (const ExprPtr& hole : code.says->holes) any_ = reads(hole) || any_;
    }
    return any_;
  }

  bool function_reads(int index) {
    const auto known = functions_.find(index);
    if (known != functions_.end()) return known->second;
    functions_[index] = false;  // functions do not call themselves
    Function& function = protocol_.functions[static_cast<std::size_t>(index)];
    // A procedure never suspends: nothing is marked in it.
    const bool found = function.value ? reads(*function.value) : before(function.block, false);
    return functions_[index] = found;
  }

  bool has_timed_send() const { return has_timed_send_; }
  bool wait_reads() const { return wait_reads_; }
  const std::optional<Span>& first() const { return first_; }

 private:
  std::optional<bool> decided(const Expr& condition) const {
    return fold_ ? folded(protocol_, condition) : std::nullopt;
  }

  void note(Span span) {
    if (!first_) first_ = span;
  }

  bool reads(const Comprehension& comprehension) {
    bool found = reads(comprehension.binders);
    for (const ExprPtr* part : {&comprehension.where, &comprehension.key, &comprehension.value,
                                &comprehension.otherwise}) {
      found = reads(*part) || found;
    }
    return found;
  }

  bool reads(const std::vector<ExprPtr>& exprs) {
    bool found = false;
    for (const ExprPtr& expr : exprs) found = reads(expr) || found;
    return found;
  }

  /// Whether running the block from its beginning may read before the next suspension, if what is
  /// behind it may when `after`.
  bool before(Block& block, bool after) {
    for (auto statement = block.rbegin(); statement != block.rend(); ++statement) {
      after = before(*statement, after);
    }
    return after;
  }

  bool before(Statement& statement, bool after) {
    const bool own = reads(statement.value) | reads(statement.args) | reads(statement.target) |
                     reads(statement.after) | reads(statement.after_most);
    switch (statement.kind) {
      case StatementKind::Send:
        has_timed_send_ = has_timed_send_ || statement.after != nullptr;
        return note_any(own) || after;
      case StatementKind::Let:
      case StatementKind::Choose:
      case StatementKind::Assert:
      case StatementKind::Reply:
      case StatementKind::Sync:
        return note_any(own) || after;
      case StatementKind::Assign: {
        bool found = own;
        for (const Place::Step& step : statement.place.steps) found = reads(step.index) || found;
        if (fold_) statement.reads_clock = found && statement.place.root == Place::Root::Ghost;
        return note_any(found) || after;
      }
      case StatementKind::Call:
        return note_any(function_reads(statement.index) || own) || after;
      case StatementKind::If:
        return before_if(statement, after, own);
      case StatementKind::For:
        return before_loop(statement, after);
      case StatementKind::Ask:
        return before_ask(*statement.ask, after, statement.span);
      case StatementKind::WaitUntil:
        wait_reads_ = note_any(own) || wait_reads_;  // its condition belongs to the next step
        return false;
      case StatementKind::Return:
      case StatementKind::Fail:
      case StatementKind::Unknown:
        return note_any(own);
      case StatementKind::Next:
        return loops_.empty() ? after : loops_.back();
    }
    CAPSTAN_UNREACHABLE("a kind of statement");
  }

  bool before_if(Statement& statement, bool after, bool own) {
    const std::optional<bool> known = decided(*statement.value);
    const bool yes = known.value_or(true) && before(statement.body, after);
    const bool no = !known.value_or(false) && before(statement.otherwise, after);
    return note_any(own) || yes || no;
  }

  /// Twice, since a turn may be followed by another one.
  bool before_loop(Statement& statement, bool after) {
    const bool own = note_any(reads(statement.binders) | reads(statement.where));
    loops_.push_back(after);
    const bool once = before(statement.body, after);
    if (once && !after) {  // else the second walk would be the first one again
      loops_.back() = true;
      before(statement.body, true);
    }
    loops_.pop_back();
    return own || once || after;
  }

  bool before_ask(AskData& ask, bool after, Span span) {
    ask.next_reads_clock = ask.next_reads_clock || after;
    note_any(reads(ask.where));
    before(ask.otherwise, after);
    const bool own = reads(ask.args) | reads(ask.target) | reads(ask.quorum) | reads(ask.after);
    if (ask.after) note(span);
    // An ask of nobody goes on in the same segment.
    const bool may_go_on = ask.count != AskData::Count::One;
    return note_any(own || ask.after != nullptr) || (may_go_on && after);
  }

  bool note_any(bool found) {
    any_ = any_ || found;
    return found;
  }

  Protocol& protocol_;
  bool fold_;
  bool any_ = false;  // some segment of the code looked at reads
  bool has_timed_send_ = false;
  bool wait_reads_ = false;
  std::optional<Span> first_;
  std::vector<bool> loops_;  // innermost last: whether a `next` may be followed by code that reads
  std::map<int, bool> functions_;
};

bool start_reads(Usage& usage, Role& role) {
  bool found = false;
  for (const Variable& variable : role.variables) found = usage.reads(variable.initial) || found;
  for (Code& code : role.on_start) found = usage.code_reads(code) || found;
  return found;
}

bool role_reads(Usage& usage, Role& role) {
  bool found = start_reads(usage, role);
  for (Code& code : role.on_restart) found = usage.code_reads(code) || found;
  for (Handler& handler : role.handlers) found = usage.code_reads(handler.code) || found;
  for (Action& action : role.actions) found = usage.code_reads(action.code) || found;
  for (Operation& operation : role.operations) found = usage.code_reads(operation.code) || found;
  return found;
}

/// Notes whose clocks a property reads: those of the roles whose functions it calls.
void mark_property(Usage& usage, Protocol& protocol, Expectation& expectation,
                   const ExprPtr& condition) {
  if (!usage.reads(condition)) return;
  protocol.scenario.reads_clock = true;
  for_each_node(*condition, [&](const Expr& node) {
    if (node.kind == ExprKind::OtherCall && usage.function_reads(node.index)) {
      expectation.reads_clocks = true;
      const int role = protocol.functions[static_cast<std::size_t>(node.index)].role;
      protocol.roles[static_cast<std::size_t>(role)].reads_clock = true;
    } else if (node.kind == ExprKind::Now ||
               (node.kind == ExprKind::Call && usage.function_reads(node.index))) {
      expectation.reads_true_time = true;
    }
  });
}

}  // namespace

std::optional<Span> mark_clock_usage(Protocol& protocol) {
  Usage usage(protocol, true);
  Scenario& scenario = protocol.scenario;
  for (Role& role : protocol.roles) {
    role.reads_clock_at_start = start_reads(usage, role);
    role.reads_clock = role_reads(usage, role);
    scenario.reads_clock = scenario.reads_clock || role.reads_clock;
  }
  for (Expectation& expectation : scenario.expectations) {
    if (expectation.kind == PropertyKind::Inductive) continue;  // proved, not explored
    mark_property(usage, protocol, expectation, expectation.condition);
    mark_property(usage, protocol, expectation, expectation.consequence);
  }
  scenario.is_timely = scenario.delay.has_value() || usage.has_timed_send();
  scenario.wait_reads_clock = usage.wait_reads();
  return usage.first();
}

std::optional<bool> decided_by_params(const Protocol& protocol, const Expr& condition) {
  return folded(protocol, condition);
}

bool may_read_clock(Protocol& protocol, const Expr& expr) {
  return Usage(protocol, false).reads(expr);
}

}  // namespace capstan::model
