// SPDX-License-Identifier: MIT
// TimeAbstraction: how a check keeps times, so that its states are finitely many and nothing is
// lost.
//
// The argument is in model/README (time). In short: a time is kept as its distance to true time;
// distances up to the *horizon* H are exact, further back only gaps up to K between neighbours
// matter. K and H come from the constants that the code compares and adds, and are found on demand:
// the evaluator tells every comparison and every stored sum (model::TimeRules), and one that the
// present constants do not cover raises them and throws Raised; whoever explores begins again
// (SEMANTICS 3.4). A run that ends without has met nothing that is not covered, so it is exact.
// What no finite form covers falls back to a bounded search: times are plain, and true time ends
// (Kind::Horizon); `reason` tells people why.
// From: check. To: protocol_system. Tested by:
// tests/unit/checker/explore/time_abstraction_test.cpp,
// tests/differential/checker_reference_test.cpp.
#pragma once

#include <chrono>
#include <set>
#include <span>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/explore/timed_system.hpp"
#include "model/system/local_time.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

inline constexpr int default_horizon = 20;

/// What runs met whose times were kept as they are.
struct SeenTimes {
  /// Of a comparison of x with y + c: the size of c, the distance of x from y, the older of both.
  std::set<std::tuple<std::int64_t, std::int64_t, std::int64_t>> compared;
  std::set<std::pair<std::int64_t, std::int64_t>> stored;  // a time, and the sum made of it
};

class TimeAbstraction final : public model::TimeRules {
 public:
  using Kind = model::TimeMode::Kind;

  /// Constants were raised, or the kind has changed: explore again from the start.
  struct Raised {};

  /// `horizon`: end true time there and keep times as they are; 0: only if nothing else is exact.
  TimeAbstraction(const model::Protocol& protocol, int horizon);

  model::TimeMode mode();
  bool is_exact() const { return kind_ != Kind::Horizon; }
  int time_max() const { return time_max_; }
  /// Why not everything can be explored, for people; empty if it can, or if nobody asked for that.
  const std::string& reason() const { return reason_; }
  int restarts() const { return restarts_; }
  /// What the attempts took that ended in a restart.
  double seconds_given_up() const { return seconds_given_up_; }
  void note_given_up(double seconds) { seconds_given_up_ += seconds; }
  Kind kind() const { return kind_; }
  /// H and K: what the states told apart rest on.
  std::int64_t horizon() const { return horizon_; }
  std::int64_t gap() const { return gap_; }

  /// Whether so much was in vain that it is worth looking ahead (look_ahead) before the next
  /// attempt; once.
  bool wants_to_look_ahead() const;
  /// An abstraction of the same kind that keeps all times as they are, and notes here what it is
  /// asked; for runs that are finite.
  TimeAbstraction watching(SeenTimes& seen) const;
  /// Raises the constants that an exploration that meets the same would raise, or gives up as it
  /// would.
  void learn(const SeenTimes& seen);

  // TimeRules; they throw Raised.
  void compared(std::int64_t x, std::int64_t y, std::int64_t c) override;
  void stored(std::int64_t x, std::int64_t result) override;

  /// Whether `settled` looks at this time; and the normal form of all such times of a state.
  bool may_move(std::int64_t time) const;
  std::vector<Stamp> settled(std::span<const Stamp> stamps) const;

 private:
  void choose_kind(const model::Protocol& protocol, int horizon);
  void give_up(std::string reason);
  void fall_back(std::string reason);
  bool is_covered(std::int64_t constant, std::int64_t apart, std::int64_t oldest) const;
  bool learn_gap(const SeenTimes& seen);
  bool learn_horizon(const SeenTimes& seen);
  void raise_gap(std::int64_t gap);
  void raise_horizon(std::int64_t horizon);
  /// How far times may lie ahead of, or constants reach behind, the present: sums that grow without
  /// bound (`t = t + 1` in a loop) end here.
  std::int64_t limit() const { return reach_ + 32 * (1 + largest_sum_); }

  Kind kind_ = Kind::Offsets;
  int time_max_ = default_horizon;
  std::int64_t reach_ = 0;        // E: how far readings are from true time
  std::int64_t gap_ = 0;          // K
  std::int64_t horizon_ = 0;      // H
  std::int64_t largest_sum_ = 0;  // of ticks added to a time and kept
  int restarts_ = 0;
  std::uint64_t asked_ = 0;  // comparisons and sums, in all attempts
  bool has_looked_ahead_ = false;
  SeenTimes* seen_ = nullptr;  // where a watching one notes what it is asked
  double seconds_given_up_ = 0;
  std::string reason_;
};

/// Calls `body` until it does not raise constants.
template <typename Body>
auto with_time(Body&& body) {
  for (;;) {
    try {
      return body();
    } catch (const TimeAbstraction::Raised&) {
      continue;
    }
  }
}

/// The same, and `time` is told how long was spent in vain.
template <typename Body>
auto with_time(TimeAbstraction& time, Body&& body) {
  return with_time([&] {
    const auto start = std::chrono::steady_clock::now();
    try {
      return body();
    } catch (const TimeAbstraction::Raised&) {
      time.note_given_up(
          std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
      throw;
    }
  });
}

}  // namespace capstan::checker
