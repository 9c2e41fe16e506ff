// SPDX-License-Identifier: MIT
// source_file: the text of one spec and its line table.
//
// A line ends with "\n" or "\r\n"; the table holds the offset of each first byte, so that a place
// is found by bisection. Tested by: tests/unit/model/source_test.cpp.
#include "model/source/source_file.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <limits>
#include <memory>
#include <new>

#include "model/base/require.hpp"
#include "model/source/read_bytes.hpp"
#include "model/source/utf8.hpp"

namespace capstan::model {

namespace {

constexpr std::size_t file_size_max = std::size_t{16} << 20;

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xc0U) == 0x80U; }

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};

}  // namespace

SourceFile::SourceFile(std::string path, std::string text)
    : path_(std::move(path)), text_(std::move(text)) {
  CAPSTAN_REQUIRE(text_.size() < std::numeric_limits<std::uint32_t>::max(), "spans have 32 bits");
  line_starts_.push_back(0);
  for (std::size_t i = 0; i < text_.size(); ++i) {
    if (text_[i] == '\n') line_starts_.push_back(static_cast<std::uint32_t>(i + 1));
  }
}

std::string_view SourceFile::text(Span span) const {
  CAPSTAN_REQUIRE(span.begin <= span.end && span.end <= text_.size(), "a span of this file");
  return std::string_view(text_).substr(span.begin, span.end - span.begin);
}

std::string SourceFile::folded_text(Span span) const {
  std::string folded;
  bool is_caption = false, is_comment = false;
  const std::string_view whole = text(span);
  for (std::size_t i = 0; i < whole.size(); ++i) {
    const char c = whole[i];
    if (c == '\n') is_caption = is_comment = false;
    if (c == '"' && !is_comment) is_caption = !is_caption;
    is_comment = is_comment || (!is_caption && whole.substr(i).starts_with("//"));
    if (is_comment) continue;
    const bool is_space = c == ' ' || c == '\n' || c == '\t' || c == '\r';
    if (!is_space) {
      folded.push_back(c);
    } else if (!folded.empty() && folded.back() != ' ') {
      folded.push_back(' ');
    }
  }
  while (!folded.empty() && folded.back() == ' ') folded.pop_back();
  return printable(folded);
}

std::string_view SourceFile::line(std::uint32_t number) const {
  const std::size_t begin = line_start(number);
  const std::size_t end = number < line_count() ? line_starts_[number] - 1 : text_.size();
  std::string_view content = std::string_view(text_).substr(begin, end - begin);
  if (content.ends_with('\r')) content.remove_suffix(1);
  return content;
}

std::uint32_t SourceFile::line_start(std::uint32_t number) const {
  CAPSTAN_REQUIRE(number >= 1 && number <= line_count(), "a line of this file");
  return line_starts_[number - 1];
}

SourcePlace SourceFile::place(std::uint32_t offset) const {
  CAPSTAN_REQUIRE(offset <= text_.size(), "an offset into this file");
  const auto after = std::upper_bound(line_starts_.begin(), line_starts_.end(), offset);
  const auto line = static_cast<std::uint32_t>(after - line_starts_.begin());
  std::uint32_t column = 1;
  for (std::uint32_t i = line_starts_[line - 1]; i < offset; ++i) {
    if (!is_continuation(text_[i])) ++column;
  }
  return {line, column};
}

Result<std::string> read_bytes(const std::string& path, std::size_t size_max) {
  const auto reason = [&path] {
    if (errno == ENOMEM) throw std::bad_alloc();  // says nothing of the file
    return Failure{fmt::format("cannot read {}: {}", path, std::strerror(errno))};
  };
  const std::unique_ptr<std::FILE, CloseFile> file(std::fopen(path.c_str(), "rb"));
  if (!file) return reason();
  std::string text;
  char buffer[1 << 14];
  while (const std::size_t count = std::fread(buffer, 1, sizeof buffer, file.get())) {
    text.append(buffer, count);
    if (text.size() > size_max)
      return Failure{fmt::format("cannot read {}: it is larger than {} MiB", path, size_max >> 20)};
  }
  if (std::ferror(file.get()) != 0) return reason();
  return text;
}

Result<SourceFile> read_source_file(const std::string& path) {
  Result<std::string> text = read_bytes(path, file_size_max);
  if (!text) return text.failure();
  return SourceFile(path, std::move(text.value()));
}

}  // namespace capstan::model
