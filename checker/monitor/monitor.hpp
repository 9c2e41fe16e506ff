// SPDX-License-Identifier: MIT
// monitor: what judges the history of one object and key on the fly, for one consistency model.
//
// From: checker/explore (the history events of each step), runtime/simulate. A monitor state stands
// for all histories that have the same future verdicts as far as its method sees. States are
// numbers, interned by content; a step is a function of the state and the events.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

class Monitor {
 public:
  /// The sink of histories that the model forbids.
  static constexpr std::uint32_t kViolated = 0;
  /// The list of no events (of this object and key): `step` with it changes nothing.
  static constexpr std::uint32_t kNoEvents = 0;

  virtual ~Monitor() = default;

  virtual std::uint32_t initial() const = 0;

  /// The number of a list of events; events of other objects and keys are passed over.
  virtual std::uint32_t intern(const std::vector<model::HistoryEvent>& events) = 0;
  /// The state after these events, in their order. A model error in a written-out object's
  /// operation is thrown as model::ModelError; it means that the object is not total, and the
  /// monitor stays usable.
  virtual std::uint32_t step(std::uint32_t state, std::uint32_t event_list) = 0;
  std::uint32_t step(std::uint32_t state, const std::vector<model::HistoryEvent>& events) {
    return step(state, intern(events));
  }
  /// The state a tick of true time later. Most models do not see time pass.
  virtual std::uint32_t tick(std::uint32_t state) { return state; }

  /// Hash by content: independent of the order in which states were found, hence of threads and
  /// runs.
  virtual std::uint64_t hash(std::uint32_t state) const = 0;
};

/// Those of one object and key, in their order.
std::vector<model::HistoryEvent> events_of(const std::vector<model::HistoryEvent>& events,
                                           int object, const model::Value& key);
/// By content: equal in all runs.
std::uint64_t hash_of(const model::Value& value);

/// What an expectation about histories holds an object to.
struct Promise {
  model::PropertyKind kind = model::PropertyKind::Linearizable;
  int staleness = 1;     // BoundedStaleness: a read returns one of so many newest values
  int stale_ticks = -1;  // or, if not -1, what was current up to so many ticks before it began
  friend auto operator<=>(const Promise&, const Promise&) = default;
};

/// Requires an expectation about histories.
Promise promise_of(const model::Expectation& expectation);

/// The monitor of the object and key. `protocol` must outlive it. Promises other than
/// linearizability are about registers (model/typed/expectations).
std::unique_ptr<Monitor> make_monitor(const model::Protocol& protocol, int object,
                                      const model::Value& key, Promise promise);

}  // namespace capstan::checker
