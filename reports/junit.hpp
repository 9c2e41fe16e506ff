// SPDX-License-Identifier: MIT
// junit: the findings as JUnit XML, which continuous integration servers show: one suite a
// protocol, one case an expectation.
//
// From: checker/finding (RunReport). To: `--junit FILE`. Whatever is not met is a <failure>, also
// vacuous and undecided, so that a limit never looks like a pass; its type says which. A spec with
// errors is an <error>. The story of a counterexample is the failure's text. Tested by:
// tests/unit/reports/junit_test.cpp.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace capstan::reports {

struct JunitOptions {
  bool times = true;
};

std::string junit_of(const checker::RunReport& report, const JunitOptions& options);

}  // namespace capstan::reports
