// SPDX-License-Identifier: MIT
#include "checker/explore/final_read_track.hpp"

namespace capstan::checker {
namespace {

void put(std::string& bytes, std::int64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

}  // namespace

FinalReadTrack::FinalReadTrack() { intern_state({}); }

EventId FinalReadTrack::intern(bool begins, const Events& events) {
  const auto [place, added] =
      event_ids_.try_emplace({begins, events}, static_cast<EventId>(events_.size()));
  if (added) events_.push_back(place->first);
  return place->second;
}

TrackId FinalReadTrack::step(TrackId id, EventId event) {
  const auto& [begins, events] = events_[event];
  Events state = states_[id];
  for (const model::HistoryEvent& one : events) {
    const bool is_its_own = state.empty() || one.process == state.front().process;
    const bool is_invocation = one.kind == model::HistoryEvent::Kind::Invoke;
    const bool is_open = state.size() % 2 == 1;
    if (is_its_own && (is_open ? !is_invocation : begins && is_invocation)) state.push_back(one);
  }
  return intern_state(std::move(state));
}

TrackId FinalReadTrack::intern_state(Events events) {
  std::string bytes;
  for (const model::HistoryEvent& event : events) {
    put(bytes, static_cast<std::int64_t>(event.kind));
    put(bytes, event.process);
    put(bytes, event.object);
    put(bytes, event.op);
    event.key.append_to(bytes);
    for (const model::Value& arg : event.args) arg.append_to(bytes);
    event.result.append_to(bytes);
  }
  const auto [id, added] = ids_.intern(std::move(bytes));
  if (added) states_.push_back(std::move(events));
  return id;
}

}  // namespace capstan::checker
