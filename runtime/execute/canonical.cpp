// SPDX-License-Identifier: MIT
// canonical: the bytes of a World (SEMANTICS 1.1). Whatever has no order is sorted; ids of copies,
// arguments kept for the story, and the past are left out.
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using model::Value;

void append(std::string& bytes, std::int64_t number) { Value::integer(number).append_to(bytes); }

void append(std::string& bytes, const std::vector<Value>& values) {
  append(bytes, static_cast<std::int64_t>(values.size()));
  for (const Value& value : values) value.append_to(bytes);
}

void append(std::string& bytes, const std::vector<int>& numbers) {
  append(bytes, static_cast<std::int64_t>(numbers.size()));
  for (const int number : numbers) append(bytes, number);
}

void append(std::string& bytes, std::optional<std::int64_t> time) {
  (time ? Value::integer(*time) : Value::none()).append_to(bytes);
}

void append_sorted(std::string& bytes, std::vector<std::string> parts) {
  std::sort(parts.begin(), parts.end());
  append(bytes, static_cast<std::int64_t>(parts.size()));
  for (const std::string& part : parts) {
    append(bytes, static_cast<std::int64_t>(part.size()));
    bytes += part;
  }
}

std::string bytes_of(const Activation& activation) {
  std::string bytes;
  append(bytes, static_cast<std::int64_t>(activation.kind));
  append(bytes, activation.index);
  append(bytes, activation.waiting->span.begin);
  for (const Cursor& cursor : activation.stack) {
    append(bytes, static_cast<std::int64_t>(cursor.next));
    append(bytes, static_cast<std::int64_t>(cursor.turns.size()));
    for (const std::vector<Value>& turn : cursor.turns) append(bytes, turn);
  }
  append(bytes, activation.locals);
  append(bytes, activation.sender);
  activation.asker.as_value().append_to(bytes);
  append(bytes, activation.has_replied ? 1 : 0);
  activation.key.append_to(bytes);
  append(bytes, activation.slot);
  append(bytes, activation.quorum);
  append(bytes, activation.replies);
  append(bytes, activation.deadline);
  append(bytes, activation.chain.client);
  append(bytes, activation.chain.hops);
  append(bytes, activation.awaited_hops);
  return bytes;
}

std::string bytes_of(const model::MessageInstance& message) {
  std::string bytes;
  append(bytes, message.source);
  append(bytes, message.destination);
  append(bytes, message.message);
  append(bytes, message.fields);
  message.token.as_value().append_to(bytes);
  append(bytes, std::int64_t{message.least});
  append(bytes, std::int64_t{message.most});
  append(bytes, std::int64_t{message.age});
  append(bytes, std::int64_t{message.chain.client});
  append(bytes, std::int64_t{message.chain.hops});
  return bytes;
}

}  // namespace

/// A multiset; in a fifo network a queue for each link.
void World::append_network(std::string& bytes) const {
  std::map<std::pair<int, int>, std::vector<std::string>> queues;
  for (const model::MessageCopy& copy : in_flight_) {
    const model::MessageInstance& message = copy.message;
    const std::pair link{message.source, message.destination};
    queues[protocol_->scenario.network_fifo ? link : std::pair{-1, -1}].push_back(
        bytes_of(message));
  }
  append(bytes, static_cast<std::int64_t>(queues.size()));
  for (auto& [link, messages] : queues) {
    if (!protocol_->scenario.network_fifo) std::sort(messages.begin(), messages.end());
    append(bytes, static_cast<std::int64_t>(messages.size()));
    for (const std::string& message : messages) {
      append(bytes, static_cast<std::int64_t>(message.size()));
      bytes += message;
    }
  }
}

std::string World::canonical(bool with_network) const {
  std::string bytes;
  if (error_) {
    append(bytes, -1);
    return bytes + error_->message;
  }
  append(bytes, has_started_ ? 1 : 0);
  for (const Process& process : processes_) {
    append(bytes, process.variables);
    append(bytes, process.on_disk);
    append(bytes, process.is_up ? 1 : 0);
    append(bytes, process.is_paused ? 1 : 0);
    append(bytes, process.script_position);
    append(bytes, process.clock.last);
    append(bytes, process.clock.counted);
    append(bytes, process.clock.jumped);
    for (const bool deviates : process.clock.deviations) append(bytes, deviates ? 1 : 0);
    std::vector<std::string> activations;
    for (const Activation& activation : process.activations)
      activations.push_back(bytes_of(activation));
    append_sorted(bytes, std::move(activations));
  }
  if (with_network) append_network(bytes);
  for (std::size_t i = 0; i < cuts_.size(); ++i) {
    // Splits that block the same used links are one.
    model::Label standing;
    standing.fault = static_cast<int>(i);
    standing.group = cuts_[i].group;
    standing.others = cuts_[i].others;
    std::vector<int> links;
    for (const auto& [source, destination] : links_cut(standing)) {
      links.push_back(source);
      links.push_back(destination);
    }
    append(bytes, links);
  }
  append(bytes, budgets_);
  append(bytes, pools_);
  append(bytes, ghosts_);
  append(bytes, true_time_);
  append(bytes, jumps_left_);
  return bytes;
}

}  // namespace capstan::runtime
