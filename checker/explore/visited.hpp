// SPDX-License-Identifier: MIT
// visited: the set of states met so far, by 64-bit fingerprint or in full.
//
// FingerprintSet: 64-byte lines of eight fingerprints. A fingerprint's line is given by its top
// bits, a full line overflows into the next, zero is "empty". Because the index is the *top* bits,
// doubling splits line i into lines 2i and 2i + 1: one streaming pass, in place from the last line
// to the first. Probing a random line is what limits the whole search (14-18 ns), hence batches:
// the caller prefetches 64 lines, then inserts 64 fingerprints at once. A line is compared by one
// AVX-512, two AVX2 or eight plain comparisons, chosen when the program runs. Two different states
// share a fingerprint with probability 2^-64 a pair; n states lose n^2 / 2^65 in expectation.
//
// ExactSet: whole state vectors end to end, found through 64-bit slots (24 bits of hash, 40 bits of
// index), so nothing is ever lost. Twice as slow, as a revisit touches a second random line; the
// reference in tests.
//
// Both are for one thread; a slot is written once and never changes, so a compare-and-swap on the
// slot is all that an insertion by several threads will need. Papers: Dietzfelbinger, Weidling 2007
// (lines as buckets); Laarman, van de Pol, Weber, FMCAD 2010 (walking the line). Tested by:
// tests/unit/checker/explore/visited_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "checker/explore/pages.hpp"

namespace capstan::checker {

/// The most that one batch may hold.
inline constexpr unsigned batch_size = 64;

class FingerprintSet {
 public:
  /// `line_bits`: the table starts with two to that power lines.
  explicit FingerprintSet(int line_bits = 10);

  /// Fetches the line of a fingerprint that will soon be inserted.
  void prefetch(std::uint64_t fingerprint) const {
    __builtin_prefetch(lines_ + home(fingerprint) * slots_per_line, 1);
  }

  /// Inserts up to 64 fingerprints in order; bit i of the result: the i-th was new. Requires
  /// `!wants_growth()`.
  std::uint64_t insert(const std::uint64_t* fingerprints, unsigned count) {
    return insert_batch_(*this, fingerprints, count);
  }

  /// Must be answered by `grow` before the next batch: less than one batch of room is left below
  /// the load limit.
  bool wants_growth() const { return size_ + batch_size > size_max_ || walked_ > walk_max; }
  std::size_t bytes_after_growth() const;
  [[nodiscard]] bool grow();

  std::uint64_t size() const { return size_; }
  std::size_t bytes() const { return pages_.size(); }

  /// How many instruction sets `use_instructions` knows on this processor; 0 is plain code. For
  /// tests.
  static int instruction_sets();
  void use_instructions(int which);

 private:
  static constexpr std::size_t slots_per_line = 8;
  static constexpr std::size_t tail_lines = 256;  // where overflow of the last lines goes
  static constexpr std::size_t walk_max =
      128;  // lines walked by one insertion before the table has to grow
  using InsertBatch = std::uint64_t (*)(FingerprintSet&, const std::uint64_t*, unsigned);
  friend struct LineScan;

  std::size_t home(std::uint64_t fingerprint) const {
    return static_cast<std::size_t>(fingerprint >> shift_);
  }

  Pages pages_;
  std::uint64_t* lines_ = nullptr;
  int shift_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t size_max_ = 0;
  std::size_t walked_ = 0;  // the longest walk since the last growth
  InsertBatch insert_batch_;
};

class ExactSet {
 public:
  /// `hash_of` gives the hash of a stored state again when the table grows.
  ExactSet(unsigned words_per_state, std::function<std::uint64_t(const std::uint32_t*)> hash_of);

  void prefetch(std::uint64_t hash) const { __builtin_prefetch(slots_() + home(hash), 1); }
  /// True if the state was new. Requires `!wants_growth()`.
  bool insert(std::uint64_t hash, const std::uint32_t* words);

  bool wants_growth() const { return size_ + batch_size > size_max_; }
  std::size_t bytes_after_growth() const;
  [[nodiscard]] bool grow();

  std::uint64_t size() const { return size_; }
  std::size_t bytes() const;

 private:
  static constexpr std::size_t block_states = std::size_t{1} << 14;

  std::size_t home(std::uint64_t hash) const { return static_cast<std::size_t>(hash >> shift_); }
  std::uint64_t* slots_() const { return static_cast<std::uint64_t*>(pages_.data()); }
  const std::uint32_t* state(std::uint64_t index) const {
    return blocks_[static_cast<std::size_t>(index / block_states)].get() +
           static_cast<std::size_t>(index % block_states) * words_;
  }
  void set_capacity(std::size_t slot_count);

  unsigned words_;
  std::function<std::uint64_t(const std::uint32_t*)> hash_of_;
  Pages pages_;
  int shift_ = 0;
  std::uint64_t size_ = 0;
  std::uint64_t size_max_ = 0;
  std::vector<std::unique_ptr<std::uint32_t[]>> blocks_;
};

}  // namespace capstan::checker
