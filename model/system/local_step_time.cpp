// SPDX-License-Identifier: MIT
// local_step_time: readings of a step, ticks, and times inside local states, messages and labels.
#include <algorithm>

#include "model/base/require.hpp"
#include "model/system/local_step.hpp"

namespace capstan::model {

// --- readings

void LocalMachine::for_each_turn(int process, const ProcessState& state,
                                 const std::function<void(Turn&)>& body) const {
  if (!protocol_.role_of(process).reads_clock || !protocol_.scenario.clocks) {
    Turn only{Reading(0)};
    body(only);
    return;
  }
  bool is_first = true;
  for (const std::int64_t reading :
       admissible_readings(*protocol_.scenario.clocks, options_.time, state.clock)) {
    Turn turn{Reading(reading), is_first};
    body(turn);
    is_first = false;
  }
}

void LocalMachine::add(Outcome outcome, const Turn& turn, std::vector<Outcome>& out) const {
  remember(outcome, turn.reading);
  if (turn.reading.is_read || turn.is_first) out.push_back(std::move(outcome));
}

void LocalMachine::remember(Outcome& outcome, const Reading& reading) const {
  if (!reading.is_read) return;
  outcome.label.reading = reading.value();
  outcome.next.clock =
      after_reading(*protocol_.scenario.clocks, options_.time, outcome.next.clock, reading.value());
}

// --- what time waits for

namespace {

/// Whether it holds for every reading. An evaluation that fails is a step too: into the error.
template <typename Condition>
bool holds_always(const std::vector<std::int64_t>& readings, const Condition& condition) {
  return std::ranges::all_of(readings, [&](std::int64_t value) {
    Reading reading(value);
    try {
      return condition(reading);
    } catch (const ModelError&) {
      return true;
    }
  });
}

}  // namespace

std::vector<std::int64_t> LocalMachine::readings(int process, const ProcessState& state) const {
  if (!protocol_.role_of(process).reads_clock || !protocol_.scenario.clocks) return {0};
  return admissible_readings(*protocol_.scenario.clocks, options_.time, state.clock);
}

bool LocalMachine::forces(int process, const ProcessState& state) const {
  if (!protocol_.scenario.is_timely || state.is_down || state.is_paused) return false;
  return std::ranges::any_of(state.activations, [&](const Activation& activation) {
    return activation.slot < 0 && holds_always(readings(process, state), [&](Reading& reading) {
             return can_go_on(process, state, activation, reading);
           });
  });
}

bool LocalMachine::forces(int process, const ProcessState& state,
                          const MessageInstance& message) const {
  if (message.most < 0 || message.age < message.most || state.is_down || state.is_paused)
    return false;
  if (protocol_.messages[static_cast<std::size_t>(message.message)].is_reply)
    return std::ranges::any_of(state.activations, [&](const Activation& activation) {
      return message.token.slot >= 0 && activation.slot == message.token.slot;
    });
  const std::vector<Handler>& handlers = protocol_.role_of(process).handlers;
  const std::vector<std::int64_t> all = readings(process, state);
  for (std::size_t i = 0; i < handlers.size(); ++i) {
    if (handlers[i].message != message.message) continue;
    const bool always = holds_always(
        all, [&](Reading& reading) { return can_deliver(process, state, message, i, reading); });
    if (always) return true;
  }
  return false;
}

// --- ticks and jumps

std::vector<LocalMachine::Ticked> LocalMachine::tick(int process, const ProcessState& state) const {
  static const Clocks perfect;
  const Clocks& clocks = protocol_.scenario.clocks ? *protocol_.scenario.clocks : perfect;
  std::vector<Ticked> all;
  for (const TickedClock& clock : ticked(clocks, options_.time, state.clock)) {
    // A clock that nobody reads may as well go right.
    if (!protocol_.role_of(process).reads_clock && clock.advance != 1) continue;
    Ticked next;
    next.advance = clock.advance;
    switch (options_.time.kind) {
      case TimeMode::Kind::Order:
        next.state = state;
        break;
      case TimeMode::Kind::Frames:
        next.state = with_times(process, state,
                                [&clock](std::int64_t time) { return time - clock.advance; });
        break;
      case TimeMode::Kind::Offsets:
      case TimeMode::Kind::Horizon:
        next.state = with_times(process, state, [](std::int64_t time) { return time - 1; });
        break;
    }
    next.state.clock = clock.clock;
    all.push_back(std::move(next));
  }
  return all;
}

MessageInstance LocalMachine::tick(const MessageInstance& message) const {
  MessageInstance next = message;
  const bool is_offset = options_.time.kind == TimeMode::Kind::Offsets ||
                         options_.time.kind == TimeMode::Kind::Horizon;
  if (is_offset) next = with_times(message, [](std::int64_t time) { return time - 1; });
  next.age = std::min(message.age + 1, std::max({message.least, message.most, 0}));
  return next;
}

Outcome LocalMachine::jump(int process, const ProcessState& state, std::int64_t ticks) const {
  Outcome outcome;
  outcome.label.kind = Label::Kind::Jump;
  outcome.label.process = process;
  outcome.label.fault = 0;
  outcome.label.choices = {static_cast<int>(ticks)};
  outcome.next = state;
  outcome.next.clock = jumped(state.clock, ticks);
  return outcome;
}

// --- times inside of things

/// The type of a local of a body; of the hidden slot of a loop none.
void LocalMachine::map_locals(const LoweredBody& body, std::vector<Value>& locals,
                              const TimeMap& map) const {
  const std::vector<Frame::Slot>& slots = body.code->frame.slots;
  for (std::size_t i = 0; i < slots.size() && i < locals.size(); ++i)
    locals[i] = times_.mapped(slots[i].type, locals[i], map);
  // A loop's hidden slot holds the turns still to come: a sequence of tuples of what it binds.
  for (const Instruction& instruction : body.program.code) {
    if (instruction.op != Instruction::Op::LoopBegin) continue;
    Value& turns = locals[static_cast<std::size_t>(instruction.slot)];
    if (turns.is_none()) continue;
    std::vector<TypeId> types;
    for (const Binder& binder : instruction.statement->binders)
      for (const int slot : binder.slots)
        types.push_back(slots[static_cast<std::size_t>(slot)].type);
    std::vector<Value> mapped;
    for (const Value& turn : turns.elements()) {
      std::vector<Value> bound = turn.elements();
      for (std::size_t i = 0; i < bound.size(); ++i)
        bound[i] = times_.mapped(types[i], bound[i], map);
      mapped.push_back(Value::tuple(std::move(bound)));
    }
    turns = Value::sequence(std::move(mapped));
  }
}

ProcessState LocalMachine::with_times(int process, const ProcessState& state,
                                      const TimeMap& map) const {
  ProcessState mapped = state;
  const Role& role = protocol_.role_of(process);
  for (std::size_t i = 0; i < mapped.variables.size(); ++i)
    mapped.variables[i] = times_.mapped(role.variables[i].type, mapped.variables[i], map);
  const std::vector<int> unsynced = role.unsynced_slots();
  for (std::size_t i = 0; i < unsynced.size(); ++i)
    mapped.synced[i] = times_.mapped(role.variables[static_cast<std::size_t>(unsynced[i])].type,
                                     mapped.synced[i], map);
  for (Activation& activation : mapped.activations) {
    const LoweredBody& body = bodies_[static_cast<std::size_t>(activation.body)];
    map_locals(body, activation.locals, map);
    if (activation.deadline != kLeastTime) activation.deadline = map(activation.deadline);
    if (activation.slot < 0) continue;
    const int request = statement_of(activation).ask->message;
    const int reply = protocol_.messages[static_cast<std::size_t>(request)].reply;
    const TypeId tuple = protocol_.messages[static_cast<std::size_t>(reply)].tuple;
    for (Value& one : activation.replies) one = times_.mapped(tuple, one, map);
  }
  // Elsewhere what the clock showed last is bounded by itself (local_time, ticked).
  if (options_.time.kind == TimeMode::Kind::Order && mapped.clock.last != kLeastTime)
    mapped.clock.last = map(mapped.clock.last);
  return mapped;
}

MessageInstance LocalMachine::with_times(const MessageInstance& message, const TimeMap& map) const {
  MessageInstance mapped = message;
  if (message.message < 0) return mapped;
  const Message& declared = protocol_.messages[static_cast<std::size_t>(message.message)];
  for (std::size_t i = 0; i < mapped.fields.size() && i < declared.fields.size(); ++i)
    mapped.fields[i] = times_.mapped(declared.fields[i].type, mapped.fields[i], map);
  return mapped;
}

Label LocalMachine::with_times(const Label& label, const TimeMap& map) const {
  Label mapped = label;
  mapped.message = with_times(label.message, map);
  if (label.kind == Label::Kind::Act) {
    const Role& role = protocol_.role_of(label.process);
    const Action& action = role.actions[static_cast<std::size_t>(label.alternative)];
    std::size_t next = 0;
    for (const Binder& binder : action.binders)
      for (const int slot : binder.slots) {
        const TypeId type = action.code.frame.slots[static_cast<std::size_t>(slot)].type;
        mapped.args[next] = times_.mapped(type, mapped.args[next], map);
        ++next;
      }
  }
  if (label.kind == Label::Kind::Resume) map_resume(mapped, map);
  return mapped;
}

void LocalMachine::map_resume(Label& label, const TimeMap& map) const {
  const int role = protocol_.types.processes()[static_cast<std::size_t>(label.process)].role;
  for (const LoweredBody& body : bodies_) {
    if (body.role != role) continue;
    for (const Instruction& instruction : body.program.code) {
      const bool suspends =
          instruction.op == Instruction::Op::Ask || instruction.op == Instruction::Op::Wait;
      if (!suspends || instruction.statement->span.begin != label.at) continue;
      const std::vector<int>& live = instruction.statement->live_slots;
      for (std::size_t i = 0; i < label.locals.size(); ++i) {
        const TypeId type = i < live.size()
                                ? body.code->frame.slots[static_cast<std::size_t>(live[i])].type
                                : instruction.statement->ask->result_type;
        label.locals[i] = times_.mapped(type, label.locals[i], map);
      }
      return;
    }
  }
}

}  // namespace capstan::model
