// SPDX-License-Identifier: MIT
#include "checker/explore/predicates.hpp"

#include "model/base/require.hpp"

namespace capstan::checker {

StateView ViewBuffer::fill(std::span<const std::uint32_t> words, int process_count,
                           const ComponentTable& components, const TrackTable& tracks) {
  const auto processes = static_cast<std::size_t>(process_count);
  locals_.resize(processes);
  inboxes_.resize(processes);
  tracks_.resize(words.size() - processes);
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i < processes) {
      locals_[i] = components[words[i]].local;
      inboxes_[i] = components.inbox(words[i]);
    } else {
      tracks_[i - processes] = tracks[words[i]].id;
    }
  }
  return {locals_, inboxes_, tracks_};
}

Predicates::Predicates(Questions& questions, const ComponentTable& components,
                       const TrackTable& tracks)
    : questions_(questions), components_(components), tracks_(tracks) {
  const int count = questions.system().predicate_count();
  memos_.resize(static_cast<std::size_t>(count));
  for (int predicate = 0; predicate < count; ++predicate) {
    Memo& memo = memos_[static_cast<std::size_t>(predicate)];
    const Footprint& footprint = questions.system().footprint(predicate);
    memo.tracks.resize(static_cast<std::size_t>(questions.track_count()));
    for (const std::uint16_t process : footprint.processes) {
      memo.processes |= std::uint64_t{1} << process;
    }
    for (const std::uint16_t track : footprint.tracks) memo.tracks.at(track) = true;
    memo.reads_messages = footprint.messages;
  }
}

std::optional<bool> Predicates::value(int predicate, std::span<const std::uint32_t> words) {
  Memo& memo = memos_[static_cast<std::size_t>(predicate)];
  const Footprint& footprint = questions_.system().footprint(predicate);
  const auto processes = static_cast<std::size_t>(questions_.process_count());
  key_.clear();
  for (const std::uint16_t process : footprint.processes) {
    key_.push_back(components_[words[process]].local);
  }
  for (const std::uint16_t track : footprint.tracks) key_.push_back(words[processes + track]);
  if (footprint.messages) {
    for (std::size_t i = 0; i < processes; ++i) key_.push_back(components_[words[i]].inbox);
  }
  Value value;
  if (memo.keys.size() >= keys_max) {
    value = evaluate(predicate, words);
  } else {
    const std::uint32_t id = memo.keys.intern(key_);
    if (id == memo.values.size()) memo.values.push_back(evaluate(predicate, words));
    value = memo.values[id];
  }
  if (value == Value::Error) return std::nullopt;
  return value == Value::Yes;
}

Predicates::Value Predicates::evaluate(int predicate, std::span<const std::uint32_t> words) {
  const StateView view = view_.fill(words, questions_.process_count(), components_, tracks_);
  const std::optional<bool> holds = questions_.system().holds(predicate, view);
  if (!holds) return Value::Error;
  return *holds ? Value::Yes : Value::No;
}

std::size_t Predicates::bytes() const {
  std::size_t total = 0;
  for (const Memo& memo : memos_) total += memo.keys.bytes() + memo.values.capacity();
  return total;
}

}  // namespace capstan::checker
