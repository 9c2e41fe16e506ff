// SPDX-License-Identifier: MIT
#include "checker/liveness/hops.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "checker/cut_short.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/plan.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Expectation;

/// So many more than promised are told apart, for the sake of the sentence.
constexpr int kHopsBeyond = 16;

class HopsCheck {
 public:
  HopsCheck(const model::Protocol& protocol, const ExploreOptions& options, bool reductions,
            const std::vector<std::size_t>& wanted, std::shared_ptr<TimeAbstraction> time)
      : protocol_(protocol),
        options_(options),
        reductions_(reductions),
        wanted_(wanted),
        time_(std::move(time)) {
    report_.answers.resize(protocol.scenario.expectations.size());
    options_.dead_messages = options.dead_messages && reductions;
    options_.stop_when_found = true;
    options_.progress = nullptr;
  }

  EndlessReport run() {
    if (protocol_.scenario.wait_reads_clock)
      return undecided("hops are not counted yet where a `wait until` reads a clock");
    if (protocol_.scenario.network_kept)
      return undecided("hops are not counted yet in a kept network, where messages stay");
    ProtocolSystem system(protocol_, system_options(Effort::any));
    const Exploration exploration = explore(system, goals(system), options_);
    report_.states = exploration.states;
    report_.memory_bytes = exploration.memory_bytes;
    for (std::size_t i = 0; i < wanted_.size(); ++i) judge(i, system, exploration);
    return std::move(report_);
  }

 private:
  const Expectation& expectation(std::size_t index) const {
    return protocol_.scenario.expectations[index];
  }

  EndlessReport undecided(const char* remark) {
    for (const std::size_t index : wanted_) report_.answers[index].emplace().remark = remark;
    return std::move(report_);
  }

  SystemOptions system_options(int operations) const {
    SystemOptions wanted;
    wanted.monitors = false;
    wanted.keep_dead_locals = !reductions_;
    wanted.keep_stale_replies = !reductions_;
    wanted.hops_max = hops_counted(protocol_);
    wanted.cap = {0, operations};
    wanted.time = time_;
    return wanted;
  }

  /// One for each expectation asked for.
  std::vector<Goal> goals(const ProtocolSystem& system) const {
    std::vector<Goal> goals;
    for (const std::size_t index : wanted_)
      goals.push_back({Goal::Kind::TrackViolated,
                       system.hops_track_of_expectation(static_cast<int>(index)), true});
    return goals;
  }

  void judge(std::size_t which, const ProtocolSystem& system, const Exploration& exploration) {
    const std::size_t index = wanted_[which];
    EndlessAnswer& answer = report_.answers[index].emplace();
    if (exploration.found[which]) {
      answer.holds = false;
      answer.trace = fewest_operations(which, finding_of(system, *exploration.found[which]));
      return;
    }
    if (exploration.end != Exploration::End::Complete) {
      answer.remark = limit_text(exploration);
      return;
    }
    if (!time_->is_exact()) {
      answer.remark = fmt::format("hops were counted up to tick {} only{}{}", time_->time_max(),
                                  time_->reason().empty() ? "" : ": ", time_->reason());
      return;
    }
    answer.holds = true;
    const int worst = worst_case(index, system, exploration);
    if (worst < 0)
      answer.untested = "no such operation is ever answered without faults";
    else
      answer.remark = fmt::format("worst case: {} hop{}", worst, worst == 1 ? "" : "s");
  }

  std::string limit_text(const Exploration& exploration) const {
    const std::string done = fmt::format(" after {} states", exploration.states);
    const auto limit = limit_of(exploration.end);
    if (!limit) return fmt::format("the limit of states was reached{} with hops counted", done);
    return cut_short_text({*limit, phase::kHops, 0, 0}, options_, done, &*time_);
  }

  /// The most hops of an answer; -1: there is none.
  int worst_case(std::size_t index, const ProtocolSystem& system,
                 const Exploration& exploration) const {
    int worst = -1;
    for (LabelId label = 0; label < exploration.labels_taken.size(); ++label) {
      if (!exploration.labels_taken[label]) continue;
      const model::Label& taken = system.label(label);
      const std::pair operation{taken.object, taken.op};
      if (taken.hops >= 0 && std::ranges::count(expectation(index).operations, operation) > 0)
        worst = std::max(worst, taken.hops);
    }
    return worst;
  }

  /// Explores with 1, 2, .. operations until one breaks the promise.
  model::Trace fewest_operations(std::size_t which, const Finding& first) {
    ExploreOptions options = options_;
    options.stop_at_first = true;
    for (int count = 1; count < first.evidence.operation_count; ++count) {
      ProtocolSystem system(protocol_, system_options(count));
      const Exploration exploration = explore(system, {goals(system)[which]}, options);
      if (exploration.found.front()) return told(finding_of(system, *exploration.found.front()));
      if (exploration.end != Exploration::End::Complete) break;
    }
    return told(first);
  }

  /// The steps without what only this check notes in their labels.
  static model::Trace told(const Finding& finding) {
    model::Trace trace = finding.evidence.trace;
    for (model::Label& label : trace.labels) {
      label.hops = -1;
      if (label.kind != model::Label::Kind::Invoke) label.object = label.op = -1;
    }
    return trace;
  }

  const model::Protocol& protocol_;
  ExploreOptions options_;
  bool reductions_;
  const std::vector<std::size_t>& wanted_;
  std::shared_ptr<TimeAbstraction> time_;
  EndlessReport report_;
};

}  // namespace

int hops_counted(const model::Protocol& protocol) {
  int most = 0;
  for (const Expectation& expectation : protocol.scenario.expectations)
    if (is_about_hops(expectation.kind)) most = std::max(most, expectation.hops);
  return most + kHopsBeyond;
}

bool is_about_hops(model::PropertyKind kind) { return kind == model::PropertyKind::WithinHops; }

EndlessReport judge_hops(const model::Protocol& protocol, const ExploreOptions& options,
                         bool reductions, const std::vector<std::size_t>& wanted, int horizon) {
  return judge_hops(protocol, options, reductions, wanted, TimeAbstraction(protocol, horizon));
}

EndlessReport judge_hops(const model::Protocol& protocol, const ExploreOptions& options,
                         bool reductions, const std::vector<std::size_t>& wanted,
                         const TimeAbstraction& known) {
  const auto time = std::make_shared<TimeAbstraction>(known);
  return with_time(*time,
                   [&] { return HopsCheck(protocol, options, reductions, wanted, time).run(); });
}

}  // namespace capstan::checker
