// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_history.hpp"

#include <fmt/format.h>

#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/cut_short.hpp"
#include "checker/symbolic/judge.hpp"
#include "checker/symbolic/why.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"
#include "runtime/command/confirm_staleness.hpp"

namespace capstan::runtime {
namespace {

using model::Failure;
using model::History;
using model::HistoryEvent;
using model::HistoryOperation;

constexpr const char* kNoOrder = "No order of the operations explains what the clients saw";

bool is_read(const model::Protocol& protocol, int object, int op) {
  return model::is_read_only(protocol.objects[static_cast<std::size_t>(object)], op);
}

bool is_of(const HistoryOperation& operation, int object) {
  return object < 0 || operation.object == object;
}

/// All updates, and those reads that `keeps` says yes to.
template <typename Keeps>
History with_reads(const model::Protocol& protocol, const History& history, const Keeps& keeps) {
  History part;
  for (const HistoryOperation& operation : history)
    if (!is_read(protocol, operation.object, operation.op) || keeps(operation))
      part.push_back(operation);
  return part;
}

/// Not regular: some read that no order of the writes explains, all other reads left out.
std::optional<Failure> confirm_irregular(const model::Protocol& protocol, int object,
                                         checker::Evidence& evidence) {
  const History& history = evidence.run.history;
  for (auto read = history.rbegin(); read != history.rend(); ++read) {
    const bool is_meant =
        is_of(*read, object) && !read->is_pending() && is_read(protocol, read->object, read->op);
    if (!is_meant) continue;
    const History alone = with_reads(
        protocol, history, [&](const HistoryOperation& other) { return &other == &*read; });
    const checker::Judgement judgement = checker::Judge(protocol).judge(alone, read->object);
    if (judgement.verdict == checker::Judgement::Verdict::Linearizable) continue;
    return confirm_history(protocol, alone, read->object,
                           "No order of the writes explains what a read returned", evidence);
  }
  return Failure{"the monitor says that the history is not regular, Z3 that each read is"};
}

/// Whether some write of the same object and key, failed ones among them, is under way at some
/// moment of the read.
bool overlaps_write(const model::Protocol& protocol, const model::Run& run,
                    const HistoryOperation& read) {
  std::set<int> writers;
  bool is_going_on = false, is_overlapped = false, has_unknown = false;
  for (std::size_t step = 0; step < run.steps.size(); ++step) {
    for (const HistoryEvent& event : run.steps[step].events) {
      if (event.object != read.object || event.key != read.key) continue;
      const bool is_call = event.kind == HistoryEvent::Kind::Invoke;
      if (!is_read(protocol, event.object, event.op)) {
        if (is_call) writers.insert(event.process);
        if (!is_call) writers.erase(event.process);
        has_unknown = has_unknown || event.kind == HistoryEvent::Kind::Info;
      } else if (event.process == read.process && static_cast<int>(step) == read.invoked) {
        is_going_on = true;
      }
      is_overlapped = is_overlapped || (is_going_on && (!writers.empty() || has_unknown));
      if (event.process == read.process && !is_call && static_cast<int>(step) == read.responded)
        return is_overlapped;
    }
  }
  return is_overlapped;
}

std::optional<Failure> confirm_unsafe(const model::Protocol& protocol, int object,
                                      checker::Evidence& evidence) {
  const History undisturbed = with_reads(
      protocol, evidence.run.history,
      [&](const HistoryOperation& read) { return !overlaps_write(protocol, evidence.run, read); });
  return confirm_history(protocol, undisturbed, object,
                         "No order of the writes explains the reads that none of them overlaps",
                         evidence);
}

}  // namespace

std::optional<model::Failure> confirm_promise(const model::Protocol& protocol,
                                              const model::Expectation& expectation,
                                              checker::Evidence& evidence) {
  using model::PropertyKind;
  CAPSTAN_REQUIRE(model::is_about_histories(expectation.kind), "a promise about histories");
  if (expectation.kind == PropertyKind::Regular)
    return confirm_irregular(protocol, expectation.object, evidence);
  if (expectation.kind == PropertyKind::Safe)
    return confirm_unsafe(protocol, expectation.object, evidence);
  if (expectation.kind == PropertyKind::BoundedStaleness)
    return confirm_staleness(protocol, expectation, evidence);
  return confirm_history(protocol, evidence.run.history, expectation.object, kNoOrder, evidence);
}

namespace {

/// The updates of the run that ended by `fail`, with the step in which they did.
History failed_updates(const model::Protocol& protocol, const model::Run& run) {
  History failed;
  std::map<int, HistoryOperation> pending;  // by process
  for (std::size_t step = 0; step < run.steps.size(); ++step) {
    for (const HistoryEvent& event : run.steps[step].events) {
      if (event.kind == HistoryEvent::Kind::Invoke) {
        HistoryOperation& operation = pending[event.process];
        operation = {};
        operation.process = event.process;
        operation.object = event.object;
        operation.key = event.key;
        operation.op = event.op;
        operation.args = event.args;
        operation.invoked = static_cast<int>(step);
      } else if (event.kind == HistoryEvent::Kind::Fail &&
                 !is_read(protocol, event.object, event.op)) {
        failed.push_back(pending[event.process]);
        failed.back().responded = static_cast<int>(step);
      }
    }
  }
  return failed;
}

}  // namespace

std::optional<model::Failure> confirm_history(const model::Protocol& protocol,
                                              const model::History& history, int object,
                                              const std::string& title,
                                              checker::Evidence& evidence) {
  const checker::Judgement judgement = checker::Judge(protocol).judge(history, object);
  if (judgement.verdict == checker::Judgement::Verdict::Linearizable)
    return model::Failure{"the monitor says that the history is not linearizable, Z3 that it is"};
  evidence.title = title;
  if (judgement.verdict == checker::Judgement::Verdict::Undecided) {
    evidence.why =
        fmt::format("Found by the monitor; Z3 could not confirm it: {}.", judgement.reason);
    return std::nullopt;
  }
  model::Result<checker::Explanation> explanation = model::Failure{"its limits were reached"};
  const auto cut = checker::cut_short(checker::phase::kExplanation, {}, [&] {
    explanation = checker::explain_not_linearizable(protocol, history, object, {},
                                                    failed_updates(protocol, evidence.run));
  });
  if (cut || !explanation) {
    evidence.why = fmt::format("Z3 confirms it, but no short reason was found: {}.",
                               explanation.failure().message);
    return std::nullopt;
  }
  evidence.title = explanation.value().title;
  evidence.explanation = std::move(explanation.value());
  return std::nullopt;
}

}  // namespace capstan::runtime
