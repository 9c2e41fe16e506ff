// SPDX-License-Identifier: MIT
#include "model/system/local_step.hpp"

#include <algorithm>
#include <tuple>

#include "model/base/require.hpp"
#include "model/system/hops.hpp"
#include "model/system/object.hpp"
#include "model/system/segment.hpp"

namespace capstan::model {
namespace {

std::uint64_t bit(int process) { return std::uint64_t{1} << process; }

/// Calls `body` with every way to take one value of each input.
void for_each_input(const std::vector<Input>& inputs, std::vector<Value>& chosen,
                    const std::function<void()>& body) {
  if (chosen.size() == inputs.size()) {
    body();
    return;
  }
  for (const Value& value : inputs[chosen.size()].values) {
    chosen.push_back(value);
    for_each_input(inputs, chosen, body);
    chosen.pop_back();
  }
}

}  // namespace

LocalMachine::LocalMachine(const Protocol& protocol, Options options)
    : protocol_(protocol), options_(options), times_(protocol.types) {
  for (std::size_t role = 0; role < protocol.roles.size(); ++role)
    add_bodies(static_cast<int>(role));
  for (const Function& function : protocol.functions)
    functions_.push_back(function.value ? Program{} : lower(function.block, function.frame, false));
  // Types refer to types with smaller or larger indices alike: repeat until nothing changes.
  has_asker_.resize(protocol.types.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t i = 0; i < has_asker_.size(); ++i) {
      const Type& type = protocol.types.at(TypeId{i});
      bool has = type.kind == Type::Kind::Asker || has_asker_[type.key.index] ||
                 has_asker_[type.element.index];
      for (const Type::Field& field : type.fields) has = has || has_asker_[field.type.index];
      if (has && !has_asker_[i]) has_asker_[i] = changed = true;
    }
  }
  const auto any = std::find(has_asker_.begin(), has_asker_.end(), true);
  if (any != has_asker_.end() || protocol.scenario.network_fifo)
    options_.keep_stale_replies = false;
}

void LocalMachine::add_bodies(int role) {
  const Role& declared = protocol_.roles[static_cast<std::size_t>(role)];
  const auto add = [&](LoweredBody::Kind kind, std::size_t index, const Code& code) {
    bodies_.push_back({kind, role, static_cast<int>(index), &code,
                       lower(code.block, code.frame, options_.keep_dead_locals)});
  };
  for (std::size_t i = 0; i < declared.on_start.size(); ++i)
    add(LoweredBody::Kind::Start, i, declared.on_start[i]);
  for (std::size_t i = 0; i < declared.on_restart.size(); ++i)
    add(LoweredBody::Kind::Restart, i, declared.on_restart[i]);
  for (std::size_t i = 0; i < declared.handlers.size(); ++i)
    add(LoweredBody::Kind::Handler, i, declared.handlers[i].code);
  for (std::size_t i = 0; i < declared.actions.size(); ++i)
    add(LoweredBody::Kind::Action, i, declared.actions[i].code);
  for (std::size_t i = 0; i < declared.operations.size(); ++i)
    add(LoweredBody::Kind::Operation, i, declared.operations[i].code);
}

int LocalMachine::body_of(int role, LoweredBody::Kind kind, int index) const {
  // They were added in this order.
  const auto place = [](const LoweredBody& body) {
    return std::tuple(body.role, body.kind, body.index);
  };
  const std::tuple wanted(role, kind, index);
  const auto found = std::ranges::lower_bound(bodies_, wanted, {}, place);
  CAPSTAN_REQUIRE(found != bodies_.end() && place(*found) == wanted,
                  "every piece of code has a body");
  return static_cast<int>(found - bodies_.begin());
}

Environment LocalMachine::environment(int process, const ProcessState& state,
                                      std::vector<Value>& locals, Reading* reading) const {
  Environment environment;
  environment.protocol = &protocol_;
  environment.locals = &locals;
  environment.variables = &state.variables;
  environment.self = process;
  environment.clock = reading;
  environment.time_rules = options_.time.rules;
  return environment;
}

