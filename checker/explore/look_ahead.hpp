// SPDX-License-Identifier: MIT
// look_ahead: random runs that show beforehand which constants of time an exploration will need.
//
// From: check, once explorations have begun again because a constant was too small. To:
// TimeAbstraction::learn. Constants found late cost most: whatever was explored before is explored
// again. The runs keep times as they are, however old, and note what is compared and what is
// stored. What a run met, an exploration meets too, so it would raise the same constants sooner or
// later (or give up on times that nothing follows); constants that are never needed are not
// raised, and what the runs miss is still found on demand. The same runs every time. Cost: some
// thousand steps. Tested by: tests/unit/checker/explore/time_abstraction_test.cpp (against raising
// them one by one)
#pragma once

#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/time_abstraction.hpp"

namespace capstan::checker {

/// Takes random runs of a system whose times are kept by an abstraction that watches, and looks at
/// these predicates in every state.
void look_ahead(ComponentSystem& system, const std::vector<int>& predicates);

}  // namespace capstan::checker
