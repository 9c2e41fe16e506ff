// SPDX-License-Identifier: MIT
#include "checker/prove/inductive.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "checker/prove/attempts.hpp"
#include "checker/prove/whole_step.hpp"
#include "checker/prove/whole_values.hpp"

namespace capstan::checker {
namespace {

using model::Value;
using Status = Obligation::Status;

constexpr Scopes scopes{Universe::Scope::Point, Universe::Scope::Few,
                        "only states with more messages in flight contradict it", true};
/// Numbers that are shown are at most the first of these that is possible.
constexpr int small_most[] = {2, 6, 20, 100};
/// States with at most so many rows are shown whole.
constexpr std::size_t rows_most = 14;

class InductiveProof {
 public:
  InductiveProof(const model::Protocol& protocol, const model::Expectation& expectation,
                 const Omissions& omitted)
      : claim_(protocol, expectation, omitted), values_(claim_), prover_(protocol, scopes) {}

  ProofResult run(bool attempts) {
    prover_.proof.ranges_over = ranges_over();
    if (is_given_contradictory()) return {std::move(prover_.proof), std::nullopt};
    std::set<std::string> open;
    for (const StepForm& form : step_forms(claim_)) {
      if (form.kind == StepForm::Kind::Start && claim_.omits(Duty::Start)) continue;
      obligation(form);
      const Obligation& found = prover_.proof.obligations.back();
      if (found.is_impossible) note_impossible(form);
      if (found.status == Status::Proved) continue;
      open.insert(form.name);
      attempts = attempts && form.kind != StepForm::Kind::Start;
    }
    ProofResult result{std::move(prover_.proof), std::move(prover_.counterexample)};
    if (attempts && !open.empty()) result.proof.attempts = attempts_to_show(claim_, open);
    if (result.counterexample) conclude(*result.counterexample, result.proof.attempts);
    return result;
  }

 private:
  std::string ranges_over() const {
    std::string text = "all values at this point";
    if (!claim_.asked.empty()) text += ", any set of messages in flight";
    if (claim_.protocol.scenario.clocks) text += ", all times";
    const auto& free = claim_.expectation.free_params;
    for (std::size_t i = 0; i < free.size(); ++i)
      text += fmt::format("{}{}", i == 0 ? " and all " : ", ", name_of_param(free[i]));
    if (!free.empty()) text += " as given";
    return text;
  }

  /// Whether no values of params satisfy what is given: then it holds of nothing.
  bool is_given_contradictory() {
    if (!claim_.expectation.given) return false;
    const auto possible = prover_.is_possible(scopes.first, [this](Setting& setting) {
      const WholeStates states(claim_, setting);
      return Question{states.facts, setting.universe.truth(true), {}};
    });
    if (possible != false) return false;
    prover_.proof.says_nothing = "no values of params satisfy what is given";
    return true;
  }

  /// A step that no state allows says nothing; where it is what is given that rules it out, or
  /// nothing can start, the whole of it does.
  void note_impossible(const StepForm& form) {
    std::string& why = prover_.proof.says_nothing;
    if (!why.empty()) return;
    if (form.kind == StepForm::Kind::Start) {
      why = claim_.expectation.given ? "with what is given no run can start: its start always ends "
                                       "in a model error"
                                     : "no run can start: its start always ends in a model error";
      return;
    }
    if (!claim_.expectation.given) return;
    const bool is_ruled_out = std::ranges::any_of(form.processes, [&](int process) {
      const auto build = [&](Setting& setting) {
        return question(setting, form, process, WholeStates::Given::Ignored);
      };
      return prover_.is_possible(scopes.second, build) == true;
    });
    if (is_ruled_out) why = fmt::format("with what is given {} can never happen", form.name);
  }

  const std::string& name_of_param(int index) const {
    return claim_.protocol.params[static_cast<std::size_t>(index)].name;
  }

