// SPDX-License-Identifier: MIT
#include "tests/reference/plain_explorer.hpp"

#include <algorithm>
#include <tuple>

namespace capstan::tests {

using namespace capstan::checker;

namespace {

using Inbox = std::vector<MessageId>;

void put(ComponentSystem& system, PlainState& state, const Send& send) {
  Inbox& inbox = state.inboxes[send.destination];
  TimedSystem* const time = system.time();
  const auto core = [time](MessageId message) {
    return time == nullptr ? message : time->ageless(message);
  };
  const bool is_there = std::any_of(inbox.begin(), inbox.end(), [&](MessageId message) {
    return core(message) == core(send.message);
  });
  if (send.merge && is_there) return;
  if (send.merge && !system.network_is_set()) {
    // Of those that nobody waits for, the oldest leaves.
    std::vector<std::pair<int, std::size_t>> ages;
    for (std::size_t i = 0; i < inbox.size(); ++i)
      if (const auto age = system.age_if_replaced(inbox[i], send.message))
        ages.emplace_back(-*age, i);
    if (!ages.empty())
      inbox.erase(inbox.begin() +
                  static_cast<std::ptrdiff_t>(std::min_element(ages.begin(), ages.end())->second));
  }
  inbox.insert(std::upper_bound(inbox.begin(), inbox.end(), send.message), send.message);
}

void purge(ComponentSystem& system, PlainState& state, PurgeId purge) {
  const std::uint64_t closing = std::uint64_t{1} << system.purge_process(purge);
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    const int process = static_cast<int>(i);
    if ((system.local_token_mask(process, state.locals[i]) & closing) != 0) {
      state.locals[i] = system.purge_local(process, state.locals[i], purge);
    }
    Inbox left;
    for (const MessageId message : state.inboxes[i]) {
      if ((system.message_token_mask(message) & closing) == 0) {
        left.push_back(message);
      } else if (const auto kept = system.purge_message(message, purge)) {
        left.push_back(*kept);
      }
    }
    std::sort(left.begin(), left.end());
    if (system.network_is_set()) left.erase(std::unique(left.begin(), left.end()), left.end());
    state.inboxes[i] = left;
  }
}

/// What makes outcomes of one process's steps equal: the process's component afterwards and all
/// other effects.
using Effect = std::tuple<LocalId, Inbox, std::vector<Send>, PurgeId, int, std::uint32_t,
                          std::vector<TrackEvent>, bool, int>;

/// Adds one local step's effect. Steps of one process are compared by what the process's own part
/// becomes.
void add_outcome(ComponentSystem& system, const PlainState& state, int process,
                 const LocalStep& step, std::optional<MessageId> message,
                 std::map<Effect, PlainStep>& outcomes, bool& guard_failed) {
  const auto self = static_cast<std::size_t>(process);
  int source = -1;
  if (message && system.fault_track() >= 0 && !step.ignores_blocks) {
    source = system.message_source(*message);
    if (source == process) source = -1;
  }
  PlainState next = state;
  if (step.message == LocalStep::Message::Consumed) {
    Inbox& inbox = next.inboxes[self];
    inbox.erase(std::find(inbox.begin(), inbox.end(), *message));
  }
  next.locals[self] = step.next;
  if (step.purge != 0) purge(system, next, step.purge);
  std::vector<Send> others;
  PlainState with_own = next;
  for (const Send& send : step.sends) {
    put(system, next, send);
    if (send.destination == process) {
      put(system, with_own, send);
    } else {
      others.push_back(send);
    }
  }
  // The order of puts shows only where some merge.
  if (std::none_of(others.begin(), others.end(), [](const Send& send) { return send.merge; })) {
    std::sort(others.begin(), others.end());
  }
  const Effect effect{
      with_own.locals[self], with_own.inboxes[self], others, step.purge, step.guard, step.error,
      step.events,           step.is_fault,          source};
  const auto known = outcomes.find(effect);
  if (known != outcomes.end()) {
    known->second.labels.insert(step.label);
    return;
  }
  if (source >= 0) {
    const auto fault_track = static_cast<std::size_t>(system.fault_track());
    const std::uint64_t blocked = system.blocked_sources(state.tracks[fault_track], process);
    if (((blocked >> source) & 1) != 0) return;
  }
  if (step.guard >= 0) {
    const auto holds = plain_holds(system, step.guard, state);
    if (!holds) guard_failed = true;
    if (!holds.value_or(false)) return;
  }
  PlainStep taken;
  for (const TrackEvent& event : step.events) {
    const TrackStep told = system.track_step(event.track, next.tracks[event.track], event.event);
    if (told.result == TrackStep::Result::Disabled) return;
    if (told.result == TrackStep::Result::Error) {
      taken.error = told.next;
      break;
    }
    if (told.result == TrackStep::Result::Violated) taken.violated.push_back(event.track);
    next.tracks[event.track] = told.next;
  }
  taken.labels.insert(step.label);
  taken.next = next;
  if (taken.error == 0) taken.error = step.error;
  outcomes.emplace(effect, taken);
}

void add_moves(ComponentSystem& system, const PlainState& state, std::vector<PlainStep>& steps) {
  for (std::size_t track = 0; track < state.tracks.size(); ++track) {
    std::vector<TrackMove> moves;
    system.track_moves(static_cast<int>(track), state.tracks[track], moves);
    std::map<TrackId, PlainStep> distinct;
    for (const TrackMove& move : moves) {
      PlainStep& step = distinct[move.next];
      step.labels.insert(move.label);
      step.next = state;
      step.next.tracks[track] = move.next;
    }
    for (const auto& [next, step] : distinct) steps.push_back(step);
  }
}

/// Whether some part of the state must take a step before time passes.
bool is_forced(ComponentSystem& system, const PlainState& state) {
  TimedSystem& time = *system.time();
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    const int process = static_cast<int>(i);
    if (time.local_forces(process, state.locals[i])) return true;
    std::uint64_t blocked = 0;
    if (system.fault_track() >= 0)
      blocked = system.blocked_sources(state.tracks[static_cast<std::size_t>(system.fault_track())],
                                       process);
    for (const MessageId message : state.inboxes[i]) {
      if (((blocked >> system.message_source(message)) & 1) != 0) continue;
      if (time.message_forces(process, state.locals[i], message)) return true;
    }
  }
  return false;
}

