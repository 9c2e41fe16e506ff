// SPDX-License-Identifier: MIT
// World: enabled labels, taking one, and the parts that steps are made of: the network, asks that
// close, budgets.
//
// What each kind of label does is in steps.cpp, which labels are tried in proposals.cpp, the bytes
// in canonical.cpp.
#include "runtime/execute/world.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "model/base/require.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/look.hpp"
#include "runtime/execute/story.hpp"

namespace capstan::runtime {

using model::Label;
using model::MessageInstance;
using model::ModelError;
using model::Token;
using model::TypeId;
using model::Value;

namespace {

/// By type, whether a value of it may hold tokens. Types refer to each other in any order: repeat
/// until nothing changes.
std::vector<bool> types_with_askers(const model::TypeTable& types) {
  std::vector<bool> holds(types.size());
  for (bool changed = true; changed;) {
    changed = false;
    for (std::uint32_t i = 0; i < types.size(); ++i) {
      const model::Type& type = types.at(TypeId{i});
      bool now = type.kind == model::Type::Kind::Asker || holds[type.key.index] ||
                 holds[type.element.index];
      for (const model::Type::Field& field : type.fields) now = now || holds[field.type.index];
      if (now == holds[i]) continue;
      holds[i] = true;
      changed = true;
    }
  }
  return holds;
}

/// Comprehensions in the initial value of a variable bind slots, but no frame says how many.
constexpr std::size_t kInitialValueSlots = 256;

}  // namespace

World::World(const model::Protocol& protocol)
    : protocol_(&protocol),
      holds_asker_(std::make_shared<const std::vector<bool>>(types_with_askers(protocol.types))) {
  processes_.resize(static_cast<std::size_t>(protocol.process_count()));
  cuts_.resize(protocol.scenario.faults.size());
  for (const model::Fault& fault : protocol.scenario.faults) budgets_.push_back(fault.limit);
  for (const model::Pool& pool : protocol.scenario.pools) pools_.push_back(pool.size);
  for (const model::Ghost& ghost : protocol.ghosts) ghosts_.push_back(ghost.initial);
  if (protocol.scenario.clocks) jumps_left_ = protocol.scenario.clocks->jumps;
}

model::Result<World> World::start(const model::Protocol& protocol, const Label& label) {
  World world(protocol);
  const model::Result<model::StepRecord> step = world.apply(label);
  if (!step) return step.failure();
  return world;
}

/// nullopt if with these answers it is no step.
std::optional<Successor> World::successor(const Label& proposal, Chooser& chooser) const {
  Successor successor{proposal, *this, {}, -1};
  Effects effects;
  try {
    successor.world.take(proposal, chooser, effects);
    successor.events = std::move(effects.events);
    successor.hops = effects.hops;
  } catch (const NotEnabled&) {
    return std::nullopt;
  } catch (const ModelError& error) {
    successor.world = *this;
    successor.world.has_started_ = true;
    successor.world.error_ = error;
  }
  if (proposal.choices.empty()) successor.label.choices = chooser.choices();
  successor.label.reading = chooser.offset();
  successor.label.start_readings = chooser.start_readings();
  return successor;
}

std::vector<Successor> World::successors() const {
  std::vector<Successor> all;
  for (const Label& proposal : proposals()) {
    Chooser chooser;
    do {
      if (std::optional<Successor> next = successor(proposal, chooser))
        all.push_back(std::move(*next));
    } while (chooser.advance());
  }
  return all;
}

std::optional<Successor> World::drawn_successor(
    const std::function<std::int64_t(std::int64_t)>& draw) const {
  const std::vector<Label> all = proposals();
  if (all.empty()) return std::nullopt;
  Chooser chooser(draw);
  return successor(all[static_cast<std::size_t>(draw(static_cast<std::int64_t>(all.size())))],
                   chooser);
}

std::vector<Label> World::enabled() const {
  std::vector<Label> labels;
  for (Successor& successor : successors()) labels.push_back(std::move(successor.label));
  return labels;
}

model::Result<model::StepRecord> World::apply(const Label& label) {
  if (error_) return model::Failure{"the run has ended in a model error"};
  const World before = *this;
  Effects effects;
  model::StepRecord record;
  record.label = label;
  try {
    const bool is_jump = label.kind == Label::Kind::Jump;  // its choice is a length
    Chooser chooser(is_jump ? std::vector<int>{} : label.choices, label);
    take(label, chooser, effects);
    chooser.require_all_made();
  } catch (const NotEnabled& refusal) {
    *this = before;
    return model::Failure{refusal.reason};
  } catch (const ModelError& error) {
    *this = before;
    has_started_ = true;
    error_ = error;
    effects.sent.clear();
    effects.discarded.clear();
    effects.dropped.clear();
    record.error = error.message;
    record.error_span = error.span;
  }
  record.hops = effects.hops;
  fill_record(before, *this, effects, record);
  return record;
}

Value World::value(const model::Expr& expression, const model::Frame& frame) const {
  const WorldView view(*this);
  std::vector<Value> locals(frame.slots.size());
  model::Environment environment;
  environment.protocol = protocol_;
  environment.locals = &locals;
  environment.ghosts = &ghosts_;
  environment.global = &view;
  environment.time_rules = time_rules_;
  return model::evaluate(expression, environment);
}

Sight World::sight(const WorldView& view) const {
  Sight sight{*protocol_, view, ghosts_, {}, true_time_, time_rules_};
  for (int process = 0; process < protocol_->process_count(); ++process)
    sight.readings.push_back(readings(process));
  return sight;
}

bool World::can_look(const model::Expr& condition, const model::Frame& frame, bool wanted) const {
  const WorldView view(*this);
  return look_for(sight(view), condition, frame, wanted).has_value();
}

model::Reasons World::reasons(const model::Expr& condition, const model::Frame& frame,
                              bool wanted) const {
  const WorldView view(*this);
  const Sight here = sight(view);
  const auto shown = look_for(here, condition, frame, wanted);
  CAPSTAN_REQUIRE(shown.has_value(), "reasons are asked for of what is so");
  model::Reasons reasons;
  with_shown(here, frame, *shown, [&](model::Environment& environment) {
    reasons = model::reasons_of(condition, frame, wanted, environment);
  });
  return reasons;
}

bool World::has_pending_operation(int process) const {
  return std::any_of(at(process).activations.begin(), at(process).activations.end(),
                     [](const Activation& a) { return a.kind == Activation::Kind::Operation; });
}

/// A script is over when nothing is pending and nothing is left to invoke: pools that are empty are
/// nothing.
bool World::is_done(int process) const {
  if (has_pending_operation(process)) return false;
  const std::vector<model::Step>& script =
      protocol_->scenario.scripts[static_cast<std::size_t>(process)];
  return std::all_of(script.begin() + at(process).script_position, script.end(),
                     [this](const model::Step& step) {
                       return step.kind == model::Step::Kind::AnyOperations &&
                              pools_[static_cast<std::size_t>(step.pool)] == 0;
                     });
}

bool World::is_blocked(int source, int destination) const {
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    if (blocks(i, cuts_[i], source, destination)) return true;
  }
  return false;
}

