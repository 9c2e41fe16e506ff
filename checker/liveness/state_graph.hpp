// SPDX-License-Identifier: MIT
// StateGraph: every state and every step of a system, kept.
//
// From: checker/explore (StateSpace). To: liveness/fair, liveness/eventually, liveness/quiescence.
// The search of explore/ keeps no steps, merges labels of equal effect, and skips successors that
// it has met: enough for what a state shows, not for what an infinite run does. Here states are
// compared in full, and each step from a state to a state keeps *all* its labels, self-loops
// included, since weak fairness is judged label by label. The steps lie in compressed sparse rows
// (boost::compressed_sparse_row_graph), breadth-first numbers being their order, so that algorithms
// of the Boost Graph Library run on it. Cost: 4 bytes a word of a state, 8 a state, 8 a step (twice
// that for a moment, when the rows are made). Dead messages may be dropped (README of this folder).
// Where time passes, states are those that explore/ticks settles, ticks are steps, and each keeps
// how it moved old stamps, so that a step that is owed can be followed through it.
// Tested by: tests/unit/checker/liveness, tests/differential/endless_reference_test.cpp
#pragma once

// The library's own headers warn under this project's switches.
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#include <boost/graph/compressed_sparse_row_graph.hpp>
#pragma GCC diagnostic pop
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/sequence_interner.hpp"
#include "checker/explore/state_space.hpp"

namespace capstan::checker {

using StateId = std::uint32_t;
/// A set of labels, interned: the labels of a step that some edge stands for.
using LabelSetId = std::uint32_t;

struct GraphOptions {
  std::uint64_t states_max = 0;  // 0: no limit; the same for the others
  std::uint64_t memory_bytes_max = 0;
  /// Steps that are taken; empty: all. Others are as if they did not exist.
  std::function<bool(LabelId)> allowed;
};

class StateGraph {
 public:
  struct EdgeLabels {
    LabelSetId labels = 0;
  };
  using Rows = boost::compressed_sparse_row_graph<boost::directedS, boost::no_property, EdgeLabels,
                                                  boost::no_property, StateId, std::uint64_t>;
  struct Step {
    StateId target = 0;
    LabelSetId labels = 0;
  };
  struct Initial {
    StateId state = 0;
    LabelId label = 0;
  };

  /// `space` must outlive the graph.
  explicit StateGraph(StateSpace& space) : space_(space) {}

  /// Everything that can be reached. False: the limit of states was hit, and the graph is of no
  /// use. Throws LimitReached where other limits end it.
  bool build(const GraphOptions& options);
  Exploration::End end() const { return end_; }

  std::uint32_t state_count() const { return states_.size(); }
  std::uint64_t step_count() const { return boost::num_edges(rows_); }
  std::uint64_t peak_bytes() const { return peak_bytes_; }
  const std::vector<Initial>& initial() const { return initial_; }
  std::span<const std::uint32_t> words(StateId state) const { return states_[state]; }
  const Rows& rows() const { return rows_; }

  /// Calls `body(target, labels)` for each step of the state.
  template <typename Body>
  void for_each_step(StateId state, const Body& body) const {
    const auto [first, last] = boost::out_edges(state, rows_);
    for (auto edge = first; edge != last; ++edge)
      body(boost::target(*edge, rows_), rows_[*edge].labels);
  }
  std::span<const LabelId> labels(LabelSetId set) const {
    const std::span<const LabelId> all = label_sets_[set];
    return is_tick(set) ? all.first(all.size() - 1) : all;
  }
  /// Whether the step is a tick; and what it did to old stamps after they fell back by it.
  bool is_tick(LabelSetId set) const {
    const std::span<const LabelId> all = label_sets_[set];
    return !all.empty() && (all.back() & kTickMark) != 0;
  }
  const Retiming& retiming(LabelSetId tick) const {
    return space_.ticks.retiming(label_sets_[tick].back() & ~kTickMark);
  }
  std::uint32_t label_set_count() const { return label_sets_.size(); }
  /// Labels of the state's steps that end in a model error: enabled, and lead to no state.
  std::span<const LabelSetId> failing(StateId state) const;

  /// The value of a predicate; nullopt: evaluating it is a model error.
  std::optional<bool> holds(int predicate, StateId state) {
    return space_.predicates.value(predicate, states_[state]);
  }
  StateSpace& space() { return space_; }
  /// The labels of a shortest way to the state, the initial state's first.
  std::vector<LabelId> way_to(StateId state) const;
  /// "after 12 states, all steps kept": how far it has come.
  std::string done_text() const;

 private:
  /// With a number of stamps that settle, behind the label of a tick: ticks that move times in
  /// different ways are different steps.
  static constexpr std::uint32_t kTickMark = std::uint32_t{1} << 31;

  void add_initial_states();
  void expand(StateId state, const GraphOptions& options);
  LabelSetId intern_labels(const GraphOptions& options, LabelId first,
                           std::span<const LabelId> more);
  bool is_within_limits(const GraphOptions& options);
  void make_rows();
  std::size_t bytes() const;

  StateSpace& space_;
  SequenceInterner states_;
  SequenceInterner label_sets_;  // id 0: no label
  std::vector<Initial> initial_;
  // While it is built: the steps of state i are from starts_[i] to starts_[i + 1].
  std::vector<std::uint64_t> starts_;
  std::vector<StateId> targets_;
  std::vector<EdgeLabels> labels_;
  Rows rows_;
  std::vector<StateId> failing_states_;  // ascending; one for each of failing_sets_
  std::vector<LabelSetId> failing_sets_;
  std::vector<LabelId> label_scratch_;
  Exploration::End end_ = Exploration::End::Complete;
  std::uint64_t peak_bytes_ = 0;
};

}  // namespace capstan::checker