  /// One line of the proof: the worst of what was found for each process that may take the step.
  void obligation(const StepForm& form) {
    const bool is_start = form.kind == StepForm::Kind::Start;
    const std::string name =
        is_start ? "it is true at the start" : fmt::format("{} keeps it true", form.name);
    auto& obligations = prover_.proof.obligations;
    const std::size_t first = obligations.size();
    for (const int process : form.processes) {
      prover_.ask(name, [&](Setting& setting) { return question(setting, form, process); });
      if (obligations.back().status != Status::Proved) break;
    }
    Obligation whole = std::move(obligations.back());
    for (std::size_t i = first; i + 1 < obligations.size(); ++i) {
      whole.milliseconds += obligations[i].milliseconds;
      whole.is_possible = whole.is_possible || obligations[i].is_possible;
      whole.is_impossible = whole.is_impossible && obligations[i].is_impossible;
    }
    obligations.resize(first);
    obligations.push_back(std::move(whole));
  }

  /// Before a step the claim is true whatever clocks show; these readings are tried.
  void assume_before(WholeStates& states, const WholeStep& step, int process, const Readings& after,
                     Question& question) const {
    if (!claim_.reads_clocks) {
      question.assumed.push_back(states.holds(step.before, {}));
      return;
    }
    const auto at = [&](const Readings& readings) {
      return states.holds_if_shown(step.before, readings);
    };
    question.assumed.push_back(at(after));
    if (step.reading) {
      Readings own = after;
      own[static_cast<std::size_t>(process)] = *step.reading;
      question.assumed.push_back(at(own));
    }
    question.more_assumed.push_back(at(states.least_readings(step.before)));
    if (const auto most = states.greatest_readings(step.before))
      question.more_assumed.push_back(at(*most));
  }

  Question question(Setting& setting, const StepForm& form, int process,
                    WholeStates::Given given = WholeStates::Given::Assumed) const {
    const auto states = std::make_shared<WholeStates>(claim_, setting, given);
    const auto step = std::make_shared<WholeStep>(take_step(claim_, *states, form, process));
    Readings after = claim_.reads_clocks ? states->fresh_readings("reading of ") : Readings{};
    if (claim_.omits(Duty::OtherReadings)) after.assign(after.size(), step->after.true_time);
    Question question{step->assumed, setting.universe.truth(true), {}};
    if (form.kind != StepForm::Kind::Start) assume_before(*states, *step, process, after, question);
    if (!after.empty()) question.assumed.push_back(states->are_admissible(step->after, after));
    for (const z3::expr& part : states->parts(step->after, after)) question.parts.push_back(part);
    question.assumed.insert(question.assumed.end(), states->facts.begin(), states->facts.end());
    question.preferred = preferences(*states, *step);
    question.decode = [this, states, step, &form, process, after](const z3::model& model) {
      return decode(*states, model, form, process, *step, after);
    };
    return question;
  }

  /// Params as at this point, small numbers, few messages, and variables as at the start.
  std::vector<z3::expr> preferences(WholeStates& states, const WholeStep& step) const {
    Universe& universe = states.setting().universe;
    std::vector<z3::expr> all;
    if (universe.scope() != Universe::Scope::Few) return all;
    for (const int index : claim_.expectation.free_params) {
      const model::Param& param = claim_.protocol.params[static_cast<std::size_t>(index)];
      all.push_back(universe.equal(states.params[static_cast<std::size_t>(index)],
                                   universe.constant(param.value, param.type), param.type));
    }
    for (const int most : small_most) {
      z3::expr within = universe.truth(true);
      for (const z3::expr& number : states.small)
        within = and_of(within, number >= -most && number <= most);
      all.push_back(within);
    }
    for (const auto& [message, slots] : step.before.slots)
      for (const MessageSlot& slot : slots) all.push_back(not_of(slot.is_there));
    const Encoder::Muted muted(states.setting().encoder);
    for (std::size_t p = 0; p < step.before.variables.size(); ++p) {
      const std::vector<TermPtr>& own = step.before.variables[p];
      const auto& variables = claim_.protocol.role_of(static_cast<int>(p)).variables;
      for (std::size_t i = 0; i < own.size(); ++i) {
        if (variables[i].storage == model::Storage::Parameter) continue;
        const TermPtr initial =
            states.initial_value(static_cast<int>(p), i, own, states.now_at_start());
        if (initial->kind == Term::Kind::Opaque || own[i]->kind == Term::Kind::Opaque) continue;
        all.push_back(universe.equal(own[i], initial, variables[i].type));
      }
    }
    return all;
  }

