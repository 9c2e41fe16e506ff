// SPDX-License-Identifier: MIT
#include "tests/support/timed_components.hpp"

#include <algorithm>

#include "model/base/hash.hpp"

namespace capstan::tests {

using namespace capstan::checker;

namespace {

/// A stream of random numbers that depends on what is asked.
struct Draw {
  std::uint64_t state;
  unsigned below(unsigned bound) {
    state = model::combine(state, 1);
    return static_cast<unsigned>((state >> 20) % bound);
  }
  bool one_in(unsigned n) { return below(n) == 0; }
  int within(int bound) {
    return static_cast<int>(below(2 * static_cast<unsigned>(bound) + 1)) - bound;
  }
};

constexpr LabelId tick = 100'000;
constexpr unsigned readings_a_label = 8;

}  // namespace

TimedComponents::TimedComponents(const TimedOptions& options)
    : base_(options.base),
      options_(options),
      locals_(RandomComponents::processes),
      local_ids_(RandomComponents::processes) {}

LocalId TimedComponents::intern(int process, const Local& local) {
  const auto index = static_cast<std::size_t>(process);
  const auto [place, added] =
      local_ids_[index].try_emplace(local, static_cast<LocalId>(locals_[index].size()));
  if (added) locals_[index].push_back(local);
  return place->second;
}

MessageId TimedComponents::intern(const Message& message) {
  const auto [place, added] =
      message_ids_.try_emplace(message, static_cast<MessageId>(messages_.size()));
  if (added) messages_.push_back(message);
  return place->second;
}

TimedComponents::Window TimedComponents::window_of(MessageId base) const {
  if (!options_.windows) return {};
  Draw draw{model::combine(options_.base.seed, base % 18)};
  Window window;
  if (draw.one_in(3)) return window;
  window.least = static_cast<int>(draw.below(2));
  if (draw.one_in(2)) window.most = window.least + static_cast<int>(draw.below(2));
  return window;
}

std::vector<InitialState> TimedComponents::initial_states() {
  std::vector<InitialState> all = base_.initial_states();
  for (InitialState& initial : all) {
    for (int process = 0; process < RandomComponents::processes; ++process) {
      LocalId& local = initial.locals[static_cast<std::size_t>(process)];
      local = intern(process, Local{local, {none, none}});
      for (MessageId& message : initial.inboxes[static_cast<std::size_t>(process)])
        message = intern(Message{message, none, 0});
    }
    initial.tracks.push_back(0);
  }
  return all;
}

void TimedComponents::own_steps(int process, LocalId id, std::vector<LocalStep>& out) {
  const Local local = local_of(process, id);
  std::vector<LocalStep> steps;
  base_.own_steps(process, local.base, steps);
  add_timed(process, local, nullptr, steps, out);
}

void TimedComponents::message_steps(int process, LocalId id, MessageId message_id,
                                    std::vector<LocalStep>& out) {
  const Local local = local_of(process, id);
  const Message message = messages_[message_id];
  if (message.age < window_of(message.base).least) return;
  std::vector<LocalStep> steps;
  base_.message_steps(process, local.base, message.base, steps);
  add_timed(process, local, &message, steps, out);
}

void TimedComponents::add_timed(int process, const Local& local, const Message* message,
                                const std::vector<LocalStep>& steps, std::vector<LocalStep>& out) {
  std::uint64_t draw = model::combine(options_.base.seed, static_cast<std::uint64_t>(process));
  draw = model::combine(draw, local.base % 4);
  draw = model::combine(draw, message == nullptr ? 77 : message->base % 18);
  for (std::size_t i = 0; i < steps.size(); ++i) {
    const LocalStep& step = steps[i];
    if (step.is_fault && step.message == LocalStep::Message::Consumed) {  // lost
      LocalStep lost = step;
      lost.next = intern(process, local);
      lost.label = step.label * readings_a_label;
      out.push_back(lost);
      continue;
    }
    for (Stamp reading = -options_.skew; reading <= options_.skew; ++reading) {
      if (auto made = timed(process, local, message, step, model::combine(draw, i), reading))
        out.push_back(std::move(*made));
    }
  }
}

std::optional<LocalStep> TimedComponents::timed(int process, const Local& local,
                                                const Message* message, const LocalStep& step,
                                                std::uint64_t seed, Stamp reading) {
  Draw draw{seed};
  const int largest = options_.largest_constant;
  const Stamp carried = message == nullptr ? none : message->stamp;
  const auto operand = [&]() -> Stamp {
    const Stamp all[] = {reading, local.stamps[0], local.stamps[1], carried};
    return all[draw.below(4)];
  };
  if (!draw.one_in(3)) {
    const Stamp difference = operand() - operand();
    // The theorem's constants matter for the largest constants only: draw those often.
    const int bound = draw.one_in(2) ? draw.within(largest) : draw.one_in(2) ? largest : -largest;
    const unsigned kind = draw.below(3);
    const bool holds = kind == 0   ? difference <= bound
                       : kind == 1 ? difference >= bound
                                   : difference == bound;
    if (!holds) return std::nullopt;
  }
  LocalStep made = step;
  Local next{step.next, local.stamps};
  for (Stamp& stamp : next.stamps) {
    const unsigned kind = draw.below(8);
    const int added = draw.within(largest);
    if (kind == 0) stamp = reading;
    if (kind == 1) stamp = reading + added;
    if (kind == 2) stamp = carried;
    if (kind == 3) stamp = local.stamps[draw.below(2)];
    if (kind == 4) stamp = none;
  }
  for (Send& send : made.sends) {
    const Stamp stamps[] = {none, none, reading, next.stamps[0]};
    send.message = intern(Message{send.message, stamps[draw.below(4)], 0});
  }
  made.next = intern(process, next);
  made.label = step.label * readings_a_label + static_cast<LabelId>(reading + options_.skew);
  return made;
}

LocalId TimedComponents::purge_local(int process, LocalId id, PurgeId purge) {
  Local local = local_of(process, id);
  local.base = base_.purge_local(process, local.base, purge);
  return intern(process, local);
}

std::optional<MessageId> TimedComponents::purge_message(MessageId id, PurgeId purge) {
  Message message = messages_[id];
  const auto left = base_.purge_message(message.base, purge);
  if (!left) return std::nullopt;
  message.base = *left;
  return intern(message);
}

std::uint64_t TimedComponents::local_token_mask(int process, LocalId id) const {
  return base_.local_token_mask(process, local_of(process, id).base);
}

std::uint64_t TimedComponents::message_token_mask(MessageId id) const {
  return base_.message_token_mask(messages_[id].base);
}

int TimedComponents::message_source(MessageId id) const {
  return base_.message_source(messages_[id].base);
}

std::uint64_t TimedComponents::local_hash(int process, LocalId id) const {
  const Local& local = local_of(process, id);
  std::uint64_t hash = base_.local_hash(process, local.base);
  for (const Stamp stamp : local.stamps)
    hash = model::combine(hash, static_cast<std::uint64_t>(stamp));
  return hash;
}

std::uint64_t TimedComponents::message_hash(MessageId id) const {
  const Message& message = messages_[id];
  const std::uint64_t hash =
      model::combine(base_.message_hash(message.base), static_cast<std::uint64_t>(message.stamp));
  return model::combine(hash, static_cast<std::uint64_t>(message.age));
}

bool TimedComponents::has_pending_operation(int process, LocalId id) const {
  return base_.has_pending_operation(process, local_of(process, id).base);
}

TrackStep TimedComponents::track_step(int track, TrackId id, EventId event) {
  return base_.track_step(track, id, event);
}

std::uint64_t TimedComponents::track_hash(int track, TrackId id) const {
  return base_.track_hash(track, id);
}

void TimedComponents::track_moves(int track, TrackId id, std::vector<TrackMove>& out) {
  base_.track_moves(track, id, out);
}

std::optional<bool> TimedComponents::holds(int predicate, const StateView& state) {
  std::vector<LocalId> locals;
  for (std::size_t i = 0; i < state.locals.size(); ++i)
    locals.push_back(local_of(static_cast<int>(i), state.locals[i]).base);
  return base_.holds(predicate, StateView{locals, state.inboxes, state.tracks});
}

void TimedComponents::tick_local(int process, LocalId id, std::vector<TickedLocal>& out) {
  Local local = local_of(process, id);
  for (Stamp& stamp : local.stamps)
    if (stamp != none) --stamp;
  out.push_back({intern(process, local), 1});
}

MessageId TimedComponents::tick_message(MessageId id) {
  Message message = messages_[id];
  if (message.stamp != none) --message.stamp;
  const Window window = window_of(message.base);
  message.age = std::min(message.age + 1, std::max(window.least, window.most));
  return intern(message);
}

std::optional<TrackId> TimedComponents::tick_track(int track, TrackId id) {
  if (track + 1 < track_count() || options_.time_max < 0) return id;
  if (id == static_cast<TrackId>(options_.time_max)) return std::nullopt;
  return id + 1;
}

LabelId TimedComponents::tick_label(const std::vector<int>&) { return tick; }

/// Whether some step is possible whatever the reading is and whatever tracks and guards say.
bool TimedComponents::is_certain(const std::vector<LocalStep>& steps) const {
  std::vector<bool> possible(2 * static_cast<std::size_t>(options_.skew) + 1);
  for (const LocalStep& step : steps) {
    if (step.is_fault || step.guard >= 0 || !step.events.empty()) continue;
    possible[step.label % readings_a_label] = true;
  }
  return std::ranges::find(possible, false) == possible.end();
}

bool TimedComponents::local_forces(int process, LocalId id) {
  if (!options_.windows || local_of(process, id).base % 4 != 3) return false;
  std::vector<LocalStep> steps;
  own_steps(process, id, steps);
  return is_certain(steps);
}

bool TimedComponents::message_forces(int process, LocalId local, MessageId id) {
  const Message& message = messages_[id];
  if (message.age != window_of(message.base).most) return false;
  std::vector<LocalStep> steps;
  message_steps(process, local, id, steps);
  return is_certain(steps);
}

std::vector<Stamp> TimedComponents::local_stamps(int process, LocalId id) {
  std::vector<Stamp> found;
  for (const Stamp stamp : local_of(process, id).stamps)
    if (settles_ && stamp != none && stamp < -horizon() + gap()) found.push_back(stamp);
  std::ranges::sort(found);
  found.erase(std::unique(found.begin(), found.end()), found.end());
  return found;
}

std::vector<Stamp> TimedComponents::message_stamps(MessageId id) {
  const Stamp stamp = messages_[id].stamp;
  if (!settles_ || stamp == none || stamp >= -horizon() + gap()) return {};
  return {stamp};
}

std::vector<Stamp> TimedComponents::settled(std::span<const Stamp> stamps) {
  return settled_stamps(stamps, horizon(), gap());
}

LocalId TimedComponents::retime_local(int process, LocalId id, const Retiming& retiming) {
  Local local = local_of(process, id);
  for (Stamp& stamp : local.stamps) stamp = retiming.of(stamp);
  return intern(process, local);
}

MessageId TimedComponents::retime_message(MessageId id, const Retiming& retiming) {
  Message message = messages_[id];
  message.stamp = retiming.of(message.stamp);
  return intern(message);
}

MessageId TimedComponents::ageless(MessageId id) {
  Message message = messages_[id];
  message.age = 0;
  return intern(message);
}

std::optional<MessageId> TimedComponents::ripe(MessageId id) {
  Message message = messages_[id];
  if (message.stamp != none) return std::nullopt;
  message.age = window_of(message.base).least;
  return intern(message);
}

}  // namespace capstan::tests
