// SPDX-License-Identifier: MIT
// time: what clocks may show, when a tick may pass, and what it does (SEMANTICS 3.1 and 3.2).
//
// Times are ticks since the start, never shifted. The clock of a process is what it has counted
// (true time, unless clocks drift), within the bound that the scenario gives, and moved by its
// jumps. Tested by: tests/unit/runtime/execute_time_test.cpp.
#include <algorithm>
#include <cstdlib>

#include "model/base/require.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

using model::Label;
using model::Value;

namespace {

void require_enabled(bool condition, const char* reason) {
  if (!condition) throw NotEnabled{reason};
}

/// Whether `holds`, which may read the clock, is true for every reading. A model error is a step
/// too, so it counts as true.
template <typename Condition>
bool holds_for_all(const Readings& readings, const Condition& holds) {
  for (std::int64_t time = readings.low; time <= readings.high; ++time) {
    FixedClock clock(time);
    try {
      if (!holds(clock)) return false;
    } catch (const model::ModelError&) {
    }
    if (!clock.was_read()) return true;  // other readings make no difference
  }
  return true;
}

}  // namespace

Readings World::readings(int process) const {
  const ProcessClock& clock = at(process).clock;
  const std::optional<model::Clocks>& clocks = protocol_->scenario.clocks;
  if (!clocks) return {true_time_, true_time_};
  const bool drifts = clocks->drift_per > 0;
  Readings readings{drifts ? clock.counted : true_time_, drifts ? clock.counted : true_time_};
  if (clocks->is_free) {
    readings.low = std::max<std::int64_t>(clock.last.value_or(0), 0);
    readings.high = std::max(readings.low, horizon_);
  } else if (clocks->within >= 0 && !drifts) {
    readings.low = std::max(true_time_ - clocks->within, clock.last.value_or(model::kLeastTime));
    readings.high = true_time_ + clocks->within;
  }
  readings.low += clock.jumped;
  readings.high += clock.jumped;
  return readings;
}

/// Clocks that show one time only have nothing to remember.
void World::remember_reading(int process, std::int64_t time) {
  const std::optional<model::Clocks>& clocks = protocol_->scenario.clocks;
  if (!clocks || clocks->drift_per > 0 || (!clocks->is_free && clocks->within <= 0)) return;
  ProcessClock& clock = at(process).clock;
  clock.last = time - clock.jumped;
  forget_reading(clock);
}

/// A reading that bounds later ones no more than the clock's own bound does.
void World::forget_reading(ProcessClock& clock) const {
  const model::Clocks& clocks = *protocol_->scenario.clocks;
  if (!clocks.is_free && clock.last && *clock.last <= true_time_ - clocks.within)
    clock.last.reset();
}

bool World::reads_clock(int process) const { return protocol_->role_of(process).reads_clock; }

bool World::can_arrive(const model::MessageInstance& message) const {
  const Process& receiver = at(message.destination);
  return message.age >= message.least && receiver.is_up && !receiver.is_paused &&
         !is_blocked(message.source, message.destination);
}

/// Whether a delivery of the message is a step whatever the clock shows.
bool World::must_arrive(const model::MessageInstance& message) const {
  if (message.most < 0 || message.age < message.most || !can_arrive(message)) return false;
  const auto index = static_cast<std::size_t>(message.message);
  if (protocol_->messages[index].is_reply) return true;
  for (const model::Handler& handler : protocol_->role_of(message.destination).handlers) {
    if (handler.message != message.message) continue;
    if (!handler.code.guard) return true;
    const bool holds = holds_for_all(readings(message.destination), [&](FixedClock& clock) {
      std::vector<Value> locals(handler.code.frame.slots.size());
      std::copy(message.fields.begin(), message.fields.end(), locals.begin());
      model::Environment here = environment(message.destination, locals);
      here.sender = message.source;
      here.asker = message.token.as_value();
      here.clock = &clock;
      return model::evaluate(*handler.code.guard, here).truth();
    });
    if (holds) return true;
  }
  return false;
}

/// Whether a suspended activation goes on whatever the clock shows.
bool World::must_go_on(int process, const Activation& activation) const {
  if (activation.slot >= 0) return false;
  if (activation.waiting->kind == model::StatementKind::Ask) return true;
  return holds_for_all(readings(process), [&](FixedClock& clock) {
    std::vector<Value> locals = activation.locals;
    model::Environment here = environment(process, locals);
    here.sender = activation.sender;
    here.asker = activation.asker.as_value();
    here.clock = &clock;
    return model::evaluate(*activation.waiting->value, here).truth();
  });
}

