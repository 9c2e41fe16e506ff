// SPDX-License-Identifier: MIT
// lint: `capstan lint`: the warnings of model/lint for spec files.
#pragma once

#include "runtime/command/options.hpp"

namespace capstan::runtime {

/// Returns the exit status: 0 no warning, 1 warnings, 2 some file cannot be read or has errors.
int run_lint(const LintOptionsOnLine& options);

}  // namespace capstan::runtime
