// SPDX-License-Identifier: MIT
// RandomComponents: a small random ComponentSystem, a function of its seed, with everything that
// the contract allows.
//
// Three processes. A local state is (mode, sends left, own ask open, whose token is held); a
// message is (source, destination, kind, token of). What a step does is drawn from a hash of the
// seed and its arguments, so that the system is a table without storing one. Sends are bounded, so
// the system is finite. Track 0 holds cuts and heals, track 1 counts events and has a bound and a
// violation, track 2 is a random automaton.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/component_system.hpp"

namespace capstan::tests {

struct RandomOptions {
  std::uint64_t seed = 1;
  bool faults = true;           // cuts, lost and duplicated messages
  bool purges = true;           // tokens, closing asks
  bool guards = true;           // guards that read other processes
  bool errors = true;           // error steps, predicates that fail
  bool kept = false;            // in flight is a set and deliveries keep
  bool merges = true;           // some sends merge
  bool monotone = false;        // modes never go down: most dead-message assumptions hold
  bool reads_messages = false;  // a predicate looks at messages in flight
  int sends = 2;                // a process sends at most this often
};

class RandomComponents : public checker::ComponentSystem {
 public:
  static constexpr int processes = 3;
  static constexpr int predicates = 4;

  explicit RandomComponents(const RandomOptions& options);

  int process_count() const override { return processes; }
  int track_count() const override { return 3; }
  std::vector<checker::InitialState> initial_states() override;
  void message_steps(int process, checker::LocalId local, checker::MessageId message,
                     std::vector<checker::LocalStep>& out) override;
  void own_steps(int process, checker::LocalId local,
                 std::vector<checker::LocalStep>& out) override;

  checker::LocalId purge_local(int process, checker::LocalId local,
                               checker::PurgeId purge) override;
  std::optional<checker::MessageId> purge_message(checker::MessageId message,
                                                  checker::PurgeId purge) override;
  int purge_process(checker::PurgeId purge) const override { return static_cast<int>(purge) - 1; }
  std::uint64_t local_token_mask(int process, checker::LocalId local) const override;
  std::uint64_t message_token_mask(checker::MessageId message) const override;
  bool network_is_set() const override { return options_.kept; }

  int message_source(checker::MessageId message) const override;
  std::uint64_t local_hash(int process, checker::LocalId local) const override;
  std::uint64_t message_hash(checker::MessageId message) const override;
  bool has_pending_operation(int process, checker::LocalId local) const override;

  checker::TrackStep track_step(int track, checker::TrackId id, checker::EventId event) override;
  std::uint64_t track_hash(int track, checker::TrackId id) const override;
  void track_moves(int track, checker::TrackId id, std::vector<checker::TrackMove>& out) override;
  int fault_track() const override { return options_.faults ? 0 : -1; }
  std::uint64_t blocked_sources(checker::TrackId faults, int destination) const override;

  int predicate_count() const override { return predicates; }
  const checker::Footprint& footprint(int predicate) const override;
  std::optional<bool> holds(int predicate, const checker::StateView& state) override;

 private:
  static constexpr int nobody = processes;
  static constexpr unsigned mode_count = 4;
  struct Local {
    unsigned mode = 0;
    unsigned sends_left = 0;
    bool is_open = false;
    int held = nobody;
  };
  struct Message {
    int source = 0;
    int destination = 0;
    unsigned kind = 0;
    int token = nobody;
  };
  struct Draw;

  Local local_of(checker::LocalId id) const;
  checker::LocalId id_of(const Local& local) const;
  Message message_of(checker::MessageId id) const;
  checker::MessageId id_of(const Message& message) const;
  void add_outcome(Draw& draw, int process, const Local& local, const Message* message,
                   checker::LabelId label, std::vector<checker::LocalStep>& out) const;
  void add_sends(Draw& draw, int process, const Local& local, Local& next, const Message* message,
                 checker::LocalStep& step) const;

  RandomOptions options_;
  std::vector<checker::Footprint> footprints_;
};

}  // namespace capstan::tests
