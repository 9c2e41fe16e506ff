// SPDX-License-Identifier: MIT
#include "checker/explore/state_space.hpp"

#include <algorithm>
#include <set>

#include "checker/reduce/dead.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

StateSpace::StateSpace(Questions& questions, DeadMessages* dead)
    : components(questions, dead),
      tracks(questions),
      transitions(questions, dead, components, tracks),
      predicates(questions, components, tracks),
      ticks(questions, dead, components, tracks),
      questions_(questions),
      process_count_(static_cast<std::size_t>(questions.process_count())),
      track_count_(static_cast<std::size_t>(questions.track_count())) {
  const int fault_track = questions.system().fault_track();
  if (fault_track >= 0) fault_word_ = process_count_ + static_cast<std::size_t>(fault_track);
  links_may_drop_ = fault_track >= 0 && questions.system().links_may_drop();
}

std::vector<InitialWords> StateSpace::initial_states() {
  std::vector<InitialWords> all;
  for (const InitialState& initial : questions_.system().initial_states()) {
    model::poll_limits();
    InitialWords made;
    made.label = initial.label;
    made.error = initial.error;
    if (initial.error == 0) {
      CAPSTAN_REQUIRE(initial.locals.size() == process_count_ &&
                          initial.inboxes.size() == process_count_ &&
                          initial.tracks.size() == track_count_,
                      "an initial state has all processes and tracks");
      for (std::size_t i = 0; i < process_count_; ++i) {
        made.words.push_back(
            components.intern(static_cast<int>(i), initial.locals[i], initial.inboxes[i]));
      }
      for (std::size_t i = 0; i < track_count_; ++i) {
        made.words.push_back(tracks.intern(static_cast<int>(i), initial.tracks[i]));
      }
    }
    all.push_back(std::move(made));
  }
  return all;
}

std::uint64_t StateSpace::hash(const std::uint32_t* words) const {
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < process_count_; ++i) sum += components[words[i]].hash;
  for (std::size_t i = process_count_; i < word_count(); ++i) sum += tracks[words[i]].hash;
  return sum;
}

void StateSpace::weigh(const std::uint32_t* source, const Transition& transition, Taken& outcome) {
  outcome.kind = Taken::Kind::Disabled;
  outcome.difference = transition.difference;
  outcome.violated.clear();
  outcome.failed_guard = -1;
  const TransitionFacts& facts = transitions.facts(transition);
  if (facts.guard >= 0) {
    const auto holds = predicates.value(facts.guard, {source, word_count()});
    if (!holds) outcome.failed_guard = facts.guard;
    if (!holds.value_or(false)) return;
  }
  // One event alone, the usual case, needs no copy: nothing else moves its track.
  const bool is_single = facts.events.size() <= 1;
  if (!is_single) track_states_.assign(source + process_count_, source + word_count());
  for (const std::uint32_t event : facts.events) {
    const std::uint16_t track = tracks.event(event).track;
    const TrackAnswer answer =
        tracks.step(event, is_single ? source[process_count_ + track] : track_states_[track]);
    if (answer.result == TrackStep::Result::Disabled) return;
    if (answer.result == TrackStep::Result::Error) {
      outcome.kind = Taken::Kind::Error;
      outcome.error = answer.next;
      return;
    }
    if (answer.result == TrackStep::Result::Violated) outcome.violated.push_back(track);
    if (!is_single) track_states_[track] = answer.next;
    outcome.track_state = answer.next;
    outcome.difference += answer.difference;
  }
  outcome.kind = facts.error != 0 ? Taken::Kind::Error : Taken::Kind::Stepped;
  outcome.error = facts.error;
  if (facts.purge == 0 || facts.error != 0) return;
  outcome.difference += purge_difference(source, transition.process, facts.purge);
}

void StateSpace::take(const std::uint32_t* source, const Transition& transition,
                      std::uint32_t* successor, Taken& outcome) {
  weigh(source, transition, outcome);
  if (outcome.kind != Taken::Kind::Stepped) return;
  const TransitionFacts& facts = transitions.facts(transition);
  std::memcpy(successor, source, word_count() * sizeof(std::uint32_t));
  if (facts.events.size() == 1) {
    successor[process_count_ + tracks.event(facts.events[0]).track] = outcome.track_state;
  } else if (!facts.events.empty()) {
    std::copy(track_states_.begin(), track_states_.end(), successor + process_count_);
  }
  successor[transition.process] = transition.successor;
  if (facts.purge != 0) close_asks(source, transition.process, facts.purge, successor);
  const std::uint64_t* dropped =
      links_may_drop_ ? tracks[source[fault_word_]].dropped.data() : nullptr;
  for (const Send& send : transitions.sends(transition)) {
    if (dropped != nullptr && ((dropped[send.destination] >> transition.process) & 1) != 0)
      continue;
    ComponentId& receiver = successor[send.destination];
    const std::uint64_t before = components[receiver].hash;
    receiver = components.put(receiver, send.message, send.merge);
    if ((transition.flags & Transition::PutsVary) != 0) {
      outcome.difference += components[receiver].hash - before;
    }
  }
}

