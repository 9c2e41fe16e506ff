// SPDX-License-Identifier: MIT
// explorer: breadth-first exploration of a ComponentSystem until every goal is met, everything is
// seen, or a limit is hit.
//
// From: checker/check (goals). To: findings. See checker/README.md for the algorithm, its cost and
// its soundness argument.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/explore/component_system.hpp"
#include "checker/explore/timed_system.hpp"

namespace capstan::checker {

/// Something to look for. The search stops when all *required* goals are found (if there is at
/// least one); the others are recorded on the way.
struct Goal {
  enum class Kind {
    TrackViolated,
    PredicateTrue,
    PredicateFalse,
    PredicateError,  // is watched, and found as a ModelError: evaluating it fails in some state
    ModelError
  } kind = Kind::ModelError;
  int index = -1;  // the track or the predicate
  bool required = true;
};

struct ExploreOptions {
  bool exact = false;            // compare whole states instead of 64-bit fingerprints
  bool dead_messages = true;     // drop messages that can no longer matter (reduce/dead)
  std::uint64_t states_max = 0;  // 0: no limit
  std::uint64_t memory_bytes_max = 0;
  double seconds_max = 0;
  bool stop_when_found =
      true;  // false: explore everything, recording the first of each goal (counts, coverage)
  /// Go on behind the last required goal, for what else may be found, up to so many states or twice
  /// those it took, whichever is more. 0: stop there.
  std::uint64_t states_after_found = 0;
  bool stop_at_first = false;  // stop as soon as one goal is found, required or not
  /// Called about once a second with (states, frontier, depth, memory bytes); may be empty.
  std::function<void(std::uint64_t, std::uint64_t, std::uint32_t, std::uint64_t)> progress;
  /// Told of each label when it is first taken, and when it is first taken while some operation is
  /// pending; true: stop, as if all goals were found. May be empty.
  std::function<bool(LabelId, bool)> is_enough;
  /// Messages that are never dropped as dead. May be empty.
  std::function<bool(MessageId)> keeps;
  /// Called for every distinct state found (for tests and --audit); slow; may be empty. A run that
  /// is repeated for a refuted dead-message assumption calls it again from the start, so audits
  /// switch dead_messages off.
  std::function<void(const StateView&)> on_state;
};

/// The shortest way to a goal, as the labels of its steps (the first is the initial state's).
struct Found {
  std::vector<LabelId> labels;
  std::uint32_t error = 0;  // ModelError: which
  int predicate =
      -1;  // ModelError: it is the evaluation of this predicate that failed, in the last state
  /// With time: how each label's step moved old stamps (only ticks do), after they fell back by the
  /// tick. Turns the labels' offsets into true times. Empty without time.
  std::vector<Retiming> retimings;
};

/// One state of a run, to tell what grows along it.
struct Sample {
  std::uint32_t depth = 0;
  std::vector<LocalId> locals;                  // per process
  std::vector<std::vector<MessageId>> inboxes;  // per process
  std::vector<TrackId> tracks;
};

struct Exploration {
  enum class End {
    Complete,
    GoalsFound,
    StatesLimit,
    MemoryLimit,
    TimeLimit,
    Interrupted
  } end = End::Complete;
  std::vector<std::optional<Found>> found;  // per goal
  std::optional<Found>
      deadlock;  // first state with a pending operation and no step that changes anything
  std::uint64_t states = 0;
  std::uint64_t transitions = 0;   // distinct (state, outcome) pairs, self-loops included
  std::uint32_t depth = 0;         // layers, the initial one not counted
  std::uint64_t memory_bytes = 0;  // peak of what the engine holds
  double seconds = 0;
  std::uint64_t system_questions = 0;  // message_steps and own_steps asked
  std::uint64_t components = 0;
  double collision_probability = 0;  // expected false merges, n^2 / 2^65; 0 if exact
  std::vector<bool>
      labels_taken;  // by LabelId: some step with this label was enabled in a reached state
  std::vector<bool> labels_taken_pending;  // the same, while some operation was pending
  /// Where a limit ended it: states along the way to one of the last layer's, from the first to the
  /// last; of those looked at, the one with the most messages in flight.
  std::vector<Sample> way_to_the_last;
  std::uint32_t dead_repeats = 0;  // runs repeated because a dead-message assumption was refuted
};

/// Explores. Deterministic: equal input gives equal counts and equal traces. The limits of the
/// options hold, and those that are in force around it (model/base/limits); whichever is reached,
/// what was found up to there is returned.
Exploration explore(ComponentSystem& system, const std::vector<Goal>& goals,
                    const ExploreOptions& options);

}  // namespace capstan::checker
