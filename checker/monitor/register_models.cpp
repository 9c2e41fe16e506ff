// SPDX-License-Identifier: MIT
// register_models: see the header for the methods and why they are exact.
#include "checker/monitor/register_models.hpp"

#include <algorithm>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::HistoryEvent;

namespace {

/// The invocation of the read that is answered: reads have no arguments.
HistoryEvent call_of(const HistoryEvent& answer) {
  HistoryEvent call = answer;
  call.kind = HistoryEvent::Kind::Invoke;
  call.result = model::Value::none();
  return call;
}

}  // namespace

RegisterMonitor::RegisterMonitor(const model::Protocol& protocol, int object,
                                 const model::Value& key)
    : NumberedMonitor(protocol, object, key), inner_(protocol, object, key) {
  State initial;
  initial.writes = inner_.initial();
  begin({}, std::move(initial));
}

bool RegisterMonitor::is_read(const HistoryEvent& event) const {
  return model::is_read_only(object(), event.op);
}

RegisterMonitor::State RegisterMonitor::take(State state, const HistoryEvent& event) {
  if (is_read(event))
    take_read(state, event);
  else
    take_write(state, event);
  return state;
}

void RegisterMonitor::take_read(State& state, const HistoryEvent& event) {
  const auto place = std::ranges::lower_bound(state.reads, event.process, {}, &Read::process);
  if (event.kind == HistoryEvent::Kind::Invoke) {
    const std::uint32_t about = begun(state, event);
    state.reads.insert(place, {event.process, about});
    return;
  }
  CAPSTAN_REQUIRE(place != state.reads.end() && place->process == event.process,
                  "only a pending read can end");
  // A read that fails, or whose end nobody knows, says nothing.
  const std::uint32_t about = place->about;
  state.reads.erase(place);
  if (event.kind == HistoryEvent::Kind::Ok) answer(state, about, event);
}

void RegisterMonitor::take_write(State& state, const HistoryEvent& event) {
  const auto place = std::ranges::lower_bound(state.writers, event.process);
  if (event.kind == HistoryEvent::Kind::Invoke)
    state.writers.insert(place, event.process);
  else
    state.writers.erase(place);
  if (event.kind == HistoryEvent::Kind::Info) state.has_unknown_write = true;
  for (Read& read : state.reads) read.about = gone_on(state, read.about, event);
  state.writes = inner_.step(state.writes, std::vector<HistoryEvent>{event});
  follow_answered(state, event);
}

void RegisterMonitor::follow_answered(State& state, const HistoryEvent& event) {
  std::vector<Answered> kept;
  for (Answered& read : state.answered) {
    read.about = gone_on(state, read.about, event);
    if (read.about == kViolated) state.writes = kViolated;
    if (event.kind != HistoryEvent::Kind::Invoke) std::erase(read.writers, event.process);
    // What does not differ from the writes alone will not differ later.
    if (!read.writers.empty() && read.about != state.writes) kept.push_back(std::move(read));
  }
  std::ranges::sort(kept);
  kept.erase(std::unique(kept.begin(), kept.end()), kept.end());
  state.answered = std::move(kept);
}

std::uint64_t RegisterMonitor::hash_of_state(const State& state) const {
  std::uint64_t hash = inner_.hash(state.writes);
  for (const int writer : state.writers)
    hash = model::combine(hash, static_cast<std::uint64_t>(writer) + 1);
  hash = model::combine(hash, state.has_unknown_write ? 1 : 0);
  for (const Read& read : state.reads)
    hash = model::combine(
        hash, model::combine(static_cast<std::uint64_t>(read.process), hash_about(read.about)));
  for (const Answered& read : state.answered) {
    // Sorted by ids, which depend on the order of discovery: a sum does not see it.
    std::uint64_t one = hash_about(read.about);
    for (const int writer : read.writers)
      one = model::combine(one, static_cast<std::uint64_t>(writer) + 1);
    hash += model::mix(one);
  }
  return hash;
}

RegularMonitor::RegularMonitor(const model::Protocol& protocol, int object, const model::Value& key)
    : RegisterMonitor(protocol, object, key) {}

std::uint32_t RegularMonitor::begun(const State& state, const HistoryEvent& event) {
  return inner().step(state.writes, std::vector<HistoryEvent>{event});
}

std::uint32_t RegularMonitor::gone_on(const State&, std::uint32_t about,
                                      const HistoryEvent& event) {
  return inner().step(about, std::vector<HistoryEvent>{event});
}

void RegularMonitor::answer(State& state, std::uint32_t about, const HistoryEvent& event) {
  const std::uint32_t after = inner().step(about, std::vector<HistoryEvent>{event});
  if (after == kViolated) state.writes = kViolated;
  if (after == state.writes || state.writers.empty()) return;
  const Answered read{after, state.writers};
  const auto place = std::ranges::lower_bound(state.answered, read);
  if (place == state.answered.end() || *place != read) state.answered.insert(place, read);
}

SafeMonitor::SafeMonitor(const model::Protocol& protocol, int object, const model::Value& key)
    : RegisterMonitor(protocol, object, key) {}

std::uint32_t SafeMonitor::begun(const State& state, const HistoryEvent&) {
  return !state.writers.empty() || state.has_unknown_write ? 1 : 0;
}

std::uint32_t SafeMonitor::gone_on(const State&, std::uint32_t, const HistoryEvent&) { return 1; }

void SafeMonitor::answer(State& state, std::uint32_t about, const HistoryEvent& event) {
  if (about != 0) return;
  state.writes = inner().step(state.writes, std::vector<HistoryEvent>{call_of(event), event});
}

}  // namespace capstan::checker
