// SPDX-License-Identifier: MIT
#include "checker/explore/protocol_system.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "checker/explore/too_large.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/system/hops.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {
namespace {

using model::Fault;
using model::Label;
using model::MessageInstance;
using model::Outcome;
using model::Value;

/// Initial states for one choice of params.
constexpr std::uint64_t starts_most = 2'000'000;

void put(std::string& bytes, std::int64_t number) {
  bytes.append(reinterpret_cast<const char*>(&number), sizeof number);
}

void put(std::string& bytes, const std::vector<Value>& values) {
  put(bytes, static_cast<std::int64_t>(values.size()));
  for (const Value& value : values) value.append_to(bytes);
}

void put(std::string& bytes, const MessageInstance& message) {
  put(bytes, message.source);
  put(bytes, message.destination);
  put(bytes, message.message);
  put(bytes, message.token.process);
  put(bytes, message.token.slot);
  for (const int number :
       {message.least, message.most, message.age, message.chain.client, message.chain.hops})
    put(bytes, number);
  put(bytes, message.fields);
}

std::string to_bytes(const Label& label) {
  std::string bytes;
  put(bytes, static_cast<std::int64_t>(label.kind));
  for (const int number :
       {label.process, label.object, label.op, label.script_position, label.alternative,
        static_cast<int>(label.at), label.slot, label.fault, label.parameter_choice})
    put(bytes, number);
  label.key.append_to(bytes);
  put(bytes, label.args);
  put(bytes, label.locals);
  put(bytes, label.message);
  for (const std::vector<int>* list : {&label.group, &label.others, &label.choices}) {
    put(bytes, static_cast<std::int64_t>(list->size()));
    for (const int number : *list) put(bytes, number);
  }
  put(bytes, label.reading.has_value() ? 1 : 0);
  put(bytes, label.reading.value_or(0));
  put(bytes, label.hops);
  for (const std::optional<std::int64_t>& reading : label.start_readings) {
    put(bytes, reading.has_value() ? 1 : 0);
    put(bytes, reading.value_or(0));
  }
  return bytes;
}

/// What clocks showed at the start, by process; empty if none is remembered.
std::vector<std::optional<std::int64_t>> readings_of(const std::vector<Outcome>& starts) {
  std::vector<std::optional<std::int64_t>> readings;
  for (const Outcome& start : starts) readings.push_back(start.label.reading);
  const bool has_any =
      std::ranges::any_of(readings, [](const auto& one) { return one.has_value(); });
  if (!has_any) readings.clear();
  return readings;
}

/// In a purge, where the asks are: the operation of the process ends.
constexpr int kEndsOperation = -2;

}  // namespace

ProtocolSystem::ProtocolSystem(const model::Protocol& protocol, SystemOptions options)
    : protocol_(protocol),
      times_(protocol.types),
      abstraction_(options.time != nullptr ? options.time
                                           : std::make_shared<TimeAbstraction>(protocol, 0)),
      counts_hops_(options.hops_max > 0),
      machine_(protocol, {options.keep_dead_locals, options.keep_stale_replies, options.hops_max,
                          abstraction_->mode()}),
      local_ids_(static_cast<std::size_t>(protocol.process_count())),
      locals_(static_cast<std::size_t>(protocol.process_count())),
      faults_(protocol, options.cap) {
  CAPSTAN_REQUIRE(abstraction_ != nullptr || !protocol.scenario.has_ticks(),
                  "a scenario with ticks needs a way to keep times");
  add_tracks(options);
  add_predicates();
  skipped_.resize(protocol.scenario.faults.size());
  left_out_.resize(skipped_.size());
  taken_.resize(skipped_.size());
  if (options.skip_unseen_faults) skip_unseen_faults();
}

