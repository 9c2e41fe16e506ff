// SPDX-License-Identifier: MIT
#include "runtime/simulate/simulate.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <random>

#include "checker/check.hpp"
#include "checker/plan.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "runtime/execute/world.hpp"
#include "runtime/simulate/shrink.hpp"
#include "runtime/simulate/violation.hpp"

namespace capstan::runtime {
namespace {

using checker::ExpectationReport;
using checker::Outcome;
using checker::Verdict;
using model::Expectation;
using model::Label;
using model::PropertyKind;

/// One step in this many is one of the environment's, where there is a choice: a run of nothing but
/// cuts and crashes tells little.
constexpr std::uint64_t environment_share = 12;
/// So many first steps are drawn before all are listed.
constexpr int draws_most = 100;

bool is_of_environment(Label::Kind kind) {
  return model::is_strike(kind) || model::is_repair(kind);
}

class Simulator {
 public:
  Simulator(std::shared_ptr<const model::Protocol> protocol, const SimulateOptions& options)
      : protocol_(std::move(protocol)),
        options_(options),
        start_(std::chrono::steady_clock::now()) {
    const auto& expectations = protocol_->scenario.expectations;
    for (std::size_t i = 0; i < expectations.size(); ++i)
      if (checker::is_wanted(expectations[i], options.property) &&
          is_decided_by_runs(expectations[i]))
        open_.push_back(i);
    wanted_ = open_;
    traces_.resize(expectations.size());
    settled_.resize(expectations.size());
  }

  Simulation run() {
    while (result_.runs < options_.runs && !open_.empty() && !error_ && !is_late()) {
      ++result_.runs;
      one_run();
    }
    fill_report();
    return std::move(result_);
  }

 private:
  bool is_late() const {
    return model::is_interrupted() ||
           (options_.seconds_max > 0 && seconds() > options_.seconds_max);
  }

  double seconds() const {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - start_).count();
  }

  void one_run() {
    std::seed_seq seeds{options_.seed, result_.runs};
    random_.seed(seeds);
    World world(*protocol_);
    Watch watch(*protocol_, open_);
    model::Trace trace;
    for (std::uint64_t step = 0; step <= options_.steps; ++step) {
      std::optional<Successor> chosen = step == 0 ? first_step(world) : next_step(world);
      if (!chosen) return;
      const Successor& next = *chosen;
      trace.labels.push_back(next.label);
      world = next.world;
      if (step > 0) ++result_.steps;
      if (world.error()) {
        note_error(trace, *world.error());
        return;
      }
      try {
        for (const std::size_t index : watch.step(world, next.events)) note(index, trace);
      } catch (const model::ModelError& error) {
        note_error(trace, error);
        return;
      }
      if (open_.empty()) return;
    }
  }

  /// The first states are not listed: what clocks show there, and what is chosen, may be too many.
  std::optional<Successor> first_step(const World& world) {
    for (int i = 0; i < draws_most; ++i) {
      std::optional<Successor> drawn = world.drawn_successor([this](std::int64_t size) {
        return static_cast<std::int64_t>(random_() % static_cast<std::uint64_t>(size));
      });
      if (drawn) return drawn;
    }
    return next_step(world);
  }

  std::optional<Successor> next_step(const World& world) {
    std::vector<Successor> successors = world.successors();
    if (successors.empty()) return std::nullopt;
    return std::move(successors[choose(successors)]);
  }

  /// The index of a random successor; the environment's turn comes now and then.
  std::size_t choose(const std::vector<Successor>& successors) {
    std::vector<std::size_t> own, others;
    for (std::size_t i = 0; i < successors.size(); ++i)
      (is_of_environment(successors[i].label.kind) ? others : own).push_back(i);
    const bool is_others_turn =
        own.empty() || (!others.empty() && random_() % environment_share == 0);
    const std::vector<std::size_t>& list = is_others_turn ? others : own;
    return list[random_() % list.size()];
  }

  void note(std::size_t index, const model::Trace& trace) {
    const auto place = std::find(open_.begin(), open_.end(), index);
    if (place == open_.end()) return;  // settled by an earlier step of this run
    open_.erase(place);
    settled_[index] = {result_.runs, trace.labels.size() - 1};
    traces_[index] = shrink(*protocol_, trace, static_cast<int>(index));
  }

  void note_error(const model::Trace& trace, const model::ModelError& error) {
    error_ = error;
    // One that a property's evaluation meets stays as long as it is: no step ends in it.
    error_trace_ = shrink(*protocol_, trace, -1);
    if (error_trace_.labels.size() < 2) error_trace_ = trace;
  }

  void fill_report() {
    checker::ScenarioReport& report = result_.report;
    report = checker::empty_report(protocol_);
    report.seconds = seconds();
    for (const std::size_t index : wanted_) {
      report.expectations.push_back(judge(index));
      result_.settled.push_back(settled_[index]);
    }
    note_not_judged();
    if (!error_) return;
    report.model_error =
        checker::model_error_report(*error_, checker::evidence_of(*protocol_, error_trace_));
  }

  void note_not_judged() {
    for (const Expectation& each : protocol_->scenario.expectations) {
      if (!checker::is_wanted(each, options_.property) || is_decided_by_runs(each)) continue;
      result_.not_judged.push_back(checker::not_judged(each));
      if (each.kind != PropertyKind::Unsupported)
        result_.not_judged.back().remark = "single runs cannot decide it";
    }
    if (protocol_->scenario.expectations.empty())
      result_.not_judged.push_back(checker::nothing_expected("the scenario has no `expect`"));
  }

  ExpectationReport judge(std::size_t index) const {
    const Expectation& expectation = protocol_->scenario.expectations[index];
    const bool is_reachable = expectation.kind == PropertyKind::Reachable;
    const bool is_settled = settled_[index].run > 0;
    const Verdict verdict = !is_settled    ? Verdict::Undecided
                            : is_reachable ? Verdict::Holds
                                           : Verdict::Violated;
    ExpectationReport judged = checker::judged_as(expectation, verdict);
    if (is_settled) {
      judged.evidence = checker::evidence_of(*protocol_, traces_[index]);
      judged.evidence->is_witness = is_reachable;
    }
    return judged;
  }

  std::shared_ptr<const model::Protocol> protocol_;
  const SimulateOptions& options_;
  std::chrono::steady_clock::time_point start_;
  std::mt19937_64 random_;
  std::vector<std::size_t> wanted_, open_;
  std::vector<model::Trace> traces_;          // by expectation: shrunk
  std::vector<Simulation::Settled> settled_;  // by expectation
  std::optional<model::ModelError> error_;
  model::Trace error_trace_;
  Simulation result_;
};

}  // namespace

Simulation simulate(std::shared_ptr<const model::Protocol> protocol,
                    const SimulateOptions& options) {
  return Simulator(std::move(protocol), options).run();
}

}  // namespace capstan::runtime
