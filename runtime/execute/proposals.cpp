// SPDX-License-Identifier: MIT
// proposals: labels that may be enabled, each once and without choices. World::take decides.
//
// Too many are harmless and too few are not, so these functions test only what they must know to
// write the label down.
#include <algorithm>
#include <numeric>
#include <set>
#include <utility>

#include "model/system/participants.hpp"
#include "runtime/execute/activation_label.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

using model::Label;
using model::Value;

namespace {

/// Calls `body` with every way to take one value of each list.
template <typename Body>
void for_each_combination(const std::vector<std::vector<Value>>& lists, std::vector<Value>& chosen,
                          const Body& body) {
  if (chosen.size() == lists.size()) {
    body();
    return;
  }
  for (const Value& value : lists[chosen.size()]) {
    chosen.push_back(value);
    for_each_combination(lists, chosen, body);
    chosen.pop_back();
  }
}

Label label_of(Label::Kind kind, int process) {
  Label label;
  label.kind = kind;
  label.process = process;
  return label;
}

void propose_operation(const model::Protocol& protocol, Label label, const std::vector<Value>& keys,
                       const std::vector<std::vector<Value>>& inputs, std::vector<Label>& out) {
  const bool has_key = protocol.objects[static_cast<std::size_t>(label.object)].has_key;
  for (const Value& key : has_key ? keys : std::vector<Value>{Value::none()}) {
    label.key = key;
    label.args.clear();
    for_each_combination(inputs, label.args, [&] { out.push_back(label); });
  }
}

}  // namespace

std::vector<Value> bound_values(const std::vector<model::Binder>& binders,
                                const std::vector<Value>& locals) {
  std::vector<Value> values;
  for (const model::Binder& binder : binders) {
    for (const int slot : binder.slots) values.push_back(locals.at(static_cast<std::size_t>(slot)));
  }
  return values;
}

Label resume_label(int process, const Activation& activation) {
  Label label = label_of(Label::Kind::Resume, process);
  label.at = activation.waiting->span.begin;
  for (const int slot : activation.waiting->live_slots) {
    label.locals.push_back(activation.locals[static_cast<std::size_t>(slot)]);
  }
  if (const auto& ask = activation.waiting->ask; ask && ask->result_slot >= 0)
    label.locals.push_back(activation.locals[static_cast<std::size_t>(ask->result_slot)]);
  label.message.source = activation.sender;
  label.message.token = activation.asker;
  return label;
}

std::vector<std::size_t> activations_like(const std::vector<Activation>& activations,
                                          const Label& label) {
  // A label that names no sender fits whomever the activation handles.
  const bool names_sender = !(label.message == model::MessageInstance{});
  std::vector<std::pair<std::vector<std::vector<std::vector<Value>>>, std::size_t>> alike;
  for (std::size_t i = 0; i < activations.size(); ++i) {
    if (activations[i].slot >= 0) continue;
    const Label own = resume_label(label.process, activations[i]);
    if (own.at != label.at || own.locals != label.locals) continue;
    if (names_sender && !(own.message == label.message)) continue;
    std::vector<std::vector<std::vector<Value>>> turns;
    for (const Cursor& cursor : activations[i].stack) turns.push_back(cursor.turns);
    alike.emplace_back(std::move(turns), i);
  }
  std::sort(alike.begin(), alike.end());
  std::vector<std::size_t> positions;
  for (std::size_t i = 0; i < alike.size(); ++i) {
    if (i == 0 || alike[i].first != alike[i - 1].first) positions.push_back(alike[i].second);
  }
  return positions;
}

std::vector<Label> World::proposals() const {
  std::vector<Label> out;
  if (error_) return out;
  if (!has_started_) {
    propose_starts(out);
    return out;
  }
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (!at(process).is_up || at(process).is_paused) continue;
    propose_invocations(process, out);
    propose_actions(process, out);
    propose_activations(process, out);
  }
  propose_messages(out);
  propose_faults(out);
  propose_time(out);
  return out;
}

void World::propose_starts(std::vector<Label>& out) const {
  const int choices = std::max(1, static_cast<int>(protocol_->scenario.parameter_choices.size()));
  for (int choice = 0; choice < choices; ++choice) {
    Label& label = out.emplace_back();
    label.parameter_choice = choice;
  }
}