void ProtocolSystem::add_tracks(SystemOptions options) {
  const auto add = [this](Track::Kind kind) {
    tracks_.push_back({kind, -1, Value::none(), nullptr, {}});
    return static_cast<int>(tracks_.size()) - 1;
  };
  if (faults_.is_needed()) fault_track_ = add(Track::Kind::Faults);
  if (!protocol_.ghosts.empty()) ghost_track_ = add(Track::Kind::Ghosts);
  ghost_update_ids_.intern("");  // EventId 0: nothing
  ghost_updates_.emplace_back();
  if (options.monitors) {
    std::set<std::pair<Promise, int>> wanted;
    for (const model::Expectation& expectation : protocol_.scenario.expectations) {
      if (!model::is_about_histories(expectation.kind)) continue;
      for (int object = 0; object < static_cast<int>(protocol_.objects.size()); ++object)
        if (expectation.object < 0 || expectation.object == object)
          wanted.emplace(promise_of(expectation), object);
    }
    // An audit asks of each history whether it is linearizable, whatever is expected.
    for (int object = 0; options.history && object < static_cast<int>(protocol_.objects.size());
         ++object)
      wanted.emplace(Promise{}, object);
    for (const auto& [promise, object] : wanted) add_monitors(object, promise);
  }
  if (options.final_reads) add_final_reads(add(Track::Kind::FinalRead));
  for (std::size_t i = 0; counts_hops_ && i < protocol_.scenario.expectations.size(); ++i)
    if (protocol_.scenario.expectations[i].kind == model::PropertyKind::WithinHops)
      tracks_[static_cast<std::size_t>(add(Track::Kind::Hops))].object = static_cast<int>(i);
  history_events_.emplace_back();
  history_ids_.intern("");
  if (options.history) history_track_ = add(Track::Kind::History);
}

/// A monitor for each object that some role can read at the end.
void ProtocolSystem::add_final_reads(int track) {
  final_track_ = track;
  std::set<int> objects;
  for (const model::Role& role : protocol_.roles)
    for (const model::Operation& operation : role.operations)
      if (model::is_final_read(protocol_.objects[static_cast<std::size_t>(operation.object)],
                               operation.op))
        objects.insert(operation.object);
  for (const int object : objects) add_monitors(object);
}

void ProtocolSystem::add_monitors(int object, Promise promise) {
  const model::Object& declared = protocol_.objects[static_cast<std::size_t>(object)];
  std::vector<Value> keys{Value::none()};
  if (declared.has_key) keys = protocol_.types.domain(declared.key).value_or(std::vector<Value>{});
  for (const Value& key : keys)
    tracks_.push_back({Track::Kind::Monitor, object, key,
                       make_monitor(protocol_, object, key, promise), promise});
}

std::vector<int> ProtocolSystem::monitors_of(int object, Promise promise) const {
  std::vector<int> found;
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    if (tracks_[i].kind == Track::Kind::Monitor && tracks_[i].promise == promise &&
        (object < 0 || tracks_[i].object == object))
      found.push_back(static_cast<int>(i));
  return found;
}

// --- interning

LocalId ProtocolSystem::intern_local(int process, model::ProcessState state) {
  const auto index = static_cast<std::size_t>(process);
  const auto [id, added] = local_ids_[index].intern(state.to_bytes());
  if (added) {
    Local local;
    local.token_mask = machine_.token_mask(process, state);
    local.is_pending = machine_.has_pending_operation(state);
    local.hash = local_ids_[index].hash(id, 0x6c6f63616cULL + index);
    local.state = std::move(state);
    locals_[index].push_back(std::move(local));
  }
  return id;
}

MessageId ProtocolSystem::intern_message(const MessageInstance& message) {
  std::string bytes;
  put(bytes, message);
  const auto [id, added] = message_ids_.intern(std::move(bytes));
  if (added)
    messages_.push_back(
        {message, machine_.token_mask(message), message_ids_.hash(id, 0x6d7367ULL)});
  return id;
}

LabelId ProtocolSystem::intern_label(const Label& label) {
  const auto [id, added] = label_ids_.intern(to_bytes(label));
  if (added) {
    labels_.push_back(label);
    completions_.emplace_back();
  }
  return id;
}

PurgeId ProtocolSystem::intern_purge(int process, std::vector<int> slots, bool ends_operation) {
  if (counts_hops_ && ends_operation) slots.push_back(kEndsOperation);
  if (slots.empty()) return 0;
  const auto [place, added] =
      purge_ids_.try_emplace({process, slots}, static_cast<PurgeId>(purges_.size() + 1));
  if (added) purges_.emplace_back(process, slots);
  return place->second;
}

TrackId ProtocolSystem::intern_ghosts(const std::vector<Value>& ghosts) {
  std::string bytes;
  put(bytes, ghosts);
  const auto [id, added] = ghost_ids_.intern(std::move(bytes));
  if (added) ghosts_.push_back(ghosts);
  return id;
}

