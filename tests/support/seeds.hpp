// SPDX-License-Identifier: MIT
// seeds: which seeds a random test runs: a few of its own every day, or those of the environment
// variable CAPSTAN_SEEDS=FIRST:COUNT (the nightly runs: tests/CMakeLists.txt).
#pragma once

#include <cstdint>
#include <cstdlib>
#include <numeric>
#include <string>
#include <vector>

namespace capstan::tests {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 0;

  std::vector<std::uint64_t> all() const {
    std::vector<std::uint64_t> seeds(count);
    std::iota(seeds.begin(), seeds.end(), first);
    return seeds;
  }
  /// "seeds 1 to 200".
  std::string words() const {
    return "seeds " + std::to_string(first) + " to " + std::to_string(first + count - 1);
  }
};

inline Seeds seeds(std::uint64_t count) {
  Seeds wanted{1, count};
  if (const char* text = std::getenv("CAPSTAN_SEEDS")) {
    char* rest = nullptr;
    wanted.first = std::strtoull(text, &rest, 10);
    if (*rest == ':') wanted.count = std::strtoull(rest + 1, nullptr, 10);
  }
  return wanted;
}

}  // namespace capstan::tests
