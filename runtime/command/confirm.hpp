// SPDX-License-Identifier: MIT
// confirm: nothing that the checker finds is reported before two others agree: the plain executor,
// which replays the trace step by step, and Z3, which judges the history that the replay saw. The
// minimal core of Z3 becomes the why.
//
// From: checker/check (reports whose evidence holds traces). To: reports/ (the same with runs and
// explanations). A disagreement is an internal error: a Failure that says who said what.
#pragma once

#include <optional>

#include "checker/explore/explorer.hpp"
#include "checker/finding.hpp"
#include "model/base/result.hpp"
#include "model/source/source_file.hpp"

namespace capstan::runtime {

/// Fills `run`, `explanation`, `title` and `why` of all evidence in the report, quoting the spec.
/// Returns what disagreed, if anything did. What a limit in force keeps from being confirmed is
/// undecided; `asked` is how the user named the limits.
std::optional<model::Failure> confirm(checker::ScenarioReport& report,
                                      const model::SourceFile& source,
                                      const checker::ExploreOptions& asked = {});

}  // namespace capstan::runtime