EventId ProtocolSystem::intern_ghost_updates(const std::vector<model::GhostUpdate>& updates) {
  std::string bytes;
  for (const model::GhostUpdate& update : updates) {
    put(bytes, static_cast<std::int64_t>(update.statement->span.begin));
    put(bytes, static_cast<std::int64_t>(reinterpret_cast<std::intptr_t>(update.statement)));
    put(bytes, update.self);
    put(bytes, update.sender);
    put(bytes, update.locals);
    put(bytes, update.variables);
    put(bytes, update.reading.has_value() ? 1 : 0);
    put(bytes, update.reading.value_or(0));
  }
  const auto [id, added] = ghost_update_ids_.intern(std::move(bytes));
  if (added) ghost_updates_.push_back(updates);
  return id;
}

// --- initial states

std::vector<InitialState> ProtocolSystem::initial_states() {
  std::vector<InitialState> all;
  const std::size_t choices = protocol_.scenario.parameter_choices.size();
  for (std::size_t choice = 0; choice < choices; ++choice)
    initial_of_choice(static_cast<int>(choice), all);
  return all;
}

/// All combinations of what the processes' `on start` blocks choose and their clocks show, in
/// process order.
void ProtocolSystem::initial_of_choice(int choice, std::vector<InitialState>& out) {
  const auto& parameters = protocol_.scenario.parameter_choices[static_cast<std::size_t>(choice)];
  std::vector<std::vector<Outcome>> starts;
  for (int process = 0; process < process_count(); ++process) {
    starts.push_back(machine_.start(process, parameters[static_cast<std::size_t>(process)]));
  }
  std::uint64_t count = 1;
  for (const std::vector<Outcome>& start : starts) {
    count *= start.size();
    if (count > starts_most)
      throw TooLarge{
          "the start has more than two million combinations of what `on start` chooses "
          "and clocks show"};
  }
  std::vector<std::size_t> index(starts.size(), 0);
  for (;;) {
    model::poll_limits();
    std::vector<Outcome> combination;
    for (std::size_t i = 0; i < starts.size(); ++i) combination.push_back(starts[i][index[i]]);
    if (count_places(combination)) add_initial(choice, combination, out);
    std::size_t last = starts.size();
    while (last > 0 && ++index[last - 1] == starts[last - 1].size()) index[--last] = 0;
    if (last == 0) return;
  }
}

/// Where times are places in an order: the readings are the places, counted off. False if they
/// leave a gap: the same order without one is another combination.
bool ProtocolSystem::count_places(std::vector<Outcome>& starts) const {
  if (abstraction_->kind() != model::TimeMode::Kind::Order) return true;
  std::set<std::int64_t> places;
  for (const Outcome& start : starts)
    if (start.label.reading) places.insert(*start.label.reading);
  const auto count = static_cast<std::int64_t>(places.size());
  if (!places.empty() && *places.rbegin() != 2 * count) return false;
  for (Outcome& start : starts) start.next.clock.offset = count;
  return true;
}

void ProtocolSystem::add_initial(int choice, const std::vector<Outcome>& starts,
                                 std::vector<InitialState>& out) {
  InitialState initial;
  initial.inboxes.resize(starts.size());
  Label label;
  label.parameter_choice = choice;
  label.start_readings = readings_of(starts);
  std::vector<Value> ghosts;
  for (const model::Ghost& ghost : protocol_.ghosts) ghosts.push_back(ghost.initial);
  const auto fail = [&](const model::ModelError& error) {
    if (initial.error != 0) return;
    errors_.push_back(error);
    initial.error = static_cast<std::uint32_t>(errors_.size());
  };
  for (std::size_t process = 0; process < starts.size(); ++process) {
    const Outcome& start = starts[process];
    if (start.error) fail(*start.error);
    initial.locals.push_back(intern_local(static_cast<int>(process), start.next));
    label.choices.insert(label.choices.end(), start.label.choices.begin(),
                         start.label.choices.end());
    try {
      for (const model::GhostUpdate& update : start.ghost_updates)
        model::apply_ghost_update(protocol_, update, ghosts, abstraction_.get());
    } catch (const model::ModelError& error) {
      fail(error);
    }
    for (const model::SentMessage& sent : start.sends) {
      auto& inbox = initial.inboxes[static_cast<std::size_t>(sent.message.destination)];
      const MessageId id = intern_message(sent.message);
      if (!sent.merge || std::find(inbox.begin(), inbox.end(), id) == inbox.end())
        inbox.push_back(id);
    }
  }
  for (const Track& track : tracks_) {
    switch (track.kind) {
      case Track::Kind::Faults:
        initial.tracks.push_back(faults_.initial(choice));
        break;
      case Track::Kind::Ghosts:
        initial.tracks.push_back(intern_ghosts(ghosts));
        break;
      case Track::Kind::Monitor:
        initial.tracks.push_back(track.monitor->initial());
        break;
      case Track::Kind::FinalRead:
      case Track::Kind::History:
      case Track::Kind::Hops:
        initial.tracks.push_back(0);
        break;
    }
  }
  initial.label = intern_label(label);
  out.push_back(std::move(initial));
}