bool World::is_dropped(int source, int destination) const {
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    if (protocol_->scenario.faults[i].dropping && blocks(i, cuts_[i], source, destination))
      return true;
  }
  return false;
}

bool World::blocks(std::size_t clause, const Cut& cut, int source, int destination) const {
  const auto crosses = [&](const std::vector<int>& from, const std::vector<int>& to) {
    return std::find(from.begin(), from.end(), source) != from.end() &&
           std::find(to.begin(), to.end(), destination) != to.end();
  };
  return crosses(cut.group, cut.others) ||
         (!protocol_->scenario.faults[clause].one_way && crosses(cut.others, cut.group));
}

World World::placed(const model::Protocol& protocol, const Placement& state) {
  World world(protocol);
  world.has_started_ = true;
  world.true_time_ = state.true_time;
  world.ghosts_ = state.ghosts;
  const auto& clocks = protocol.scenario.clocks;
  for (int p = 0; p < protocol.process_count(); ++p) {
    const auto at = static_cast<std::size_t>(p);
    world.at(p).variables = state.variables.at(at);
    world.sync(p);
    if (!state.on_disk.empty() && !state.on_disk.at(at).empty())
      world.at(p).on_disk = state.on_disk.at(at);
    world.at(p).is_up = state.is_up.at(at);
    const bool remembers = clocks && (clocks->within >= 0 || clocks->is_free);
    if (remembers && protocol.role_of(p).reads_clock) world.at(p).clock.last = state.last.at(at);
  }
  Effects ignored;
  for (const model::MessageInstance& message : state.in_flight) world.put(message, false, ignored);
  return world;
}

