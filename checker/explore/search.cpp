// SPDX-License-Identifier: MIT
#include "checker/explore/search.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>

#include "checker/cut_short.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

namespace {

/// Dead-message assumptions are checked when the run has met this many states, and again whenever
/// it has doubled, so that a refuted run is noticed before more than half of it was in vain.
constexpr std::uint64_t first_dead_check = 100'000;

/// Of a run that a limit ends: so many states of the last layer are looked at, and so many along
/// the way to one of them.
constexpr std::size_t looked_at_most = 2'048;
constexpr std::size_t samples_most = 16;

/// Zero means "empty" in the visited set.
constexpr std::uint64_t fingerprint_of(std::uint64_t hash) { return hash == 0 ? 1 : hash; }

}  // namespace

Search::Search(Questions& questions, DeadMessages* dead, const std::vector<Goal>& goals,
               const ExploreOptions& options, Clock::time_point start)
    : space_(questions, dead),
      questions_(questions),
      dead_(dead),
      goals_(goals),
      options_(options),
      start_(start),
      last_progress_(start),
      layer_(space_.word_count()),
      next_(space_.word_count()),
      recent_(recent_size),
      built_(batch_size * space_.word_count()),
      open_goals_(static_cast<std::size_t>(std::ranges::count_if(goals, &Goal::required))),
      next_dead_check_(first_dead_check) {
  if (options.exact) {
    exact_ = std::make_unique<ExactSet>(
        static_cast<unsigned>(space_.word_count()),
        [this](const std::uint32_t* words) { return space_.hash(words); });
  }
  result_.found.resize(goals.size());
  watch_predicates();
}

bool Search::run() {
  const bool is_settled = run_within_limits();
  if (is_settled && is_stopped_ && result_.end != Exploration::End::GoalsFound)
    note_way_to_the_last();
  return is_settled;
}

bool Search::run_within_limits() {
  try {
    return run_layers();
  } catch (const model::LimitReached& reached) {
    stop_short(end_of(reached.kind));
  } catch (const std::bad_alloc&) {
    stop_short(Exploration::End::MemoryLimit);
  }
  return true;
}

/// Ends the run wherever it is: only the state that was being expanded is half done. What was found
/// stays, unless it rests on assumptions that nobody checks any more (see run_layers).
void Search::stop_short(Exploration::End end) {
  stop(end);
  ring_size_ = 0;
  if (dead_ == nullptr || !space_.ticks.has_time()) return;
  for (std::optional<Found>& found : result_.found) found.reset();
  result_.deadlock.reset();
}

bool Search::run_layers() {
  add_initial_states();
  while (!is_stopped_ && next_.size() > 0) {
    std::swap(layer_, next_);
    parents_.start_layer();
    expand_layer();
    layer_.clear();
    if (next_.size() > 0) ++result_.depth;
    if (dead_ != nullptr && result_.states >= next_dead_check_) {
      if (dead_->refute()) return false;
      next_dead_check_ = result_.states * 2;
    }
  }
  // A limit decides nothing that an assumption could be wrong about, unless time let something be
  // found that a dropped message would have prevented.
  const bool is_undecided = is_stopped_ && result_.end != Exploration::End::GoalsFound;
  const bool matters = !is_undecided || (space_.ticks.has_time() && has_finding());
  if (dead_ != nullptr && matters && dead_->refute()) return false;
  note_memory();
  return true;
}

bool Search::has_finding() const {
  return result_.deadlock ||
         std::ranges::any_of(result_.found, [](const auto& found) { return found.has_value(); });
}

Exploration Search::take_result() {
  result_.seconds = seconds();
  result_.system_questions = questions_.asked();
  result_.components = space_.components.size();
  if (exact_ == nullptr) {
    const auto states = static_cast<double>(result_.states);
    result_.collision_probability = std::ldexp(states * states, -65);
  }
  return std::move(result_);
}

void Search::add_initial_states() {
  parents_.start_layer();
  const std::vector<InitialWords> initial = space_.initial_states();
  for (std::uint32_t index = 0; index < initial.size(); ++index) {
    initial_labels_.push_back(initial[index].label);
    mark(initial[index].label, false);
    if (initial[index].error != 0) {
      for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
        if (goals_[goal].kind == Goal::Kind::ModelError && !result_.found[goal]) {
          found_goal(goal, Found{{initial[index].label}, initial[index].error, -1, {}});
        }
      }
      continue;
    }
    Candidate candidate;
    candidate.ordinal = index;
    std::copy(initial[index].words.begin(), initial[index].words.end(), built(ring_size_));
    push(space_.hash(initial[index].words.data()), candidate);
  }
  flush();
}

