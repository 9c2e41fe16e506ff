// SPDX-License-Identifier: MIT
// ProtocolSystem: a Protocol at one point as the engine sees it: interned local states, messages
// and labels, and its tracks.
//
// From: system/local_step (what a process can do), monitor/ (what a history means). To:
// explore/explorer. Tracks, in this order: faults and pools (if any), ghosts (if any), one
// linearizability monitor for each object and key that an expectation names, and, for --audit, the
// history itself. Every answer is a function of content, so runs are repeatable.
#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/explorer.hpp"
#include "checker/explore/fault_track.hpp"
#include "checker/explore/final_read_track.hpp"
#include "checker/explore/interner.hpp"
#include "checker/explore/time_abstraction.hpp"
#include "checker/explore/timed_system.hpp"
#include "checker/monitor/monitor.hpp"
#include "model/behaviour/history.hpp"
#include "model/system/local_step.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct SystemOptions {
  bool monitors = true;  // linearizability monitors for the expectations that need them
  bool history = false;  // a track that keeps the whole history (--audit)
  /// For `no acknowledged write lost`: monitors that are told of updates only, one for each object
  /// and key that has a final read; final reads as steps; and a track that keeps the one begun.
  bool final_reads = false;
  bool keep_dead_locals = false;    // the off switch of forgetting locals that nobody reads
  bool keep_stale_replies = false;  // the off switch of dropping replies that nobody waits for
  bool skip_unseen_faults = false;  // reduce/unseen; label coverage still tells where they could
                                    // strike
  int hops_max = 0;                 // count hops, up to this many, for `within h hops`; 0: do not
  Effort cap = {};                  // less than the scenario allows (minimal.hpp)
  std::shared_ptr<TimeAbstraction> time = nullptr;  // nullptr: one of the system's own
};

class ProtocolSystem final : public ComponentSystem, public TimedSystem {
 public:
  /// `protocol` must outlive the system.
  ProtocolSystem(const model::Protocol& protocol, SystemOptions options);

  int process_count() const override { return protocol_.process_count(); }
  int track_count() const override { return static_cast<int>(tracks_.size()); }
  std::vector<InitialState> initial_states() override;
  void message_steps(int process, LocalId local, MessageId message,
                     std::vector<LocalStep>& out) override;
  void own_steps(int process, LocalId local, std::vector<LocalStep>& out) override;
  LocalId purge_local(int process, LocalId local, PurgeId purge) override;
  std::optional<MessageId> purge_message(MessageId message, PurgeId purge) override;
  std::optional<int> age_if_replaced(MessageId old, MessageId request) override;
  LocalId awake(int process, LocalId local) override;
  int purge_process(PurgeId purge) const override { return purges_[purge - 1].first; }
  std::uint64_t local_token_mask(int process, LocalId local) const override;
  std::uint64_t message_token_mask(MessageId message) const override {
    return messages_[message].token_mask;
  }
  int message_source(MessageId message) const override {
    return messages_[message].instance.source;
  }
  std::uint64_t local_hash(int process, LocalId local) const override;
  std::uint64_t message_hash(MessageId message) const override { return messages_[message].hash; }
  bool has_pending_operation(int process, LocalId local) const override;
  TrackStep track_step(int track, TrackId id, EventId event) override;
  std::uint64_t track_hash(int track, TrackId id) const override;
  void track_moves(int track, TrackId id, std::vector<TrackMove>& out) override;
  int fault_track() const override { return fault_track_; }
  MessageId plain(MessageId message) override;
  bool network_is_set() const override { return protocol_.scenario.network_kept; }
  bool network_is_fifo() const override { return protocol_.scenario.network_fifo; }
  LabelId label_of_copy(LabelId label, int copy) override;
  std::uint64_t blocked_sources(TrackId faults, int destination) const override {
    return faults_.blocked_sources(faults, destination);
  }
  bool links_may_drop() const override { return faults_.may_drop(); }
  std::uint64_t dropped_sources(TrackId faults, int destination) const override {
    return faults_.dropped_sources(faults, destination);
  }
  int predicate_count() const override { return static_cast<int>(predicates_.size()); }
  const Footprint& footprint(int predicate) const override {
    return predicates_[static_cast<std::size_t>(predicate)].footprint;
  }
  std::optional<bool> holds(int predicate, const StateView& state) override;

  // protocol_time.cpp
  TimedSystem* time() override { return protocol_.scenario.has_ticks() ? this : nullptr; }
  void tick_local(int process, LocalId local, std::vector<TickedLocal>& out) override;
  MessageId tick_message(MessageId message) override;
  /// Ghosts may hold times, and monitors may count ticks.
  std::optional<TrackId> tick_track(int track, TrackId id) override;
  LabelId tick_label(const std::vector<int>& advances) override;
  bool local_forces(int process, LocalId local) override;
  bool message_forces(int process, LocalId local, MessageId message) override;
  std::uint32_t time_lock_error() override;
  std::vector<Stamp> local_stamps(int process, LocalId local) override;
  std::vector<Stamp> message_stamps(MessageId message) override;
  std::vector<Stamp> track_stamps(int track, TrackId id) override;
  std::vector<Stamp> settled(std::span<const Stamp> stamps) override;
  LocalId retime_local(int process, LocalId local, const Retiming& retiming) override;
  MessageId retime_message(MessageId message, const Retiming& retiming) override;
  TrackId retime_track(int track, TrackId id, const Retiming& retiming) override;
  MessageId ageless(MessageId message) override;
  std::optional<MessageId> ripe(MessageId message) override;

