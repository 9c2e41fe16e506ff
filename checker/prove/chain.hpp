// SPDX-License-Identifier: MIT
// chain: several whole steps in a row, from any state or from the start, as one formula.
//
// Each step is some step of some process; which one, the solver chooses. What a step leaves behind
// gets names of its own, so that formulas grow with the steps and not with the ways through them;
// sets and maps stay functions that remember what they were asked. The state after a step is the
// state before the next one in all that a state tells of: variables, ghosts, messages, who is up,
// true time and what clocks have shown. Steps see less than real ones do (whole_step.hpp), so
// every run is a chain, and some chains are no runs.
// From: prove/whole_step. To: prove/k_induction. Throws CannotEncode.
// Cost: as many step formulas as steps times ways of taking one. Tested by:
// tests/unit/checker/prove/attempts_test.cpp
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checker/prove/whole_step.hpp"

namespace capstan::checker {

/// Terms with names of their own, about the one choice of params.
struct ChainPart {
  ChainPart(const Claim& claim, z3::context& context, Universe::Scope scope,
            const std::string& prefix)
      : setting(claim.protocol, context, scope), states(claim, setting) {
    setting.universe.set_prefix(prefix);
  }
  /// What is known whatever else holds. Whole once nothing is asked of its terms any more.
  void add_facts(z3::solver& solver) const;

  Setting setting;
  WholeStates states;
};

class Chain {
 public:
  enum class From { Start, AnyState };
  /// The claim and the forms must outlive it.
  Chain(const Claim& claim, const std::vector<StepForm>& forms, z3::context& context, From from);

  /// One step more, of a form that is wanted.
  void extend(const std::function<bool(const StepForm&)>& is_wanted);
  const std::vector<WholeState>& states() const { return states_; }
  /// Readings at which the claim is assumed of a state before the last: those given, what the clock
  /// of a process shows in a step from there, the least and the greatest; one, empty, without
  /// clocks.
  std::vector<Readings> readings_before(std::size_t state, const Readings& given);
  /// That no state comes twice; true where that cannot be said.
  z3::expr has_no_loop();
  /// The part that judges states.
  ChainPart& judge() { return *judge_; }
  /// What makes it a chain. After all else has been asked of it.
  void add_to(z3::solver& solver) const;

 private:
  /// One way to take a step, under the truth that it is the one.
  struct Link {
    z3::expr is_taken;
    std::unique_ptr<ChainPart> part;
    std::vector<z3::expr> assumed;
    WholeState after;
    int process = -1;
    std::optional<z3::expr> reading;
  };
  ChainPart& new_part(const std::string& prefix);
  Link make_link(const StepForm& form, int process, const std::string& name);
  WholeState merged(const WholeState& before, const std::vector<Link>& links);
  TermPtr named(const TermPtr& term, const std::string& name);
  z3::expr named(const z3::expr& value, const std::string& name);
  bool differ(const WholeState& a, const WholeState& b, z3::expr& some);

  const Claim& claim_;
  const std::vector<StepForm>& forms_;
  z3::context& context_;
  std::unique_ptr<ChainPart> judge_;
  std::vector<std::unique_ptr<ChainPart>> parts_;
  std::vector<WholeState> states_;
  std::vector<std::vector<Link>> links_;  // by step
  std::vector<z3::expr> facts_;
};

}  // namespace capstan::checker
