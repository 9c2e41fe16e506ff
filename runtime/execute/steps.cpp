// SPDX-License-Identifier: MIT
// steps: what each kind of label needs to be enabled, and what taking it does (SEMANTICS 1.2 and
// 2.1).
//
// Every function first throws NotEnabled unless its label is a step of this world, then changes the
// world. A model error is thrown from wherever it happens; the caller throws the half-changed world
// away.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/object.hpp"
#include "runtime/execute/activation_label.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/interpreter.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

using model::Label;
using model::MessageInstance;
using model::ModelError;
using model::Value;

namespace {

void require_enabled(bool condition, const char* reason) {
  if (!condition) throw NotEnabled{reason};
}

Activation begin(Activation::Kind kind, int index, const model::Code& code) {
  Activation activation;
  activation.kind = kind;
  activation.index = index;
  activation.code = &code;
  activation.locals.resize(code.frame.slots.size());
  activation.stack.push_back({&code.block, 0, nullptr, {}});
  return activation;
}

/// For the caption: this step runs `activation` from its beginning.
void note_entry(const Activation& activation, Effects& effects) {
  effects.entered = activation.code;
  effects.locals = activation.locals;
  effects.sender = activation.sender;
}

/// Down or paused, a process takes no step.
void require_running(const Process& process) {
  require_enabled(process.is_up, "the process is down");
  require_enabled(!process.is_paused, "the process is paused");
}

void require_process(const model::Protocol& protocol, int process) {
  require_enabled(process >= 0 && process < protocol.process_count(), "there is no such process");
}

/// Whose step a delivery or a loss is follows from its message; a label that says it says the same.
bool is_own_process(const Label& label) {
  return label.process == -1 || label.process == label.message.destination;
}

bool is_among(const std::vector<Value>& values, const Value& value) {
  return std::find(values.begin(), values.end(), value) != values.end();
}

std::vector<Value> domain(const model::Protocol& protocol, model::TypeId type) {
  return protocol.types.domain(type).value_or(std::vector<Value>{});
}

/// The number of the role's operation that the label names.
int require_operation(const model::Role& role, const Label& label) {
  const auto found = std::find_if(
      role.operations.begin(), role.operations.end(),
      [&](const model::Operation& o) { return o.object == label.object && o.op == label.op; });
  require_enabled(found != role.operations.end(), "the process has no such operation");
  return static_cast<int>(found - role.operations.begin());
}

}  // namespace

void World::take(const Label& label, Chooser& chooser, Effects& effects) {
  require_enabled(!error_, "the run has ended in a model error");
  require_enabled(has_started_ != (label.kind == Label::Kind::Start),
                  "a run starts once, with its first step");
  const bool is_delivery =
      label.kind == Label::Kind::Deliver || label.kind == Label::Kind::Duplicate;
  const int process = is_delivery ? label.message.destination : label.process;
  const bool has_clock = has_started_ && process >= 0 && process < protocol_->process_count();
  if (has_clock) chooser.admit(readings(process), true_time_);
  take_step(label, chooser, effects);
  if (has_clock && chooser.reading()) remember_reading(process, *chooser.reading());
}

void World::take_step(const Label& label, Chooser& chooser, Effects& effects) {
  using enum Label::Kind;
  switch (label.kind) {
    case Start:
      return take_start(label, chooser, effects);
    case Invoke:
      return take_invoke(label, chooser, effects);
    case Deliver:
      return take_delivery(label, is_network_kept(), chooser, effects);
    case Act:
      return take_action(label, chooser, effects);
    case Resume:
      return take_resumption(label, chooser, effects);
    case GiveUp:
      return take_give_up(label, chooser, effects);
    case Lose:
      return take_loss(label, effects);
    case Duplicate:
      require_enabled(!is_network_kept(), "in a kept network every delivery keeps its message");
      use_budget(label, model::Fault::Kind::Duplicate, label.message.message);
      return take_delivery(label, true, chooser, effects);
    case Cut:
      return take_cut(label, effects);
    case Heal:
      return take_heal(label);
    case Crash:
      return take_crash(label, chooser, effects);
    case Restart:
      return take_restart(label, chooser, effects);
    case Pause:
      return take_pause(label);
    case Unpause:
      return take_unpause(label);
    case PassWait:
      return take_pass_wait(label);
    case Tick:
      return take_tick(chooser);
    case Jump:
      return take_jump(label);
  }
  CAPSTAN_UNREACHABLE("every kind of label is listed");
}

