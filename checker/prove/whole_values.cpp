// SPDX-License-Identifier: MIT
#include "checker/prove/whole_values.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/symbolic/guards.hpp"
#include "model/system/local_time.hpp"
#include "model/system/reasons.hpp"
#include "model/typed/body.hpp"

namespace capstan::checker {

using model::Expr;
using model::ExprKind;
using model::TypeId;
using model::Value;

namespace {

/// Beyond this many combinations of readings nobody tries them all.
constexpr std::uint64_t combinations_most = 20'000;

/// A state of values as properties see it.
class ConcreteView final : public model::GlobalView {
 public:
  ConcreteView(const ConcreteWhole& state, std::vector<model::Reading>& clocks)
      : state_(state), clocks_(clocks) {}
  const std::vector<Value>& variables(int process) const override {
    return state_.variables.at(static_cast<std::size_t>(process));
  }
  Value messages_in_flight(int message) const override {
    const auto found = state_.in_flight.find(message);
    if (found == state_.in_flight.end()) return Value::set({});
    return Value::set({found->second.begin(), found->second.end()});
  }
  bool is_live(int process) const override {
    return state_.is_live.at(static_cast<std::size_t>(process));
  }
  bool is_done(int) const override { return false; }
  model::Clock* clock(int process) const override {
    return clocks_.empty() ? nullptr : &clocks_.at(static_cast<std::size_t>(process));
  }

