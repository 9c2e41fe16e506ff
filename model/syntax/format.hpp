// SPDX-License-Identifier: MIT
// format: the canonical form of a .cap text.
//
// From: syntax/lexer. To: `capstan fmt`. Idea (gofmt's): the words, their order, the comments and
// the line breaks are the writer's; indentation, the space between words, the columns of
// declarations and comments, and empty lines are ours. So no comment can get lost, the tree is the
// same, and formatting twice is formatting once. Split by idea: format_lines.cpp (words and
// comments to lines, what each bracket is), format_space.cpp (the space between two words),
// format.cpp (columns, and the text). Cost: linear in the text. Tested by:
// tests/unit/model/syntax/format_test.cpp.
#pragma once

#include <string>

#include "model/source/source_file.hpp"

namespace capstan::model {

/// The canonical text, ending in a newline. The source must parse without errors.
std::string format(const SourceFile& source);

}  // namespace capstan::model