  Decoded decode(WholeStates& states, const z3::model& model, const StepForm& form, int process,
                 const WholeStep& step, const Readings& after) const {
    try {
      const ConcreteStep found = values_.carry_out(states, model, form, process, step, after);
      const std::string doubt = doubts(form, found);
      if (!doubt.empty()) return {std::nullopt, doubt};
      Counterexample shown = show(form, found);
      shown.step = std::make_shared<const ConcreteStep>(found);
      return {std::move(shown), ""};
    } catch (const model::ModelError& error) {
      return {std::nullopt, fmt::format("the step ends in a model error: {}", error.message)};
    }
  }

  /// Why the evaluator does not confirm it; empty if it does.
  std::string doubts(const StepForm& form, const ConcreteStep& found) const {
    const model::Scenario& scenario = claim_.protocol.scenario;
    const bool may_wait = scenario.is_timely && !(scenario.delay && scenario.delay->most != 0);
    if (form.kind == StepForm::Kind::Tick && may_wait)
      return "time may have to wait for messages where it breaks it";
    const std::int64_t skew = values_.skew(found.params);
    if (form.kind != StepForm::Kind::Start) {
      const std::optional<bool> before = values_.holds(found.before, found.params, skew);
      if (!before) return "too many readings of clocks to try them all on what Z3 found";
      if (!*before) return "Z3 refutes it with a state in which the evaluator says it is false";
    }
    for (std::size_t p = 0; p < found.readings.size(); ++p)
      if (!values_.is_admissible(found.after, static_cast<int>(p), found.readings[p], skew))
        return "Z3 refutes it with a reading that the clock cannot show";
    if (values_.holds_at(found.after, found.params, found.readings))
      return "Z3 refutes it with a step after which the evaluator says it is true";
    return "";
  }

  Counterexample show(const StepForm& form, const ConcreteStep& found) const {
    std::set<int> named;
    const std::string failure = values_.failure(found, named);
    if (found.process >= 0) named.insert(found.process);
    const bool is_start = form.kind == StepForm::Kind::Start;
    Counterexample shown;
    const std::string what = step_text(form, found);
    if (is_start) {
      shown.title = "What should be inductive is false at the start";
      shown.states = {state("the start", failure, found, found.after, named)};
      shown.why = fmt::format("At the start {}.", failure);
      return shown;
    }
    shown.title = fmt::format("Not inductive: after {} it may be false", form.name);
    shown.states = {state("before", "it is true here", found, found.before, named),
                    state("after", failure, found, found.after, named)};
    shown.arrows = {{0, 1, what}};
    shown.differ = {0, 1};
    shown.may_be_unreachable = true;
    mark_changes(shown);
    shown.why = fmt::format("After {}, {}.", what, failure);
    return shown;
  }

  static void mark_changes(Counterexample& shown) {
    for (ShownState::Row& row : shown.states[1].rows) {
      const auto same = std::ranges::find_if(shown.states[0].rows, [&](const auto& other) {
        return other.name == row.name && other.value == row.value;
      });
      row.is_marked = same == shown.states[0].rows.end();
    }
  }

