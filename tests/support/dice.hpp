// SPDX-License-Identifier: MIT
// dice: what random specs are drawn with: a function of the seed, the same everywhere.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

namespace capstan::tests {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}

  int below(int bound) { return static_cast<int>(random_() % static_cast<unsigned>(bound)); }
  bool chance(int percent) { return below(100) < percent; }
  const std::string& word(const std::vector<std::string>& words) {
    return words[static_cast<std::size_t>(below(static_cast<int>(words.size())))];
  }

 private:
  std::mt19937_64 random_;
};

}  // namespace capstan::tests
