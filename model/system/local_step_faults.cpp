// SPDX-License-Identifier: MIT
// local_step, faults: what a crash leaves of a process, a restart, and a pause.
#include <algorithm>

#include "model/system/local_step.hpp"
#include "model/system/segment.hpp"

namespace capstan::model {

void LocalMachine::crash(int process, const ProcessState& state, std::vector<Outcome>& out) const {
  Outcome outcome;
  outcome.label.kind = Label::Kind::Crash;
  outcome.label.process = process;
  outcome.next = state;
  outcome.next.is_down = true;
  outcome.next.is_paused = false;
  for (const Activation& activation : state.activations) {
    if (activation.slot >= 0) outcome.closed_slots.push_back(activation.slot);
    const LoweredBody& body = bodies_[static_cast<std::size_t>(activation.body)];
    if (body.kind != LoweredBody::Kind::Operation) continue;
    const Operation& operation = protocol_.roles[static_cast<std::size_t>(body.role)]
                                     .operations[static_cast<std::size_t>(body.index)];
    HistoryEvent event;
    event.kind = HistoryEvent::Kind::Info;
    event.process = process;
    event.object = operation.object;
    event.key = activation.key;
    event.op = operation.op;
    outcome.events.push_back(std::move(event));
  }
  std::sort(outcome.closed_slots.begin(), outcome.closed_slots.end());
  outcome.next.activations.clear();
  try {
    Reading nothing(kLeastTime);
    set_volatile(process, outcome.next, nothing);
  } catch (const ModelError& error) {
    outcome.error = error;
    out.push_back(std::move(outcome));
    return;
  }
  fall_back(process, outcome, out);
}

/// What is kept at the crash was on disk already, so it is what a later crash falls back to.
void LocalMachine::fall_back(int process, const Outcome& crashed, std::vector<Outcome>& out) const {
  const std::vector<int> slots = protocol_.role_of(process).unsynced_slots();
  std::vector<std::size_t> unwritten;
  for (std::size_t i = 0; i < slots.size(); ++i)
    if (crashed.next.variables[static_cast<std::size_t>(slots[i])] != crashed.next.synced[i])
      unwritten.push_back(i);
  std::vector<int> choices(unwritten.size(), 0);
  std::vector<int> sizes(unwritten.size(), 2);
  do {
    choices.resize(unwritten.size(), 0);
    sizes.resize(unwritten.size(), 2);
    Outcome outcome = crashed;
    for (std::size_t i = 0; i < unwritten.size(); ++i) {
      Value& kept = outcome.next.variables[static_cast<std::size_t>(slots[unwritten[i]])];
      Value& synced = outcome.next.synced[unwritten[i]];
      (choices[i] == 0 ? synced : kept) = choices[i] == 0 ? kept : synced;
    }
    outcome.label.choices = choices;
    out.push_back(std::move(outcome));
  } while (next_choices(choices, sizes));
}

Outcome LocalMachine::pause(int process, const ProcessState& state) const {
  Outcome outcome;
  outcome.label.kind = Label::Kind::Pause;
  outcome.label.process = process;
  outcome.next = state;
  outcome.next.is_paused = true;
  return outcome;
}

Outcome LocalMachine::unpause(int process, const ProcessState& state) const {
  Outcome outcome = pause(process, state);
  outcome.label.kind = Label::Kind::Unpause;
  outcome.next.is_paused = false;
  return outcome;
}

void LocalMachine::restart(int process, const ProcessState& state,
                           std::vector<Outcome>& out) const {
  Outcome base;
  base.label.kind = Label::Kind::Restart;
  base.label.process = process;
  base.next = state;
  base.next.is_down = false;
  const std::size_t count = protocol_.role_of(process).on_restart.size();
  for_each_turn(process, state, [&](Turn& turn) {
    Outcome begun = base;
    try {
      set_volatile(process, begun.next, turn.reading);
    } catch (const ModelError& error) {
      begun.error = error;
    }
    remember(begun, turn.reading);
    for (Outcome& outcome :
         run_blocks(process, begun, LoweredBody::Kind::Restart, count, turn.reading))
      if (turn.is_first || outcome.label.reading) out.push_back(std::move(outcome));
  });
}

}  // namespace capstan::model
