// SPDX-License-Identifier: MIT
// confirm_endless: a counterexample to a property of infinite runs, taken by the plain executor.
//
// From: checker (a trace with a cycle, or one that ends). To: runtime/command/confirm. Confirmed
// is: every step is enabled; the cycle can be taken twice, and each time leads back to where it
// began; no fair step is possible all along the cycle and never taken in it (or, of a run that
// ends, at the end); and the property is false of that run. Tested by:
// tests/unit/runtime/confirm_endless_test.cpp, tests/differential/endless_reference_test.cpp
#pragma once

#include <optional>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

/// Fills `title` and `why` of evidence whose `trace` is set. Fails if the plain executor disagrees.
std::optional<model::Failure> confirm_endless(const model::Protocol& protocol,
                                              const model::Expectation& expectation,
                                              checker::Evidence& evidence);

}  // namespace capstan::runtime
