// SPDX-License-Identifier: MIT
// component: interned components and the memo tables over them.
//
// A component is (process, its local state, the sorted multiset of messages in flight to it; in a
// fifo network the queues of its links), interned to 32 bits. A global state is one component a
// process and one state a track, so "what can process p do" and "what does putting m do" are
// functions of one id, asked once and then looked up: on client-coordinated ABD, 113 million
// transitions meet 5 744 components, and all tables stay in the L2 cache. Hashes are additive:
// h(component) = h(process, local) + sum of h(message), and h(state) = sum over its parts, each a
// strong hash of *content*; so a successor's hash is its state's plus a stored difference (Zobrist
// 1970), and fingerprints are equal in every run and on every machine. From: Questions. To:
// transition, search. Dead messages (reduce/dead) are dropped here, in every component made. Tested
// by: tests/unit/checker/explore/tables_test.cpp, explorer_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/flat_map.hpp"
#include "checker/explore/questions.hpp"
#include "checker/explore/sequence_interner.hpp"

namespace capstan::checker {

class DeadMessages;
struct Transition;

using ComponentId = std::uint32_t;

/// What the search reads of a component: half a line of memory.
struct Component {
  std::uint64_t hash = 0;
  Transition* transitions = nullptr;  // nullptr: not built yet (transition.hpp)
  std::uint32_t transition_count = 0;
  LocalId local = 0;
  std::uint32_t inbox = 0;  // id in ComponentTable::inbox
  std::uint8_t process = 0;
  bool is_pending = false;  // an operation of this process is pending
  bool is_built = false;    // transitions are known (there may be none)
};
static_assert(sizeof(Component) == 32);

/// What closing asks makes of a component.
struct Purged {
  std::uint64_t difference = 0;  // of the component's hash
  ComponentId component = 0;
};

class ComponentTable {
 public:
  /// `dead` may be nullptr: then nothing is dropped.
  ComponentTable(Questions& questions, DeadMessages* dead);

  /// The component with these messages (in any order), without those that are dead there.
  ComponentId intern(int process, LocalId local, std::vector<MessageId> inbox);

  /// `message` enters the inbox; with `merge`, unless an equal one is there already; one that it
  /// replaces leaves.
  ComponentId put(ComponentId component, MessageId message, bool merge) {
    const FlatMap<ComponentId>& known = merge ? merged_puts_ : puts_;
    if (const ComponentId* found = known.find(pair_key(component, message))) return *found;
    return put_new(component, message, merge);
  }

  /// The asks of `purge` close (LocalStep::purge).
  Purged purge(ComponentId component, PurgeId purge) {
    if (const Purged* found = purges_.find(pair_key(component, purge))) return *found;
    return purge_new(component, purge);
  }

  /// The component without the messages of these sources (a cut that drops).
  ComponentId without(ComponentId component, std::uint64_t sources);

  const Component& operator[](ComponentId id) const { return components_[id]; }
  Component& operator[](ComponentId id) { return components_[id]; }
  /// The processes whose tokens it holds; a purge of another process's asks does not touch it.
  std::uint64_t token_mask(ComponentId id) const { return token_masks_[id]; }
  /// The bit of the process whose asks `purge` closes. Requires a purge that was applied before.
  std::uint64_t closing_mask(PurgeId purge) const { return closing_masks_[purge]; }
  std::span<const MessageId> inbox(ComponentId id) const { return inboxes_[components_[id].inbox]; }

  /// What a message adds to the hash of its receiver's component; in a fifo network its place in
  /// its queue counts too, and a put's effect must be looked up.
  std::uint64_t message_hash(MessageId message) const;

  std::size_t size() const { return components_.size(); }
  std::size_t bytes() const;

 private:
  struct Inbox {
    std::uint64_t hash = 0;
    std::uint64_t token_mask = 0;
  };

  bool has_equal(std::span<const MessageId> inbox, MessageId message) const;
  void remove_replaced(std::vector<MessageId>& inbox, MessageId message) const;
  ComponentId put_new(ComponentId component, MessageId message, bool merge);
  Purged purge_new(ComponentId component, PurgeId purge);
  void sort(std::vector<MessageId>& inbox) const;
  ComponentId intern_sorted(int process, LocalId local, std::span<const MessageId> inbox);
  ComponentSystem& system() const { return questions_.system(); }

  Questions& questions_;
  DeadMessages* dead_;
  bool is_fifo_;
  std::vector<Component> components_;
  std::vector<std::uint64_t> token_masks_;    // by component: the processes whose tokens it holds
  std::vector<std::uint64_t> closing_masks_;  // by purge
  SequenceInterner inboxes_;
  std::vector<Inbox> inbox_facts_;         // by inbox
  std::vector<FlatMap<ComponentId>> ids_;  // per process: (local, inbox) -> component
  FlatMap<ComponentId> puts_;              // (component, message) -> component
  FlatMap<ComponentId> merged_puts_;
  FlatMap<Purged> purges_;  // (component, purge) -> component
};

}  // namespace capstan::checker