void LocalMachine::run(int process, const ProcessState& state, const Activation& activation, int at,
                       const Outcome& base, Turn& turn, std::vector<Outcome>& out) const {
  Segment segment(*this, process, state, activation, at, turn.reading);
  const bool was_read = turn.reading.is_read;  // by the guard
  std::vector<int> choices;
  std::vector<int> sizes;
  do {
    turn.reading.is_read = was_read;
    std::optional<Outcome> outcome = segment.run(base, choices, sizes);
    if (outcome && options_.hops_max > 0)
      count_for_waiting(process, state, activation.chain, *outcome);
    if (outcome) add(std::move(*outcome), turn, out);
  } while (next_choices(choices, sizes));
  turn.reading.is_read = was_read;
}

/// Runs blocks of code one after another, with one reading for all of them.
std::vector<Outcome> LocalMachine::run_blocks(int process, const Outcome& base,
                                              LoweredBody::Kind kind, std::size_t count,
                                              Reading reading) const {
  const int role = protocol_.types.processes()[static_cast<std::size_t>(process)].role;
  std::vector<Outcome> outcomes{base};
  for (std::size_t i = 0; i < count; ++i) {
    std::vector<Outcome> longer;
    Activation activation;
    activation.body = body_of(role, kind, static_cast<int>(i));
    for (const Outcome& one : outcomes) {
      if (one.error) {
        longer.push_back(one);
        continue;
      }
      Turn turn{reading};
      turn.reading.is_read = one.label.reading.has_value();
      run(process, one.next, activation, 0, one, turn, longer);
    }
    outcomes = std::move(longer);
  }
  return outcomes;
}

void LocalMachine::deliver(int process, const ProcessState& state, const MessageInstance& message,
                           std::vector<Outcome>& out) const {
  if (state.is_down || state.is_paused || message.age < message.least) return;
  for_each_turn(process, state, [&](Turn& turn) {
    if (protocol_.messages[static_cast<std::size_t>(message.message)].is_reply)
      deliver_reply(process, state, message, turn, out);
    else
      deliver_request(process, state, message, turn, out);
  });
}

void LocalMachine::deliver_reply(int process, const ProcessState& state,
                                 const MessageInstance& message, Turn& turn,
                                 std::vector<Outcome>& out) const {
  Outcome base;
  base.label.kind = Label::Kind::Deliver;
  base.label.process = process;
  base.label.message = message;
  base.next = state;
  // A reply in flight answers an open ask; the check of dead messages also asks about pairs that
  // never meet. A stale one (kept, slot -1) is no answer to an activation without an ask.
  Activation* waiting = message.token.slot < 0 ? nullptr : base.next.find_slot(message.token.slot);
  if (!waiting) return;
  const LoweredBody& body = bodies_[static_cast<std::size_t>(waiting->body)];
  const AskData& ask = *body.program.code[static_cast<std::size_t>(waiting->at)].statement->ask;
  if (ask.message != protocol_.messages[static_cast<std::size_t>(message.message)].request) return;

  std::vector<Value> fields = message.fields;
  const Value sender = Value::integer(message.source);
  fields.push_back(sender);
  const Value reply = Value::tuple(std::move(fields));
  const bool answered = std::any_of(waiting->replies.begin(), waiting->replies.end(),
                                    [&](const Value& r) { return r.elements().back() == sender; });
  bool counts = !answered;
  if (counts && ask.where) {
    std::vector<Value> locals = waiting->locals;
    locals[static_cast<std::size_t>(ask.it_slot)] = reply;
    Environment here = environment(process, state, locals, &turn.reading);
    here.sender = waiting->sender;
    here.asker = waiting->asker.as_value();
    try {
      counts = evaluate(*ask.where, here).truth();
    } catch (const ModelError& error) {
      base.error = error;
      add(std::move(base), turn, out);
      return;
    }
  }
  if (!counts) {
    add(std::move(base), turn, out);
    return;
  }
  waiting->replies.insert(std::upper_bound(waiting->replies.begin(), waiting->replies.end(), reply),
                          reply);
  if (options_.hops_max > 0) count_reply(*waiting, message, options_.hops_max);
  if (static_cast<std::int64_t>(waiting->replies.size()) < waiting->quorum) {
    add(std::move(base), turn, out);
    return;
  }
  const Activation completed = *waiting;
  complete_ask(process, std::move(base), completed, ask, turn, out);
}

