// SPDX-License-Identifier: MIT
#include "checker/explore/ticks.hpp"

#include <algorithm>

#include "checker/explore/too_large.hpp"
#include "checker/reduce/dead.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

namespace {

constexpr std::uint64_t forces_itself = std::uint64_t{1} << 63;
/// Combinations of what clocks count in one tick.
constexpr std::uint64_t rates_most = 1'000'000;

}  // namespace

Stamp Retiming::of(Stamp stamp) const {
  const auto found = std::ranges::lower_bound(from, stamp);
  if (found == from.end() || *found != stamp) return stamp;
  return to[static_cast<std::size_t>(found - from.begin())];
}

std::vector<Stamp> settled_stamps(std::span<const Stamp> stamps, Stamp horizon, Stamp gap) {
  std::vector<Stamp> settled(stamps.begin(), stamps.end());
  for (std::size_t i = settled.size(); i-- > 0;) {
    if (stamps[i] >= -horizon) continue;
    settled[i] = -horizon - 1;
    if (i + 1 == settled.size()) continue;
    const Stamp kept = settled[i + 1] - std::min(stamps[i + 1] - stamps[i], gap + 1);
    settled[i] = std::min(settled[i], kept);
  }
  return settled;
}

TickTable::TickTable(Questions& questions, DeadMessages* dead, ComponentTable& components,
                     TrackTable& tracks)
    : questions_(questions),
      dead_(dead),
      components_(components),
      tracks_(tracks),
      time_(questions.system().time()),
      process_count_(static_cast<std::size_t>(questions.process_count())),
      track_count_(static_cast<std::size_t>(questions.track_count())) {
  CAPSTAN_ENSURE(footprint({}) == 0, "the empty footprint is the first");
}

bool TickTable::is_forced(const std::uint32_t* words, const std::uint64_t* blocked) {
  for (std::size_t i = 0; i < process_count_; ++i) {
    const std::uint64_t open = blocked == nullptr ? ~std::uint64_t{0} : ~blocked[i];
    if ((ticks(words[i]).forcing & open) != 0) return true;
  }
  return false;
}

std::uint32_t TickTable::alternatives(const std::uint32_t* words, const std::uint64_t* blocked) {
  if (is_forced(words, blocked)) return 0;
  for (std::size_t i = process_count_; i < word_count(); ++i) {
    if (!tick(words[i]).next) return 0;
  }
  std::uint64_t count = 1;
  for (std::size_t i = 0; i < process_count_; ++i) {
    count *= ticks(words[i]).alternatives.size();
    if (count > rates_most)
      throw TooLarge{"a tick has more than a million combinations of what clocks may count"};
  }
  return static_cast<std::uint32_t>(count);
}

void TickTable::take(const std::uint32_t* words, std::uint32_t alternative,
                     std::uint32_t* successor) {
  FootprintId footprint = 0;
  for (std::size_t i = 0; i < process_count_; ++i) {
    const std::vector<Alternative>& all = ticks(words[i]).alternatives;
    const Alternative& taken = all[alternative % all.size()];
    alternative /= static_cast<std::uint32_t>(all.size());
    successor[i] = taken.component;
    if (taken.footprint != 0) footprint = unite(footprint, taken.footprint);
  }
  for (std::size_t i = process_count_; i < word_count(); ++i) {
    const TrackTick& ticked = tick(words[i]);
    successor[i] = *ticked.next;
    if (ticked.footprint != 0) footprint = unite(footprint, ticked.footprint);
  }
  last_footprint_ = footprint;
  if (settling(footprint).is_identity) return;
  for (std::size_t i = 0; i < process_count_; ++i) {
    successor[i] = retimed(successor[i], footprint);
  }
  for (std::size_t i = process_count_; i < word_count(); ++i) {
    successor[i] = retimed_track(successor[i], footprint);
  }
}

LabelId TickTable::label(const std::uint32_t* words, std::uint32_t alternative) {
  scratch_.clear();
  for (std::size_t i = 0; i < process_count_; ++i) {
    const std::vector<Alternative>& all = ticks(words[i]).alternatives;
    scratch_.push_back(static_cast<std::uint32_t>(all[alternative % all.size()].advance));
    alternative /= static_cast<std::uint32_t>(all.size());
  }
  const std::uint32_t id = advances_.intern(scratch_);
  if (id == labels_.size()) {
    labels_.push_back(time_->tick_label(std::vector<int>(scratch_.begin(), scratch_.end())));
  }
  return labels_[id];
}

void TickTable::build(ComponentId component) {
  const int process = components_[component].process;
  const LocalId local = components_[component].local;
  const std::vector<MessageId> inbox(components_.inbox(component).begin(),
                                     components_.inbox(component).end());
  Ticks made;
  made.is_built = true;
  made.forcing = forcing(process, local, inbox);
  std::vector<TickedLocal> locals;
  time_->tick_local(process, local, locals);
  for (const TickedLocal& next : locals) {
    std::vector<MessageId> older;
    for (const MessageId message : inbox) older.push_back(ticked(message));
    if (dead_ != nullptr) dead_->note_edge(process, local, next.local, 0);
    Alternative alternative;
    alternative.component = components_.intern(process, next.local, std::move(older));
    alternative.footprint =
        footprint_of(process, next.local, components_.inbox(alternative.component));
    alternative.advance = next.advance;
    made.alternatives.push_back(alternative);
  }
  if (ticks_.size() <= component) ticks_.resize(std::max(components_.size(), ticks_.size() * 2));
  list_bytes_ += made.alternatives.capacity() * sizeof(Alternative);
  ticks_[component] = std::move(made);
}