model::Environment World::environment(int process, std::vector<Value>& locals) const {
  model::Environment environment;
  environment.protocol = protocol_;
  environment.locals = &locals;
  environment.variables = &at(process).variables;
  environment.ghosts = &ghosts_;
  environment.self = process;
  environment.time_rules = time_rules_;
  return environment;
}

Value World::initial_value(int process, const model::Variable& variable,
                           const std::vector<Value>& parameters, model::Clock& clock) const {
  std::vector<Value> locals(kInitialValueSlots);
  model::Environment here = environment(process, locals);
  here.variables = &parameters;
  here.clock = &clock;
  Value value = model::evaluate(*variable.initial, here);
  model::require_in_type(protocol_->types, variable.type, value,
                         fmt::format("the initial value of `{}`", variable.name), variable.span);
  return value;
}

std::vector<Value> World::initial_variables(int process, const std::vector<Value>& parameters,
                                            model::Clock& clock) const {
  std::vector<Value> values;
  for (const model::Variable& variable : protocol_->role_of(process).variables) {
    const bool is_given =
        variable.storage == model::Storage::Parameter && values.size() < parameters.size();
    values.push_back(is_given ? parameters[values.size()]
                              : initial_value(process, variable, values, clock));
  }
  return values;
}

/// Memory as it begins: while the process is down, as if its clock showed `least`; at the restart,
/// with what it shows.
void World::set_volatile(int process, model::Clock& clock) {
  const std::vector<model::Variable>& variables = protocol_->role_of(process).variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].storage == model::Storage::Volatile)
      at(process).variables[i] = initial_value(process, variables[i], at(process).variables, clock);
  }
}

std::size_t World::find_in_flight(const MessageInstance& message, int copy) const {
  const auto found = std::find_if(
      in_flight_.begin(), in_flight_.end(),
      [&](const model::MessageCopy& other) { return other.message == message && copy-- == 0; });
  return static_cast<std::size_t>(found - in_flight_.begin());
}

/// What a process sent earlier to the same one comes before, and copies are in order of sending.
bool World::is_first_of_its_queue(std::size_t position) const {
  const MessageInstance& message = in_flight_[position].message;
  return std::none_of(in_flight_.begin(),
                      in_flight_.begin() + static_cast<std::ptrdiff_t>(position),
                      [&](const model::MessageCopy& earlier) {
                        return earlier.message.source == message.source &&
                               earlier.message.destination == message.destination;
                      });
}

/// A request of an action replaces an equal one that nobody waits for any more, of several the
/// oldest, as if that had been lost.
void World::remove_replaced(const MessageInstance& request, Effects& effects) {
  if (request.token == Token{} || is_network_kept()) return;
  auto oldest = in_flight_.end();
  for (auto copy = in_flight_.begin(); copy != in_flight_.end(); ++copy) {
    MessageInstance other = copy->message;
    if (other.token != Token{}) continue;
    other.age = request.age;
    other.token = request.token;
    if (other == request && (oldest == in_flight_.end() || oldest->message.age < copy->message.age))
      oldest = copy;
  }
  if (oldest == in_flight_.end()) return;
  effects.discarded.push_back(oldest->id);
  in_flight_.erase(oldest);
}

/// With `merge` a message that equals one in flight is not sent again (S-6), however old that one
/// is.
void World::put(const MessageInstance& message, bool merge, Effects& effects) {
  const auto equals = [&](const model::MessageCopy& copy) {
    MessageInstance other = copy.message;
    other.age = message.age;
    other.chain = message.chain;
    return other == message;
  };
  if (merge && std::any_of(in_flight_.begin(), in_flight_.end(), equals)) return;
  if (merge) remove_replaced(message, effects);
  in_flight_.push_back({next_id_++, message});
  effects.sent.push_back(in_flight_.back());
  if (!is_dropped(message.source, message.destination)) return;
  effects.dropped.push_back(in_flight_.back().id);
  in_flight_.pop_back();
}

