// SPDX-License-Identifier: MIT
#include "checker/liveness/quiescence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <map>

#include "checker/cut_short.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/liveness/eventually.hpp"
#include "checker/liveness/full_run.hpp"
#include "checker/liveness/state_graph.hpp"
#include "checker/liveness/steps.hpp"
#include "checker/liveness/strong_parts.hpp"
#include "checker/reduce/dead.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/system/participants.hpp"

namespace capstan::checker {
namespace {

using model::Label;

/// More states than this on the way of the final reads from one quiescent state are not looked at:
/// a read may set off something that grows without end. (Of all together there may be any number,
/// within the limits of the check.)
constexpr std::size_t kReadStatesMax = 2'000'000;

bool is_final_read(const Label& label) {
  return label.kind == Label::Kind::Invoke && label.script_position == Label::kFinalRead;
}

/// An answer of a final read, and how it came about.
struct Answer {
  std::vector<model::HistoryEvent> events;  // of the read: invoke, ok
  std::vector<LabelId> way;                 // from the quiescent state
};

/// What all final reads from a quiescent state come to.
struct FinalReads {
  std::vector<Answer> answers;
  std::optional<std::vector<LabelId>> failing;  // a shortest way whose last step is a model error
};

class LossCheck {
 public:
  LossCheck(const model::Protocol& protocol, const ExploreOptions& options, bool reductions,
            std::shared_ptr<TimeAbstraction> time)
      : protocol_(protocol),
        options_(options),
        reductions_(reductions),
        time_(std::move(time)),
        system_(protocol, {.monitors = false,
                           .final_reads = true,
                           .keep_dead_locals = !reductions,
                           .time = time_}),
        questions_(system_),
        replicas_(model::replicas(protocol)) {
    limits_.states_max = options.states_max;
    limits_.memory_bytes_max = options.memory_bytes_max;
    limits_.allowed = [this](LabelId label) { return !is_final_read(system_.label(label)); };
  }

  LossReport run() {
    report_.remark = doubt_of_time(*time_, system_);
    const bool has_queue = std::ranges::any_of(protocol_.objects, [](const model::Object& object) {
      return object.kind == model::ObjectKind::Queue;
    });
    if (system_.time() != nullptr && has_queue && report_.remark.empty())
      report_.remark = "what is left of a queue is not supported yet where time passes";
    if (!report_.remark.empty()) return std::move(report_);
    bool drops = reductions_ && !system_.network_is_set() && !system_.network_is_fifo();
    for (int predicate = 0; predicate < system_.predicate_count(); ++predicate)
      drops = drops && !system_.footprint(predicate).messages;
    std::optional<DeadMessages> dead;
    if (drops) dead.emplace(questions_);
    while (!judge(dead ? &*dead : nullptr)) dead->restart();
    return std::move(report_);
  }

 private:
  using Loss = std::optional<std::pair<StateId, Answer>>;

  /// False: an assumption about dead messages was wrong.
  bool judge(DeadMessages* dead) {
    report_ = {};
    answers_.clear();
    trouble_.clear();
    error_.reset();
    read_states_ = 0;
    StateSpace space(questions_, dead);
    StateGraph graph(space);
    bool is_complete = false, is_refuted = false;
    const auto cut = cut_short(phase::kGraph, {}, [&] { is_complete = graph.build(limits_); });
    report_.states = graph.state_count();
    report_.memory_bytes = graph.peak_bytes();
    if (cut)
      report_.remark = cut_short_text(*cut, options_, graph.done_text(), &*time_);
    else if (!is_complete)
      report_.remark = fmt::format("the limit of {} states was reached", limits_.states_max);
    if (!is_complete) return true;
    Loss loss;
    const auto stopped = cut_short(phase::kQuiescence, {}, [&] {
      judge_states(space, graph, loss);
      is_refuted = dead != nullptr && dead->refute();
    });
    if (is_refuted) return false;
    if (stopped) note_cut(*stopped);
    // Without dead messages there is less to see, and no more: a loss is one whatever they are. Not
    // so where time passes, which a message may hold up.
    if (stopped && dead != nullptr && space.ticks.has_time()) loss.reset();
    conclude(space, graph, loss);
    return true;
  }

  void judge_states(StateSpace& space, StateGraph& graph, Loss& loss) {
    const std::vector<bool> quiescent = quiescent_states(graph);
    const model::Phase phase(phase::kFinalReads);
    // A loss that is shorter than the first is worth half of the time that is left.
    double enough = 0;
    for (StateId state = 0; state < graph.state_count(); ++state) {
      if (!quiescent[state]) continue;
      if (loss && enough == 0) enough = model::seconds_left() / 2;
      if (loss && model::seconds_left() < enough) break;
      ++report_.quiescent_states;
      judge_state(space, graph, state, loss);
    }
  }