// --- steps

LocalStep ProtocolSystem::convert(int process, Outcome outcome, LocalStep::Message message) {
  model::poll_limits();
  LocalStep step;
  step.message = message;
  if (outcome.hops >= 0) {
    // Equal labels are equal answers.
    outcome.label.hops = outcome.hops;
    outcome.label.object = outcome.events.back().object;
    outcome.label.op = outcome.events.back().op;
  }
  step.label = intern_label(outcome.label);
  if (outcome.error) {
    step.next = intern_local(process, std::move(outcome.next));
    errors_.push_back(*outcome.error);
    step.error = static_cast<std::uint32_t>(errors_.size());
    add_counts(outcome, step);  // an operation that the pool has not got cannot fail either
    return step;
  }
  for (const model::HistoryEvent& event : outcome.events)
    if (event.kind == model::HistoryEvent::Kind::Ok)
      completions_[step.label].insert({event.object, event.op});
  step.purge = intern_purge(process, outcome.closed_slots, outcome.ends_operation);
  for (const model::SentMessage& sent : outcome.sends)
    step.sends.push_back({static_cast<std::uint16_t>(sent.message.destination), sent.merge,
                          intern_message(sent.message)});
  add_counts(outcome, step);
  add_events(outcome, step);
  if (outcome.guard_step >= 0) step.guard = wait_predicates_.at({process, outcome.guard_step});
  step.next = intern_local(process, std::move(outcome.next));
  return step;
}

/// What is counted over the whole system, first of all: where nothing is left, nothing else of the
/// step happens.
void ProtocolSystem::add_counts(const Outcome& outcome, LocalStep& step) {
  const auto tell = [this, &step](EventId event) {
    if (event != 0) step.events.push_back({static_cast<std::uint16_t>(fault_track_), event});
  };
  if (outcome.pool >= 0) tell(faults_.take_from_pool(outcome.pool));
  if (outcome.label.kind == Label::Kind::Invoke) tell(faults_.invoked());
}

void ProtocolSystem::add_events(const Outcome& outcome, LocalStep& step) {
  const auto tell = [&step](int track, EventId event) {
    if (event != 0) step.events.push_back({static_cast<std::uint16_t>(track), event});
  };
  if (!outcome.ghost_updates.empty())
    tell(ghost_track_, intern_ghost_updates(outcome.ghost_updates));
  if (outcome.events.empty()) return;
  tell_hops(outcome, step);
  const std::vector<model::HistoryEvent> judged = judged_events(outcome);
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    if (tracks_[i].kind == Track::Kind::Monitor)
      tell(static_cast<int>(i), tracks_[i].monitor->intern(judged));
  if (final_track_ >= 0) {
    const bool begins = outcome.label.kind == Label::Kind::Invoke &&
                        outcome.label.script_position == Label::kFinalRead;
    step.events.push_back(
        {static_cast<std::uint16_t>(final_track_), final_read_.intern(begins, outcome.events)});
  }
  if (history_track_ < 0) return;
  const auto [place, added] =
      history_event_ids_.try_emplace(outcome.events, static_cast<EventId>(history_events_.size()));
  if (added) history_events_.push_back(outcome.events);
  tell(history_track_, place->second);
}

