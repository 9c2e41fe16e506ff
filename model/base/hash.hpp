// SPDX-License-Identifier: MIT
// hash: one seeded 64-bit hash, the same on every machine, thread and run (XXH3, xxhash.h of
// Debian).
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace capstan::model {

/// Hash of `size` bytes at `data`. Equal bytes and seed give equal hashes on every machine.
std::uint64_t hash_bytes(const void* data, std::size_t size, std::uint64_t seed = 0);

inline std::uint64_t hash_bytes(std::string_view bytes, std::uint64_t seed = 0) {
  return hash_bytes(bytes.data(), bytes.size(), seed);
}

/// Spreads the bits of a 64-bit number (the finaliser of MurmurHash3): a bijection.
constexpr std::uint64_t mix(std::uint64_t x) {
  x ^= x >> 33;
  x *= 0xff51afd7ed558ccdULL;
  x ^= x >> 33;
  x *= 0xc4ceb9fe1a85ec53ULL;
  x ^= x >> 33;
  return x;
}

/// Order-dependent combination of a running hash with one more number.
constexpr std::uint64_t combine(std::uint64_t seed, std::uint64_t x) {
  return mix(seed * 0x9e3779b97f4a7c15ULL + x + 0x7f4a7c15ULL);
}

}  // namespace capstan::model
