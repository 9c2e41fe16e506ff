// SPDX-License-Identifier: MIT
// lint: what a spec says that its writer hardly means: names that nobody uses, guards that no point
// makes true, scenarios that check nothing, and what may have changed while a step was suspended.
//
// From: syntax/ast, typed/typecheck. To: `capstan lint`. Idea: only what is certain is said, so
// that no file needs to silence it; W06 codes. Split by idea: lint.cpp (names), suspension.cpp
// (guards over an `ask`), guards.cpp (guards that are false in every scenario). Tested by:
// tests/unit/model/lint/lint_test.cpp, tests/golden/lint/.
#pragma once

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/syntax/ast.hpp"

namespace capstan::model {

/// Adds the warnings of a file that parses and elaborates without errors.
void lint(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics);

}  // namespace capstan::model
