// SPDX-License-Identifier: MIT
// layers: the states of a breadth-first layer, and for every state how it was first reached.
//
// A Layer holds state vectors end to end in blocks; blocks of a layer that has been expanded are
// used again, so the frontier never costs more than its two widest neighbours. A ParentLog holds
// two numbers a state, (which state of the layer before, which of its steps), as a byte stream:
// states of a layer are found in the order of their parents, so the difference to the parent before
// is nearly always 0 or 1 and an entry takes 2 bytes. It is read from a layer's start, which is
// fast enough for the few traces of a run. Tested by: tests/unit/checker/explore/tables_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

namespace capstan::checker {

class Layer {
 public:
  static constexpr std::size_t block_states = 4096;

  explicit Layer(std::size_t words_per_state) : words_(words_per_state) {}

  /// Room for one more state; valid until its block is released.
  std::uint32_t* append() {
    if (used_ == block_states || blocks_.empty()) start_block();
    ++size_;
    return blocks_.back().get() + words_ * used_++;
  }

  std::uint64_t size() const { return size_; }
  std::size_t block_count() const { return blocks_.size(); }
  const std::uint32_t* block(std::size_t index) const { return blocks_[index].get(); }
  std::size_t states_in_block(std::size_t index) const {
    return index + 1 == blocks_.size() ? used_ : block_states;
  }
  /// Gives a block to `other` for its next states.
  void release_block(std::size_t index, Layer& other) {
    other.spare_.push_back(std::move(blocks_[index]));
  }
  /// Empties the layer, keeping its spare blocks.
  void clear();
  std::size_t bytes() const;

 private:
  void start_block();

  std::size_t words_;
  std::uint64_t size_ = 0;
  std::size_t used_ = 0;  // states in the last block
  std::vector<std::unique_ptr<std::uint32_t[]>> blocks_;
  std::vector<std::unique_ptr<std::uint32_t[]>> spare_;
};

class ParentLog {
 public:
  struct Entry {
    std::uint64_t parent = 0;   // index in the layer before
    std::uint32_t ordinal = 0;  // of the step, see StateSpace
  };

  void start_layer();
  /// The next state of the present layer. Parents of a layer do not decrease.
  void append(std::uint64_t parent, std::uint32_t ordinal) {
    if (left_ < entry_size_max) start_block();
    const std::uint8_t* before = cursor_;
    put(parent - last_parent_);
    put(ordinal);
    left_ -= static_cast<std::size_t>(cursor_ - before);
    last_parent_ = parent;
  }
  /// How the `index`-th state of a layer was reached. Cost: reads the layer's entries up to it.
  Entry at(std::size_t layer, std::uint64_t index) const;

  std::size_t layer_count() const { return layers_.size(); }
  std::size_t bytes() const { return blocks_.size() * block_size; }

 private:
  static constexpr std::size_t block_size = std::size_t{1} << 18;
  static constexpr std::size_t entry_size_max = 16;  // two numbers of 7 bits a byte: 10 + 5

  struct Position {
    std::size_t block = 0;
    std::size_t offset = 0;
  };

  void put(std::uint64_t number) {
    for (; number >= 0x80; number >>= 7) *cursor_++ = static_cast<std::uint8_t>(number | 0x80);
    *cursor_++ = static_cast<std::uint8_t>(number);
  }
  void start_block();

  std::vector<std::unique_ptr<std::uint8_t[]>> blocks_;
  std::vector<std::size_t> used_;  // bytes of each full block
  std::vector<Position> layers_;
  std::uint8_t* cursor_ = nullptr;
  std::size_t left_ = 0;
  std::uint64_t last_parent_ = 0;
};

}  // namespace capstan::checker