/// The last reply is in: the ask closes, and its activation goes on, at once or (if it may read the
/// clock then) in a step of its own.
void LocalMachine::complete_ask(int process, Outcome base, const Activation& waiting,
                                const AskData& ask, Turn& turn, std::vector<Outcome>& out) const {
  Activation activation = waiting;
  go_on(activation);
  std::erase_if(base.next.activations,
                [&](const Activation& other) { return other.slot == waiting.slot; });
  base.closed_slots = {activation.slot};
  base.next = close_asks(process, base.next, process, base.closed_slots);
  if (ask.result_slot >= 0)
    activation.locals[static_cast<std::size_t>(ask.result_slot)] =
        ask.count == AskData::Count::One ? activation.replies.front()
                                         : Value::set(activation.replies);
  if (!ask.next_reads_clock || !protocol_.scenario.clocks) {
    run(process, base.next, activation, activation.at + 1, base, turn, out);
    return;
  }
  activation.slot = -1;
  activation.is_ready = true;
  activation.quorum = 0;
  activation.replies.clear();
  activation.deadline = kLeastTime;
  base.next.activations.push_back(std::move(activation));
  add(std::move(base), turn, out);
}

void LocalMachine::deliver_request(int process, const ProcessState& state,
                                   const MessageInstance& message, Turn& turn,
                                   std::vector<Outcome>& out) const {
  const int role = protocol_.types.processes()[static_cast<std::size_t>(process)].role;
  const std::vector<Handler>& handlers = protocol_.roles[static_cast<std::size_t>(role)].handlers;
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    if (handlers[i].message != message.message) continue;
    Outcome base;
    base.label.kind = Label::Kind::Deliver;
    base.label.process = process;
    base.label.message = message;
    base.label.alternative = static_cast<int>(i);
    base.next = state;
    Activation activation;
    activation.body = body_of(role, LoweredBody::Kind::Handler, static_cast<int>(i));
    activation.sender = message.source;
    activation.asker = message.token;
    activation.chain = message.chain;
    activation.locals = message.fields;
    activation.locals.resize(static_cast<std::size_t>(
        bodies_[static_cast<std::size_t>(activation.body)].program.slot_count));
    turn.reading.is_read = false;
    try {
      if (!can_deliver(process, state, message, i, turn.reading)) continue;
    } catch (const ModelError& error) {
      base.error = error;
      add(std::move(base), turn, out);
      continue;
    }
    run(process, state, activation, 0, base, turn, out);
  }
}

/// Whether the handler's guard is true.
bool LocalMachine::can_deliver(int process, const ProcessState& state,
                               const MessageInstance& message, std::size_t handler,
                               Reading& reading) const {
  const Code& code = protocol_.role_of(process).handlers[handler].code;
  if (!code.guard) return true;
  std::vector<Value> locals = message.fields;
  locals.resize(std::max(locals.size(), code.frame.slots.size()));
  Environment here = environment(process, state, locals, &reading);
  here.sender = message.source;
  here.asker = message.token.as_value();
  return evaluate(*code.guard, here).truth();
}

void LocalMachine::own_steps(int process, const ProcessState& state,
                             std::vector<Outcome>& out) const {
  if (state.is_down || state.is_paused) return;
  invocations(process, state, out);
  for_each_turn(process, state, [&](Turn& turn) {
    actions(process, state, turn, out);
    resumptions(process, state, turn, out);
    timeouts(process, state, turn, out);
  });
}

bool LocalMachine::has_pending_operation(const ProcessState& state) const {
  return std::any_of(
      state.activations.begin(), state.activations.end(), [this](const Activation& a) {
        return bodies_[static_cast<std::size_t>(a.body)].kind == LoweredBody::Kind::Operation;
      });
}

