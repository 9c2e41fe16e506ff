// SPDX-License-Identifier: MIT
// suggest: the names nearest to a wrong one, for `did you mean`.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace capstan::model {

/// At most three candidates whose edit distance (Damerau-Levenshtein) to `wrong` is at most a third
/// of its length (at least 1), or that begin with it (`val`, `value`); the nearest first, ties in
/// the order given.
std::vector<std::string> suggest(std::string_view wrong,
                                 const std::vector<std::string>& candidates);

}  // namespace capstan::model
