// SPDX-License-Identifier: MIT
// recent_value: see the header for the method and why it is exact.
#include "checker/monitor/recent_value.hpp"

#include <algorithm>
#include <functional>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::HistoryEvent;

RecentValueMonitor::RecentValueMonitor(const model::Protocol& protocol, int object,
                                       model::Value key, int ticks)
    : NumberedMonitor(protocol, object, std::move(key)), ticks_(static_cast<std::size_t>(ticks)) {
  CAPSTAN_REQUIRE(this->object().kind == model::ObjectKind::Register && ticks >= 0,
                  "staleness is about registers, in ticks from 0 on");
  Configuration start;
  start.values = {value_id(this->object().initial)};
  start.floors.assign(ticks_ + 2, 0);
  begin({}, {{}, {std::move(start)}});
}

std::uint32_t RecentValueMonitor::tick(std::uint32_t state) {
  const auto known = ticked_.find(state);
  if (known != ticked_.end()) return known->second;
  State after = state_of(state);
  for (Configuration& configuration : after.configurations) {
    std::vector<Place>& floors = configuration.floors;
    std::copy_backward(floors.begin(), floors.end() - 1, floors.end());
  }
  const std::uint32_t id = state_id(std::move(after));
  ticked_.emplace(state, id);
  return id;
}

RecentValueMonitor::State RecentValueMonitor::take(State state, const HistoryEvent& event) {
  if (event.kind == HistoryEvent::Kind::Invoke) return invoked(std::move(state), event);
  const auto place = std::ranges::lower_bound(state.pending, event.process, {}, &Pending::process);
  CAPSTAN_REQUIRE(place != state.pending.end() && place->process == event.process,
                  "only a pending operation can end");
  const auto which = static_cast<std::size_t>(place - state.pending.begin());
  if (event.kind != HistoryEvent::Kind::Ok) return ended(std::move(state), which, event.kind);
  return answered(state, which, place->is_read ? value_id(event.result) : place->value);
}

RecentValueMonitor::State RecentValueMonitor::invoked(State state, const HistoryEvent& event) {
  Pending pending{event.process, false, 0};
  pending.is_read = model::is_read_only(object(), event.op);
  if (!pending.is_read) pending.value = value_id(event.args.at(0));
  const auto place = std::ranges::lower_bound(state.pending, pending);
  const auto which = place - state.pending.begin();
  state.pending.insert(place, pending);
  for (Configuration& configuration : state.configurations)
    configuration.places.insert(configuration.places.begin() + which,
                                pending.is_read ? configuration.floors.back() : kNotPlaced);
  return state;
}

/// `value`: what is read or written.
RecentValueMonitor::State RecentValueMonitor::answered(const State& state, std::size_t which,
                                                       std::uint32_t value) {
  const Pending& operation = state.pending[which];
  State after;
  const auto is_answered_at = [&](Configuration& configuration, Place place) {
    configuration.floors.front() = std::min(configuration.floors.front(), place);
    after.configurations.push_back(std::move(configuration));
  };
  for (Configuration configuration : state.configurations) {
    const Place place = configuration.places[which];
    if (operation.is_read) {
      Place found = place;
      while (found >= 0 && configuration.values[static_cast<std::size_t>(found)] != value) --found;
      if (found >= 0) {
        is_answered_at(configuration, found);
        continue;
      }
    } else if (place != kNotPlaced) {
      is_answered_at(configuration, place);
      continue;
    }
    std::vector<Configuration> longer;
    if (operation.is_read)
      place_writes(
          state, configuration, [&](int, std::uint32_t placed) { return placed == value; }, longer);
    else
      place_writes(
          state, configuration,
          [&](int writer, std::uint32_t) { return writer == static_cast<int>(which); }, longer);
    for (Configuration& each : longer) is_answered_at(each, 0);
  }
  after.pending = state.pending;
  return ended(std::move(after), which, HistoryEvent::Kind::Ok);
}

/// All ways to place pending writes, and writes of unknown outcome (number -1), one after another
/// until one is wanted.
template <typename IsWanted>
void RecentValueMonitor::place_writes(const State& state, const Configuration& start,
                                      const IsWanted& wanted, std::vector<Configuration>& out) {
  const auto go_on = [&](Configuration next, int number, std::uint32_t value) {
    append(next, value);
    if (number >= 0) next.places[static_cast<std::size_t>(number)] = 0;
    if (wanted(number, value))
      out.push_back(std::move(next));
    else
      place_writes(state, next, wanted, out);
  };
  for (std::size_t i = 0; i < state.pending.size(); ++i)
    if (!state.pending[i].is_read && start.places[i] == kNotPlaced)
      go_on(start, static_cast<int>(i), state.pending[i].value);
  for (std::size_t i = 0; i < start.left.size(); ++i) {
    if (i > 0 && start.left[i] == start.left[i - 1]) continue;
    Configuration next = start;
    next.left.erase(next.left.begin() + static_cast<std::ptrdiff_t>(i));
    go_on(std::move(next), -1, start.left[i]);
  }
}

