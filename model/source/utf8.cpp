// SPDX-License-Identifier: MIT
// utf8: decoding by the table of the Unicode standard (3-7, well-formed sequences), and widths by
// block.
//
// The widths are those of whole blocks and not of each character: an excerpt whose marks are off by
// a column for a rare character is still read, and a table of all of them would have to follow each
// version of Unicode.
#include "model/source/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/base/require.hpp"

namespace capstan::model {

namespace {

struct Block {
  char32_t first;
  char32_t last;
};

constexpr auto zero_width = std::to_array<Block>({{0x300, 0x36f},
                                                  {0x483, 0x489},
                                                  {0x1ab0, 0x1aff},
                                                  {0x1dc0, 0x1dff},
                                                  {0x20d0, 0x20ff},
                                                  {0xfe00, 0xfe0f},
                                                  {0xfe20, 0xfe2f}});
constexpr auto double_width = std::to_array<Block>({{0x1100, 0x115f},
                                                    {0x2e80, 0x303e},
                                                    {0x3041, 0xa4cf},
                                                    {0xac00, 0xd7a3},
                                                    {0xf900, 0xfaff},
                                                    {0xfe30, 0xfe6f},
                                                    {0xff00, 0xff60},
                                                    {0xffe0, 0xffe6},
                                                    {0x1f300, 0x1f64f},
                                                    {0x1f900, 0x1f9ff},
                                                    {0x20000, 0x3fffd}});
constexpr auto controls = std::to_array<Block>({{0x0, 0x1f},
                                                {0x7f, 0x9f},
                                                {0x61c, 0x61c},
                                                {0x200b, 0x200f},
                                                {0x2028, 0x202e},
                                                {0x2060, 0x2069},
                                                {0xfeff, 0xfeff},
                                                {0xfff9, 0xfffb},
                                                {0xe0000, 0xe007f}});

template <std::size_t Count>
bool is_in(const std::array<Block, Count>& blocks, char32_t point) {
  return std::any_of(blocks.begin(), blocks.end(), [point](const Block& block) {
    return block.first <= point && point <= block.last;
  });
}

/// Bytes that a sequence beginning with `lead` has, and the least code point that needs so many; 0:
/// no lead.
struct Form {
  std::size_t size;
  char32_t least;
  unsigned lead_bits;
};

Form form_of(unsigned char lead) {
  if (lead < 0x80) return {1, 0, lead};
  if (lead >= 0xc2 && lead < 0xe0) return {2, 0x80, lead & 0x1fU};
  if (lead >= 0xe0 && lead < 0xf0) return {3, 0x800, lead & 0x0fU};
  if (lead >= 0xf0 && lead < 0xf5) return {4, 0x10000, lead & 0x07U};
  return {0, 0, 0};
}

}  // namespace

CodePoint decode_utf8(std::string_view text, std::size_t offset) {
  CAPSTAN_REQUIRE(offset < text.size(), "an offset into the text");
  const Form form = form_of(static_cast<unsigned char>(text[offset]));
  if (form.size == 0 || form.size > text.size() - offset) return {};
  char32_t point = form.lead_bits;
  for (std::size_t i = 1; i < form.size; ++i) {
    const auto byte = static_cast<unsigned char>(text[offset + i]);
    if ((byte & 0xc0U) != 0x80U) return {};
    point = point << 6U | (byte & 0x3fU);
  }
  const bool is_surrogate = point >= 0xd800 && point <= 0xdfff;
  if (point < form.least || point > 0x10ffff || is_surrogate) return {};
  return {point, form.size, true};
}

bool is_control(char32_t point) { return is_in(controls, point); }

std::string printable(std::string_view text, bool keeps_lines) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const CodePoint point = decode_utf8(text, at);
    const std::string_view bytes = text.substr(at, point.size);
    at += point.size;
    const bool is_no_character = (point.value & 0xfffeU) == 0xfffeU;
    if (!point.is_valid)
      result += "\xef\xbf\xbd";
    else if (bytes == "\t" || (bytes == "\n" && !keeps_lines))
      result += ' ';
    else if (bytes != "\n" && (is_control(point.value) || is_no_character))
      result += fmt::format("<U+{:04X}>", static_cast<unsigned>(point.value));
    else
      result += bytes;
  }
  return result;
}

std::size_t column_width(char32_t point) {
  if (is_in(zero_width, point)) return 0;
  return is_in(double_width, point) ? 2 : 1;
}

}  // namespace capstan::model
