// SPDX-License-Identifier: MIT
// liveness: which locals may still be read when an activation goes on, for every place where it
// suspends.
//
// Backward over the tree: live before = (live after - written) + read. A `for` is a fixpoint, since
// a turn may read what an earlier one left; the executor keeps the combinations still to come by
// itself, so binders are live only where the rest of the body reads them. The sets of later binders
// and the condition are kept live too: they may be evaluated between turns. Over-approximation is
// sound: it only keeps states apart that have equal futures. Cost: statements * slots for each
// nesting of loops. Aho, Lam, Sethi, Ullman, Compilers, 2006, 9.2.5. Tested by:
// tests/unit/model/typed/liveness_test.cpp
#include <set>

#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

using Slots = std::set<int>;

void unite(Slots& into, const Slots& from) { into.insert(from.begin(), from.end()); }

/// Adds the locals that the expression reads from outside: slots bound by its own comprehensions
/// are written before.
void add_reads(const Expr& expr, Slots& reads) {
  Slots bound;
  Slots read;
  for_each_node(expr, [&](const Expr& node) {
    if (node.kind == ExprKind::Local) read.insert(node.slot);
    if (!node.comprehension) return;
    for (const Binder& binder : node.comprehension->binders) {
      bound.insert(binder.slots.begin(), binder.slots.end());
    }
  });
  for (const int slot : read) {
    if (!bound.contains(slot)) reads.insert(slot);
  }
}

void add_reads(const ExprPtr& expr, Slots& reads) {
  if (expr) add_reads(*expr, reads);
}

void add_reads(const std::vector<ExprPtr>& exprs, Slots& reads) {
  for (const ExprPtr& expr : exprs) add_reads(expr, reads);
}

class Liveness {
 public:
  /// What is live before the block if `after` is live behind it; fills live_slots on the way.
  Slots before(Block& block, Slots after) {
    for (auto statement = block.rbegin(); statement != block.rend(); ++statement) {
      after = before(*statement, std::move(after));
    }
    return after;
  }

 private:
  Slots before(Statement& statement, Slots after) {
    switch (statement.kind) {
      case StatementKind::Let:
      case StatementKind::Choose:
        after.erase(statement.slot);
        add_reads(statement.value, after);
        return after;
      case StatementKind::Assign:
        add_reads(statement.value, after);
        for (const Place::Step& step : statement.place.steps) add_reads(step.index, after);
        return after;
      case StatementKind::Call:
        after.erase(statement.slot);
        add_reads(statement.args, after);
        return after;
      case StatementKind::If: {
        Slots live = before(statement.body, after);
        unite(live, before(statement.otherwise, std::move(after)));
        add_reads(statement.value, live);
        return live;
      }
      case StatementKind::For:
        return before_loop(statement, std::move(after));
      case StatementKind::Send:
      case StatementKind::Reply:
        add_reads(statement.args, after);
        add_reads(statement.target, after);
        add_reads(statement.after, after);
        return after;
      case StatementKind::Ask:
        return before_ask(statement, std::move(after));
      case StatementKind::WaitUntil:
        add_reads(statement.value, after);
        statement.live_slots.assign(after.begin(), after.end());
        return after;
      case StatementKind::Assert:
        add_reads(statement.value, after);
        return after;
      case StatementKind::Sync:
        return after;
      case StatementKind::Return: {
        Slots live;
        add_reads(statement.value, live);
        return live;
      }
      case StatementKind::Fail:
      case StatementKind::Unknown:
        return {};
      case StatementKind::Next:
        return loop_head_;
    }
    CAPSTAN_UNREACHABLE("a kind of statement");
  }

  Slots before_loop(Statement& statement, Slots after) {
    const Slots outer_head = loop_head_;
    Slots head = std::move(after);
    for (std::size_t i = 1; i < statement.binders.size(); ++i) {
      add_reads(statement.binders[i].set, head);
    }
    add_reads(statement.where, head);
    for (bool grew = true; grew;) {
      loop_head_ = head;
      Slots body = before(statement.body, head);
      for (const Binder& binder : statement.binders) {
        for (const int slot : binder.slots) body.erase(slot);
      }
      const std::size_t size = head.size();
      unite(head, body);
      grew = head.size() > size;
    }
    loop_head_ = outer_head;
    for (const Binder& binder : statement.binders) add_reads(binder.set, head);
    return head;
  }

  Slots before_ask(Statement& statement, Slots after) {
    AskData& ask = *statement.ask;
    after.erase(ask.result_slot);
    Slots live = after;
    if (ask.where) {
      Slots reads;
      add_reads(ask.where, reads);
      reads.erase(ask.it_slot);
      unite(live, reads);
    }
    if (ask.has_else) {
      Slots otherwise = before(ask.otherwise, std::move(after));
      otherwise.erase(ask.replies_slot);
      unite(live, otherwise);
    }
    statement.live_slots.assign(live.begin(), live.end());
    add_reads(ask.args, live);
    add_reads(ask.target, live);
    add_reads(ask.quorum, live);
    return live;
  }

  Slots loop_head_;
};

}  // namespace

void mark_live_slots(Block& block) { Liveness().before(block, {}); }

}  // namespace capstan::model
