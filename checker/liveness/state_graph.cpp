// SPDX-License-Identifier: MIT
#include "checker/liveness/state_graph.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "checker/liveness/steps.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// How many states are expanded between two looks at the limits.
constexpr std::uint32_t kLimitsEvery = 1024;

/// (source, target) of each step in turn, as the rows want them, without a list of pairs.
class StepIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = std::pair<StateId, StateId>;
  using difference_type = std::ptrdiff_t;
  using pointer = const value_type*;
  using reference = const value_type&;

  StepIterator(const std::vector<std::uint64_t>& starts, const std::vector<StateId>& targets,
               std::uint64_t at)
      : starts_(&starts), targets_(&targets), at_(at) {
    skip();
  }
  reference operator*() const { return value_; }
  pointer operator->() const { return &value_; }
  StepIterator& operator++() {
    model::poll_limits();
    ++at_;
    skip();
    return *this;
  }
  StepIterator operator++(int) {
    StepIterator before = *this;
    ++*this;
    return before;
  }
  bool operator==(const StepIterator& other) const { return at_ == other.at_; }
  bool operator!=(const StepIterator& other) const { return at_ != other.at_; }

 private:
  void skip() {
    if (at_ == targets_->size()) return;
    while ((*starts_)[std::size_t{value_.first} + 1] <= at_) ++value_.first;
    value_.second = (*targets_)[at_];
  }
  const std::vector<std::uint64_t>* starts_;
  const std::vector<StateId>* targets_;
  std::uint64_t at_;
  value_type value_{0, 0};
};

}  // namespace

bool StateGraph::build(const GraphOptions& options) {
  label_sets_.intern({});
  add_initial_states();
  for (StateId state = 0; state < states_.size(); ++state) {
    starts_.push_back(targets_.size());
    expand(state, options);
    model::poll_limits();
    if (state % kLimitsEvery == 0 && !is_within_limits(options)) return false;
  }
  starts_.push_back(targets_.size());
  if (!is_within_limits(options)) return false;
  make_rows();
  return true;
}

void StateGraph::add_initial_states() {
  for (const InitialWords& initial : space_.initial_states()) {
    if (initial.error != 0) continue;
    initial_.push_back({states_.intern(initial.words), initial.label});
  }
}

void StateGraph::expand(StateId state, const GraphOptions& options) {
  const Words source(states_[state].begin(), states_[state].end());
  visit_steps(space_, source, [&](const Words* successor, LabelId label, const auto& more) {
    const LabelSetId labels = intern_labels(options, label, more);
    if (labels == 0) return false;
    if (successor == nullptr) {
      failing_states_.push_back(state);
      failing_sets_.push_back(labels);
    } else {
      targets_.push_back(states_.intern(*successor));
      labels_.push_back({labels});
    }
    return false;
  });
  visit_ticks(space_, source, [&](const Words& successor, LabelId label) {
    if (options.allowed && !options.allowed(label)) return false;
    label_scratch_ = {label, kTickMark | space_.ticks.last_footprint()};
    targets_.push_back(states_.intern(successor));
    labels_.push_back({label_sets_.intern(label_scratch_)});
    return false;
  });
}

LabelSetId StateGraph::intern_labels(const GraphOptions& options, LabelId first,
                                     std::span<const LabelId> more) {
  label_scratch_.clear();
  const auto add = [&](LabelId label) {
    if (!options.allowed || options.allowed(label)) label_scratch_.push_back(label);
  };
  add(first);
  for (const LabelId label : more) add(label);
  std::ranges::sort(label_scratch_);
  label_scratch_.erase(std::unique(label_scratch_.begin(), label_scratch_.end()),
                       label_scratch_.end());
  return label_sets_.intern(label_scratch_);
}

bool StateGraph::is_within_limits(const GraphOptions& options) {
  peak_bytes_ = std::max<std::uint64_t>(peak_bytes_, bytes());
  if (options.states_max != 0 && states_.size() > options.states_max)
    end_ = Exploration::End::StatesLimit;
  // Making the rows copies the steps.
  const std::uint64_t copies = targets_.size() * 8 + states_.size() * 8ULL;
  if (options.memory_bytes_max != 0 && peak_bytes_ + copies > options.memory_bytes_max)
    throw model::LimitReached{model::LimitKind::Memory, model::current_phase(), 0,
                              options.memory_bytes_max};
  return end_ == Exploration::End::Complete;
}

void StateGraph::make_rows() {
  rows_ = Rows(boost::edges_are_sorted, StepIterator(starts_, targets_, 0),
               StepIterator(starts_, targets_, targets_.size()), labels_.begin(), states_.size(),
               targets_.size());
  starts_ = {};
  targets_ = {};
  labels_ = {};
}

std::span<const LabelSetId> StateGraph::failing(StateId state) const {
  const auto [first, last] =
      std::equal_range(failing_states_.begin(), failing_states_.end(), state);
  const auto begin = first - failing_states_.begin();
  return std::span(failing_sets_)
      .subspan(static_cast<std::size_t>(begin), static_cast<std::size_t>(last - first));
}

std::vector<LabelId> StateGraph::way_to(StateId state) const {
  // Numbers are breadth-first: the first step into a state is on a shortest way.
  struct Parent {
    StateId state = 0;
    LabelId label = 0;
    bool is_known = false;
  };
  std::vector<Parent> parents(states_.size());
  for (const Initial& start : initial_)
    if (!parents[start.state].is_known) parents[start.state] = {start.state, start.label, true};
  for (StateId source = 0; source < states_.size(); ++source) {
    for_each_step(source, [&](StateId target, LabelSetId set) {
      if (!parents[target].is_known) parents[target] = {source, labels(set).front(), true};
    });
  }
  std::vector<LabelId> way{parents[state].label};
  while (parents[state].state != state) {
    state = parents[state].state;
    way.push_back(parents[state].label);
  }
  std::ranges::reverse(way);
  return way;
}

std::string StateGraph::done_text() const {
  return fmt::format(" after {} states, all steps kept", states_.size());
}

std::size_t StateGraph::bytes() const {
  return space_.bytes() + states_.bytes() + label_sets_.bytes() + starts_.capacity() * 8 +
         targets_.capacity() * 4 + labels_.capacity() * 4 + failing_sets_.capacity() * 8;
}

}  // namespace capstan::checker
