// SPDX-License-Identifier: MIT
// Search: one breadth-first run over a StateSpace.
//
// For each state of the layer, each process, each transition of its component: add the stored
// difference to the state's hash, prefetch the visited set's line for the sum, and put (sum,
// source, transition) into a ring. Once the ring holds 64, insert them all; only successors that
// are new are ever built (1 in 7 on ABD). A transition that needs more than that (a guard, an
// error, several events, puts that may merge or be dropped) is taken the careful way,
// StateSpace::take, and enters the ring with its successor built. From: explorer. Tested by:
// tests/unit/checker/explore/explorer_test.cpp, tests/differential/engine_*.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/layers.hpp"
#include "checker/explore/state_space.hpp"
#include "checker/explore/visited.hpp"
#include "checker/reduce/dead.hpp"

namespace capstan::checker {

class Search {
 public:
  using Clock = std::chrono::steady_clock;

  /// `dead` may be nullptr. Time is counted from `start`; limits on it are those in force.
  Search(Questions& questions, DeadMessages* dead, const std::vector<Goal>& goals,
         const ExploreOptions& options, Clock::time_point start);

  /// Explores until done. False: a dead-message assumption was refuted, so the run has to be
  /// repeated.
  bool run();
  Exploration take_result();

 private:
  /// A successor on its way to the visited set.
  struct Candidate {
    const Transition* transition = nullptr;  // nullptr: the successor is in built_
    std::uint32_t ordinal = 0;
    std::uint32_t parent = 0;  // index in the block
    TrackStateId track_state = 0;
  };
  /// The state that is being expanded.
  struct Source {
    const std::uint32_t* words = nullptr;
    std::uint64_t hash = 0;
    std::uint64_t changes = 0;        // 0: no step so far led elsewhere
    std::uint32_t first_ordinal = 0;  // of the next component's transitions
    std::uint32_t parent = 0;         // index in the block
    bool is_pending = false;
  };

  /// A run's labels and its last state.
  struct Way {
    std::vector<LabelId> labels;
    std::vector<std::uint32_t> state;
    std::vector<Retiming> retimings;  // of each label's step; none at all without time
  };

  bool run_within_limits();
  bool run_layers();
  void stop_short(Exploration::End end);
  bool has_finding() const;
  void add_initial_states();
  void expand_layer();
  void expand_block(const std::uint32_t* states, std::size_t count);
  void expand_state(Source& source);
  void expand_component(Source& source, const Component& component, unsigned taken,
                        std::uint64_t blocked);
  void expand_transition_slowly(Source& source, Transition& transition, std::uint32_t ordinal);
  std::uint32_t expand_moves(Source& source);
  void expand_ticks(Source& source, std::uint32_t ordinal, std::uint64_t transitions_before);
  void check_deadlock(const Source& source);

  void push(std::uint64_t hash, const Candidate& candidate);
  const std::uint32_t* source_of(const Candidate& candidate) const {
    return block_ + candidate.parent * space_.word_count();
  }
  std::uint32_t* built(unsigned slot) { return built_.data() + slot * space_.word_count(); }
  void flush();
  bool make_room();
  std::uint64_t insert_fingerprints();
  std::uint64_t insert_exactly();
  void build(const Candidate& candidate, std::uint32_t* words);
  void add_state(unsigned slot);
  void check_goals(const std::uint32_t* words, const Candidate& candidate);
  void watch_predicates();
  bool can_change(int predicate, const Candidate& candidate) const;

  void mark(LabelId label, bool is_pending);
  void mark_transition(Transition& transition, bool is_pending);
  void found_goal(std::size_t goal, Found found);
  void found_error(const Source& source, std::optional<std::uint32_t> ordinal, std::uint32_t error,
                   int predicate);
  static Found found_at(Way way, std::uint32_t error = 0, int predicate = -1);
  std::vector<std::uint32_t> ordinals_to(std::size_t depth, std::uint64_t index) const;
  Way way_to(std::size_t depth, std::uint64_t index);
  Way way_to_source(std::uint64_t parent_in_block);
  Way way_to_step(std::uint64_t parent_in_block, std::uint32_t ordinal);
  void take_step(Way& way, std::uint32_t ordinal);
  void note_way_to_the_last();
  void sample_way_to_the_last();
  std::size_t messages_in_flight(const std::uint32_t* words) const;
  Sample sample_of(std::uint32_t depth, const std::vector<std::uint32_t>& words) const;

  void check_limits();
  std::size_t note_memory();
  std::size_t visited_bytes() const;
  std::size_t memory_bytes() const;
  double seconds() const;
  void stop(Exploration::End end);

  StateSpace space_;
  Questions& questions_;
  DeadMessages* dead_;
  const std::vector<Goal>& goals_;
  const ExploreOptions& options_;
  Clock::time_point start_;
  Clock::time_point last_progress_;

  FingerprintSet fingerprints_;
  std::unique_ptr<ExactSet> exact_;  // instead of fingerprints_
  Layer layer_;
  Layer next_;
  ParentLog parents_;
  const std::uint32_t* block_ = nullptr;  // that is being expanded
  std::uint64_t block_start_ = 0;         // its index in the layer

  /// Fingerprints pushed lately: a hit is a state met before, and spares the visited set's line:
  /// two thirds of all on ABD. Half a MiB is half of a core's second-level cache; twice as much is
  /// slower, as it takes the cache from everything else.
  static constexpr std::size_t recent_size = std::size_t{1} << 16;
  std::vector<std::uint64_t> recent_;

  std::array<std::uint64_t, batch_size> hashes_;
  std::array<Candidate, batch_size> ring_;
  std::vector<std::uint32_t> built_;  // one state a slot of the ring
  unsigned ring_size_ = 0;

  std::vector<std::size_t> watched_;  // the goals on predicates that new states are tested for
  bool watch_is_stale_ = false;
  std::size_t open_goals_ = 0;
  std::uint64_t stop_at_ = 0;  // states, once all required goals are found; 0: no such end
  std::vector<LabelId> initial_labels_;
  std::optional<LabelId> marked_tick_;  // the label of a tick that was marked last
  bool was_tick_pending_ = false;
  Taken outcome_;
  Taken built_outcome_;
  std::uint64_t next_dead_check_;  // states
  bool is_stopped_ = false;
  Exploration result_;
};

}  // namespace capstan::checker
