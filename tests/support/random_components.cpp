// SPDX-License-Identifier: MIT
#include "tests/support/random_components.hpp"

#include <algorithm>

#include "model/base/hash.hpp"

namespace capstan::tests {

using namespace capstan::checker;

/// A stream of random numbers that depends on the seed and on what is asked.
struct RandomComponents::Draw {
  Draw(std::uint64_t seed, std::uint64_t a, std::uint64_t b, std::uint64_t c)
      : state(model::combine(model::combine(model::combine(seed, a), b), c)) {}

  unsigned below(unsigned bound) {
    state = model::combine(state, 1);
    return static_cast<unsigned>((state >> 20) % bound);
  }
  bool one_in(unsigned n) { return below(n) == 0; }

  std::uint64_t state;
};

RandomComponents::RandomComponents(const RandomOptions& options) : options_(options) {
  footprints_.resize(predicates);
  footprints_[0].processes = {0};
  footprints_[1].processes = {1, 2};
  footprints_[1].tracks = {2};
  footprints_[2].processes = {0, 1, 2};
  footprints_[3].tracks = {1};
  if (options.reads_messages) footprints_[3].messages = true;
}

RandomComponents::Local RandomComponents::local_of(LocalId id) const {
  Local local;
  local.mode = id % mode_count;
  id /= mode_count;
  local.sends_left = id % 4;
  id /= 4;
  local.is_open = id % 2 != 0;
  local.held = static_cast<int>(id / 2);
  return local;
}

LocalId RandomComponents::id_of(const Local& local) const {
  return ((static_cast<LocalId>(local.held) * 2 + (local.is_open ? 1 : 0)) * 4 + local.sends_left) *
             mode_count +
         local.mode;
}

RandomComponents::Message RandomComponents::message_of(MessageId id) const {
  Message message;
  message.source = static_cast<int>(id % 3);
  message.destination = static_cast<int>(id / 3 % 3);
  message.kind = id / 9 % 2;
  message.token = static_cast<int>(id / 18);
  return message;
}

MessageId RandomComponents::id_of(const Message& message) const {
  return static_cast<MessageId>(message.source + 3 * message.destination + 18 * message.token) +
         9 * message.kind;
}

std::vector<InitialState> RandomComponents::initial_states() {
  Draw draw(options_.seed, 1, 0, 0);
  std::vector<InitialState> all(1 + draw.below(2));
  LabelId label = 0;
  for (InitialState& state : all) {
    state.label = label++;
    for (int process = 0; process < processes; ++process) {
      Local local;
      local.mode = options_.monotone ? 0 : draw.below(mode_count);
      local.sends_left = static_cast<unsigned>(options_.sends);
      state.locals.push_back(id_of(local));
      state.inboxes.emplace_back();
      for (unsigned count = draw.below(2); count > 0; --count) {
        Message message{static_cast<int>(draw.below(3)), process, draw.below(2), nobody};
        state.inboxes.back().push_back(id_of(message));
      }
    }
    state.tracks = {0, 0, draw.below(3)};
  }
  return all;
}

void RandomComponents::own_steps(int process, LocalId id, std::vector<LocalStep>& out) {
  const Local local = local_of(id);
  Draw draw(options_.seed, 2, static_cast<std::uint64_t>(process), local.mode + 16 * local.is_open);
  for (unsigned count = draw.below(3); count > 0; --count) {
    add_outcome(draw, process, local, nullptr, 10 + static_cast<LabelId>(process) * 3 + count, out);
  }
}

void RandomComponents::message_steps(int process, LocalId id, MessageId message_id,
                                     std::vector<LocalStep>& out) {
  const Local local = local_of(id);
  const Message message = message_of(message_id);
  // The draw does not see sends_left and the token, so that many outcomes are equal.
  Draw draw(options_.seed, 3 + static_cast<std::uint64_t>(process),
            local.mode * 8 + static_cast<unsigned>(local.held),
            message.kind * 4 + static_cast<unsigned>(message.source));
  const LabelId label = 100 + message_id * 8;
  const unsigned count = draw.one_in(4) ? 0 : 1 + draw.below(2);
  for (unsigned i = 0; i < count; ++i) add_outcome(draw, process, local, &message, label + i, out);
  if (!options_.faults) return;
  // A fault does nothing that the delivery itself does not do, but for the budget and the message.
  if (message.kind == 0) {
    LocalStep lost;
    lost.next = id;
    lost.message = LocalStep::Message::Consumed;
    lost.is_fault = true;
    lost.ignores_blocks = true;
    lost.label = label + 4;
    if (!options_.monotone) lost.events.push_back({1, 5});
    out.push_back(lost);
  }
  if (message.kind == 1 && count > 0) {
    LocalStep twice = out[out.size() - 1];
    if (twice.message == LocalStep::Message::Consumed) {
      twice.message = LocalStep::Message::Kept;
      twice.is_fault = true;
      twice.label = label + 5;
      if (!options_.monotone) twice.events.push_back({1, 5});
      out.push_back(twice);
    }
  }
}

void RandomComponents::add_outcome(Draw& draw, int process, const Local& local,
                                   const Message* message, LabelId label,
                                   std::vector<LocalStep>& out) const {
  LocalStep step;
  step.label = label;
  Local next = local;
  if (message != nullptr) {
    step.message = options_.kept ? LocalStep::Message::Kept : LocalStep::Message::Consumed;
  }
  const bool is_ignored = message != nullptr && draw.one_in(2);
  if (!is_ignored) {
    const unsigned mode = draw.below(mode_count);
    next.mode = options_.monotone ? std::max(mode, local.mode) : mode;
    if (message != nullptr && options_.purges && message->token != process && draw.one_in(2)) {
      next.held = message->token;
    }
    if (options_.purges && local.is_open && draw.one_in(2)) {
      step.purge = static_cast<PurgeId>(process) + 1;
    } else if (options_.purges && draw.one_in(3)) {
      next.is_open = true;
    }
    add_sends(draw, process, local, next, message, step);
    if (draw.one_in(3)) step.events.push_back({1, draw.below(3)});
    if (draw.one_in(3)) step.events.push_back({2, draw.below(2)});
    if (options_.errors && draw.one_in(24)) step.error = 7;
  }
  if (options_.guards && draw.one_in(5)) step.guard = static_cast<int>(draw.below(3));
  step.next = id_of(next);
  out.push_back(step);
}

void RandomComponents::add_sends(Draw& draw, int process, const Local& local, Local& next,
                                 const Message* message, LocalStep& step) const {
  const unsigned count = draw.below(3);
  if (count == 0 || local.sends_left == 0) return;
  next.sends_left = local.sends_left - 1;
  for (unsigned i = 0; i < count; ++i) {
    Message sent{process, static_cast<int>(draw.below(3)), draw.below(2), nobody};
    if (options_.purges) {
      if (message != nullptr && draw.one_in(2)) {
        sent.token = message->token;
      } else if (next.is_open && step.purge == 0 && draw.one_in(2)) {
        sent.token = process;
      } else if (next.held != nobody && draw.one_in(2)) {
        sent.token = next.held;
      }
    }
    // A closing ask takes its tokens with it.
    if (step.purge != 0 && sent.token == process) sent.token = nobody;
    const bool merges = options_.kept || (options_.merges && draw.one_in(3));
    step.sends.push_back({static_cast<std::uint16_t>(sent.destination), merges, id_of(sent)});
  }
}

LocalId RandomComponents::purge_local(int process, LocalId id, PurgeId purge) {
  Local local = local_of(id);
  if (process == purge_process(purge)) local.is_open = false;
  if (local.held == purge_process(purge)) local.held = nobody;
  return id_of(local);
}

std::optional<MessageId> RandomComponents::purge_message(MessageId id, PurgeId purge) {
  Message message = message_of(id);
  if (message.token != purge_process(purge)) return id;
  if (message.destination == purge_process(purge)) return std::nullopt;
  message.token = nobody;
  return id_of(message);
}

std::uint64_t RandomComponents::local_token_mask(int process, LocalId id) const {
  const Local local = local_of(id);
  std::uint64_t mask = local.is_open ? std::uint64_t{1} << process : 0;
  if (local.held != nobody) mask |= std::uint64_t{1} << local.held;
  return mask;
}

std::uint64_t RandomComponents::message_token_mask(MessageId id) const {
  const int token = message_of(id).token;
  return token == nobody ? 0 : std::uint64_t{1} << token;
}

int RandomComponents::message_source(MessageId message) const { return message_of(message).source; }

std::uint64_t RandomComponents::local_hash(int process, LocalId local) const {
  return model::combine(static_cast<std::uint64_t>(process), local);
}

std::uint64_t RandomComponents::message_hash(MessageId message) const {
  return model::combine(77, message);
}

bool RandomComponents::has_pending_operation(int process, LocalId local) const {
  return process == 0 && local_of(local).mode != 0;
}

/// Track 0: nothing happens to it by events. Track 1: a count up to 4, of which event 5 (a fault)
/// may use at most the lower half; event 2 at 3 is the violation. Track 2: three states.
TrackStep RandomComponents::track_step(int track, TrackId id, EventId event) {
  TrackStep step;
  step.next = id;
  if (track == 1) {
    constexpr TrackId sink = 9;
    if (id == sink) return step;
    if (event == 5) {
      step.next = id + 1;
      if (id >= 2) step.result = TrackStep::Result::Disabled;
    } else if (event == 2 && id == 3) {
      step.next = sink;
      step.result = TrackStep::Result::Violated;
    } else if (event != 0) {
      step.next = id + 1;
      if (id >= 4) step.result = TrackStep::Result::Disabled;
    }
  } else if (track == 2) {
    Draw draw(options_.seed, 50, id, event);
    step.next = draw.below(3);
    if (options_.errors && draw.one_in(12)) {
      step.result = TrackStep::Result::Error;
      step.next = 8;
    }
  }
  return step;
}

std::uint64_t RandomComponents::track_hash(int, TrackId id) const { return model::combine(5, id); }

/// Track 0 is (cuts left used, what is cut): 0 nothing yet, 1..3 process id - 1 is cut off, 4
/// healed for good.
void RandomComponents::track_moves(int track, TrackId id, std::vector<TrackMove>& out) {
  if (track != 0 || !options_.faults) return;
  if (id == 0) {
    for (TrackId cut = 1; cut <= 3; ++cut) out.push_back({cut, 80 + cut});
    out.push_back({1, 85});  // the same effect by another name
  } else if (id < 4) {
    out.push_back({4, 84});
  }
}

std::uint64_t RandomComponents::blocked_sources(TrackId faults, int destination) const {
  if (faults == 0 || faults == 4) return 0;
  const int alone = static_cast<int>(faults) - 1;
  const std::uint64_t all = 7;
  const std::uint64_t alone_mask = std::uint64_t{1} << alone;
  return destination == alone ? all & ~alone_mask : alone_mask;
}

const Footprint& RandomComponents::footprint(int predicate) const {
  return footprints_[static_cast<std::size_t>(predicate)];
}

std::optional<bool> RandomComponents::holds(int predicate, const StateView& state) {
  const auto mode = [&](std::size_t process) { return local_of(state.locals[process]).mode; };
  switch (predicate) {
    case 0:
      return mode(0) != 1;
    case 1:
      if (options_.errors && mode(1) == 3 && mode(2) == 3 && state.tracks[2] == 2)
        return std::nullopt;
      return mode(1) + mode(2) + state.tracks[2] != 4;
    case 2:
      return mode(0) == 3 && mode(1) == 3 && mode(2) == 3;
    default: {
      std::size_t in_flight = 0;
      if (options_.reads_messages) {
        for (const auto& inbox : state.inboxes) in_flight += inbox.size();
      }
      return in_flight >= 4 || state.tracks[1] == 4;
    }
  }
}

}  // namespace capstan::tests
