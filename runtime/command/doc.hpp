// SPDX-License-Identifier: MIT
// doc: `capstan doc CODE`: what a code means, an example that gives it, and how to mend it.
#pragma once

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Returns the exit status: 0, or 2 for a code that does not exist.
int run_doc(const DocOptionsOnLine& options);

}  // namespace capstan::runtime
