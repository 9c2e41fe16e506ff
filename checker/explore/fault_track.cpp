// SPDX-License-Identifier: MIT
#include "checker/explore/fault_track.hpp"

#include <algorithm>
#include <bit>
#include <numeric>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Fault;

std::uint64_t bit(int process) { return std::uint64_t{1} << process; }

std::uint64_t mask_of(const std::vector<int>& processes) {
  std::uint64_t mask = 0;
  for (const int process : processes) mask |= bit(process);
  return mask;
}

void put(std::string& bytes, std::uint64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

/// For each process the one on whose side of every cut it is: its `home`, or itself.
std::vector<int> homes(const model::Protocol& protocol, int parameter_choice) {
  std::vector<int> home(static_cast<std::size_t>(protocol.process_count()));
  const auto& choice =
      protocol.scenario.parameter_choices[static_cast<std::size_t>(parameter_choice)];
  for (std::size_t process = 0; process < home.size(); ++process) {
    home[process] = static_cast<int>(process);
    const model::Role& role = protocol.role_of(static_cast<int>(process));
    for (std::size_t slot = 0; slot < choice[process].size(); ++slot) {
      const model::Type& type = protocol.types.at(role.variables[slot].type);
      if (role.variables[slot].name == "home" && type.kind == model::Type::Kind::Process)
        home[process] = static_cast<int>(choice[process][slot].number());
    }
  }
  return home;
}

}  // namespace

FaultTrack::FaultTrack(const model::Protocol& protocol, Effort cap)
    : protocol_(protocol), cap_(cap) {
  bool any_split = false;
  for (const Fault& fault : protocol.scenario.faults) {
    if (fault.kind == Fault::Kind::Crash && fault.at_once > 0) counts_down_ = true;
    if (fault.kind == Fault::Kind::Partition && !fault.named) any_split = true;
  }
  choice_matters_ = any_split && protocol.scenario.parameter_choices.size() > 1;
}

bool FaultTrack::is_needed() const {
  const bool has_jumps = protocol_.scenario.clocks && protocol_.scenario.clocks->jumps > 0;
  return !protocol_.scenario.faults.empty() || !protocol_.scenario.pools.empty() || has_jumps ||
         cap_.operations != Effort::any;
}

/// Whether all clauses and clocks together have a strike left.
bool FaultTrack::may_strike(const State& state) const {
  return cap_.faults == Effort::any ||
         std::accumulate(state.used.begin(), state.used.end(), state.jumps) < cap_.faults;
}

/// Whether the clause's budget has one too.
bool FaultTrack::may_strike(const State& state, std::size_t clause) const {
  return state.used[clause] != protocol_.scenario.faults[clause].limit && may_strike(state);
}

TrackId FaultTrack::initial(int parameter_choice) {
  State state;
  state.parameter_choice = choice_matters_ ? parameter_choice : 0;
  state.used.assign(protocol_.scenario.faults.size(), 0);
  state.group.assign(protocol_.scenario.faults.size(), 0);
  for (const model::Pool& pool : protocol_.scenario.pools) state.pools.push_back(pool.size);
  return intern(state);
}

TrackId FaultTrack::intern(const State& state) {
  std::string bytes;
  put(bytes, static_cast<std::uint64_t>(state.parameter_choice));
  for (const int used : state.used) put(bytes, static_cast<std::uint64_t>(used));
  for (const std::uint64_t group : state.group) put(bytes, group);
  put(bytes, state.down);
  for (const int left : state.pools) put(bytes, static_cast<std::uint64_t>(left));
  put(bytes, static_cast<std::uint64_t>(state.operations));
  put(bytes, static_cast<std::uint64_t>(state.jumps));
  const auto [id, added] = states_.intern(std::move(bytes));
  if (added) contents_.push_back(state);
  return id;
}

EventId FaultTrack::intern(Event event) {
  const auto [place, added] =
      event_ids_.try_emplace(event, static_cast<EventId>(events_.size() + 1));
  if (added) events_.push_back(event);
  return place->second;
}

EventId FaultTrack::strike(int fault, int process) {
  return intern({Event::Kind::Strike, fault, counts_down_ ? process : -1});
}

EventId FaultTrack::restarted(int process) {
  return counts_down_ ? intern({Event::Kind::Restarted, 0, process}) : 0;
}

EventId FaultTrack::jump() { return intern({Event::Kind::Jump, 0, -1}); }

EventId FaultTrack::take_from_pool(int pool) { return intern({Event::Kind::Pool, pool, -1}); }

EventId FaultTrack::invoked() {
  return cap_.operations == Effort::any ? 0 : intern({Event::Kind::Invoked, -1, -1});
}