void LocalMachine::invocations(int process, const ProcessState& state,
                               std::vector<Outcome>& out) const {
  if (has_pending_operation(state)) return;
  const std::vector<Step>& script = protocol_.scenario.scripts[static_cast<std::size_t>(process)];
  // A pool may be left at any time, so the steps behind it are possible too, up to the first that
  // is not a pool.
  for (int position = state.script_position; position < static_cast<int>(script.size());
       ++position) {
    const Step& step = script[static_cast<std::size_t>(position)];
    switch (step.kind) {
      case Step::Kind::AnyOperations:
        invoke_any(process, state, step, position, out);
        continue;
      case Step::Kind::Operation:
        invoke(process, state, position, -1, step.object, step.op, step.key, step.inputs, out);
        return;
      case Step::Kind::WaitUntil: {
        Outcome pass;
        pass.label.kind = Label::Kind::PassWait;
        pass.label.process = process;
        pass.label.script_position = position;
        pass.next = state;
        pass.next.script_position = position + 1;
        pass.guard_step = position;
        out.push_back(std::move(pass));
        return;
      }
    }
  }
}

void LocalMachine::invoke_any(int process, const ProcessState& state, const Step& step,
                              int position, std::vector<Outcome>& out) const {
  for (const Operation& operation : protocol_.role_of(process).operations) {
    const Object& object = protocol_.objects[static_cast<std::size_t>(operation.object)];
    Input key;
    if (object.has_key)
      key.values = protocol_.types.domain(object.key).value_or(std::vector<Value>{});
    std::vector<Input> inputs;
    for (const Type::Field& parameter :
         object.ops[static_cast<std::size_t>(operation.op)].parameters)
      inputs.push_back({protocol_.types.domain(parameter.type).value_or(std::vector<Value>{})});
    invoke(process, state, position, step.pool, operation.object, operation.op, key, inputs, out);
  }
}

void LocalMachine::invoke(int process, const ProcessState& state, int position, int pool,
                          int object, int op, const Input& key, const std::vector<Input>& inputs,
                          std::vector<Outcome>& out) const {
  const int role = protocol_.types.processes()[static_cast<std::size_t>(process)].role;
  const std::vector<Operation>& operations =
      protocol_.roles[static_cast<std::size_t>(role)].operations;
  const auto found = std::find_if(operations.begin(), operations.end(), [&](const Operation& o) {
    return o.object == object && o.op == op;
  });
  CAPSTAN_REQUIRE(found != operations.end(), "a scripted operation is implemented by its role");
  Activation activation;
  activation.body =
      body_of(role, LoweredBody::Kind::Operation, static_cast<int>(found - operations.begin()));
  const bool has_key = protocol_.objects[static_cast<std::size_t>(object)].has_key;
  std::vector<Input> all = inputs;
  if (has_key) all.insert(all.begin(), key);
  std::vector<Value> chosen;
  for_each_input(all, chosen, [&] {
    Outcome base;
    base.label.kind = Label::Kind::Invoke;
    base.label.process = process;
    base.label.object = object;
    base.label.op = op;
    base.label.script_position = position;
    base.label.args = chosen;
    if (has_key) {
      base.label.key = chosen.front();
      base.label.args.erase(base.label.args.begin());
    }
    base.pool = pool;
    base.next = state;
    if (position >= 0) base.next.script_position = pool >= 0 ? position : position + 1;
    HistoryEvent event;
    event.process = process;
    event.object = object;
    event.key = base.label.key;
    event.op = op;
    event.args = base.label.args;
    base.events.push_back(std::move(event));
    activation.key = base.label.key;
    if (options_.hops_max > 0) activation.chain.client = process;
    activation.locals = chosen;
    activation.locals.resize(static_cast<std::size_t>(
        bodies_[static_cast<std::size_t>(activation.body)].program.slot_count));
    for_each_turn(process, state,
                  [&](Turn& turn) { run(process, base.next, activation, 0, base, turn, out); });
  });
}