void Search::expand_layer() {
  block_start_ = 0;
  for (std::size_t block = 0; block < layer_.block_count() && !is_stopped_; ++block) {
    const std::size_t count = layer_.states_in_block(block);
    expand_block(layer_.block(block), count);
    flush();  // the ring points into the block
    layer_.release_block(block, next_);
    block_start_ += count;
    if (!is_stopped_) check_limits();
  }
}

void Search::expand_block(const std::uint32_t* states, std::size_t count) {
  block_ = states;
  for (std::size_t i = 0; i < count && !is_stopped_; ++i) {
    Source source;
    source.words = states + i * space_.word_count();
    source.parent = static_cast<std::uint32_t>(i);
    model::poll_limits();
    expand_state(source);
    if (source.is_pending && source.changes == 0) check_deadlock(source);
  }
}

inline void Search::push(std::uint64_t hash, const Candidate& candidate) {
  const std::uint64_t fingerprint = fingerprint_of(hash);
  if (exact_ == nullptr) {
    std::uint64_t& recent = recent_[fingerprint % recent_size];
    if (recent == fingerprint) return;
    recent = fingerprint;
    fingerprints_.prefetch(fingerprint);
  } else {
    exact_->prefetch(fingerprint);
  }
  hashes_[ring_size_] = fingerprint;
  ring_[ring_size_] = candidate;
  if (++ring_size_ == batch_size) flush();
}

/// The loop that the whole search waits for: what it changes is kept in registers. Called once for
/// every process of every state, for a transition or two each time, so that the call itself would
/// be a twentieth of the search.
[[gnu::always_inline]] inline void Search::expand_component(Source& source,
                                                            const Component& component,
                                                            unsigned taken, std::uint64_t blocked) {
  const std::uint32_t* const tracks = source.words + space_.process_count();
  const unsigned looked_at = taken | Transition::Slow;
  const std::uint64_t hash = source.hash;
  std::uint64_t changes = 0;
  std::uint64_t count = 0;
  PurgeId purge = 0;  // the last one met, and its difference: neighbours often share it
  std::uint64_t purge_difference = 0;
  for (std::uint32_t t = 0; t < component.transition_count; ++t) {
    Transition& transition = component.transitions[t];
    if (((blocked >> transition.source) & 1) != 0) continue;
    std::uint64_t difference = transition.difference;
    TrackStateId track_state = 0;
    bool is_plain = (transition.flags & looked_at) == taken;
    if (is_plain && transition.event != no_event) {
      const TrackAnswer answer = space_.tracks.step(transition.event, tracks[transition.track]);
      is_plain = answer.result == TrackStep::Result::Next;
      difference += answer.difference;
      track_state = answer.next;
    }
    if (is_plain) {
      if (transition.purge != purge) {
        purge = transition.purge;
        purge_difference =
            purge == 0 ? 0 : space_.purge_difference(source.words, component.process, purge);
      }
      difference += purge_difference;
      ++count;
      changes |= difference;
      push(hash + difference, {&transition, source.first_ordinal + t, source.parent, track_state});
    } else {
      expand_transition_slowly(source, transition, source.first_ordinal + t);
    }
  }
  source.changes |= changes;
  result_.transitions += count;
}

void Search::expand_state(Source& source) {
  const std::uint64_t transitions_before = result_.transitions;
  const std::size_t process_count = space_.process_count();
  for (std::size_t i = 0; i < process_count; ++i) {
    const Component& component = space_.components[source.words[i]];
    source.hash += component.hash;
    source.is_pending |= component.is_pending;
  }
  for (std::size_t i = process_count; i < space_.word_count(); ++i) {
    source.hash += space_.tracks[source.words[i]].hash;
  }
  // A transition is taken the careful way if it is Slow, or not yet known to be taken (with an
  // operation pending).
  const unsigned taken = source.is_pending ? Transition::WasTaken | Transition::WasTakenPending
                                           : static_cast<unsigned>(Transition::WasTaken);
  const std::uint64_t* blocked = space_.blocked(source.words);
  for (std::size_t i = 0; i < process_count; ++i) {
    const Component component = space_.expanded(source.words[i]);
    if (component.transition_count == 0) continue;
    expand_component(source, component, taken, blocked == nullptr ? 0 : blocked[i]);
    source.first_ordinal += component.transition_count;
  }
  const std::uint32_t ordinal =
      space_.track_count() > 0 ? expand_moves(source) : source.first_ordinal;
  if (space_.ticks.has_time()) expand_ticks(source, ordinal, transitions_before);
}

