// SPDX-License-Identifier: MIT
// Chooser: answers every question that a step leaves open, each `any` and the reading of the clock;
// NotEnabled: why a label cannot be taken. Private to runtime/execute.
//
// Either all answers are given (a label to be taken), or they are explored: each run of the step
// extends the sequence of answers by the first ones, and `advance` counts it up, so that every
// branch is met once. A reading is asked for at most once a step (in the step that starts a run:
// once a process), when `now` is first evaluated.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "model/base/require.hpp"
#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"

namespace capstan::runtime {

/// Thrown by World::take, and caught in World: the label is no step of this world.
struct NotEnabled {
  std::string reason;
};

/// Shows one time.
class FixedClock final : public model::Clock {
 public:
  explicit FixedClock(std::int64_t time) : time_(time) {}
  std::int64_t now() override {
    was_read_ = true;
    return time_;
  }
  bool was_read() const { return was_read_; }

 private:
  std::int64_t time_;
  bool was_read_ = false;
};

using model::Readings;

class Chooser final : public model::Clock {
 public:
  /// Explores all answers.
  Chooser() = default;
  /// Takes answers that are drawn: an index below what `draw` is given.
  explicit Chooser(std::function<std::int64_t(std::int64_t)> draw) : draw_(std::move(draw)) {}
  /// Takes exactly these choices, and the readings of the label.
  Chooser(const std::vector<int>& given, const model::Label& label)
      : given_reading_(label.reading), given_at_start_(label.start_readings), is_given_(true) {
    for (const int choice : given) answers_.push_back({choice, 0, false});
  }

  /// The clock may show these from now on, and true time is `true_time`. Without it a clock shows
  /// 0: in the step that starts a run, where clocks always show the same.
  void admit(Readings readings, std::int64_t true_time) {
    readings_ = readings;
    true_time_ = true_time;
    has_clock_ = true;
  }

  /// In the step that starts a run, at true time 0: from now on the clock of this process is asked,
  /// which may show these. It shows the same whenever it is its turn.
  void turn_to(int process, Readings readings) {
    const auto index = static_cast<std::size_t>(process);
    if (at_start_.size() <= index) at_start_.resize(index + 1);
    admit(readings, 0);
    reading_ = at_start_[index];
    given_reading_ = index < given_at_start_.size() ? given_at_start_[index] : std::nullopt;
    starting_ = process;
  }

  /// The index of the element taken out of `size` > 0.
  int choose(int size) {
    CAPSTAN_REQUIRE(size > 0, "somebody else deals with empty sets");
    const std::int64_t choice = answer(size, false);
    if (choice < 0 || choice >= size)
      throw NotEnabled{"the label chooses an element that is not there"};
    return static_cast<int>(choice);
  }

  std::int64_t now() override {
    if (!has_clock_) return 0;
    if (reading_) return *reading_;
    std::int64_t time = 0;
    if (is_given_) {
      if (!given_reading_) throw NotEnabled{"the label has no reading, and the clock is read"};
      time = true_time_ + *given_reading_;
    } else {
      if (readings_.low > readings_.high) throw NotEnabled{"the clock shows no such time"};
      time = readings_.low + answer(readings_.high - readings_.low + 1, true);
    }
    if (time < readings_.low || time > readings_.high)
      throw NotEnabled{"the clock does not show such a time"};
    reading_ = time;
    if (starting_ >= 0) at_start_[static_cast<std::size_t>(starting_)] = time;
    return time;
  }

  /// Throws unless every answer given was asked for.
  void require_all_made() const {
    if (made_ != answers_.size()) throw NotEnabled{"the label has too many choices"};
    const bool is_start = starting_ >= 0;
    if (given_at_start_ != start_readings() || (!is_start && given_reading_ && !reading_))
      throw NotEnabled{"the label has a reading, and nothing reads the clock"};
  }
  /// Next sequence of answers, after a run of the step; false if there is none.
  bool advance() {
    made_ = 0;
    reading_.reset();
    at_start_.clear();
    starting_ = -1;
    while (!answers_.empty() && !is_given_) {
      if (++answers_.back().chosen < answers_.back().size) return true;
      answers_.pop_back();
    }
    return false;
  }
  std::vector<int> choices() const {
    std::vector<int> chosen;
    for (const Answer& each : answers_)
      if (!each.is_reading) chosen.push_back(static_cast<int>(each.chosen));
    return chosen;
  }
  /// What the clock showed, if it was read in this run of the step.
  std::optional<std::int64_t> reading() const { return reading_; }
  /// The same as the distance to true time. Not of the step that starts a run.
  std::optional<std::int64_t> offset() const {
    return reading_ && starting_ < 0 ? std::optional(*reading_ - true_time_) : std::nullopt;
  }
  /// What clocks showed in the step that starts a run, by process; empty if none was read.
  std::vector<std::optional<std::int64_t>> start_readings() const {
    std::vector<std::optional<std::int64_t>> readings = at_start_;
    bool was_read = false;
    for (const auto& reading : readings) was_read = was_read || reading;
    if (!was_read) readings.clear();
    return readings;
  }

 private:
  struct Answer {
    std::int64_t chosen = 0;
    std::int64_t size = 0;  // how many there are to choose from; 0 if the answer was given
    bool is_reading = false;
  };

  std::int64_t answer(std::int64_t size, bool is_reading) {
    if (made_ == answers_.size()) {
      if (is_given_) throw NotEnabled{"the label has too few choices"};
      answers_.push_back({draw_ ? draw_(size) : 0, size, is_reading});
    }
    return answers_[made_++].chosen;
  }

  std::function<std::int64_t(std::int64_t)> draw_;
  std::vector<Answer> answers_;
  std::size_t made_ = 0;
  std::optional<std::int64_t> given_reading_;
  std::vector<std::optional<std::int64_t>> given_at_start_;
  std::optional<std::int64_t> reading_;
  std::vector<std::optional<std::int64_t>> at_start_;  // by process
  int starting_ = -1;                                  // whose clock is asked at the start
  Readings readings_;
  std::int64_t true_time_ = 0;
  bool has_clock_ = false;
  bool is_given_ = false;
};

}  // namespace capstan::runtime
