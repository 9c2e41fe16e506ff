// SPDX-License-Identifier: MIT
#include "checker/explore/sequence_interner.hpp"

#include <algorithm>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

SequenceInterner::SequenceInterner() : starts_{0}, slots_(64, 0) {}

std::uint32_t SequenceInterner::intern(std::span<const std::uint32_t> sequence) {
  const std::uint64_t hash = model::hash_bytes(sequence.data(), sequence.size_bytes());
  if ((size() + 1) * std::size_t{2} > slots_.size()) grow();
  const std::size_t mask = slots_.size() - 1;
  std::size_t at = static_cast<std::size_t>(hash) & mask;
  for (; slots_[at] != 0; at = (at + 1) & mask) {
    const std::uint32_t id = slots_[at] - 1;
    if (hashes_[id] == hash && std::ranges::equal((*this)[id], sequence)) return id;
  }
  const std::uint32_t id = size();
  CAPSTAN_ENSURE(id < UINT32_MAX - 1, "sequence ids fit 32 bits");
  // The sequence may be a view of words_ itself, which the insertion may move: copy by index in
  // that case.
  const std::vector<std::uint32_t> copy(sequence.begin(), sequence.end());
  words_.insert(words_.end(), copy.begin(), copy.end());
  starts_.push_back(words_.size());
  hashes_.push_back(hash);
  slots_[at] = id + 1;
  return id;
}

std::size_t SequenceInterner::bytes() const {
  return words_.capacity() * sizeof(std::uint32_t) + starts_.capacity() * sizeof(std::size_t) +
         hashes_.capacity() * sizeof(std::uint64_t) + slots_.capacity() * sizeof(std::uint32_t);
}

void SequenceInterner::grow() {
  slots_.assign(slots_.size() * 2, 0);
  const std::size_t mask = slots_.size() - 1;
  for (std::uint32_t id = 0; id < size(); ++id) {
    std::size_t at = static_cast<std::size_t>(hashes_[id]) & mask;
    while (slots_[at] != 0) at = (at + 1) & mask;
    slots_[at] = id + 1;
  }
}

}  // namespace capstan::checker