std::uint64_t TickTable::forcing(int process, LocalId local, std::span<const MessageId> inbox) {
  std::uint64_t mask = time_->local_forces(process, local) ? forces_itself : 0;
  ComponentSystem& system = questions_.system();
  int behind = -1;  // fifo: the source whose queue is being gone through
  for (const MessageId message : inbox) {
    const int source = system.message_source(message);
    if (system.network_is_fifo() && source == behind) continue;
    behind = source;
    if (time_->message_forces(process, local, message)) mask |= std::uint64_t{1} << source;
  }
  return mask;
}

void TickTable::build_track(TrackStateId state) {
  TrackTick made;
  made.is_built = true;
  const int track = tracks_[state].track;
  if (const auto next = time_->tick_track(track, tracks_[state].id)) {
    made.next = tracks_.intern(track, *next);
    made.footprint = footprint(time_->track_stamps(track, *next));
  }
  if (track_ticks_.size() <= state) track_ticks_.resize(std::size_t{state} * 2 + 16);
  track_ticks_[state] = made;
}

MessageId TickTable::ticked(MessageId message) {
  if (const MessageId* found = ticked_messages_.find(message)) return *found;
  return ticked_messages_.insert(message, time_->tick_message(message));
}

TickTable::FootprintId TickTable::footprint(std::vector<Stamp> stamps) {
  std::ranges::sort(stamps);
  stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
  scratch_.clear();
  for (const Stamp stamp : stamps) {
    scratch_.push_back(static_cast<std::uint32_t>(stamp));
    scratch_.push_back(static_cast<std::uint32_t>(static_cast<std::uint64_t>(stamp) >> 32));
  }
  const FootprintId id = footprints_.intern(scratch_);
  if (id == retimings_.size()) {
    retimings_.emplace_back();
    retimings_.back().retiming.from = std::move(stamps);
  }
  return id;
}

TickTable::FootprintId TickTable::footprint_of(int process, LocalId local,
                                               std::span<const MessageId> inbox) {
  std::vector<Stamp> all = time_->local_stamps(process, local);
  for (const MessageId message : inbox) {
    const std::vector<Stamp> more = time_->message_stamps(message);
    all.insert(all.end(), more.begin(), more.end());
  }
  return footprint(std::move(all));
}

TickTable::FootprintId TickTable::unite(FootprintId a, FootprintId b) {
  if (a == b || b == 0) return a;
  if (a == 0) return b;
  const std::uint64_t key = pair_key(a, b);
  if (const FootprintId* found = unions_.find(key)) return *found;
  std::vector<Stamp> all = retimings_[a].retiming.from;
  const std::vector<Stamp>& more = retimings_[b].retiming.from;
  all.insert(all.end(), more.begin(), more.end());
  return unions_.insert(key, footprint(std::move(all)));
}

const TickTable::Settling& TickTable::settling(FootprintId footprint) {
  Settling& found = retimings_[footprint];
  if (found.is_built) return found;
  found.is_built = true;
  found.retiming.to = time_->settled(found.retiming.from);
  CAPSTAN_ENSURE(found.retiming.to.size() == found.retiming.from.size() &&
                     std::ranges::adjacent_find(found.retiming.to, std::greater_equal<>()) ==
                         found.retiming.to.end(),
                 "settling keeps stamps apart and in order");
  found.is_identity = found.retiming.to == found.retiming.from;
  return found;
}

ComponentId TickTable::retimed(ComponentId component, FootprintId footprint) {
  const std::uint64_t key = pair_key(component, footprint);
  if (const ComponentId* found = retimed_.find(key)) return *found;
  const Retiming& retiming = settling(footprint).retiming;
  const Component old = components_[component];
  std::vector<MessageId> inbox(components_.inbox(component).begin(),
                               components_.inbox(component).end());
  for (MessageId& message : inbox) message = time_->retime_message(message, retiming);
  const LocalId local = time_->retime_local(old.process, old.local, retiming);
  if (dead_ != nullptr) dead_->note_edge(old.process, old.local, local, 0);
  return retimed_.insert(key, components_.intern(old.process, local, std::move(inbox)));
}

TrackStateId TickTable::retimed_track(TrackStateId state, FootprintId footprint) {
  const std::uint64_t key = pair_key(state, footprint);
  if (const TrackStateId* found = retimed_track_.find(key)) return *found;
  const int track = tracks_[state].track;
  const TrackId next = time_->retime_track(track, tracks_[state].id, settling(footprint).retiming);
  return retimed_track_.insert(key, tracks_.intern(track, next));
}

std::size_t TickTable::bytes() const {
  if (!has_time()) return 0;
  return ticks_.capacity() * sizeof(Ticks) + track_ticks_.capacity() * sizeof(TrackTick) +
         ticked_messages_.bytes() + footprints_.bytes() * 3 +
         retimings_.capacity() * sizeof(Settling) + unions_.bytes() + retimed_.bytes() +
         retimed_track_.bytes() + advances_.bytes() + list_bytes_;
}

}  // namespace capstan::checker
