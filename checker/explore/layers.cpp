// SPDX-License-Identifier: MIT
#include "checker/explore/layers.hpp"

#include "model/base/require.hpp"

namespace capstan::checker {

void Layer::start_block() {
  if (spare_.empty()) {
    blocks_.push_back(std::make_unique_for_overwrite<std::uint32_t[]>(block_states * words_));
  } else {
    blocks_.push_back(std::move(spare_.back()));
    spare_.pop_back();
  }
  used_ = 0;
}

void Layer::clear() {
  for (auto& block : blocks_) {
    if (block != nullptr) spare_.push_back(std::move(block));
  }
  blocks_.clear();
  used_ = 0;
  size_ = 0;
}

std::size_t Layer::bytes() const {
  std::size_t held = spare_.size();
  for (const auto& block : blocks_) held += block != nullptr ? 1 : 0;
  return held * block_states * words_ * sizeof(std::uint32_t);
}

void ParentLog::start_block() {
  if (!blocks_.empty()) used_.push_back(block_size - left_);
  blocks_.push_back(std::make_unique_for_overwrite<std::uint8_t[]>(block_size));
  cursor_ = blocks_.back().get();
  left_ = block_size;
}

void ParentLog::start_layer() {
  if (left_ < entry_size_max) start_block();
  layers_.push_back({blocks_.size() - 1, block_size - left_});
  last_parent_ = 0;
}

ParentLog::Entry ParentLog::at(std::size_t layer, std::uint64_t index) const {
  CAPSTAN_REQUIRE(layer < layers_.size(), "a layer that was started");
  Position position = layers_[layer];
  const auto get = [this, &position] {
    std::uint64_t number = 0;
    for (int shift = 0;; shift += 7) {
      const std::uint8_t byte = blocks_[position.block][position.offset++];
      number |= std::uint64_t{byte & 0x7fU} << shift;
      if ((byte & 0x80) == 0) return number;
    }
  };
  Entry entry;
  for (std::uint64_t i = 0; i <= index; ++i) {
    if (position.block < used_.size() && position.offset == used_[position.block]) {
      position = {position.block + 1, 0};
    }
    entry.parent += get();
    entry.ordinal = static_cast<std::uint32_t>(get());
  }
  return entry;
}

}  // namespace capstan::checker
