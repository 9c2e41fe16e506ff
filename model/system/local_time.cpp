// SPDX-License-Identifier: MIT
#include "model/system/local_time.hpp"

#include <algorithm>
#include <bit>

#include "model/base/require.hpp"

namespace capstan::model {

TimesInValues::TimesInValues(const TypeTable& types) : types_(types), has_time_(types.size()) {
  // Types refer to types with smaller or larger indices alike: repeat until nothing changes.
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t i = 0; i < has_time_.size(); ++i) {
      const Type& type = types.at(TypeId{i});
      bool has = type.kind == Type::Kind::Time || has_time_[type.key.index] ||
                 has_time_[type.element.index];
      for (const Type::Field& field : type.fields) has = has || has_time_[field.type.index];
      if (has && !has_time_[i]) has_time_[i] = changed = true;
    }
  }
}

Value TimesInValues::mapped(TypeId type_id, const Value& value, const TimeMap& map) const {
  if (!has_times(type_id) || value.is_none()) return value;
  const Type& type = types_.at(type_id);
  if (type.kind == Type::Kind::Time)
    return value.number() == kLeastTime ? value : Value::integer(map(value.number()));
  if (type.kind == Type::Kind::Option) return mapped(type.element, value, map);
  std::vector<Value> elements;
  for (std::size_t i = 0; i < value.elements().size(); ++i) {
    const bool has_fields = !type.fields.empty();
    elements.push_back(
        mapped(has_fields ? type.fields[i].type : type.element, value.elements()[i], map));
  }
  return value.with_elements(std::move(elements));
}

void TimesInValues::visit(TypeId type, const Value& value,
                          const std::function<void(std::int64_t)>& visit) const {
  mapped(type, value, [&visit](std::int64_t time) {
    visit(time);
    return time;
  });
}

namespace {

std::vector<std::int64_t> from_to(std::int64_t low, std::int64_t high) {
  std::vector<std::int64_t> all;
  for (std::int64_t reading = low; reading <= high; ++reading) all.push_back(reading);
  CAPSTAN_ENSURE(!all.empty(), "a clock always shows something");
  return all;
}

}  // namespace

std::vector<std::int64_t> admissible_readings(const Clocks& clocks, const TimeMode& mode,
                                              const ClockState& clock) {
  if (clocks.is_free) {
    const bool is_order = mode.kind == TimeMode::Kind::Order;
    const std::int64_t first = is_order ? 1 : -clock.true_time;
    const std::int64_t end = is_order ? 2 * clock.offset + 1 : mode.horizon - clock.true_time;
    const std::int64_t low = std::max(clock.last, first);
    return from_to(low, std::max(low, end));
  }
  const std::int64_t shown = mode.kind == TimeMode::Kind::Frames ? 0 : clock.offset + clock.jumped;
  if (clocks.within <= 0 || clocks.drift_per > 0) return {shown};
  const std::int64_t low = std::max<std::int64_t>(clock.last, -clocks.within);
  return from_to(shown + low, shown + clocks.within);
}

ClockState after_reading(const Clocks& clocks, const TimeMode& mode, ClockState clock,
                         std::int64_t reading) {
  const std::int64_t shown =
      clocks.is_free || mode.kind == TimeMode::Kind::Frames ? 0 : clock.offset + clock.jumped;
  if (clocks.is_free) clock.last = reading;
  // A reading at the lower end forbids nothing: the next one cannot be before it anyway.
  const bool is_lazy = !clocks.is_free && clocks.within > 0 && clocks.drift_per == 0;
  if (is_lazy && reading - shown > -clocks.within) clock.last = reading - shown;
  return clock;
}

std::vector<TickedClock> ticked(const Clocks& clocks, const TimeMode& mode, ClockState clock) {
  const bool is_horizon = mode.kind == TimeMode::Kind::Horizon;
  if (is_horizon && clock.true_time >= mode.horizon) return {};
  if (is_horizon) ++clock.true_time;
  if (clock.last != kLeastTime && mode.kind != TimeMode::Kind::Order) {
    --clock.last;
    if (!clocks.is_free && clock.last <= -clocks.within) clock.last = kLeastTime;
  }
  if (clocks.drift_per == 0) return {{clock, 1}};
  // A wider window than this is used only up to a horizon that lies within it.
  const int ticks_kept = std::min(clocks.drift_per - 1, 63);
  const std::uint64_t window = (std::uint64_t{1} << ticks_kept) - 1;
  const bool may_differ = std::popcount(clock.unusual) < clocks.drift_ticks;
  std::vector<TickedClock> all;
  for (const int advance : {0, 1, 2}) {
    if (advance != 1 && !may_differ) continue;
    ClockState next = clock;
    next.unusual = ((clock.unusual << 1U) | (advance != 1 ? 1U : 0U)) & window;
    if (mode.kind != TimeMode::Kind::Frames) next.offset += advance - 1;
    if (clocks.within >= 0 && std::abs(next.offset) > clocks.within) continue;
    all.push_back({next, advance});
  }
  return all;
}

ClockState jumped(ClockState clock, std::int64_t ticks) {
  clock.jumped += ticks;
  return clock;
}

std::int64_t reach(const Clocks& clocks, const TimeMode& mode) {
  if (mode.kind == TimeMode::Kind::Frames) return 0;
  const std::int64_t jump = std::max(std::abs(clocks.jump_low), std::abs(clocks.jump_high));
  return std::max(clocks.within, 0) + (clocks.jumps > 0 ? clocks.jumps * jump : 0);
}

}  // namespace capstan::model