/// Under a network that keeps its times, nothing that is due is passed over. What stops a tick is a
/// step itself, so time never stops for good.
void World::require_nothing_due() const {
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    if (protocol_->scenario.network_fifo && !is_first_of_its_queue(i)) continue;
    require_enabled(!must_arrive(in_flight_[i].message),
                    "a message must arrive before the next tick");
  }
  if (!protocol_->scenario.is_timely) return;
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (!at(process).is_up || at(process).is_paused) continue;
    for (const Activation& activation : at(process).activations)
      require_enabled(!must_go_on(process, activation),
                      "an activation must go on before the next tick");
  }
}

void World::take_tick(Chooser& chooser) {
  const model::Scenario& scenario = protocol_->scenario;
  require_enabled(scenario.has_ticks(), "the scenario has no time");
  require_nothing_due();
  ++true_time_;
  for (model::MessageCopy& copy : in_flight_) {
    model::MessageInstance& message = copy.message;
    message.age = std::min(message.age + 1, message.most >= 0 ? message.most : message.least);
  }
  if (!scenario.clocks) return;
  const model::Clocks& clocks = *scenario.clocks;
  for (int process = 0; process < protocol_->process_count(); ++process) {
    ProcessClock& clock = at(process).clock;
    if (clocks.drift_per > 0 && scenario.reads_clock) {
      const int advance = chooser.choose(3);
      require_enabled(advance == 1 || reads_clock(process), "nobody reads that clock");
      move_clock(clock, advance);
    }
    forget_reading(clock);
  }
}

void World::move_clock(ProcessClock& clock, int advance) const {
  const model::Clocks& clocks = *protocol_->scenario.clocks;
  clock.counted += advance;
  const bool deviates = advance != 1;
  const auto before = std::count(clock.deviations.begin(), clock.deviations.end(), true);
  require_enabled(before + (deviates ? 1 : 0) <= clocks.drift_ticks, "the clock drifts too much");
  require_enabled(clocks.within < 0 || std::abs(clock.counted - true_time_) <= clocks.within,
                  "the clock would be too far from true time");
  clock.deviations.push_back(deviates);
  if (static_cast<int>(clock.deviations.size()) >= clocks.drift_per)
    clock.deviations.erase(clock.deviations.begin());
}

void World::take_jump(const Label& label) {
  const std::optional<model::Clocks>& clocks = protocol_->scenario.clocks;
  require_enabled(label.process >= 0 && label.process < protocol_->process_count(),
                  "there is no such process");
  require_enabled(clocks && protocol_->scenario.reads_clock && reads_clock(label.process),
                  "nobody reads that clock");
  require_enabled(label.fault == 0 && jumps_left_ > 0, "no clock jumps any more");
  require_enabled(label.choices.size() == 1 && label.choices[0] != 0, "a jump has one length");
  const int length = label.choices[0];
  require_enabled(clocks->jump_any || (length >= clocks->jump_low && length <= clocks->jump_high),
                  "no jump has such a length");
  --jumps_left_;
  at(label.process).clock.jumped += length;
}

void World::propose_time(std::vector<Label>& out) const {
  const model::Scenario& scenario = protocol_->scenario;
  if (!scenario.has_ticks()) return;
  Label label;
  label.kind = Label::Kind::Tick;
  if (true_time_ < horizon_) out.push_back(label);
  if (!scenario.clocks || !scenario.reads_clock || jumps_left_ == 0) return;
  const model::Clocks& clocks = *scenario.clocks;
  label.kind = Label::Kind::Jump;
  label.fault = 0;
  const std::int64_t low = clocks.jump_any ? -horizon_ : clocks.jump_low;
  const std::int64_t high = clocks.jump_any ? horizon_ : clocks.jump_high;
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (!reads_clock(process)) continue;
    label.process = process;
    for (std::int64_t length = low; length <= high; ++length) {
      if (length == 0) continue;
      label.choices = {static_cast<int>(length)};
      out.push_back(label);
    }
  }
}

}  // namespace capstan::runtime