void World::take_start(const Label& label, Chooser& chooser, Effects& effects) {
  const auto& choices = protocol_->scenario.parameter_choices;
  const auto choice = static_cast<std::size_t>(label.parameter_choice);
  require_enabled(choices.empty() ? choice == 0 : choice < choices.size(),
                  "there is no such choice of parameters");
  has_started_ = true;
  const bool may_vary = protocol_->scenario.clocks && protocol_->scenario.clocks->may_vary();
  FixedClock zero(0);
  model::Clock& clock = may_vary ? static_cast<model::Clock&>(chooser) : zero;
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (may_vary) chooser.turn_to(process, readings(process));
    const std::vector<Value> none;
    const std::vector<Value>& parameters =
        choices.empty() ? none : choices[choice][static_cast<std::size_t>(process)];
    at(process).variables = initial_variables(process, parameters, clock);
    sync(process);
  }
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (may_vary) chooser.turn_to(process, readings(process));
    const std::vector<model::Code>& blocks = protocol_->role_of(process).on_start;
    for (std::size_t i = 0; i < blocks.size(); ++i) {
      Activation activation = begin(Activation::Kind::Start, static_cast<int>(i), blocks[i]);
      Interpreter(*this, process, std::move(activation), chooser, effects).run();
    }
    if (may_vary && chooser.reading()) remember_reading(process, *chooser.reading());
  }
}

void World::take_invoke(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  if (label.script_position == Label::kFinalRead) return take_final_read(label, chooser, effects);
  require_running(at(label.process));
  require_enabled(!has_pending_operation(label.process), "an operation of the process is pending");
  const auto& script = protocol_->scenario.scripts[static_cast<std::size_t>(label.process)];
  const int position = label.script_position;
  require_enabled(
      position >= at(label.process).script_position && position < static_cast<int>(script.size()),
      "the script has passed this step");
  for (int passed = at(label.process).script_position; passed < position; ++passed) {
    require_enabled(
        script[static_cast<std::size_t>(passed)].kind == model::Step::Kind::AnyOperations,
        "the script has not come to this step");
  }
  const model::Step& step = script[static_cast<std::size_t>(position)];
  require_enabled(step.kind != model::Step::Kind::WaitUntil, "the script waits at this step");
  require_operation(protocol_->role_of(label.process), label);
  const model::Object& object = protocol_->objects[static_cast<std::size_t>(label.object)];
  const auto& parameters = object.ops[static_cast<std::size_t>(label.op)].parameters;
  const bool from_pool = step.kind == model::Step::Kind::AnyOperations;
  require_enabled(label.args.size() == parameters.size(),
                  "the operation has another number of arguments");
  if (from_pool) {
    int& left = pools_[static_cast<std::size_t>(step.pool)];
    require_enabled(left > 0, "the pool of operations is used up");
    --left;
    require_enabled(!object.has_key || is_among(domain(*protocol_, object.key), label.key),
                    "there is no such key");
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      require_enabled(is_among(domain(*protocol_, parameters[i].type), label.args[i]),
                      "an argument outside its type");
    }
  } else {
    require_enabled(step.object == label.object && step.op == label.op,
                    "the script says another operation");
    require_enabled(!object.has_key || is_among(step.key.values, label.key),
                    "the script says another key");
    for (std::size_t i = 0; i < parameters.size(); ++i) {
      require_enabled(is_among(step.inputs[i].values, label.args[i]),
                      "the script says other arguments");
    }
  }
  at(label.process).script_position = from_pool ? position : position + 1;
  begin_operation(label, chooser, effects);
}