/// Nobody waits for this ask any more (S-1): its replies vanish, and its token is forgotten
/// wherever it stands.
void World::close_ask(int process, int slot, Effects& effects) {
  const Token token{process, slot};
  std::vector<model::MessageCopy> kept;
  for (model::MessageCopy& copy : in_flight_) {
    const model::Message& declared =
        protocol_->messages[static_cast<std::size_t>(copy.message.message)];
    if (copy.message.token == token && declared.is_reply) {
      effects.discarded.push_back(copy.id);
      continue;
    }
    if (copy.message.token == token) copy.message.token = Token{};
    for (std::size_t i = 0; i < copy.message.fields.size(); ++i) {
      copy.message.fields[i] = forget(declared.fields[i].type, copy.message.fields[i], token);
    }
    const bool is_double =
        std::any_of(kept.begin(), kept.end(),
                    [&](const model::MessageCopy& other) { return other.message == copy.message; });
    if (is_network_kept() && is_double) continue;  // two that differed by the token only
    kept.push_back(std::move(copy));
  }
  in_flight_ = std::move(kept);
  for (std::size_t p = 0; p < processes_.size(); ++p) {
    const model::Role& role = protocol_->role_of(static_cast<int>(p));
    Process& holder = processes_[p];
    for (std::size_t i = 0; i < holder.variables.size(); ++i) {
      holder.variables[i] = forget(role.variables[i].type, holder.variables[i], token);
      holder.on_disk[i] = forget(role.variables[i].type, holder.on_disk[i], token);
    }
    for (Activation& activation : holder.activations) {
      if (activation.asker == token) activation.asker = Token{};
      for (std::size_t i = 0; i < activation.locals.size(); ++i) {
        activation.locals[i] =
            forget(activation.code->frame.slots[i].type, activation.locals[i], token);
      }
    }
  }
  for (std::size_t i = 0; i < ghosts_.size(); ++i)
    ghosts_[i] = forget(protocol_->ghosts[i].type, ghosts_[i], token);
}

/// The operation of the client has ended: nothing serves it any more.
void World::end_chain(int client) {
  for (model::MessageCopy& copy : in_flight_)
    if (copy.message.chain.client == client) copy.message.chain = {};
  for (Process& process : processes_) {
    for (Activation& activation : process.activations) {
      if (activation.chain.client != client) continue;
      activation.chain = {};
      activation.awaited_hops = 0;
    }
  }
}

std::vector<bool> World::met_conditions(int process) const {
  std::vector<bool> met;
  for (const Activation& activation : at(process).activations) {
    met.push_back(false);
    if (activation.waiting->kind != model::StatementKind::WaitUntil) continue;
    std::vector<Value> locals = activation.locals;
    model::Environment here = environment(process, locals);
    here.sender = activation.sender;
    here.asker = activation.asker.as_value();
    try {
      met.back() = model::evaluate(*activation.waiting->value, here).truth();
    } catch (const ModelError&) {
      met.back() = false;
    }
  }
  return met;
}

/// `value` with every occurrence of the token replaced by nobody.
Value World::forget(TypeId type_id, const Value& value, Token token) const {
  if (value.is_none() || !(*holds_asker_)[type_id.index]) return value;
  const model::Type& type = protocol_->types.at(type_id);
  if (type.kind == model::Type::Kind::Asker) {
    return Token::from_value(value) == token ? Token{}.as_value() : value;
  }
  if (type.kind == model::Type::Kind::Option) return forget(type.element, value, token);
  std::vector<Value> elements;
  for (std::size_t i = 0; i < value.elements().size(); ++i) {
    const bool is_tuple = value.kind() == Value::Kind::Tuple;
    elements.push_back(
        forget(is_tuple ? type.fields[i].type : type.element, value.elements()[i], token));
  }
  return value.with_elements(std::move(elements));
}