void Search::expand_transition_slowly(Source& source, Transition& transition,
                                      std::uint32_t ordinal) {
  // With 6 of 7 successors met before, those that can be weighed without being built are built only
  // if they are new.
  const bool is_built = (transition.flags & Transition::PutsVary) != 0 || exact_ != nullptr;
  if (is_built) {
    space_.take(source.words, transition, built(ring_size_), outcome_);
  } else {
    space_.weigh(source.words, transition, outcome_);
  }
  if (outcome_.failed_guard >= 0) found_error(source, std::nullopt, 0, outcome_.failed_guard);
  if (outcome_.kind == Taken::Kind::Disabled) return;
  mark_transition(transition, source.is_pending);
  ++result_.transitions;
  for (std::size_t goal = 0; goal < goals_.size() && !outcome_.violated.empty(); ++goal) {
    if (goals_[goal].kind != Goal::Kind::TrackViolated || result_.found[goal]) continue;
    if (std::ranges::count(outcome_.violated, goals_[goal].index) == 0) continue;
    found_goal(goal, found_at(way_to_step(source.parent, ordinal)));
  }
  if (outcome_.kind == Taken::Kind::Error) {
    source.changes = ~std::uint64_t{0};
    found_error(source, ordinal, outcome_.error, -1);
    return;
  }
  source.changes |= outcome_.difference;
  push(source.hash + outcome_.difference,
       {is_built ? nullptr : &transition, ordinal, source.parent, outcome_.track_state});
}

/// Returns the ordinal behind the last move's.
std::uint32_t Search::expand_moves(Source& source) {
  std::uint32_t ordinal = source.first_ordinal;
  for (std::size_t i = space_.process_count(); i < space_.word_count(); ++i) {
    for (TrackTransition& move : space_.tracks.moves(source.words[i])) {
      ++result_.transitions;
      if (!move.was_taken || (source.is_pending && !move.was_taken_pending)) {
        move.was_taken = true;
        move.was_taken_pending |= source.is_pending;
        mark(move.label, source.is_pending);
        for (const LabelId label : move.more_labels) mark(label, source.is_pending);
      }
      const std::uint64_t difference = space_.take_move(source.words, i, move, built(ring_size_));
      source.changes |= difference;
      push(source.hash + difference, {nullptr, ordinal++, source.parent, 0});
    }
  }
  return ordinal;
}

/// What a tick changes does not count as a change: a state in which only time passes is as dead as
/// one in which nothing does (check_deadlock looks behind the ticks).
void Search::expand_ticks(Source& source, std::uint32_t ordinal, std::uint64_t transitions_before) {
  const std::uint64_t* blocked = space_.blocked(source.words);
  const std::uint32_t count = space_.ticks.alternatives(source.words, blocked);
  for (std::uint32_t alternative = 0; alternative < count; ++alternative) {
    model::poll_limits();
    ++result_.transitions;
    const LabelId label =
        count == 1 ? space_.ticks.plain_label() : space_.ticks.label(source.words, alternative);
    if (marked_tick_ != label || (source.is_pending && !was_tick_pending_)) {
      marked_tick_ = label;
      was_tick_pending_ = source.is_pending;
      mark(label, source.is_pending);
    }
    std::uint32_t* successor = built(ring_size_);
    space_.ticks.take(source.words, alternative, successor);
    push(space_.hash(successor), {nullptr, ordinal + alternative, source.parent, 0});
  }
  if (result_.transitions == transitions_before && space_.ticks.is_forced(source.words, blocked)) {
    source.changes = ~std::uint64_t{0};
    found_error(source, std::nullopt, space_.ticks.system().time_lock_error(), -1);
  }
}

void Search::check_deadlock(const Source& source) {
  if (result_.deadlock || space_.has_changing_step(source.words)) return;
  result_.deadlock = found_at(way_to_source(source.parent));
}

