// SPDX-License-Identifier: MIT
// replay: `capstan replay`: a saved counterexample again, in the plain executor, told step by step.
#pragma once

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Returns the exit status: 0 if the trace runs and ends as it says, 2 if it does not fit the spec
/// (any more).
int run_replay(const ReplayOptionsOnLine& options);

}  // namespace capstan::runtime
