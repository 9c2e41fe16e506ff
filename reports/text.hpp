// SPDX-License-Identifier: MIT
// text: the findings for people at a terminal: a table, and under it the story of each expectation
// that is not met.
//
// From: checker/finding (RunReport). To: standard output. No trailing blanks; the same bytes for
// the same findings, but for the measured times, which `times = false` leaves out. Columns are as
// wide as the longest cell of the file, and never narrower than a minimum, so that the tables of
// several files printed one after the other line up. Tested by: tests/unit/reports/text_test.cpp.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace capstan::reports {

struct TextOptions {
  bool color = false;  // escape sequences of ECMA-48
  bool times = true;   // measured times
  int width = 0;  // columns of the terminal; 0: no limit. Files that do not fit beside their row
                  // stand on the line below
  bool stories = true;  // print the counterexample of an unmet expectation below the table
};

/// The rendered errors of the file, its table, and the stories.
std::string file_text(const checker::FileReport& file, const TextOptions& options);

/// "3 scenarios, 6 expectations: 6 met".
std::string summary_text(const checker::RunReport& report, const TextOptions& options);

/// All files, then the summary.
std::string text_of(const checker::RunReport& report, const TextOptions& options);

/// A counterexample or witness: title, numbered steps with what changed, and why. Each line is
/// indented by two blanks.
std::string story_text(const model::Protocol& protocol, const checker::Evidence& evidence,
                       const TextOptions& options);

/// The states that contradict what was to be proved, and why; indented like a story.
std::string counterexample_text(const checker::Counterexample& found, const TextOptions& options);

}  // namespace capstan::reports
