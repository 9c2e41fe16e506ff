// SPDX-License-Identifier: MIT
#include "checker/monitor/monitor.hpp"

#include <string>

#include "checker/monitor/linearizability.hpp"
#include "checker/monitor/recent_value.hpp"
#include "checker/monitor/register_models.hpp"
#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

std::vector<model::HistoryEvent> events_of(const std::vector<model::HistoryEvent>& events,
                                           int object, const model::Value& key) {
  std::vector<model::HistoryEvent> found;
  for (const model::HistoryEvent& event : events)
    if (event.object == object && event.key == key) found.push_back(event);
  return found;
}

std::uint64_t hash_of(const model::Value& value) {
  std::string bytes;
  value.append_to(bytes);
  return model::hash_bytes(bytes);
}

Promise promise_of(const model::Expectation& expectation) {
  CAPSTAN_REQUIRE(model::is_about_histories(expectation.kind), "a promise about histories");
  return {expectation.kind, expectation.staleness, expectation.stale_ticks};
}

std::unique_ptr<Monitor> make_monitor(const model::Protocol& protocol, int object,
                                      const model::Value& key, Promise promise) {
  switch (promise.kind) {
    case model::PropertyKind::Regular:
      return std::make_unique<RegularMonitor>(protocol, object, key);
    case model::PropertyKind::Safe:
      return std::make_unique<SafeMonitor>(protocol, object, key);
    case model::PropertyKind::BoundedStaleness:
      if (promise.stale_ticks >= 0)
        return std::make_unique<RecentValueMonitor>(protocol, object, key, promise.stale_ticks);
      [[fallthrough]];
    case model::PropertyKind::Linearizable:
      return std::make_unique<LinearizabilityMonitor>(protocol, object, key, promise.staleness);
    case model::PropertyKind::Always:
    case model::PropertyKind::Never:
    case model::PropertyKind::Reachable:
    case model::PropertyKind::Eventually:
    case model::PropertyKind::EventuallyAlways:
    case model::PropertyKind::Whenever:
    case model::PropertyKind::NoAcknowledgedWriteLost:
    case model::PropertyKind::AcknowledgedWriteLost:
    case model::PropertyKind::AvailableTo:
    case model::PropertyKind::WithinHops:
    case model::PropertyKind::ConvergesOn:
    case model::PropertyKind::Semilattice:
    case model::PropertyKind::Commutes:
    case model::PropertyKind::Inductive:
    case model::PropertyKind::Unsupported:
      break;
  }
  CAPSTAN_UNREACHABLE("a property of histories");
}

}  // namespace capstan::checker