void Search::flush() {
  if (ring_size_ > 0 && !is_stopped_ && make_room()) {
    std::uint64_t fresh = exact_ == nullptr ? insert_fingerprints() : insert_exactly();
    for (; fresh != 0; fresh &= fresh - 1) {
      add_state(static_cast<unsigned>(std::countr_zero(fresh)));
    }
    if (options_.states_max != 0 && result_.states >= options_.states_max && !is_stopped_) {
      stop(Exploration::End::StatesLimit);
    }
    if (stop_at_ != 0 && result_.states >= stop_at_ && !is_stopped_) {
      stop(Exploration::End::GoalsFound);
    }
  }
  ring_size_ = 0;
}

/// Room in the visited set for one batch. False: there is none, and the run has been stopped.
bool Search::make_room() {
  const bool wants = exact_ == nullptr ? fingerprints_.wants_growth() : exact_->wants_growth();
  if (!wants) return true;
  const std::size_t after =
      exact_ == nullptr ? fingerprints_.bytes_after_growth() : exact_->bytes_after_growth();
  const std::size_t others = memory_bytes() - visited_bytes();
  const bool may = options_.memory_bytes_max == 0 || others + after <= options_.memory_bytes_max;
  if (may && (exact_ == nullptr ? fingerprints_.grow() : exact_->grow())) return true;
  stop(Exploration::End::MemoryLimit);
  return false;
}

std::uint64_t Search::insert_fingerprints() {
  return fingerprints_.insert(hashes_.data(), ring_size_);
}

std::uint64_t Search::insert_exactly() {
  std::uint64_t fresh = 0;
  for (unsigned slot = 0; slot < ring_size_; ++slot) {
    const Candidate& candidate = ring_[slot];
    if (candidate.transition != nullptr) {
      build(candidate, built(slot));
    }
    fresh |= std::uint64_t{exact_->insert(hashes_[slot], built(slot))} << slot;
  }
  return fresh;
}

void Search::build(const Candidate& candidate, std::uint32_t* words) {
  const std::uint32_t* source = source_of(candidate);
  if ((candidate.transition->flags & Transition::Slow) != 0) {
    space_.take(source, *candidate.transition, words, built_outcome_);
  } else {
    space_.build_fast(source, *candidate.transition, candidate.track_state, words);
  }
}

void Search::add_state(unsigned slot) {
  const Candidate& candidate = ring_[slot];
  std::uint32_t* words = next_.append();
  if (candidate.transition == nullptr) {
    std::memcpy(words, built(slot), space_.word_count() * sizeof(std::uint32_t));
  } else {
    build(candidate, words);
  }
  parents_.append(block_start_ + candidate.parent, candidate.ordinal);
  ++result_.states;
  if (!watched_.empty()) check_goals(words, candidate);
  if (options_.on_state) options_.on_state(space_.view({words, space_.word_count()}));
}

bool Search::can_change(int predicate, const Candidate& candidate) const {
  const Transition* transition = candidate.transition;
  if (transition == nullptr || (transition->flags & Transition::Slow) != 0) return true;
  return space_.predicates.reads_process(predicate, candidate.transition->process) ||
         (candidate.transition->event != no_event &&
          space_.predicates.reads_track(predicate, candidate.transition->track));
}

void Search::check_goals(const std::uint32_t* words, const Candidate& candidate) {
  for (const std::size_t goal : watched_) {
    const int predicate = goals_[goal].index;
    // In the state before, the goal was not met, or met for the first time, and no error.
    if (!can_change(predicate, candidate)) continue;
    const auto holds = space_.predicates.value(predicate, {words, space_.word_count()});
    if (!holds) {
      for (std::size_t other = 0; other < goals_.size(); ++other) {
        if (goals_[other].kind != Goal::Kind::ModelError || result_.found[other]) continue;
        found_goal(other, found_at(way_to_step(candidate.parent, candidate.ordinal), 0, predicate));
      }
    } else if (goals_[goal].kind != Goal::Kind::PredicateError && !result_.found[goal] &&
               *holds == (goals_[goal].kind == Goal::Kind::PredicateTrue)) {
      found_goal(goal, found_at(way_to_step(candidate.parent, candidate.ordinal)));
    }
  }
  if (watch_is_stale_) watch_predicates();
}