/// The tick, if it is enabled. One rate a process only.
void add_tick(ComponentSystem& system, const PlainState& state, std::vector<PlainStep>& steps) {
  if (system.time() == nullptr || is_forced(system, state)) return;
  TimedSystem& time = *system.time();
  PlainStep step;
  step.is_tick = true;
  step.labels.insert(time.tick_label(std::vector<int>(state.locals.size(), 1)));
  step.next = state;
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    std::vector<TickedLocal> next;
    time.tick_local(static_cast<int>(i), state.locals[i], next);
    step.next.locals[i] = next.at(0).local;
    for (MessageId& message : step.next.inboxes[i]) message = time.tick_message(message);
  }
  for (std::size_t track = 0; track < state.tracks.size(); ++track) {
    const auto next = time.tick_track(static_cast<int>(track), state.tracks[track]);
    if (!next) return;
    step.next.tracks[track] = *next;
  }
  step.next = settle(system, step.next);
  steps.push_back(std::move(step));
}

/// A step changes something, now or after ticks.
bool has_changing_step(ComponentSystem& system, const PlainState& state) {
  std::set<PlainState> seen;
  for (PlainState at = state; seen.insert(at).second;) {
    bool guard_failed = false;
    std::optional<PlainState> next;
    for (const PlainStep& step : plain_steps(system, at, guard_failed)) {
      if (step.is_tick) next = step.next;
      if (!step.is_tick && (step.error != 0 || step.next != at)) return true;
    }
    if (!next) return system.time() != nullptr && !is_forced(system, at);
    at = *next;
  }
  return false;
}

bool is_pending(ComponentSystem& system, const PlainState& state) {
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    if (system.has_pending_operation(static_cast<int>(i), state.locals[i])) return true;
  }
  return false;
}

class PlainSearch {
 public:
  PlainSearch(ComponentSystem& system, const std::vector<Goal>& goals)
      : system_(system), goals_(goals) {
    result_.found.resize(goals.size());
  }

  PlainExploration run(std::size_t states_max) {
    std::vector<PlainState> layer;
    for (const InitialState& initial : system_.initial_states()) {
      result_.labels_taken.insert(initial.label);
      PlainState state{initial.locals, initial.inboxes, initial.tracks};
      for (Inbox& inbox : state.inboxes) std::sort(inbox.begin(), inbox.end());
      reach(state, 0, layer);
    }
    for (std::uint32_t depth = 0; !layer.empty(); ++depth) {
      result_.depth = depth;
      std::vector<PlainState> next;
      for (const PlainState& state : layer) {
        expand(state, depth, next);
        result_.gave_up = result_.states.size() > states_max;
        if (result_.gave_up) return std::move(result_);
      }
      layer.swap(next);
    }
    return std::move(result_);
  }

 private:
  void record(std::size_t goal, std::uint32_t depth) {
    if (!result_.found[goal]) result_.found[goal] = depth;
  }

