// SPDX-License-Identifier: MIT
// find_components: the map of what lies ahead of a run that does not converge.
//
// From: StateGraph, fair_runs. To: liveness/eventually. The run's last invocation or fault is where
// the map begins; what settling steps lead to from there is condensed to its strong components.
// Shown are the components on the run, then those next to what is shown, up to `kBoxesMax`.
#pragma once

#include "checker/liveness/component_map.hpp"
#include "checker/liveness/fair_runs.hpp"

namespace capstan::checker {

inline constexpr std::size_t kBoxesMax = 14;

/// `components`: of the steps that `steps` allows (by label); `differs`: by state.
ComponentMap find_components(const StateGraph& graph, const FairComponents& components,
                             const FairRun& run, const std::vector<bool>& steps,
                             const std::vector<bool>& differs);

}  // namespace capstan::checker
