// SPDX-License-Identifier: MIT
#include "checker/prove/semilattice_given.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/prove/copies.hpp"

namespace capstan::checker {
namespace {

using model::Value;

class GivenProof : private Copies {
 public:
  GivenProof(const model::Protocol& protocol, const model::Expectation& expectation, Prover& prover)
      : Copies(protocol, expectation), prover_(prover) {}

  void run() {
    holds_initially();
    for (const CodeSegment& segment : segments_of(protocol_))
      if (touches_given(segment)) keeps_given(segment);
  }

 private:
  void holds_initially() {
    prover_.ask("what is given holds at the start", [&](Setting& setting) {
      const Holder p = initial(setting, "p");
      const Holder q = initial(setting, "q");
      const Copy a = copy_of(p);
      const Copy b = copy_of(q);
      z3::expr goal = and_of(fit(setting, a, b), fit(setting, a, a));
      goal = and_of(goal, and_of(fits_holder(setting, p, a), fits_holder(setting, p, b)));
      return Question{{}, goal, [this](const z3::model&) { return decode_initial(); }};
    });
  }

  /// Whether `given` holds of a process with these variables and a copy, by the evaluator.
  bool holds_concretely(int self, const std::vector<Value>& variables,
                        const ConcreteCopy& theirs) const {
    ConcreteScene scene;
    scene.self = self;
    scene.variables = variables;
    scene.locals.resize(expectation_.given_frame.slots.size());
    std::copy(theirs.begin(), theirs.end(), scene.locals.begin());
    return Replay(protocol_).value(*expectation_.given, scene).truth();
  }

  std::vector<Value> initial_values(int self) const {
    ConcreteScene scene;
    scene.self = self;
    scene.now = 0;
    scene.variables.resize(role_.variables.size());
    for (std::size_t i = 0; i < role_.variables.size(); ++i) {
      if (!role_.variables[i].initial) continue;
      scene.locals.assign(64, Value::none());
      scene.variables[i] = Replay(protocol_).value(*role_.variables[i].initial, scene);
    }
    return scene.variables;
  }

  Decoded decode_initial() const {
    for (int p = role_.first_process; p < role_.first_process + role_.count; ++p) {
      for (int q = role_.first_process; q < role_.first_process + role_.count; ++q) {
        const std::vector<Value> mine = initial_values(p);
        const ConcreteCopy theirs = copy_in(initial_values(q));
        if (holds_concretely(p, mine, theirs)) continue;
        Counterexample shown;
        shown.title = "What is given is false at the start";
        shown.states = {state("a process", process_name(p), copy_in(mine)),
                        state("a copy", process_name(q), theirs)};
        shown.why = fmt::format(
            "When {} and {} have just started, what follows `given` is false of their copies.",
            process_name(p), process_name(q));
        return {std::move(shown), ""};
      }
    }
    return disagreement();
  }

  Holder initial(Setting& setting, const std::string& name) const {
    Holder result = holder(setting, name);
    Scene scene(setting.universe);
    scene.self = result.self;
    scene.variables = result.variables;
    scene.now = time_term(setting.universe.truth(true),
                          setting.universe.context().int_const((name + " now").c_str()));
    for (std::size_t i = 0; i < role_.variables.size(); ++i) {
      const model::Variable& variable = role_.variables[i];
      if (!variable.initial || variable.storage == model::Storage::Parameter) continue;
      scene.locals.assign(64, nullptr);
      try {
        result.variables[i] = setting.encoder.evaluate(*variable.initial, scene);
      } catch (const CannotEncode& reason) {
        result.variables[i] = opaque_term(reason);
      }
      scene.variables[i] = result.variables[i];
    }
    return result;
  }

  bool sends_copy(const model::Block& block) const {
    return std::any_of(block.begin(), block.end(), [&](const model::Statement& statement) {
      const bool sends = statement.kind == model::StatementKind::Send ||
                         statement.kind == model::StatementKind::Reply;
      std::vector<int> fields;
      if (sends && carries_copy(statement.index, fields)) return true;
      if (statement.ask &&
          (carries_copy(statement.ask->message, fields) || sends_copy(statement.ask->otherwise)))
        return true;
      if (statement.kind == model::StatementKind::Call &&
          sends_copy(protocol_.functions[static_cast<std::size_t>(statement.index)].block))
        return true;
      return sends_copy(statement.body) || sends_copy(statement.otherwise);
    });
  }

  bool touches_given(const CodeSegment& segment) const {
    if (sends_copy(segment.code->block)) return true;
    return segment.role == merge_.role && assigns_any(protocol_, segment.code->block, watched_);
  }

