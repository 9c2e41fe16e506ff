// SPDX-License-Identifier: MIT
// plain_explorer: what explore() must find, by the slow and obvious way. For tests only.
//
// Breadth-first over plain state vectors in a std::map; every question is asked anew in every
// state; no interning, no hashing, no memo. It shares nothing with the engine but the
// ComponentSystem.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/timed_system.hpp"

namespace capstan::tests {

struct PlainState {
  std::vector<checker::LocalId> locals;
  std::vector<std::vector<checker::MessageId>> inboxes;  // sorted
  std::vector<checker::TrackId> tracks;
  auto operator<=>(const PlainState&) const = default;
};

/// One enabled outcome in a state.
struct PlainStep {
  std::set<checker::LabelId> labels;  // of all local steps with this effect
  PlainState next;                    // unless error
  std::uint32_t error = 0;
  std::vector<int> violated;  // tracks
  bool is_tick = false;
};

struct PlainExploration {
  bool gave_up = false;                        // more states than allowed
  std::map<PlainState, std::uint32_t> states;  // with their depths
  std::uint64_t transitions = 0;
  std::uint32_t depth = 0;
  std::vector<std::optional<std::uint32_t>> found;  // per goal: the least number of steps
  std::optional<std::uint32_t> deadlock;            // depth of the first
  std::set<checker::LabelId> labels_taken;
  std::set<checker::LabelId> labels_taken_pending;
};

/// Everything reachable, whatever the goals; goals only record their depth.
PlainExploration explore_plainly(checker::ComponentSystem& system,
                                 const std::vector<checker::Goal>& goals, std::size_t states_max);

/// All enabled outcomes; `guard_failed` is set if a guard could not be evaluated.
std::vector<PlainStep> plain_steps(checker::ComponentSystem& system, const PlainState& state,
                                   bool& guard_failed);

/// Follows the labels from the initial states in every possible way; empty: the run does not exist.
/// `last` gets the last steps taken (as one label may stand for several).
std::set<PlainState> follow(checker::ComponentSystem& system,
                            const std::vector<checker::LabelId>& labels,
                            std::vector<PlainStep>& last);

/// The state with its stamps in normal form; the same state without time.
PlainState settle(checker::ComponentSystem& system, const PlainState& state);

std::optional<bool> plain_holds(checker::ComponentSystem& system, int predicate,
                                const PlainState& state);

}  // namespace capstan::tests