void LocalMachine::final_reads(int process, const ProcessState& state,
                               std::vector<Outcome>& out) const {
  const std::vector<Variable>& variables = protocol_.role_of(process).variables;
  bool is_idle = !state.is_down && !state.is_paused &&
                 !has_pending_operation(state);  // nor without its params
  for (std::size_t i = 0; i < variables.size(); ++i)
    is_idle &= variables[i].storage != Storage::Parameter || !state.variables[i].is_none();
  for (const Operation& operation : protocol_.role_of(process).operations) {
    const Object& object = protocol_.objects[static_cast<std::size_t>(operation.object)];
    if (!is_idle || !is_final_read(object, operation.op)) continue;
    const auto all = [this](TypeId type) {
      return Input{protocol_.types.domain(type).value_or(std::vector<Value>{})};
    };
    std::vector<Input> inputs;
    for (const Type::Field& parameter :
         object.ops[static_cast<std::size_t>(operation.op)].parameters)
      inputs.push_back(all(parameter.type));
    invoke(process, state, Label::kFinalRead, -1, operation.object, operation.op, all(object.key),
           inputs, out);
  }
}

void LocalMachine::actions(int process, const ProcessState& state, Turn& turn,
                           std::vector<Outcome>& out) const {
  const std::size_t count = protocol_.role_of(process).actions.size();
  for (std::size_t i = 0; i < count; ++i)
    take_action(process, state, static_cast<int>(i), turn, out);
}

void LocalMachine::take_action(int process, const ProcessState& state, int index, Turn& turn,
                               std::vector<Outcome>& out) const {
  const int role = protocol_.types.processes()[static_cast<std::size_t>(process)].role;
  const Action& action = protocol_.role_of(process).actions[static_cast<std::size_t>(index)];
  Activation activation;
  activation.body = body_of(role, LoweredBody::Kind::Action, index);
  const bool suspended =
      std::any_of(state.activations.begin(), state.activations.end(),
                  [&](const Activation& a) { return a.body == activation.body; });
  if (suspended) return;
  std::vector<Value> locals(static_cast<std::size_t>(
      bodies_[static_cast<std::size_t>(activation.body)].program.slot_count));
  turn.reading.is_read = false;
  Environment here = environment(process, state, locals, &turn.reading);
  Outcome base;
  base.label.kind = Label::Kind::Act;
  base.label.process = process;
  base.label.alternative = index;
  base.next = state;
  try {
    for_each_binding(action.binders, action.binders_where.get(), here, [&] {
      const bool was_read = turn.reading.is_read;  // by what binds
      base.label.args.clear();
      for (const Binder& binder : action.binders)
        for (const int slot : binder.slots)
          base.label.args.push_back(locals[static_cast<std::size_t>(slot)]);
      if (!action.code.guard || evaluate(*action.code.guard, here).truth()) {
        activation.locals = locals;
        run(process, state, activation, 0, base, turn, out);
      }
      turn.reading.is_read = was_read;
      return true;
    });
  } catch (const ModelError& error) {
    base.error = error;
    add(base, turn, out);
  }
}

void LocalMachine::resumptions(int process, const ProcessState& state, Turn& turn,
                               std::vector<Outcome>& out) const {
  for (std::size_t i = 0; i < state.activations.size(); ++i)
    if (state.activations[i].slot < 0) resume(process, state, i, turn, out);
}

const Statement& LocalMachine::statement_of(const Activation& activation) const {
  const LoweredBody& body = bodies_[static_cast<std::size_t>(activation.body)];
  return *body.program.code[static_cast<std::size_t>(activation.at)].statement;
}

/// Whether an activation without an open ask can go on.
bool LocalMachine::can_go_on(int process, const ProcessState& state, const Activation& activation,
                             Reading& reading) const {
  if (activation.is_ready) return true;
  std::vector<Value> locals = activation.locals;
  Environment here = environment(process, state, locals, &reading);
  here.sender = activation.sender;
  here.asker = activation.asker.as_value();
  return evaluate(*statement_of(activation).value, here).truth();
}

