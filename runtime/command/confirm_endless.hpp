// SPDX-License-Identifier: MIT
// confirm_endless: a counterexample to a property of infinite runs, taken by the plain executor.
//
// From: checker (a trace with a cycle, or one that ends). To: runtime/command/confirm. Confirmed
// is: every step is enabled; the cycle can be taken twice, and each time leads back to where it
// began; no fair step is possible all along the cycle and never taken in it (or, of a run that
// ends, at the end); and the property is false of that run.
//
// Where time passes no state comes back: the cycle has to lead to a world that is like the one
// where it began (World::settled) under the constants that the checker used, and these have to
// cover every comparison that is evaluated along the cycle. If that cannot be shown, the objection
// is a doubt and no disagreement: the answer is then undecided. Tested by:
// tests/unit/runtime/confirm_endless_test.cpp, tests/differential/endless_reference_test.cpp
#pragma once

#include <optional>
#include <string>

#include "checker/finding.hpp"
#include "model/base/result.hpp"
#include "model/source/source_file.hpp"

namespace capstan::runtime {

struct Objection {
  std::string message;
  bool is_doubt = false;  // the counterexample may be one; this executor cannot tell
};

/// Fills `title` and `why` of evidence whose `trace` is set, quoting the spec if it is given. An
/// objection if the plain executor does not agree.
std::optional<Objection> confirm_endless(const model::Protocol& protocol,
                                         const model::Expectation& expectation,
                                         checker::Evidence& evidence,
                                         const model::SourceFile* source = nullptr);

}  // namespace capstan::runtime