/// Behind all scripts, and alone: what is left is asked for when nothing else goes on.
void World::take_final_read(const Label& label, Chooser& chooser, Effects& effects) {
  require_running(at(label.process));
  for (int process = 0; process < protocol_->process_count(); ++process)
    require_enabled(!has_pending_operation(process), "an operation is pending");
  require_operation(protocol_->role_of(label.process), label);
  const model::Object& object = protocol_->objects[static_cast<std::size_t>(label.object)];
  require_enabled(model::is_final_read(object, label.op),
                  "the operation does not show what the object holds");
  const auto& parameters = object.ops[static_cast<std::size_t>(label.op)].parameters;
  require_enabled(label.args.size() == parameters.size(),
                  "the operation has another number of arguments");
  for (std::size_t i = 0; i < parameters.size(); ++i)
    require_enabled(is_among(domain(*protocol_, parameters[i].type), label.args[i]),
                    "an argument outside its type");
  require_enabled(!object.has_key || is_among(domain(*protocol_, object.key), label.key),
                  "there is no such key");
  begin_operation(label, chooser, effects);
}

void World::begin_operation(const Label& label, Chooser& chooser, Effects& effects) {
  const std::vector<model::Operation>& operations = protocol_->role_of(label.process).operations;
  const int index = require_operation(protocol_->role_of(label.process), label);
  const model::Object& object = protocol_->objects[static_cast<std::size_t>(label.object)];
  Activation activation =
      begin(Activation::Kind::Operation, index, operations[static_cast<std::size_t>(index)].code);
  activation.key = object.has_key ? label.key : Value::none();
  activation.args = label.args;
  if (hops_most_ > 0) activation.chain.client = label.process;
  std::size_t slot = 0;
  if (object.has_key) activation.locals.at(slot++) = label.key;
  for (const Value& arg : label.args) activation.locals.at(slot++) = arg;
  model::HistoryEvent event;
  event.process = label.process;
  event.object = label.object;
  event.key = activation.key;
  event.op = label.op;
  event.args = label.args;
  effects.events.push_back(std::move(event));
  note_entry(activation, effects);
  Interpreter(*this, label.process, std::move(activation), chooser, effects).run();
}

void World::take_delivery(const Label& label, bool keep, Chooser& chooser, Effects& effects) {
  const std::size_t position = find_in_flight(label.message);
  require_enabled(position < in_flight_.size(), "no such message is in flight");
  require_enabled(is_own_process(label), "the message is for another process");
  const MessageInstance message = label.message;
  require_running(at(message.destination));
  require_enabled(!is_blocked(message.source, message.destination), "the link is cut");
  require_enabled(message.age >= message.least, "the message is still on its way");
  require_enabled(!protocol_->scenario.network_fifo || is_first_of_its_queue(position),
                  "another message of the link comes before it");
  effects.delivered = in_flight_[position].id;
  if (!keep) in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(position));
  if (protocol_->messages[static_cast<std::size_t>(message.message)].is_reply) {
    require_enabled(label.alternative == -1, "no handler takes a reply");
    return take_reply(message, chooser, effects);
  }
  const std::vector<model::Handler>& handlers = protocol_->role_of(message.destination).handlers;
  const auto index = static_cast<std::size_t>(label.alternative);
  require_enabled(label.alternative >= 0 && index < handlers.size() &&
                      handlers[index].message == message.message,
                  "no such handler takes the message");
  const model::Code& code = handlers[index].code;
  Activation activation = begin(Activation::Kind::Handler, label.alternative, code);
  activation.sender = message.source;
  activation.asker = message.token;
  activation.chain = message.chain;
  std::copy(message.fields.begin(), message.fields.end(), activation.locals.begin());
  if (code.guard) {
    std::vector<Value> locals = activation.locals;
    model::Environment here = environment(message.destination, locals);
    here.sender = message.source;
    here.asker = message.token.as_value();
    here.clock = &chooser;
    require_enabled(model::evaluate(*code.guard, here).truth(), "the handler's guard is false");
  }
  note_entry(activation, effects);
  Interpreter(*this, message.destination, std::move(activation), chooser, effects).run();
}