void LocalMachine::resume(int process, const ProcessState& state, std::size_t index, Turn& turn,
                          std::vector<Outcome>& out) const {
  const Activation& activation = state.activations[index];
  const Statement& waiting = statement_of(activation);
  Outcome base;
  base.label.kind = Label::Kind::Resume;
  base.label.process = process;
  base.label.at = waiting.span.begin;
  for (const int slot : waiting.live_slots)
    base.label.locals.push_back(activation.locals[static_cast<std::size_t>(slot)]);
  if (activation.is_ready && waiting.ask->result_slot >= 0)
    base.label.locals.push_back(
        activation.locals[static_cast<std::size_t>(waiting.ask->result_slot)]);
  base.label.message.source = activation.sender;
  base.label.message.token = activation.asker;
  base.next = state;
  turn.reading.is_read = false;
  try {
    if (!can_go_on(process, state, activation, turn.reading)) return;
  } catch (const ModelError& error) {
    base.error = error;
    add(std::move(base), turn, out);
    return;
  }
  base.next.activations.erase(base.next.activations.begin() + static_cast<std::ptrdiff_t>(index));
  Activation going_on = activation;
  going_on.is_ready = false;
  model::go_on(going_on);
  run(process, base.next, going_on, activation.at + 1, base, turn, out);
}

void LocalMachine::timeouts(int process, const ProcessState& state, Turn& turn,
                            std::vector<Outcome>& out) const {
  for (std::size_t i = 0; i < state.activations.size(); ++i) {
    Activation activation = state.activations[i];
    if (activation.slot < 0) continue;
    const LoweredBody& body = bodies_[static_cast<std::size_t>(activation.body)];
    const Instruction& instruction = body.program.code[static_cast<std::size_t>(activation.at)];
    const AskData& ask = *instruction.statement->ask;
    if (!ask.has_else) continue;
    turn.reading.is_read = false;
    if (ask.after && turn.reading.now() < activation.deadline) continue;
    Outcome base;
    base.label.kind = Label::Kind::GiveUp;
    base.label.process = process;
    base.label.slot = activation.slot;
    base.next = state;
    base.next.activations.erase(base.next.activations.begin() + static_cast<std::ptrdiff_t>(i));
    base.closed_slots = {activation.slot};
    base.next = close_asks(process, base.next, process, base.closed_slots);
    if (ask.replies_slot >= 0)
      activation.locals[static_cast<std::size_t>(ask.replies_slot)] =
          Value::set(activation.replies);
    activation.deadline = kLeastTime;
    go_on(activation);
    run(process, base.next, activation, instruction.target, base, turn, out);
  }
}

Value LocalMachine::without_tokens(TypeId type_id, const Value& value, int asker,
                                   const std::vector<int>& slots) const {
  if (!has_asker(type_id) || value.is_none()) return value;
  const Type& type = protocol_.types.at(type_id);
  if (type.kind == Type::Kind::Asker) {
    const Token token = Token::from_value(value);
    const bool closed =
        token.process == asker && std::find(slots.begin(), slots.end(), token.slot) != slots.end();
    return closed ? Token{}.as_value() : value;
  }
  if (type.kind == Type::Kind::Option) return without_tokens(type.element, value, asker, slots);
  std::vector<Value> elements;
  for (std::size_t i = 0; i < value.elements().size(); ++i) {
    const TypeId inner = type.kind == Type::Kind::Tuple ? type.fields[i].type : type.element;
    elements.push_back(without_tokens(inner, value.elements()[i], asker, slots));
  }
  return value.with_elements(std::move(elements));
}

std::uint64_t LocalMachine::tokens_in(TypeId type_id, const Value& value) const {
  if (!has_asker(type_id) || value.is_none()) return 0;
  const Type& type = protocol_.types.at(type_id);
  if (type.kind == Type::Kind::Asker) {
    const Token token = Token::from_value(value);
    return token.process >= 0 ? bit(token.process) : 0;
  }
  if (type.kind == Type::Kind::Option) return tokens_in(type.element, value);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < value.elements().size(); ++i)
    mask |= tokens_in(type.kind == Type::Kind::Tuple ? type.fields[i].type : type.element,
                      value.elements()[i]);
  return mask;
}

