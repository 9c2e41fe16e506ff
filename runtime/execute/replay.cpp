// SPDX-License-Identifier: MIT
// replay: World::apply over the labels of a trace.
#include "runtime/execute/replay.hpp"

#include <fmt/format.h>

#include <utility>
#include <vector>

#include "runtime/execute/world.hpp"

namespace capstan::runtime {

model::Result<model::Run> replay(const model::Protocol& protocol, const model::Trace& trace) {
  World world(protocol);
  model::Run run;
  std::vector<model::HistoryEvent> events;
  std::vector<int> at;  // the step of each event
  for (std::size_t i = 0; i < trace.labels.size(); ++i) {
    model::Result<model::StepRecord> step = world.apply(trace.labels[i]);
    if (!step)
      return model::Failure{fmt::format("step {} is not enabled: {}", i, step.failure().message)};
    for (const model::HistoryEvent& event : step.value().events) {
      events.push_back(event);
      at.push_back(static_cast<int>(i));
    }
    run.steps.push_back(std::move(step.value()));
  }
  run.in_flight = world.in_flight();
  run.history = model::operations_of(events, at);
  return run;
}

}  // namespace capstan::runtime
