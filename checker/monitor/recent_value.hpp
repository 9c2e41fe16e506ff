// SPDX-License-Identifier: MIT
// recent_value: the monitor of *bounded staleness k ticks*: each read of a register may return any
// value that was current since the beginning of the tick k ticks before the one it began in, and
// apart from that the history is linearizable (Golab, Li, Shah, "Analyzing consistency properties
// for fun and profit", PODC 2011: Delta-atomicity. Reads begin Delta earlier than they do).
//
// From: monitor/monitor (make_monitor). Reads change nothing, so an order of all operations is an
// order of the writes and for each read the *place* where it looks: after which write. With reads
// that begin earlier this says: writes are in real-time order; a read's place is not behind a write
// invoked after its answer; and an operation answered before the tick in which the read begins to
// look (k before its invocation) is not behind the read's place.
//
// A configuration is the end of an order of writes: the values from the farthest place where a read
// may still look up to the newest one, and, as places in this list, the *floors*: floor a is the
// newest place that operations answered at least a ticks ago stand at, for a = 0..k + 1. A read
// that begins now cannot look behind floor k + 1; a pending read keeps the floor of its beginning.
// A tick moves each floor on by one age. Ages of k + 1 and more are one, so there are finitely many
// states. Orders are made just in time, as in the linearizability monitor, whose invariant holds
// here too: writes join when one of them is answered, or when a read is answered that no known
// place suits. A read that finds its value at several places takes the oldest, which forbids least:
// an explanation with a newer place stays one when the read is moved there.
//
// Neighbours that are equal are one place. A configuration is dropped if another has placed the
// same pending writes, ends in the same values and has all places as far back: it can do all that
// the first can.
//
// Cost of a new step: configurations x orders of the pending writes. Not thread-safe.
// Tested by: tests/differential/recent_value_test.cpp (the definition, by trying all orders; Z3;
// the plain executor)
#pragma once

#include <compare>
#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "checker/monitor/numbered_monitor.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// What a history has left open, in each order of the writes that explains it.
struct RecentValues {
  static constexpr int kNotPlaced = -1;

  /// Places count from the newest value, which is 0, back.
  using Place = int;
  struct Pending {
    int process = -1;
    bool is_read = false;
    std::uint32_t value = 0;  // of a write
    friend auto operator<=>(const Pending&, const Pending&) = default;
    friend bool operator==(const Pending&, const Pending&) = default;
  };
  struct Configuration {
    std::vector<std::uint32_t> values;  // the newest first; neighbours differ
    std::vector<Place> floors;          // by age, 0..k + 1: not decreasing
    /// For each Pending: a read's floor; where a write stands, or kNotPlaced.
    std::vector<Place> places;
    std::vector<std::uint32_t> left;  // values of writes of unknown outcome, not placed; sorted
    friend auto operator<=>(const Configuration&, const Configuration&) = default;
    friend bool operator==(const Configuration&, const Configuration&) = default;
  };
  std::vector<Pending> pending;               // by process
  std::vector<Configuration> configurations;  // sorted, each once
  friend auto operator<=>(const RecentValues&, const RecentValues&) = default;
  friend bool operator==(const RecentValues&, const RecentValues&) = default;
};

class RecentValueMonitor final : public NumberedMonitor<RecentValues> {
 public:
  /// `protocol` must outlive the monitor. `object` is a register, 0 <= `ticks`.
  RecentValueMonitor(const model::Protocol& protocol, int object, model::Value key, int ticks);

  std::uint32_t tick(std::uint32_t state) override;

 private:
  using State = RecentValues;
  using Place = RecentValues::Place;
  using Pending = RecentValues::Pending;
  using Configuration = RecentValues::Configuration;
  static constexpr Place kNotPlaced = RecentValues::kNotPlaced;

  State take(State state, const model::HistoryEvent& event) override;
  bool is_violated(const State& state) const override { return state.configurations.empty(); }
  std::uint64_t hash_of_state(const State& state) const override;
  void normalise(State& state) override;
  State invoked(State state, const model::HistoryEvent& event);
  State answered(const State& state, std::size_t which, std::uint32_t value);
  static State ended(State state, std::size_t which, model::HistoryEvent::Kind kind);
  template <typename IsWanted>
  static void place_writes(const State& state, const Configuration& start, const IsWanted& wanted,
                           std::vector<Configuration>& out);
  static void append(Configuration& configuration, std::uint32_t value);
  static bool covers(const Configuration& a, const Configuration& b);
  std::uint32_t value_id(const model::Value& value);

  std::size_t ticks_;

  std::map<model::Value, std::uint32_t> value_ids_;
  std::vector<std::uint64_t> value_hashes_;
  std::map<std::uint32_t, std::uint32_t> ticked_;
};

}  // namespace capstan::checker
