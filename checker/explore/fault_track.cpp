// SPDX-License-Identifier: MIT
#include "checker/explore/fault_track.hpp"

#include <algorithm>
#include <bit>
#include <numeric>
#include <set>
#include <utility>

#include "model/base/require.hpp"
#include "model/system/participants.hpp"

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
    const int slot = protocol.home_slot(protocol.role_of(static_cast<int>(process)));
    if (slot >= 0)
      home[process] =
          static_cast<int>(choice[process][static_cast<std::size_t>(slot)].number());
  }
  return home;
}

std::vector<int> processes_of(std::uint64_t mask) {
  std::vector<int> processes;
  for (int process = 0; mask >> process != 0; ++process)
    if (mask & bit(process)) processes.push_back(process);
  return processes;
}

/// The groups of processes that no cut tears apart: those with the same home, in order of it.
std::vector<std::uint64_t> households(const model::Protocol& protocol, int parameter_choice) {
  const std::vector<int> home = homes(protocol, parameter_choice);
  std::map<int, std::uint64_t> members;
  for (int process = 0; process < protocol.process_count(); ++process) {
    int at = process;
    for (std::size_t hops = 0; home[static_cast<std::size_t>(at)] != at && hops < home.size();
         ++hops)
      at = home[static_cast<std::size_t>(at)];
    members[at] |= bit(process);
  }
  std::vector<std::uint64_t> groups;
  for (const auto& [root, group] : members) groups.push_back(group);
  CAPSTAN_REQUIRE(groups.size() <= 24, "splits of that many processes cannot be listed");
  return groups;
}

/// Every union of some of the groups, neither none nor all; with `first_only` only those with the
/// first group, which stand for both sides.
std::vector<std::uint64_t> unions(const std::vector<std::uint64_t>& groups, bool first_only) {
  std::vector<std::uint64_t> all;
  for (std::uint64_t choice = 1; choice + 1 < std::uint64_t{1} << groups.size(); ++choice) {
    if (first_only && (choice & 1U) == 0) continue;
    std::uint64_t one = 0;
    for (std::size_t i = 0; i < groups.size(); ++i)
      if ((choice >> i) & 1U) one |= groups[i];
    all.push_back(one);
  }
  return all;
}

}  // namespace

FaultTrack::FaultTrack(const model::Protocol& protocol, Effort cap)
    : protocol_(protocol), cap_(cap) {
  skipped_.resize(protocol.scenario.faults.size());
  bool any_split = false;
  for (const Fault& fault : protocol.scenario.faults) {
    if (fault.kind == Fault::Kind::Crash && fault.at_once > 0) counts_down_ = true;
    if (fault.kind == Fault::Kind::Pause && fault.at_once > 0) counts_paused_ = true;
    if (fault.kind == Fault::Kind::Partition && !fault.named) any_split = true;
    may_drop_ = may_drop_ || fault.dropping;
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
  state.cuts.resize(protocol_.scenario.faults.size());
  for (const model::Pool& pool : protocol_.scenario.pools) state.pools.push_back(pool.size);
  return intern(state);
}

TrackId FaultTrack::intern(const State& state) {
  std::string bytes;
  put(bytes, static_cast<std::uint64_t>(state.parameter_choice));
  for (const int used : state.used) put(bytes, static_cast<std::uint64_t>(used));
  for (const Cut& cut : state.cuts) {
    put(bytes, cut.from);
    put(bytes, cut.to);
  }
  put(bytes, state.down);
  put(bytes, state.paused);
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
  return intern({Event::Kind::Strike, fault, counts_down_ || counts_paused_ ? process : -1});
}

EventId FaultTrack::restarted(int process) {
  return counts_down_ ? intern({Event::Kind::Restarted, 0, process}) : 0;
}

EventId FaultTrack::jump() { return intern({Event::Kind::Jump, 0, -1}); }

EventId FaultTrack::unpaused(int process) {
  return counts_paused_ ? intern({Event::Kind::Unpaused, 0, process}) : 0;
}

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
    case Event::Kind::Unpaused:
      state.paused &= ~bit(event.process);
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
      const auto clause = static_cast<std::size_t>(event.index);
      const Fault& fault = protocol_.scenario.faults[clause];
      if (!may_strike(state, clause)) return {TrackStep::Result::Disabled, id};
      ++state.used[clause];
      if (event.process >= 0 && !strikes(fault, event.process, state))
        return {TrackStep::Result::Disabled, id};
      break;
    }
  }
  return {TrackStep::Result::Next, intern(state)};
}

