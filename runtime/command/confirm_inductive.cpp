// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_inductive.hpp"

#include <algorithm>
#include <utility>

#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using checker::ConcreteStep;
using checker::ConcreteWhole;
using model::Label;
using model::MessageInstance;
using model::Value;
using Kind = ConcreteStep::Kind;

MessageInstance instance_of(int message, const Value& content) {
  MessageInstance result;
  const std::vector<Value>& parts = content.elements();
  result.message = message;
  result.fields.assign(parts.begin(), parts.end() - 2);
  result.source = static_cast<int>(parts[parts.size() - 2].number());
  result.destination = static_cast<int>(parts.back().number());
  return result;
}

/// Whether the step answers the request that it handles: then somebody has to wait for it.
bool answers(const model::Protocol& protocol, const ConcreteStep& step) {
  const int reply = protocol.messages[static_cast<std::size_t>(step.message)].reply;
  return reply >= 0 && step.before.in_flight.contains(reply);
}

bool may_lose(const model::Protocol& protocol, int message) {
  return std::ranges::any_of(protocol.scenario.faults, [&](const model::Fault& fault) {
    return fault.kind == model::Fault::Kind::Lose &&
           (fault.message < 0 || fault.message == message);
  });
}

/// Whether World::placed can be in the state, and its labels say what the step is.
bool can_be_placed(const model::Protocol& protocol, const ConcreteStep& step) {
  if (step.kind == Kind::Elsewhere || step.has_own_params || protocol.scenario.is_timely)
    return false;
  if (step.kind == Kind::Lose && !may_lose(protocol, step.message)) return false;  // it is dropped
  if (step.kind == Kind::Deliver && answers(protocol, step)) return false;
  return std::ranges::all_of(step.before.in_flight, [&](const auto& each) {
    const bool is_reply = protocol.messages[static_cast<std::size_t>(each.first)].is_reply;
    return each.second.empty() || !is_reply;  // nobody has asked
  });
}

/// The message that the step consumes is the oldest, so that it comes first where links are queues.
Placement placement_of(const model::Protocol& protocol, const ConcreteStep& step) {
  Placement state;
  state.variables = step.before.variables;
  state.is_up = step.before.is_live;
  state.ghosts = step.before.ghosts;
  state.true_time = step.before.true_time;
  state.last = step.before.last;
  state.on_disk.resize(step.before.variables.size());
  if (step.kind == Kind::Crash)
    state.on_disk.at(static_cast<std::size_t>(step.process)) = step.on_disk;
  if (step.consumed) state.in_flight.push_back(instance_of(step.message, *step.consumed));
  for (const auto& [message, contents] : step.before.in_flight) {
    for (const Value& content : contents) {
      const bool is_consumed = message == step.message && content == step.consumed;
      if (!is_consumed) state.in_flight.push_back(instance_of(message, content));
    }
  }
  if (step.consumed && step.is_kept && !protocol.scenario.network_kept)
    state.in_flight.push_back(instance_of(step.message, *step.consumed));
  return state;
}

bool is_meant(const Label& label, const ConcreteStep& step) {
  switch (step.kind) {
    case Kind::Deliver:
      return label.kind == Label::Kind::Deliver && label.alternative == step.alternative &&
             label.message == instance_of(step.message, *step.consumed);
    case Kind::Act:
      return label.kind == Label::Kind::Act && label.alternative == step.alternative &&
             label.process == step.process;
    case Kind::Tick:
      return label.kind == Label::Kind::Tick;
    case Kind::Crash:
      return label.kind == Label::Kind::Crash && label.process == step.process;
    case Kind::Restart:
      return label.kind == Label::Kind::Restart && label.process == step.process;
    case Kind::Lose:
      return label.kind == Label::Kind::Lose &&
             label.message == instance_of(step.message, *step.consumed);
    case Kind::Elsewhere:
      return false;
  }
  return false;
}

bool is_same(const World& world, const ConcreteWhole& state) {
  if (world.error() || world.true_time() != state.true_time || world.ghosts() != state.ghosts)
    return false;
  const WorldView view(world);
  for (std::size_t p = 0; p < state.variables.size(); ++p)
    if (world.processes()[p].variables != state.variables[p] ||
        world.processes()[p].is_up != state.is_live[p])
      return false;
  return std::ranges::all_of(state.in_flight, [&](const auto& each) {
    return view.messages_in_flight(each.first) ==
           Value::set({each.second.begin(), each.second.end()});
  });
}

}  // namespace

std::optional<bool> takes_step(const model::Protocol& protocol, const ConcreteStep& step) {
  if (!can_be_placed(protocol, step)) return std::nullopt;
  const World before = World::placed(protocol, placement_of(protocol, step));
  const std::vector<Label> labels = before.enabled();
  return std::ranges::any_of(labels, [&](const Label& label) {
    if (!is_meant(label, step)) return false;
    if (step.now && (!label.reading || *label.reading != *step.now - step.before.true_time))
      return false;
    World after = before;
    return after.apply(label) && is_same(after, step.after);
  });
}

}  // namespace capstan::runtime
