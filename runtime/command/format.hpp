// SPDX-License-Identifier: MIT
// format: `capstan fmt`: rewrites spec files in the canonical form, or says which are not.
#pragma once

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Returns the exit status: 0 all files are (now) in the canonical form, 1 with `--check` if some
/// are not, 2 if some cannot be read, parsed or written; those stay as they are.
int run_format(const FormatOptionsOnLine& options);

}  // namespace capstan::runtime