ProcessState LocalMachine::close_asks(int process, const ProcessState& state, int asker,
                                      const std::vector<int>& slots) const {
  ProcessState closed = state;
  const Role& role = protocol_.role_of(process);
  for (std::size_t i = 0; i < closed.variables.size(); ++i)
    closed.variables[i] = without_tokens(role.variables[i].type, closed.variables[i], asker, slots);
  const std::vector<int> unsynced = role.unsynced_slots();
  for (std::size_t i = 0; i < unsynced.size(); ++i)
    closed.synced[i] = without_tokens(role.variables[static_cast<std::size_t>(unsynced[i])].type,
                                      closed.synced[i], asker, slots);
  for (Activation& activation : closed.activations) {
    if (activation.asker.process == asker &&
        std::find(slots.begin(), slots.end(), activation.asker.slot) != slots.end())
      activation.asker = closed_token(asker);
    const Frame& frame = bodies_[static_cast<std::size_t>(activation.body)].code->frame;
    for (std::size_t i = 0; i < frame.slots.size() && i < activation.locals.size(); ++i)
      activation.locals[i] =
          without_tokens(frame.slots[i].type, activation.locals[i], asker, slots);
  }
  return closed;
}

std::optional<MessageInstance> LocalMachine::close_asks(const MessageInstance& message, int asker,
                                                        const std::vector<int>& slots) const {
  const Message& declared = protocol_.messages[static_cast<std::size_t>(message.message)];
  MessageInstance closed = message;
  const bool hit = message.token.process == asker &&
                   std::find(slots.begin(), slots.end(), message.token.slot) != slots.end();
  if (hit && declared.is_reply && !options_.keep_stale_replies) return std::nullopt;
  if (hit) closed.token = closed_token(asker);
  for (std::size_t i = 0; i < closed.fields.size(); ++i)
    closed.fields[i] = without_tokens(declared.fields[i].type, closed.fields[i], asker, slots);
  return closed;
}

std::uint64_t LocalMachine::token_mask(int process, const ProcessState& state) const {
  const Role& role = protocol_.role_of(process);
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < state.variables.size(); ++i)
    mask |= tokens_in(role.variables[i].type, state.variables[i]);
  const std::vector<int> unsynced = role.unsynced_slots();
  for (std::size_t i = 0; i < unsynced.size(); ++i)
    mask |= tokens_in(role.variables[static_cast<std::size_t>(unsynced[i])].type, state.synced[i]);
  for (const Activation& activation : state.activations) {
    if (activation.asker.slot >= 0) mask |= bit(activation.asker.process);
    if (activation.chain.client >= 0) mask |= bit(activation.chain.client);
    const Frame& frame = bodies_[static_cast<std::size_t>(activation.body)].code->frame;
    for (std::size_t i = 0; i < frame.slots.size() && i < activation.locals.size(); ++i)
      mask |= tokens_in(frame.slots[i].type, activation.locals[i]);
  }
  return mask;
}

std::uint64_t LocalMachine::token_mask(const MessageInstance& message) const {
  const Message& declared = protocol_.messages[static_cast<std::size_t>(message.message)];
  std::uint64_t mask = message.token.slot >= 0 ? bit(message.token.process) : 0;
  if (message.chain.client >= 0) mask |= bit(message.chain.client);
  for (std::size_t i = 0; i < message.fields.size(); ++i)
    mask |= tokens_in(declared.fields[i].type, message.fields[i]);
  return mask;
}

void apply_ghost_update(const Protocol& protocol, const GhostUpdate& update,
                        std::vector<Value>& ghosts, TimeRules* rules) {
  std::vector<Value> locals = update.locals;
  Environment environment;
  environment.protocol = &protocol;
  environment.locals = &locals;
  environment.variables = &update.variables;
  environment.ghosts = &ghosts;
  environment.self = update.self;
  environment.sender = update.sender;
  Reading reading(update.reading.value_or(0));
  if (update.reading) environment.clock = &reading;
  environment.time_rules = rules;
  const Statement& statement = *update.statement;
  const Value assigned = evaluate(*statement.value, environment);
  const std::size_t slot = static_cast<std::size_t>(statement.place.slot);
  Value changed = assign(statement.place, statement.op, ghosts[slot], assigned, environment);
  ghosts[slot] = std::move(changed);
}

}  // namespace capstan::model
