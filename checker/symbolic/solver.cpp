// SPDX-License-Identifier: MIT
// solver: see the header. Compounds are Z3 expressions kept in a table by the literal's number;
// variables are made once and used again after a pop, so that a question of a familiar size makes
// no new symbols.
#include "checker/symbolic/solver.hpp"

#include <fmt/format.h>
#include <z3++.h>

#include <chrono>
#include <limits>
#include <optional>
#include <unordered_map>

#include "checker/symbolic/interruptible.hpp"
#include "checker/symbolic/z3_context.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

namespace {
constexpr std::int64_t kWeightMost = std::numeric_limits<int>::max();
}

struct Solver::Implementation {
  explicit Implementation(Budget given) : budget(given), solver(context, z3::solver::simple()) {
    z3::params params(context);
    params.set("timeout", budget.milliseconds);
    if (budget.steps > 0) params.set("rlimit", budget.steps);
    solver.set(params);
    terms.reserve(1024);
    terms.push_back(context.bool_val(true));  // code 0 is not used
    terms.push_back(context.bool_val(true));
  }

  z3::expr term(Literal literal) const {
    const z3::expr& positive = terms[static_cast<std::size_t>(std::abs(literal.code))];
    return literal.code < 0 ? !positive : positive;
  }
  Literal keep(z3::expr term) {
    terms.push_back(std::move(term));
    return {static_cast<std::int32_t>(terms.size() - 1)};
  }
  /// Runs `action`; an exception of Z3 makes the answers Unknown from here on.
  template <typename Action>
  void guarded(Action action) {
    if (!trouble.empty()) return;
    try {
      action();
    } catch (const z3::exception& exception) {
      trouble = fmt::format("Z3: {}", exception.msg());
    }
  }

  Budget budget;
  Z3Context z3;
  z3::context& context = z3.get();
  z3::solver solver;
  std::vector<z3::expr> terms;
  std::vector<z3::expr> variables;  // made so far, in order
  std::size_t variables_used = 0;
  struct Level {
    std::size_t terms, variables;
  };
  std::vector<Level> levels;
  std::optional<z3::model> model;
  std::vector<Literal> core;
  std::string trouble;  // of an exception
  std::string reason;
};

Solver::Solver(Budget budget) : implementation_(std::make_unique<Implementation>(budget)) {}
Solver::~Solver() = default;

Literal Solver::variable() {
  Implementation& self = *implementation_;
  Literal made = kTrue;
  self.guarded([&] {
    if (self.variables_used == self.variables.size()) {
      const std::string name = fmt::format("v{}", self.variables.size());
      self.variables.push_back(self.context.bool_const(name.c_str()));
    }
    made = self.keep(self.variables[self.variables_used++]);
  });
  return made;
}

Literal Solver::any_of(std::span<const Literal> literals) {
  Implementation& self = *implementation_;
  Literal made = kFalse;
  self.guarded([&] {
    z3::expr_vector parts(self.context);
    Literal only = kFalse;
    for (const Literal literal : literals) {
      if (literal.is_true()) {
        made = kTrue;
        return;
      }
      if (literal.is_false()) continue;
      parts.push_back(self.term(literal));
      only = literal;
    }
    made = parts.size() > 1 ? self.keep(z3::mk_or(parts)) : only;
  });
  return made;
}

Literal Solver::all_of(std::span<const Literal> literals) {
  std::vector<Literal> negated;
  negated.reserve(literals.size());
  for (const Literal literal : literals) negated.push_back(!literal);
  return !any_of(negated);
}

Literal Solver::sum_is(std::span<const std::pair<Literal, std::int64_t>> terms,
                       std::int64_t total) {
  Implementation& self = *implementation_;
  Literal made = kFalse;
  self.guarded([&] {
    z3::expr_vector parts(self.context);
    std::vector<int> weights;
    std::int64_t rest = total;
    std::int64_t most = 0;
    for (auto [literal, weight] : terms) {
      if (std::abs(weight) > kWeightMost) throw z3::exception("a number is too large for a sum");
      if (weight < 0) {  // w x = w - w (not x), so that all weights are positive
        rest -= weight;
        literal = !literal;
        weight = -weight;
      }
      if (literal.is_true()) rest -= weight;
      if (literal.is_true() || literal.is_false() || weight == 0) continue;
      parts.push_back(self.term(literal));
      weights.push_back(static_cast<int>(weight));
      most += weight;
    }
    if (rest < 0 || rest > most) return;
    if (most > kWeightMost) throw z3::exception("a sum is too large");
    made =
        parts.empty() ? kTrue : self.keep(z3::pbeq(parts, weights.data(), static_cast<int>(rest)));
  });
  return made;
}

