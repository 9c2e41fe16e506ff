// SPDX-License-Identifier: MIT
#include "checker/explore/transition.hpp"

#include <algorithm>

#include "checker/reduce/dead.hpp"
#include "model/base/hash.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

/// A transition before it is packed. Two with equal effects are one transition.
struct TransitionTable::Draft {
  ComponentId successor = 0;
  std::uint8_t source = no_source;
  std::vector<Send> sends;  // to other processes
  TransitionFacts facts;

  bool same_effect(const Draft& other) const {
    return successor == other.successor && source == other.source && sends == other.sends &&
           facts.purge == other.facts.purge && facts.guard == other.facts.guard &&
           facts.error == other.facts.error && facts.events == other.facts.events &&
           facts.is_fault == other.facts.is_fault;
  }
};

TransitionTable::TransitionTable(Questions& questions, DeadMessages* dead,
                                 ComponentTable& components, TrackTable& tracks)
    : questions_(questions),
      dead_(dead),
      components_(components),
      tracks_(tracks),
      has_faults_(questions.system().fault_track() >= 0),
      is_fifo_(questions.system().network_is_fifo()),
      puts_always_vary_(dead != nullptr || is_fifo_ || questions.system().links_may_drop()) {}

void TransitionTable::build(ComponentId component) {
  const int process = components_[component].process;
  const LocalId local = components_[component].local;
  std::vector<Draft> drafts;
  for (const LocalStep& step : questions_.own_steps(process, local)) {
    add(draft(component, step, nullptr, 0), drafts);
  }
  is_fifo_ ? add_queues(component, drafts) : add_deliveries(component, drafts);
  store(component, drafts);
}

void TransitionTable::add_deliveries(ComponentId from, std::vector<Draft>& drafts) {
  const int process = components_[from].process;
  const LocalId local = components_[from].local;
  const std::vector<MessageId> inbox(components_.inbox(from).begin(),
                                     components_.inbox(from).end());
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    if (i > 0 && inbox[i] == inbox[i - 1]) continue;
    for (const LocalStep& step : questions_.message_steps(process, local, inbox[i])) {
      add(draft(from, step, &inbox[i], i), drafts);
    }
  }
}

/// Only the first of a queue is delivered; any may be lost.
void TransitionTable::add_queues(ComponentId from, std::vector<Draft>& drafts) {
  ComponentSystem& system = questions_.system();
  const int process = components_[from].process;
  const LocalId local = components_[from].local;
  const std::vector<MessageId> inbox(components_.inbox(from).begin(),
                                     components_.inbox(from).end());
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    const bool is_first =
        i == 0 || system.message_source(inbox[i]) != system.message_source(inbox[i - 1]);
    const auto copy = static_cast<int>(
        std::count(inbox.begin(), inbox.begin() + static_cast<std::ptrdiff_t>(i), inbox[i]));
    for (const LocalStep& step : questions_.message_steps(process, local, inbox[i])) {
      if (!is_first && !step.ignores_blocks) continue;
      Draft made = draft(from, step, &inbox[i], i);
      if (copy > 0) made.facts.label = system.label_of_copy(made.facts.label, copy);
      add(std::move(made), drafts);
    }
  }
}

void TransitionTable::add(Draft made, std::vector<Draft>& drafts) {
  const auto same =
      std::ranges::find_if(drafts, [&made](const Draft& other) { return other.same_effect(made); });
  if (same == drafts.end()) {
    drafts.push_back(std::move(made));
  } else if (same->facts.label != made.facts.label) {
    same->facts.more_labels.push_back(made.facts.label);
  }
}