  void note_cut(const model::LimitReached& reached) {
    trouble_ =
        cut_short_text(reached, options_,
                       fmt::format(" after {} states, and {} more in {} final reads",
                                   report_.states - read_states_, read_states_, answers_.size()),
                       &*time_);
  }

  void conclude(StateSpace& space, const StateGraph& graph, const Loss& loss) {
    if (!trouble_.empty())
      report_.remark = trouble_;
    else if (report_.quiescent_states == 0)
      report_.remark = "no state is quiescent: something changes replicas for ever";
    else if (report_.final_answers == 0)
      report_.remark = "no read ever returns once all is quiet";
    if (loss || (trouble_.empty() && !error_)) report_.is_lost = loss.has_value();
    if (error_) report_.remark = "what comes behind a model error is not judged";
    if (const auto cut = cut_short(phase::kFinalReads, {}, [&] { add_traces(space, graph, loss); }))
      forget_loss(*cut);
  }

  void add_traces(StateSpace& space, const StateGraph& graph, const Loss& loss) {
    note_failing_steps(graph);
    if (error_) report_.error_trace = trace_of_error(space, graph);
    if (!loss) return;
    report_.remark.clear();  // a loss is one, whatever else could not be judged
    add_trace(space, graph, *loss);
  }

  /// What was found and cannot be shown.
  void forget_loss(const model::LimitReached& reached) {
    const bool was_lost = report_.is_lost == true;
    report_.is_lost.reset();
    report_.trace.reset();
    report_.error_trace.reset();
    note_cut(reached);
    report_.remark =
        !was_lost ? trouble_ : "a lost write was found, and could not be shown: " + trouble_;
  }

  void judge_state(StateSpace& space, const StateGraph& graph, StateId state, Loss& loss) {
    const Words words(graph.words(state).begin(), graph.words(state).end());
    const FinalReads& reads = reads_from(space, words);
    if (reads.failing) note_error(state, *reads.failing);
    for (const Answer& answer : reads.answers) {
      ++report_.final_answers;
      if (loss && depth_of_loss_ <= answer.way.size() + depth_[state]) continue;
      if (!is_bad(space, state, words, answer)) continue;
      loss.emplace(state, answer);
      depth_of_loss_ = answer.way.size() + depth_[state];
    }
  }

  bool is_bad(StateSpace& space, StateId state, const Words& words, const Answer& answer) {
    for (const int track : system_.write_monitors()) {
      const auto index = space.process_count() + static_cast<std::size_t>(track);
      try {
        if (system_.contradicts(track, space.tracks[words[index]].id, answer.events)) return true;
      } catch (const model::ModelError&) {
        note_error(state, answer.way);
      }
    }
    return false;
  }

  /// A model error at the end of the way from the state. The shortest is kept.
  void note_error(StateId state, const std::vector<LabelId>& way) {
    const auto length = [this](const std::pair<StateId, std::vector<LabelId>>& each) {
      return depth_[each.first] + each.second.size();
    };
    std::pair<StateId, std::vector<LabelId>> found{state, way};
    if (!error_ || length(found) < length(*error_)) error_ = std::move(found);
  }

  /// Steps of the run before the final reads that end in a model error.
  void note_failing_steps(const StateGraph& graph) {
    for (StateId state = 0; state < graph.state_count(); ++state)
      for (const LabelSetId set : graph.failing(state))
        note_error(state, {graph.labels(set).front()});
  }

  /// The last step has no successor, so only what leads to it is walked.
  model::Trace trace_of_error(StateSpace& space, const StateGraph& graph) {
    FairRun run;
    run.labels = graph.way_to(error_->first);
    run.labels.insert(run.labels.end(), error_->second.begin(), error_->second.end() - 1);
    FullRunLabels full = full_run(questions_, space, system_, run);
    Found found;
    found.labels = std::move(full.run.labels);
    found.labels.push_back(error_->second.back());
    found.retimings = std::move(full.retimings);
    if (system_.time() != nullptr) found.retimings.emplace_back();
    return system_.trace_of(found);
  }

  void add_trace(StateSpace& space, const StateGraph& graph,
                 const std::pair<StateId, Answer>& loss) {
    FairRun run;
    run.labels = graph.way_to(loss.first);
    run.labels.insert(run.labels.end(), loss.second.way.begin(), loss.second.way.end());
    report_.trace = full_trace(questions_, space, system_, run);
    report_.time_horizon = time_->horizon();
    report_.time_gap = time_->gap();
  }

  // ---- quiescence