/// A reply that counts joins its ask; the one that completes it closes the ask and runs on (S-1).
void World::take_reply(const MessageInstance& message, Chooser& chooser, Effects& effects) {
  std::vector<Activation>& activations = at(message.destination).activations;
  const auto waiting = std::find_if(
      activations.begin(), activations.end(),
      [&](const Activation& activation) { return activation.slot == message.token.slot; });
  CAPSTAN_REQUIRE(waiting != activations.end(), "a reply in flight answers an open ask");
  const model::AskData& ask = *waiting->waiting->ask;
  std::vector<Value> parts = message.fields;
  parts.push_back(Value::integer(message.source));
  const Value reply = Value::tuple(std::move(parts));
  // One process counts once, however often it answers (messages may be duplicated).
  for (const Value& earlier : waiting->replies) {
    if (earlier.elements().back() == reply.elements().back()) return;
  }
  if (ask.where) {
    std::vector<Value> locals = waiting->locals;
    locals.at(static_cast<std::size_t>(ask.it_slot)) = reply;
    model::Environment here = environment(message.destination, locals);
    here.sender = waiting->sender;
    here.asker = waiting->asker.as_value();
    here.clock = &chooser;
    if (!model::evaluate(*ask.where, here).truth()) return;
  }
  waiting->replies.insert(std::upper_bound(waiting->replies.begin(), waiting->replies.end(), reply),
                          reply);
  if (waiting->chain.client >= 0) {
    // What something else set off stands for a request and a reply.
    const bool is_same = message.chain.client == waiting->chain.client;
    const int hops = is_same ? message.chain.hops : waiting->chain.hops + 2;
    waiting->awaited_hops = std::max(waiting->awaited_hops, std::min(hops, hops_most_));
  }
  if (static_cast<std::int64_t>(waiting->replies.size()) < waiting->quorum) return;
  close_ask(message.destination, message.token.slot, effects);
  Activation activation = std::move(*waiting);
  activations.erase(waiting);
  if (ask.result_slot >= 0) {
    activation.locals.at(static_cast<std::size_t>(ask.result_slot)) =
        ask.count == model::AskData::Count::One ? activation.replies.front()
                                                : Value::set(activation.replies);
  }
  activation.slot = -1;
  activation.deadline.reset();
  if (ask.next_reads_clock && protocol_->scenario.clocks) {
    // What reads the clock next is a step of its own (README rule 25): it is ready, and waits.
    activation.quorum = 0;
    activation.replies.clear();
    at(message.destination).activations.push_back(std::move(activation));
    return;
  }
  Interpreter(*this, message.destination, std::move(activation), chooser, effects).run();
}

void World::take_action(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  require_running(at(label.process));
  const std::vector<model::Action>& actions = protocol_->role_of(label.process).actions;
  const auto index = static_cast<std::size_t>(label.alternative);
  require_enabled(label.alternative >= 0 && index < actions.size(),
                  "the process has no such action");
  for (const Activation& other : at(label.process).activations) {
    require_enabled(other.kind != Activation::Kind::Action || other.index != label.alternative,
                    "the action is suspended (S-15)");
  }
  const model::Action& action = actions[index];
  Activation activation = begin(Activation::Kind::Action, label.alternative, action.code);
  model::Environment here = environment(label.process, activation.locals);
  bool is_bound = false;
  model::for_each_binding(action.binders, action.binders_where.get(), here, [&] {
    is_bound = bound_values(action.binders, activation.locals) == label.args;
    return !is_bound;
  });
  require_enabled(is_bound, "the action has no such arguments");
  here.clock = &chooser;
  require_enabled(!action.code.guard || model::evaluate(*action.code.guard, here).truth(),
                  "the action's guard is false");
  note_entry(activation, effects);
  Interpreter(*this, label.process, std::move(activation), chooser, effects).run();
}

