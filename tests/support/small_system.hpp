// SPDX-License-Identifier: MIT
// SmallSystem: a ComponentSystem spelled out as tables, for tests that a reader can check by hand.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <tuple>
#include <utility>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "model/base/hash.hpp"

namespace capstan::tests {

struct SmallSystem : checker::ComponentSystem {
  using LocalId = checker::LocalId;
  using MessageId = checker::MessageId;
  using TrackId = checker::TrackId;

  struct Message {
    int source = 0;
    int destination = 0;
    std::uint64_t tokens = 0;
  };
  struct Predicate {
    checker::Footprint footprint;
    std::function<std::optional<bool>(const checker::StateView&)> value;
  };

  std::vector<checker::InitialState> initial;
  int processes = 1;
  int tracks = 0;
  std::vector<Message> messages;
  std::map<std::tuple<int, LocalId, MessageId>, std::vector<checker::LocalStep>> on_message;
  std::map<std::pair<int, LocalId>, std::vector<checker::LocalStep>> own;
  std::map<std::pair<int, LocalId>, std::uint64_t> local_tokens;
  std::map<std::tuple<int, LocalId, checker::PurgeId>, LocalId> purged_locals;  // else unchanged
  std::map<std::pair<MessageId, checker::PurgeId>, std::optional<MessageId>>
      purged_messages;                                      // else unchanged
  std::vector<int> purge_owners{-1};                        // by purge
  std::map<std::pair<MessageId, MessageId>, int> replaced;  // the old one's age
  std::map<std::pair<int, LocalId>, bool> pending;
  std::function<checker::TrackStep(int, TrackId, checker::EventId)> on_event;
  std::map<std::pair<int, TrackId>, std::vector<checker::TrackMove>> moves;
  int faults = -1;
  std::map<std::pair<TrackId, int>, std::uint64_t> blocked;
  std::vector<Predicate> predicates;
  int message_questions = 0;

  int process_count() const override { return processes; }
  int track_count() const override { return tracks; }
  std::vector<checker::InitialState> initial_states() override { return initial; }
  void message_steps(int process, LocalId local, MessageId message,
                     std::vector<checker::LocalStep>& out) override {
    ++message_questions;
    const auto found = on_message.find({process, local, message});
    if (found != on_message.end()) out = found->second;
  }
  void own_steps(int process, LocalId local, std::vector<checker::LocalStep>& out) override {
    const auto found = own.find({process, local});
    if (found != own.end()) out = found->second;
  }
  LocalId purge_local(int process, LocalId local, checker::PurgeId purge) override {
    const auto found = purged_locals.find({process, local, purge});
    return found == purged_locals.end() ? local : found->second;
  }
  std::optional<MessageId> purge_message(MessageId message, checker::PurgeId purge) override {
    const auto found = purged_messages.find({message, purge});
    return found == purged_messages.end() ? message : found->second;
  }
  std::optional<int> age_if_replaced(MessageId old, MessageId request) override {
    const auto found = replaced.find({old, request});
    if (found == replaced.end()) return std::nullopt;
    return found->second;
  }
  int purge_process(checker::PurgeId purge) const override { return purge_owners.at(purge); }
  std::uint64_t local_token_mask(int process, LocalId local) const override {
    const auto found = local_tokens.find({process, local});
    return found == local_tokens.end() ? 0 : found->second;
  }
  std::uint64_t message_token_mask(MessageId message) const override {
    return messages.at(message).tokens;
  }
  int message_source(MessageId message) const override { return messages.at(message).source; }
  std::uint64_t local_hash(int process, LocalId local) const override {
    return model::combine(static_cast<std::uint64_t>(process), local);
  }
  std::uint64_t message_hash(MessageId message) const override {
    return model::combine(9, message);
  }
  bool has_pending_operation(int process, LocalId local) const override {
    return pending.count({process, local}) != 0;
  }
  checker::TrackStep track_step(int track, TrackId id, checker::EventId event) override {
    return on_event(track, id, event);
  }
  std::uint64_t track_hash(int, TrackId id) const override { return model::combine(8, id); }
  void track_moves(int track, TrackId id, std::vector<checker::TrackMove>& out) override {
    const auto found = moves.find({track, id});
    if (found != moves.end()) out = found->second;
  }
  int fault_track() const override { return faults; }
  std::uint64_t blocked_sources(TrackId id, int destination) const override {
    const auto found = blocked.find({id, destination});
    return found == blocked.end() ? 0 : found->second;
  }
  int predicate_count() const override { return static_cast<int>(predicates.size()); }
  const checker::Footprint& footprint(int predicate) const override {
    return predicates.at(static_cast<std::size_t>(predicate)).footprint;
  }
  std::optional<bool> holds(int predicate, const checker::StateView& state) override {
    return predicates.at(static_cast<std::size_t>(predicate)).value(state);
  }

  /// One step, for the tables above.
  static checker::LocalStep to(LocalId next, checker::LabelId label,
                               std::vector<checker::Send> sends = {}) {
    checker::LocalStep step;
    step.next = next;
    step.label = label;
    step.sends = std::move(sends);
    return step;
  }
  static checker::LocalStep consume(LocalId next, checker::LabelId label,
                                    std::vector<checker::Send> sends = {}) {
    checker::LocalStep step = to(next, label, std::move(sends));
    step.message = checker::LocalStep::Message::Consumed;
    return step;
  }
};

}  // namespace capstan::tests