 private:
  const ConcreteWhole& state_;
  std::vector<model::Reading>& clocks_;
};

std::int64_t number_in(const z3::model& model, const z3::expr& number) {
  std::int64_t value = 0;
  if (!model.eval(number, true).is_numeral_i64(value))
    throw CannotEncode{"a number beyond 64 bits", {}};
  return value;
}

bool is_true_in(const z3::model& model, const z3::expr& condition) {
  return model.eval(condition, true).is_true();
}

void set_kind(const StepForm& form, ConcreteStep& step) {
  using Kind = ConcreteStep::Kind;
  const bool is_entry = form.kind == StepForm::Kind::Segment && !form.segment.at;
  step.alternative = is_entry ? form.segment.index : -1;
  if (is_entry && form.segment.kind == CodeSegment::Kind::Handler) step.kind = Kind::Deliver;
  if (is_entry && form.segment.kind == CodeSegment::Kind::Action) step.kind = Kind::Act;
  if (form.kind == StepForm::Kind::Tick) step.kind = Kind::Tick;
  if (form.kind == StepForm::Kind::Crash) step.kind = Kind::Crash;
  if (form.kind == StepForm::Kind::Restart) step.kind = Kind::Restart;
  if (form.duty == Duty::Loss) step.kind = Kind::Lose;
}

}  // namespace

template <typename Action>
auto WholeValues::in_environment(const ConcreteWhole& state, const std::vector<Value>& params,
                                 const std::vector<std::int64_t>& readings, Action action) const {
  std::vector<model::Reading> clocks;
  for (const std::int64_t reading : readings) clocks.emplace_back(reading);
  const ConcreteView view(state, clocks);
  model::Reading true_time(state.true_time);
  std::vector<Value> locals(claim_.expectation.frame.slots.size());
  model::Environment here;
  here.protocol = &claim_.protocol;
  here.locals = &locals;
  here.ghosts = &state.ghosts;
  here.global = &view;
  here.clock = &true_time;
  here.params = &params;
  return action(here);
}

bool WholeValues::holds_at(const ConcreteWhole& state, const std::vector<Value>& params,
                           const std::vector<std::int64_t>& readings) const {
  return in_environment(state, params, readings, [&](model::Environment& here) {
    return model::evaluate(*claim_.expectation.condition, here).truth();
  });
}

std::int64_t WholeValues::skew(const std::vector<Value>& params) const {
  const auto& clocks = claim_.protocol.scenario.clocks;
  if (!clocks || !clocks->within_expr) return 0;
  std::vector<Value> locals(static_cast<std::size_t>(model::slots_used(*clocks->within_expr)));
  model::Environment here;
  here.protocol = &claim_.protocol;
  here.locals = &locals;
  here.params = &params;
  return model::evaluate(*clocks->within_expr, here).number();
}

bool WholeValues::is_admissible(const ConcreteWhole& state, int process, std::int64_t reading,
                                std::int64_t skew) const {
  const auto& clocks = claim_.protocol.scenario.clocks;
  const std::int64_t last = state.last.at(static_cast<std::size_t>(process));
  if (clocks->is_free) return reading >= last && reading >= 0;
  if (clocks->within < 0) return reading == state.true_time;
  return reading >= state.true_time - skew && reading <= state.true_time + skew && reading >= last;
}

std::optional<bool> WholeValues::holds(const ConcreteWhole& state, const std::vector<Value>& params,
                                       std::int64_t skew) const {
  const auto& clocks = claim_.protocol.scenario.clocks;
  if (!clocks) return holds_at(state, params, {});
  if (clocks->is_free && claim_.reads_clocks) return std::nullopt;
  std::vector<std::int64_t> least, readings;
  std::uint64_t combinations = 1;
  const std::int64_t most = state.true_time + skew;
  for (const std::int64_t last : state.last) {
    least.push_back(std::max(state.true_time - skew, clocks->within < 0 ? state.true_time : last));
    if (claim_.reads_clocks) combinations *= static_cast<std::uint64_t>(most - least.back() + 1);
    if (combinations > combinations_most) return std::nullopt;
  }
  readings = least;
  for (std::uint64_t i = 0; i < combinations; ++i) {
    if (!holds_at(state, params, readings)) return false;
    for (std::size_t p = 0; p < readings.size(); ++p) {
      if (++readings[p] <= most) break;
      readings[p] = least[p];
    }
  }
  return true;
}

std::string WholeValues::failure(const ConcreteStep& step, std::set<int>& processes) const {
  const std::vector<const Expr*> conjuncts = conjuncts_of(claim_.expectation.condition.get());
  return in_environment(
      step.after, step.params, step.readings, [&](model::Environment& here) -> std::string {
        for (std::size_t i = 0; i < conjuncts.size(); ++i) {
          if (model::evaluate(*conjuncts[i], here).truth()) continue;
          const model::Frame& frame = claim_.expectation.frame;
          const model::Reasons reasons = model::reasons_of(*conjuncts[i], frame, false, here);
          processes.insert(reasons.processes.begin(), reasons.processes.end());
          const std::string who = model::element_words(reasons, frame, claim_.protocol.types);
          return fmt::format("`{}` is false{}{}", claim_.expectation.conjuncts.at(i),
                             who.empty() ? "" : " for ", who);
        }
        return "";
      });
}

ConcreteWhole WholeValues::decoded_state(WholeStates& states, const z3::model& model,
                                         const WholeState& state) const {
  const model::Protocol& protocol = claim_.protocol;
  ConcreteWhole result;
  for (std::size_t p = 0; p < state.variables.size(); ++p) {
    result.variables.push_back(decoded(states.setting(), model, state.variables[p],
                                       types_of(protocol.role_of(static_cast<int>(p)).variables)));
    result.is_live.push_back(is_true_in(model, state.is_live[p]));
    result.last.push_back(number_in(model, state.last[p]));
  }
  std::vector<TypeId> ghosts;
  for (const model::Ghost& ghost : protocol.ghosts) ghosts.push_back(ghost.type);
  result.ghosts = decoded(states.setting(), model, state.ghosts, ghosts);
  result.true_time = number_in(model, state.true_time);
  for (const int message : claim_.asked) result.in_flight[message];
  for (const auto& [message, slots] : state.slots)
    for (const MessageSlot& slot : slots)
      if (is_true_in(model, slot.is_there))
        result.in_flight[message].insert(states.setting().universe.decode(
            model, slot.content, claim_.message(message).in_flight));
  return result;
}

void WholeValues::leave(int process, ConcreteScene& scene, ConcreteStep& result) const {
  result.after.variables[static_cast<std::size_t>(process)] = scene.variables;
  result.after.ghosts = scene.ghosts;
  if (scene.has_read_clock && scene.now) {
    std::int64_t& last = result.after.last[static_cast<std::size_t>(process)];
    last = std::max(last, *scene.now);
    result.now = scene.now;
  }
  for (const ConcreteScene::Sent& sent : scene.sent) {
    const int message = sent.statement->ask ? sent.statement->ask->message : sent.statement->index;
    const auto found = result.after.in_flight.find(message);
    if (found == result.after.in_flight.end()) continue;
    std::vector<Value> receivers;
    if (sent.target.kind() == Value::Kind::Set) {
      receivers = sent.target.elements();
    } else if (sent.target.kind() == Value::Kind::Integer) {
      receivers = {sent.target};
    } else if (scene.sender >= 0) {
      receivers = {Value::integer(scene.sender)};
    }
    for (const Value& receiver : receivers) {
      const bool is_up = result.after.is_live.at(static_cast<std::size_t>(receiver.number()));
      if (claim_.message(message).is_reply && !is_up) continue;  // it waits for no answer
      std::vector<Value> parts = sent.fields;
      parts.push_back(Value::integer(process));
      parts.push_back(receiver);
      found->second.insert(Value::tuple(std::move(parts)));
    }
  }
}

void WholeValues::run_blocks(WholeStates& states, const z3::model& model, const WholeStep& step,
                             ConcreteStep& result) const {
  for (const CodeRun& run : step.runs) {
    ConcreteScene scene;
    scene.locals.resize(run.code->frame.slots.size());
    scene.variables = result.after.variables[static_cast<std::size_t>(run.process)];
    scene.ghosts = result.after.ghosts;
    scene.self = run.process;
    scene.params = &result.params;
    if (states.has_clocks()) scene.now = step.reading ? number_in(model, *step.reading) : 0;
    for (const Way& way : run.ways) {
      if (!is_true_in(model, way.scene.path)) continue;
      for (const auto& [term, type] : way.chosen)
        scene.chosen.push_back(states.setting().universe.decode(model, term, type));
    }
    Replay(claim_.protocol).run(run.code->block, scene);
    leave(run.process, scene, result);
  }
}

void WholeValues::run(WholeStates& states, const z3::model& model, const StepForm& form,
                      const WholeStep& step, ConcreteStep& result) const {
  std::vector<std::pair<TermPtr, TypeId>> chosen;
  for (const Way& way : step.runs.front().ways)
    if (is_true_in(model, way.scene.path)) chosen = way.chosen;
  ConcreteScene scene = concrete(form.segment, states.setting(), model, step.entry->scene, chosen);
  scene.params = &result.params;
  result.locals = scene.locals;
  result.sender = scene.sender;
  const model::Code& code = *form.segment.code;
  if (!form.segment.at && code.guard && !Replay(claim_.protocol).value(*code.guard, scene).truth())
    throw model::ModelError{"the guard is false", code.guard->span};
  replay(claim_.protocol, form.segment, scene);
  leave(result.process, scene, result);
}

/// The values at the start, evaluated from scratch.
void WholeValues::start(ConcreteStep& result) const {
  for (int p = 0; p < claim_.protocol.process_count(); ++p) {
    std::vector<Value>& own = result.before.variables[static_cast<std::size_t>(p)];
    const auto& variables = claim_.protocol.role_of(p).variables;
    ConcreteScene scene;
    scene.self = p;
    scene.variables = own;
    scene.params = &result.params;
    scene.now = 0;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].storage == model::Storage::Parameter) continue;
      scene.locals.assign(static_cast<std::size_t>(model::slots_used(*variables[i].initial)),
                          Value::none());
      own[i] = Replay(claim_.protocol).value(*variables[i].initial, scene);
    }
  }
  result.after = result.before;
}