void RecentValueMonitor::append(Configuration& configuration, std::uint32_t value) {
  if (configuration.values.front() == value) return;
  configuration.values.insert(configuration.values.begin(), value);
  for (Place& floor : configuration.floors) ++floor;
  for (Place& place : configuration.places)
    if (place != kNotPlaced) ++place;
}

/// Ok: what the answer says is known already. Fail: deleted, so nothing may have placed it. Info:
/// it stays under no name.
RecentValueMonitor::State RecentValueMonitor::ended(State state, std::size_t which,
                                                    HistoryEvent::Kind kind) {
  const Pending operation = state.pending[which];
  const auto at = static_cast<std::ptrdiff_t>(which);
  state.pending.erase(state.pending.begin() + at);
  if (!operation.is_read && kind == HistoryEvent::Kind::Fail)
    std::erase_if(state.configurations, [&](const Configuration& configuration) {
      return configuration.places[which] != kNotPlaced;
    });
  for (Configuration& configuration : state.configurations) {
    const bool is_left = !operation.is_read && kind == HistoryEvent::Kind::Info &&
                         configuration.places[which] == kNotPlaced;
    if (is_left) {
      std::vector<std::uint32_t>& left = configuration.left;
      left.insert(std::ranges::upper_bound(left, operation.value), operation.value);
    }
    configuration.places.erase(configuration.places.begin() + at);
  }
  return state;
}

bool RecentValueMonitor::covers(const Configuration& a, const Configuration& b) {
  const bool ends_alike = a.values.size() >= b.values.size() &&
                          std::equal(b.values.begin(), b.values.end(), a.values.begin());
  if (!ends_alike || !std::ranges::includes(a.left, b.left)) return false;
  for (std::size_t i = 0; i < a.places.size(); ++i)
    if ((a.places[i] == kNotPlaced) != (b.places[i] == kNotPlaced) || a.places[i] < b.places[i])
      return false;
  return std::equal(a.floors.begin(), a.floors.end(), b.floors.begin(), std::greater_equal<>());
}

/// Forgets places where nobody may look any more, sorts, and drops what another covers.
void RecentValueMonitor::normalise(State& state) {
  std::vector<Configuration>& all = state.configurations;
  for (Configuration& configuration : all) {
    Place farthest = configuration.floors.back();
    for (std::size_t i = 0; i < state.pending.size(); ++i) {
      // The place of a write is told when it is answered, and raises the floor, or says nothing.
      Place& place = configuration.places[i];
      if (state.pending[i].is_read)
        farthest = std::max(farthest, place);
      else
        place = std::min(place, configuration.floors.front());
    }
    configuration.values.resize(static_cast<std::size_t>(farthest) + 1);
  }
  std::ranges::sort(all);
  all.erase(std::unique(all.begin(), all.end()), all.end());
  std::vector<Configuration> kept;
  for (std::size_t i = 0; i < all.size(); ++i) {
    bool is_covered = false;
    for (std::size_t j = 0; j < all.size() && !is_covered; ++j)
      is_covered = i != j && covers(all[j], all[i]);
    if (!is_covered) kept.push_back(all[i]);
  }
  all = std::move(kept);
  if (all.empty()) state.pending.clear();  // one sink
}

std::uint64_t RecentValueMonitor::hash_of_state(const State& state) const {
  const auto place_hash = [](Place place) { return static_cast<std::uint64_t>(place + 1); };
  std::uint64_t hash = state.pending.size();
  for (const Pending& pending : state.pending) {
    hash = model::combine(hash, static_cast<std::uint64_t>(pending.process));
    hash = model::combine(hash, pending.is_read ? 0 : value_hashes_[pending.value]);
  }
  // Sorted by ids, which depend on the order of discovery: a sum does not see it.
  for (const Configuration& configuration : state.configurations) {
    std::uint64_t one = configuration.values.size();
    for (const std::uint32_t value : configuration.values)
      one = model::combine(one, value_hashes_[value]);
    for (const Place floor : configuration.floors) one = model::combine(one, place_hash(floor));
    for (const Place place : configuration.places) one = model::combine(one, place_hash(place));
    std::uint64_t left = 0;
    for (const std::uint32_t value : configuration.left) left += model::mix(value_hashes_[value]);
    hash += model::mix(model::combine(one, left));
  }
  return hash;
}

std::uint32_t RecentValueMonitor::value_id(const model::Value& value) {
  const auto [place, is_new] =
      value_ids_.try_emplace(value, static_cast<std::uint32_t>(value_hashes_.size()));
  if (is_new) value_hashes_.push_back(hash_of(value));
  return place->second;
}

}  // namespace capstan::checker
