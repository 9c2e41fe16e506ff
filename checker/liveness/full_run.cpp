// SPDX-License-Identifier: MIT
#include "checker/liveness/full_run.hpp"

#include <algorithm>

#include "checker/liveness/steps.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

/// Rounds of the cycle after which what is in flight is taken to grow for ever.
constexpr int kRoundsMax = 3;

bool has_label(LabelId label, LabelId first, const std::vector<LabelId>& more) {
  return label == first || std::ranges::count(more, label) > 0;
}

class FullRun {
 public:
  FullRun(Questions& questions, StateSpace& reduced, const ProtocolSystem& system)
      : reduced_(reduced), full_(questions, nullptr), system_(system) {}

  FullRunLabels of(const FairRun& run) {
    start(run.labels.front());
    const std::size_t stem =
        run.loop_start < 0 ? run.labels.size() : static_cast<std::size_t>(run.loop_start);
    for (std::size_t i = 1; i < stem; ++i) step(run.labels[i]);
    if (run.loop_start < 0) return {std::move(made_), std::move(retimings_)};
    for (int round = 0; round < kRoundsMax; ++round) {
      const Words before = full_words_;
      made_.loop_start = static_cast<int>(made_.labels.size());
      for (std::size_t i = stem; i < run.labels.size(); ++i) step(run.labels[i]);
      if (full_words_ == before) break;
    }
    return {std::move(made_), std::move(retimings_)};
  }

 private:
  static Words initial(StateSpace& space, LabelId label) {
    for (const InitialWords& start : space.initial_states())
      if (start.label == label && start.error == 0) return start.words;
    CAPSTAN_UNREACHABLE("a run starts in an initial state");
  }

  void start(LabelId label) {
    reduced_words_ = initial(reduced_, label);
    full_words_ = initial(full_, label);
    made_.labels.push_back(label);
    if (full_.ticks.has_time()) retimings_.emplace_back();
    deliver_dead();
  }

  void step(LabelId label) {
    take(reduced_, reduced_words_, label);
    const bool is_tick = take(full_, full_words_, label);
    made_.labels.push_back(label);
    if (full_.ticks.has_time())
      retimings_.push_back(is_tick ? full_.ticks.last_retiming() : Retiming{});
    deliver_dead();
  }

  /// A label says all that a step needs to be taken, so it has one outcome. Returns whether the
  /// step is a tick.
  static bool take(StateSpace& space, Words& words, LabelId label) {
    const Words source = words;
    const bool was_taken =
        visit_steps(space, source, [&](const Words* successor, LabelId first, const auto& more) {
          if (successor == nullptr || !has_label(label, first, more)) return false;
          words = *successor;
          return true;
        });
    if (was_taken) return false;
    const bool has_ticked = visit_ticks(space, source, [&](const Words& successor, LabelId tick) {
      if (tick != label) return false;
      words = successor;
      return true;
    });
    CAPSTAN_ENSURE(has_ticked, "a step without dead messages is one with them");
    return true;
  }

  std::vector<MessageId> extra(std::size_t process) const {
    const auto all = full_.components.inbox(full_words_[process]);
    const auto kept = reduced_.components.inbox(reduced_words_[process]);
    std::vector<MessageId> more;
    std::ranges::set_difference(all, kept, std::back_inserter(more));
    return more;
  }

  /// Whether `words` of the full space differs from the present one in messages only.
  bool is_quiet(const Words& words) const {
    for (std::size_t i = 0; i < words.size(); ++i) {
      if (i >= full_.process_count() && words[i] != full_words_[i]) return false;
      if (i < full_.process_count() &&
          full_.components[words[i]].local != full_.components[full_words_[i]].local)
        return false;
    }
    return words != full_words_;
  }

  void deliver_dead() {
    for (bool changed = true; changed;) {
      changed = false;
      for (std::size_t process = 0; process < full_.process_count() && !changed; ++process)
        for (const MessageId message : extra(process))
          if ((changed = deliver(process, message))) break;
    }
  }

  bool deliver(std::size_t process, MessageId message) {
    const Words source = full_words_;
    return visit_steps(
        full_, source, [&](const Words* successor, LabelId first, std::vector<LabelId> labels) {
          labels.push_back(first);
          const auto found = std::ranges::find_if(
              labels, [&](LabelId label) { return is_delivery(label, message, process); });
          if (successor == nullptr || found == labels.end() || !is_quiet(*successor)) return false;
          made_.labels.push_back(*found);
          if (full_.ticks.has_time()) retimings_.emplace_back();
          full_words_ = *successor;
          return true;
        });
  }

  bool is_delivery(LabelId id, MessageId message, std::size_t process) const {
    const model::Label& label = system_.label(id);
    return label.kind == model::Label::Kind::Deliver &&
           label.process == static_cast<int>(process) && label.message == system_.message(message);
  }

  StateSpace& reduced_;
  StateSpace full_;
  const ProtocolSystem& system_;
  Words reduced_words_, full_words_;
  FairRun made_;
  std::vector<Retiming> retimings_;
};

}  // namespace

FullRunLabels full_run(Questions& questions, StateSpace& reduced, const ProtocolSystem& system,
                       const FairRun& run) {
  return FullRun(questions, reduced, system).of(run);
}

model::Trace full_trace(Questions& questions, StateSpace& reduced, const ProtocolSystem& system,
                        const FairRun& run) {
  FullRunLabels full = full_run(questions, reduced, system, run);
  Found found;
  found.labels = std::move(full.run.labels);
  found.retimings = std::move(full.retimings);
  model::Trace trace = system.trace_of(found);
  trace.loop_start = full.run.loop_start;
  return trace;
}

}  // namespace capstan::checker
