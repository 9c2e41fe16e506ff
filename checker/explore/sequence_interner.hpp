// SPDX-License-Identifier: MIT
// SequenceInterner: gives every distinct sequence of 32-bit numbers one id, dense from 0.
//
// Used for inboxes (sorted multisets of messages) and for the keys of predicates. Sequences lie end
// to end in one block and are compared in full, so a hash collision costs time and never confuses
// two of them. Cost: O(length) expected a look-up; length * 4 + 24..32 bytes a sequence. Tested by:
// tests/unit/checker/explore/tables_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace capstan::checker {

class SequenceInterner {
 public:
  SequenceInterner();

  /// The id of `sequence`, a new one if it was not met before.
  std::uint32_t intern(std::span<const std::uint32_t> sequence);

  /// Valid until the next `intern`.
  std::span<const std::uint32_t> operator[](std::uint32_t id) const {
    return {words_.data() + starts_[id], starts_[id + 1] - starts_[id]};
  }

  std::uint32_t size() const { return static_cast<std::uint32_t>(starts_.size() - 1); }
  std::size_t bytes() const;

 private:
  void grow();

  std::vector<std::uint32_t> words_;
  std::vector<std::size_t> starts_;    // of each sequence in words_, and the end
  std::vector<std::uint64_t> hashes_;  // of each sequence
  std::vector<std::uint32_t> slots_;   // open addressing: id + 1, 0 is empty
};

}  // namespace capstan::checker
