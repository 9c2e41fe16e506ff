// SPDX-License-Identifier: MIT
#include "model/lint/walk.hpp"

namespace capstan::model::lint_parts {

void Walk::file(const ast::File& file) {
  for (const ast::Param& param : file.params) {
    type(param.type);
    expr(param.value);
  }
  for (const ast::TypeDecl& declared : file.types) type(declared.type);
  for (const ast::Ghost& ghost : file.ghosts) {
    type(ghost.type);
    expr(ghost.value);
  }
  for (const ast::Invariant& invariant : file.invariants) expr(invariant.value);
  for (const ast::Message& declared : file.messages) {
    fields(declared.request.fields);
    if (declared.reply) fields(declared.reply->fields);
  }
  for (const ast::Object& object : file.objects) {
    see(object);
    type(object.element);
    expr(object.initial);
    for (const ast::ObjectState& state : object.states) {
      type(state.type);
      expr(state.value);
    }
    for (const ast::ObjectOp& op : object.ops) {
      fields(op.fields);
      type(op.result);
      block(op.block);
    }
  }
  for (const ast::Role& each : file.roles) role(each);
  for (const ast::Function& each : file.functions) function(each);
  for (const ast::Scenario& each : file.scenarios) scenario(each);
  for (const ast::Card& card : file.cards) {
    settings(card.settings);
    circumstances(card.circumstances);
    for (const ast::CardCase& each : card.cases) circumstances(each.circumstances);
  }
}

void Walk::role(const ast::Role& role) {
  expr(role.count);
  for (const ast::Param& param : role.params) {
    type(param.type);
    expr(param.value);
  }
  for (const ast::Variable& variable : role.variables) {
    type(variable.type);
    expr(variable.value);
  }
  for (const ast::StartBlock& start : role.starts) block(start.block);
  for (const ast::Handler& each : role.handlers) handler(each);
  for (const ast::Action& each : role.actions) action(each);
  for (const ast::Operation& each : role.operations) operation(each);
  for (const ast::Merge& each : role.merges) merge(each);
  for (const ast::Function& each : role.functions) function(each);
}

void Walk::handler(const ast::Handler& handler) {
  expr(handler.when);
  caption(handler.says);
  block(handler.block);
}

void Walk::action(const ast::Action& action) {
  binders(action.binders);
  expr(action.when);
  caption(action.says);
  block(action.block);
}

void Walk::operation(const ast::Operation& operation) {
  caption(operation.says);
  block(operation.block);
}

void Walk::merge(const ast::Merge& merge) {
  see(merge);
  block(merge.block);
}

void Walk::function(const ast::Function& function) {
  fields(function.parameters);
  type(function.result);
  expr(function.value);
  block(function.block);
}

void Walk::block(const ast::Block& block) {
  for (const ast::Statement& each : block) statement(each);
}

void Walk::statement(const ast::Statement& written) {
  see(written);
  for (const ast::Place::Step& step : written.place.steps) expr(step.index);
  expr(written.value);
  args(written.args);
  for (const ast::Branch& branch : written.branches) {
    expr(branch.condition);
    block(branch.block);
  }
  binders(written.binders);
  block(written.block);
  if (written.message) message(*written.message);
  expr(written.target);
  expr(written.after);
  if (written.ask) ask(*written.ask);
}

void Walk::ask(const ast::Ask& written) {
  see(written);
  expr(written.quorum);
  expr(written.target);
  message(written.message);
  expr(written.where);
  expr(written.after);
  block(written.otherwise);
}

void Walk::message(const ast::MessageExpr& message) { args(message.args); }

void Walk::args(const std::vector<ast::Arg>& args) {
  for (const ast::Arg& arg : args) expr(arg.value);
}

void Walk::binders(const ast::Binders& binders) {
  for (const ast::Binder& binder : binders.list) expr(binder.set);
  expr(binders.where);
}

void Walk::expr(const ast::ExprPtr& written) {
  if (!written) return;
  see(*written);
  for (const ast::ExprPtr& operand : written->operands) expr(operand);
  args(written->args);
  binders(written->binders);
  if (written->ask) ask(*written->ask);
}

void Walk::type(const ast::TypePtr& written) {
  if (!written) return;
  see(*written);
  expr(written->low);
  expr(written->high);
  fields(written->fields);
  type(written->key);
  type(written->element);
}

void Walk::fields(const std::vector<ast::Field>& fields) {
  for (const ast::Field& field : fields) type(field.type);
}

void Walk::caption(const std::optional<ast::Caption>& caption) {
  if (!caption) return;
  for (const ast::CaptionPart& part : caption->parts) expr(part.value);
}

void Walk::settings(const std::vector<ast::Setting>& settings) {
  for (const ast::Setting& setting : settings) {
    see(setting);
    expr(setting.value);
  }
}

void Walk::circumstances(const ast::Circumstances& circumstances) {
  for (const ast::Subject& subject : circumstances.subjects) {
    settings(subject.settings);
    for (const ast::Step& step : subject.steps) {
      expr(step.key);
      for (const ast::ExprPtr& input : step.inputs) expr(input);
      expr(step.value);
    }
  }
  for (const ast::Fault& fault : circumstances.faults) {
    see(fault);
    for (const ast::ExprPtr* part :
         {&fault.from, &fault.to, &fault.subject, &fault.limit, &fault.at_once})
      expr(*part);
  }
  for (const ast::Clock& clock : circumstances.clocks) {
    expr(clock.first);
    expr(clock.second);
  }
  for (const ast::Network& network : circumstances.networks) expr(network.delay);
}

void Walk::scenario(const ast::Scenario& scenario) {
  settings(scenario.settings);
  circumstances(scenario.circumstances);
  for (const ast::Binder& binder : scenario.sweep) expr(binder.set);
  expr(scenario.sweep_where);
  for (const ast::Expectation& expectation : scenario.expectations) {
    property(expectation.property);
    expr(expectation.iff);
  }
}

void Walk::property(const ast::Property& property) {
  see(property);
  expr(property.first);
  expr(property.second);
  binders(property.binders);
}

}  // namespace capstan::model::lint_parts
