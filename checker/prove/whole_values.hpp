// SPDX-License-Identifier: MIT
// whole_values: a step that Z3 found, as values: what the protocol's own code makes of them, and
// whether the claim holds before and fails after, by the ordinary evaluator.
//
// From: prove/whole_step (terms and a model), prove/replay. To: prove/inductive (what is confirmed
// is shown). Knows of Z3 only to read values off; the verdict is the evaluator's.
// Tested by: tests/unit/checker/prove/inductive_test.cpp
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/prove/concrete_step.hpp"
#include "checker/prove/whole_step.hpp"

namespace capstan::checker {

class WholeValues {
 public:
  explicit WholeValues(const Claim& claim) : claim_(claim) {}

  /// The values of the step in the model, carried out by the evaluator. Throws model::ModelError,
  /// CannotEncode.
  ConcreteStep carry_out(WholeStates& states, const z3::model& model, const StepForm& form,
                         int process, const WholeStep& step, const Readings& after) const;
  /// Whether the claim holds whatever clocks may show in this state; nullopt: too many readings.
  std::optional<bool> holds(const ConcreteWhole& state, const std::vector<model::Value>& params,
                            std::int64_t skew) const;
  bool holds_at(const ConcreteWhole& state, const std::vector<model::Value>& params,
                const std::vector<std::int64_t>& readings) const;
  /// What of the claim fails, "`x <= y` for a = Node 1", and whom it names.
  std::string failure(const ConcreteStep& step, std::set<int>& processes) const;
  /// What bounds readings, with these params; 0 for perfect clocks.
  std::int64_t skew(const std::vector<model::Value>& params) const;
  bool is_admissible(const ConcreteWhole& state, int process, std::int64_t reading,
                     std::int64_t skew) const;

 private:
  ConcreteWhole decoded_state(WholeStates& states, const z3::model& model,
                              const WholeState& state) const;
  void run(WholeStates& states, const z3::model& model, const StepForm& form, const WholeStep& step,
           ConcreteStep& result) const;
  void run_blocks(WholeStates& states, const z3::model& model, const WholeStep& step,
                  ConcreteStep& result) const;
  void start(ConcreteStep& result) const;
  void leave(int process, ConcreteScene& scene, ConcreteStep& result) const;
  void crash(WholeStates& states, const z3::model& model, const WholeStep& step,
             ConcreteStep& result) const;
  void restart(WholeStates& states, const z3::model& model, const WholeStep& step,
               ConcreteStep& result) const;
  template <typename Action>
  auto in_environment(const ConcreteWhole& state, const std::vector<model::Value>& params,
                      const std::vector<std::int64_t>& readings, Action action) const;

  const Claim& claim_;
};

}  // namespace capstan::checker
