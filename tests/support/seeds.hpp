// SPDX-License-Identifier: MIT
// seeds: which seeds a random test runs: its own, or those of the environment variable
// CAPSTAN_SEEDS=FIRST:COUNT.
#pragma once

#include <cstdint>
#include <cstdlib>

namespace capstan::tests {

struct Seeds {
  std::uint64_t first = 1;
  std::uint64_t count = 0;
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