  void reach(const PlainState& state, std::uint32_t depth, std::vector<PlainState>& next) {
    if (!result_.states.emplace(state, depth).second) return;
    next.push_back(state);
    for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
      if (goals_[goal].kind != Goal::Kind::PredicateTrue &&
          goals_[goal].kind != Goal::Kind::PredicateFalse)
        continue;
      const auto holds = plain_holds(system_, goals_[goal].index, state);
      if (!holds) record_error(depth);
      if (holds && *holds == (goals_[goal].kind == Goal::Kind::PredicateTrue)) record(goal, depth);
    }
  }

  void record_error(std::uint32_t depth) {
    for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
      if (goals_[goal].kind == Goal::Kind::ModelError) record(goal, depth);
    }
  }

  void expand(const PlainState& state, std::uint32_t depth, std::vector<PlainState>& next) {
    bool guard_failed = false;
    std::size_t steps = 0;
    const bool pending = is_pending(system_, state);
    for (const PlainStep& step : plain_steps(system_, state, guard_failed)) {
      ++result_.transitions;
      ++steps;
      result_.labels_taken.insert(step.labels.begin(), step.labels.end());
      if (pending) result_.labels_taken_pending.insert(step.labels.begin(), step.labels.end());
      for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
        if (goals_[goal].kind == Goal::Kind::TrackViolated &&
            std::count(step.violated.begin(), step.violated.end(), goals_[goal].index) != 0) {
          record(goal, depth + 1);
        }
      }
      if (step.error != 0) {
        record_error(depth + 1);
        continue;
      }
      reach(step.next, depth + 1, next);
    }
    if (guard_failed) record_error(depth);
    if (steps == 0 && system_.time() != nullptr && is_forced(system_, state)) {
      record_error(depth);
    } else if (pending && !result_.deadlock && !has_changing_step(system_, state)) {
      result_.deadlock = depth;
    }
  }

  ComponentSystem& system_;
  const std::vector<Goal>& goals_;
  PlainExploration result_;
};

}  // namespace

std::optional<bool> plain_holds(ComponentSystem& system, int predicate, const PlainState& state) {
  std::vector<std::span<const MessageId>> inboxes(state.inboxes.begin(), state.inboxes.end());
  return system.holds(predicate, StateView{state.locals, inboxes, state.tracks});
}

std::vector<PlainStep> plain_steps(ComponentSystem& system, const PlainState& state,
                                   bool& guard_failed) {
  std::vector<PlainStep> steps;
  for (int process = 0; process < system.process_count(); ++process) {
    const auto self = static_cast<std::size_t>(process);
    std::map<Effect, PlainStep> outcomes;
    std::vector<LocalStep> local_steps;
    system.own_steps(process, state.locals[self], local_steps);
    for (const LocalStep& step : local_steps) {
      add_outcome(system, state, process, step, std::nullopt, outcomes, guard_failed);
    }
    const std::set<MessageId> distinct(state.inboxes[self].begin(), state.inboxes[self].end());
    for (const MessageId message : distinct) {
      local_steps.clear();
      system.message_steps(process, state.locals[self], message, local_steps);
      for (const LocalStep& step : local_steps) {
        add_outcome(system, state, process, step, message, outcomes, guard_failed);
      }
    }
    for (const auto& [effect, step] : outcomes) steps.push_back(step);
  }
  add_moves(system, state, steps);
  add_tick(system, state, steps);
  return steps;
}

PlainState settle(ComponentSystem& system, const PlainState& state) {
  TimedSystem* const time = system.time();
  if (time == nullptr) return state;
  std::set<Stamp> stamps;
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    for (const Stamp stamp : time->local_stamps(static_cast<int>(i), state.locals[i]))
      stamps.insert(stamp);
    for (const MessageId message : state.inboxes[i])
      for (const Stamp stamp : time->message_stamps(message)) stamps.insert(stamp);
  }
  for (std::size_t track = 0; track < state.tracks.size(); ++track)
    for (const Stamp stamp : time->track_stamps(static_cast<int>(track), state.tracks[track]))
      stamps.insert(stamp);
  Retiming retiming;
  retiming.from.assign(stamps.begin(), stamps.end());
  retiming.to = time->settled(retiming.from);
  PlainState settled = state;
  for (std::size_t i = 0; i < state.locals.size(); ++i) {
    settled.locals[i] = time->retime_local(static_cast<int>(i), state.locals[i], retiming);
    for (MessageId& message : settled.inboxes[i]) message = time->retime_message(message, retiming);
    std::sort(settled.inboxes[i].begin(), settled.inboxes[i].end());
  }
  for (std::size_t track = 0; track < state.tracks.size(); ++track)
    settled.tracks[track] =
        time->retime_track(static_cast<int>(track), state.tracks[track], retiming);
  return settled;
}

PlainExploration explore_plainly(ComponentSystem& system, const std::vector<Goal>& goals,
                                 std::size_t states_max) {
  return PlainSearch(system, goals).run(states_max);
}

std::set<PlainState> follow(ComponentSystem& system, const std::vector<LabelId>& labels,
                            std::vector<PlainStep>& last) {
  std::set<PlainState> states;
  for (const InitialState& initial : system.initial_states()) {
    if (initial.label != labels.at(0)) continue;
    PlainState state{initial.locals, initial.inboxes, initial.tracks};
    for (Inbox& inbox : state.inboxes) std::sort(inbox.begin(), inbox.end());
    states.insert(state);
  }
  for (std::size_t i = 1; i < labels.size(); ++i) {
    std::set<PlainState> next;
    last.clear();
    for (const PlainState& state : states) {
      bool guard_failed = false;
      for (const PlainStep& step : plain_steps(system, state, guard_failed)) {
        if (step.labels.count(labels[i]) == 0) continue;
        last.push_back(step);
        if (step.error == 0) next.insert(step.next);
      }
    }
    states.swap(next);
    if (states.empty() && i + 1 < labels.size()) last.clear();
  }
  return states;
}

}  // namespace capstan::tests