void World::take_resumption(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  require_running(at(label.process));
  std::vector<Activation>& activations = at(label.process).activations;
  const std::vector<std::size_t> alike = activations_like(activations, label);
  const std::size_t which = label.alternative < 1 ? 0 : static_cast<std::size_t>(label.alternative);
  require_enabled(which < alike.size(), "no such activation waits there");
  Activation activation = std::move(activations[alike[which]]);
  activations.erase(activations.begin() + static_cast<std::ptrdiff_t>(alike[which]));
  std::vector<Value> locals = activation.locals;
  model::Environment here = environment(label.process, locals);
  here.sender = activation.sender;
  here.asker = activation.asker.as_value();
  here.clock = &chooser;
  const bool is_ready = activation.waiting->kind == model::StatementKind::Ask;
  require_enabled(is_ready || model::evaluate(*activation.waiting->value, here).truth(),
                  "what it waits for does not hold");
  Interpreter(*this, label.process, std::move(activation), chooser, effects).run();
}

void World::take_give_up(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  require_running(at(label.process));
  std::vector<Activation>& activations = at(label.process).activations;
  const auto waiting =
      std::find_if(activations.begin(), activations.end(), [&](const Activation& activation) {
        return activation.slot >= 0 && activation.slot == label.slot;
      });
  require_enabled(waiting != activations.end(), "no ask is open in this slot");
  const model::AskData& ask = *waiting->waiting->ask;
  require_enabled(ask.has_else, "the ask has no `else`");
  if (waiting->deadline) {
    const Readings all = readings(label.process);
    require_enabled(all.high >= *waiting->deadline, "it is too early to give up");
    chooser.admit({std::max(all.low, *waiting->deadline), all.high}, true_time_);
    chooser.now();
  }
  close_ask(label.process, label.slot, effects);
  Activation activation = std::move(*waiting);
  activations.erase(waiting);
  if (ask.replies_slot >= 0) {
    activation.locals.at(static_cast<std::size_t>(ask.replies_slot)) =
        Value::set(activation.replies);
  }
  activation.slot = -1;
  activation.deadline.reset();
  activation.stack.push_back({&ask.otherwise, 0, nullptr, {}});
  Interpreter(*this, label.process, std::move(activation), chooser, effects).run();
}

void World::take_pass_wait(const Label& label) {
  require_process(*protocol_, label.process);
  Process& process = at(label.process);
  require_running(process);
  require_enabled(!has_pending_operation(label.process), "an operation of the process is pending");
  const auto& script = protocol_->scenario.scripts[static_cast<std::size_t>(label.process)];
  int position = process.script_position;
  while (position < static_cast<int>(script.size()) &&
         script[static_cast<std::size_t>(position)].kind == model::Step::Kind::AnyOperations) {
    ++position;
  }
  require_enabled(
      position == label.script_position && position < static_cast<int>(script.size()) &&
          script[static_cast<std::size_t>(position)].kind == model::Step::Kind::WaitUntil,
      "the script does not wait there");
  const model::Step& step = script[static_cast<std::size_t>(position)];
  require_enabled(holds(*step.condition, step.frame), "what the script waits for does not hold");
  process.script_position = position + 1;
}

void World::take_loss(const Label& label, Effects& effects) {
  const std::size_t position = find_in_flight(label.message, std::max(0, label.alternative));
  require_enabled(position < in_flight_.size(), "no such message is in flight");
  require_enabled(is_own_process(label), "the message is for another process");
  require_enabled(label.message.age >= label.message.least, "the message is still on its way");
  use_budget(label, model::Fault::Kind::Lose, label.message.message);
  effects.delivered = in_flight_[position].id;
  in_flight_.erase(in_flight_.begin() + static_cast<std::ptrdiff_t>(position));
}