void Solver::require(Literal literal) { require_any({literal}); }

void Solver::require_any(std::span<const Literal> literals) {
  const Literal clause = any_of(literals);
  Implementation& self = *implementation_;
  if (clause.is_true()) return;
  self.guarded([&] { self.solver.add(self.term(clause)); });
}

void Solver::push() {
  Implementation& self = *implementation_;
  self.levels.push_back({self.terms.size(), self.variables_used});
  self.guarded([&] { self.solver.push(); });
}

void Solver::pop() {
  Implementation& self = *implementation_;
  CAPSTAN_REQUIRE(!self.levels.empty(), "pop without push");
  self.terms.erase(self.terms.begin() + static_cast<std::ptrdiff_t>(self.levels.back().terms),
                   self.terms.end());
  self.variables_used = self.levels.back().variables;
  self.levels.pop_back();
  self.model.reset();
  self.guarded([&] { self.solver.pop(); });
  if (self.levels.empty() &&
      !self.trouble.empty()) {  // start clean: what is asserted may be half of a formula
    self.trouble.clear();
    self.guarded([&] { self.solver.reset(); });
  }
}

Solver::Answer Solver::check(std::span<const Literal> assumptions) {
  Implementation& self = *implementation_;
  self.model.reset();
  self.core.clear();
  self.reason.clear();
  const auto start = std::chrono::steady_clock::now();
  Answer answer = Answer::Unknown;
  self.guarded([&] {
    z3::expr_vector given(self.context);
    std::unordered_map<unsigned, Literal> by_id;
    for (const Literal literal : assumptions) {
      const z3::expr term = self.term(literal);
      given.push_back(term);
      by_id.emplace(term.id(), literal);
    }
    z3::params params(self.context);
    params.set("timeout", model::milliseconds_left(self.budget.milliseconds));
    self.solver.set(params);
    const z3::check_result result = ask_z3(self.solver, given);
    if (result == z3::sat) {
      self.model = self.solver.get_model();
      answer = Answer::Satisfiable;
    } else if (result == z3::unsat) {
      const z3::expr_vector core = self.solver.unsat_core();
      for (unsigned i = 0; i < core.size(); ++i)
        self.core.push_back(by_id.at(core[static_cast<int>(i)].id()));
      answer = Answer::Unsatisfiable;
    } else {
      self.reason = self.solver.reason_unknown();
    }
  });
  if (answer != Answer::Unknown) return answer;
  model::poll_limits_now();
  // The simple solver says "canceled" for time and steps alike: our own clock tells them apart.
  const auto spent = std::chrono::steady_clock::now() - start;
  if (!self.trouble.empty()) {
    self.reason = self.trouble;
  } else if (spent >= std::chrono::milliseconds(self.budget.milliseconds)) {
    self.reason = fmt::format("Z3 reached its limit of {} ms", self.budget.milliseconds);
  } else if (self.budget.steps > 0) {
    self.reason = fmt::format("Z3 reached its limit of {} steps", self.budget.steps);
  } else {
    self.reason = fmt::format("Z3 gave up: {}", self.reason);
  }
  return answer;
}

bool Solver::value(Literal literal) const {
  Implementation& self = *implementation_;
  CAPSTAN_REQUIRE(self.model.has_value(), "a model is there after Satisfiable only");
  bool is_true = false;
  self.guarded([&] { is_true = self.model->eval(self.term(literal), false).is_true(); });
  return is_true;
}

std::vector<Literal> Solver::core() const { return implementation_->core; }
const std::string& Solver::reason() const { return implementation_->reason; }

}  // namespace capstan::checker
