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
    default:
      return std::make_unique<LinearizabilityMonitor>(protocol, object, key, promise.staleness);
  }
}

}  // namespace capstan::checker
