// SPDX-License-Identifier: MIT
// The part of ProtocolSystem that is about time: what a tick does to local states and messages,
// and which times may be settled.
#include <algorithm>

#include "checker/explore/protocol_system.hpp"
#include "checker/explore/true_times.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Label;

namespace {

model::TimeMap map_of(const Retiming& retiming) {
  return [&retiming](std::int64_t time) { return retiming.of(time); };
}

std::vector<Stamp> sorted(std::vector<Stamp> stamps) {
  std::ranges::sort(stamps);
  stamps.erase(std::unique(stamps.begin(), stamps.end()), stamps.end());
  return stamps;
}

}  // namespace

/// Calls that map times visit them on the way.
model::TimeMap ProtocolSystem::collect_into(std::vector<Stamp>& stamps) const {
  return [this, &stamps](std::int64_t time) {
    if (abstraction_->may_move(time)) stamps.push_back(time);
    return time;
  };
}

void ProtocolSystem::tick_local(int process, LocalId local, std::vector<TickedLocal>& out) {
  const model::ProcessState state = locals_[static_cast<std::size_t>(process)][local].state;
  for (model::LocalMachine::Ticked& next : machine_.tick(process, state))
    out.push_back({intern_local(process, std::move(next.state)), next.advance});
}

MessageId ProtocolSystem::tick_message(MessageId message) {
  return intern_message(machine_.tick(messages_[message].instance));
}

std::optional<TrackId> ProtocolSystem::tick_track(int track, TrackId id) {
  const Track& ticked = tracks_[static_cast<std::size_t>(track)];
  if (ticked.kind == Track::Kind::Monitor) return ticked.monitor->tick(id);
  if (track != ghost_track_ || abstraction_->kind() == model::TimeMode::Kind::Order) return id;
  return intern_ghosts(ghosts_with_times(id, [](std::int64_t time) { return time - 1; }));
}

/// Ghosts belong to nobody: under Frames they hold no times (time_abstraction).
std::vector<model::Value> ProtocolSystem::ghosts_with_times(TrackId id,
                                                            const model::TimeMap& map) const {
  std::vector<model::Value> ghosts = ghosts_[id];
  for (std::size_t i = 0; i < ghosts.size(); ++i)
    ghosts[i] = times_.mapped(protocol_.ghosts[i].type, ghosts[i], map);
  return ghosts;
}

LabelId ProtocolSystem::tick_label(const std::vector<int>& advances) {
  Label label;
  label.kind = Label::Kind::Tick;
  const auto& clocks = protocol_.scenario.clocks;
  // Clocks that nobody reads show nothing, and have no label.
  if (clocks && clocks->drift_per > 0 && protocol_.scenario.reads_clock) label.choices = advances;
  return intern_label(label);
}

bool ProtocolSystem::local_forces(int process, LocalId local) {
  return machine_.forces(process, locals_[static_cast<std::size_t>(process)][local].state);
}

bool ProtocolSystem::message_forces(int process, LocalId local, MessageId message) {
  return machine_.forces(process, locals_[static_cast<std::size_t>(process)][local].state,
                         messages_[message].instance);
}

std::uint32_t ProtocolSystem::time_lock_error() {
  if (time_lock_error_ == 0) {
    errors_.push_back({"time cannot pass: something must happen first, and nothing can",
                       protocol_.scenario.span});
    time_lock_error_ = static_cast<std::uint32_t>(errors_.size());
  }
  return time_lock_error_;
}

std::vector<Stamp> ProtocolSystem::local_stamps(int process, LocalId local) {
  std::vector<Stamp> stamps;
  machine_.with_times(process, locals_[static_cast<std::size_t>(process)][local].state,
                      collect_into(stamps));
  return sorted(std::move(stamps));
}

std::vector<Stamp> ProtocolSystem::message_stamps(MessageId message) {
  std::vector<Stamp> stamps;
  machine_.with_times(messages_[message].instance, collect_into(stamps));
  return sorted(std::move(stamps));
}

std::vector<Stamp> ProtocolSystem::track_stamps(int track, TrackId id) {
  std::vector<Stamp> stamps;
  if (track == ghost_track_) ghosts_with_times(id, collect_into(stamps));
  return sorted(std::move(stamps));
}

std::vector<Stamp> ProtocolSystem::settled(std::span<const Stamp> stamps) {
  return abstraction_->settled(stamps);
}

LocalId ProtocolSystem::retime_local(int process, LocalId local, const Retiming& retiming) {
  const model::ProcessState state = locals_[static_cast<std::size_t>(process)][local].state;
  model::ProcessState next = machine_.with_times(process, state, map_of(retiming));
  if (abstraction_->mode().kind == model::TimeMode::Kind::Order)
    next.clock.offset = static_cast<std::int64_t>(retiming.to.size());
  return intern_local(process, std::move(next));
}

MessageId ProtocolSystem::retime_message(MessageId message, const Retiming& retiming) {
  return intern_message(machine_.with_times(messages_[message].instance, map_of(retiming)));
}

TrackId ProtocolSystem::retime_track(int track, TrackId id, const Retiming& retiming) {
  if (track != ghost_track_) return id;
  return intern_ghosts(ghosts_with_times(id, map_of(retiming)));
}

MessageId ProtocolSystem::ageless(MessageId message) {
  model::MessageInstance instance = messages_[message].instance;
  instance.age = 0;
  return intern_message(instance);
}

std::optional<MessageId> ProtocolSystem::ripe(MessageId message) {
  model::MessageInstance instance = messages_[message].instance;
  bool has_time = false;
  machine_.with_times(instance, [&has_time](std::int64_t time) {
    has_time = true;
    return time;
  });
  if (has_time) return std::nullopt;
  instance.age = instance.least;
  return intern_message(instance);
}

std::size_t ProtocolSystem::reading_count(int process, LocalId local) const {
  return machine_.readings(process, local_state(process, local)).size();
}

void ProtocolSystem::add_jumps(int process, const model::ProcessState& state,
                               std::vector<LocalStep>& out) {
  const auto& clocks = protocol_.scenario.clocks;
  if (!clocks || clocks->jumps == 0 || !protocol_.role_of(process).reads_clock) return;
  std::int64_t low = clocks->jump_low;
  std::int64_t high = clocks->jump_high;
  if (clocks->jump_any) {
    high = abstraction_->time_max();
    low = -high;
  }
  for (std::int64_t ticks = low; ticks <= high; ++ticks) {
    if (ticks == 0) continue;
    LocalStep step =
        convert(process, machine_.jump(process, state, ticks), LocalStep::Message::None);
    step.is_fault = true;
    step.events.insert(step.events.begin(),
                       {static_cast<std::uint16_t>(fault_track_), faults_.jump()});
    out.push_back(std::move(step));
  }
}

// --- findings

model::Trace ProtocolSystem::trace_of(const Found& found) const {
  std::vector<Label> labels;
  for (const LabelId id : found.labels) labels.push_back(label(id));
  return {with_true_times(machine_, abstraction_->mode().kind, std::move(labels), found.retimings)};
}

}  // namespace capstan::checker