/// What monitors are told: with final reads, updates only.
std::vector<model::HistoryEvent> ProtocolSystem::judged_events(const Outcome& outcome) const {
  std::vector<model::HistoryEvent> events = outcome.events;
  if (final_track_ < 0) return events;
  std::erase_if(events, [this](const model::HistoryEvent& event) {
    return model::is_read_only(protocol_.objects[static_cast<std::size_t>(event.object)], event.op);
  });
  return events;
}

bool ProtocolSystem::contradicts(int track, TrackId state,
                                 const std::vector<model::HistoryEvent>& read) {
  const Track& judge = tracks_[static_cast<std::size_t>(track)];
  // What other objects answered is no fault of this one's.
  if (judge.object != read.front().object || judge.key != read.front().key) return false;
  return judge.monitor->step(state, read) == Monitor::kViolated;
}

void ProtocolSystem::add_steps(int process, LocalId local, const std::vector<Outcome>& outcomes,
                               LocalStep::Message message, std::vector<LocalStep>& out) {
  for (const Outcome& outcome : outcomes) {
    out.push_back(convert(process, outcome, message));
    const bool is_refusal =
        std::ranges::any_of(outcome.events, [](const model::HistoryEvent& event) {
          return event.kind == model::HistoryEvent::Kind::Fail ||
                 event.kind == model::HistoryEvent::Kind::Info;
        });
    if (is_refusal) refusals_.insert({process, local, out.back().label});
  }
}

void ProtocolSystem::message_steps(int process, LocalId local, MessageId message,
                                   std::vector<LocalStep>& out) {
  const MessageInstance instance = messages_[message].instance;
  const model::ProcessState state = locals_[static_cast<std::size_t>(process)][local].state;
  std::vector<Outcome> deliveries;
  machine_.deliver(process, state, instance, deliveries);
  const LocalStep::Message taken =
      protocol_.scenario.network_kept ? LocalStep::Message::Kept : LocalStep::Message::Consumed;
  add_steps(process, local, deliveries, taken, out);
  const bool is_on_its_way = instance.age < instance.least;
  if (fault_track_ >= 0 && !is_on_its_way)
    add_loss_and_duplication(process, local, instance, deliveries, out);
}

void ProtocolSystem::own_steps(int process, LocalId local, std::vector<LocalStep>& out) {
  const model::ProcessState state = locals_[static_cast<std::size_t>(process)][local].state;
  add_jumps(process, state, out);
  if (state.is_down) {
    add_restart(process, state, out);
    return;
  }
  add_pauses(process, state, out);
  std::vector<Outcome> outcomes;
  machine_.own_steps(process, state, outcomes);
  add_steps(process, local, outcomes, LocalStep::Message::None, out);
  if (final_track_ >= 0) {
    outcomes.clear();
    machine_.final_reads(process, state, outcomes);
    add_steps(process, local, outcomes, LocalStep::Message::None, out);
  }
  add_crashes(process, state, out);
}

LocalId ProtocolSystem::purge_local(int process, LocalId local, PurgeId purge) {
  const auto& [asker, slots] = purges_[purge - 1];
  const model::ProcessState state = locals_[static_cast<std::size_t>(process)][local].state;
  model::ProcessState closed = machine_.close_asks(process, state, asker, slots);
  if (slots.back() == kEndsOperation) closed = model::without_chain(std::move(closed), asker);
  return intern_local(process, std::move(closed));
}

std::optional<MessageId> ProtocolSystem::purge_message(MessageId message, PurgeId purge) {
  const auto& [asker, slots] = purges_[purge - 1];
  std::optional<MessageInstance> closed =
      machine_.close_asks(messages_[message].instance, asker, slots);
  if (!closed) return std::nullopt;
  if (slots.back() == kEndsOperation) closed = model::without_chain(std::move(*closed), asker);
  return intern_message(*closed);
}

std::optional<int> ProtocolSystem::age_if_replaced(MessageId old, MessageId request) {
  MessageInstance known = messages_[old].instance;
  const MessageInstance& asked = messages_[request].instance;
  if (known.token.slot >= 0 || asked.token.slot < 0 || known.message != asked.message)
    return std::nullopt;
  if (protocol_.messages[static_cast<std::size_t>(asked.message)].is_reply) return std::nullopt;
  const int age = known.age;
  known.token = asked.token;
  known.age = asked.age;
  if (known != asked) return std::nullopt;
  return age;
}