/// Notes who is down or paused; false if that would be too many at once.
bool FaultTrack::strikes(const Fault& fault, int process, State& state) const {
  const bool is_crash = fault.kind == Fault::Kind::Crash;
  std::uint64_t& struck = is_crash ? state.down : state.paused;
  const auto before = std::popcount(struck & mask_of(fault.subjects));
  if (fault.at_once > 0 && before >= fault.at_once) return false;
  if (is_crash) state.paused &= ~bit(process);  // a crash ends a pause
  if (is_crash ? counts_down_ : counts_paused_) struck |= bit(process);
  return true;
}

/// In order of the first side; of those that block the same used links the first, and none that
/// blocks no such link.
const std::vector<FaultTrack::Cut>& FaultTrack::splits(std::size_t clause, int parameter_choice) {
  const auto [place, is_new] = splits_.try_emplace({clause, parameter_choice});
  if (!is_new) return place->second;
  std::set<std::vector<std::uint64_t>> known;
  for (const Cut& cut : all_splits(protocol_.scenario.faults[clause], parameter_choice)) {
    std::vector<std::uint64_t> blocked;
    std::uint64_t any = 0;
    for (int to = 0; to < protocol_.process_count(); ++to) {
      std::uint64_t sources = crossing(clause, cut, to);
      for (int from = 0; from < protocol_.process_count(); ++from)
        if (!protocol_.is_used_link(from, to)) sources &= ~bit(from);
      blocked.push_back(sources);
      any |= sources;
    }
    if (any != 0 && known.insert(std::move(blocked)).second) place->second.push_back(cut);
  }
  return place->second;
}

std::vector<FaultTrack::Cut> FaultTrack::all_splits(const Fault& fault,
                                                    int parameter_choice) const {
  if (fault.named) return {{mask_of(fault.from), mask_of(fault.to)}};
  // No bits beyond the processes: the engine has a meaning of its own for them.
  const std::uint64_t everybody = bit(protocol_.process_count()) - 1;
  const std::vector<std::uint64_t> groups = households(protocol_, parameter_choice);
  std::vector<Cut> cuts;
  if (!fault.bridging) {
    for (const std::uint64_t side : unions(groups, !fault.one_way))
      cuts.push_back({side, everybody & ~side});
  }
  const auto is_bridge = [this](std::uint64_t group) {
    for (int process = 0; process < protocol_.process_count(); ++process)
      if ((group & bit(process)) != 0 && model::has_link(protocol_, process)) return true;
    return false;
  };
  for (std::size_t bridge = 0; fault.bridging && bridge < groups.size(); ++bridge) {
    if (!is_bridge(groups[bridge])) continue;
    std::vector<std::uint64_t> others = groups;
    others.erase(others.begin() + static_cast<std::ptrdiff_t>(bridge));
    for (const std::uint64_t side : unions(others, true))
      cuts.push_back({side, everybody & ~side & ~groups[bridge]});
  }
  return cuts;
}

void FaultTrack::moves(TrackId id, std::vector<Move>& out) {
  const State before = contents_[id];
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (fault.kind != Fault::Kind::Partition) continue;
    State after = before;
    model::Label label;
    label.fault = static_cast<int>(i);
    if (before.cuts[i].from != 0) {
      after.cuts[i] = {};
      label.kind = model::Label::Kind::Heal;
      out.push_back({intern(after), label});
      continue;
    }
    if (!may_strike(before, i)) continue;
    ++after.used[i];
    label.kind = model::Label::Kind::Cut;
    for (const Cut& cut : splits(i, before.parameter_choice)) {
      if (skipped_[i])
        after = before;
      else
        after.cuts[i] = cut;
      label.group = processes_of(cut.from);
      label.others = processes_of(cut.to);
      out.push_back({intern(after), label});
    }
  }
}

/// The sources that the cut blocks towards `destination`.
std::uint64_t FaultTrack::crossing(std::size_t clause, Cut cut, int destination) const {
  const bool one_way = protocol_.scenario.faults[clause].one_way;
  if (cut.to & bit(destination)) return cut.from;
  if ((cut.from & bit(destination)) && !one_way) return cut.to;
  return 0;
}

std::uint64_t FaultTrack::blocked_sources(TrackId id, int destination) const {
  const State& state = contents_[id];
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < state.cuts.size(); ++i)
    mask |= crossing(i, state.cuts[i], destination);
  return mask;
}

std::uint64_t FaultTrack::dropped_sources(TrackId id, int destination) const {
  const State& state = contents_[id];
  std::uint64_t mask = 0;
  for (std::size_t i = 0; i < state.cuts.size(); ++i)
    if (protocol_.scenario.faults[i].dropping) mask |= crossing(i, state.cuts[i], destination);
  return mask;
}

}  // namespace capstan::checker
