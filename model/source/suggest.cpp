// SPDX-License-Identifier: MIT
// suggest: the names nearest to a wrong one.
//
// Damerau-Levenshtein distance in the restricted form (a transposed pair is not edited again): one
// mistake of the hand is one edit. Cost: O(length * length) a candidate. Tested by:
// tests/unit/model/source_test.cpp.
#include "model/source/suggest.hpp"

#include <algorithm>
#include <cstddef>

namespace capstan::model {

namespace {

constexpr std::size_t suggestions_max = 3;
constexpr std::size_t name_length_max = 100;  // nobody misspells a longer one by a letter
constexpr std::size_t shortened_min =
    3;  // letters of a name that somebody wrote short: `val` for `value`

std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1);
  std::vector<std::size_t> last(b.size() + 1);
  std::vector<std::size_t> row(b.size() + 1);
  for (std::size_t j = 0; j <= b.size(); ++j) last[j] = j;
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t replaced = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({replaced, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1]) {
        row[j] = std::min(row[j], before_last[j - 2] + 1);
      }
    }
    before_last.swap(last);
    last.swap(row);
  }
  return last[b.size()];
}

}  // namespace

std::vector<std::string> suggest(std::string_view wrong,
                                 const std::vector<std::string>& candidates) {
  if (wrong.size() > name_length_max) return {};
  const std::size_t limit = std::max<std::size_t>(1, wrong.size() / 3);
  std::vector<std::pair<std::size_t, std::string>> near;
  for (const std::string& candidate : candidates) {
    const bool is_shortened = wrong.size() >= shortened_min && candidate.starts_with(wrong);
    if (candidate.size() > wrong.size() + limit && !is_shortened) continue;
    const std::size_t edits = distance(wrong, candidate);
    // Names that share no letter at their places (`x` and `y`) are not similar.
    const bool few = edits <= limit && edits < std::max(wrong.size(), candidate.size());
    const bool similar = edits > 0 && (few || is_shortened);
    const bool known = std::any_of(near.begin(), near.end(),
                                   [&](const auto& item) { return item.second == candidate; });
    if (similar && !known) near.emplace_back(edits, candidate);
  }
  std::stable_sort(near.begin(), near.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::vector<std::string> names;
  for (std::size_t i = 0; i < near.size() && i < suggestions_max; ++i) {
    names.push_back(near[i].second);
  }
  return names;
}

}  // namespace capstan::model
