// SPDX-License-Identifier: MIT
// fairness: which steps may not be possible for ever and yet never be taken (D14).
//
// From: labels of a ProtocolSystem. To: liveness/fair_runs. Weakly fair are: the delivery of each
// message content (whichever handler takes it, whatever it chooses), each suspended activation that
// can go on, each plain `else`, each action that is not optional with its arguments and its `any`.
// Never: invocations and script steps, faults, duplications, optional actions; repairs (a cut
// heals, a process restarts) only where the property says that faults are over. Tested by:
// tests/differential/endless_reference_test.cpp, against runtime/execute/fairness.
#pragma once

#include <cstdint>
#include <vector>

#include "checker/explore/protocol_system.hpp"

namespace capstan::checker {

inline constexpr std::uint32_t kUnfair = ~std::uint32_t{0};

/// By label: the number of its class, dense from 0, or kUnfair. A class is owed a step if one of
/// its labels is enabled for ever.
struct FairnessClasses {
  std::vector<std::uint32_t> of_label;
  std::uint32_t count = 0;
};

struct FairnessRules {
  bool repairs = false;  // heal, restart and unpause are fair (`converges`: faults are over)
};

/// Classes of all labels that the system has met so far.
FairnessClasses fairness_classes(const ProtocolSystem& system, FairnessRules rules);

}  // namespace capstan::checker
