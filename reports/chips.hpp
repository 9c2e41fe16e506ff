// SPDX-License-Identifier: MIT
// chips: what a chip says: the changes of one step on one lane, or what a process answers with, in
// at most a few lines.
//
// From: a step's record. To: scene. What clients write comes first; what has no line is in the
// tooltip. Tested by: tests/unit/reports/space_time_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "model/behaviour/trace.hpp"
#include "model/typed/protocol.hpp"
#include "reports/scene.hpp"

namespace capstan::reports {

class ChipMaker {
 public:
  ChipMaker(const model::Protocol& protocol, const Hues& hues, int lines_max)
      : protocol_(protocol), hues_(hues), lines_max_(lines_max) {}
  /// The most telling change first: of what clients write, then the shortest to say.
  void rank(std::vector<const model::Change*>& changes) const;
  /// Of one process, ranked, at least one.
  Chip of_changes(const std::vector<const model::Change*>& changes) const;
  /// A process that changes nothing and sends what it holds shows what it holds; no lines if it
  /// sends nothing of it.
  Chip of_answer(const model::StepRecord& step, int process) const;
  Chip of_value(int process, int slot, const model::Value& value) const;

 private:
  const model::Variable& variable(int process, int slot) const;
  std::string text_of(const model::Change& change, const model::Value& value) const;
  int hue_of(int process, int slot, const model::Value& value) const;
  std::string gained(const model::Change& change) const;
  ChipLine change_line(const model::Change& change, bool is_first) const;
  ChipLine held_line(int process, int slot, const model::Value& value, bool is_first) const;
  bool is_sent(const model::StepRecord& step, int process, model::TypeId type,
               const model::Value& value) const;

  const model::Protocol& protocol_;
  const Hues& hues_;
  int lines_max_;
};

}  // namespace capstan::reports
