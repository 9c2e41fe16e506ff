// SPDX-License-Identifier: MIT
// FlatMap: an open-addressing map from 64-bit keys to small values, for the engine's memo tables.
//
// Memo look-ups are what a transition consists of, so a look-up is one multiplication and, nearly
// always, one line of memory (boost::unordered_flat_map would do, but is not in Debian 12's Boost).
// Keys are never removed. Cost: O(1) expected; (sizeof slot) * 2..4 bytes an entry. Tested by:
// tests/unit/checker/explore/tables_test.cpp
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace capstan::checker {

template <typename Value>
class FlatMap {
 public:
  /// No key may be this number.
  static constexpr std::uint64_t empty_key = ~std::uint64_t{0};

  FlatMap() : slots_(64), shift_(64 - 6) {}

  const Value* find(std::uint64_t key) const {
    const std::size_t mask = slots_.size() - 1;
    for (std::size_t at = home(key);; at = (at + 1) & mask) {
      const Slot& slot = slots_[at];
      if (slot.key == key) return &slot.value;
      if (slot.key == empty_key) return nullptr;
    }
  }

  /// The value of `key`, which is `value` if the key is new.
  Value& insert(std::uint64_t key, const Value& value) {
    if ((size_ + 1) * 2 > slots_.size()) grow();
    const std::size_t mask = slots_.size() - 1;
    std::size_t at = home(key);
    while (slots_[at].key != empty_key && slots_[at].key != key) at = (at + 1) & mask;
    if (slots_[at].key == empty_key) {
      slots_[at] = Slot{key, value};
      ++size_;
    }
    return slots_[at].value;
  }

  std::size_t size() const { return size_; }
  std::size_t bytes() const { return slots_.capacity() * sizeof(Slot); }

 private:
  struct Slot {
    std::uint64_t key = empty_key;
    Value value{};
  };

  std::size_t home(std::uint64_t key) const {
    return static_cast<std::size_t>((key * 0x9e3779b97f4a7c15ULL) >> shift_);
  }

  void grow() {
    std::vector<Slot> old(slots_.size() * 2);
    old.swap(slots_);
    --shift_;
    const std::size_t mask = slots_.size() - 1;
    for (Slot& slot : old) {
      if (slot.key == empty_key) continue;
      std::size_t at = home(slot.key);
      while (slots_[at].key != empty_key) at = (at + 1) & mask;
      slots_[at] = std::move(slot);
    }
  }

  std::vector<Slot> slots_;
  int shift_;
  std::size_t size_ = 0;
};

/// A key of two 32-bit numbers.
constexpr std::uint64_t pair_key(std::uint32_t high, std::uint32_t low) {
  return (std::uint64_t{high} << 32) | low;
}

}  // namespace capstan::checker
