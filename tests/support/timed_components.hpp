// SPDX-License-Identifier: MIT
// TimedComponents: RandomComponents with times: a small random timed system, a function of its
// seed.
//
// Every local state gets two stamps, every message at most one, and perhaps a window in which it is
// delivered. Each step of the random system underneath gets a guard `x - y <= c` (or >=, =) on
// stamps and a reading of the process's clock, which lies within `skew` of true time; it stores
// readings, readings with a constant added, and copies of stamps, and sends stamps. `K` and `H` can
// be set below what the theorem of SEMANTICS 3.3 asks for, which is what the tests of the theorem
// do.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <tuple>
#include <vector>

#include "checker/explore/timed_system.hpp"
#include "tests/support/random_components.hpp"

namespace capstan::tests {

struct TimedOptions {
  RandomOptions base;
  int skew = 0;
  int largest_constant = 2;  // in guards and stored sums
  int horizon_error = 0;     // H is smaller by this much than it should be
  int gap_error = 0;         // K
  int time_max = -1;         // ticks stop here; -1: never
  bool windows = false;      // messages have windows, and processes force steps
};

class TimedComponents final : public checker::ComponentSystem, public checker::TimedSystem {
 public:
  explicit TimedComponents(const TimedOptions& options);

  /// Without settling stamps stay what they are: the concrete system.
  void set_settling(bool settles) { settles_ = settles; }

  int process_count() const override { return base_.process_count(); }
  int track_count() const override { return base_.track_count() + 1; }  // the last: true time
  std::vector<checker::InitialState> initial_states() override;
  void message_steps(int process, checker::LocalId local, checker::MessageId message,
                     std::vector<checker::LocalStep>& out) override;
  void own_steps(int process, checker::LocalId local,
                 std::vector<checker::LocalStep>& out) override;
  checker::LocalId purge_local(int process, checker::LocalId local,
                               checker::PurgeId purge) override;
  std::optional<checker::MessageId> purge_message(checker::MessageId message,
                                                  checker::PurgeId purge) override;
  int purge_process(checker::PurgeId purge) const override { return base_.purge_process(purge); }
  std::uint64_t local_token_mask(int process, checker::LocalId local) const override;
  std::uint64_t message_token_mask(checker::MessageId message) const override;
  int message_source(checker::MessageId message) const override;
  std::uint64_t local_hash(int process, checker::LocalId local) const override;
  std::uint64_t message_hash(checker::MessageId message) const override;
  bool has_pending_operation(int process, checker::LocalId local) const override;
  checker::TrackStep track_step(int track, checker::TrackId id, checker::EventId event) override;
  std::uint64_t track_hash(int track, checker::TrackId id) const override;
  void track_moves(int track, checker::TrackId id, std::vector<checker::TrackMove>& out) override;
  int fault_track() const override { return base_.fault_track(); }
  std::uint64_t blocked_sources(checker::TrackId faults, int destination) const override {
    return base_.blocked_sources(faults, destination);
  }
  int predicate_count() const override { return base_.predicate_count(); }
  const checker::Footprint& footprint(int predicate) const override {
    return base_.footprint(predicate);
  }
  std::optional<bool> holds(int predicate, const checker::StateView& state) override;
  checker::TimedSystem* time() override { return this; }

  void tick_local(int process, checker::LocalId local,
                  std::vector<checker::TickedLocal>& out) override;
  checker::MessageId tick_message(checker::MessageId message) override;
  std::optional<checker::TrackId> tick_track(int track, checker::TrackId id) override;
  checker::LabelId tick_label(const std::vector<int>& advances) override;
  bool local_forces(int process, checker::LocalId local) override;
  bool message_forces(int process, checker::LocalId local, checker::MessageId message) override;
  std::uint32_t time_lock_error() override { return 99; }
  std::vector<checker::Stamp> local_stamps(int process, checker::LocalId local) override;
  std::vector<checker::Stamp> message_stamps(checker::MessageId message) override;
  std::vector<checker::Stamp> track_stamps(int, checker::TrackId) override { return {}; }
  std::vector<checker::Stamp> settled(std::span<const checker::Stamp> stamps) override;
  checker::LocalId retime_local(int process, checker::LocalId local,
                                const checker::Retiming& retiming) override;
  checker::MessageId retime_message(checker::MessageId message,
                                    const checker::Retiming& retiming) override;
  checker::TrackId retime_track(int, checker::TrackId id, const checker::Retiming&) override {
    return id;
  }
  checker::MessageId ageless(checker::MessageId message) override;
  std::optional<checker::MessageId> ripe(checker::MessageId message) override;

 private:
  static constexpr checker::Stamp none = -1'000'000;
  struct Local {
    checker::LocalId base = 0;
    std::array<checker::Stamp, 2> stamps{none, none};
    auto operator<=>(const Local&) const = default;
  };
  struct Message {
    checker::MessageId base = 0;
    checker::Stamp stamp = none;
    int age = 0;
    auto operator<=>(const Message&) const = default;
  };
  struct Window {
    int least = 0;
    int most = -1;
  };

  checker::LocalId intern(int process, const Local& local);
  checker::MessageId intern(const Message& message);
  const Local& local_of(int process, checker::LocalId id) const {
    return locals_[static_cast<std::size_t>(process)][id];
  }
  Window window_of(checker::MessageId base) const;
  void add_timed(int process, const Local& local, const Message* message,
                 const std::vector<checker::LocalStep>& steps,
                 std::vector<checker::LocalStep>& out);
  std::optional<checker::LocalStep> timed(int process, const Local& local, const Message* message,
                                          const checker::LocalStep& step, std::uint64_t draw,
                                          checker::Stamp reading);
  bool is_certain(const std::vector<checker::LocalStep>& steps) const;
  int horizon() const {
    return options_.skew + 2 * options_.largest_constant - options_.horizon_error;
  }
  int gap() const { return options_.largest_constant - options_.gap_error; }

  RandomComponents base_;
  TimedOptions options_;
  bool settles_ = true;
  std::vector<std::vector<Local>> locals_;
  std::vector<std::map<Local, checker::LocalId>> local_ids_;
  std::vector<Message> messages_;
  std::map<Message, checker::MessageId> message_ids_;
};

}  // namespace capstan::tests
