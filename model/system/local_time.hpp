// SPDX-License-Identifier: MIT
// local_time: how the checker keeps times, and what a clock may show.
//
// The plain executor counts ticks from the start of the run. The checker forgets when that was, so
// that its states are finitely many (model/README, time), in one of four ways:
//   Offsets  a time is its distance to true time (clocks that stay near to it);
//   Frames   a time at a process is its distance to that process's own clock, whose distance to
//            true time is no part of the state (drift; times never leave their process);
//   Order    a time is a place in an order: even numbers are times that some part of the state
//            holds, odd ones lie between (clocks that are free; times are only compared);
//   Horizon  as Offsets, and nothing is forgotten: true time ends at the horizon.
// From: typed/scenario (Clocks). To: system/local_step, checker/explore. Tested by:
// tests/differential/checker_reference_test (against the plain executor), engine_time_test.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "model/system/evaluate.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::model {

struct TimeMode {
  enum class Kind : std::uint8_t { Offsets, Frames, Order, Horizon } kind = Kind::Offsets;
  int horizon = 0;             // Horizon: the last tick
  TimeRules* rules = nullptr;  // told about every comparison and stored sum; may be null
};

/// What a process's clock remembers, as far as it decides what it may show next.
struct ClockState {
  std::int64_t last = kLeastTime;  // within, free: no reading is before this one; least: any
  /// Drift with `within` or a horizon: how far the clock has drifted. Order: how many places there
  /// were when they were last counted off; readings go one beyond.
  std::int64_t offset = 0;
  std::int64_t jumped = 0;     // how far its jumps have moved it
  std::uint64_t unusual = 0;   // drift: bit i says that i + 1 ticks ago the clock did not go by 1
  std::int64_t true_time = 0;  // Horizon: ticks since the start
  friend bool operator==(const ClockState&, const ClockState&) = default;
};

/// The reading of a segment.
class Reading final : public Clock {
 public:
  explicit Reading(std::int64_t value) : value_(value) {}
  std::int64_t now() override {
    is_read = true;
    return value_;
  }
  std::int64_t value() const { return value_; }
  bool is_read = false;

 private:
  std::int64_t value_;
};

/// What becomes of a time; never asked about `least`.
using TimeMap = std::function<std::int64_t(std::int64_t)>;

/// Applies maps to the times inside values, by their types.
class TimesInValues {
 public:
  explicit TimesInValues(const TypeTable& types);
  bool has_times(TypeId type) const { return has_time_[type.index]; }
  /// The value with its times mapped. The map must be strictly increasing, so that sets stay
  /// sorted.
  Value mapped(TypeId type, const Value& value, const TimeMap& map) const;
  /// Calls `visit` for each time but `least`.
  void visit(TypeId type, const Value& value, const std::function<void(std::int64_t)>& visit) const;

 private:
  const TypeTable& types_;
  std::vector<bool> has_time_;  // by type
};

/// All readings that a clock may show next, in order, as the mode keeps times. At least one.
std::vector<std::int64_t> admissible_readings(const Clocks& clocks, const TimeMode& mode,
                                              const ClockState& clock);
/// The clock after a step with this reading.
ClockState after_reading(const Clocks& clocks, const TimeMode& mode, ClockState clock,
                         std::int64_t reading);
/// One way in which a tick passes for a clock.
struct TickedClock {
  ClockState clock;
  int advance = 1;
};
/// All ways; none: the horizon is reached.
std::vector<TickedClock> ticked(const Clocks& clocks, const TimeMode& mode, ClockState clock);
ClockState jumped(ClockState clock, std::int64_t ticks);

/// How far a reading may be from true time (or, under Frames, from its clock).
std::int64_t reach(const Clocks& clocks, const TimeMode& mode);

}  // namespace capstan::model
