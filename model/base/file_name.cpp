// SPDX-License-Identifier: MIT
#include "model/base/file_name.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <map>
#include <set>
#include <utility>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::model {

namespace {

constexpr std::size_t kHashSize = 8;

/// Longer ones first.
constexpr auto kOperators =
    std::to_array<std::pair<std::string_view, std::string_view>>({{"==", "equal"},
                                                                  {"!=", "not-equal"},
                                                                  {"<=", "at-most"},
                                                                  {">=", "at-least"},
                                                                  {"->", ""},
                                                                  {"..", "to"},
                                                                  {"??", "or-else"},
                                                                  {"<", "below"},
                                                                  {">", "above"},
                                                                  {"+", "plus"},
                                                                  {"-", "minus"},
                                                                  {"*", "times"},
                                                                  {"/", "by"},
                                                                  {"%", "modulo"}});

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; }

std::string lowered(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(), lower);
  return text;
}

void end_word(std::string& slug) {
  if (!slug.empty() && slug.back() != '-') slug.push_back('-');
}

void strip_hyphens(std::string& slug) {
  while (!slug.empty() && slug.back() == '-') slug.pop_back();
}

/// Which names are met more than once where case does not count.
std::vector<bool> repeated(const std::vector<std::string>& names) {
  std::map<std::string, int> count;
  for (const std::string& name : names) ++count[lowered(name)];
  std::vector<bool> answers;
  for (const std::string& name : names) answers.push_back(count.at(lowered(name)) > 1);
  return answers;
}

}  // namespace

std::string short_hash(std::string_view bytes) {
  constexpr std::string_view digits = "0123456789abcdef";
  std::uint64_t hash = hash_bytes(bytes);
  std::string text;
  for (std::size_t i = 0; i < kHashSize; ++i, hash >>= 4U) text.push_back(digits[hash & 0xfU]);
  return text;
}

std::string slug_of(std::string_view text, std::size_t size_max) {
  std::string slug;
  for (std::size_t at = 0; at < text.size();) {
    if (is_word(text[at])) {
      slug.push_back(lower(text[at++]));
      continue;
    }
    end_word(slug);
    const std::string_view rest = text.substr(at);
    const auto sign = std::find_if(kOperators.begin(), kOperators.end(), [rest](const auto& each) {
      return rest.starts_with(each.first);
    });
    at += sign == kOperators.end() ? 1 : sign->first.size();
    if (sign == kOperators.end() || sign->second.empty()) continue;
    slug += sign->second;
    end_word(slug);
  }
  strip_hyphens(slug);
  if (slug.size() <= size_max) return slug;
  CAPSTAN_REQUIRE(size_max > kHashSize + 1, "room for a hash");
  slug.resize(size_max - kHashSize - 1);
  strip_hyphens(slug);
  return slug + "-" + short_hash(text);
}

std::string word_or_slug(const std::string& text, std::size_t size_max) {
  const bool is_plain = !text.empty() && text.size() <= size_max &&
                        std::all_of(text.begin(), text.end(),
                                    [](char c) { return is_word(c) || c == '_' || c == '-'; });
  return is_plain ? text : slug_of(text, size_max);
}

std::string bounded_name(std::string name, std::size_t size_max) {
  CAPSTAN_REQUIRE(size_max > kHashSize + 1, "room for a hash");
  if (name.size() <= size_max) return name;
  const std::string hash = short_hash(name);
  name.resize(size_max - kHashSize - 1);
  return name + "-" + hash;
}

void make_unique(std::vector<std::string>& names, const std::vector<std::string>& texts) {
  CAPSTAN_REQUIRE(names.size() == texts.size(), "a text for each name");
  const std::vector<bool> shared = repeated(names);
  for (std::size_t i = 0; i < names.size(); ++i)
    if (shared[i]) names[i] += "-" + short_hash(texts[i]);
  std::set<std::string> taken;
  std::map<std::string, int> last;  // number given to names that were equal to this one
  for (std::string& name : names) {
    const std::string first = name;
    for (int& number = last.try_emplace(lowered(first), 1).first->second;
         !taken.insert(lowered(name)).second;)
      name = first + "-" + std::to_string(++number);
  }
}

}  // namespace capstan::model
