// SPDX-License-Identifier: MIT
// lexer: text -> tokens.
//
// From: source/source_file. To: syntax/parser. A newline is white space; comments are left out, but
// `///` lines are kept with the token that follows. What is wrong with single characters and words
// is reported here (E00), and a token stands for it in the list nevertheless, so that the parser
// does not report it again. Tested by: tests/unit/model/lexer_test.cpp, tests/golden/syntax/.
#pragma once

#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/syntax/token.hpp"

namespace capstan::model {

struct TokenList {
  std::vector<SyntaxToken> tokens;  // ends with one End
  std::vector<std::string>
      docs;  // texts of `///` comments, lines joined by newlines; docs[0] is empty
};

/// The tokens of the whole file. Cost: linear in the text.
TokenList lex(const SourceFile& source, Diagnostics& diagnostics);

/// The tokens of a part of it (an expression in a caption), with spans of the whole.
TokenList lex(const SourceFile& source, Span part, Diagnostics& diagnostics);

}  // namespace capstan::model
