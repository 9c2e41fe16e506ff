// SPDX-License-Identifier: MIT
// dead: messages that can no longer matter are dropped from the state (dead-1).
//
// Rule. A message m in flight to p is dropped where p, in its present local state s, ignores it:
// each outcome of delivering it (faults aside) leaves p as it is, sends nothing, tells no track,
// closes no ask, and is no error; or there is no outcome at all (a guard is false). That it is
// ignored *now* is seen from the memo (of a paused process: as it is when it goes on); that it will
// be *for ever* is assumed, logged as a decision (p, s, m), and checked when the search is over.
//
// Argument. Relate a full state to the reduced one with the same local states and tracks and the
// same messages but for a set D of dead ones. Delivering a member of D is matched by doing nothing,
// any other step by itself. So the same local states, tracks and histories are reachable, by paths
// that are no longer, provided that members of D stay dead. The check: in the local graph of p
// (each edge a step that was seen, crash, restart and purges included), no local state reachable
// from s makes m, or what purges on the way make of m, productive. This is not circular: take a
// shortest full path to a local state where a member of D is productive; before it the relation
// holds, so all edges on the way were seen in the reduced run, so the check covered them. Refuted
// decisions are denied and the run repeats; denials only grow, so that ends. A violation found
// before the repeat is real (each reduced path is a path), but perhaps not the shortest, so the
// check is made for it too.
//
// Time. Ticks are "later" too: they are edges of the local graph, as are the moves of old stamps
// that follow them. A message that can be delivered only from an age on is judged as it will be
// then. One that holds a stamp is never dropped, as what a stamp means changes with every tick. A
// dropped message that would have had to be delivered before a tick can be delivered there, which
// changes nothing. If it was not dead after all, its tick came too early, so with time a violation
// found under a refuted assumption need not be real: it is never reported before the check.
//
// Not preserved: what mentions messages in flight (the caller switches the rule off), and fault
// steps that touch only dead messages (losing one matters to nobody but the budget): whether such a
// fault ever strikes is asked by a search of its own, which keeps the messages that it could strike
// (checker/vacuity). Cost: one
// look-up a put; the check visits (local state, message) pairs that follow a decision. Source:
// EXPLORER.md 5.1 and SEMANTICS.md S10 of the design pages; the idea of a check against observed
// behaviour is akin to proviso checks of ample sets (Clarke, Grumberg, Peled 1999, 10.5). Tested
// by: tests/unit/checker/reduce/dead_test.cpp, tests/differential/engine_random_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/flat_map.hpp"
#include "checker/explore/questions.hpp"
#include "checker/explore/sequence_interner.hpp"

namespace capstan::checker {

class DeadMessages {
 public:
  /// `keeps`: messages that are never dropped; may be empty.
  explicit DeadMessages(Questions& questions, std::function<bool(MessageId)> keeps = {});

  /// Whether the message is dropped at this local state; a yes is a decision to be checked.
  bool drops(int process, LocalId local, MessageId message);

  /// A step takes `process` from one local state to another, and `purge` (0: none) is applied on
  /// the way.
  void note_edge(int process, LocalId from, LocalId to, PurgeId purge);
  /// Some step closes these asks.
  void note_purge(PurgeId purge);

  /// Checks all decisions against the local graph seen so far; refuted ones are denied from now on.
  /// True: some were.
  bool refute();
  /// Forgets decisions and the local graph, and keeps the denials: before a repeat.
  void restart();

  std::uint64_t decision_count() const { return decision_count_; }
  std::uint64_t denied_count() const { return denied_.size(); }
  std::size_t bytes() const;

 private:
  struct Edge {
    LocalId to = 0;
    PurgeId purge = 0;
  };
  struct Decision {
    int process = 0;
    LocalId local = 0;
    MessageId message = 0;
  };
  class Check;

  Questions& questions_;
  std::function<bool(MessageId)> keeps_;
  FlatMap<std::uint8_t> verdicts_;                // (local, message) -> dropped
  FlatMap<std::uint8_t> denied_;                  // (local, message)
  std::vector<std::vector<Decision>> decisions_;  // by message
  std::uint64_t decision_count_ = 0;
  SequenceInterner known_edges_;                       // process, from, to, purge
  std::vector<std::vector<std::vector<Edge>>> edges_;  // per process, by local state
  std::vector<std::vector<PurgeId>> purges_;           // by the process whose asks close
  FlatMap<std::uint8_t> known_purges_;
};

}  // namespace capstan::checker
