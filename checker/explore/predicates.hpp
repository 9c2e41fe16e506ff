// SPDX-License-Identifier: MIT
// predicates: the values of a system's predicates in states, remembered by what they depend on.
//
// Tested by: tests/unit/checker/explore/explorer_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/component.hpp"
#include "checker/explore/tracks.hpp"

namespace capstan::checker {

/// A state vector spelled out for a ComponentSystem.
class ViewBuffer {
 public:
  StateView fill(std::span<const std::uint32_t> words, int process_count,
                 const ComponentTable& components, const TrackTable& tracks);

 private:
  std::vector<LocalId> locals_;
  std::vector<std::span<const MessageId>> inboxes_;
  std::vector<TrackId> tracks_;
};

class Predicates {
 public:
  Predicates(Questions& questions, const ComponentTable& components, const TrackTable& tracks);

  /// nullopt: evaluating it is a model error.
  std::optional<bool> value(int predicate, std::span<const std::uint32_t> words);

  /// Whether a step of this process that sends, or an event of this track, can change the value.
  bool reads_process(int predicate, int process) const {
    const Memo& memo = memos_[static_cast<std::size_t>(predicate)];
    return memo.reads_messages || ((memo.processes >> process) & 1) != 0;
  }
  bool reads_track(int predicate, int track) const {
    return memos_[static_cast<std::size_t>(predicate)].tracks[static_cast<std::size_t>(track)];
  }

  std::size_t bytes() const;

 private:
  enum class Value : std::uint8_t { No, Yes, Error };
  /// More keys than this are not kept: a predicate that reads everything would remember every
  /// state.
  static constexpr std::uint32_t keys_max = 4'000'000;

  struct Memo {
    std::uint64_t processes = 0;
    std::vector<bool> tracks;
    bool reads_messages = false;
    SequenceInterner keys;
    std::vector<Value> values;  // by key
  };

  Value evaluate(int predicate, std::span<const std::uint32_t> words);

  Questions& questions_;
  const ComponentTable& components_;
  const TrackTable& tracks_;
  std::vector<Memo> memos_;
  std::vector<std::uint32_t> key_;
  ViewBuffer view_;
};

}  // namespace capstan::checker
