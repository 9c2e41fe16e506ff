// SPDX-License-Identifier: MIT
// replay: World::apply over the labels of a trace.
#include "runtime/execute/replay.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "runtime/execute/world.hpp"

namespace capstan::runtime {

model::Result<model::Run> replay(const model::Protocol& protocol, const model::Trace& trace) {
  World world(protocol);
  model::Run run;
  std::vector<model::HistoryEvent> events;
  std::vector<int> at;      // the step of each event
  std::int64_t latest = 0;  // of all readings
  for (std::size_t i = 0; i < trace.labels.size(); ++i) {
    model::Result<model::StepRecord> step = world.apply(trace.labels[i]);
    if (!step)
      return model::Failure{fmt::format("step {} is not enabled: {}", i, step.failure().message)};
    for (const model::HistoryEvent& event : step.value().events) {
      events.push_back(event);
      at.push_back(static_cast<int>(i));
    }
    run.steps.push_back(std::move(step.value()));
    latest = std::max(latest, world.true_time() + trace.labels[i].reading.value_or(0));
    for (const auto& reading : trace.labels[i].start_readings)
      latest = std::max(latest, reading.value_or(0));
  }
  run.in_flight = world.in_flight();
  // Clocks that are free are worth a look as far as they can be told apart, and a little further.
  world.set_horizon(std::max<std::int64_t>(20, latest + protocol.process_count() + 1));
  for (int process = 0; process < protocol.process_count(); ++process)
    run.readings.push_back(world.readings(process));
  run.history = model::operations_of(events, at);
  return run;
}

namespace {

bool is_due(const model::Label& label) {
  return label.kind == model::Label::Kind::Deliver && label.message.most >= 0 &&
         label.message.age >= label.message.most;
}

/// The delivery of a message that is due and changes nothing but that it is no longer in flight.
std::optional<model::Label> idle_delivery(const World& world) {
  const std::string before = world.canonical(false);
  for (const model::Label& label : world.enabled()) {
    if (!is_due(label)) continue;
    World after = world;
    const model::Result<model::StepRecord> step = after.apply(label);
    if (step && step.value().events.empty() && !step.value().error &&
        after.in_flight().size() + 1 == world.in_flight().size() &&
        after.canonical(false) == before)
      return label;
  }
  return std::nullopt;
}

}  // namespace

model::Trace with_due_deliveries(const model::Protocol& protocol, model::Trace trace) {
  return with_due_deliveries(World(protocol), std::move(trace));
}

model::Trace with_due_deliveries(World world, model::Trace trace) {
  for (std::size_t i = 0; i < trace.labels.size(); ++i) {
    while (!world.apply(trace.labels[i])) {
      if (trace.labels[i].kind != model::Label::Kind::Tick) return trace;
      std::optional<model::Label> idle = idle_delivery(world);
      if (!idle || !world.apply(*idle)) return trace;
      trace.labels.insert(trace.labels.begin() + static_cast<std::ptrdiff_t>(i), std::move(*idle));
      if (static_cast<int>(i) <= trace.loop_start) ++trace.loop_start;
      ++i;
    }
  }
  return trace;
}

}  // namespace capstan::runtime
