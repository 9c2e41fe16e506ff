// SPDX-License-Identifier: MIT
// AbdComponents: client-coordinated ABD as a ComponentSystem written by hand, the engine's
// yardstick.
//
// The multi-writer register of Attiya, Bar-Noy, Dolev 1995 and Lynch, Shvartsman 1997: every
// operation queries all servers, goes on at a majority, stores at all servers, ends at a majority.
// An operation begins by a message of the client to itself, so that "B ends before A begins" is
// really explored; clients record *which* servers answered; late answers are delivered and ignored.
// With exactly this granularity a throw-away prototype, by two independent codes, counted the
// numbers that tests pin. One track judges linearizability just in time.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "checker/explore/component_system.hpp"

namespace capstan::tests {

struct AbdOptions {
  std::vector<std::string> scripts;  // a client each: 'W' writes a fresh value, 'R' reads
  bool monitor = true;
  int servers = 3;
  /// 1: a read does not write back. 2: a quorum of one. 3: servers overwrite without comparing.
  /// 4: a writer does not use the queried clock. 5: ties of clocks are not broken by client.
  int bug = 0;
  /// A client that moves on closes its phase: answers in flight go, and requests of it that still
  /// arrive are not answered (the tokens of asks in a spec). With dead messages dropped, this is
  /// what the prototype called dead-2.
  bool closes_phases = false;
};

class AbdComponents : public checker::ComponentSystem {
 public:
  explicit AbdComponents(AbdOptions options);

  int process_count() const override { return servers_ + clients_; }
  int track_count() const override { return options_.monitor ? 1 : 0; }
  std::vector<checker::InitialState> initial_states() override;
  void message_steps(int process, checker::LocalId local, checker::MessageId message,
                     std::vector<checker::LocalStep>& out) override;
  void own_steps(int, checker::LocalId, std::vector<checker::LocalStep>&) override {}

  checker::LocalId purge_local(int, checker::LocalId local, checker::PurgeId) override {
    return local;
  }
  std::optional<checker::MessageId> purge_message(checker::MessageId message,
                                                  checker::PurgeId purge) override;
  int purge_process(checker::PurgeId purge) const override {
    return servers_ + static_cast<int>(purge - 1) / phases_max;
  }
  std::uint64_t local_token_mask(int, checker::LocalId) const override { return 0; }
  std::uint64_t message_token_mask(checker::MessageId message) const override;

  int message_source(checker::MessageId message) const override;
  std::uint64_t local_hash(int process, checker::LocalId local) const override;
  std::uint64_t message_hash(checker::MessageId message) const override;
  bool has_pending_operation(int process, checker::LocalId local) const override;

  checker::TrackStep track_step(int track, checker::TrackId id, checker::EventId event) override;
  std::uint64_t track_hash(int track, checker::TrackId id) const override;
  void track_moves(int, checker::TrackId, std::vector<checker::TrackMove>&) override {}
  int fault_track() const override { return -1; }
  std::uint64_t blocked_sources(checker::TrackId, int) const override { return 0; }

  int predicate_count() const override { return 0; }
  const checker::Footprint& footprint(int) const override { return footprint_; }
  std::optional<bool> holds(int, const checker::StateView&) override { return true; }

  /// States of the monitor met so far.
  std::size_t monitor_count() const { return monitors_.size(); }

 private:
  static constexpr int phases_max = 64;  // of one client
  struct Tag {
    int clock = 0;
    int client = -1;  // breaks ties
    int value = 0;
    auto operator<=>(const Tag&) const = default;
  };
  struct Message {
    enum Kind { Start, Query, Answer, Store, Acknowledge } kind = Start;
    int source = 0;
    int destination = 0;
    int phase = 0;  // of the client: operation * 2, + 1 for its store phase; -1: nobody waits
    Tag tag;
    auto operator<=>(const Message&) const = default;
  };
  struct Local {
    Tag tag;         // server: what it stores; client: the best answer, then what it stores
    int phase = -1;  // client: as in Message; -1: before the first operation; between operations:
                     // the last store's
    bool busy = false;
    int answered = 0;  // mask of servers
    auto operator<=>(const Local&) const = default;
  };
  /// A configuration of the just-in-time monitor: the register, and per client a pending
  /// operation's result once it has been linearized.
  struct Configuration {
    int value = 0;
    std::vector<int> results;  // per client: not_pending, not_linearized, or the result
    auto operator<=>(const Configuration&) const = default;
  };
  struct Monitor {
    std::vector<int> pending;  // per client: the value written, 0 for a read, -1 for nothing
    std::set<Configuration> configurations;
    auto operator<=>(const Monitor&) const = default;
  };
  struct Event {
    bool is_response = false;
    int client = 0;
    int value = 0;  // invocation: as in Monitor::pending; response: the result, 0 for a write's or
                    // the initial value
    auto operator<=>(const Event&) const = default;
  };

  void server_step(const Local& local, const Message& message, checker::LocalStep& step,
                   int process);
  void client_step(const Local& local, const Message& message, checker::LocalStep& step,
                   int process);
  void close_phase(checker::LocalStep& step, int client, int phase) const;
  bool is_read(int client, int phase) const;
  int written(int client, int phase) const;
  bool is_older(const Tag& a, const Tag& b) const;
  void broadcast(checker::LocalStep& step, Message message);
  void tell(checker::LocalStep& step, const Event& event);
  Monitor after(const Monitor& monitor, const Event& event) const;
  void linearize(const Monitor& monitor, const Configuration& configuration, int client,
                 std::set<Configuration>& out) const;

  checker::LocalId intern_local(int process, const Local& local);
  checker::MessageId intern_message(const Message& message);
  checker::TrackId intern_monitor(const Monitor& monitor);

  AbdOptions options_;
  int servers_;
  int clients_;
  std::vector<std::vector<Local>> locals_;  // per process
  std::vector<std::map<Local, checker::LocalId>> local_ids_;
  std::vector<Message> messages_;
  std::map<Message, checker::MessageId> message_ids_;
  std::vector<Monitor> monitors_;
  std::map<Monitor, checker::TrackId> monitor_ids_;
  std::vector<Event> events_;
  std::map<Event, checker::EventId> event_ids_;
  checker::Footprint footprint_;
};

}  // namespace capstan::tests
