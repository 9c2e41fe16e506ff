// SPDX-License-Identifier: MIT
// suspension: what may have changed behind an `ask` or a `wait until` (D12).
//
// W0612: code whose guard reads variables suspends, and afterwards assigns one of these very
// variables without having tested any variable again, though other code of the role assigns it too.
// What the code itself assigned before it suspended (a lock) is its own.
#include <fmt/format.h>

#include <set>
#include <string>

#include "model/lint/lint_internal.hpp"
#include "model/lint/walk.hpp"

namespace capstan::model::lint_parts {
namespace {

using Names = std::set<std::string>;

class Read final : public Walk {
 public:
  Names names;

 protected:
  void see(const ast::Expr& expr) override {
    if (expr.kind == ast::ExprKind::Name) names.insert(expr.name.text);
  }
};

Names names_in(const ast::ExprPtr& expr) {
  Read read;
  read.expr(expr);
  return read.names;
}

class Assigned final : public Walk {
 public:
  Names names;

 protected:
  void see(const ast::Statement& statement) override {
    if (statement.kind == ast::StatementKind::Assign) names.insert(statement.place.root.text);
  }
};

bool meets(const Names& left, const Names& right) {
  for (const std::string& name : left)
    if (right.contains(name)) return true;
  return false;
}

/// One guarded body, statement by statement.
class Guarded {
 public:
  Guarded(const Names& guard, Span guard_span, const Names& variables, const Names& others,
          Diagnostics& diagnostics)
      : guard_(guard),
        guard_span_(guard_span),
        variables_(variables),
        others_(others),
        diagnostics_(diagnostics) {}

  void walk(const ast::Block& block) {
    const bool tested_before = tested_;
    for (const ast::Statement& statement : block) step(statement);
    tested_ = tested_before;  // a test inside a block says nothing behind it
  }

 private:
  void step(const ast::Statement& statement) {
    using enum ast::StatementKind;
    switch (statement.kind) {
      case If:
        branches(statement);
        return;
      case For:
        walk(statement.block);
        return;
      case WaitUntil:
        suspend(statement.span);
        tested_ = meets(names_in(statement.value), variables_);
        return;
      case Ask:
        suspend(statement.span);
        return;
      case Assert:
        tested_ = tested_ || meets(names_in(statement.value), variables_);
        return;
      case Assign:
        if (has_ask(statement)) suspend(statement.span);
        assign(statement);
        return;
      case Let:
        if (has_ask(statement)) suspend(statement.span);
        // `let still = term == t`: tested by way of a local
        tested_ = tested_ || (suspended_ && meets(names_in(statement.value), variables_));
        return;
      case Call:
        tested_ = true;  // what a procedure tests is not looked into
        return;
      case Send:
      case Reply:
      case Sync:
      case Return:
      case Fail:
      case Unknown:
      case Next:
      case Error:
        if (has_ask(statement)) suspend(statement.span);
        return;
    }
  }

  static bool has_ask(const ast::Statement& statement) {
    class Asks final : public Walk {
     public:
      bool found = false;

     protected:
      void see(const ast::Ask&) override { found = true; }
    };
    if (statement.ask) return true;
    Asks asks;
    asks.expr(statement.value);
    for (const ast::Arg& arg : statement.args) asks.expr(arg.value);
    if (statement.message)
      for (const ast::Arg& arg : statement.message->args) asks.expr(arg.value);
    return asks.found;
  }

  void suspend(Span span) {
    suspended_ = true;
    suspension_ = span;
    tested_ = false;
  }

  void branches(const ast::Statement& statement) {
    const bool before = tested_;
    for (const ast::Branch& branch : statement.branches) {
      tested_ = tested_ || meets(names_in(branch.condition), variables_);
      const bool in_branch = tested_;
      walk(branch.block);
      tested_ = in_branch;
    }
    walk(statement.block);
    // `if term != t { return }` tests for what follows.
    const bool leaves = !statement.branches.empty() && !statement.branches.front().block.empty() &&
                        is_leave(statement.branches.front().block.back());
    tested_ = leaves ? tested_ : before;
  }

  static bool is_leave(const ast::Statement& statement) {
    using enum ast::StatementKind;
    return statement.kind == Return || statement.kind == Fail || statement.kind == Unknown ||
           statement.kind == Next;
  }

  void assign(const ast::Statement& statement) {
    const std::string& name = statement.place.root.text;
    if (!suspended_) own_.insert(name);
    const bool is_blind = suspended_ && !own_.contains(name) && !tested_ && guard_.contains(name) &&
                          others_.contains(name);
    if (!is_blind || statement.op != "=" || meets(names_in(statement.value), guard_)) return;
    Diagnostic& diagnostic =
        diagnostics_.add("W0612", statement.span,
                         fmt::format("`{}` is assigned without testing the guard again", name),
                         fmt::format("`{}` may have changed meanwhile", name));
    diagnostic.secondary.push_back({guard_span_, "true when the step began"});
    diagnostic.secondary.push_back({suspension_, "suspends here"});
    diagnostic.notes.push_back(
        "while this waits, the process runs other code, which assigns it too");
    diagnostic.helps.push_back("test again behind the suspension what the assignment relies on");
  }

  const Names& guard_;
  Names own_;  // assigned before the suspension: what this code holds, such as a lock
  Span guard_span_;
  const Names& variables_;
  const Names& others_;
  Diagnostics& diagnostics_;
  bool suspended_ = false;
  bool tested_ = false;
  Span suspension_;
};

/// By piece of code of the role, what the other pieces assign.
class OfRole {
 public:
  OfRole(const ast::Role& role, Diagnostics& diagnostics)
      : role_(role), diagnostics_(diagnostics) {}

  void run() {
    for (const ast::Variable& variable : role_.variables) variables_.insert(variable.name.text);
    for (const ast::Handler& each : role_.handlers)
      if (each.when) check(each.when, each.block, true);
    for (const ast::Action& each : role_.actions)
      if (each.when) check(each.when, each.block, false);
  }

 private:
  void check(const ast::ExprPtr& guard, const ast::Block& block, bool runs_twice) {
    Names read = names_in(guard);
    std::erase_if(read, [&](const std::string& name) { return !variables_.contains(name); });
    if (read.empty()) return;
    Assigned others;
    for (const ast::Handler& each : role_.handlers)
      if (&each.block != &block || runs_twice) others.block(each.block);
    for (const ast::Action& each : role_.actions)
      if (&each.block != &block) others.block(each.block);
    for (const ast::Operation& each : role_.operations) others.block(each.block);
    for (const ast::Function& each : role_.functions) others.block(each.block);
    for (const ast::Merge& each : role_.merges) others.block(each.block);
    Guarded(read, guard->span, variables_, others.names, diagnostics_).walk(block);
  }

  const ast::Role& role_;
  Diagnostics& diagnostics_;
  Names variables_;
};

}  // namespace

void stale_guards(const ast::File& file, Diagnostics& diagnostics) {
  for (const ast::Role& role : file.roles) OfRole(role, diagnostics).run();
}

}  // namespace capstan::model::lint_parts
