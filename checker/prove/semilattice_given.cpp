// SPDX-License-Identifier: MIT
#include "checker/prove/semilattice_given.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/prove/copies.hpp"
#include "model/typed/body.hpp"

namespace capstan::checker {
namespace {

using model::Value;

class GivenProof : private Copies {
 public:
  GivenProof(const model::Protocol& protocol, const model::Expectation& expectation, Prover& prover,
             const Omissions& omitted)
      : Copies(protocol, expectation), prover_(prover), omitted_(omitted) {}

  void run() {
    if (!omits(Duty::GivenAtStart)) holds_initially();
    for (const CodeSegment& segment : segments_of(protocol_))
      if (touches_given(segment) && !omits(Duty::GivenStep)) keeps_given(segment);
    if (!may_crash() || !reads_memory()) return;
    if (!omits(Duty::GivenCrash)) keeps_given(Memory::Crash);
    if (!omits(Duty::GivenRestart)) keeps_given(Memory::Restart);
  }

  /// Whether a process and two copies may satisfy what is given, at this point's types.
  std::string contradiction() {
    const auto possible = prover_.is_possible(Universe::Scope::Point, [&](Setting& setting) {
      const Holder p = holder(setting, "p");
      const Copy a = copy_of(p);
      const Copy b = any_copy(setting, "c");
      Question question{{}, setting.universe.truth(true), {}};
      assume_all_fit(setting, {a, b}, question);
      question.assumed.push_back(fits_holder(setting, p, a));
      question.assumed.push_back(fits_holder(setting, p, b));
      return question;
    });
    return possible == false ? "no process and no copy satisfy what is given" : "";
  }

 private:
  bool omits(Duty duty) const { return omitted_.contains(duty); }