void WholeValues::crash(WholeStates& states, const z3::model& model, const WholeStep& step,
                        ConcreteStep& result) const {
  const auto at = static_cast<std::size_t>(result.process);
  const auto& variables = claim_.protocol.role_of(result.process).variables;
  result.after.is_live[at] = false;
  for (auto& [message, contents] : result.after.in_flight)  // its asks are closed
    if (claim_.message(message).is_reply)
      std::erase_if(contents, [&](const Value& content) {
        return content.elements().back().number() == result.process;
      });
  ConcreteScene scene;
  scene.self = result.process;
  scene.variables = result.before.variables[at];
  scene.params = &result.params;
  scene.now = model::kLeastTime;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    Value& value = result.after.variables[at][i];
    if (variables[i].storage == model::Storage::Volatile) {
      scene.locals.assign(static_cast<std::size_t>(model::slots_used(*variables[i].initial)),
                          Value::none());
      value = Replay(claim_.protocol).value(*variables[i].initial, scene);
    } else if (variables[i].storage == model::Storage::Unsynced) {
      value =
          decoded(states.setting(), model, {step.after.variables[at][i]}, {variables[i].type})[0];
      result.on_disk.resize(variables.size());
      result.on_disk[i] = value;
    }
  }
}

/// Memory as it begins, with what the clock shows now.
void WholeValues::restart(WholeStates& states, const z3::model& model, const WholeStep& step,
                          ConcreteStep& result) const {
  const auto at = static_cast<std::size_t>(result.process);
  result.after.is_live[at] = true;
  ConcreteScene scene;
  scene.self = result.process;
  scene.variables = result.after.variables[at];
  scene.ghosts = result.after.ghosts;
  scene.params = &result.params;
  if (states.has_clocks()) scene.now = number_in(model, *step.reading);
  const auto& variables = claim_.protocol.role_of(result.process).variables;
  for (std::size_t i = 0; i < variables.size(); ++i) {
    if (variables[i].storage != model::Storage::Volatile) continue;
    scene.locals.assign(static_cast<std::size_t>(model::slots_used(*variables[i].initial)),
                        Value::none());
    scene.variables[i] = Replay(claim_.protocol).value(*variables[i].initial, scene);
  }
  leave(result.process, scene, result);
}

