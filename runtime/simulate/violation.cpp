// SPDX-License-Identifier: MIT
#include "runtime/simulate/violation.hpp"

#include <algorithm>
#include <set>

namespace capstan::runtime {

using checker::Monitor;
using model::Expectation;
using model::PropertyKind;
using model::Value;

bool is_decided_by_runs(const Expectation& expectation) {
  return model::is_about_histories(expectation.kind) || expectation.kind == PropertyKind::Always ||
         expectation.kind == PropertyKind::Never || expectation.kind == PropertyKind::Reachable;
}

Watch::Watch(const model::Protocol& protocol, std::vector<std::size_t> wanted)
    : protocol_(protocol), wanted_(std::move(wanted)) {
  std::set<std::pair<checker::Promise, int>> objects;
  for (const std::size_t index : wanted_) {
    const Expectation& expectation = protocol.scenario.expectations[index];
    if (!model::is_about_histories(expectation.kind)) continue;
    for (int object = 0; object < static_cast<int>(protocol.objects.size()); ++object)
      if (expectation.object < 0 || expectation.object == object)
        objects.emplace(checker::promise_of(expectation), object);
  }
  for (const auto& [promise, object] : objects) {
    const model::Object& declared = protocol.objects[static_cast<std::size_t>(object)];
    std::vector<Value> keys{Value::none()};
    if (declared.has_key) keys = protocol.types.domain(declared.key).value_or(std::vector<Value>{});
    for (const Value& key : keys)
      monitors_.push_back(
          {object, promise, checker::make_monitor(protocol, object, key, promise), 0});
  }
  restart();
}

void Watch::restart() {
  for (Monitored& each : monitors_) each.state = each.monitor->initial();
  true_time_ = 0;
}

bool Watch::is_settled(const Expectation& expectation, const World& world) const {
  if (model::is_about_histories(expectation.kind))
    return std::any_of(monitors_.begin(), monitors_.end(), [&](const Monitored& each) {
      return (expectation.object < 0 || expectation.object == each.object) &&
             each.promise == checker::promise_of(expectation) && each.state == Monitor::kViolated;
    });
  return world.can_look(*expectation.condition, expectation.frame,
                        expectation.kind != PropertyKind::Always);
}

std::vector<std::size_t> Watch::step(const World& world,
                                     const std::vector<model::HistoryEvent>& events) {
  for (Monitored& each : monitors_) {
    for (std::int64_t time = true_time_; time < world.true_time(); ++time)
      each.state = each.monitor->tick(each.state);
    each.state = each.monitor->step(each.state, events);
  }
  true_time_ = world.true_time();
  std::vector<std::size_t> settled;
  for (const std::size_t index : wanted_)
    if (is_settled(protocol_.scenario.expectations[index], world)) settled.push_back(index);
  return settled;
}

}  // namespace capstan::runtime
