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

#include <span>
#include <string>
#include <vector>

#include "checker/explore/timed_system.hpp"
#include "model/system/local_time.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

inline constexpr int default_horizon = 20;

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
  Kind kind() const { return kind_; }
  /// H and K: what the states told apart rest on.
  std::int64_t horizon() const { return horizon_; }
  std::int64_t gap() const { return gap_; }

  // TimeRules; they throw Raised.
  void compared(std::int64_t x, std::int64_t y, std::int64_t c) override;
  void stored(std::int64_t x, std::int64_t result) override;

  /// Whether `settled` looks at this time; and the normal form of all such times of a state.
  bool may_move(std::int64_t time) const;
  std::vector<Stamp> settled(std::span<const Stamp> stamps) const;

 private:
  void choose_kind(const model::Protocol& protocol, int horizon);
  void fall_back(std::string reason);
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

}  // namespace capstan::checker
