// SPDX-License-Identifier: MIT
// copies: what a merge is about: copies of the merged variables, alone and held by a process, as
// terms and as values, and what `given` says of them.
//
// From: prove/segments. To: prove/semilattice (laws and updates), prove/semilattice_given.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/prove/segments.hpp"

namespace capstan::checker {

/// A copy of what is merged: one term for each merged variable, in the merge's order.
using Copy = std::vector<TermPtr>;
using ConcreteCopy = std::vector<model::Value>;

/// A process that holds a copy: its other variables too.
struct Holder {
  TermPtr self;
  std::vector<TermPtr> variables;
};

class Copies {
 public:
  Copies(const model::Protocol& protocol, const model::Expectation& expectation);

 protected:
  void read_given();
  Holder holder(Setting& setting, const std::string& name) const;
  Copy copy_of(const Holder& holder) const;
  Copy any_copy(Setting& setting, const std::string& name) const;
  const std::string& variable(std::size_t index) const;
  /// What code that is a function of copies alone sees: nothing else.
  Scene scene_of_copy(Setting& setting, const Copy& mine, const Copy& theirs,
                      std::size_t slots) const;
  Copy merged(Setting& setting, const Copy& mine, const Copy& theirs) const;
  z3::expr same(Setting& setting, const Copy& a, const Copy& b) const;
  /// `Errors::All` where it is to be shown.
  using Errors = Encoder::Errors;
  z3::expr holds(Setting& setting, const std::vector<const model::Expr*>& parts, const Scene& scene,
                 Errors errors) const;
  /// What `given` says of these two, as far as it is about copies.
  z3::expr fit(Setting& setting, const Copy& mine, const Copy& theirs,
               Errors errors = Errors::Certain) const;
  /// What it says of a process and a copy.
  z3::expr fits_holder(Setting& setting, const Holder& holder, const Copy& theirs,
                       Errors errors = Errors::Certain) const;
  void assume_all_fit(Setting& setting, const std::vector<Copy>& copies, Question& question) const;
  ConcreteCopy merge_concretely(const ConcreteCopy& mine, const ConcreteCopy& theirs) const;
  static Decoded disagreement();
  /// "has value = 1 and tag = 2": what is marked.
  static std::string differing(const ShownState& state);
  ShownState state(const std::string& title, const std::string& note,
                   const ConcreteCopy& copy) const;
  static void mark_difference(Counterexample& shown);
  /// A message whose handler merges its fields is on its way with a copy.
  bool carries_copy(int message, std::vector<int>& fields) const;
  bool finds_merge_of_parameters(const model::Block& block, const model::Frame& frame,
                                 std::vector<int>& fields) const;
  /// The copy in the message that the segment handles, if it brings one.
  std::optional<Copy> brought(const CodeSegment& segment, const Scene& scene) const;
  Scene scene_of_holder(Setting& setting, const Holder& holder) const;
  Copy after(const Way& way) const;
  static const std::vector<std::pair<TermPtr, model::TypeId>>& taken(const z3::model& model,
                                                                     const std::vector<Way>& ways);
  ConcreteCopy copy_in(const std::vector<model::Value>& variables) const;
  /// " with item = 1, sender = ...": what the step was given.
  std::string parameters_text(const CodeSegment& segment,
                              const std::vector<model::Value>& locals) const;
  const std::string& process_name(int process) const;
  /// Whether some clause crashes processes of the role.
  bool may_crash() const;

  const model::Protocol& protocol_;
  const model::Expectation& expectation_;
  const model::Function& merge_;
  const model::Role& role_;
  std::vector<model::TypeId> types_;                        // of the merged variables
  std::vector<const model::Expr*> of_copies_, of_holders_;  // conjuncts of what is given
  std::vector<int> watched_;  // variables whose change matters to what is given
};

}  // namespace capstan::checker
