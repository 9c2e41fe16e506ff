// SPDX-License-Identifier: MIT
// ByteInterner: gives every distinct byte string a dense id, in order of discovery.
//
// Used on the slow side of the memo tables (local states, messages, track states), where a look-up
// in a hash map is cheap beside the evaluation that made the string. Strings are compared in full:
// a hash collision never hides one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "model/base/hash.hpp"

namespace capstan::checker {

class ByteInterner {
 public:
  /// The id of `bytes`, and whether it is new.
  std::pair<std::uint32_t, bool> intern(std::string bytes) {
    const auto [place, added] =
        ids_.try_emplace(std::move(bytes), static_cast<std::uint32_t>(strings_.size()));
    if (added) strings_.push_back(&place->first);
    return {place->second, added};
  }
  std::string_view at(std::uint32_t id) const { return *strings_[id]; }
  std::size_t size() const { return strings_.size(); }
  /// Hash of the content: the same in every run and on every machine.
  std::uint64_t hash(std::uint32_t id, std::uint64_t seed) const {
    return model::hash_bytes(at(id), seed);
  }

 private:
  struct Hash {
    std::size_t operator()(const std::string& bytes) const { return model::hash_bytes(bytes); }
  };
  std::unordered_map<std::string, std::uint32_t, Hash> ids_;
  std::vector<const std::string*> strings_;
};

}  // namespace capstan::checker
