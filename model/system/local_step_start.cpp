// SPDX-License-Identifier: MIT
// local_step, the start: what variables begin as, with what the clock shows then, and `on start`.
#include "model/system/local_step.hpp"

namespace capstan::model {

/// A number in an initial value is a time since the start, so it is evaluated in such times. (Only
/// up to a horizon a state knows how long ago the start was: time_abstraction sees to that.)
Value LocalMachine::initial_value(int process, const ProcessState& state, const Variable& variable,
                                  Reading& reading) const {
  std::vector<Value> locals(64);  // comprehension binders of an initial value
  const std::int64_t true_time = state.clock.true_time;
  const bool is_none = reading.value() == kLeastTime;
  Reading since_start(is_none ? kLeastTime : reading.value() + true_time);
  Environment here = environment(process, state, locals, &since_start);
  Value value = evaluate(*variable.initial, here);
  require_in_type(protocol_.types, variable.type, value,
                  "the initial value of `" + variable.name + "`", variable.span);
  reading.is_read = reading.is_read || since_start.is_read;
  if (true_time == 0) return value;
  return times_.mapped(variable.type, value,
                       [true_time](std::int64_t time) { return time - true_time; });
}

ProcessState LocalMachine::initial(int process, const std::vector<Value>& parameters,
                                   Reading& reading) const {
  const Role& role = protocol_.role_of(process);
  ProcessState state;
  for (const Variable& variable : role.variables) {
    const bool is_given = variable.storage == Storage::Parameter;
    state.variables.push_back(is_given ? parameters[state.variables.size()]
                                       : initial_value(process, state, variable, reading));
  }
  for (const int slot : role.unsynced_slots())
    state.synced.push_back(state.variables[static_cast<std::size_t>(slot)]);
  return state;
}

/// Volatile variables as they begin. At the crash nobody reads the clock, and it counts as `least`;
/// what begins as a reading is set again at the restart.
void LocalMachine::set_volatile(int process, ProcessState& state, Reading& reading) const {
  const Role& role = protocol_.role_of(process);
  for (std::size_t slot = 0; slot < role.variables.size(); ++slot)
    if (role.variables[slot].storage == Storage::Volatile)
      state.variables[slot] = initial_value(process, state, role.variables[slot], reading);
}

std::vector<Outcome> LocalMachine::start(int process, const std::vector<Value>& parameters) const {
  const Role& role = protocol_.role_of(process);
  const bool may_vary = protocol_.scenario.clocks && protocol_.scenario.clocks->may_vary();
  std::vector<Outcome> outcomes;
  const std::vector<std::int64_t> all = start_readings(process);
  for (const std::int64_t value : all) {
    Outcome begun;
    begun.label.kind = Label::Kind::Start;
    Reading reading(value);
    try {
      begun.next = initial(process, parameters, reading);
    } catch (const ModelError& error) {
      begun.error = error;
    }
    if (protocol_.scenario.clocks) remember(begun, reading);
    for (Outcome& outcome :
         run_blocks(process, begun, LoweredBody::Kind::Start, role.on_start.size(), reading)) {
      const bool was_read = outcome.label.reading.has_value();
      if (!may_vary) outcome.label.reading.reset();
      if (was_read || value == all.front()) outcomes.push_back(std::move(outcome));
    }
  }
  return outcomes;
}

std::vector<std::int64_t> LocalMachine::start_readings(int process) const {
  if (!protocol_.scenario.clocks || !protocol_.role_of(process).reads_clock_at_start) return {0};
  if (options_.time.kind != TimeMode::Kind::Order) return readings(process, {});
  std::vector<std::int64_t> places;
  for (const Role& role : protocol_.roles)
    for (int i = 0; role.reads_clock_at_start && i < role.count; ++i)
      places.push_back(2 * static_cast<std::int64_t>(places.size()) + 2);
  return places;
}

}  // namespace capstan::model
