// SPDX-License-Identifier: MIT
// replies: handlers of requests that end without an answer (W0615).
//
// A path through a handler is answered if it replies, if it uses `asker` (whoever has it may answer
// later), or if it calls a procedure that does one of both. What leaves by `return`, and an empty
// block, are dropped on purpose: that is how the language says so. Loops count as answering if
// their body may. The lint is about paths as written: conditions are not looked into.
//
// A handler that answers on some paths is told of only if somebody asks it alone, or all of its
// kind, and cannot give up; and not if it suspends, since what it wanted to say may be wrong then.
#include <fmt/format.h>

#include <map>
#include <set>
#include <string>

#include "model/lint/lint_internal.hpp"
#include "model/lint/walk.hpp"

namespace capstan::model::lint_parts {
namespace {

/// Whether a piece of code replies or uses `asker` anywhere, and what it calls.
class Answers final : public Walk {
 public:
  bool found = false;
  std::set<std::string> called;

 protected:
  void see(const ast::Expr& expr) override {
    found = found || (expr.kind == ast::ExprKind::Name && expr.name.text == "asker");
    if (expr.kind == ast::ExprKind::Call) called.insert(expr.name.text);
  }
  void see(const ast::Statement& statement) override {
    found = found || statement.kind == ast::StatementKind::Reply;
    if (statement.kind == ast::StatementKind::Call) called.insert(statement.name.text);
  }
};

class Suspensions final : public Walk {
 public:
  bool found = false;

 protected:
  void see(const ast::Ask&) override { found = true; }
  void see(const ast::Statement& statement) override {
    found = found || statement.kind == ast::StatementKind::WaitUntil;
  }
};

/// The messages whose answer somebody waits for without an `else`, and not for some of many.
class Patient final : public Walk {
 public:
  std::set<std::string> messages;

 protected:
  void see(const ast::Ask& ask) override {
    if (!ask.has_else && ask.count != ast::Ask::Count::Expr) messages.insert(ask.message.name.text);
  }
};

class RepliesOfRole {
 public:
  RepliesOfRole(const ast::File& file, const ast::Role& role, const Patient& patient,
                Diagnostics& diagnostics)
      : role_(role), patient_(patient), diagnostics_(diagnostics) {
    for (const ast::Message& message : file.messages)
      if (message.reply) requests_.emplace(message.request.name.text, &message);
    for (const ast::Function& each : file.functions) functions_.emplace(each.name.text, &each);
    for (const ast::Function& each : role.functions) functions_[each.name.text] = &each;
  }

  void run() {
    for (const ast::Handler& handler : role_.handlers) {
      const auto request = requests_.find(handler.message.text);
      if (request == requests_.end() || handler.block.empty()) continue;
      if (answers(handler.block)) continue;
      warn(handler, *request->second);
    }
  }

 private:
  /// Whether every path to the end of the block is answered, or leaves.
  bool answers(const ast::Block& block) {
    for (const ast::Statement& statement : block)
      if (answers(statement)) return true;
    return false;
  }

  bool answers(const ast::Statement& statement) {
    using enum ast::StatementKind;
    switch (statement.kind) {
      case Return:
      case Fail:
      case Unknown:
      case Next:
      case Error:
        return true;
      case If:
        return every_branch_answers(statement);
      case For:
        return may_answer([&](Walk& walk) { walk.block(statement.block); });
      default:
        break;
    }
    Answers here;
    see_without_blocks(statement, here);
    if (here.found) return true;
    for (const std::string& name : here.called)
      if (function_answers(name)) return true;
    return false;
  }

  /// What the statement itself says: an `ask` goes on behind its `else`, or leaves there.
  static void see_without_blocks(const ast::Statement& statement, Answers& answers) {
    if (statement.kind == ast::StatementKind::Reply) answers.found = true;
    if (statement.kind == ast::StatementKind::Call) answers.called.insert(statement.name.text);
    answers.expr(statement.value);
    answers.expr(statement.target);
    for (const ast::Arg& argument : statement.args) answers.expr(argument.value);
    if (statement.message)
      for (const ast::Arg& argument : statement.message->args) answers.expr(argument.value);
  }

  bool every_branch_answers(const ast::Statement& statement) {
    bool all = statement.has_else && answers(statement.block);
    for (const ast::Branch& branch : statement.branches) {
      const bool answered = answers(branch.block);
      all = all && answered;
    }
    return all;
  }

  template <typename WalkCode>
  bool may_answer(const WalkCode& walk_code) {
    Answers inside;
    walk_code(inside);
    if (inside.found) return true;
    for (const std::string& name : inside.called)
      if (function_answers(name)) return true;
    return false;
  }

  bool function_answers(const std::string& name) {
    const auto [known, is_new] = answering_.try_emplace(name, false);
    const auto function = functions_.find(name);
    if (!is_new || function == functions_.end()) return known->second;
    const bool may = may_answer([&](Walk& walk) { walk.function(*function->second); });
    return answering_[name] = may;
  }

  void warn(const ast::Handler& handler, const ast::Message& request) {
    const std::string reply = request.reply->name.text;
    const bool is_partial = may_answer([&](Walk& walk) { walk.block(handler.block); });
    Suspensions suspensions;
    suspensions.block(handler.block);
    const bool is_told = patient_.messages.contains(handler.message.text) && !suspensions.found;
    if (is_partial && !is_told) return;
    Diagnostic& diagnostic = diagnostics_.add(
        "W0615", handler.message.span,
        is_partial
            ? fmt::format("`on {}` ends on some path without `{}`, for which the asker waits",
                          handler.message.text, reply)
            : fmt::format("`on {}` never answers with `{}`, for which the asker waits",
                          handler.message.text, reply),
        is_partial ? "not answered on every path" : "not answered");
    diagnostic.secondary.push_back({request.reply->name.span, "its reply"});
    diagnostic.helps.push_back(fmt::format(
        "write `reply {}(...)`, or keep `asker` in a variable and answer later", reply));
    diagnostic.helps.emplace_back("a path that drops the request on purpose ends with `return`");
  }

  const ast::Role& role_;
  const Patient& patient_;
  Diagnostics& diagnostics_;
  std::map<std::string, const ast::Message*> requests_;
  std::map<std::string, const ast::Function*> functions_;
  std::map<std::string, bool> answering_;
};

}  // namespace

void missing_replies(const ast::File& file, Diagnostics& diagnostics) {
  Patient patient;
  patient.file(file);
  for (const ast::Role& role : file.roles) RepliesOfRole(file, role, patient, diagnostics).run();
}

}  // namespace capstan::model::lint_parts
