// SPDX-License-Identifier: MIT
// confirm_available: who waits for ever, for whom, and what stands in between.
//
// From: runtime/command/confirm_endless, which has shown that the run can go on as it does and is
// fair. To: the title and the why of a counterexample to `available to`.
#pragma once

#include <string>
#include <vector>

#include "model/base/result.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// A run as the plain executor took it.
struct WalkedRun {
  std::vector<World> worlds;  // after each step
  std::vector<model::StepRecord> records;
  /// The step after which nothing happens, or the cycle begins.
  std::size_t turn = 0;
};

struct Unanswered {
  std::string title;
  std::string why;
  bool is_refused = false;  // the operation ends by `fail` or `unknown`: no more has to be shown
};

/// Finds the process that is owed an answer and gets none. Fails if there is none. Throws
/// ModelError.
model::Result<Unanswered> find_unanswered(const model::Protocol& protocol,
                                          const model::Expectation& expectation,
                                          const WalkedRun& run);

}  // namespace capstan::runtime
