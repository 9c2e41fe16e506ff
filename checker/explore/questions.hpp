// SPDX-License-Identifier: MIT
// questions: each question to a ComponentSystem is asked once and its answer kept.
//
// From: a ComponentSystem. To: component, transition, reduce/dead. The answers stay valid when the
// engine's tables are rebuilt, because a system's ids never change their meaning: a repeated run
// asks nothing twice. Tested by: tests/unit/checker/explore/explorer_test.cpp
#pragma once

#include <cstdint>
#include <deque>
#include <span>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/flat_map.hpp"

namespace capstan::checker {

class Questions {
 public:
  explicit Questions(ComponentSystem& system);

  ComponentSystem& system() const { return system_; }
  int process_count() const { return process_count_; }
  int track_count() const { return track_count_; }

  /// All outcomes of a message at a local state; valid for ever.
  const std::vector<LocalStep>& message_steps(int process, LocalId local, MessageId message);
  const std::vector<LocalStep>& own_steps(int process, LocalId local);

  /// Whether some outcome of the message, other than a fault's, does more than consume it.
  bool is_productive(int process, LocalId local, MessageId message);

  /// The same for a pair that the search may never meet: keeps the answer, not the steps.
  bool would_be_productive(int process, LocalId local, MessageId message);

  /// message_steps and own_steps asked so far.
  std::uint64_t asked() const { return answers_.size() + asides_.size(); }
  std::size_t bytes() const { return bytes_ + messages_.bytes() + asides_.bytes(); }

 private:
  struct Answer {
    std::vector<LocalStep> steps;
    bool is_productive = false;
  };

  const Answer& message_answer(int process, LocalId local, MessageId message);
  static bool is_productive(LocalId local, const std::vector<LocalStep>& steps);
  std::uint32_t keep(LocalId local, std::vector<LocalStep> steps);

  ComponentSystem& system_;
  int process_count_;
  int track_count_;
  std::deque<Answer> answers_;
  FlatMap<std::uint32_t> messages_;  // (local, message) -> answer; the message gives the process
  FlatMap<std::uint8_t> asides_;     // (local, message) -> would be productive
  std::vector<FlatMap<std::uint32_t>> own_;  // per process: local -> answer
  std::size_t bytes_ = 0;
};

}  // namespace capstan::checker
