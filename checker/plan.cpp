// SPDX-License-Identifier: MIT
#include "checker/plan.hpp"

#include <algorithm>

namespace capstan::checker {
namespace {

using model::Expectation;
using model::PropertyKind;

/// With reductions off, stale replies are in flight and are delivered, which changes nothing: a
/// trace leaves these steps out, and a request whose asker moved on names nobody.
bool is_about_stale_reply(const model::Protocol& protocol, const model::Label& label) {
  return label.message.message >= 0 && label.message.token.is_stale() &&
         protocol.messages[static_cast<std::size_t>(label.message.message)].is_reply;
}

}  // namespace

bool is_wanted(const Expectation& expectation, const std::string& filter) {
  if (filter.empty()) return true;
  const std::string text = expected_text(expectation);
  return text.find(filter) != std::string::npos ||
         expectation.slug.find(filter) != std::string::npos;
}

Plan plan_of(const ProtocolSystem& system, const std::string& filter) {
  const model::Protocol& protocol = system.machine().protocol();
  Plan plan;
  const auto add = [&plan](Goal::Kind kind, int index, bool required) {
    plan.goals.push_back({kind, index, required});
    return plan.goals.size() - 1;
  };
  plan.errors.push_back(add(Goal::Kind::ModelError, -1, false));
  for (std::size_t i = 0; i < protocol.scenario.expectations.size(); ++i) {
    const Expectation& expectation = protocol.scenario.expectations[i];
    plan.of_expectation.emplace_back();
    if (!is_wanted(expectation, filter)) continue;
    const int predicate = system.predicate_of_expectation(static_cast<int>(i));
    std::vector<std::size_t>& goals = plan.of_expectation.back();
    switch (expectation.kind) {
      case PropertyKind::Linearizable:
      case PropertyKind::Regular:
      case PropertyKind::Safe:
      case PropertyKind::BoundedStaleness:
        for (const int track : system.monitors_of(expectation.object, promise_of(expectation)))
          goals.push_back(add(Goal::Kind::TrackViolated, track, true));
        break;
      case PropertyKind::Always:
        goals.push_back(add(Goal::Kind::PredicateFalse, predicate, true));
        break;
      case PropertyKind::Never:
      case PropertyKind::Reachable:
        goals.push_back(add(Goal::Kind::PredicateTrue, predicate, true));
        break;
      case PropertyKind::Eventually:
      case PropertyKind::EventuallyAlways:
      case PropertyKind::Whenever:
      case PropertyKind::ConvergesOn:
        // Judged on the graph of all states (liveness/eventually); here only to meet the states
        // where evaluating it is a model error.
        add(Goal::Kind::PredicateError, predicate, false);
        if (expectation.consequence)
          add(Goal::Kind::PredicateError, system.consequence_of_expectation(static_cast<int>(i)),
              false);
        break;
      case PropertyKind::AvailableTo:
        for (int process = 0; process < system.process_count(); ++process)
          if (const int audience = system.predicate_of_audience(static_cast<int>(i), process);
              audience >= 0)
            add(Goal::Kind::PredicateError, audience, false);
        break;
      case PropertyKind::NoAcknowledgedWriteLost:
      case PropertyKind::AcknowledgedWriteLost:
      case PropertyKind::WithinHops:
      case PropertyKind::Semilattice:
      case PropertyKind::Commutes:
      case PropertyKind::Inductive:
      case PropertyKind::Unsupported:
        break;
    }
  }
  return plan;
}

const Found* shortest(const Exploration& exploration, const std::vector<std::size_t>& goals) {
  const Found* best = nullptr;
  for (const std::size_t goal : goals) {
    const auto& found = exploration.found[goal];
    if (found && (!best || found->labels.size() < best->labels.size())) best = &*found;
  }
  return best;
}

Finding finding_of(const ProtocolSystem& system, const Found& found) {
  Finding finding;
  const model::Protocol& protocol = system.machine().protocol();
  model::Trace trace;
  for (model::Label& label : system.trace_of(found).labels) {
    if (is_about_stale_reply(protocol, label)) continue;
    if (label.message.token.is_stale()) label.message.token = model::Token{};
    trace.labels.push_back(std::move(label));
  }
  finding.evidence = evidence_of(protocol, std::move(trace));
  if (found.error != 0) {
    finding.error = system.error(found.error);
  } else if (found.predicate >= 0) {
    const auto error = system.predicate_errors().find(found.predicate);
    if (error != system.predicate_errors().end()) finding.error = error->second;
  }
  return finding;
}

}  // namespace capstan::checker