void World::take_cut(const Label& label, Effects& effects) {
  const auto clause = static_cast<std::size_t>(label.fault);
  require_enabled(label.fault >= 0 && clause < cuts_.size(), "there is no such fault clause");
  const model::Fault& fault = protocol_->scenario.faults[clause];
  require_enabled(fault.kind == model::Fault::Kind::Partition, "the clause is no partition");
  require_enabled(cuts_[clause].group.empty(), "a cut of this clause stands");
  // Splits that block the same links are one fault, so the label may be any of them.
  const std::vector<std::pair<int, int>> links = links_cut(label);
  require_enabled(!links.empty(), "no message would ever meet the cut");
  std::vector<Label> possible;
  propose_cuts(label.fault, possible);
  const auto found = std::find_if(possible.begin(), possible.end(),
                                  [&](const Label& other) { return links_cut(other) == links; });
  require_enabled(found != possible.end(), "the clause makes no such cut");
  use_budget(label, model::Fault::Kind::Partition, -1);
  cuts_[clause] = {label.group, label.others};
  effects.groups = {label.group, label.others};
  if (!fault.dropping) return;
  std::erase_if(in_flight_, [&](const model::MessageCopy& copy) {
    if (!blocks(clause, cuts_[clause], copy.message.source, copy.message.destination)) return false;
    effects.dropped.push_back(copy.id);
    return true;
  });
}

void World::take_heal(const Label& label) {
  const auto clause = static_cast<std::size_t>(label.fault);
  require_enabled(label.fault >= 0 && clause < cuts_.size() && !cuts_[clause].group.empty(),
                  "no cut of this clause stands");
  cuts_[clause] = {};
}

void World::take_crash(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  Process& process = at(label.process);
  require_enabled(process.is_up, "the process is down already");
  require_strike(label, model::Fault::Kind::Crash);
  use_budget(label, model::Fault::Kind::Crash, -1);
  lose_what_is_unsynced(label.process, chooser);
  const std::vector<Activation> lost = std::exchange(process.activations, {});
  for (const Activation& activation : lost) {
    if (activation.slot >= 0) close_ask(label.process, activation.slot, effects);
    if (activation.kind != Activation::Kind::Operation) continue;
    const model::Operation& operation =
        protocol_->role_of(label.process).operations[static_cast<std::size_t>(activation.index)];
    model::HistoryEvent event;
    event.kind = model::HistoryEvent::Kind::Info;
    event.process = label.process;
    event.object = operation.object;
    event.key = activation.key;
    event.op = operation.op;
    effects.events.push_back(std::move(event));
    effects.ended_args = activation.args;
  }
  process.is_up = false;
  process.is_paused = false;
  FixedClock stopped(model::kLeastTime);
  set_volatile(label.process, stopped);
}

void World::take_pause(const Label& label) {
  require_process(*protocol_, label.process);
  require_enabled(at(label.process).is_up && !at(label.process).is_paused,
                  "the process does not run");
  require_strike(label, model::Fault::Kind::Pause);
  use_budget(label, model::Fault::Kind::Pause, -1);
  at(label.process).is_paused = true;
}

void World::take_unpause(const Label& label) {
  require_process(*protocol_, label.process);
  require_enabled(at(label.process).is_paused, "the process is not paused");
  at(label.process).is_paused = false;
}

void World::take_restart(const Label& label, Chooser& chooser, Effects& effects) {
  require_process(*protocol_, label.process);
  require_enabled(!at(label.process).is_up, "the process is up");
  at(label.process).is_up = true;
  set_volatile(label.process, chooser);
  const std::vector<model::Code>& blocks = protocol_->role_of(label.process).on_restart;
  for (std::size_t i = 0; i < blocks.size(); ++i) {
    Activation activation = begin(Activation::Kind::Restart, static_cast<int>(i), blocks[i]);
    Interpreter(*this, label.process, std::move(activation), chooser, effects).run();
  }
}

}  // namespace capstan::runtime
