// SPDX-License-Identifier: MIT
#include "checker/monitor/monitor.hpp"

#include "checker/monitor/linearizability.hpp"
#include "checker/monitor/register_models.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

Promise promise_of(const model::Expectation& expectation) {
  CAPSTAN_REQUIRE(model::is_about_histories(expectation.kind), "a promise about histories");
  return {expectation.kind, expectation.staleness};
}

std::unique_ptr<Monitor> make_monitor(const model::Protocol& protocol, int object,
                                      const model::Value& key, Promise promise) {
  switch (promise.kind) {
    case model::PropertyKind::Regular:
      return std::make_unique<RegularMonitor>(protocol, object, key);
    case model::PropertyKind::Safe:
      return std::make_unique<SafeMonitor>(protocol, object, key);
    case model::PropertyKind::Linearizable:
    case model::PropertyKind::BoundedStaleness:
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
    case model::PropertyKind::Unsupported:
      break;
  }
  CAPSTAN_UNREACHABLE("a property of histories");
}

}  // namespace capstan::checker
