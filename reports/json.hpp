// SPDX-License-Identifier: MIT
// json: the findings for programs, in a versioned schema (docs/json.md).
//
// From: checker/finding (RunReport). To: `--json FILE`. Fields are only ever added within one
// version. Values are written as the language writes them, which is stable and needs no type to
// read; traces that can be replayed are files of their own (runtime). Tested by:
// tests/unit/reports/json_test.cpp.
#pragma once

#include <string>

#include "checker/finding.hpp"

namespace capstan::reports {

inline constexpr int kJsonVersion = 1;

struct JsonOptions {
  bool times = true;  // what differs from run to run: seconds and memory
};

/// The whole report, indented, ending in a line feed.
std::string json_of(const checker::RunReport& report, const JsonOptions& options);

}  // namespace capstan::reports
