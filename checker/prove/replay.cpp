// SPDX-License-Identifier: MIT
#include "checker/prove/replay.hpp"

#include <tuple>
#include <utility>

#include "checker/prove/execution.hpp"
#include "model/base/require.hpp"
#include "model/system/local_time.hpp"

namespace capstan::checker {

using model::Statement;
using model::StatementKind;
using model::Value;

template <typename Action>
void Replay::in_environment(ConcreteScene& scene, Action action) {
  model::Reading clock(scene.now.value_or(0));
  model::Environment environment;
  environment.protocol = &protocol_;
  environment.locals = &scene.locals;
  environment.variables = &scene.variables;
  environment.ghosts = &scene.ghosts;
  environment.self = scene.self;
  environment.sender = scene.sender;
  environment.params = scene.params;
  if (scene.now) environment.clock = &clock;
  action(environment);
  scene.has_read_clock = scene.has_read_clock || clock.is_read;
}

Value Replay::value(const model::Expr& expr, ConcreteScene& scene) {
  Value result;
  in_environment(scene, [&](model::Environment& here) { result = model::evaluate(expr, here); });
  return result;
}

void Replay::run(const model::Block& block, ConcreteScene& scene) {
  chosen_ = 0;
  execute(block, scene);
}

void Replay::resume(const model::Block& block, const Statement& at, bool otherwise,
                    ConcreteScene& scene) {
  chosen_ = 0;
  std::vector<std::pair<const model::Block*, std::size_t>> chain;
  CAPSTAN_REQUIRE(find_chain(block, at, chain), "the suspension lies in the block");
  if (otherwise && execute(at.ask->otherwise, scene) == Exit::Leaves) return;
  for (auto [around, index] = chain.back(); !chain.empty(); chain.pop_back()) {
    std::tie(around, index) = chain.back();
    for (std::size_t i = index + 1; i < around->size(); ++i)
      if (statement((*around)[i], scene) == Exit::Leaves) return;
  }
}

Replay::Exit Replay::execute(const model::Block& block, ConcreteScene& scene) {
  for (const Statement& each : block)
    if (statement(each, scene) == Exit::Leaves) return Exit::Leaves;
  return Exit::Falls;
}

Replay::Exit Replay::statement(const Statement& statement, ConcreteScene& scene) {
  switch (statement.kind) {
    case StatementKind::Let:
      scene.locals.at(static_cast<std::size_t>(statement.slot)) = value(*statement.value, scene);
      return Exit::Falls;
    case StatementKind::Choose:
      choose(statement, scene);
      return Exit::Falls;
    case StatementKind::Assign:
      assign(statement, scene);
      return Exit::Falls;
    case StatementKind::Call:
      call(statement, scene);
      return Exit::Falls;
    case StatementKind::If:
      return execute(value(*statement.value, scene).truth() ? statement.body : statement.otherwise,
                     scene);
    case StatementKind::For:
      return loop(statement, scene);
    case StatementKind::Send:
    case StatementKind::Reply:
      send(statement, scene);
      return Exit::Falls;
    case StatementKind::Sync:
      return Exit::Falls;
    case StatementKind::Assert:
      if (!value(*statement.value, scene).truth())
        throw model::ModelError{"an assertion is false", statement.span};
      return Exit::Falls;
    case StatementKind::Ask:
      send(statement, scene);
      return Exit::Leaves;
    case StatementKind::Return:
      if (statement.value) returned_ = value(*statement.value, scene);
      return Exit::Leaves;
    case StatementKind::WaitUntil:
    case StatementKind::Fail:
    case StatementKind::Unknown:
    case StatementKind::Next:
      return Exit::Leaves;
  }
  CAPSTAN_UNREACHABLE("a kind of statement");
}

Replay::Exit Replay::loop(const Statement& statement, ConcreteScene& scene) {
  std::vector<std::vector<Value>> bindings;
  const auto slot_of = [&](int slot) -> Value& {
    return scene.locals.at(static_cast<std::size_t>(slot));
  };
  in_environment(scene, [&](model::Environment& here) {
    model::for_each_binding(statement.binders, statement.where.get(), here, [&] {
      bindings.emplace_back();
      for (const model::Binder& binder : statement.binders)
        for (const int slot : binder.slots) bindings.back().push_back(slot_of(slot));
      return true;
    });
  });
  for (const std::vector<Value>& binding : bindings) {
    std::size_t next = 0;
    for (const model::Binder& binder : statement.binders)
      for (const int slot : binder.slots) slot_of(slot) = binding[next++];
    if (execute(statement.body, scene) == Exit::Leaves) return Exit::Leaves;
  }
  return Exit::Falls;
}

void Replay::choose(const Statement& statement, ConcreteScene& scene) {
  const Value set = value(*statement.value, scene);
  if (set.elements().empty()) throw model::ModelError{"`any` of an empty set", statement.span};
  Value& local = scene.locals.at(static_cast<std::size_t>(statement.slot));
  local = set.elements().front();
  if (chosen_ < scene.chosen.size() && set.contains(scene.chosen[chosen_]))
    local = scene.chosen[chosen_];
  ++chosen_;
}

void Replay::assign(const Statement& statement, ConcreteScene& scene) {
  const bool is_ghost = statement.place.root == model::Place::Root::Ghost;
  Value& root = (is_ghost ? scene.ghosts : scene.variables)
                    .at(static_cast<std::size_t>(statement.place.slot));
  const Value given = value(*statement.value, scene);
  Value changed;
  in_environment(scene, [&](model::Environment& here) {
    changed = model::assign(statement.place, statement.op, root, given, here);
  });
  root = std::move(changed);
}

void Replay::call(const Statement& statement, ConcreteScene& scene) {
  const model::Function& function = protocol_.functions[static_cast<std::size_t>(statement.index)];
  std::vector<Value> frame(function.frame.slots.size());
  for (std::size_t i = 0; i < statement.args.size(); ++i) {
    frame[i] = value(*statement.args[i], scene);
    const model::Frame::Slot& parameter = function.frame.slots[i];
    model::require_in_type(protocol_.types, parameter.type, frame[i],
                           "`" + parameter.name + "` of `" + function.name + "`",
                           statement.args[i]->span);
  }
  std::swap(frame, scene.locals);
  returned_ = Value::none();
  execute(function.block, scene);
  std::swap(frame, scene.locals);
  if (statement.slot >= 0) scene.locals.at(static_cast<std::size_t>(statement.slot)) = returned_;
}

void Replay::send(const Statement& statement, ConcreteScene& scene) {
  std::vector<Value> fields;
  const int index = statement.ask ? statement.ask->message : statement.index;
  const model::Message& message = protocol_.messages[static_cast<std::size_t>(index)];
  for (const model::ExprPtr& argument : statement.ask ? statement.ask->args : statement.args) {
    fields.push_back(value(*argument, scene));
    const model::Type::Field& field = message.fields.at(fields.size() - 1);
    model::require_in_type(protocol_.types, field.type, fields.back(),
                           "field `" + field.name + "` of `" + message.name + "`", argument->span);
  }
  const model::Expr* target = statement.ask ? statement.ask->target.get() : statement.target.get();
  scene.sent.push_back(
      {&statement, std::move(fields), target ? value(*target, scene) : Value::none()});
}

}  // namespace capstan::checker