std::uint64_t ProtocolSystem::local_token_mask(int process, LocalId local) const {
  return locals_[static_cast<std::size_t>(process)][local].token_mask;
}

std::uint64_t ProtocolSystem::local_hash(int process, LocalId local) const {
  return locals_[static_cast<std::size_t>(process)][local].hash;
}

bool ProtocolSystem::has_pending_operation(int process, LocalId local) const {
  return locals_[static_cast<std::size_t>(process)][local].is_pending;
}

// --- tracks

TrackStep ProtocolSystem::track_step(int track_index, TrackId id, EventId event) {
  Track& track = tracks_[static_cast<std::size_t>(track_index)];
  switch (track.kind) {
    case Track::Kind::Faults:
      return faults_.step(id, event);
    case Track::Kind::Ghosts:
      return ghost_step(id, event);
    case Track::Kind::Monitor:
      return monitor_step(track, id, event);
    case Track::Kind::History:
      return history_step(id, event);
    case Track::Kind::FinalRead:
      return {TrackStep::Result::Next, final_read_.step(id, event)};
    case Track::Kind::Hops:
      return {TrackStep::Result::Violated, 1};
  }
  CAPSTAN_UNREACHABLE("a track");
}

TrackStep ProtocolSystem::failed_step(const model::ModelError& error) {
  errors_.push_back(error);
  return {TrackStep::Result::Error, static_cast<TrackId>(errors_.size())};
}

TrackStep ProtocolSystem::ghost_step(TrackId id, EventId event) {
  std::vector<Value> ghosts = ghosts_[id];
  try {
    for (const model::GhostUpdate& update : ghost_updates_[event])
      model::apply_ghost_update(protocol_, update, ghosts, abstraction_.get());
  } catch (const model::ModelError& error) {
    return failed_step(error);
  }
  return {TrackStep::Result::Next, intern_ghosts(ghosts)};
}

TrackStep ProtocolSystem::monitor_step(Track& track, TrackId id, EventId event) {
  try {
    const TrackId next = track.monitor->step(id, event);
    const bool violated = next == Monitor::kViolated;
    return {violated ? TrackStep::Result::Violated : TrackStep::Result::Next, next};
  } catch (const model::ModelError& error) {
    return failed_step(error);
  }
}

TrackStep ProtocolSystem::history_step(TrackId id, EventId event) {
  std::string bytes(history_ids_.at(id));
  bytes.append(reinterpret_cast<const char*>(&event), sizeof event);
  return {TrackStep::Result::Next, history_ids_.intern(std::move(bytes)).first};
}

std::vector<model::HistoryEvent> ProtocolSystem::history(TrackId id) const {
  std::vector<model::HistoryEvent> events;
  const std::string_view bytes = history_ids_.at(id);
  for (std::size_t at = 0; at < bytes.size(); at += sizeof(EventId)) {
    EventId event = 0;
    std::copy_n(bytes.data() + at, sizeof event, reinterpret_cast<char*>(&event));
    const auto& list = history_events_[event];
    events.insert(events.end(), list.begin(), list.end());
  }
  return events;
}

std::uint64_t ProtocolSystem::track_hash(int track_index, TrackId id) const {
  const Track& track = tracks_[static_cast<std::size_t>(track_index)];
  const std::uint64_t seed = 0x747261636bULL + static_cast<std::uint64_t>(track_index);
  switch (track.kind) {
    case Track::Kind::Faults:
      return model::combine(seed, faults_.hash(id));
    case Track::Kind::Ghosts:
      return model::combine(seed, ghost_ids_.hash(id, seed));
    case Track::Kind::Monitor:
      return model::combine(seed, track.monitor->hash(id));
    case Track::Kind::History:
      return model::combine(seed, history_ids_.hash(id, seed));
    case Track::Kind::FinalRead:
      return model::combine(seed, final_read_.hash(id));
    case Track::Kind::Hops:
      return model::combine(seed, id);
  }
  CAPSTAN_UNREACHABLE("a track");
}

void ProtocolSystem::track_moves(int track, TrackId id, std::vector<TrackMove>& out) {
  if (track != fault_track_) return;
  std::vector<FaultTrack::Move> moves;
  faults_.moves(id, moves);
  for (const FaultTrack::Move& move : moves) out.push_back({move.next, intern_label(move.label)});
}

}  // namespace capstan::checker
