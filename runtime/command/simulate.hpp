// SPDX-License-Identifier: MIT
// simulate: the command `capstan simulate`: random runs of scenarios too large to explore.
#pragma once

#include <string>

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Returns the exit status: 0 nothing unmet was seen, 1 something was, 2 spec or usage error, 70
/// internal error. `command` is the command line.
int run_simulate(const SimulateOptionsOnLine& options, const std::string& command);

}  // namespace capstan::runtime
