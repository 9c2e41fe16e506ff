// SPDX-License-Identifier: MIT
#include "reports/metrics.hpp"

#include <array>
#include <cstdint>

#include "reports/wrap.hpp"

namespace capstan::reports {
namespace {

// Thousandths of the size, for the characters 32 to 126 (Adobe Helvetica AFM 2.0).
constexpr std::array<short, 95> kRegular = {
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr std::array<short, 95> kBold = {
    278, 333, 474, 556, 556, 889, 722, 238, 333, 333, 389, 584, 278, 333, 278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 333, 333, 584, 584, 584, 611, 975, 722, 722, 722, 722, 667,
    611, 778, 722, 278, 556, 722, 611, 833, 722, 778, 667, 778, 722, 667, 611, 722, 667, 944, 667,
    667, 611, 333, 278, 333, 584, 556, 333, 556, 611, 556, 611, 556, 333, 611, 611, 278, 278, 556,
    278, 889, 611, 611, 611, 611, 389, 556, 333, 611, 556, 778, 556, 556, 500, 389, 280, 389, 584};
constexpr short kMono = 600;

/// The code point at `at`, which moves behind it. Bytes that are not UTF-8 count as one character
/// each.
char32_t next_code_point(std::string_view text, std::size_t& at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at++);
  if (first < 0xC0) return first;
  const int more = first >= 0xF0 ? 3 : first >= 0xE0 ? 2 : 1;
  char32_t point = first & (0x3FU >> more);
  for (int i = 0; i < more && at < text.size() && (byte(at) & 0xC0U) == 0x80U; ++i)
    point = (point << 6) | (byte(at++) & 0x3FU);
  return point;
}

/// The few others that reports print (widths of Liberation Sans); anything else is taken to be
/// wide.
short other_width(char32_t point) {
  switch (point) {
    case U'→':
    case U'←':
    case U'…':
    case U'—':
      return 1000;
    case U'≠':
    case U'≤':
    case U'≥':
      return 549;
    case U'×':
      return 584;
    case U'·':
      return 333;
    case U'–':
      return 556;
    case U'‘':
    case U'’':
      return 278;
    case U'“':
    case U'”':
      return 500;
    default:
      return point < 0x300 ? 722 : 1000;
  }
}

short width_of_point(char32_t point, Face face) {
  if (face == Face::Mono) return kMono;
  if (point < 32) return 278;
  if (point > 126) return other_width(point);
  return (face == Face::Bold ? kBold : kRegular)[point - 32];
}

}  // namespace

double text_width(std::string_view text, double size, Face face) {
  long thousandths = 0;
  for (std::size_t at = 0; at < text.size();)
    thousandths += width_of_point(next_code_point(text, at), face);
  return static_cast<double>(thousandths) * size / 1000;
}

std::string fitted(std::string_view text, double width, double size, Face face) {
  if (text_width(text, size, face) <= width) return std::string(text);
  std::size_t end = 0, at = 0;
  while (at < text.size()) {
    next_code_point(text, at);
    if (text_width(text.substr(0, at), size, face) + text_width("…", size, face) > width) break;
    end = at;
  }
  while (end > 0 && text[end - 1] == ' ') --end;
  return std::string(text.substr(0, end)) + "…";
}

std::vector<std::string> broken(std::string_view text, double width, double size, Face face) {
  return wrap(
      text, [&](const std::string& line) { return text_width(line, size, face) <= width; },
      [&](const std::string& word) { return fitted(word, width, size, face); });
}

}  // namespace capstan::reports
