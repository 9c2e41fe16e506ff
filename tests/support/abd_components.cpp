// SPDX-License-Identifier: MIT
#include "tests/support/abd_components.hpp"

#include <bit>

#include "model/base/hash.hpp"

namespace capstan::tests {

using checker::EventId;
using checker::InitialState;
using checker::LocalId;
using checker::LocalStep;
using checker::MessageId;
using checker::TrackId;
using checker::TrackStep;

namespace {

constexpr int not_pending = -2;
constexpr int not_linearized = -1;

template <typename Key, typename Id>
Id intern(const Key& key, std::vector<Key>& all, std::map<Key, Id>& ids) {
  const auto [at, is_new] = ids.try_emplace(key, static_cast<Id>(all.size()));
  if (is_new) all.push_back(key);
  return at->second;
}

std::uint64_t hash_numbers(std::initializer_list<int> numbers, std::uint64_t seed) {
  for (const int number : numbers)
    seed = model::combine(seed, static_cast<std::uint64_t>(number + 16));
  return seed;
}

}  // namespace

AbdComponents::AbdComponents(AbdOptions options)
    : options_(std::move(options)),
      servers_(options_.servers),
      clients_(static_cast<int>(options_.scripts.size())),
      locals_(static_cast<std::size_t>(servers_ + clients_)),
      local_ids_(static_cast<std::size_t>(servers_ + clients_)) {}

std::vector<InitialState> AbdComponents::initial_states() {
  InitialState state;
  for (int process = 0; process < process_count(); ++process) {
    state.locals.push_back(intern_local(process, Local{}));
    state.inboxes.emplace_back();
    if (process >= servers_) {
      state.inboxes.back().push_back(intern_message({Message::Start, process, process, 0, {}}));
    }
  }
  if (options_.monitor) {
    Monitor monitor;
    monitor.pending.assign(static_cast<std::size_t>(clients_), -1);
    monitor.configurations.insert(
        Configuration{0, std::vector<int>(static_cast<std::size_t>(clients_), not_pending)});
    state.tracks.push_back(intern_monitor(monitor));
  }
  return {state};
}

void AbdComponents::message_steps(int process, LocalId local, MessageId message,
                                  std::vector<LocalStep>& out) {
  LocalStep step;
  step.message = LocalStep::Message::Consumed;
  step.label = message;
  const Local before = locals_[static_cast<std::size_t>(process)][local];
  const Message delivered = messages_[message];
  step.next = local;
  if (process < servers_) {
    server_step(before, delivered, step, process);
  } else {
    client_step(before, delivered, step, process);
  }
  out.push_back(std::move(step));
}

void AbdComponents::server_step(const Local& local, const Message& message, LocalStep& step,
                                int process) {
  Message answer{message.kind == Message::Query ? Message::Answer : Message::Acknowledge,
                 process,
                 message.source,
                 message.phase,
                 {}};
  if (message.kind == Message::Query) {
    answer.tag = local.tag;
  } else if (options_.bug == 3 || is_older(local.tag, message.tag)) {
    Local after = local;
    after.tag = message.tag;
    step.next = intern_local(process, after);
  }
  if (message.phase < 0) return;
  step.sends.push_back({static_cast<std::uint16_t>(message.source), false, intern_message(answer)});
}

void AbdComponents::close_phase(LocalStep& step, int client, int phase) const {
  if (options_.closes_phases)
    step.purge = static_cast<checker::PurgeId>(1 + client * phases_max + phase);
}

std::optional<MessageId> AbdComponents::purge_message(MessageId id, checker::PurgeId purge) {
  const int client = servers_ + static_cast<int>(purge - 1) / phases_max;
  const int phase = static_cast<int>(purge - 1) % phases_max;
  Message message = messages_[id];
  if (message.kind == Message::Start || message.phase != phase) return id;
  if (message.destination == client) return std::nullopt;
  if (message.source != client) return id;
  message.phase = -1;
  return intern_message(message);
}

std::uint64_t AbdComponents::message_token_mask(MessageId id) const {
  const Message& message = messages_[id];
  if (!options_.closes_phases || message.kind == Message::Start || message.phase < 0) return 0;
  const int client = message.source >= servers_ ? message.source : message.destination;
  return std::uint64_t{1} << client;
}

void AbdComponents::client_step(const Local& local, const Message& message, LocalStep& step,
                                int process) {
  const int client = process - servers_;
  Local after = local;
  if (message.kind == Message::Start) {
    after = Local{{}, message.phase, true, 0};
    tell(step,
         {false, client, is_read(client, message.phase) ? 0 : written(client, message.phase)});
    broadcast(step, {Message::Query, process, 0, message.phase, {}});
  } else {
    if (!local.busy || message.phase != local.phase) return;  // late: ignored
    after.answered |= 1 << message.source;
    if (message.kind == Message::Answer && is_older(after.tag, message.tag))
      after.tag = message.tag;
    const int quorum = options_.bug == 2 ? 1 : servers_ / 2 + 1;
    if (std::popcount(static_cast<unsigned>(after.answered)) >= quorum) {
      const bool skips_store = options_.bug == 1 && is_read(client, local.phase);
      after.answered = 0;
      close_phase(step, client, local.phase);
      if (message.kind == Message::Answer && !skips_store) {
        after.phase = local.phase + 1;
        if (!is_read(client, local.phase)) {
          after.tag = {options_.bug == 4 ? 1 : after.tag.clock + 1, client,
                       written(client, local.phase)};
        }
        broadcast(step, {Message::Store, process, 0, after.phase, after.tag});
      } else {
        tell(step, {true, client, is_read(client, local.phase) ? after.tag.value : 0});
        const int next = (local.phase | 1) + 1;
        after = Local{{}, local.phase | 1, false, 0};
        if (next / 2 <
            static_cast<int>(options_.scripts[static_cast<std::size_t>(client)].size())) {
          step.sends.push_back({static_cast<std::uint16_t>(process), false,
                                intern_message({Message::Start, process, process, next, {}})});
        }
      }
    }
  }
  step.next = intern_local(process, after);
}

bool AbdComponents::is_read(int client, int phase) const {
  return options_.scripts[static_cast<std::size_t>(client)][static_cast<std::size_t>(phase / 2)] ==
         'R';
}

int AbdComponents::written(int client, int phase) const {
  return 1 + client + clients_ * (phase / 2);
}

bool AbdComponents::is_older(const Tag& a, const Tag& b) const {
  if (options_.bug == 5) return a.clock < b.clock;
  return a.clock < b.clock || (a.clock == b.clock && a.client < b.client);
}

void AbdComponents::broadcast(LocalStep& step, Message message) {
  for (int server = 0; server < servers_; ++server) {
    message.destination = server;
    step.sends.push_back({static_cast<std::uint16_t>(server), false, intern_message(message)});
  }
}

void AbdComponents::tell(LocalStep& step, const Event& event) {
  if (options_.monitor) step.events.push_back({0, intern(event, events_, event_ids_)});
}

TrackStep AbdComponents::track_step(int, TrackId id, EventId event) {
  const Monitor next = after(Monitor(monitors_[id]), events_[event]);
  TrackStep step;
  if (next.configurations.empty()) step.result = TrackStep::Result::Violated;
  step.next = intern_monitor(next);
  return step;
}

AbdComponents::Monitor AbdComponents::after(const Monitor& monitor, const Event& event) const {
  const auto client = static_cast<std::size_t>(event.client);
  Monitor next;
  next.pending = monitor.pending;
  next.pending[client] = event.is_response ? -1 : event.value;
  for (const Configuration& configuration : monitor.configurations) {
    if (!event.is_response) {
      Configuration invoked = configuration;
      invoked.results[client] = not_linearized;
      next.configurations.insert(std::move(invoked));
      continue;
    }
    std::set<Configuration> linearized;
    linearize(monitor, configuration, event.client, linearized);
    for (Configuration done : linearized) {
      if (done.results[client] != event.value) continue;
      done.results[client] = not_pending;
      next.configurations.insert(std::move(done));
    }
  }
  return next;
}

/// Just in time: if the client's operation is not linearized yet, any sequence of other pending
/// ones, then this one.
void AbdComponents::linearize(const Monitor& monitor, const Configuration& configuration,
                              int client, std::set<Configuration>& out) const {
  if (configuration.results[static_cast<std::size_t>(client)] != not_linearized) {
    out.insert(configuration);
    return;
  }
  for (std::size_t other = 0; other < configuration.results.size(); ++other) {
    if (configuration.results[other] != not_linearized) continue;
    Configuration next = configuration;
    const int written_value = monitor.pending[other];
    next.results[other] = written_value == 0 ? configuration.value : 0;
    if (written_value != 0) next.value = written_value;
    linearize(monitor, next, client, out);
  }
}

LocalId AbdComponents::intern_local(int process, const Local& local) {
  const auto at = static_cast<std::size_t>(process);
  return intern(local, locals_[at], local_ids_[at]);
}

MessageId AbdComponents::intern_message(const Message& message) {
  return intern(message, messages_, message_ids_);
}

TrackId AbdComponents::intern_monitor(const Monitor& monitor) {
  return intern(monitor, monitors_, monitor_ids_);
}

int AbdComponents::message_source(MessageId message) const { return messages_[message].source; }

std::uint64_t AbdComponents::local_hash(int process, LocalId id) const {
  const Local& local = locals_[static_cast<std::size_t>(process)][id];
  return hash_numbers({local.tag.clock, local.tag.client, local.tag.value, local.phase,
                       local.busy ? 1 : 0, local.answered},
                      1);
}

std::uint64_t AbdComponents::message_hash(MessageId id) const {
  const Message& message = messages_[id];
  return hash_numbers({message.kind, message.source, message.destination, message.phase,
                       message.tag.clock, message.tag.client, message.tag.value},
                      2);
}

bool AbdComponents::has_pending_operation(int process, LocalId local) const {
  return locals_[static_cast<std::size_t>(process)][local].busy;
}

std::uint64_t AbdComponents::track_hash(int, TrackId id) const {
  const Monitor& monitor = monitors_[id];
  std::uint64_t hash = 3;
  for (const int pending : monitor.pending) hash = hash_numbers({pending}, hash);
  for (const Configuration& configuration : monitor.configurations) {
    hash = hash_numbers({configuration.value}, hash);
    for (const int result : configuration.results) hash = hash_numbers({result}, hash);
  }
  return hash;
}

}  // namespace capstan::tests
