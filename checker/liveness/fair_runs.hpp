// SPDX-License-Identifier: MIT
// fair_runs: the shortest fair run that ends in, or goes round for ever in, given states.
//
// From: StateGraph, FairnessClasses. To: liveness/eventually (and whatever else asks what a fair
// run can do for ever). A set C of states, strongly connected under the steps allowed, is *fair* if
// each class is disabled in some state of C or taken inside C; a single state is connected, also
// without a step. A fair run stays in a fair C in the end, and each fair C has a run that goes
// round in it and owes nothing. Under weak fairness it is enough to look at maximal C: what a fair
// part of C has disabled or taken, C has too (Emerson, Lei, Science of Computer Programming 8,
// 1987; SEMANTICS 4 of the design). So: one pass of strong components (Tarjan, SIAM J. Comp. 1,
// 1972, as in the Boost Graph Library), and one over their steps. The run is a *lasso*: a shortest
// way in, then a cycle, the shortest one from there that owes nothing unless it is too long to be
// searched for, then a short one. Or it *ends* in a state where no fair step is possible. Cost:
// O(states + steps), and the search for the cycle, which is bounded. Tested by:
// tests/unit/checker/liveness/fair_runs_test.cpp, against an enumeration of all simple lassos.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "checker/liveness/fairness.hpp"
#include "checker/liveness/state_graph.hpp"

namespace capstan::checker {

/// Which runs are looked for. Lists are by state (or label), and empty ones mean all of them.
struct FairQuery {
  std::vector<bool> before;  // the way leads through these, from an initial state, ...
  std::vector<bool> doors;   // up to one of these, which is inside too, ...
  std::vector<bool> inside;  // and is in these from there on, for ever,
  std::vector<bool> visits;  // one of these again and again (or the run ends in it),
  std::vector<bool> steps;   // taking steps with these labels only from the door on
  /// What a step with a label adds to the length of the way in, at least 1; empty: 1 each. The low
  /// 32 bits of the sum must be the number of steps.
  std::vector<std::uint64_t> weights{};
};

struct FairRun {
  std::vector<LabelId> labels;  // the initial state's label first
  int loop_start = -1;          // labels from here on are taken for ever; -1: the run ends
  StateId end = 0;              // of a run that ends
};

/// The strong components of what is inside, under the steps that may be taken there.
struct FairComponents {
  std::vector<std::uint32_t> of_state;  // what a component leads to has a smaller number
  std::vector<bool> can_stay;           // by component: a fair run can be in it for ever
};

/// The shortest way in (by weight), then the shortest cycle. A run that ends is preferred to a
/// lasso with more labels whose way in weighs the same but for its steps. `components`, if
/// not null, is filled.
std::optional<FairRun> find_fair_run(const StateGraph& graph, const FairnessClasses& classes,
                                     const FairQuery& query, FairComponents* components = nullptr);

/// The shortest way to a state inside, whether a fair run may stay there or not.
std::optional<FairRun> find_way(const StateGraph& graph, const FairnessClasses& classes,
                                const FairQuery& query);

}  // namespace capstan::checker
