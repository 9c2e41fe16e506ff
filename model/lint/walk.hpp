// SPDX-License-Identifier: MIT
// walk: every expression, statement and ask below a piece of the syntax tree, in source order.
//
// From: syntax/ast. To: model/lint. A visitor overrides what it wants to see; the walk goes on
// below by itself.
#pragma once

#include "model/syntax/ast.hpp"

namespace capstan::model::lint_parts {

class Walk {
 public:
  Walk() = default;
  Walk(const Walk&) = delete;
  Walk& operator=(const Walk&) = delete;
  virtual ~Walk() = default;

  void file(const ast::File& file);
  void role(const ast::Role& role);
  void block(const ast::Block& block);
  void expr(const ast::ExprPtr& expr);
  void handler(const ast::Handler& handler);
  void action(const ast::Action& action);
  void operation(const ast::Operation& operation);
  void function(const ast::Function& function);
  void merge(const ast::Merge& merge);

 protected:
  virtual void see(const ast::Expr&) {}
  virtual void see(const ast::Statement&) {}
  virtual void see(const ast::Ask&) {}
  virtual void see(const ast::Type&) {}
  virtual void see(const ast::Merge&) {}
  virtual void see(const ast::Property&) {}
  virtual void see(const ast::Fault&) {}
  virtual void see(const ast::Object&) {}
  virtual void see(const ast::Setting&) {}

 private:
  void statement(const ast::Statement& statement);
  void ask(const ast::Ask& ask);
  void message(const ast::MessageExpr& message);
  void args(const std::vector<ast::Arg>& args);
  void binders(const ast::Binders& binders);
  void type(const ast::TypePtr& type);
  void fields(const std::vector<ast::Field>& fields);
  void caption(const std::optional<ast::Caption>& caption);
  void settings(const std::vector<ast::Setting>& settings);
  void circumstances(const ast::Circumstances& circumstances);
  void scenario(const ast::Scenario& scenario);
  void property(const ast::Property& property);
};

}  // namespace capstan::model::lint_parts
