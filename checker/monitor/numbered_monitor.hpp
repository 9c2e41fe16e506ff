// SPDX-License-Identifier: MIT
// numbered_monitor: a monitor whose states are values of some type, numbered as they are met.
//
// From: the events of steps, as numbered lists. Idea: what follows a state and a list is worked out
// once and looked up from then on. To: the monitors of register models, which say what a state is
// and what one event makes of it. Cost: a look-up in a map for each step.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "checker/monitor/monitor.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

/// `State` has an order. Derived classes call `begin` once, before anything else is asked.
template <typename State>
class NumberedMonitor : public Monitor {
 public:
  std::uint32_t initial() const override { return kInitial; }
  std::uint32_t intern(const std::vector<model::HistoryEvent>& events) override {
    std::vector<model::HistoryEvent> list = events_of(events, object_, key_);
    const auto [place, is_new] =
        list_ids_.try_emplace(list, static_cast<std::uint32_t>(lists_.size()));
    if (is_new) lists_.push_back(std::move(list));
    return place->second;
  }
  std::uint32_t step(std::uint32_t state, std::uint32_t event_list) override {
    CAPSTAN_REQUIRE(state < states_.size() && event_list < lists_.size(),
                    "no such monitor state or event list");
    if (event_list == kNoEvents || state == kViolated) return state;
    const auto known = next_.find({state, event_list});
    if (known != next_.end()) return known->second;
    State after = states_[state];
    for (const model::HistoryEvent& event : lists_[event_list]) {
      after = take(std::move(after), event);
      if (is_violated(after)) break;
    }
    const std::uint32_t id = is_violated(after) ? kViolated : state_id(std::move(after));
    next_.emplace(std::pair{state, event_list}, id);
    return id;
  }
  using Monitor::step;
  std::uint64_t hash(std::uint32_t state) const override { return hashes_[state]; }

 protected:
  NumberedMonitor(const model::Protocol& protocol, int object, model::Value key)
      : protocol_(protocol), object_(object), key_(std::move(key)) {}

  /// The state after the event; one that is_violated if the model forbids it.
  virtual State take(State state, const model::HistoryEvent& event) = 0;
  virtual bool is_violated(const State& state) const = 0;
  /// By content: independent of the order in which states were found.
  virtual std::uint64_t hash_of_state(const State& state) const = 0;
  /// Makes states alike from which the same can follow.
  virtual void normalise(State&) {}

  /// Numbers the two states that have fixed numbers.
  void begin(State violated, State initial) {
    const std::uint32_t sink = state_id(std::move(violated));
    const std::uint32_t first = state_id(std::move(initial));
    const std::uint32_t none = intern({});
    CAPSTAN_ENSURE(sink == kViolated && first == kInitial && none == kNoEvents,
                   "the first states and the empty list have fixed numbers");
  }
  const State& state_of(std::uint32_t id) const {
    CAPSTAN_REQUIRE(id < states_.size(), "no such monitor state");
    return states_[id];
  }
  std::uint32_t state_id(State state) {
    normalise(state);
    const auto [place, is_new] =
        state_ids_.try_emplace(state, static_cast<std::uint32_t>(states_.size()));
    if (is_new) {
      hashes_.push_back(hash_of_state(state));
      states_.push_back(std::move(state));
    }
    return place->second;
  }
  const model::Object& object() const {
    return protocol_.objects[static_cast<std::size_t>(object_)];
  }

 private:
  static constexpr std::uint32_t kInitial = 1;

  const model::Protocol& protocol_;
  int object_;
  model::Value key_;
  std::map<std::vector<model::HistoryEvent>, std::uint32_t> list_ids_;
  std::vector<std::vector<model::HistoryEvent>> lists_;
  std::map<State, std::uint32_t> state_ids_;
  std::vector<State> states_;
  std::vector<std::uint64_t> hashes_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint32_t> next_;  // (state, list)
};

}  // namespace capstan::checker
