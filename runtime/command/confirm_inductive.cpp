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

bool is_one_way(const model::Protocol& protocol, int message) {
  const model::Message& of = protocol.messages[static_cast<std::size_t>(message)];
  return !of.is_reply && of.reply < 0;
}

/// Whether World::placed can be in the state, and its labels say what the step is.
bool can_be_placed(const model::Protocol& protocol, const ConcreteStep& step) {
  if (step.kind == Kind::Elsewhere || step.has_own_params || protocol.scenario.is_timely)
    return false;
  if (step.kind == Kind::Lose || (step.consumed && !is_one_way(protocol, step.message)))
    return false;
  for (const auto& [message, contents] : step.before.in_flight)
    if (!contents.empty() && !is_one_way(protocol, message)) return false;
  return true;
}

Placement placement_of(const ConcreteStep& step) {
  Placement state;
  state.variables = step.before.variables;
  state.is_up = step.before.is_live;
  state.ghosts = step.before.ghosts;
  state.true_time = step.before.true_time;
  state.last = step.before.last;
  bool has_consumed = false;
  for (const auto& [message, contents] : step.before.in_flight) {
    for (const Value& content : contents) {
      state.in_flight.push_back(instance_of(message, content));
      has_consumed = has_consumed || (message == step.message && content == step.consumed);
    }
  }
  if (!step.consumed) return state;
  if (!has_consumed || step.is_kept)
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
  const World before = World::placed(protocol, placement_of(step));
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