void World::propose_invocations(int process, std::vector<Label>& out) const {
  const auto& script = protocol_->scenario.scripts[static_cast<std::size_t>(process)];
  for (int position = at(process).script_position; position < static_cast<int>(script.size());
       ++position) {
    const model::Step& step = script[static_cast<std::size_t>(position)];
    Label label = label_of(Label::Kind::Invoke, process);
    label.script_position = position;
    if (step.kind == model::Step::Kind::WaitUntil) label.kind = Label::Kind::PassWait;
    if (step.kind == model::Step::Kind::WaitUntil) out.push_back(label);
    if (step.kind == model::Step::Kind::Operation) {
      label.object = step.object;
      label.op = step.op;
      std::vector<std::vector<Value>> inputs;
      for (const model::Input& input : step.inputs) inputs.push_back(input.values);
      propose_operation(*protocol_, label, step.key.values, inputs, out);
    }
    if (step.kind != model::Step::Kind::AnyOperations) return;  // a pool may be left at any time
    for (const model::Operation& operation : protocol_->role_of(process).operations) {
      label.object = operation.object;
      label.op = operation.op;
      const model::Object& object = protocol_->objects[static_cast<std::size_t>(operation.object)];
      std::vector<std::vector<Value>> inputs;
      for (const auto& parameter : object.ops[static_cast<std::size_t>(operation.op)].parameters) {
        inputs.push_back(protocol_->types.domain(parameter.type).value_or(std::vector<Value>{}));
      }
      std::vector<Value> keys;
      if (object.has_key) keys = protocol_->types.domain(object.key).value_or(std::vector<Value>{});
      propose_operation(*protocol_, label, keys, inputs, out);
    }
  }
}

void World::propose_actions(int process, std::vector<Label>& out) const {
  const std::vector<model::Action>& actions = protocol_->role_of(process).actions;
  for (std::size_t i = 0; i < actions.size(); ++i) {
    Label label = label_of(Label::Kind::Act, process);
    label.alternative = static_cast<int>(i);
    std::vector<Value> locals(actions[i].code.frame.slots.size());
    model::Environment here = environment(process, locals);
    std::set<std::vector<Value>> seen;
    try {
      model::for_each_binding(actions[i].binders, actions[i].binders_where.get(), here, [&] {
        label.args = bound_values(actions[i].binders, locals);
        if (seen.insert(label.args).second) out.push_back(label);
        return true;
      });
    } catch (const model::ModelError&) {
      label.args.clear();  // taking it meets the error again
      if (seen.insert(label.args).second) out.push_back(label);
    }
  }
}

void World::propose_activations(int process, std::vector<Label>& out) const {
  std::vector<Label> waits;
  for (const Activation& activation : at(process).activations) {
    if (activation.slot >= 0) {
      Label label = label_of(Label::Kind::GiveUp, process);
      label.slot = activation.slot;
      out.push_back(label);
      continue;
    }
    Label label = resume_label(process, activation);
    if (std::find(waits.begin(), waits.end(), label) != waits.end()) continue;
    waits.push_back(label);
    const std::size_t count = activations_like(at(process).activations, label).size();
    out.push_back(label);
    for (std::size_t i = 1; i < count; ++i) {
      label.alternative = static_cast<int>(i);
      out.push_back(label);
    }
  }
}

void World::propose_messages(std::vector<Label>& out) const {
  for (std::size_t i = 0; i < in_flight_.size(); ++i) {
    const model::MessageInstance& message = in_flight_[i].message;
    if (find_in_flight(message) != i) {  // equal copies are one step, but for losing one in a queue
      if (protocol_->scenario.network_fifo) propose_losses(i, out);
      continue;
    }
    Label label = label_of(Label::Kind::Deliver, message.destination);
    label.message = message;
    std::vector<Label> deliveries;
    if (protocol_->messages[static_cast<std::size_t>(message.message)].is_reply)
      deliveries.push_back(label);
    const std::vector<model::Handler>& handlers = protocol_->role_of(message.destination).handlers;
    for (std::size_t handler = 0; handler < handlers.size(); ++handler) {
      if (handlers[handler].message != message.message) continue;
      label.alternative = static_cast<int>(handler);
      deliveries.push_back(label);
    }
    out.insert(out.end(), deliveries.begin(), deliveries.end());
    propose_losses(i, out);
    for (std::size_t fault = 0; fault < protocol_->scenario.faults.size(); ++fault) {
      if (protocol_->scenario.faults[fault].kind != model::Fault::Kind::Duplicate) continue;
      for (Label duplicate : deliveries) {
        duplicate.kind = Label::Kind::Duplicate;
        duplicate.fault = static_cast<int>(fault);
        out.push_back(std::move(duplicate));
      }
    }
  }
}

void World::propose_losses(std::size_t position, std::vector<Label>& out) const {
  const model::MessageInstance& message = in_flight_[position].message;
  Label loss = label_of(Label::Kind::Lose, message.destination);
  loss.message = message;
  const auto earlier =
      std::count_if(in_flight_.begin(), in_flight_.begin() + static_cast<std::ptrdiff_t>(position),
                    [&](const model::MessageCopy& other) { return other.message == message; });
  if (earlier > 0) loss.alternative = static_cast<int>(earlier);
  for (std::size_t fault = 0; fault < protocol_->scenario.faults.size(); ++fault) {
    if (protocol_->scenario.faults[fault].kind != model::Fault::Kind::Lose) continue;
    loss.fault = static_cast<int>(fault);
    out.push_back(loss);
  }
}

