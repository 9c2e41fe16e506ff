// SPDX-License-Identifier: MIT
#include "runtime/execute/look.hpp"

#include <algorithm>
#include <cstdlib>
#include <functional>

#include "runtime/execute/chooser.hpp"

namespace capstan::runtime {

using model::ShownTime;
using model::Value;

namespace {

/// Thrown by a clock that has no time to show yet.
struct Unset {
  int process;
};

/// The state as it is, with clocks that show what they are told.
class ClockedView final : public model::GlobalView {
 public:
  ClockedView(const Sight& sight, const std::vector<ShownTime>& shown) : state_(sight.state) {
    for (std::size_t i = 0; i < sight.readings.size(); ++i)
      faces_.emplace_back(static_cast<int>(i));
    for (const ShownTime& each : shown)
      faces_[static_cast<std::size_t>(each.process)].time = each.time;
  }

  const std::vector<Value>& variables(int process) const override {
    return state_.variables(process);
  }
  Value messages_in_flight(int message) const override {
    return state_.messages_in_flight(message);
  }
  bool is_live(int process) const override { return state_.is_live(process); }
  bool is_done(int process) const override { return state_.is_done(process); }
  model::Clock* clock(int process) const override {
    return &faces_[static_cast<std::size_t>(process)];
  }

 private:
  struct Face final : public model::Clock {
    explicit Face(int of) : process(of) {}
    std::int64_t now() override {
      if (!time) throw Unset{process};
      return *time;
    }
    int process;
    std::optional<std::int64_t> time;
  };

  const model::GlobalView& state_;
  mutable std::vector<Face> faces_;
};

/// All times that a clock may show: true time first, if it is among them, and the farthest last.
std::vector<std::int64_t> by_distance(model::Readings readings, std::int64_t true_time) {
  std::vector<std::int64_t> times;
  for (std::int64_t time = readings.low; time <= readings.high; ++time) times.push_back(time);
  std::ranges::stable_sort(times, {},
                           [true_time](std::int64_t time) { return std::abs(time - true_time); });
  return times;
}

class Search {
 public:
  Search(const Sight& sight, const model::Expr& condition, const model::Frame& frame, bool wanted)
      : sight_(sight), condition_(condition), frame_(frame), wanted_(wanted) {}

  /// Tries everything, since any failure counts.
  void go_on() {
    try {
      bool value = false;
      with_shown(sight_, frame_, shown_, [&](model::Environment& environment) {
        value = model::evaluate(condition_, environment).truth();
      });
      if (value == wanted_ && !found_) found_ = shown_;
      return;
    } catch (const Unset& unset) {
      shown_.push_back({unset.process, 0});
    }
    const int process = shown_.back().process;
    const model::Readings readings = sight_.readings[static_cast<std::size_t>(process)];
    for (const std::int64_t time : by_distance(readings, sight_.true_time)) {
      shown_.back().time = time;
      go_on();
    }
    shown_.pop_back();
  }

  std::optional<std::vector<ShownTime>> found() { return std::move(found_); }

 private:
  const Sight& sight_;
  const model::Expr& condition_;
  const model::Frame& frame_;
  bool wanted_;
  std::vector<ShownTime> shown_;  // what the clocks that have been asked show now
  std::optional<std::vector<ShownTime>> found_;
};

}  // namespace

void with_shown(const Sight& sight, const model::Frame& frame, const std::vector<ShownTime>& shown,
                const std::function<void(model::Environment&)>& body) {
  const ClockedView view(sight, shown);
  FixedClock true_time(sight.true_time);
  std::vector<Value> locals(frame.slots.size());
  model::Environment environment;
  environment.protocol = &sight.protocol;
  environment.locals = &locals;
  environment.ghosts = &sight.ghosts;
  environment.global = &view;
  environment.clock = &true_time;
  environment.time_rules = sight.time_rules;
  body(environment);
}

std::optional<std::vector<ShownTime>> look_for(const Sight& sight, const model::Expr& condition,
                                               const model::Frame& frame, bool wanted) {
  Search search(sight, condition, frame, wanted);
  search.go_on();
  return search.found();
}

}  // namespace capstan::runtime
