// SPDX-License-Identifier: MIT
// check: `capstan check`: load, explore, replay, confirm, explain, draw, print.
#pragma once

#include <string>

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Runs the command; returns the exit status. `command` is the command line as typed, for the
/// reports.
int run_check(const CheckOptionsOnLine& options, const std::string& command);

}  // namespace capstan::runtime