ConcreteStep WholeValues::carry_out(WholeStates& states, const z3::model& model,
                                    const StepForm& form, int process, const WholeStep& step,
                                    const Readings& after) const {
  ConcreteStep result;
  const auto& params = claim_.protocol.params;
  for (std::size_t i = 0; i < params.size(); ++i)
    result.params.push_back(
        states.params[i] ? states.setting().universe.decode(model, states.params[i], params[i].type)
                         : params[i].value);
  for (std::size_t i = 0; i < params.size(); ++i)
    result.has_own_params = result.has_own_params || result.params[i] != params[i].value;
  result.process = process;
  set_kind(form, result);
  result.before = decoded_state(states, model, step.before);
  result.after = result.before;
  if (step.delivered && is_true_in(model, *step.is_delivered)) {
    result.message = step.message;
    result.consumed = states.setting().universe.decode(model, step.delivered,
                                                       claim_.message(step.message).in_flight);
    const auto found = result.after.in_flight.find(step.message);
    result.is_kept = is_true_in(model, *step.is_kept);
    if (found != result.after.in_flight.end() && !result.is_kept)
      found->second.erase(*result.consumed);
  }
  if (form.kind == StepForm::Kind::Start) start(result);
  if (form.kind == StepForm::Kind::Tick) ++result.after.true_time;
  if (form.kind == StepForm::Kind::Crash) crash(states, model, step, result);
  if (form.kind == StepForm::Kind::Restart) restart(states, model, step, result);
  if (form.kind == StepForm::Kind::Segment) {
    run(states, model, form, step, result);
  } else {
    run_blocks(states, model, step, result);
  }
  for (const z3::expr& reading : after) result.readings.push_back(number_in(model, reading));
  return result;
}

}  // namespace capstan::checker
