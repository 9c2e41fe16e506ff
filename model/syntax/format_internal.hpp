// SPDX-License-Identifier: MIT
// format_internal: what the format*.cpp files share, and nobody else.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "model/source/source_file.hpp"
#include "model/syntax/token.hpp"

namespace capstan::model::formatting {

/// What a bracket is: round, square, a brace around values (`{1, 2}`), or around lines.
enum class Bracket { None, Round, Square, Values, Block };

/// One word or sign of a line.
struct Word {
  TokenKind kind = TokenKind::End;
  std::string text;
  Bracket bracket = Bracket::None;  // of what it opens or closes
  bool is_unary = false;            // a `-` before its operand
  bool is_complete = false;         // the `all` of `available to all`: wants no operand
  bool takes_operand = false;       // a word such as `until` or `always`, no name of a function
};

struct Line {
  std::size_t indent = 0;
  std::vector<Word> words;  // none: the line is a comment
  std::string comment;      // behind the words, or the whole line; empty: none
  bool has_blank_before = false;
  bool is_continuation = false;  // of the item that the line before began
};

/// The lines as the writer broke them, with semicolons only where one must or may stand.
std::vector<Line> lines_of(const SourceFile& source);

/// Whether a space stands between two words of a line.
bool has_space(const Word& before, const Word& word);

/// Binary operators and whatever else stands between two operands.
bool is_operator(TokenKind kind);

}  // namespace capstan::model::formatting
