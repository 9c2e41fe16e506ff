// SPDX-License-Identifier: MIT
// SourceFile: the text of one spec, its line table, and Span, a range of bytes in it.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "model/base/result.hpp"

namespace capstan::model {

/// A half-open range of bytes [begin, end) in one SourceFile. Empty spans point between two bytes.
struct Span {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;
  friend bool operator==(const Span&, const Span&) = default;
};

/// The smallest span that covers both.
inline Span cover(Span a, Span b) {
  return {a.begin < b.begin ? a.begin : b.begin, a.end > b.end ? a.end : b.end};
}

/// Line and column of a byte, both counted from 1; the column counts code points, as editors do.
struct SourcePlace {
  std::uint32_t line = 1;
  std::uint32_t column = 1;
};

class SourceFile {
 public:
  SourceFile(std::string path, std::string text);

  const std::string& path() const { return path_; }
  std::string_view text() const { return text_; }
  std::string_view text(Span span) const;
  /// The same in one line: white space folded to single blanks.
  std::string folded_text(Span span) const;
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(line_starts_.size()); }
  /// Text of a line (counted from 1) without its line end.
  std::string_view line(std::uint32_t number) const;
  /// Byte offset at which a line (counted from 1) begins.
  std::uint32_t line_start(std::uint32_t number) const;
  SourcePlace place(std::uint32_t offset) const;

 private:
  std::string path_;
  std::string text_;
  std::vector<std::uint32_t> line_starts_;
};

/// Reads a whole file; fails with the reason of the operating system. Files over 16 MiB are
/// refused.
Result<SourceFile> read_source_file(const std::string& path);

}  // namespace capstan::model
