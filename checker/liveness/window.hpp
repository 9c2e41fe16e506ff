// SPDX-License-Identifier: MIT
// window: for how long replicas may differ, as data. From: liveness/find_window. To: reports.
#pragma once

#include <cstdint>
#include <optional>

namespace capstan::checker {

/// For how long those that `converges` compares may differ once clients have stopped and faults are
/// over.
struct Window {
  std::uint64_t steps = 0;            // at most so many that change something, ticks and
                                      // repetitions left out
  bool is_bounded = true;             // false: some can be repeated, and only fairness ends it
  std::optional<std::uint64_t> hops;  // the longest chain of messages, where it is counted
  bool has_bounded_hops = true;
  std::optional<std::uint64_t> ticks;  // that pass meanwhile, where time passes
  bool has_bounded_ticks = true;
};

}  // namespace capstan::checker