  void holds_initially() {
    prover_.ask("what is given holds at the start", [&](Setting& setting) {
      const Holder p = initial(setting, "p");
      const Holder q = initial(setting, "q");
      const Copy a = copy_of(p);
      const Copy b = copy_of(q);
      constexpr auto all = Errors::All;
      z3::expr goal = and_of(fit(setting, a, b, all), fit(setting, a, a, all));
      goal = and_of(goal, and_of(fits_holder(setting, p, a, all), fits_holder(setting, p, b, all)));
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

  /// What is there before a step of the process p: another process q, and the copies that matter.
  struct Before {
    Holder p, q;
    std::vector<Copy> copies;
    z3::expr apart;
  };

  /// All of it satisfies what is given.
  Before any_before(Setting& setting, const Holder& p, std::vector<Copy> copies,
                    Question& question) const {
    const Holder q = holder(setting, "q");
    Before before{p, q, std::move(copies), number_of(p.self) != number_of(q.self)};
    const z3::expr& apart = before.apart;
    assume_all_fit(setting, before.copies, question);
    for (const Copy& copy : before.copies) {
      question.assumed.push_back(fits_holder(setting, p, copy));
      question.assumed.push_back(implies_of(apart, fits_holder(setting, q, copy)));
      question.assumed.push_back(implies_of(apart, fits_holder(setting, p, copy_of(q))));
    }
    if (of_copies_.empty()) return before;
    for (const Copy& copy : before.copies)
      question.assumed.push_back(implies_of(
          apart,
          and_of(fit(setting, copy_of(q), copy),
                 and_of(fit(setting, copy, copy_of(q)), fit(setting, copy_of(q), copy_of(q))))));
    return before;
  }

  void keeps_given(const CodeSegment& segment) {
    prover_.ask(segment.name + " keeps what is given", [&](Setting& setting) {
      if (segment.role != merge_.role)
        throw CannotEncode{"a copy that comes from another role", segment.code->span};
      const Holder p = holder(setting, "p");
      const Entry entry = enter(segment, setting, scene_of_holder(setting, p));
      std::vector<Copy> copies{copy_of(p), any_copy(setting, "c")};
      if (const auto theirs = brought(segment, entry.scene)) copies.push_back(*theirs);
      Question question{entry.assumed, setting.universe.truth(true), {}};
      question.assumed.push_back(entry.scene.path);
      const Before before = any_before(setting, p, std::move(copies), question);
      const std::vector<Way> ways = ways_of(segment, setting, entry.scene);
      for (const Way& way : ways)
        question.goal =
            and_of(question.goal, implies_of(way.scene.path, kept(setting, way, before)));
      question.decode = [this, &setting, &segment, entry, ways,
                         other = before.copies[1]](const z3::model& model) {
        return decode_kept(setting, model, segment, entry.scene, ways, other);
      };
      return question;
    });
  }

  /// What happens to memory without any code.
  enum class Memory { Crash, Restart };

  /// Whether what is given reads variables, other than those merged, that a crash changes.
  bool reads_memory() const {
    return std::ranges::any_of(watched_, [&](int slot) {
      const model::Storage storage = role_.variables[static_cast<std::size_t>(slot)].storage;
      return storage == model::Storage::Volatile || storage == model::Storage::Unsynced;
    });
  }

  /// A crash makes volatile variables what they are at the start, with no time yet, and may take
  /// back what was not synced; a restart makes them that again, with what the clock shows.
  void keeps_given(Memory what) {
    const bool is_crash = what == Memory::Crash;
    const std::string name =
        fmt::format("a {} of `{}`", is_crash ? "crash" : "restart", role_.name);
    prover_.ask(name + " keeps what is given", [&](Setting& setting) {
      const Holder p = holder(setting, "p");
      Question question{{}, setting.universe.truth(true), {}};
      const Before before = any_before(setting, p, {copy_of(p), any_copy(setting, "c")}, question);
      const Holder changed = with_memory(setting, p, what);
      question.goal = fits_holder(setting, changed, copy_of(changed), Errors::All);
      for (const Copy& copy : before.copies)
        question.goal = and_of(question.goal, fits_holder(setting, changed, copy, Errors::All));
      question.decode = [this, &setting, what, name, p, changed,
                         other = before.copies[1]](const z3::model& model) {
        return decode_memory(setting, model, what, name, p, changed, other);
      };
      return question;
    });
  }

  Holder with_memory(Setting& setting, const Holder& p, Memory what) const {
    const bool is_crash = what == Memory::Crash;
    Holder changed = p;
    Scene scene(setting.universe);
    scene.self = p.self;
    scene.variables = p.variables;
    scene.now = time_term(setting.universe.truth(!is_crash), setting.universe.any_number("p now"));
    for (std::size_t i = 0; i < role_.variables.size(); ++i) {
      const model::Variable& variable = role_.variables[i];
      if (variable.storage == model::Storage::Volatile)
        changed.variables[i] = initial_term(setting, variable, scene);
      if (variable.storage == model::Storage::Unsynced && is_crash)
        changed.variables[i] =
            setting.universe.fresh(variable.type, fmt::format("p.{} on disk", variable.name));
    }
    return changed;
  }

  static TermPtr initial_term(Setting& setting, const model::Variable& variable, Scene scene) {
    scene.locals.assign(static_cast<std::size_t>(model::slots_used(*variable.initial)), nullptr);
    try {
      return setting.encoder.evaluate(*variable.initial, scene);
    } catch (const CannotEncode& reason) {
      return opaque_term(reason);
    }
  }

  /// What was on disk is known to nobody, so only memory is shown.
  Decoded decode_memory(Setting& setting, const z3::model& model, Memory what,
                        const std::string& name, const Holder& p, const Holder& changed,
                        const Copy& other) const {
    const bool loses_writes = std::ranges::any_of(role_.variables, [](const auto& variable) {
      return variable.storage == model::Storage::Unsynced;
    });
    if (loses_writes && what == Memory::Crash)
      return {std::nullopt, "a crash may take back what was written without `sync`"};
    if (what == Memory::Restart && !role_.on_restart.empty())
      return {std::nullopt, "memory is set anew before `on restart` runs"};
    const std::vector<model::TypeId> types = types_of(role_.variables);
    const std::vector<Value> before = decoded(setting, model, p.variables, types);
    const std::vector<Value> after = decoded(setting, model, changed.variables, types);
    const ConcreteCopy elsewhere = decoded(setting, model, other, types_);
    std::int64_t self = 0;
    if (!model.eval(number_of(p.self), true).is_numeral_i64(self))
      throw CannotEncode{"a number beyond 64 bits", {}};
    const ConcreteCopy own = copy_in(after);
    const int number = static_cast<int>(self);
    try {
      const bool was =
          holds_concretely(number, before, own) && holds_concretely(number, before, elsewhere);
      const bool is =
          holds_concretely(number, after, own) && holds_concretely(number, after, elsewhere);
      if (!was || is) return disagreement();
    } catch (const model::ModelError& error) {
      return {std::nullopt, fmt::format("what is given ends in a model error: {}", error.message)};
    }
    Counterexample shown;
    shown.title = fmt::format("What is given is false after {}", name);
    shown.states = {memory_state("before", process_name(number), before),
                    memory_state("after", name, after),
                    state("another copy", "somewhere", elsewhere)};
    for (std::size_t i = 0; i < shown.states[1].rows.size(); ++i)
      shown.states[1].rows[i].is_marked =
          shown.states[0].rows[i].value != shown.states[1].rows[i].value;
    shown.arrows = {{0, 1, what == Memory::Crash ? "a crash" : "a restart"}};
    shown.may_be_unreachable = true;
    shown.why = fmt::format(
        "Before {}, what follows `given` holds of {} and of all copies; afterwards it does not, as "
        "volatile variables are what they are at the start.",
        name, process_name(number));
    return {std::move(shown), ""};
  }

  /// What is given reads of the process, and its copy.
  ShownState memory_state(const std::string& title, const std::string& note,
                          const std::vector<Value>& variables) const {
    ShownState shown{title, note, {}};
    for (std::size_t i = 0; i < role_.variables.size(); ++i) {
      const model::Variable& variable = role_.variables[i];
      const bool is_shown = std::ranges::count(watched_, static_cast<int>(i)) > 0 &&
                            protocol_.types.contains(variable.type, variables[i]);
      if (is_shown)
        shown.rows.push_back({variable.name, protocol_.types.format(variable.type, variables[i])});
    }
    return shown;
  }

  /// The copies that are new after a way through: what the process has then, and what it sent.
  z3::expr kept(Setting& setting, const Way& way, const Before& before) const {
    constexpr auto errors = Errors::All;
    const Holder changed{before.p.self, way.scene.variables};
    std::vector<Copy> fresh{after(way)};
    std::vector<z3::expr> when{setting.universe.truth(true)};
    for (const SentTerm& sent : way.sent) {
      std::vector<int> fields;
      if (!carries_copy(sent.message, fields) || omits(Duty::GivenSent)) continue;
      Copy copy;
      for (const int field : fields) copy.push_back(sent.fields[static_cast<std::size_t>(field)]);
      fresh.push_back(std::move(copy));
      when.push_back(sent.path);
    }
    const z3::expr apart = omits(Duty::GivenOthers) ? setting.universe.truth(false) : before.apart;
    z3::expr all = setting.universe.truth(true);
    for (const Copy& copy : before.copies)
      all = and_of(all, fits_holder(setting, changed, copy, errors));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      z3::expr one = and_of(fits_holder(setting, changed, fresh[i], errors),
                            implies_of(apart, fits_holder(setting, before.q, fresh[i], errors)));
      for (const Copy& other : before.copies)
        one = and_of(one, and_of(fit(setting, fresh[i], other, errors),
                                 fit(setting, other, fresh[i], errors)));
      for (std::size_t j = 0; j < fresh.size(); ++j)
        one = and_of(one, implies_of(when[j], fit(setting, fresh[i], fresh[j], errors)));
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
  const Omissions& omitted_;
};

}  // namespace

void prove_given(const model::Protocol& protocol, const model::Expectation& expectation,
                 Prover& prover, const Omissions& omitted) {
  GivenProof(protocol, expectation, prover, omitted).run();
}

std::string contradiction_in_given(const model::Protocol& protocol,
                                   const model::Expectation& expectation, Prover& prover) {
  if (!expectation.given) return "";
  const Omissions none;
  return GivenProof(protocol, expectation, prover, none).contradiction();
}

}  // namespace capstan::checker