  /// "`on Grant` of Client 1 with until = 3, from Server, its clock at 2".
  std::string step_text(const StepForm& form, const ConcreteStep& found) const {
    using Kind = StepForm::Kind;
    const auto& types = claim_.protocol.types;
    std::string text = form.name;
    if (form.kind == Kind::Vanish)
      return fmt::format("{} {}",
                         form.duty == Duty::Loss ? "the loss of" : "the end of the ask that wanted",
                         claim_.message_text(found.message, *found.consumed));
    if (found.process >= 0) {
      const std::string role = fmt::format("`{}`", claim_.protocol.role_of(found.process).name);
      const std::size_t at = text.rfind(role);
      if (at != std::string::npos)
        text.replace(at, role.size(), claim_.process_name(found.process));
    }
    if (form.kind == Kind::Segment && !form.segment.at) {
      const model::Frame& frame = form.segment.code->frame;
      std::string with;
      for (int i = 0; i < frame.parameter_count; ++i) {
        const auto& slot = frame.slots[static_cast<std::size_t>(i)];
        if (slot.name == "_") continue;
        with += fmt::format("{}{} = {}", with.empty() ? " with " : ", ", slot.name,
                            types.format(slot.type, found.locals[static_cast<std::size_t>(i)]));
      }
      text += with;
      if (found.consumed) text += fmt::format(" from {}", claim_.process_name(found.sender));
    }
    if (found.now) text += fmt::format(", when its clock shows {}", *found.now);
    return text;
  }

  /// Of many processes only those that matter, and what changed.
  ShownState state(const std::string& title, const std::string& note, const ConcreteStep& found,
                   const ConcreteWhole& shown, const std::set<int>& named) const {
    ShownState result{title, note, {}};
    const auto& types = claim_.protocol.types;
    for (const int index : claim_.expectation.free_params) {
      const model::Param& param = claim_.protocol.params[static_cast<std::size_t>(index)];
      result.rows.push_back(
          {param.name, types.format(param.type, found.params[static_cast<std::size_t>(index)])});
    }
    std::size_t count = 0;
    for (const auto& own : shown.variables) count += own.size();
    for (std::size_t p = 0; p < shown.variables.size(); ++p) {
      const auto& variables = claim_.protocol.role_of(static_cast<int>(p)).variables;
      for (std::size_t i = 0; i < variables.size(); ++i) {
        const bool is_changed = found.before.variables[p][i] != found.after.variables[p][i];
        if (count > rows_most && !is_changed && !named.contains(static_cast<int>(p))) continue;
        const Value& value = shown.variables[p][i];
        if (!types.contains(variables[i].type, value)) continue;
        result.rows.push_back(
            {fmt::format("{}.{}", claim_.process_name(static_cast<int>(p)), variables[i].name),
             types.format(variables[i].type, value)});
      }
      if (claim_.may_crash[p] && named.contains(static_cast<int>(p)))
        result.rows.push_back({fmt::format("{} is up", claim_.process_name(static_cast<int>(p))),
                               shown.is_live[p] ? "true" : "false"});
    }
    add_global(found, shown, named, result);
    return result;
  }

  void add_global(const ConcreteStep& found, const ConcreteWhole& shown, const std::set<int>& named,
                  ShownState& result) const {
    const auto& types = claim_.protocol.types;
    for (std::size_t i = 0; i < claim_.protocol.ghosts.size(); ++i) {
      const model::Ghost& ghost = claim_.protocol.ghosts[i];
      result.rows.push_back({ghost.name, types.format(ghost.type, shown.ghosts[i])});
    }
    int number = 0;
    for (const auto& [message, contents] : shown.in_flight)
      for (const Value& content : contents)
        result.rows.push_back(
            {fmt::format("in flight {}", ++number), claim_.message_text(message, content)});
    if (claim_.protocol.scenario.clocks && (claim_.reads_clocks || claim_.reads_true_time))
      result.rows.push_back({"true time", std::to_string(shown.true_time)});
    if (&shown != &found.after) return;
    for (std::size_t p = 0; p < found.readings.size(); ++p)
      if (named.contains(static_cast<int>(p)))
        result.rows.push_back({fmt::format("clock of {}", claim_.process_name(static_cast<int>(p))),
                               std::to_string(found.readings[p])});
  }

  Claim claim_;
  WholeValues values_;
  Prover prover_;
};

}  // namespace

ProofResult prove_inductive(const model::Protocol& protocol, const model::Expectation& expectation,
                            bool attempts, const Omissions& omitted) {
  return InductiveProof(protocol, expectation, omitted).run(attempts);
}

}  // namespace capstan::checker