TrackStep FaultTrack::step(TrackId id, EventId event_id) {
  if (event_id == 0) return {TrackStep::Result::Next, id};
  const Event event = events_[event_id - 1];
  State state = contents_[id];
  switch (event.kind) {
    case Event::Kind::Restarted:
      state.down &= ~bit(event.process);
      break;
    case Event::Kind::Jump:
      if (state.jumps == protocol_.scenario.clocks->jumps || !may_strike(state))
        return {TrackStep::Result::Disabled, id};
      ++state.jumps;
      break;
    case Event::Kind::Pool:
      if (state.pools[static_cast<std::size_t>(event.index)] == 0)
        return {TrackStep::Result::Disabled, id};
      --state.pools[static_cast<std::size_t>(event.index)];
      break;
    case Event::Kind::Invoked:
      if (state.operations == cap_.operations) return {TrackStep::Result::Disabled, id};
      ++state.operations;
      break;
    case Event::Kind::Strike: {
      const Fault& fault = protocol_.scenario.faults[static_cast<std::size_t>(event.index)];
      if (!may_strike(state, static_cast<std::size_t>(event.index)))
        return {TrackStep::Result::Disabled, id};
      ++state.used[static_cast<std::size_t>(event.index)];
      if (event.process < 0) break;
      if (fault.at_once > 0 && std::popcount(state.down & mask_of(fault.subjects)) >= fault.at_once)
        return {TrackStep::Result::Disabled, id};
      state.down |= bit(event.process);
      break;
    }
  }
  return {TrackStep::Result::Next, intern(state)};
}

const std::vector<std::uint64_t>& FaultTrack::splits(int parameter_choice) {
  const auto found = splits_.find(parameter_choice);
  if (found != splits_.end()) return found->second;
  const std::vector<int> home = homes(protocol_, parameter_choice);
  std::vector<int>
      free;  // processes that fall on any side by themselves, process 0's side counted out
  for (int process = 0; process < protocol_.process_count(); ++process)
    if (home[static_cast<std::size_t>(process)] == process) free.push_back(process);
  std::vector<std::uint64_t> found_splits;
  CAPSTAN_REQUIRE(free.size() <= 24, "splits of that many processes cannot be listed");
  for (std::uint64_t choice = 0; choice < (std::uint64_t{1} << free.size()); ++choice) {
    std::uint64_t group = 0;
    for (int process = 0; process < protocol_.process_count(); ++process) {
      int at = process;
      for (std::size_t hops = 0; home[static_cast<std::size_t>(at)] != at && hops < home.size();
           ++hops)
        at = home[static_cast<std::size_t>(at)];
      const auto index = std::find(free.begin(), free.end(), at) - free.begin();
      if ((choice >> index) & 1U) group |= bit(process);
    }
    const std::uint64_t everybody = bit(protocol_.process_count()) - 1;
    if ((group & 1U) != 0 && group != everybody) found_splits.push_back(group);
  }
  return splits_[parameter_choice] = std::move(found_splits);
}

void FaultTrack::moves(TrackId id, std::vector<Move>& out) {
  const State before = contents_[id];
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (fault.kind != Fault::Kind::Partition) continue;
    State after = before;
    model::Label label;
    label.fault = static_cast<int>(i);
    if (before.group[i] != 0) {
      after.group[i] = 0;
      label.kind = model::Label::Kind::Heal;
      out.push_back({intern(after), label});
      continue;
    }
    if (!may_strike(before, i)) continue;
    ++after.used[i];
    label.kind = model::Label::Kind::Cut;
    const std::vector<std::uint64_t> groups = fault.named
                                                  ? std::vector<std::uint64_t>{mask_of(fault.from)}
                                                  : splits(before.parameter_choice);
    for (const std::uint64_t group : groups) {
      after.group[i] = group;
      label.group.clear();
      for (int process = 0; process < protocol_.process_count(); ++process)
        if (group & bit(process)) label.group.push_back(process);
      out.push_back({intern(after), label});
    }
  }
}

std::uint64_t FaultTrack::crossing(const State& state, std::size_t clause, int destination) const {
  const std::uint64_t group = state.group[clause];
  if (group == 0) return 0;
  const Fault& fault = protocol_.scenario.faults[clause];
  // No bits beyond the processes: the engine has a meaning of its own for them.
  const std::uint64_t other =
      fault.named ? mask_of(fault.to) : ~group & (bit(protocol_.process_count()) - 1);
  if (group & bit(destination)) return other & ~group;
  if (other & bit(destination)) return group;
  return 0;
}

std::uint64_t FaultTrack::blocked_sources(TrackId id, int destination) const {
  const State& state = contents_[id];
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < state.group.size(); ++i) mask |= crossing(state, i, destination);
  return mask & ~bit(destination);
}

}  // namespace capstan::checker
