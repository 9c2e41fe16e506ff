// SPDX-License-Identifier: MIT
// wrap: breaks a text at blanks into lines that fit; what fits is the caller's measure (columns,
// points).
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace capstan::reports {

/// Lines of whole words. `fits(line)` says whether a line is short enough, `cut(word)` what to put
/// for one word; a line feed ends a line. A word that fits on no line has one of its own.
template <typename Fits, typename Cut>
std::vector<std::string> wrap(std::string_view text, Fits fits, Cut cut) {
  std::vector<std::string> lines(1);
  std::string word;
  const auto put = [&] {
    if (word.empty()) return;
    word = cut(word);
    const std::string joined = lines.back().empty() ? word : lines.back() + " " + word;
    if (lines.back().empty() || fits(joined))
      lines.back() = joined;
    else
      lines.push_back(word);
    word.clear();
  };
  for (const char byte : text) {
    if (byte == ' ' || byte == '\n')
      put();
    else
      word += byte;
    if (byte == '\n') lines.emplace_back();
  }
  put();
  while (lines.size() > 1 && lines.back().empty()) lines.pop_back();
  return lines;
}

}  // namespace capstan::reports
