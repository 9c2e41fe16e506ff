// SPDX-License-Identifier: MIT
#include "checker/explore/component.hpp"

#include <algorithm>

#include "checker/explore/timed_system.hpp"
#include "checker/reduce/dead.hpp"
#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

ComponentTable::ComponentTable(Questions& questions, DeadMessages* dead)
    : questions_(questions),
      dead_(dead),
      is_fifo_(questions.system().network_is_fifo()),
      ids_(static_cast<std::size_t>(questions.process_count())) {}

ComponentId ComponentTable::intern(int process, LocalId local, std::vector<MessageId> inbox) {
  if (dead_ != nullptr) {
    std::erase_if(inbox, [&](MessageId message) { return dead_->drops(process, local, message); });
  }
  sort(inbox);
  return intern_sorted(process, local, inbox);
}

/// Into the form that equal networks share. In a fifo network the order of sending stays.
void ComponentTable::sort(std::vector<MessageId>& inbox) const {
  if (!is_fifo_) {
    std::ranges::sort(inbox);
    return;
  }
  std::ranges::stable_sort(inbox, {},
                           [this](MessageId message) { return system().message_source(message); });
}

ComponentId ComponentTable::intern_sorted(int process, LocalId local,
                                          std::span<const MessageId> inbox) {
  const std::uint32_t inbox_id = inboxes_.intern(inbox);
  if (inbox_id == inbox_facts_.size()) {
    Inbox facts;
    std::uint64_t place = 0;  // in its queue
    int source = -1;
    for (const MessageId message : inboxes_[inbox_id]) {
      if (is_fifo_) {
        const int from = system().message_source(message);
        place = from == source ? place + 1 : 0;
        source = from;
      }
      facts.hash +=
          place == 0 ? message_hash(message) : model::combine(place, message_hash(message));
      facts.token_mask |= system().message_token_mask(message);
    }
    inbox_facts_.push_back(facts);
  }
  FlatMap<ComponentId>& known = ids_[static_cast<std::size_t>(process)];
  const auto next_id = static_cast<ComponentId>(components_.size());
  const ComponentId id = known.insert(pair_key(local, inbox_id), next_id);
  if (id != next_id) return id;
  CAPSTAN_ENSURE(next_id < UINT32_MAX, "component ids fit 32 bits");
  const Inbox& facts = inbox_facts_[inbox_id];
  Component component;
  component.hash = facts.hash + model::combine(static_cast<std::uint64_t>(process) + 1,
                                               system().local_hash(process, local));
  component.local = local;
  component.inbox = inbox_id;
  component.process = static_cast<std::uint8_t>(process);
  component.is_pending = system().has_pending_operation(process, local);
  components_.push_back(component);
  token_masks_.push_back(facts.token_mask | system().local_token_mask(process, local));
  return id;
}

std::uint64_t ComponentTable::message_hash(MessageId message) const {
  return model::mix(system().message_hash(message) + 0x9e3779b97f4a7c15ULL);
}

/// Whether an equal message is in flight: one that is equal but for its age (the older one stays).
bool ComponentTable::has_equal(std::span<const MessageId> inbox, MessageId message) const {
  if (std::ranges::find(inbox, message) != inbox.end()) return true;
  TimedSystem* const time = system().time();
  const auto core = [&](MessageId one) {
    const MessageId plain = system().plain(one);
    return time == nullptr ? plain : time->ageless(plain);
  };
  const MessageId wanted = core(message);
  return std::ranges::any_of(inbox, [&](MessageId other) { return core(other) == wanted; });
}

/// An action that gave up and asks the same again: the old request leaves, as if it had been lost.
/// Else retrying would fill the network without end. (That its age goes with it is what makes this
/// agree with dropping dead messages: whether an old request was dropped must not show.)
void ComponentTable::remove_replaced(std::vector<MessageId>& inbox, MessageId message) const {
  if (system().network_is_set()) return;  // finite anyway
  int oldest = -1;
  std::size_t place = 0;
  for (std::size_t i = 0; i < inbox.size(); ++i) {
    const auto age = system().age_if_replaced(inbox[i], message);
    if (!age || *age <= oldest) continue;
    oldest = *age;
    place = i;
  }
  if (oldest >= 0) inbox.erase(inbox.begin() + static_cast<std::ptrdiff_t>(place));
}

ComponentId ComponentTable::put_new(ComponentId component, MessageId message, bool merge) {
  const Component old = components_[component];
  const std::span<const MessageId> inbox = inboxes_[old.inbox];
  ComponentId result = component;
  if (!merge || !has_equal(inbox, message)) {
    std::vector<MessageId> more(inbox.begin(), inbox.end());
    if (merge) remove_replaced(more, message);
    more.push_back(message);
    result = intern(old.process, old.local, std::move(more));
  }
  (merge ? merged_puts_ : puts_).insert(pair_key(component, message), result);
  return result;
}

ComponentId ComponentTable::without(ComponentId component, std::uint64_t sources) {
  const Component old = components_[component];
  std::vector<MessageId> left(inbox(component).begin(), inbox(component).end());
  std::erase_if(left, [&](MessageId message) {
    return ((sources >> system().message_source(message)) & 1) != 0;
  });
  return intern(old.process, old.local, std::move(left));
}

Purged ComponentTable::purge_new(ComponentId component, PurgeId purge) {
  const Component old = components_[component];
  ComponentId result = component;
  if (purge >= closing_masks_.size()) closing_masks_.resize(std::size_t{purge} + 1);
  closing_masks_[purge] = std::uint64_t{1} << system().purge_process(purge);
  if ((token_masks_[component] & closing_masks_[purge]) != 0) {
    const LocalId local = system().purge_local(old.process, old.local, purge);
    std::vector<MessageId> left;
    for (const MessageId message :
         std::vector<MessageId>(this->inbox(component).begin(), this->inbox(component).end())) {
      if (const auto kept = system().purge_message(message, purge)) left.push_back(*kept);
    }
    if (system().network_is_set()) {
      std::ranges::sort(left);
      left.erase(std::unique(left.begin(), left.end()), left.end());
    }
    if (dead_ != nullptr) dead_->note_edge(old.process, old.local, local, purge);
    result = intern(old.process, local, std::move(left));
  }
  return purges_.insert(pair_key(component, purge),
                        Purged{components_[result].hash - old.hash, result});
}

std::size_t ComponentTable::bytes() const {
  std::size_t total = components_.capacity() * sizeof(Component) +
                      token_masks_.capacity() * sizeof(std::uint64_t) +
                      closing_masks_.capacity() * sizeof(std::uint64_t) + inboxes_.bytes() +
                      inbox_facts_.capacity() * sizeof(Inbox) + puts_.bytes() +
                      merged_puts_.bytes() + purges_.bytes();
  for (const FlatMap<ComponentId>& ids : ids_) total += ids.bytes();
  return total;
}

}  // namespace capstan::checker
