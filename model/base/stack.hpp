// SPDX-License-Identifier: MIT
// stack: how much of this thread's stack is left, for recursion whose depth follows the input.
//
// Whoever recurses over definitions that lean on each other asks before going deeper, and reports
// what cannot be followed instead of overflowing.
// Tested by: tests/cases/bounds
#pragma once

namespace capstan::model {

/// Whether less than half of this thread's stack is left. Costs a comparison.
bool is_stack_low();

}  // namespace capstan::model
