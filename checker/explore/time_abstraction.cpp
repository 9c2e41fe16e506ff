// SPDX-License-Identifier: MIT
#include "checker/explore/time_abstraction.hpp"

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::checker {

namespace {

/// The ticks of a drift's window that a clock remembers (ClockState::unusual).
constexpr int drift_window_max = 63;
/// So often a horizon is raised to what is needed and no more.
constexpr int kRestartsOneByOne = 6;
/// After so many restarts, or so many questions, runs look ahead.
constexpr int kRestartsToLook = 3;
constexpr std::uint64_t kAskedToLook = 20'000;
/// A horizon that no finite run gets behind.
constexpr std::int64_t kNothingSettles = 1'000'000'000;
constexpr const char* kTooOld =
    "a time is moved back again and again, further than this can follow";
constexpr const char* kTooFarAhead =
    "a time is moved ahead again and again, further than this can follow";

/// Whether the value of a condition over the whole state may depend on how times of different
/// processes compare: some part of it is a time or holds some, or it calls a function of nobody
/// (which may). What a function of a process does with its own times, and its clock, stays there.
bool may_compare_times(const model::Expr* condition, const model::TimesInValues& times) {
  if (condition == nullptr) return false;
  bool may_compare = false;
  model::for_each_node(*condition, [&](const model::Expr& node) {
    if (times.has_times(node.type) || node.kind == model::ExprKind::Call) may_compare = true;
  });
  return may_compare;
}

/// Some property looks at true time.
bool sees_true_time(const model::Protocol& protocol) {
  return std::ranges::any_of(protocol.scenario.expectations, &model::Expectation::reads_true_time);
}

/// Times leave the process whose clock made them: in messages or ghosts, or a condition over the
/// whole state may compare them. (Objects hold none.)
bool shares_times(const model::Protocol& protocol) {
  const model::TimesInValues times(protocol.types);
  if (std::ranges::any_of(protocol.ghosts, [&times](const model::Ghost& ghost) {
        return times.has_times(ghost.type);
      }))
    return true;
  for (const model::Message& message : protocol.messages)
    for (const model::Type::Field& field : message.fields)
      if (times.has_times(field.type)) return true;
  const bool has_times = std::ranges::any_of(protocol.roles, [&](const model::Role& role) {
    return std::ranges::any_of(role.variables, [&](const model::Variable& variable) {
      return times.has_times(variable.type);
    });
  });
  const bool sees_clocks =
      std::ranges::any_of(protocol.scenario.expectations, &model::Expectation::reads_clocks);
  if (!has_times && !sees_clocks && !sees_true_time(protocol)) return false;
  for (const model::Expectation& expectation : protocol.scenario.expectations)
    if (may_compare_times(expectation.condition.get(), times) ||
        may_compare_times(expectation.members.get(), times) ||
        may_compare_times(expectation.consequence.get(), times))
      return true;
  for (const auto& script : protocol.scenario.scripts)
    for (const model::Step& step : script)
      if (may_compare_times(step.condition.get(), times)) return true;
  return false;
}

/// Whether the variable begins at a time that is counted from the start.
bool begins_at_number(const model::Variable& variable, const model::TimesInValues& times) {
  if (!variable.initial) return false;
  bool found = false;
  model::for_each_node(*variable.initial, [&](const model::Expr& node) {
    if (node.kind == model::ExprKind::Constant && !model::is_unknown(node.type))
      times.visit(node.type, node.value, [&found](std::int64_t) { found = true; });
  });
  return found;
}

/// Some process begins with a time that is counted from the start; and some crash sets one again.
struct NumbersAsTimes {
  bool at_start = false;
  bool at_crash = false;
};

NumbersAsTimes numbers_as_times(const model::Protocol& protocol) {
  const model::TimesInValues times(protocol.types);
  NumbersAsTimes found;
  for (const model::Ghost& ghost : protocol.ghosts)
    times.visit(ghost.type, ghost.initial, [&found](std::int64_t) { found.at_start = true; });
  for (int process = 0; process < protocol.process_count(); ++process) {
    for (const model::Variable& variable : protocol.role_of(process).variables) {
      if (!begins_at_number(variable, times)) continue;
      found.at_start = true;
      if (variable.storage != model::Storage::Volatile) continue;
      for (const model::Fault& fault : protocol.scenario.faults)
        if (fault.kind == model::Fault::Kind::Crash && fault.limit > 0 &&
            std::ranges::find(fault.subjects, process) != fault.subjects.end())
          found.at_crash = true;
    }
  }
  return found;
}

}  // namespace

TimeAbstraction::TimeAbstraction(const model::Protocol& protocol, int horizon) {
  choose_kind(protocol, horizon);
  const model::Clocks clocks = protocol.scenario.clocks.value_or(model::Clocks{});
  model::TimeMode mode;
  mode.kind = kind_;
  reach_ = model::reach(clocks, mode);
  horizon_ = reach_;
}

void TimeAbstraction::choose_kind(const model::Protocol& protocol, int horizon) {
  if (horizon > 0) {
    kind_ = Kind::Horizon;
    const bool has_wide_drift =
        protocol.scenario.clocks && protocol.scenario.clocks->drift_per > drift_window_max;
    time_max_ = has_wide_drift ? std::min(horizon, drift_window_max) : horizon;
    return;
  }
  const auto bounded = [this](std::string reason) {
    kind_ = Kind::Horizon;
    reason_ = std::move(reason);
  };
  const NumbersAsTimes numbers = numbers_as_times(protocol);
  if (protocol.scenario.has_ticks() && numbers.at_crash)
    return bounded("a crash sets a variable back to a time that is counted from the start");
  if (!protocol.scenario.clocks || !protocol.scenario.reads_clock) return;
  const model::Clocks& clocks = *protocol.scenario.clocks;
  if (clocks.drift_per > drift_window_max) {
    bounded("a drift over that many ticks would make too many states");
  } else if (clocks.jump_any) {
    bounded("a clock may jump by any number of ticks");
  } else if (clocks.is_free) {
    kind_ = Kind::Order;
    // A tick counts the places off, so nothing may ever stop it, and it is no tick of true time.
    if (protocol.scenario.is_timely) bounded("clocks are free, and time waits for messages");
    if (protocol.scenario.counts_ticks)
      bounded("clocks are free, and an expectation counts ticks of true time");
    if (sees_true_time(protocol)) bounded("clocks are free, and a property looks at true time");
    if (numbers.at_start)
      bounded("clocks are free, and a variable begins at a time that is counted from the start");
  } else if (clocks.drift_per > 0 && clocks.within < 0) {
    kind_ = Kind::Frames;
    if (clocks.jumps > 0) bounded("clocks that drift without bound also jump");
    if (shares_times(protocol))
      bounded("clocks drift apart without bound, and times of one process are seen by another");
  }
}

model::TimeMode TimeAbstraction::mode() {
  model::TimeMode mode;
  mode.kind = kind_;
  mode.horizon = time_max_;
  mode.rules = this;
  return mode;
}

void TimeAbstraction::give_up(std::string reason) {
  kind_ = Kind::Horizon;
  reason_ = std::move(reason);
}

void TimeAbstraction::fall_back(std::string reason) {
  give_up(std::move(reason));
  ++restarts_;
  throw Raised{};
}

void TimeAbstraction::raise_gap(std::int64_t gap) {
  gap_ = gap;
  horizon_ = std::max(horizon_, reach_ + gap_);
  ++restarts_;
  throw Raised{};
}

void TimeAbstraction::raise_horizon(std::int64_t horizon) {
  if (horizon > limit() + gap_) fall_back(kTooOld);
  // What is raised again and again is raised by more each time, so that the attempts together take
  // little more than the last one. (Larger constants tell more apart; they are never wrong.)
  if (restarts_ >= kRestartsOneByOne)
    horizon = std::max(horizon, std::min(horizon_ + horizon_ / 2, limit() + gap_));
  horizon_ = horizon;
  ++restarts_;
  throw Raised{};
}

/// The answer rests on the capped difference if |c| <= K; on an exact one if the difference is at
/// most K or both times are exact. A reading is exact, and far enough from all that is not:
/// H >= E + K.
void TimeAbstraction::compared(std::int64_t x, std::int64_t y, std::int64_t c) {
  if (kind_ == Kind::Horizon) return;
  ++asked_;
  if (seen_ != nullptr) {
    seen_->compared.emplace(std::abs(c), std::abs(x - y), std::min(x, y));
    return;
  }
  if (kind_ == Kind::Order) {
    if (c != 0) fall_back("free clocks are compared with a distance");
    return;
  }
  if (!is_covered(std::abs(c), std::abs(x - y), std::min(x, y))) raise_gap(std::abs(c));
}

bool TimeAbstraction::is_covered(std::int64_t constant, std::int64_t apart,
                                 std::int64_t oldest) const {
  return constant <= gap_ || apart <= gap_ || oldest >= -horizon_;
}

/// A sum is as good as a reading if what it was made of is exact and it is itself far enough from
/// all that is not.
void TimeAbstraction::stored(std::int64_t x, std::int64_t result) {
  if (kind_ == Kind::Horizon) return;
  ++asked_;
  if (seen_ != nullptr) {
    seen_->stored.emplace(x, result);
    return;
  }
  if (kind_ == Kind::Order) fall_back("ticks are added to a time of a free clock");
  largest_sum_ = std::max(largest_sum_, std::abs(result - x));
  if (result > limit()) fall_back(kTooFarAhead);
  if (x < -horizon_) raise_horizon(-x);
  if (result < -horizon_ + gap_) raise_horizon(gap_ - result);
}

bool TimeAbstraction::wants_to_look_ahead() const {
  const bool is_costly = restarts_ >= kRestartsToLook || asked_ >= kAskedToLook;
  return restarts_ > 0 && is_costly && !has_looked_ahead_ &&
         (kind_ == Kind::Offsets || kind_ == Kind::Frames);
}

TimeAbstraction TimeAbstraction::watching(SeenTimes& seen) const {
  TimeAbstraction watcher = *this;
  watcher.horizon_ = kNothingSettles;
  watcher.seen_ = &seen;
  return watcher;
}

/// In any order in which constants are raised they end up large enough; the smallest first, so that
/// none is raised that another makes needless.
void TimeAbstraction::learn(const SeenTimes& seen) {
  has_looked_ahead_ = true;
  for (const auto& [time, sum] : seen.stored)
    largest_sum_ = std::max(largest_sum_, std::abs(sum - time));
  while (kind_ != Kind::Horizon && (learn_gap(seen) || learn_horizon(seen))) continue;
}

bool TimeAbstraction::learn_gap(const SeenTimes& seen) {
  for (const auto& [constant, apart, oldest] : seen.compared) {
    if (is_covered(constant, apart, oldest)) continue;
    gap_ = constant;
    horizon_ = std::max(horizon_, reach_ + gap_);
    return true;
  }
  return false;
}

bool TimeAbstraction::learn_horizon(const SeenTimes& seen) {
  const std::int64_t before = horizon_;
  for (const auto& [time, sum] : seen.stored) {
    if (sum > limit()) give_up(kTooFarAhead);
    if (time < -horizon_) horizon_ = -time;
    if (sum < -horizon_ + gap_) horizon_ = gap_ - sum;
    if (horizon_ > limit() + gap_) give_up(kTooOld);
    if (kind_ == Kind::Horizon) return false;
  }
  return horizon_ != before;
}

bool TimeAbstraction::may_move(std::int64_t time) const {
  switch (kind_) {
    case Kind::Horizon:
      return false;
    case Kind::Order:
      return true;
    case Kind::Offsets:
    case Kind::Frames:
      return time < -horizon_ + gap_;
  }
  CAPSTAN_UNREACHABLE("a way to keep times");
}

std::vector<Stamp> TimeAbstraction::settled(std::span<const Stamp> stamps) const {
  if (kind_ == Kind::Order) {
    std::vector<Stamp> places;
    for (std::size_t i = 0; i < stamps.size(); ++i) places.push_back(2 * static_cast<Stamp>(i) + 2);
    return places;
  }
  return settled_stamps(stamps, horizon_, gap_);
}

}  // namespace capstan::checker