void World::propose_faults(std::vector<Label>& out) const {
  for (int process = 0; process < protocol_->process_count(); ++process) {
    if (!at(process).is_up) out.push_back(label_of(Label::Kind::Restart, process));
    if (at(process).is_paused) out.push_back(label_of(Label::Kind::Unpause, process));
  }
  for (std::size_t i = 0; i < protocol_->scenario.faults.size(); ++i) {
    const model::Fault& fault = protocol_->scenario.faults[i];
    const int clause = static_cast<int>(i);
    if (fault.kind == model::Fault::Kind::Partition && cuts_[i].group.empty())
      propose_cuts(clause, out);
    if (fault.kind == model::Fault::Kind::Partition && !cuts_[i].group.empty()) {
      out.push_back(label_of(Label::Kind::Heal, -1));
      out.back().fault = clause;
    }
    for (const int process : fault.subjects) {
      const bool is_crash = fault.kind == model::Fault::Kind::Crash;
      out.push_back(label_of(is_crash ? Label::Kind::Crash : Label::Kind::Pause, process));
      out.back().fault = clause;
    }
  }
}

/// The process on whose side of every cut this one stands: its home, the home of that, and so on;
/// itself if it has none.
int World::side_of_home(int process) const {
  for (int hops = 0; hops < protocol_->process_count(); ++hops) {
    const int slot = protocol_->home_slot(protocol_->role_of(process));
    if (slot < 0) return process;
    process = static_cast<int>(at(process).variables[static_cast<std::size_t>(slot)].number());
  }
  return process;
}

/// The links, of those that some message may use, that the cut would block, sorted.
std::vector<std::pair<int, int>> World::links_cut(const Label& label) const {
  const auto clause = static_cast<std::size_t>(label.fault);
  std::vector<std::pair<int, int>> links;
  for (int source = 0; source < protocol_->process_count(); ++source) {
    for (int destination = 0; destination < protocol_->process_count(); ++destination) {
      if (protocol_->is_used_link(source, destination) &&
          blocks(clause, {label.group, label.others}, source, destination))
        links.emplace_back(source, destination);
    }
  }
  return links;
}

/// Every way to put each of the processes on the one side or the other, each with its home; without
/// `one_way` the first process is on the first side. What is on neither side is cut from nobody.
void World::propose_splits(const std::vector<int>& processes, bool one_way, Label label,
                           std::vector<Label>& out) const {
  std::vector<bool> first_side(static_cast<std::size_t>(protocol_->process_count()));
  const auto side = [&](int process) { return first_side[static_cast<std::size_t>(process)]; };
  // Counts through all ways; false after the last.
  const auto next = [&] {
    for (std::size_t i = one_way ? 0 : 1; i < processes.size(); ++i) {
      const auto process = static_cast<std::size_t>(processes[i]);
      first_side[process] = !first_side[process];
      if (first_side[process]) return true;
    }
    return false;
  };
  if (!one_way) first_side[static_cast<std::size_t>(processes.front())] = true;
  do {
    label.group.clear();
    label.others.clear();
    bool keeps_homes = true;
    for (const int process : processes) {
      (side(process) ? label.group : label.others).push_back(process);
      keeps_homes = keeps_homes && side(process) == side(side_of_home(process));
    }
    if (keeps_homes && !label.group.empty() && !label.others.empty()) out.push_back(label);
  } while (next());
}

/// The cuts that the clause may make (S-9): one for each set of used links that it blocks.
void World::propose_cuts(int fault, std::vector<Label>& out) const {
  const model::Fault& clause = protocol_->scenario.faults[static_cast<std::size_t>(fault)];
  Label label = label_of(Label::Kind::Cut, -1);
  label.fault = fault;
  std::vector<Label> all;
  std::vector<int> everybody(static_cast<std::size_t>(protocol_->process_count()));
  std::iota(everybody.begin(), everybody.end(), 0);
  if (clause.named) {
    label.group = clause.from;
    label.others = clause.to;
    all.push_back(label);
  } else if (!clause.bridging) {
    propose_splits(everybody, clause.one_way, label, all);
  } else {
    for (const int bridge : everybody) {
      if (side_of_home(bridge) != bridge) continue;  // it is part of its home's bridge
      std::vector<int> rest = everybody;
      bool is_bridge = false;
      std::erase_if(rest, [&](int process) {
        const bool is_at_home = side_of_home(process) == bridge;
        is_bridge = is_bridge || (is_at_home && model::has_link(*protocol_, process));
        return is_at_home;
      });
      if (is_bridge && !rest.empty()) propose_splits(rest, clause.one_way, label, all);
    }
  }
  std::set<std::vector<std::pair<int, int>>> known;
  for (Label& split : all) {
    std::sort(split.group.begin(), split.group.end());
    std::sort(split.others.begin(), split.others.end());
    std::vector<std::pair<int, int>> links = links_cut(split);
    if (!links.empty() && known.insert(std::move(links)).second) out.push_back(std::move(split));
  }
}

}  // namespace capstan::runtime
