// SPDX-License-Identifier: MIT
// steps: every enabled step of a state, with all its labels and its successor built, and every
// tick: the plain way to walk over a StateSpace, for what is not in a hurry.
//
// From: explore/state_space. To: state_graph, full_run, quiescence.
#pragma once

#include <vector>

#include "checker/explore/state_space.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {

using Words = std::vector<std::uint32_t>;

/// Calls `body(successor, label, more labels)` for each enabled step, by ordinal, until
/// it says true; `successor` is null for a step that ends in a model error. Returns whether it did.
template <typename Body>
bool visit_steps(StateSpace& space, const Words& source, const Body& body) {
  Words successor(source.size());
  Taken outcome;
  for (std::size_t i = 0; i < space.process_count(); ++i) {
    const Component component = space.expanded(source[i]);
    for (std::uint32_t t = 0; t < component.transition_count; ++t) {
      const Transition& transition = component.transitions[t];
      model::poll_limits();
      const std::uint64_t* blocked = space.blocked(source.data());
      if (blocked != nullptr && ((blocked[i] >> transition.source) & 1) != 0) continue;
      space.take(source.data(), transition, successor.data(), outcome);
      if (outcome.kind == Taken::Kind::Disabled) continue;
      const TransitionFacts& facts = space.transitions.facts(transition);
      const bool is_error = outcome.kind == Taken::Kind::Error;
      if (body(is_error ? nullptr : &successor, facts.label, facts.more_labels)) return true;
    }
  }
  for (std::size_t i = space.process_count(); i < space.word_count(); ++i) {
    for (std::size_t m = 0; m < space.tracks.moves(source[i]).size(); ++m) {
      // A copy: what `body` does may intern further moves.
      const TrackTransition move = space.tracks.moves(source[i])[m];
      space.take_move(source.data(), i, move, successor.data());
      if (body(&successor, move.label, move.more_labels)) return true;
    }
  }
  return false;
}

/// The same for the ways in which a tick may pass; `body(successor, label)`. What it did to old
/// stamps is then TickTable::last_retiming.
template <typename Body>
bool visit_ticks(StateSpace& space, const Words& source, const Body& body) {
  if (!space.ticks.has_time()) return false;
  const std::uint64_t* blocked = space.blocked(source.data());
  const std::uint32_t count = space.ticks.alternatives(source.data(), blocked);
  Words successor(source.size());
  for (std::uint32_t alternative = 0; alternative < count; ++alternative) {
    model::poll_limits();
    const LabelId label = space.ticks.label(source.data(), alternative);
    space.ticks.take(source.data(), alternative, successor.data());
    if (body(successor, label)) return true;
  }
  return false;
}

}  // namespace capstan::checker
