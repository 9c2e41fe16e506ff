// SPDX-License-Identifier: MIT
// usage: the walk over blocks and expressions.
// Tested by: tests/unit/model/typed
#include "model/typed/usage.hpp"

namespace capstan::model {
namespace {

class Usage {
 public:
  explicit Usage(std::set<std::string>& sent) : sent_(sent) {}

  void block(const ast::Block& block) {
    for (const ast::Statement& each : block) statement(each);
  }

 private:
  void statement(const ast::Statement& written) {
    if (written.kind == ast::StatementKind::Send && written.message) {
      sent_.insert(written.message->name.text);
    }
    if (written.message) args(written.message->args);
    if (written.ask) ask(*written.ask);
    args(written.args);
    expr(written.value);
    expr(written.target);
    for (const ast::Place::Step& step : written.place.steps) expr(step.index);
    for (const ast::Branch& branch : written.branches) {
      expr(branch.condition);
      block(branch.block);
    }
    for (const ast::Binder& binder : written.binders.list) expr(binder.set);
    block(written.block);
  }

  void ask(const ast::Ask& written) {
    sent_.insert(written.message.name.text);
    args(written.message.args);
    expr(written.target);
    block(written.otherwise);
  }

  void args(const std::vector<ast::Arg>& written) {
    for (const ast::Arg& arg : written) expr(arg.value);
  }

  void expr(const ast::ExprPtr& written) {
    if (!written) return;
    if (written->ask) ask(*written->ask);
    for (const ast::ExprPtr& operand : written->operands) expr(operand);
    args(written->args);
  }

  std::set<std::string>& sent_;
};

}  // namespace

std::set<std::string> messages_sent_by(const ast::File& file, const ast::Role& role) {
  std::set<std::string> sent;
  Usage usage(sent);
  for (const ast::StartBlock& start : role.starts) usage.block(start.block);
  for (const ast::Handler& handler : role.handlers) usage.block(handler.block);
  for (const ast::Action& action : role.actions) usage.block(action.block);
  for (const ast::Operation& operation : role.operations) usage.block(operation.block);
  for (const ast::Function& function : role.functions) usage.block(function.block);
  for (const ast::Function& function : file.functions) usage.block(function.block);
  return sent;
}

}  // namespace capstan::model
