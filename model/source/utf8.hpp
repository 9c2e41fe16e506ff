// SPDX-License-Identifier: MIT
// utf8: code points of a text that may be broken, and how wide a terminal shows them.
//
// To: syntax/lexer (what is not UTF-8 is an error), source/render (columns). Tested by:
// tests/unit/model/source_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace capstan::model {

/// The code point at an offset; `size` bytes, at least 1. Not valid: a stray, cut off, overlong or
/// surrogate form.
struct CodePoint {
  char32_t value = 0;
  std::size_t size = 1;
  bool is_valid = false;
};

/// Requires offset < text.size().
CodePoint decode_utf8(std::string_view text, std::size_t offset);

/// C0 and C1 controls, and the marks that turn the direction of text or hide it.
bool is_control(char32_t point);

/// The text as it may be shown, on a terminal and in XML, JSON and pictures: what steers a
/// terminal, turns or hides text, or is no character at all is named (`<U+202E>`), a tab is a
/// blank, and bytes that are not UTF-8 are U+FFFD. Line feeds stay if `keeps_lines`.
std::string printable(std::string_view text, bool keeps_lines = false);

/// Columns that a terminal gives the character: 0 (combining), 1 or 2 (East Asian, pictures).
std::size_t column_width(char32_t point);

}  // namespace capstan::model
