// SPDX-License-Identifier: MIT
#include "checker/liveness/eventually.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "checker/cut_short.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/liveness/available.hpp"
#include "checker/liveness/fair_runs.hpp"
#include "checker/liveness/find_components.hpp"
#include "checker/liveness/find_window.hpp"
#include "checker/liveness/full_run.hpp"
#include "checker/liveness/window_hops.hpp"
#include "checker/reduce/dead.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Expectation;
using model::PropertyKind;

/// The truth of a formula in every state; nullopt: somewhere it is a model error.
std::optional<std::vector<bool>> truth(StateGraph& graph, int predicate) {
  std::vector<bool> values(graph.state_count());
  for (StateId state = 0; state < graph.state_count(); ++state) {
    model::poll_limits();
    const std::optional<bool> value = graph.holds(predicate, state);
    if (!value) return std::nullopt;
    values[state] = *value;
  }
  return values;
}

class EndlessCheck {
 public:
  EndlessCheck(const model::Protocol& protocol, const ExploreOptions& options, bool reductions,
               const std::vector<std::size_t>& wanted, std::shared_ptr<TimeAbstraction> time)
      : protocol_(protocol),
        options_(options),
        reductions_(reductions),
        wanted_(wanted),
        time_(std::move(time)),
        system_(protocol, {.monitors = false, .keep_dead_locals = !reductions, .time = time_}),
        questions_(system_) {
    report_.answers.resize(protocol.scenario.expectations.size());
  }

  EndlessReport run() {
    if (const std::string doubt = doubt_of_time(*time_, system_); !doubt.empty()) {
      for (const std::size_t index : wanted_) report_.answers[index].emplace().remark = doubt;
      return std::move(report_);
    }
    // In a kept network a dead message stays and is delivered for ever; in a fifo one it holds up
    // others, so that it cannot be said to be delivered at once.
    bool drops = reductions_ && options_.dead_messages && !system_.network_is_set() &&
                 !system_.network_is_fifo();
    for (int predicate = 0; predicate < system_.predicate_count(); ++predicate)
      drops = drops && !system_.footprint(predicate).messages;
    std::optional<DeadMessages> dead;
    if (drops) dead.emplace(questions_);
    // Every repeat denies at least one more of finitely many assumptions.
    while (!judge_all(dead ? &*dead : nullptr)) dead->restart();
    return std::move(report_);
  }

 private:
  /// False: an assumption about dead messages was wrong.
  bool judge_all(DeadMessages* dead) {
    StateSpace space(questions_, dead);
    StateGraph graph(space);
    bool is_complete = false, is_refuted = false;
    const auto cut = cut_short(phase::kGraph, {}, [&] {
      is_complete = graph.build({options_.states_max, options_.memory_bytes_max, {}});
      is_refuted = is_complete && dead != nullptr && dead->refute();
    });
    if (is_refuted) return false;
    report_.states = graph.state_count();
    report_.memory_bytes = graph.peak_bytes();
    std::string trouble;
    if (cut)
      trouble = cut_short_text(*cut, options_, graph.done_text(), &*time_);
    else if (!is_complete)
      trouble = fmt::format("the limit of {} states was reached", options_.states_max);
    else
      report_.steps = graph.step_count();
    for (const std::size_t index : wanted_) {
      EndlessAnswer& answer = report_.answers[index].emplace();
      if (trouble.empty())
        judge_within_limits(index, graph, answer);
      else
        answer.remark = trouble;
    }
    return true;
  }

  void judge_within_limits(std::size_t index, StateGraph& graph, EndlessAnswer& answer) {
    const auto cut = cut_short(phase::kEndless, {}, [&] { judge(index, graph, answer); });
    if (!cut) return;
    // What holds does so without the figures that were still to come.
    const bool holds = answer.holds == true;
    answer = {};
    if (holds) answer.holds = true;
    answer.remark = cut_short_text(*cut, options_, "", &*time_);
  }

  void judge(std::size_t index, StateGraph& graph, EndlessAnswer& answer) {
    const Expectation& expectation = protocol_.scenario.expectations[index];
    if (expectation.kind == PropertyKind::AvailableTo) {
      const FairnessClasses classes = fairness_classes(system_, graph, {});
      AvailabilityAnswer found = judge_available(system_, graph, classes, index);
      answer.untested = std::move(found.untested);
      if (found.is_error)
        answer.remark = "evaluating it is a model error";
      else
        answer.holds = !found.run;
      if (found.run && answer.holds) show(*found.run, graph, answer);
      return;
    }
    const auto first = truth(graph, system_.predicate_of_expectation(static_cast<int>(index)));
    std::optional<std::vector<bool>> second;
    if (expectation.kind == PropertyKind::Whenever)
      second = truth(graph, system_.consequence_of_expectation(static_cast<int>(index)));
    if (!first || (expectation.kind == PropertyKind::Whenever && !second)) {
      answer.remark = "evaluating it is a model error";
      return;
    }
    FairQuery query = query_of(expectation.kind, *first, second.value_or(*first));
    const bool converges = expectation.kind == PropertyKind::ConvergesOn;
    if (expectation.kind == PropertyKind::Whenever &&
        std::ranges::find(*first, true) == first->end())
      answer.untested = "the condition of `whenever` is true in no state";
    if (converges && std::ranges::find(*first, false) == first->end())
      answer.untested = "those compared never differ, in any state";
    if (converges) query.steps = settling_labels();
    const FairnessClasses classes = fairness_classes(system_, graph, {.repairs = converges});
    FairComponents components;
    const std::optional<FairRun> run = find_fair_run(graph, classes, query, &components);
    answer.holds = !run;
    if (converges) {
      std::vector<bool> differs = *first;
      differs.flip();
      if (run)
        answer.components = find_components(graph, components, *run, query.steps, differs);
      else
        answer.window = window_of(graph, differs, query.steps);
    }
    if (run) show(*run, graph, answer);
  }