  /// The values of all replicas, as a number.
  std::uint32_t replicas_at(StateSpace& space, const StateGraph& graph, StateId state) {
    std::vector<std::uint32_t> key;
    for (const int process : replicas_) {
      const LocalId local =
          space.components[graph.words(state)[static_cast<std::size_t>(process)]].local;
      const auto [place, added] =
          variable_ids_.try_emplace({process, system_.local_state(process, local).variables},
                                    static_cast<std::uint32_t>(variable_ids_.size()));
      key.push_back(place->second);
    }
    return replica_values_.intern(key);
  }

  bool is_calm(StateSpace& space, const StateGraph& graph, StateId state) {
    const auto words = graph.words(state);
    for (std::size_t i = 0; i < space.process_count(); ++i)
      if (space.components[words[i]].is_pending) return false;
    bool is_broken = false;
    graph.for_each_step(state, [&](StateId, LabelSetId set) {
      for (const LabelId label : graph.labels(set))
        is_broken = is_broken || model::is_repair(system_.label(label).kind);
    });
    return !is_broken;
  }

  bool has_settling(const StateGraph& graph, LabelSetId set) const {
    return std::ranges::any_of(graph.labels(set), [this](LabelId label) {
      return model::is_settling(system_.label(label).kind);
    });
  }

  std::vector<bool> quiescent_states(StateGraph& graph) {
    StateSpace& space = graph.space();
    note_depths(graph);
    std::vector<bool> sets;
    for (LabelSetId set = 0; set < graph.label_set_count(); ++set)
      sets.push_back(has_settling(graph, set));
    const StrongParts parts = strong_parts(graph, sets);
    const std::vector<std::uint32_t>& component = parts.of_state;
    const std::size_t count = parts.members.size();
    constexpr std::uint32_t unset = std::numeric_limits<std::uint32_t>::max(), mixed = unset - 1;
    std::vector<std::uint32_t> value(count, unset);
    std::vector<bool> quiescent(graph.state_count());
    for (std::size_t i = 0; i < count; ++i) {
      model::poll_limits();
      const auto meet = [&value, i](std::uint32_t other) {
        value[i] = value[i] == unset || value[i] == other ? other : mixed;
      };
      for (const StateId state : parts.members[i]) {
        meet(replicas_at(space, graph, state));
        graph.for_each_step(state, [&](StateId target, LabelSetId set) {
          if (sets[set] && component[target] != i) meet(value[component[target]]);
        });
        for (const LabelSetId set : graph.failing(state))
          if (sets[set]) meet(mixed);
      }
      for (const StateId state : parts.members[i])
        quiescent[state] = value[i] != mixed && is_calm(space, graph, state);
    }
    return quiescent;
  }

  void note_depths(const StateGraph& graph) {
    constexpr std::uint32_t far = std::numeric_limits<std::uint32_t>::max();
    depth_.assign(graph.state_count(), far);
    for (const StateGraph::Initial& initial : graph.initial()) depth_[initial.state] = 0;
    for (StateId state = 0; state < graph.state_count(); ++state)
      graph.for_each_step(state, [&](StateId target, LabelSetId) {
        depth_[target] = std::min(depth_[target], depth_[state] + 1);
      });
  }

  // ---- final reads

  /// The final reads from a state; remembered by all but the monitors, which do not move as reads
  /// go on.
  const FinalReads& reads_from(StateSpace& space, const Words& words) {
    Words key = words;
    for (const int track : system_.write_monitors())
      key[space.process_count() + static_cast<std::size_t>(track)] = 0;
    const auto [place, added] = answers_.try_emplace(std::move(key));
    if (added) place->second = read_all(space, words);
    return place->second;
  }

  struct Node {
    Words words;
    std::uint32_t parent = 0;
    LabelId label = 0;
    int depth = 0;
  };

