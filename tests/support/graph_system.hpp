// SPDX-License-Identifier: MIT
// GraphSystem: any labelled graph as a system of one process, for tests of what walks over graphs.
#pragma once

#include <vector>

#include "checker/explore/component_system.hpp"

namespace capstan::tests {

class GraphSystem final : public checker::ComponentSystem {
 public:
  struct Step {
    std::uint32_t source = 0;
    std::uint32_t target = 0;
    checker::LabelId label = 0;
  };

  /// Labels of steps are below `label_count`; initial states have the labels from there on.
  GraphSystem(checker::LabelId label_count, std::vector<Step> steps,
              std::vector<std::uint32_t> initial)
      : steps_(std::move(steps)), initial_(std::move(initial)), label_count_(label_count) {}

  std::uint32_t state_of(const checker::StateView& view) const { return view.locals[0]; }

  int process_count() const override { return 1; }
  int track_count() const override { return 0; }
  std::vector<checker::InitialState> initial_states() override {
    std::vector<checker::InitialState> all;
    for (std::size_t i = 0; i < initial_.size(); ++i) {
      checker::InitialState one;
      one.locals = {initial_[i]};
      one.inboxes.resize(1);
      one.label = label_count_ + static_cast<checker::LabelId>(i);
      all.push_back(std::move(one));
    }
    return all;
  }
  void message_steps(int, checker::LocalId, checker::MessageId,
                     std::vector<checker::LocalStep>&) override {}
  void own_steps(int, checker::LocalId local, std::vector<checker::LocalStep>& out) override {
    for (const Step& step : steps_) {
      if (step.source != local) continue;
      checker::LocalStep made;
      made.next = step.target;
      made.label = step.label;
      out.push_back(std::move(made));
    }
  }
  checker::LocalId purge_local(int, checker::LocalId local, checker::PurgeId) override {
    return local;
  }
  std::optional<checker::MessageId> purge_message(checker::MessageId message,
                                                  checker::PurgeId) override {
    return message;
  }
  int purge_process(checker::PurgeId) const override { return 0; }
  std::uint64_t local_token_mask(int, checker::LocalId) const override { return 0; }
  std::uint64_t message_token_mask(checker::MessageId) const override { return 0; }
  int message_source(checker::MessageId) const override { return 0; }
  std::uint64_t local_hash(int, checker::LocalId local) const override {
    return (local + 1) * 0x9e3779b97f4a7c15ULL;
  }
  std::uint64_t message_hash(checker::MessageId) const override { return 0; }
  bool has_pending_operation(int, checker::LocalId) const override { return false; }
  checker::TrackStep track_step(int, checker::TrackId id, checker::EventId) override {
    return {checker::TrackStep::Result::Next, id};
  }
  std::uint64_t track_hash(int, checker::TrackId) const override { return 0; }
  void track_moves(int, checker::TrackId, std::vector<checker::TrackMove>&) override {}
  int fault_track() const override { return -1; }
  std::uint64_t blocked_sources(checker::TrackId, int) const override { return 0; }
  int predicate_count() const override { return 0; }
  const checker::Footprint& footprint(int) const override { return footprint_; }
  std::optional<bool> holds(int, const checker::StateView&) override { return true; }

 private:
  std::vector<Step> steps_;
  std::vector<std::uint32_t> initial_;
  checker::LabelId label_count_;
  checker::Footprint footprint_;
};

}  // namespace capstan::tests
