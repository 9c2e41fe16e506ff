// SPDX-License-Identifier: MIT
// file_name: words of a spec as parts of file names: readable, bounded, the same on every machine.
//
// To: typed (slugs of expectations, suffixes of points), checker (the stem of a scenario's files),
// runtime/command. A part holds letters, digits, `_` and `-` alone. Tested by:
// tests/unit/model/base/file_name_test.cpp.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capstan::model {

/// Of the stem of a scenario's files: with the slug of an expectation, an ending and the hashes of
/// both a file's name has 200 bytes at most.
inline constexpr std::size_t kFileStemSizeMax = 100;

/// Eight hexadecimal digits that depend on the bytes alone.
std::string short_hash(std::string_view bytes);

/// Lower-case words and numbers of the text, joined by hyphens; operators are words too
/// (`a != b`: "a-not-equal-b"). What is longer than `size_max` is cut, and ends in the short hash
/// of the whole text.
std::string slug_of(std::string_view text, std::size_t size_max);

/// The text itself if it is a word of letters, digits, `_` and `-` of that size; else its slug.
std::string word_or_slug(const std::string& text, std::size_t size_max);

/// The name itself if it has at most `size_max` bytes; else its beginning, a hyphen and its short
/// hash.
std::string bounded_name(std::string name, std::size_t size_max);

/// What is equal to another one where upper and lower case are one gets a hyphen and the short hash
/// of its text; what is still equal, a number from the second one on. `texts` are what the names
/// stand for, one each.
void make_unique(std::vector<std::string>& names, const std::vector<std::string>& texts);

}  // namespace capstan::model