  void keeps_given(const CodeSegment& segment) {
    prover_.ask(segment.name + " keeps what is given", [&](Setting& setting) {
      if (segment.role != merge_.role)
        throw CannotEncode{"a copy that comes from another role", segment.code->span};
      const Holder p = holder(setting, "p");
      const Holder q = holder(setting, "q");
      const Entry entry = enter(segment, setting, scene_of_holder(setting, p));
      std::vector<Copy> copies{copy_of(p), any_copy(setting, "c")};
      if (const auto theirs = brought(segment, entry.scene)) copies.push_back(*theirs);
      Question question{entry.assumed, setting.universe.truth(true), {}};
      question.assumed.push_back(entry.scene.path);
      assume_all_fit(setting, copies, question);
      const z3::expr apart = number_of(p.self) != number_of(q.self);
      for (const Copy& copy : copies) {
        question.assumed.push_back(fits_holder(setting, p, copy));
        question.assumed.push_back(implies_of(apart, fits_holder(setting, q, copy)));
        question.assumed.push_back(implies_of(apart, fits_holder(setting, p, copy_of(q))));
      }
      if (!of_copies_.empty()) {
        for (const Copy& copy : copies)
          question.assumed.push_back(
              implies_of(apart, and_of(fit(setting, copy_of(q), copy),
                                       and_of(fit(setting, copy, copy_of(q)),
                                              fit(setting, copy_of(q), copy_of(q))))));
      }
      const std::vector<Way> ways = ways_of(segment, setting, entry.scene);
      for (const Way& way : ways)
        question.goal = and_of(question.goal,
                               implies_of(way.scene.path, kept(setting, way, p, q, copies, apart)));
      question.decode = [this, &setting, &segment, entry, ways, copies](const z3::model& model) {
        return decode_kept(setting, model, segment, entry.scene, ways, copies[1]);
      };
      return question;
    });
  }

  /// The copies that are new after a way through: what the process has then, and what it sent.
  z3::expr kept(Setting& setting, const Way& way, const Holder& p, const Holder& q,
                const std::vector<Copy>& copies, const z3::expr& apart) const {
    const Holder changed{p.self, way.scene.variables};
    std::vector<Copy> fresh{after(way)};
    std::vector<z3::expr> when{setting.universe.truth(true)};
    for (const SentTerm& sent : way.sent) {
      std::vector<int> fields;
      if (!carries_copy(sent.message, fields)) continue;
      Copy copy;
      for (const int field : fields) copy.push_back(sent.fields[static_cast<std::size_t>(field)]);
      fresh.push_back(std::move(copy));
      when.push_back(sent.path);
    }
    z3::expr all = setting.universe.truth(true);
    for (const Copy& copy : copies) all = and_of(all, fits_holder(setting, changed, copy));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      z3::expr one = and_of(fits_holder(setting, changed, fresh[i]),
                            implies_of(apart, fits_holder(setting, q, fresh[i])));
      for (const Copy& other : copies)
        one = and_of(one, and_of(fit(setting, fresh[i], other), fit(setting, other, fresh[i])));
      for (const Copy& other : fresh) one = and_of(one, fit(setting, fresh[i], other));
      all = and_of(all, implies_of(when[i], one));
    }
    return all;
  }

  Decoded decode_kept(Setting& setting, const z3::model& model, const CodeSegment& segment,
                      const Scene& scene, const std::vector<Way>& ways, const Copy& other) const {
    if (ways.empty()) return disagreement();
    ConcreteScene run = concrete(segment, setting, model, scene, taken(model, ways));
    const ConcreteCopy before = copy_in(run.variables);
    const ConcreteCopy elsewhere = decoded(setting, model, other, types_);
    const std::string process =
        protocol_.types.processes()[static_cast<std::size_t>(run.self)].name;
    const std::string what = segment.name + parameters_text(segment, run.locals);
    try {
      replay(protocol_, segment, run);
    } catch (const model::ModelError& error) {
      return {std::nullopt,
              fmt::format("{} ends in a model error: {}", segment.name, error.message)};
    }
    const ConcreteCopy changed = copy_in(run.variables);
    // Only what the evaluator finds false too is shown: of the process and a copy, or of the copy
    // and what the process has now.
    const bool is_broken = !holds_concretely(run.self, run.variables, elsewhere) ||
                           !holds_concretely(run.self, run.variables, changed) ||
                           breaks_elsewhere(setting, model, run.self, changed, elsewhere);
    if (!is_broken)
      return {std::nullopt, "a message that it sends, or a third copy, may break what is given"};
    Counterexample shown;
    shown.title = "A step breaks what is given";
    shown.states = {state("before", process, before), state("after", what, changed),
                    state("another copy", "somewhere", elsewhere)};
    shown.arrows = {{0, 1, "a step"}};
    shown.may_be_unreachable = true;
    shown.why = fmt::format(
        "Before {}, what follows `given` holds of the copy of {} and of all others; afterwards it "
        "does not.",
        what, process);
    return {std::move(shown), ""};
  }

  /// Whether another process, or whoever has the other copy, is contradicted by the new one.
  bool breaks_elsewhere(Setting& setting, const z3::model& model, int self,
                        const ConcreteCopy& changed, const ConcreteCopy& elsewhere) const {
    if (of_holders_.empty()) {
      std::vector<Value> variables(role_.variables.size());
      for (std::size_t i = 0; i < elsewhere.size(); ++i)
        variables[static_cast<std::size_t>(merge_.merged_slots[i])] = elsewhere[i];
      return !holds_concretely(self, variables, changed);
    }
    const Holder q = holder(setting, "q");
    const std::vector<Value> other =
        decoded(setting, model, q.variables, types_of(role_.variables));
    std::int64_t number = 0;
    if (!model.eval(number_of(q.self), true).is_numeral_i64(number) || number == self) return false;
    return !holds_concretely(static_cast<int>(number), other, changed);
  }

  Prover& prover_;
};

}  // namespace

void prove_given(const model::Protocol& protocol, const model::Expectation& expectation,
                 Prover& prover) {
  GivenProof(protocol, expectation, prover).run();
}

}  // namespace capstan::checker
