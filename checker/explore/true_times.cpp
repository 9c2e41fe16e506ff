// SPDX-License-Identifier: MIT
#include "checker/explore/true_times.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "model/base/require.hpp"

namespace capstan::checker {

namespace {

using model::Label;
using Kind = model::TimeMode::Kind;

/// Offsets, Frames, Horizon: by process, what kept offsets are really; what is not there is itself.
class OffsetsOfRun {
 public:
  OffsetsOfRun(const model::LocalMachine& machine, Kind kind)
      : machine_(machine),
        kind_(kind),
        really_(static_cast<std::size_t>(machine.protocol().process_count())),
        clocks_(really_.size()) {}

  Label rewritten(const Label& label) const {
    const auto process = static_cast<std::size_t>(std::max(label.process, 0));
    const std::int64_t origin = true_time_ + clocks_[process];
    Label result = machine_.with_times(
        label, [&](std::int64_t time) { return origin + really(process, time); });
    if (result.reading) *result.reading += clocks_[process];
    return result;
  }

  void tick(const Label& label, const Retiming& retiming) {
    ++true_time_;
    for (std::size_t process = 0; process < really_.size(); ++process) {
      const int advance = kind_ == Kind::Frames ? label.choices[process] : 1;
      clocks_[process] += advance - 1;
      std::map<std::int64_t, std::int64_t> next;
      for (std::size_t i = 0; i < retiming.from.size(); ++i)
        next[retiming.to[i]] = really(process, retiming.from[i] + advance) - advance;
      really_[process] = std::move(next);
    }
  }

 private:
  std::int64_t really(std::size_t process, std::int64_t time) const {
    const auto found = really_[process].find(time);
    return found == really_[process].end() ? time : found->second;
  }

  const model::LocalMachine& machine_;
  Kind kind_;
  std::vector<std::map<std::int64_t, std::int64_t>> really_;
  std::vector<std::int64_t> clocks_;  // Frames: their distance to true time; else 0
  std::int64_t true_time_ = 0;
};

/// Order: places are given numbers between those of their neighbours; in the end the numbers are
/// counted off.
class OrderOfRun {
 public:
  using Places = std::map<std::int64_t, double>;

  void read(std::int64_t place) {
    if (places_.contains(place)) return;
    const auto above = places_.lower_bound(place);
    const bool has_above = above != places_.end();
    const bool has_below = above != places_.begin();
    double number = 0;
    if (has_above && has_below) number = (above->second + std::prev(above)->second) / 2;
    if (has_above && !has_below) number = above->second - 1;
    if (!has_above && has_below) number = std::prev(above)->second + 1;
    places_[place] = number;
    met_.insert(number);
  }

  void settle(const Retiming& retiming) {
    Places next;
    for (std::size_t i = 0; i < retiming.from.size(); ++i)
      next[retiming.to[i]] = places_.at(retiming.from[i]);
    places_ = std::move(next);
  }

  const Places& places() const { return places_; }
  std::int64_t rank(double number) const { return std::distance(met_.begin(), met_.find(number)); }

 private:
  Places places_;
  std::set<double> met_;
};

/// How far apart the times of a run are put: as many readings as there are clocks fit between two,
/// and before the first, for a property that looks at clocks at the end.
std::int64_t spread_of(const model::Protocol& protocol) {
  const bool is_looked_at =
      std::ranges::any_of(protocol.scenario.expectations, &model::Expectation::reads_clocks);
  return is_looked_at ? protocol.process_count() + 1 : 1;
}

std::vector<Label> with_order(const model::LocalMachine& machine, std::vector<Label> labels,
                              const std::vector<Retiming>& retimings) {
  const bool has_ticks = machine.protocol().scenario.is_timely;
  OrderOfRun order;
  std::vector<OrderOfRun::Places> places;  // when each label's step was taken
  for (std::size_t i = 0; i < labels.size(); ++i) {
    if (labels[i].reading) order.read(*labels[i].reading);
    for (const auto& reading : labels[i].start_readings)
      if (reading) order.read(*reading);
    places.push_back(order.places());
    if (labels[i].kind == Label::Kind::Tick) order.settle(retimings[i]);
  }
  std::vector<Label> rewritten;
  const std::int64_t spread = spread_of(machine.protocol());
  std::int64_t true_time = 0;
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool is_tick = labels[i].kind == Label::Kind::Tick;
    if (is_tick && !has_ticks) continue;
    const auto true_of = [&](std::int64_t place) {
      return order.rank(places[i].at(place)) * spread + spread - 1;
    };
    rewritten.push_back(machine.with_times(labels[i], true_of));
    if (labels[i].reading) rewritten.back().reading = true_of(*labels[i].reading) - true_time;
    for (auto& reading : rewritten.back().start_readings)
      if (reading) reading = true_of(*reading);
    if (is_tick) ++true_time;
  }
  return rewritten;
}

}  // namespace

std::vector<Label> with_true_times(const model::LocalMachine& machine, Kind kind,
                                   std::vector<Label> labels,
                                   const std::vector<Retiming>& retimings) {
  if (retimings.empty()) return labels;
  CAPSTAN_REQUIRE(retimings.size() == labels.size(), "each step has its retiming");
  if (kind == Kind::Order) return with_order(machine, std::move(labels), retimings);
  OffsetsOfRun run(machine, kind);
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const Label kept = labels[i];
    labels[i] = run.rewritten(kept);
    if (kept.kind == Label::Kind::Tick) run.tick(kept, retimings[i]);
  }
  return labels;
}

}  // namespace capstan::checker
