// SPDX-License-Identifier: MIT
#include "checker/prove/question.hpp"

#include <fmt/format.h>

#include <chrono>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// Z3's own unit: some seconds at most.
constexpr unsigned steps_every = 6'000'000, steps_types = 30'000'000;
constexpr unsigned milliseconds_most = 20'000;

z3::solver new_solver(z3::context& context, Universe::Scope scope) {
  z3::solver solver(context, z3::solver::simple());
  z3::params params(context);
  params.set("timeout", milliseconds_most);
  params.set("rlimit", scope == Universe::Scope::Every ? steps_every : steps_types);
  solver.set(params);
  return solver;
}

}  // namespace

const char* word(Obligation::Status status) {
  switch (status) {
    case Obligation::Status::Proved:
      return "proved";
    case Obligation::Status::Refuted:
      return "refuted";
    case Obligation::Status::Bounded:
      return "not refuted within the types";
    case Obligation::Status::Unknown:
      return "undecided";
  }
  CAPSTAN_UNREACHABLE("a status");
}

Questions::Answer Questions::ask_in(Universe::Scope scope,
                                    const std::function<Question(Setting&)>& build) {
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
    answer.is_possible = solver.check() == z3::sat;
    solver.add(!question.goal);
    answer.result = solver.check();
    if (answer.result == z3::unknown)
      answer.reason = fmt::format("Z3 gave up: {}", solver.reason_unknown());
    if (answer.result == z3::sat && scope == Universe::Scope::Types)
      answer.decoded = question.decode(solver.get_model());
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

void Questions::decide(Obligation& obligation, const std::function<Question(Setting&)>& build) {
  using Status = Obligation::Status;
  const Answer every = ask_in(Universe::Scope::Every, build);
  obligation.is_possible = every.is_possible;
  if (every.result == z3::unsat && every.is_possible) {
    obligation.status = Status::Proved;
    return;
  }
  Answer types = ask_in(Universe::Scope::Types, build);
  obligation.is_possible = obligation.is_possible || types.is_possible;
  if (types.result == z3::sat && types.decoded.counterexample) {
    obligation.status = Status::Refuted;
    if (!counterexample) counterexample = std::move(types.decoded.counterexample);
    return;
  }
  if (every.result == z3::unsat && obligation.is_possible) {
    obligation.status = Status::Proved;
    return;
  }
  if (types.result == z3::sat) {
    obligation.note = types.decoded.note;
    return;
  }
  obligation.span = every.span;
  if (every.result == z3::unsat) {
    obligation.note = "what it assumes can never be true, so that it says nothing";
    return;
  }
  obligation.note =
      every.result == z3::sat ? "values beyond the types contradict it" : every.reason;
  if (types.result == z3::unsat) {
    obligation.status = Status::Bounded;
  } else if (every.result == z3::sat || every.reason.empty()) {
    obligation.note = types.reason;
    obligation.span = types.span;
  }
}

void Questions::ask(const std::string& name, const std::function<Question(Setting&)>& build) {
  Obligation obligation;
  obligation.name = name;
  const auto start = std::chrono::steady_clock::now();
  decide(obligation, build);
  const std::chrono::duration<double, std::milli> spent = std::chrono::steady_clock::now() - start;
  obligation.milliseconds = spent.count();
  proof.obligations.push_back(std::move(obligation));
}

}  // namespace capstan::checker
