// SPDX-License-Identifier: MIT
// settle: a world written relative to its own present, in which it no longer matters how long ago
// old times were.
//
// The plain executor counts ticks from the start, so no state ever comes back where time passes.
// Whether two worlds have the same futures is asked of their settled forms: times from `horizon`
// ticks ago on are exact, of older ones only gaps up to `gap` to the next one count
// (SEMANTICS 3.3; model/README, time). Written apart from checker/explore/time_abstraction.
// Tested by: tests/differential/endless_reference_test.cpp, against what the checker settles.
#include <algorithm>
#include <map>
#include <set>

#include "model/system/local_time.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

using model::Value;

void World::map_times(const std::function<std::int64_t(std::int64_t)>& map) {
  const model::TimesInValues times(protocol_->types);
  const auto change = [&](model::TypeId type, Value& value) {
    value = times.mapped(type, value, map);
  };
  for (std::size_t i = 0; i < processes_.size(); ++i) {
    const model::Role& role = protocol_->role_of(static_cast<int>(i));
    Process& process = processes_[i];
    for (std::size_t slot = 0; slot < process.variables.size(); ++slot)
      change(role.variables[slot].type, process.variables[slot]);
    for (std::size_t slot = 0; slot < process.on_disk.size(); ++slot)
      change(role.variables[slot].type, process.on_disk[slot]);
    for (Activation& activation : process.activations) {
      const std::vector<model::Frame::Slot>& slots = activation.code->frame.slots;
      for (std::size_t slot = 0; slot < activation.locals.size(); ++slot)
        change(slots[slot].type, activation.locals[slot]);
      for (Cursor& cursor : activation.stack)
        for (std::vector<Value>& turn : cursor.turns) {
          std::size_t next = 0;
          for (const model::Binder& binder : cursor.loop->binders)
            for (const int slot : binder.slots)
              change(slots[static_cast<std::size_t>(slot)].type, turn[next++]);
        }
      if (activation.deadline) *activation.deadline = map(*activation.deadline);
      if (activation.slot < 0) continue;
      const auto request = static_cast<std::size_t>(activation.waiting->ask->message);
      const auto reply = static_cast<std::size_t>(protocol_->messages[request].reply);
      for (Value& one : activation.replies) change(protocol_->messages[reply].tuple, one);
    }
  }
  for (std::size_t i = 0; i < ghosts_.size(); ++i) change(protocol_->ghosts[i].type, ghosts_[i]);
  for (model::MessageCopy& copy : in_flight_) {
    const auto message = static_cast<std::size_t>(copy.message.message);
    for (std::size_t i = 0; i < copy.message.fields.size(); ++i)
      change(protocol_->messages[message].fields[i].type, copy.message.fields[i]);
  }
}

World World::settled(std::int64_t horizon, std::int64_t gap) const {
  World world = *this;
  std::set<std::int64_t> met;
  world.map_times([&met](std::int64_t time) {
    met.insert(time);
    return time;
  });
  std::map<std::int64_t, std::int64_t> offsets;
  for (auto time = met.rbegin(); time != met.rend(); ++time) {
    const std::int64_t offset = *time - true_time_;
    std::int64_t kept = offset;
    if (offset < -horizon) {
      kept = -horizon - 1;
      if (!offsets.empty()) {
        const auto& above = *offsets.begin();
        kept = std::min(kept, above.second - std::min(above.first - *time, gap + 1));
      }
    }
    offsets[*time] = kept;
  }
  world.map_times([&offsets](std::int64_t time) { return offsets.at(time); });
  const std::optional<model::Clocks>& clocks = protocol_->scenario.clocks;
  for (Process& process : world.processes_) {
    if (process.clock.last) *process.clock.last -= true_time_;
    if (clocks && clocks->drift_per > 0 && protocol_->scenario.reads_clock)
      process.clock.counted -= true_time_;
  }
  world.true_time_ = 0;
  return world;
}

}  // namespace capstan::runtime