/// Goals on predicates are looked at until they are found, and while a failing evaluation would
/// still be news.
void Search::watch_predicates() {
  watch_is_stale_ = false;
  const bool wants_errors = [this] {
    for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
      if (goals_[goal].kind == Goal::Kind::ModelError && !result_.found[goal]) return true;
    }
    return false;
  }();
  watched_.clear();
  for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
    const bool is_watched = goals_[goal].kind == Goal::Kind::PredicateTrue ||
                            goals_[goal].kind == Goal::Kind::PredicateFalse;
    const bool is_open = wants_errors || (is_watched && !result_.found[goal]);
    const bool is_predicate = is_watched || goals_[goal].kind == Goal::Kind::PredicateError;
    if (is_predicate && is_open) watched_.push_back(goal);
  }
}

void Search::mark(LabelId label, bool is_pending) {
  const auto put = [label](std::vector<bool>& labels) {
    if (labels.size() <= label) labels.resize(std::size_t{label} + 1);
    labels[label] = true;
  };
  put(result_.labels_taken);
  if (is_pending) put(result_.labels_taken_pending);
  if (options_.is_enough && options_.is_enough(label, is_pending) && !is_stopped_)
    stop(Exploration::End::GoalsFound);
}

void Search::mark_transition(Transition& transition, bool is_pending) {
  const unsigned wanted = is_pending ? Transition::WasTaken | Transition::WasTakenPending
                                     : static_cast<unsigned>(Transition::WasTaken);
  if ((transition.flags & wanted) == wanted) return;
  transition.flags = static_cast<std::uint8_t>(transition.flags | wanted);
  const TransitionFacts& facts = space_.transitions.facts(transition);
  mark(facts.label, is_pending);
  for (const LabelId label : facts.more_labels) mark(label, is_pending);
}

void Search::found_goal(std::size_t goal, Found found) {
  CAPSTAN_REQUIRE(!result_.found[goal], "the first way to a goal is the shortest");
  result_.found[goal] = std::move(found);
  watch_is_stale_ = true;
  if (options_.stop_at_first && !is_stopped_) stop(Exploration::End::GoalsFound);
  if (!goals_[goal].required) return;
  --open_goals_;
  if (open_goals_ > 0 || !options_.stop_when_found || is_stopped_) return;
  if (options_.states_after_found == 0) {
    stop(Exploration::End::GoalsFound);
  } else {
    stop_at_ = std::max(options_.states_after_found, 2 * result_.states);
  }
}

void Search::found_error(const Source& source, std::optional<std::uint32_t> ordinal,
                         std::uint32_t error, int predicate) {
  for (std::size_t goal = 0; goal < goals_.size(); ++goal) {
    if (goals_[goal].kind != Goal::Kind::ModelError || result_.found[goal]) continue;
    Way way = ordinal ? way_to_step(source.parent, *ordinal) : way_to_source(source.parent);
    found_goal(goal, found_at(std::move(way), error, predicate));
  }
}

Found Search::found_at(Way way, std::uint32_t error, int predicate) {
  return Found{std::move(way.labels), error, predicate, std::move(way.retimings)};
}

/// Which step leads from each state to the next, on the way to the `index`-th of the layer at
/// `depth`.
std::vector<std::uint32_t> Search::ordinals_to(std::size_t depth, std::uint64_t index) const {
  std::vector<std::uint32_t> ordinals(depth + 1);
  for (std::size_t layer = depth + 1; layer-- > 0;) {
    const ParentLog::Entry entry = parents_.at(layer, index);
    ordinals[layer] = entry.ordinal;
    index = entry.parent;
  }
  return ordinals;
}

/// The way to the `index`-th state of the layer at `depth`, by replaying forward from the initial
/// state.
Search::Way Search::way_to(std::size_t depth, std::uint64_t index) {
  const std::vector<std::uint32_t> ordinals = ordinals_to(depth, index);
  Way way;
  way.labels.push_back(initial_labels_[ordinals[0]]);
  if (space_.ticks.has_time()) way.retimings.emplace_back();
  way.state = space_.initial_states()[ordinals[0]].words;
  for (std::size_t layer = 1; layer <= depth; ++layer) take_step(way, ordinals[layer]);
  return way;
}

/// The way that ends in the state that is being expanded.
Search::Way Search::way_to_source(std::uint64_t parent_in_block) {
  return way_to(parents_.layer_count() - 2, block_start_ + parent_in_block);
}