  /// In how many ways the clock of a process in this local state may answer.
  std::size_t reading_count(int process, LocalId local) const;

  /// The steps of a finding, with times as the plain executor counts them.
  model::Trace trace_of(const Found& found) const;
  /// What the ids of a finding mean.
  const model::Label& label(LabelId id) const { return labels_[id]; }
  std::size_t label_count() const { return labels_.size(); }
  const model::ModelError& error(std::uint32_t id) const { return errors_[id - 1]; }
  /// The operations (object, operation) that some step with this label completes with an answer.
  const std::set<std::pair<int, int>>& completions(LabelId id) const { return completions_[id]; }
  /// Whether the step of the process from this local state ends an operation by `fail` or
  /// `unknown`.
  bool is_refusal(int process, LocalId before, LabelId label) const {
    return refusals_.contains({process, before, label});
  }
  bool has_refusals() const { return !refusals_.empty(); }
  /// The predicate of an expectation (index into Scenario::expectations), or -1.
  int predicate_of_expectation(int expectation) const;
  /// The predicate of what has to come after `whenever`, or -1.
  int consequence_of_expectation(int expectation) const;
  /// Whether the process is among those that `available to` names, as a predicate; -1: it names
  /// nobody.
  int predicate_of_audience(int expectation, int process) const;
  /// The monitor tracks of an object (of all: -1) that judge this promise.
  std::vector<int> monitors_of(int object, Promise promise = {}) const;
  /// With final reads: the monitors, which are told of updates only; whether a read with these
  /// events (its invocation and its answer) is one that no order of the updates explains; the track
  /// of the final read that was begun, and its events so far.
  std::vector<int> write_monitors() const { return monitors_of(-1); }
  bool contradicts(int track, TrackId state, const std::vector<model::HistoryEvent>& read);
  int final_track() const { return final_track_; }
  const std::vector<model::HistoryEvent>& final_events(TrackId id) const {
    return final_read_.events(id);
  }
  int ghost_track() const { return ghost_track_; }
  const std::vector<model::Value>& ghosts(TrackId id) const { return ghosts_[id]; }
  /// The track that is violated when an operation of an expectation `within h hops` is answered
  /// with more; -1: hops are not counted.
  int hops_track_of_expectation(int expectation) const;
  int history_track() const { return history_track_; }
  std::vector<model::HistoryEvent> history(TrackId id) const;
  /// The first model error that evaluating each predicate met, by predicate.
  const std::map<int, model::ModelError>& predicate_errors() const { return predicate_errors_; }
  const model::LocalMachine& machine() const { return machine_; }
  const model::MessageInstance& message(MessageId id) const { return messages_[id].instance; }
  /// The local states of a process that were met, or would have been but for a budget.
  std::size_t local_count(int process) const {
    return locals_[static_cast<std::size_t>(process)].size();
  }
  const model::ProcessState& local_state(int process, LocalId local) const {
    return locals_[static_cast<std::size_t>(process)][local].state;
  }
  /// Whether strikes of this fault clause are left out, as safety cannot see them.
  enum class Skipped { Nowhere, WhereIdle, Everywhere };
  Skipped skipped(int fault) const;

 private:
  struct Local {
    model::ProcessState state;
    std::uint64_t token_mask = 0;
    std::uint64_t hash = 0;
    bool is_pending = false;
  };
  struct MessageInfo {
    model::MessageInstance instance;
    std::uint64_t token_mask = 0;
    std::uint64_t hash = 0;
  };
  struct Track {
    enum class Kind { Faults, Ghosts, Monitor, History, FinalRead, Hops } kind;
    int object = -1;  // Hops: the expectation
    model::Value key;
    std::unique_ptr<Monitor> monitor;
    Promise promise;
  };
  struct Predicate {
    const model::Expr* condition;
    std::size_t slot_count;
    Footprint footprint;
    int member = -1;  // the value is a process or a set of them, and this one must be in it
    /// It holds if it does for all that clocks may show; else: for some.
    bool needs_all_readings = false;
    /// Where times are places in an order and clocks are read: by how much places are moved apart
    /// before it is evaluated, so that as many readings as there are clocks fit between two.
    int spread = 1;
  };
  class View;