  /// Breadth-first from the state: a final read, then whatever can happen without invocations and
  /// faults, until the read has ended.
  FinalReads read_all(StateSpace& space, const Words& words) {
    FinalReads reads;
    std::map<std::vector<model::HistoryEvent>, bool> known;
    std::vector<Node> nodes{{words, 0, 0, 0}};
    std::map<Words, bool> met{{words, true}};
    const auto track = space.process_count() + static_cast<std::size_t>(system_.final_track());
    // Between two elements of a queue: whether the network ever comes to rest.
    std::map<std::vector<model::HistoryEvent>, bool> rested;
    for (std::uint32_t at = 0; at < nodes.size(); ++at) {
      if (nodes.size() > kReadStatesMax) {
        trouble_ = fmt::format(
            "a read at the end leads to more than {} states, and is followed no further",
            kReadStatesMax);
        break;
      }
      const Words source = nodes[at].words;
      const std::vector<model::HistoryEvent> events =
          system_.final_events(space.tracks[source[track]].id);
      const bool is_over = !events.empty() && events.size() % 2 == 0;
      if (is_over && events.back().kind != model::HistoryEvent::Kind::Ok) continue;
      if (is_over && !has_more(events)) {
        if (known.try_emplace(events, true).second)
          reads.answers.push_back({events, way_of(nodes, at)});
        continue;
      }
      const bool is_open = events.size() % 2 == 1;
      // The next element of a queue is asked for when the last answer has spread.
      const bool may_ask = !is_open && (!is_over || is_at_rest(space, source));
      if (is_over) rested[events] = rested[events] || may_ask;
      visit_steps(space, source, [&](const Words* successor, LabelId first, const auto& more) {
        std::vector<LabelId> labels{first};
        labels.insert(labels.end(), more.begin(), more.end());
        for (const LabelId label : labels) {
          const Label& what = system_.label(label);
          const bool goes_on = (is_open || is_over) && model::is_settling(what.kind);
          const bool asks = may_ask && is_final_read(what) && (!is_over || is_same(what, events));
          if (!goes_on && !asks) continue;
          if (successor == nullptr) {
            if (reads.failing) break;
            reads.failing = way_of(nodes, at);
            reads.failing->push_back(label);
          } else if (met.try_emplace(*successor, true).second)
            nodes.push_back({*successor, at, label, nodes[at].depth + 1});
          break;
        }
        return false;
      });
      if (!is_open && !is_over) continue;
      visit_ticks(space, source, [&](const Words& successor, LabelId label) {
        if (met.try_emplace(successor, true).second)
          nodes.push_back({successor, at, label, nodes[at].depth + 1});
        return false;
      });
    }
    for (const auto& [events, has_rested] : rested)
      if (!has_rested && trouble_.empty()) trouble_ = "the reads at the end may go on without end";
    report_.states += nodes.size() - 1;
    read_states_ += nodes.size() - 1;
    return reads;
  }

  /// Whether the last answer was an element of a queue, and there may be another one.
  bool has_more(const std::vector<model::HistoryEvent>& events) const {
    const auto object = static_cast<std::size_t>(events.back().object);
    return protocol_.objects[object].kind == model::ObjectKind::Queue &&
           !events.back().result.is_none();
  }

  /// Whether the label asks the same again.
  static bool is_same(const Label& label, const std::vector<model::HistoryEvent>& events) {
    const model::HistoryEvent& first = events.front();
    return label.process == first.process && label.object == first.object && label.op == first.op &&
           label.key == first.key;
  }

  /// Whether nothing changes any more without invocations and faults.
  bool is_at_rest(StateSpace& space, const Words& source) const {
    return !visit_steps(space, source,
                        [&](const Words* successor, LabelId first, const auto& more) {
                          std::vector<LabelId> labels{first};
                          labels.insert(labels.end(), more.begin(), more.end());
                          return (successor == nullptr || *successor != source) &&
                                 std::ranges::any_of(labels, [this](LabelId label) {
                                   return model::is_settling(system_.label(label).kind);
                                 });
                        });
  }

  static std::vector<LabelId> way_of(const std::vector<Node>& nodes, std::uint32_t at) {
    std::vector<LabelId> way;
    for (; at != 0; at = nodes[at].parent) way.push_back(nodes[at].label);
    std::ranges::reverse(way);
    return way;
  }

  const model::Protocol& protocol_;
  const ExploreOptions& options_;
  bool reductions_;
  std::shared_ptr<TimeAbstraction> time_;
  ProtocolSystem system_;
  Questions questions_;
  GraphOptions limits_;
  std::vector<int> replicas_;
  std::map<std::pair<int, std::vector<model::Value>>, std::uint32_t> variable_ids_;
  SequenceInterner replica_values_;
  std::vector<std::uint32_t> depth_;  // by state
  std::size_t depth_of_loss_ = 0;
  std::string trouble_;  // why not all could be judged; empty if it could
  std::optional<std::pair<StateId, std::vector<LabelId>>> error_;
  std::size_t read_states_ = 0;
  std::map<Words, FinalReads> answers_;
  LossReport report_;
};

}  // namespace

LossReport find_lost_write(const model::Protocol& protocol, const ExploreOptions& options,
                           bool reductions, int horizon) {
  return find_lost_write(protocol, options, reductions, TimeAbstraction(protocol, horizon));
}

LossReport find_lost_write(const model::Protocol& protocol, const ExploreOptions& options,
                           bool reductions, const TimeAbstraction& known) {
  const auto time = std::make_shared<TimeAbstraction>(known);
  return with_time(*time, [&] { return LossCheck(protocol, options, reductions, time).run(); });
}

}  // namespace capstan::checker
