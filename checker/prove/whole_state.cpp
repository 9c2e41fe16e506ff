// SPDX-License-Identifier: MIT
#include "checker/prove/whole_state.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "checker/symbolic/guards.hpp"
#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;
using model::Fault;
using model::StatementKind;
using model::Storage;
using model::TypeId;
using model::Value;

namespace {

/// Looks through a condition and all functions that it calls.
class Reader {
 public:
  explicit Reader(const model::Protocol& protocol) : protocol_(protocol) {}

  std::set<int> asked;
  bool reads_clocks = false, reads_true_time = false;

  void read(const Expr& expr, bool is_inside_process) {
    model::for_each_node(expr, [&](const Expr& node) {
      if (node.kind == ExprKind::MessagesInFlight) asked.insert(node.index);
      if (node.kind == ExprKind::Now) (is_inside_process ? reads_clocks : reads_true_time) = true;
      const bool is_other = node.kind == ExprKind::OtherCall;
      if (!is_other && node.kind != ExprKind::Call) return;
      const bool is_inside = is_inside_process || is_other;
      if (!seen_.emplace(node.index, is_inside).second) return;
      const auto& value = protocol_.functions[static_cast<std::size_t>(node.index)].value;
      if (value) read(*value, is_inside);
    });
  }

 private:
  const model::Protocol& protocol_;
  std::set<std::pair<int, bool>> seen_;
};

/// Whether values of the type can be told apart by the numbers and truths in them.
bool is_plain(const model::TypeTable& types, TypeId id) {
  using Kind = model::Type::Kind;
  const model::Type& type = types.at(id);
  switch (type.kind) {
    case Kind::Option:
      return is_plain(types, type.element);
    case Kind::Tuple:
    case Kind::Message:
      return std::ranges::all_of(type.fields,
                                 [&](const auto& field) { return is_plain(types, field.type); });
    case Kind::Set:
    case Kind::Map:
    case Kind::Sequence:
    case Kind::Asker:
    case Kind::Unknown:
    case Kind::EmptyBraces:
    case Kind::EmptyBrackets:
      return false;
    case Kind::Bool:
    case Kind::Int:
    case Kind::Range:
    case Kind::Enumeration:
    case Kind::Process:
    case Kind::Time:
    case Kind::None:
      return true;
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

}  // namespace

Claim::Claim(const model::Protocol& of, const model::Expectation& claimed, Omissions left_out)
    : protocol(of), expectation(claimed), omitted(std::move(left_out)) {
  Reader reader(protocol);
  reader.read(*expectation.condition, false);
  asked = std::move(reader.asked);
  reads_clocks = reader.reads_clocks;
  reads_true_time = reader.reads_true_time;
  may_crash.resize(static_cast<std::size_t>(protocol.process_count()));
  may_be_lost.resize(protocol.messages.size());
  for (const Fault& fault : protocol.scenario.faults) {
    if (fault.limit == 0) continue;
    if (fault.kind == Fault::Kind::Crash)
      for (const int process : fault.subjects) may_crash[static_cast<std::size_t>(process)] = true;
    const bool loses =
        fault.kind == Fault::Kind::Lose || (fault.kind == Fault::Kind::Partition && fault.dropping);
    for (std::size_t i = 0; i < may_be_lost.size() && loses; ++i)
      if (fault.message < 0 || fault.message == static_cast<int>(i)) may_be_lost[i] = true;
  }
}

void Claim::tell_of_all_messages() {
  for (std::size_t i = 0; i < protocol.messages.size(); ++i)
    if (is_plain(protocol.types, protocol.messages[i].in_flight)) asked.insert(static_cast<int>(i));
}

std::string Claim::message_text(int index, const Value& content) const {
  return protocol.types.format(message(index).in_flight, content);
}

int Claim::message_of(TypeId in_flight) const {
  const auto found = std::ranges::find_if(protocol.messages, [&](const model::Message& message) {
    return message.in_flight == in_flight;
  });
  CAPSTAN_REQUIRE(found != protocol.messages.end(), "the type of some message");
  return static_cast<int>(found - protocol.messages.begin());
}

bool Claim::reads_clock(const Expr& part) const {
  Reader reader(protocol);
  reader.read(part, false);
  return reader.reads_clocks;
}

std::vector<int> Claim::members(int role) const {
  const model::Role& of = protocol.roles[static_cast<std::size_t>(role)];
  std::vector<int> all;
  for (int i = 0; i < of.count; ++i) all.push_back(of.first_process + i);
  return all;
}

void Claim::require_clocks() const {
  const auto& clocks = protocol.scenario.clocks;
  if (!clocks) return;
  if (clocks->drift_per > 0) throw CannotEncode{"`clocks drift`", clocks->span};
  if (clocks->jumps > 0) throw CannotEncode{"`clocks jump`", clocks->span};
}

WholeStates::WholeStates(const Claim& claim, Setting& setting, Given given)
    : claim_(claim), setting_(setting) {
  claim_.require_clocks();
  choose_params(given);
  choose_role_params();
  const auto& clocks = claim_.protocol.scenario.clocks;
  if (!clocks || !clocks->within_expr) return;
  Scene scene(setting_.universe);
  scene.locals.assign(static_cast<std::size_t>(model::slots_used(*clocks->within_expr)), nullptr);
  skew_ = number_of(setting_.encoder.evaluate(*clocks->within_expr, scene));
  facts.push_back(*skew_ >= 0);
}

void WholeStates::choose_params(Given given) {
  const model::Expectation& expectation = claim_.expectation;
  params.resize(claim_.protocol.params.size());
  for (const int index : expectation.free_params) {
    const model::Param& param = claim_.protocol.params[static_cast<std::size_t>(index)];
    const TermPtr any = setting_.universe.fresh(param.type, "param " + param.name);
    params[static_cast<std::size_t>(index)] = any;
    setting_.encoder.set_param(index, any);
    prefer_small(any);
  }
  derive_params();
  if (!expectation.given || given == Given::Ignored) return;
  Scene scene(setting_.universe);
  scene.locals.assign(expectation.given_frame.slots.size(), nullptr);
  facts.push_back(setting_.encoder.judged(*expectation.given, scene));
}

/// A param whose value follows from a free one is free with it: it is what its definition makes of
/// that, in its type.
void WholeStates::derive_params() {
  if (claim_.omits(Duty::DerivedParams)) return;
  for (const int index : claim_.expectation.derived_params) {
    const model::Param& param = claim_.protocol.params[static_cast<std::size_t>(index)];
    Scene scene(setting_.universe);
    scene.locals.assign(static_cast<std::size_t>(model::slots_used(*param.definition)), nullptr);
    const auto [value, has_value] = setting_.encoder.value_of(*param.definition, scene);
    params[static_cast<std::size_t>(index)] = value;
    setting_.encoder.set_param(index, value);
    facts.push_back(and_of(has_value, setting_.universe.is_storable(value, param.type)));
  }
}

/// The values of role params are those that the scenario gives, all of one choice.
void WholeStates::choose_role_params() {
  const model::Protocol& protocol = claim_.protocol;
  const auto& choices = protocol.scenario.parameter_choices;
  for (int p = 0; p < protocol.process_count(); ++p) {
    role_params_.emplace_back();
    for (const model::Variable& variable : protocol.role_of(p).variables) {
      if (variable.storage != Storage::Parameter) break;
      role_params_.back().push_back(setting_.universe.fresh(
          variable.type, fmt::format("{}.{}", claim_.process_name(p), variable.name)));
    }
  }
  z3::expr some = setting_.universe.truth(choices.empty());
  for (const auto& choice : choices) {
    z3::expr all = setting_.universe.truth(true);
    for (std::size_t p = 0; p < choice.size(); ++p) {
      const auto& variables = protocol.role_of(static_cast<int>(p)).variables;
      for (std::size_t i = 0; i < choice[p].size(); ++i) {
        const TypeId type = variables[i].type;
        all = and_of(all,
                     setting_.universe.equal(role_params_[p].at(i),
                                             setting_.universe.constant(choice[p][i], type), type));
      }
    }
    some = or_of(some, all);
  }
  if (!is_true(some)) facts.push_back(some);
}

z3::expr WholeStates::time_constant(const std::string& name) {
  const z3::expr number = setting_.universe.any_number(name);
  small.push_back(number);
  return number;
}

void WholeStates::prefer_small(const TermPtr& term) {
  if (!term) return;
  if (term->kind == Term::Kind::Number) small.push_back(*term->scalar);
  for (const TermPtr& part : term->parts) prefer_small(part);
}

TermPtr WholeStates::messages(int message, WholeState& state) {
  Universe& universe = setting_.universe;
  const std::string& name = claim_.message(message).name;
  const TypeId type = claim_.message(message).in_flight;
  if (universe.scope() != Universe::Scope::Few)
    return universe.fresh_set(type, "in flight " + name);
  std::vector<MessageSlot>& slots = state.slots[message];
  for (int i = 0; i < few_messages; ++i) {
    const std::string slot = fmt::format("{} {}", name, i + 1);
    const z3::expr is_there = universe.any_truth(slot + "?");
    slots.push_back({is_there, universe.fresh(type, slot)});
    prefer_small(slots.back().content);
    for (int j = 0; j < i; ++j) {
      const MessageSlot& other = slots[static_cast<std::size_t>(j)];
      facts.push_back(
          implies_of(and_of(is_there, other.is_there),
                     not_of(universe.equal(slots.back().content, other.content, type))));
    }
  }
  std::vector<std::pair<z3::expr, TermPtr>> members;
  for (const MessageSlot& slot : slots) members.emplace_back(slot.is_there, slot.content);
  return listed_term(
      [&universe, members, type](const TermPtr& wanted) {
        z3::expr some = universe.truth(false);
        for (const auto& [is_there, content] : members)
          some = or_of(some, and_of(is_there, universe.equal(wanted, content, type)));
        return some;
      },
      members);
}

WholeState WholeStates::any() {
  const model::Protocol& protocol = claim_.protocol;
  Universe& universe = setting_.universe;
  WholeState state(time_constant("true time"));
  facts.push_back(state.true_time >= 0);
  for (int p = 0; p < protocol.process_count(); ++p) {
    state.variables.push_back(role_params_[static_cast<std::size_t>(p)]);
    std::vector<TermPtr>& own = state.variables.back();
    const auto& variables = protocol.role_of(p).variables;
    const std::string& name = claim_.process_name(p);
    while (own.size() < variables.size()) {
      const model::Variable& variable = variables[own.size()];
      own.push_back(universe.fresh(variable.type, fmt::format("{}.{}", name, variable.name)));
      prefer_small(own.back());
    }
    const bool may_crash = claim_.may_crash[static_cast<std::size_t>(p)];
    state.is_live.push_back(may_crash ? universe.any_truth(name + " up") : universe.truth(true));
    state.last.push_back(time_constant(name + " last"));
    if (skew_) facts.push_back(state.last.back() <= state.true_time + *skew_);
  }
  for (std::size_t i = 0; i < protocol.ghosts.size(); ++i)
    state.ghosts.push_back(
        universe.fresh(protocol.ghosts[i].type, "ghost " + protocol.ghosts[i].name));
  for (const int message : claim_.asked) state.in_flight[message] = messages(message, state);
  return state;
}

TermPtr WholeStates::now_at_start() const {
  const bool is_any_skew = skew_ && !claim_.expectation.free_params.empty();
  if (has_clocks() && (is_any_skew || claim_.protocol.scenario.clocks->may_vary())) return nullptr;
  return time_term(setting_.universe.truth(true), setting_.universe.context().int_val(0));
}

TermPtr WholeStates::initial_value(int process, std::size_t slot,
                                   const std::vector<TermPtr>& variables, const TermPtr& now) {
  const model::Variable& variable = claim_.protocol.role_of(process).variables[slot];
  CAPSTAN_REQUIRE(variable.initial != nullptr, "every variable begins with a value");
  Scene scene(setting_.universe);
  scene.self = setting_.universe.number(process);
  scene.variables = variables;
  scene.now = now;
  scene.locals.assign(static_cast<std::size_t>(model::slots_used(*variable.initial)), nullptr);
  try {
    TermPtr value = setting_.encoder.evaluate(*variable.initial, scene);
    if (value->kind != Term::Kind::Opaque)
      setting_.encoder.note_error(scene,
                                  not_of(setting_.universe.is_storable(value, variable.type)));
    return value;
  } catch (const CannotEncode& reason) {
    return opaque_term(reason);
  }
}

WholeState WholeStates::at_start() {
  const model::Protocol& protocol = claim_.protocol;
  Universe& universe = setting_.universe;
  WholeState state(universe.context().int_val(0));
  for (int p = 0; p < protocol.process_count(); ++p) {
    state.variables.push_back(role_params_[static_cast<std::size_t>(p)]);
    std::vector<TermPtr>& own = state.variables.back();
    const std::vector<TermPtr> params_only = own;
    own.resize(protocol.role_of(p).variables.size());
    for (std::size_t i = params_only.size(); i < own.size(); ++i)
      own[i] = initial_value(p, i, params_only, now_at_start());
    state.is_live.push_back(universe.truth(true));
    state.last.push_back(time_constant(claim_.process_name(p) + " last"));
    if (skew_) facts.push_back(state.last.back() <= *skew_);
  }
  for (const model::Ghost& ghost : protocol.ghosts)
    state.ghosts.push_back(universe.constant(ghost.initial, ghost.type));
  for (const int message : claim_.asked)
    state.in_flight[message] =
        listed_term([&universe](const TermPtr&) { return universe.truth(false); }, {});
  return state;
}

Scene WholeStates::scene(const WholeState& state, const Readings& readings,
                         std::size_t slots) const {
  const auto whole = std::make_shared<Whole>();
  whole->variables = state.variables;
  whole->in_flight.resize(claim_.protocol.messages.size());
  for (const auto& [message, set] : state.in_flight)
    whole->in_flight[static_cast<std::size_t>(message)] = set;
  for (const z3::expr& is_live : state.is_live) whole->is_live.push_back(truth_term(is_live));
  const z3::expr is_real = setting_.universe.truth(true);
  for (const z3::expr& reading : readings) whole->readings.push_back(time_term(is_real, reading));
  Scene scene(setting_.universe);
  scene.whole = whole;
  scene.ghosts = state.ghosts;
  if (has_clocks()) scene.now = time_term(is_real, state.true_time);
  scene.locals.assign(slots, nullptr);
  return scene;
}

z3::expr WholeStates::holds(const WholeState& state, const Readings& readings) {
  const model::Expectation& expectation = claim_.expectation;
  return setting_.encoder.judged(*expectation.condition,
                                 scene(state, readings, expectation.frame.slots.size()));
}

std::vector<z3::expr> WholeStates::parts(const WholeState& state, const Readings& readings) {
  const model::Expectation& expectation = claim_.expectation;
  const Scene here = scene(state, readings, expectation.frame.slots.size());
  std::vector<z3::expr> plain, timed;
  for (const Expr* part : conjuncts_of(expectation.condition.get())) {
    std::vector<z3::expr>& into = claim_.reads_clock(*part) ? timed : plain;
    into.push_back(setting_.encoder.judged(*part, here, Encoder::Errors::All));
  }
  plain.insert(plain.end(), timed.begin(), timed.end());
  return plain;
}

z3::expr WholeStates::is_admissible(const WholeState& state, int process,
                                    const z3::expr& reading) const {
  const auto& clocks = claim_.protocol.scenario.clocks;
  CAPSTAN_REQUIRE(clocks.has_value(), "clocks that show something");
  const z3::expr& last = state.last[static_cast<std::size_t>(process)];
  if (clocks->is_free) return reading >= last && reading >= 0;
  if (!skew_) return reading == state.true_time;
  return reading >= state.true_time - *skew_ && reading <= state.true_time + *skew_ &&
         reading >= last;
}

z3::expr WholeStates::are_admissible(const WholeState& state, const Readings& readings) const {
  z3::expr all = setting_.universe.truth(true);
  for (std::size_t p = 0; p < readings.size(); ++p)
    all = and_of(all, is_admissible(state, static_cast<int>(p), readings[p]));
  return all;
}

z3::expr WholeStates::holds_if_shown(const WholeState& state, const Readings& readings) {
  return implies_of(are_admissible(state, readings), holds(state, readings));
}

Readings WholeStates::fresh_readings(const std::string& prefix) {
  Readings readings;
  if (!has_clocks()) return readings;
  for (int p = 0; p < claim_.protocol.process_count(); ++p)
    readings.push_back(time_constant(prefix + claim_.process_name(p)));
  return readings;
}

Readings WholeStates::least_readings(const WholeState& state) const {
  const bool is_free = claim_.protocol.scenario.clocks->is_free;
  if (!skew_ && !is_free) return Readings(state.last.size(), state.true_time);
  const z3::expr least =
      is_free ? setting_.universe.context().int_val(0) : state.true_time - *skew_;
  Readings readings;
  for (const z3::expr& last : state.last) readings.push_back(z3::ite(last > least, last, least));
  return readings;
}

std::optional<Readings> WholeStates::greatest_readings(const WholeState& state) const {
  if (!skew_) return std::nullopt;
  return Readings(state.last.size(), state.true_time + *skew_);
}

}  // namespace capstan::checker