/// What is written by now survives a crash. Of variables that are always written at once the copy
/// is none.
void World::sync(int process) {
  const std::vector<model::Variable>& variables = protocol_->role_of(process).variables;
  Process& writer = at(process);
  writer.on_disk.resize(variables.size());
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].storage == model::Storage::Unsynced) writer.on_disk[i] = writer.variables[i];
  }
}

/// A crash: each unsynced variable keeps what was written since the last `sync`, or has lost it.
void World::lose_what_is_unsynced(int process, Chooser& chooser) {
  const std::vector<model::Variable>& variables = protocol_->role_of(process).variables;
  Process& crashed = at(process);
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].storage != model::Storage::Unsynced) continue;
    if (crashed.variables[i] == crashed.on_disk[i]) continue;
    if (chooser.choose(2) == 1) crashed.variables[i] = crashed.on_disk[i];
  }
  sync(process);
}

int World::free_slot(int process) const {
  std::set<int> taken;
  for (const Activation& activation : at(process).activations) taken.insert(activation.slot);
  int slot = 0;
  while (taken.contains(slot)) ++slot;
  return slot;
}

void World::require_strike(const Label& label, model::Fault::Kind kind) const {
  const std::vector<model::Fault>& faults = protocol_->scenario.faults;
  const auto clause = static_cast<std::size_t>(label.fault);
  if (label.fault < 0 || clause >= faults.size() || faults[clause].kind != kind)
    throw NotEnabled{"there is no such fault clause"};
  const model::Fault& fault = faults[clause];
  const auto is_among = [](const auto& list, const auto& element) {
    return std::find(list.begin(), list.end(), element) != list.end();
  };
  if (!is_among(fault.subjects, label.process)) throw NotEnabled{"the clause spares this process"};
  const bool is_crash = kind == model::Fault::Kind::Crash;
  const auto struck = std::count_if(fault.subjects.begin(), fault.subjects.end(), [&](int p) {
    return is_crash ? !at(p).is_up : at(p).is_paused;
  });
  if (fault.at_once > 0 && struck >= fault.at_once)
    throw NotEnabled{"that would be too many of them at once"};
  if (!fault.among) return;
  const WorldView view(*this);
  std::vector<Value> locals(fault.among_frame.slots.size());
  model::Environment here;
  here.protocol = protocol_;
  here.locals = &locals;
  here.ghosts = &ghosts_;
  here.global = &view;
  const Value among = model::evaluate(*fault.among, here);
  const Value process = Value::integer(label.process);
  if (!(among.kind() == Value::Kind::Set ? is_among(among.elements(), process) : among == process))
    throw NotEnabled{"the clause spares this process in this state"};
}

/// Takes one strike out of the budget of the label's clause, or of the first clause that allows it
/// if the label names none.
void World::use_budget(const Label& label, model::Fault::Kind kind, int message) {
  for (std::size_t i = 0; i < budgets_.size(); ++i) {
    const model::Fault& fault = protocol_->scenario.faults[i];
    if (label.fault >= 0 && label.fault != static_cast<int>(i)) continue;
    if (fault.kind != kind || budgets_[i] == 0) continue;
    if (fault.message >= 0 && fault.message != message) continue;
    --budgets_[i];
    return;
  }
  throw NotEnabled{"no fault clause allows it, or its budget is used up"};
}

const std::vector<Value>& WorldView::variables(int process) const {
  return world_.processes()[static_cast<std::size_t>(process)].variables;
}

bool WorldView::is_live(int process) const {
  return world_.processes()[static_cast<std::size_t>(process)].is_up;
}

Value WorldView::messages_in_flight(int message) const {
  return messages_among(world_.in_flight(), message);
}

Value messages_among(const std::vector<model::MessageCopy>& in_flight, int message) {
  std::vector<Value> found;
  for (const model::MessageCopy& copy : in_flight) {
    if (copy.message.message != message) continue;
    std::vector<Value> fields = copy.message.fields;
    fields.push_back(Value::integer(copy.message.source));
    fields.push_back(Value::integer(copy.message.destination));
    found.push_back(Value::tuple(std::move(fields)));
  }
  return Value::set(std::move(found));
}

std::vector<Label> initial_labels(const model::Protocol& protocol) {
  return World(protocol).enabled();
}

}  // namespace capstan::runtime
