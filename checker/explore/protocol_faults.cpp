// SPDX-License-Identifier: MIT
// protocol_system, faults: loss, duplication, crash, restart and pause as steps of one process.
//
// Cuts are moves of the fault track. A strike that safety cannot see (reduce/unseen) is a step that
// changes nothing, so that its label still counts as taken where it is possible.
#include <algorithm>

#include "checker/explore/protocol_system.hpp"
#include "checker/reduce/unseen.hpp"

namespace capstan::checker {

namespace {

bool contains(const std::vector<int>& list, int element) {
  return std::find(list.begin(), list.end(), element) != list.end();
}

}  // namespace

using model::Fault;
using model::Label;
using model::MessageInstance;
using model::Outcome;

void ProtocolSystem::skip_unseen_faults() {
  PredicateReads reads;
  for (const Predicate& predicate : predicates_) {
    reads.messages = reads.messages || predicate.footprint.messages;
    reads.live = reads.live || predicate.footprint.live;
  }
  skipped_ = unseen_faults(protocol_, reads);
  for (std::size_t i = 0; i < skipped_.size(); ++i)
    if (skipped_[i]) faults_.skip(i);
}

ProtocolSystem::Skipped ProtocolSystem::skipped(int fault) const {
  const auto clause = static_cast<std::size_t>(fault);
  const Fault& what = protocol_.scenario.faults[clause];
  if (!skipped_[clause] || what.limit == 0) return Skipped::Nowhere;
  if (what.kind != Fault::Kind::Crash) return Skipped::Everywhere;
  if (!left_out_[clause]) return Skipped::Nowhere;
  return taken_[clause] ? Skipped::WhereIdle : Skipped::Everywhere;
}

/// A process that is crashed while it is idle, and forgets nothing, has been slow.
bool ProtocolSystem::is_skipped(int fault, int process, const model::ProcessState& state) const {
  const auto clause = static_cast<std::size_t>(fault);
  if (!skipped_[clause]) return false;
  return protocol_.scenario.faults[clause].kind != Fault::Kind::Crash ||
         (state.activations.empty() && forgets_nothing(protocol_.role_of(process)));
}

/// Stands for a strike that is left out: it changes nothing, and its label counts as taken.
LocalStep ProtocolSystem::could_strike(LocalId local, LocalStep::Message message,
                                       const Label& label) {
  LocalStep step;
  step.next = local;
  step.message = message;
  step.is_fault = true;
  step.ignores_blocks = true;
  step.label = intern_label(label);
  return step;
}

void ProtocolSystem::add_strike(LocalStep& step, int fault, int process) {
  step.is_fault = true;
  // Budgets first: where one is used up, nothing else of the step happens.
  step.events.insert(step.events.begin(),
                     {static_cast<std::uint16_t>(fault_track_), faults_.strike(fault, process)});
}

void ProtocolSystem::add_loss_and_duplication(int process, LocalId local,
                                              const MessageInstance& message,
                                              const std::vector<Outcome>& deliveries,
                                              std::vector<LocalStep>& out) {
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (fault.limit == 0 || (fault.message >= 0 && fault.message != message.message)) continue;
    if (fault.kind == Fault::Kind::Lose) {
      LocalStep lost;
      lost.next = local;
      lost.message = LocalStep::Message::Consumed;
      lost.ignores_blocks = true;
      Label label;
      label.kind = Label::Kind::Lose;
      label.process = process;
      label.message = message;
      label.fault = static_cast<int>(i);
      lost.label = intern_label(label);
      add_strike(lost, static_cast<int>(i), -1);
      if (skipped_[i]) lost = could_strike(local, LocalStep::Message::Kept, label);
      out.push_back(std::move(lost));
    }
    if (fault.kind != Fault::Kind::Duplicate || protocol_.scenario.network_kept) continue;
    for (Outcome outcome : deliveries) {
      outcome.label.kind = Label::Kind::Duplicate;
      outcome.label.fault = static_cast<int>(i);
      LocalStep step = convert(process, std::move(outcome), LocalStep::Message::Kept);
      add_strike(step, static_cast<int>(i), -1);
      out.push_back(std::move(step));
    }
  }
}

void ProtocolSystem::add_crashes(int process, const model::ProcessState& state,
                                 std::vector<LocalStep>& out) {
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (fault.kind != Fault::Kind::Crash || fault.limit == 0 || !contains(fault.subjects, process))
      continue;
    std::vector<Outcome> crashes;
    machine_.crash(process, state, crashes);
    for (Outcome& crash : crashes)
      out.push_back(struck(process, static_cast<int>(i), state, std::move(crash)));
  }
}

/// A pause begins, or the one under way ends.
void ProtocolSystem::add_pauses(int process, const model::ProcessState& state,
                                std::vector<LocalStep>& out) {
  if (state.is_paused) {
    LocalStep step = convert(process, machine_.unpause(process, state), LocalStep::Message::None);
    step.is_fault = true;
    if (const EventId event = faults_.unpaused(process); event != 0)
      step.events.push_back({static_cast<std::uint16_t>(fault_track_), event});
    out.push_back(std::move(step));
    return;
  }
  for (std::size_t i = 0; i < protocol_.scenario.faults.size(); ++i) {
    const Fault& fault = protocol_.scenario.faults[i];
    if (fault.kind == Fault::Kind::Pause && fault.limit > 0 && contains(fault.subjects, process))
      out.push_back(struck(process, static_cast<int>(i), state, machine_.pause(process, state)));
  }
}

/// A crash or a pause by this clause: where the clause's set depends on the state, only of a
/// process that is in it.
LocalStep ProtocolSystem::struck(int process, int fault, const model::ProcessState& before,
                                 Outcome outcome) {
  outcome.label.fault = fault;
  LocalStep step;
  const bool is_left_out = is_skipped(fault, process, before);
  (is_left_out ? left_out_ : taken_)[static_cast<std::size_t>(fault)] = true;
  if (is_left_out) {
    step = could_strike(intern_local(process, before), LocalStep::Message::None, outcome.label);
  } else {
    step = convert(process, std::move(outcome), LocalStep::Message::None);
    add_strike(step, fault, process);
  }
  const auto guard = subject_predicates_.find({fault, process});
  if (guard != subject_predicates_.end()) step.guard = guard->second;
  return step;
}

void ProtocolSystem::add_restart(int process, const model::ProcessState& state,
                                 std::vector<LocalStep>& out) {
  std::vector<Outcome> outcomes;
  machine_.restart(process, state, outcomes);
  const EventId event = faults_.restarted(process);
  for (Outcome& outcome : outcomes) {
    LocalStep step = convert(process, std::move(outcome), LocalStep::Message::None);
    step.is_fault = true;
    if (event != 0)
      step.events.insert(step.events.begin(), {static_cast<std::uint16_t>(fault_track_), event});
    out.push_back(std::move(step));
  }
}

LabelId ProtocolSystem::label_of_copy(LabelId id, int copy) {
  Label label = labels_[id];
  label.alternative = copy;
  return intern_label(label);
}

LocalId ProtocolSystem::awake(int process, LocalId local) {
  const Local& asleep = locals_[static_cast<std::size_t>(process)][local];
  if (!asleep.state.is_paused) return local;
  model::ProcessState state = asleep.state;
  state.is_paused = false;
  return intern_local(process, std::move(state));
}

}  // namespace capstan::checker