/// `position`: where the message stands in the inbox.
TransitionTable::Draft TransitionTable::draft(ComponentId from, const LocalStep& step,
                                              const MessageId* message, std::size_t position) {
  model::poll_limits();
  const int process = components_[from].process;
  const LocalId local = components_[from].local;
  Draft made;
  std::vector<MessageId> inbox(components_.inbox(from).begin(), components_.inbox(from).end());
  if (step.message == LocalStep::Message::Consumed) {
    CAPSTAN_REQUIRE(message != nullptr, "only a message step consumes a message");
    inbox.erase(inbox.begin() + static_cast<std::ptrdiff_t>(position));
  }
  if (dead_ != nullptr && step.purge == 0) dead_->note_edge(process, local, step.next, 0);
  made.successor = components_.intern(process, step.next, std::move(inbox));
  if (step.purge != 0) {
    const ComponentId purged = components_.purge(made.successor, step.purge).component;
    if (dead_ != nullptr) {
      dead_->note_edge(process, local, components_[purged].local, step.purge);
      dead_->note_purge(step.purge);
    }
    made.successor = purged;
  }
  for (const Send& send : step.sends) {
    if (send.destination == process) {
      made.successor = components_.put(made.successor, send.message, send.merge);
    } else {
      made.sends.push_back(send);
    }
  }
  // In a multiset the order of puts shows only if some merge; else one order stands for all.
  if (is_fifo_) {
    std::ranges::stable_sort(made.sends, {}, &Send::destination);
  } else if (std::ranges::none_of(made.sends, &Send::merge)) {
    std::ranges::sort(made.sends);
  }
  // Which link a message came by matters only where links can be blocked.
  if (has_faults_ && message != nullptr && !step.ignores_blocks) {
    const int source = questions_.system().message_source(*message);
    if (source != process) made.source = static_cast<std::uint8_t>(source);
  }
  made.facts.label = step.label;
  made.facts.purge = step.purge;
  made.facts.guard = step.guard;
  made.facts.error = step.error;
  made.facts.is_fault = step.is_fault;
  for (const TrackEvent& event : step.events) {
    made.facts.events.push_back(tracks_.intern_event(event));
  }
  return made;
}

void TransitionTable::store(ComponentId from, std::vector<Draft>& drafts) {
  lists_.push_back(std::make_unique<Transition[]>(drafts.size()));
  list_bytes_ += drafts.size() * sizeof(Transition);
  Transition* next = lists_.back().get();
  for (Draft& made : drafts) {
    Transition& packed = *next++;
    CAPSTAN_REQUIRE(made.sends.size() <= UINT16_MAX, "a step sends at most 65535 messages");
    packed.successor = made.successor;
    packed.difference = components_[made.successor].hash - components_[from].hash;
    packed.process = components_[from].process;
    packed.source = made.source;
    packed.first_send = static_cast<std::uint32_t>(sends_.size());
    packed.send_count = static_cast<std::uint16_t>(made.sends.size());
    packed.facts = static_cast<std::uint32_t>(facts_.size());
    if (made.facts.events.size() == 1) {
      packed.event = made.facts.events.front();
      packed.track = tracks_.event(packed.event).track;
    }
    // What a put does to the hash is known beforehand only if it always adds the message.
    const bool puts_vary =
        !made.sends.empty() && (puts_always_vary_ || std::ranges::any_of(made.sends, &Send::merge));
    const bool is_slow = puts_vary || made.facts.guard >= 0 || made.facts.error != 0 ||
                         made.facts.events.size() > 1 || made.facts.purge > UINT8_MAX;
    if (!is_slow) packed.purge = static_cast<std::uint8_t>(made.facts.purge);
    packed.flags = static_cast<std::uint8_t>((is_slow ? Transition::Slow : 0) |
                                             (puts_vary ? Transition::PutsVary : 0));
    if (!puts_vary) {
      for (const Send& send : made.sends) {
        packed.difference += components_.message_hash(send.message);
      }
    }
    sends_.insert(sends_.end(), made.sends.begin(), made.sends.end());
    facts_bytes_ += (made.facts.more_labels.capacity() + made.facts.events.capacity()) * 4;
    facts_.push_back(std::move(made.facts));
  }
  Component& component = components_[from];
  component.transitions = lists_.back().get();
  component.transition_count = static_cast<std::uint32_t>(drafts.size());
  component.is_built = true;
}

std::size_t TransitionTable::bytes() const {
  return list_bytes_ + lists_.capacity() * sizeof(lists_[0]) + sends_.capacity() * sizeof(Send) +
         facts_.capacity() * sizeof(TransitionFacts) + facts_bytes_;
}

}  // namespace capstan::checker
