// SPDX-License-Identifier: MIT
// Interpreter: a walk over the statement tree with a stack of cursors.
//
// The cursor moves on before its statement runs, so a suspended activation already stands behind
// its `ask` or `wait until`. Tested by: tests/unit/runtime/execute_test.cpp.
#include "runtime/execute/interpreter.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/moved_time.hpp"
#include "model/system/reasons.hpp"

namespace capstan::runtime {

using model::ModelError;
using model::Statement;
using model::StatementKind;
using model::Value;

Interpreter::Interpreter(World& world, int process, Activation activation, Chooser& chooser,
                         Effects& effects)
    : world_(world),
      protocol_(world.protocol()),
      process_(process),
      activation_(std::move(activation)),
      chooser_(chooser),
      effects_(effects) {}

void Interpreter::run() {
  const bool is_action = activation_.kind == Activation::Kind::Action;
  const bool is_operation = activation_.kind == Activation::Kind::Operation;
  activation_.chain.hops = std::max(activation_.chain.hops, activation_.awaited_hops);
  activation_.awaited_hops = 0;
  const model::Chain chain = activation_.chain;
  const std::vector<bool> met =
      world_.hops_most_ > 0 ? world_.met_conditions(process_) : std::vector<bool>{};
  const Exit exit = walk();
  if (exit == Exit::Ended && is_operation) end_operation(end_, result_);
  if (world_.hops_most_ > 0) count_hops(chain, met, exit == Exit::Ended && is_operation);
  for (const model::MessageInstance& message : sends_) {
    world_.put(message, is_action || world_.is_network_kept(), effects_);
  }
}

/// Passes the hops of this segment on: to what it sent, and to those whose condition it made true.
/// An operation that has ended is served by nobody.
void Interpreter::count_hops(const model::Chain& chain, const std::vector<bool>& met_before,
                             bool ends_operation) {
  for (model::MessageInstance& message : sends_)
    if (chain.client >= 0 && !ends_operation)
      message.chain = {chain.client, std::min(chain.hops + 1, world_.hops_most_)};
  const std::vector<bool> met = world_.met_conditions(process_);
  for (std::size_t i = 0; i < met_before.size(); ++i) {
    Activation& waiting = world_.at(process_).activations[i];
    if (waiting.waiting->kind != StatementKind::WaitUntil || waiting.chain.client < 0) continue;
    if (!met[i]) waiting.awaited_hops = 0;
    if (met[i] && !met_before[i])
      waiting.awaited_hops = waiting.chain.client == chain.client ? chain.hops : 0;
  }
  if (!ends_operation) return;
  if (end_ == model::HistoryEvent::Kind::Ok) effects_.hops = chain.hops;
  world_.end_chain(process_);
}

Interpreter::Exit Interpreter::walk() {
  std::vector<Cursor>& stack = activation_.stack;
  end_ = model::HistoryEvent::Kind::Ok;
  result_ = Value::none();
  while (!stack.empty()) {
    Cursor& top = stack.back();
    if (top.next == top.block->size()) {
      if (!begin_turn()) stack.pop_back();
      continue;
    }
    const Statement& statement = (*top.block)[top.next++];
    if (step(statement) == Exit::Suspended) return Exit::Suspended;
    if (effects_.entered == activation_.code) effects_.locals = activation_.locals;
  }
  return Exit::Ended;
}

/// Begins the next turn of the loop whose body has ended; false if it was no loop or the last turn.
bool Interpreter::begin_turn() {
  Cursor& top = activation_.stack.back();
  if (top.loop == nullptr || top.turns.empty()) return false;
  std::size_t next = 0;
  for (const model::Binder& binder : top.loop->binders) {
    for (const int slot : binder.slots) local(slot) = top.turns.front()[next++];
  }
  top.turns.erase(top.turns.begin());
  top.next = 0;
  return true;
}

Interpreter::Exit Interpreter::step(const Statement& statement) {
  using enum StatementKind;
  switch (statement.kind) {
    case Let:
      local(statement.slot) = value(*statement.value);
      return Exit::Ended;
    case Choose:
      choose(statement);
      return Exit::Ended;
    case Assign:
      assign(statement);
      return Exit::Ended;
    case Call:
      call(statement);
      return Exit::Ended;
    case If:
      activation_.stack.push_back(
          {value(*statement.value).truth() ? &statement.body : &statement.otherwise,
           0,
           nullptr,
           {}});
      return Exit::Ended;
    case For:
      enter_loop(statement);
      return Exit::Ended;
    case Send:
      send(statement);
      return Exit::Ended;
    case Reply:
      reply(statement);
      return Exit::Ended;
    case Ask:
      return ask(statement);
    case WaitUntil:
      suspend(statement, -1, 0);
      return Exit::Suspended;
    case Assert:
      if (!value(*statement.value).truth())
        model::fail_assertion(*statement.value, statement.span, environment());
      return Exit::Ended;
    case Sync:
      world_.sync(process_);
      return Exit::Ended;
    case Return:
    case Fail:
    case Unknown:
      leave(statement);
      return Exit::Ended;
    case Next:
      next_turn();
      return Exit::Ended;
  }
  CAPSTAN_UNREACHABLE("every kind of statement is listed");
}

model::Environment Interpreter::environment() {
  model::Environment environment = world_.environment(process_, activation_.locals);
  environment.sender = activation_.sender;
  environment.asker = activation_.asker.as_value();
  environment.clock = &chooser_;
  return environment;
}

Value Interpreter::value(const model::Expr& expr) {
  model::Environment here = environment();
  return model::evaluate(expr, here);
}

void Interpreter::choose(const Statement& statement) {
  const Value set = value(*statement.value);
  if (set.elements().empty()) {
    if (activation_.kind == Activation::Kind::Action)
      throw NotEnabled{"an `any` of the action has no element"};
    throw ModelError{"`any` of an empty set", statement.span};
  }
  const int choice = chooser_.choose(static_cast<int>(set.elements().size()));
  local(statement.slot) = set.elements()[static_cast<std::size_t>(choice)];
}

void Interpreter::assign(const Statement& statement) {
  model::Environment here = environment();
  const bool is_ghost = statement.place.root == model::Place::Root::Ghost;
  std::vector<Value>& roots = is_ghost ? world_.ghosts_ : world_.at(process_).variables;
  const auto slot = static_cast<std::size_t>(statement.place.slot);
  if (statement.reads_clock) chooser_.now();
  const Value assigned = model::evaluate(*statement.value, here);
  roots.at(slot) = model::assign(statement.place, statement.op, roots.at(slot), assigned, here);
}

void Interpreter::call(const Statement& statement) {
  const model::Function& function =
      protocol_.functions.at(static_cast<std::size_t>(statement.index));
  std::vector<Value> frame(function.frame.slots.size());
  for (std::size_t i = 0; i < statement.args.size(); ++i) {
    frame[i] = value(*statement.args[i]);
    const model::Frame::Slot& parameter = function.frame.slots[i];
    model::require_in_type(protocol_.types, parameter.type, frame[i],
                           fmt::format("`{}` of `{}`", parameter.name, function.name),
                           statement.args[i]->span);
  }
  std::vector<Cursor> stack{{&function.block, 0, nullptr, {}}};
  std::swap(stack, activation_.stack);
  std::swap(frame, activation_.locals);
  const model::Code* entered =
      std::exchange(effects_.entered, nullptr);  // its locals are not the caller's
  ++procedure_depth_;
  const Exit exit = walk();
  --procedure_depth_;
  CAPSTAN_REQUIRE(exit == Exit::Ended, "a procedure does not suspend");
  effects_.entered = entered;
  std::swap(stack, activation_.stack);
  std::swap(frame, activation_.locals);
  if (statement.slot >= 0) local(statement.slot) = result_;
  result_ = Value::none();
  end_ = model::HistoryEvent::Kind::Ok;
}

/// The turns are fixed when the loop is entered: what its body changes does not change them.
void Interpreter::enter_loop(const Statement& statement) {
  Cursor body{&statement.body, statement.body.size(), &statement, {}};
  model::Environment here = environment();
  model::for_each_binding(statement.binders, statement.where.get(), here, [&] {
    std::vector<Value>& turn = body.turns.emplace_back();
    for (const model::Binder& binder : statement.binders) {
      for (const int slot : binder.slots) turn.push_back(local(slot));
    }
    return true;
  });
  activation_.stack.push_back(std::move(body));
}

void Interpreter::next_turn() {
  std::vector<Cursor>& stack = activation_.stack;
  while (!stack.empty() && stack.back().loop == nullptr) stack.pop_back();
  if (!stack.empty()) stack.back().next = stack.back().block->size();
}

model::MessageInstance Interpreter::instance(int message, const std::vector<model::ExprPtr>& args) {
  model::MessageInstance instance;
  instance.source = process_;
  instance.message = message;
  instance.fields = fields(message, args);
  set_window(instance, nullptr);
  return instance;
}

std::vector<Value> Interpreter::fields(int message, const std::vector<model::ExprPtr>& args) {
  const model::Message& declared = protocol_.messages.at(static_cast<std::size_t>(message));
  std::vector<Value> values;
  for (std::size_t i = 0; i < args.size(); ++i) {
    values.push_back(value(*args[i]));
    const model::Type::Field& field = declared.fields.at(i);
    model::require_in_type(protocol_.types, field.type, values.back(),
                           fmt::format("field `{}` of `{}`", field.name, declared.name),
                           args[i]->span);
  }
  return values;
}

void Interpreter::set_window(model::MessageInstance& message, const Statement* send) {
  if (const auto& delay = protocol_.scenario.delay) {
    message.least = delay->least;
    message.most = delay->most;
  }
  if (send == nullptr || !send->after) return;
  const std::int64_t least = value(*send->after).number();
  const std::int64_t most = send->after_most ? value(*send->after_most).number() : least;
  if (least < 0 || most < least || most > std::numeric_limits<int>::max()) {
    throw ModelError{fmt::format("no message takes {}..{} ticks", least, most), send->after->span};
  }
  message.least = static_cast<int>(least);
  message.most = static_cast<int>(most);
}

void Interpreter::send(const Statement& statement) {
  model::MessageInstance message = instance(statement.index, statement.args);
  set_window(message, &statement);
  const Value target = value(*statement.target);
  const std::vector<Value> targets =
      statement.target_is_set ? target.elements() : std::vector<Value>{target};
  for (const Value& destination : targets) {
    message.destination = static_cast<int>(destination.number());
    sends_.push_back(message);
  }
}

void Interpreter::reply(const Statement& statement) {
  model::MessageInstance message = instance(statement.index, statement.args);
  if (statement.target) {
    message.token = model::Token::from_value(value(*statement.target));
  } else {
    if (activation_.has_replied) throw ModelError{"a second reply to one asker", statement.span};
    activation_.has_replied = true;
    message.token = activation_.asker;
  }
  if (message.token.process < 0) return;  // the asker has moved on (D11)
  message.destination = message.token.process;
  sends_.push_back(std::move(message));
}

Interpreter::Exit Interpreter::ask(const Statement& statement) {
  const model::AskData& data = *statement.ask;
  model::MessageInstance message = instance(data.message, data.args);
  const Value target = value(*data.target);
  const bool is_one = data.count == model::AskData::Count::One;
  const std::vector<Value> targets = is_one ? std::vector<Value>{target} : target.elements();
  std::int64_t quorum = 1;
  if (data.count == model::AskData::Count::All) quorum = static_cast<std::int64_t>(targets.size());
  if (data.count == model::AskData::Count::Quorum) quorum = value(*data.quorum).number();
  if (quorum <= 0) {
    if (data.result_slot >= 0) local(data.result_slot) = Value::set({});
    return Exit::Ended;
  }
  if (data.after) {
    const std::int64_t reading = chooser_.now();
    activation_.deadline =
        model::moved_time(reading, value(*data.after).number(), nullptr, data.after->span);
  }
  message.token = {process_, world_.free_slot(process_)};
  for (const Value& destination : targets) {
    message.destination = static_cast<int>(destination.number());
    sends_.push_back(message);
  }
  suspend(statement, message.token.slot, quorum);
  return Exit::Suspended;
}

/// Keeps the locals that are read later and gives the activation to the process.
void Interpreter::suspend(const Statement& statement, int slot, std::int64_t quorum) {
  CAPSTAN_REQUIRE(procedure_depth_ == 0, "a procedure does not suspend");
  if (effects_.entered == activation_.code) effects_.locals = activation_.locals;
  std::vector<Value> kept(activation_.locals.size());
  for (const int live : statement.live_slots) kept[static_cast<std::size_t>(live)] = local(live);
  activation_.locals = std::move(kept);
  activation_.waiting = &statement;
  activation_.slot = slot;
  activation_.quorum = quorum;
  activation_.replies.clear();
  world_.at(process_).activations.push_back(std::move(activation_));
}

void Interpreter::leave(const Statement& statement) {
  activation_.stack.clear();
  if (statement.kind == StatementKind::Fail) end_ = model::HistoryEvent::Kind::Fail;
  if (statement.kind == StatementKind::Unknown) end_ = model::HistoryEvent::Kind::Info;
  if (statement.kind != StatementKind::Return || !statement.value) return;
  result_ = value(*statement.value);
  if (procedure_depth_ > 0 || activation_.kind != Activation::Kind::Operation) return;
  const model::Role& role = protocol_.role_of(process_);
  const model::Operation& operation = role.operations[static_cast<std::size_t>(activation_.index)];
  const model::ObjectOp& declared = protocol_.objects[static_cast<std::size_t>(operation.object)]
                                        .ops[static_cast<std::size_t>(operation.op)];
  if (!declared.has_result) return;
  model::require_in_type(protocol_.types, declared.result, result_,
                         fmt::format("the result of `{}`", declared.name), statement.span);
}

void Interpreter::end_operation(model::HistoryEvent::Kind kind, const Value& result) {
  const model::Operation& operation =
      protocol_.role_of(process_).operations[static_cast<std::size_t>(activation_.index)];
  model::HistoryEvent event;
  event.kind = kind;
  event.process = process_;
  event.object = operation.object;
  event.key = activation_.key;
  event.op = operation.op;
  if (kind == model::HistoryEvent::Kind::Ok) event.result = result;
  effects_.events.push_back(std::move(event));
  effects_.ended_args = activation_.args;
}

}  // namespace capstan::runtime
