// SPDX-License-Identifier: MIT
// fairness: which steps may not be possible for ever and yet never be taken (D14).
//
// From: labels of a ProtocolSystem. To: liveness/fair_runs. Weakly fair are: the delivery of each
// message content (whichever handler takes it, whatever it chooses), each suspended activation that
// can go on, each `else`, each action that is not optional with its arguments and its `any`, and
// ticks. Never: invocations and script steps, faults, duplications, optional actions; repairs (a
// cut heals, a process restarts) only where the property says that faults are over.
//
// Where clocks are read, a step is owed only if it is possible under *every* reading that the clock
// may show; it may be taken with any. A tick changes how the graph writes a message that holds a
// time (the time is one further back), and the message is the same: so classes are followed through
// ticks (`after_tick`). Tested by: tests/differential/endless_reference_test.cpp, against
// runtime/execute/fairness; fair_runs_test, with classes that ticks rename.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "checker/explore/protocol_system.hpp"
#include "checker/liveness/state_graph.hpp"

namespace capstan::checker {

inline constexpr std::uint32_t kUnfair = ~std::uint32_t{0};

/// By label: the number of its class, dense from 0, or kUnfair. A class is owed a step if one of
/// its labels is enabled for ever.
struct FairnessClasses {
  std::vector<std::uint32_t> of_label;
  std::uint32_t count = 0;
  /// Where clocks are read: what the clock shows in a step with this label (nullopt: it is not
  /// asked), and in how many ways the clock that the label's step reads may answer in a state.
  std::vector<std::optional<std::int64_t>> reading_of;
  std::function<std::size_t(StateId, LabelId)> reading_count;
  /// Where time passes: the class that a class is called by after a tick; kUnfair: by none, for
  /// nothing of it is possible then. Null: ticks rename nothing.
  std::function<std::uint32_t(LabelSetId, std::uint32_t)> after_tick;
};

struct FairnessRules {
  bool repairs = false;  // heal, restart and unpause are fair (`converges`: faults are over)
};

/// Classes of all labels that the system of the graph has met so far. Both must outlive them.
FairnessClasses fairness_classes(ProtocolSystem& system, StateGraph& graph, FairnessRules rules);

/// What the class is called by after the step; kUnfair: nothing.
inline std::uint32_t after(const FairnessClasses& classes, const StateGraph& graph, LabelSetId step,
                           std::uint32_t fair) {
  return classes.after_tick && graph.is_tick(step) ? classes.after_tick(step, fair) : fair;
}

/// The classes that are owed a step in the state if they are in all states to come, sorted.
/// `steps`: by label, whether it may be taken at all; empty: all may.
std::vector<std::uint32_t> owed_classes(const StateGraph& graph, const FairnessClasses& classes,
                                        const std::vector<bool>& steps, StateId state);

}  // namespace capstan::checker
