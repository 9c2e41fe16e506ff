// SPDX-License-Identifier: MIT
#include "checker/prove/question.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "checker/symbolic/interruptible.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// Z3's own unit: some seconds at most.
constexpr unsigned steps_every = 6'000'000, steps_types = 30'000'000;
constexpr unsigned milliseconds_most = 60'000;

z3::solver new_solver(z3::context& context, Universe::Scope scope) {
  z3::solver solver(context, z3::solver::simple());
  z3::params params(context);
  const bool is_first = scope == Universe::Scope::Every || scope == Universe::Scope::Point;
  params.set("rlimit", is_first ? steps_every : steps_types);
  solver.set(params);
  return solver;
}

/// The solver's answer; LimitReached where it is the check's own limit that keeps it from one.
z3::check_result checked(z3::solver& solver) {
  z3::params params(solver.ctx());
  params.set("timeout", model::milliseconds_left(milliseconds_most));
  solver.set(params);
  return ask_z3(solver);
}

/// A model of what the solver has, with as much of what is preferred as goes together.
z3::model preferred_model(z3::solver& solver, const std::vector<z3::expr>& preferred) {
  z3::model model = solver.get_model();
  for (const z3::expr& wish : preferred) {
    if (model.eval(wish, true).is_true()) {
      solver.add(wish);
      continue;
    }
    solver.push();
    solver.add(wish);
    if (checked(solver) == z3::sat) {
      model = solver.get_model();
    } else {
      solver.pop();
    }
  }
  return model;
}

}  // namespace

/// Whether each part of the goal, and then all of it, follows from what the solver has.
void Prover::put(z3::solver& solver, Universe::Scope scope, const Question& question,
                 Answer& answer) {
  std::vector<z3::expr> goals = question.parts;
  goals.push_back(question.goal);
  bool has_more = question.more_assumed.empty();
  const auto assume_more = [&] {
    for (const z3::expr& fact : question.more_assumed) solver.add(fact);
    has_more = true;
  };
  if (scope == scopes_.second && !has_more) assume_more();
  for (const z3::expr& goal : goals) {
    solver.push();
    solver.add(!goal);
    answer.result = checked(solver);
    if (answer.result != z3::unsat && !has_more) {
      solver.pop();
      assume_more();
      solver.push();
      solver.add(!goal);
      answer.result = checked(solver);
    }
    if (answer.result == z3::unknown)
      answer.reason = fmt::format("Z3 gave up: {}", solver.reason_unknown());
    if (answer.result == z3::sat && scope == scopes_.second)
      answer.decoded = question.decode(preferred_model(solver, question.preferred));
    if (answer.result != z3::unsat) return;
    solver.pop();
    solver.add(goal);
  }
}

Prover::Answer Prover::ask_in(Universe::Scope scope, Asked asked, const Builder& build) {
  Answer answer;
  try {
    Setting setting(protocol_, context_, scope);
    const Question question = build(setting);
    z3::solver solver = new_solver(context_, scope);
    for (const z3::expr& fact : question.assumed) solver.add(fact);
    for (const z3::expr& fact : setting.encoder.definitions()) solver.add(fact);
    for (unsigned i = 0; i < setting.universe.known().size(); ++i)
      solver.add(setting.universe.known()[static_cast<int>(i)]);
    solver.add(setting.encoder.no_error());
    if (asked != Asked::Goal) {
      const z3::check_result possible = checked(solver);
      answer.is_possible = possible == z3::sat;
      answer.is_impossible = possible == z3::unsat;
    }
    if (asked != Asked::Possibility) put(solver, scope, question, answer);
  } catch (const CannotEncode& refused) {
    answer.result = z3::unknown;
    answer.reason = "cannot encode " + refused.what;
    answer.span = refused.span;
  } catch (const z3::exception& exception) {
    answer.result = z3::unknown;
    answer.reason = fmt::format("Z3: {}", exception.msg());
  }
  return answer;
}

/// Of what is proved: whether what it assumes can be true, which is asked where it is easily seen.
void Prover::decide_possibility(Obligation& obligation, const Builder& build) {
  obligation.is_possible = ask_in(scopes_.second, Asked::Possibility, build).is_possible;
  if (obligation.is_possible) return;
  const Answer first = ask_in(scopes_.first, Asked::Possibility, build);
  obligation.is_possible = first.is_possible;
  obligation.is_impossible = first.is_impossible;
  if (first.is_possible || first.is_impossible) return;
  obligation.status = Obligation::Status::Unknown;
  obligation.note = "whether what it assumes can be true is not known";
}

void Prover::decide(Obligation& obligation, const Builder& build) {
  using Status = Obligation::Status;
  const bool is_part = scopes_.second_is_part_of_first;
  const Answer first = ask_in(scopes_.first, is_part ? Asked::Goal : Asked::Both, build);
  obligation.is_possible = first.is_possible;
  if (first.result == z3::unsat && (first.is_possible || is_part)) {
    obligation.status = Status::Proved;
    if (is_part) decide_possibility(obligation, build);
    return;
  }
  Answer second = ask_in(scopes_.second, Asked::Both, build);
  obligation.is_possible = obligation.is_possible || second.is_possible;
  if (second.result == z3::sat && second.decoded.counterexample) {
    obligation.status = Status::Refuted;
    if (!counterexample) counterexample = std::move(second.decoded.counterexample);
    return;
  }
  if (first.result == z3::unsat && obligation.is_possible) {
    obligation.status = Status::Proved;
    return;
  }
  note_failure(obligation, first, std::move(second));
}

/// Why it is neither proved nor refuted.
void Prover::note_failure(Obligation& obligation, const Answer& first, Answer second) {
  if (second.result == z3::sat) {
    obligation.note = second.decoded.note;
    return;
  }
  obligation.span = first.span;
  if (first.result == z3::unsat) {
    obligation.is_impossible = first.is_impossible;
    obligation.note = "what it assumes can never be true, so that it says nothing";
    return;
  }
  obligation.note = first.result == z3::sat ? scopes_.beyond : first.reason;
  if (second.result == z3::unsat) {
    obligation.status = Obligation::Status::Bounded;
  } else if (first.result == z3::sat || first.reason.empty()) {
    obligation.note = second.reason;
    obligation.span = second.span;
  }
}

std::optional<bool> Prover::is_possible(Universe::Scope scope, const Builder& build) {
  const Answer answer = ask_in(scope, Asked::Possibility, build);
  if (!answer.is_possible && !answer.is_impossible) return std::nullopt;
  return answer.is_possible;
}

void Prover::ask(const std::string& name, const Builder& build) {
  Obligation obligation;
  obligation.name = name;
  const auto start = std::chrono::steady_clock::now();
  decide(obligation, build);
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  obligation.milliseconds = spent.count();
  proof.obligations.push_back(std::move(obligation));
}

}  // namespace capstan::checker
