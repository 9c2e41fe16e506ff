// SPDX-License-Identifier: MIT
// engine_comparison: one small system explored by the engine and by the plain explorer, compared in
// everything that both tell.
//
// For the tests of random systems. A failure is a Catch2 check, so callers say INFO(seed).
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "tests/reference/plain_explorer.hpp"
#include "tests/support/seeds.hpp"

namespace capstan::tests {

/// Goals of every kind, for RandomComponents.
const std::vector<checker::Goal>& all_goals();

/// Without dead-message removal: equal states, transitions, depths, goals, deadlocks, coverage; all
/// traces followed.
void compare_in_full(checker::ComponentSystem& system, const PlainExploration& expected,
                     bool exact);

/// With it: the same local states with the same tracks, goals at the same depth. Returns the
/// repeats and how many states were saved.
std::pair<std::uint32_t, std::size_t> compare_without_dead(checker::ComponentSystem& system,
                                                           const PlainExploration& expected);

}  // namespace capstan::tests