  int pool_left(const StateView& state, int pool) const {
    return faults_.pool_left(state.tracks[static_cast<std::size_t>(fault_track_)], pool);
  }
  void add_tracks(SystemOptions options);
  void add_monitors(int object, Promise promise = {});
  void add_final_reads(int track);
  void add_predicates();
  void skip_unseen_faults();
  int add_predicate(const model::Expr& condition, const model::Frame& frame, int member = -1);
  int spread_of(const Predicate& predicate) const;
  static bool needs_all_readings(model::PropertyKind kind);
  static bool evaluate_once(const Predicate& predicate, model::Environment& environment);
  void initial_of_choice(int choice, std::vector<InitialState>& out);
  bool count_places(std::vector<model::Outcome>& starts) const;
  void add_initial(int choice, const std::vector<model::Outcome>& starts,
                   std::vector<InitialState>& out);
  LocalId intern_local(int process, model::ProcessState state);
  MessageId intern_message(const model::MessageInstance& message);
  LabelId intern_label(const model::Label& label);
  PurgeId intern_purge(int process, std::vector<int> slots, bool ends_operation);
  void tell_hops(const model::Outcome& outcome, LocalStep& step);
  TrackId intern_ghosts(const std::vector<model::Value>& ghosts);
  std::vector<model::Value> ghosts_with_times(TrackId id, const model::TimeMap& map) const;
  EventId intern_ghost_updates(const std::vector<model::GhostUpdate>& updates);
  TrackStep failed_step(const model::ModelError& error);
  TrackStep ghost_step(TrackId id, EventId event);
  TrackStep monitor_step(Track& track, TrackId id, EventId event);
  TrackStep history_step(TrackId id, EventId event);
  void add_steps(int process, LocalId local, const std::vector<model::Outcome>& outcomes,
                 LocalStep::Message message, std::vector<LocalStep>& out);
  LocalStep convert(int process, model::Outcome outcome, LocalStep::Message message);
  void add_counts(const model::Outcome& outcome, LocalStep& step);
  void add_events(const model::Outcome& outcome, LocalStep& step);
  bool is_skipped(int fault, int process, const model::ProcessState& state) const;
  LocalStep could_strike(LocalId local, LocalStep::Message message, const model::Label& label);
  std::vector<model::HistoryEvent> judged_events(const model::Outcome& outcome) const;
  void add_strike(LocalStep& step, int fault, int process);
  void add_loss_and_duplication(int process, LocalId local, const model::MessageInstance& message,
                                const std::vector<model::Outcome>& deliveries,
                                std::vector<LocalStep>& out);
  void add_crashes(int process, const model::ProcessState& state, std::vector<LocalStep>& out);
  void add_jumps(int process, const model::ProcessState& state, std::vector<LocalStep>& out);
  model::TimeMap collect_into(std::vector<Stamp>& stamps) const;
  void add_pauses(int process, const model::ProcessState& state, std::vector<LocalStep>& out);
  LocalStep struck(int process, int fault, const model::ProcessState& before,
                   model::Outcome outcome);
  void add_restart(int process, const model::ProcessState& state, std::vector<LocalStep>& out);

  const model::Protocol& protocol_;
  model::TimesInValues times_;
  std::shared_ptr<TimeAbstraction> abstraction_;
  bool counts_hops_;
  model::LocalMachine machine_;
  std::vector<ByteInterner> local_ids_;  // per process
  std::vector<std::vector<Local>> locals_;
  ByteInterner message_ids_;
  std::vector<MessageInfo> messages_;
  ByteInterner label_ids_;
  std::vector<model::Label> labels_;
  std::vector<std::set<std::pair<int, int>>> completions_;  // by label
  std::set<std::tuple<int, LocalId, LabelId>> refusals_;
  std::vector<model::ModelError> errors_;
  std::uint32_t time_lock_error_ = 0;
  std::map<std::pair<int, std::vector<int>>, PurgeId> purge_ids_;
  std::vector<std::pair<int, std::vector<int>>> purges_;

  FaultTrack faults_;
  std::vector<bool> skipped_;  // by fault clause
  /// By fault clause: whether some crash or pause that was asked for was left out, or taken.
  std::vector<bool> left_out_, taken_;
  std::vector<Track> tracks_;
  int fault_track_ = -1;
  int ghost_track_ = -1;
  int history_track_ = -1;
  int final_track_ = -1;  // there are final reads
  FinalReadTrack final_read_;
  ByteInterner ghost_ids_;
  std::vector<std::vector<model::Value>> ghosts_;
  ByteInterner ghost_update_ids_;
  std::vector<std::vector<model::GhostUpdate>> ghost_updates_;
  std::map<std::vector<model::HistoryEvent>, EventId> history_event_ids_;
  std::vector<std::vector<model::HistoryEvent>> history_events_;
  ByteInterner history_ids_;  // sequences of EventId
  std::map<int, model::ModelError> predicate_errors_;

  std::vector<Predicate> predicates_;
  std::vector<int> expectation_predicates_;
  std::vector<int> consequence_predicates_;
  std::map<std::pair<int, int>, int> wait_predicates_;      // (process, script position)
  std::map<std::pair<int, int>, int> subject_predicates_;   // (fault, process)
  std::map<std::pair<int, int>, int> audience_predicates_;  // (expectation, process)
};

}  // namespace capstan::checker