/// That, and one step more; the initial state's label alone while the first layer is made.
Search::Way Search::way_to_step(std::uint64_t parent_in_block, std::uint32_t ordinal) {
  if (parents_.layer_count() == 1) return Way{{initial_labels_[ordinal]}, {}, {}};
  Way way = way_to_source(parent_in_block);
  take_step(way, ordinal);
  return way;
}

void Search::take_step(Way& way, std::uint32_t ordinal) {
  std::vector<std::uint32_t> successor(space_.word_count());
  bool is_tick = false;
  way.labels.push_back(space_.replay(way.state.data(), ordinal, successor.data(), is_tick));
  way.state = std::move(successor);
  if (space_.ticks.has_time())
    way.retimings.push_back(is_tick ? space_.ticks.last_retiming() : Retiming{});
}

std::size_t Search::messages_in_flight(const std::uint32_t* words) const {
  std::size_t count = 0;
  for (std::size_t i = 0; i < space_.process_count(); ++i)
    count += space_.components.inbox(words[i]).size();
  return count;
}

Sample Search::sample_of(std::uint32_t depth, const std::vector<std::uint32_t>& words) const {
  Sample sample;
  sample.depth = depth;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (i >= space_.process_count()) {
      sample.tracks.push_back(space_.tracks[words[i]].id);
      continue;
    }
    sample.locals.push_back(space_.components[words[i]].local);
    const auto inbox = space_.components.inbox(words[i]);
    sample.inboxes.emplace_back(inbox.begin(), inbox.end());
  }
  return sample;
}

/// Nothing is lost where there is no time or memory for it: it is a remark alone.
void Search::note_way_to_the_last() {
  constexpr double seconds_enough = 0.3;
  try {
    const model::Grace grace(seconds_enough);
    sample_way_to_the_last();
    return;
  } catch (const model::LimitReached&) {
  } catch (const std::bad_alloc&) {
  }
  result_.way_to_the_last.clear();
}

/// Looks at the states of the last layer only, and at some along the way to one of them: what grows
/// without end has grown there, and it costs nothing before.
void Search::sample_way_to_the_last() {
  if (parents_.layer_count() < samples_most || next_.size() == 0) return;
  const std::size_t depth = parents_.layer_count() - 1;  // of the layer that was being made
  std::uint64_t index = 0;
  std::size_t most = 0;
  const std::size_t count = std::min<std::size_t>(next_.states_in_block(0), looked_at_most);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t messages = messages_in_flight(next_.block(0) + i * space_.word_count());
    if (messages <= most) continue;
    most = messages;
    index = i;
  }
  const std::vector<std::uint32_t> ordinals = ordinals_to(depth, index);
  Way way;
  way.state = space_.initial_states()[ordinals[0]].words;
  const std::size_t stride = depth / samples_most + 1;
  for (std::size_t layer = 0; layer <= depth; ++layer) {
    if (layer > 0) take_step(way, ordinals[layer]);
    if (layer % stride == 0 || layer == depth)
      result_.way_to_the_last.push_back(sample_of(static_cast<std::uint32_t>(layer), way.state));
  }
}

std::size_t Search::note_memory() {
  const std::size_t memory = memory_bytes();
  result_.memory_bytes = std::max<std::uint64_t>(result_.memory_bytes, memory);
  return memory;
}

void Search::check_limits() {
  const std::size_t memory = note_memory();
  const Clock::time_point now = Clock::now();
  if (options_.progress && now - last_progress_ >= std::chrono::seconds(1)) {
    last_progress_ = now;
    options_.progress(result_.states, next_.size(), result_.depth, memory);
  }
  if (is_stopped_) return;
  if (options_.memory_bytes_max != 0 && memory > options_.memory_bytes_max)
    stop(Exploration::End::MemoryLimit);
  else
    model::poll_limits_now();
}

std::size_t Search::visited_bytes() const {
  return exact_ == nullptr ? fingerprints_.bytes() : exact_->bytes();
}

std::size_t Search::memory_bytes() const {
  return visited_bytes() + layer_.bytes() + next_.bytes() + parents_.bytes() + space_.bytes() +
         questions_.bytes() + (dead_ == nullptr ? 0 : dead_->bytes());
}

double Search::seconds() const {
  return std::chrono::duration<double>(Clock::now() - start_).count();
}

void Search::stop(Exploration::End end) {
  is_stopped_ = true;
  result_.end = end;
}

}  // namespace capstan::checker