std::uint64_t StateSpace::take_move(const std::uint32_t* source, std::size_t word,
                                    const TrackTransition& move, std::uint32_t* successor) {
  std::memcpy(successor, source, word_count() * sizeof(std::uint32_t));
  successor[word] = move.successor;
  std::uint64_t difference = move.difference;
  if (!links_may_drop_ || word != fault_word_) return difference;
  for (std::size_t i = 0; i < process_count_; ++i) {
    const std::uint64_t sources = tracks[move.successor].dropped[i];
    if (sources == 0) continue;
    successor[i] = components.without(source[i], sources);
    difference += components[successor[i]].hash - components[source[i]].hash;
  }
  return difference;
}

LabelId StateSpace::replay(const std::uint32_t* source, std::uint32_t ordinal,
                           std::uint32_t* successor, bool& is_tick) {
  for (std::size_t i = 0; i < process_count_; ++i) {
    const Component component = expanded(source[i]);
    if (ordinal < component.transition_count) {
      const Transition& transition = component.transitions[ordinal];
      Taken outcome;
      take(source, transition, successor, outcome);
      CAPSTAN_ENSURE(outcome.kind != Taken::Kind::Disabled, "a trace's steps are enabled");
      return transitions.facts(transition).label;
    }
    ordinal -= component.transition_count;
  }
  for (std::size_t i = process_count_; i < word_count(); ++i) {
    const std::vector<TrackTransition>& moves = tracks.moves(source[i]);
    if (ordinal < moves.size()) {
      take_move(source, i, moves[ordinal], successor);
      return moves[ordinal].label;
    }
    ordinal -= static_cast<std::uint32_t>(moves.size());
  }
  if (ticks.has_time() && ordinal < ticks.alternatives(source, blocked(source))) {
    is_tick = true;
    ticks.take(source, ordinal, successor);
    return ticks.label(source, ordinal);
  }
  CAPSTAN_UNREACHABLE("an ordinal is less than the number of the state's steps");
}

bool StateSpace::has_changing_step(const std::uint32_t* source) {
  if (changes_now(source)) return true;
  if (!ticks.has_time()) return false;
  std::vector<std::vector<std::uint32_t>> ahead{{source, source + word_count()}};
  std::set<std::vector<std::uint32_t>> seen{ahead.front()};
  while (!ahead.empty()) {
    model::poll_limits();
    const std::vector<std::uint32_t> state = std::move(ahead.back());
    ahead.pop_back();
    const std::uint32_t count = ticks.alternatives(state.data(), blocked(state.data()));
    // Where nothing forces a step and there is still no tick, a horizon has ended time.
    if (count == 0 && !ticks.is_forced(state.data(), blocked(state.data()))) return true;
    for (std::uint32_t alternative = 0; alternative < count; ++alternative) {
      std::vector<std::uint32_t> next(word_count());
      ticks.take(state.data(), alternative, next.data());
      if (!seen.insert(next).second) continue;
      if (changes_now(next.data())) return true;
      ahead.push_back(std::move(next));
    }
  }
  return false;
}

bool StateSpace::changes_now(const std::uint32_t* source) {
  std::vector<std::uint32_t> successor(word_count());
  const std::uint64_t* masks = blocked(source);
  Taken outcome;
  for (std::size_t i = 0; i < process_count_; ++i) {
    const Component component = expanded(source[i]);
    for (std::uint32_t t = 0; t < component.transition_count; ++t) {
      const Transition& transition = component.transitions[t];
      if (masks != nullptr && ((masks[i] >> transition.source) & 1) != 0) continue;
      take(source, transition, successor.data(), outcome);
      if (outcome.kind == Taken::Kind::Error) return true;
      if (outcome.kind == Taken::Kind::Stepped &&
          !std::equal(successor.begin(), successor.end(), source)) {
        return true;
      }
    }
  }
  for (std::size_t i = process_count_; i < word_count(); ++i) {
    for (const TrackTransition& move : tracks.moves(source[i])) {
      if (move.successor != source[i]) return true;
    }
  }
  return false;
}

std::size_t StateSpace::bytes() const {
  return components.bytes() + tracks.bytes() + transitions.bytes() + predicates.bytes() +
         ticks.bytes();
}

}  // namespace capstan::checker
