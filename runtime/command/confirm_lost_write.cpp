// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_lost_write.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <deque>
#include <set>
#include <string>
#include <vector>

#include "model/system/object.hpp"
#include "model/system/participants.hpp"
#include "runtime/command/confirm_history.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using model::Failure;
using model::Label;

/// What follows a quiescent state is looked at up to this many states; more are taken on trust.
constexpr std::size_t kStatesMax = 20'000;

bool is_final_read(const Label& label) {
  return label.kind == Label::Kind::Invoke && label.script_position == Label::kFinalRead;
}

/// Neither an invocation nor a fault.
bool goes_on_by_itself(const Label& label) {
  using enum Label::Kind;
  return label.kind == Deliver || label.kind == Act || label.kind == Resume ||
         label.kind == GiveUp || label.kind == PassWait || label.kind == Tick;
}

/// The variables of all whom a final read may learn from.
std::vector<std::vector<model::Value>> replicas(const World& world) {
  std::vector<std::vector<model::Value>> values;
  for (const int process : model::replicas(world.protocol()))
    values.push_back(world.processes()[static_cast<std::size_t>(process)].variables);
  return values;
}

/// Where time passes, worlds that differ in how long ago old times were are one.
std::string key_of(const World& world, const checker::Evidence& evidence) {
  if (!world.protocol().scenario.has_ticks()) return world.canonical();
  return world.settled(evidence.time_horizon, evidence.time_gap).canonical();
}

std::optional<Failure> confirm_quiet(const World& start, const checker::Evidence& evidence) {
  for (int process = 0; process < start.protocol().process_count(); ++process)
    if (start.has_pending_operation(process))
      return Failure{"an operation is pending before the final read"};
  const auto expected = replicas(start);
  std::set<std::string> seen{key_of(start, evidence)};
  std::deque<World> ahead{start};
  while (!ahead.empty() && seen.size() < kStatesMax) {
    const World world = std::move(ahead.front());
    ahead.pop_front();
    for (Successor& next : world.successors()) {
      using enum Label::Kind;
      if (next.label.kind == Heal || next.label.kind == Restart || next.label.kind == Unpause)
        return Failure{"a fault is not over before the final read"};
      if (!goes_on_by_itself(next.label)) continue;
      if (next.world.error() || replicas(next.world) != expected)
        return Failure{"the state before the final read is not quiescent"};
      if (seen.insert(key_of(next.world, evidence)).second) ahead.push_back(std::move(next.world));
    }
  }
  return std::nullopt;
}

/// The updates, and the final read.
model::History judged_history(const model::Protocol& protocol, const model::Run& run,
                              int final_step) {
  model::History history;
  for (const model::HistoryOperation& operation : run.history) {
    const model::Object& object = protocol.objects[static_cast<std::size_t>(operation.object)];
    if (operation.invoked == final_step || !model::is_read_only(object, operation.op))
      history.push_back(operation);
  }
  return history;
}

}  // namespace

std::optional<Failure> confirm_lost_write(const model::Protocol& protocol,
                                          checker::Evidence& evidence) {
  const std::vector<Label>& labels = evidence.trace.labels;
  const auto read = std::find_if(labels.begin(), labels.end(), is_final_read);
  if (read == labels.end()) return Failure{"the trace asks for nothing at its end"};
  World world(protocol);
  world.set_horizon(World::kNoHorizon);
  for (auto label = labels.begin(); label != read; ++label) {
    const model::Result<model::StepRecord> step = world.apply(*label);
    if (!step) return step.failure();
  }
  if (std::optional<Failure> failure = confirm_quiet(world, evidence)) return failure;
  const int step = static_cast<int>(read - labels.begin());
  return confirm_history(protocol, judged_history(protocol, evidence.run, step), read->object,
                         "An acknowledged write is lost", evidence);
}

}  // namespace capstan::runtime
