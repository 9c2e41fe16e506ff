// SPDX-License-Identifier: MIT
// transition: what a process can do in a component, as a list made on first use.
//
// A transition is one distinct outcome of one step: its process's component afterwards, the
// difference of the state's hash, the messages put into other inboxes, and what tracks are told.
// Messages to oneself are already in the successor. Outcomes with equal effects are one transition;
// the labels of all of them count as taken. The search runs over these lists and nothing else, so a
// transition is half a line of memory; what only few have (guards, purges, errors, several events)
// lies apart. Tested by: tests/unit/checker/explore/explorer_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "checker/explore/component.hpp"
#include "checker/explore/component_system.hpp"
#include "checker/explore/questions.hpp"
#include "checker/explore/tracks.hpp"

namespace capstan::checker {

inline constexpr std::uint32_t no_event = ~std::uint32_t{0};
/// A source that no mask of blocked sources has: the step delivers nothing, or ignores blocks.
inline constexpr std::uint8_t no_source = 63;

struct Transition {
  /// Slow: it has a guard, an error, several events, PutsVary, or a purge whose id does not fit.
  /// PutsVary: what its sends
  /// do depends on the receivers (some merge, may be dropped, or stand in a queue).
  enum Flag : std::uint8_t { Slow = 1, WasTaken = 2, WasTakenPending = 4, PutsVary = 8 };

  std::uint64_t difference =
      0;  // of the state's hash by successor and sends; without sends if PutsVary
  ComponentId successor = 0;
  std::uint32_t event = no_event;  // the only event, unless Slow
  std::uint32_t first_send = 0;    // in TransitionTable::sends
  std::uint32_t facts = 0;         // TransitionTable::facts
  std::uint16_t send_count = 0;    // to other processes
  std::uint16_t track = 0;         // of the event
  std::uint8_t process = 0;
  std::uint8_t source = no_source;  // of the delivered message
  std::uint8_t flags = 0;
  std::uint8_t purge = 0;  // of the asks that close, unless Slow; 0: none
};
static_assert(sizeof(Transition) == 32);

/// What is read on the slow path and for traces only.
struct TransitionFacts {
  LabelId label = 0;
  std::vector<LabelId> more_labels;  // of steps with the same effect
  PurgeId purge = 0;
  int guard = -1;
  std::uint32_t error = 0;
  std::vector<std::uint32_t> events;  // numbers of TrackTable
  bool is_fault = false;
};

class TransitionTable {
 public:
  TransitionTable(Questions& questions, DeadMessages* dead, ComponentTable& components,
                  TrackTable& tracks);

  /// Makes the component's list.
  void build(ComponentId component);

  std::span<const Send> sends(const Transition& transition) const {
    return {sends_.data() + transition.first_send, transition.send_count};
  }
  const TransitionFacts& facts(const Transition& transition) const {
    return facts_[transition.facts];
  }
  std::size_t bytes() const;

 private:
  struct Draft;

  void add_deliveries(ComponentId from, std::vector<Draft>& drafts);
  void add_queues(ComponentId from, std::vector<Draft>& drafts);
  void add(Draft made, std::vector<Draft>& drafts);
  Draft draft(ComponentId from, const LocalStep& step, const MessageId* message,
              std::size_t position);
  void store(ComponentId from, std::vector<Draft>& drafts);

  Questions& questions_;
  DeadMessages* dead_;
  ComponentTable& components_;
  TrackTable& tracks_;
  bool has_faults_;  // some track blocks links
  bool is_fifo_;
  bool puts_always_vary_;                             // what a put does shows only when it is done
  std::vector<std::unique_ptr<Transition[]>> lists_;  // never moved
  std::size_t list_bytes_ = 0;
  std::vector<Send> sends_;
  std::vector<TransitionFacts> facts_;
  std::size_t facts_bytes_ = 0;
};

}  // namespace capstan::checker