  Window window_of(StateGraph& graph, const std::vector<bool>& differs,
                   const std::vector<bool>& steps) {
    const model::Phase phase(phase::kWindow);
    Window window = find_window(graph, differs, steps, system_.time() != nullptr);
    count_window_hops(system_, graph, differs, steps, window);
    return window;
  }

  void show(const FairRun& run, StateGraph& graph, EndlessAnswer& answer) {
    // With nothing dropped the run is the whole protocol's already.
    answer.trace = full_trace(questions_, graph.space(), system_, run);
    answer.time_horizon = time_->horizon();
    answer.time_gap = time_->gap();
  }

  /// By label: whether it can come when clients have stopped and faults are over.
  std::vector<bool> settling_labels() const {
    std::vector<bool> settling;
    for (LabelId id = 0; id < system_.label_count(); ++id)
      settling.push_back(model::is_settling(system_.label(id).kind));
    return settling;
  }

  /// The fair runs that violate the property. `first`: what is claimed, or A of `whenever A`;
  /// `second`: B.
  static FairQuery query_of(PropertyKind kind, const std::vector<bool>& first,
                            const std::vector<bool>& second) {
    FairQuery query;
    std::vector<bool> not_first = first;
    not_first.flip();
    switch (kind) {
      case PropertyKind::Eventually:
        query.before = query.inside = std::move(not_first);
        return query;
      case PropertyKind::EventuallyAlways:
      case PropertyKind::ConvergesOn:
        query.visits = std::move(not_first);
        return query;
      case PropertyKind::Whenever:
        query.inside = second;
        query.inside.flip();
        query.doors = first;
        return query;
      case PropertyKind::Linearizable:
      case PropertyKind::Regular:
      case PropertyKind::Safe:
      case PropertyKind::BoundedStaleness:
      case PropertyKind::Always:
      case PropertyKind::Never:
      case PropertyKind::Reachable:
      case PropertyKind::NoAcknowledgedWriteLost:
      case PropertyKind::AcknowledgedWriteLost:
      case PropertyKind::AvailableTo:
      case PropertyKind::WithinHops:
      case PropertyKind::Semilattice:
      case PropertyKind::Commutes:
      case PropertyKind::Inductive:
      case PropertyKind::Unsupported:
        break;
    }
    CAPSTAN_UNREACHABLE("a property of infinite runs");
  }

  const model::Protocol& protocol_;
  const ExploreOptions& options_;
  bool reductions_;
  const std::vector<std::size_t>& wanted_;
  std::shared_ptr<TimeAbstraction> time_;
  ProtocolSystem system_;
  Questions questions_;
  EndlessReport report_;
};

}  // namespace

bool is_endless(PropertyKind kind) {
  return kind == PropertyKind::Eventually || kind == PropertyKind::EventuallyAlways ||
         kind == PropertyKind::Whenever || kind == PropertyKind::AvailableTo ||
         kind == PropertyKind::ConvergesOn;
}

std::string doubt_of_time(const TimeAbstraction& time, ProtocolSystem& system) {
  using Kind = model::TimeMode::Kind;
  if (system.time() == nullptr) return "";
  if (time.kind() == Kind::Horizon)
    return fmt::format("what goes on for ever is not decided up to a horizon{}{}",
                       time.reason().empty() ? "" : ": ", time.reason());
  if (time.kind() != Kind::Offsets)
    return "what goes on for ever is not supported yet where clocks are free or drift without "
           "bound";
  return "";
}

EndlessReport judge_endless(const model::Protocol& protocol, const ExploreOptions& options,
                            bool reductions, const std::vector<std::size_t>& wanted, int horizon) {
  return judge_endless(protocol, options, reductions, wanted, TimeAbstraction(protocol, horizon));
}

EndlessReport judge_endless(const model::Protocol& protocol, const ExploreOptions& options,
                            bool reductions, const std::vector<std::size_t>& wanted,
                            const TimeAbstraction& known) {
  const auto time = std::make_shared<TimeAbstraction>(known);
  return with_time(*time,
                   [&] { return EndlessCheck(protocol, options, reductions, wanted, time).run(); });
}

}  // namespace capstan::checker
