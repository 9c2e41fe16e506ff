// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_staleness.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "checker/symbolic/staleness.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::runtime {
namespace {

using model::Failure;
using model::History;
using model::HistoryOperation;

/// What the reasons are made of.
struct Told {
  const model::Protocol& protocol;
  const History& history;

  bool is_read(const HistoryOperation& operation) const {
    return model::is_read_only(object(operation), operation.op);
  }
  const model::Object& object(const HistoryOperation& operation) const {
    return protocol.objects[static_cast<std::size_t>(operation.object)];
  }
  const std::string& client(const HistoryOperation& operation) const {
    return protocol.types.processes()[static_cast<std::size_t>(operation.process)].name;
  }
  std::string value(const HistoryOperation& read, const model::Value& value) const {
    return protocol.types.format(object(read).ops[static_cast<std::size_t>(read.op)].result, value);
  }
  std::string returned(const HistoryOperation& read) const {
    return fmt::format("{}.read returned {} to {}", object(read).name, value(read, read.result),
                       client(read));
  }
  std::string write(const HistoryOperation& read, const HistoryOperation& write) const {
    return fmt::format("write({}) of {}", value(read, write.args.at(0)), client(write));
  }
};

/// Calls `body` with each write whose value the read may have returned; with nullptr for the value
/// that the register begins with.
void for_each_source(const Told& told, const HistoryOperation& read,
                     const std::function<void(const HistoryOperation*)>& body) {
  if (read.result == told.object(read).initial) body(nullptr);
  for (const HistoryOperation& write : told.history)
    if (write.object == read.object && write.key == read.key && !told.is_read(write) &&
        write.args.at(0) == read.result && !checker::is_before(read, write))
      body(&write);
}

/// The writes that every order has between a write (nullptr: the beginning) and a read.
std::vector<const HistoryOperation*> certainly_between(const Told& told,
                                                       const HistoryOperation* write,
                                                       const HistoryOperation& read) {
  std::vector<const HistoryOperation*> between;
  for (const HistoryOperation& other : told.history)
    if (other.object == read.object && other.key == read.key && &other != write &&
        !told.is_read(other) && checker::is_before(other, read) &&
        (write == nullptr || checker::is_before(*write, other)))
      between.push_back(&other);
  return between;
}

/// `reason` of each answered read (what it returned is told first), until one is not empty. It is
/// told of each possible source; a read without any has a reason of its own.
template <typename Reason>
std::string first_reason(const Told& told, const Reason& reason) {
  for (const HistoryOperation& read : told.history) {
    if (read.is_pending() || !told.is_read(read)) continue;
    std::vector<const HistoryOperation*> sources;
    for_each_source(told, read, [&](const HistoryOperation* source) { sources.push_back(source); });
    if (sources.empty()) return fmt::format("{}, which nobody had written.", told.returned(read));
    const std::string found = reason(read, sources);
    if (!found.empty()) return fmt::format("{}. {}", told.returned(read), found);
  }
  return "";
}

/// A read such that `staleness` writes or more had been answered, one after another or not, since
/// the last write of what it returned. Empty if the reason is more involved.
std::string why_behind(const Told& told, int staleness) {
  return first_reason(told, [&](const HistoryOperation& read, const auto& sources) {
    std::vector<const HistoryOperation*> fewest = certainly_between(told, sources.front(), read);
    for (const HistoryOperation* source : sources) {
      auto between = certainly_between(told, source, read);
      if (between.size() < fewest.size()) fewest = std::move(between);
    }
    if (fewest.size() < static_cast<std::size_t>(staleness)) return std::string();
    std::string newer;
    for (const HistoryOperation* write : fewest)
      newer += (newer.empty() ? "" : ", ") + told.write(read, *write);
    return fmt::format(
        "When that read began, {} newer write{} had been answered: {}. It may return one of the {} "
        "newest values.",
        fewest.size(), fewest.size() == 1 ? "" : "s", newer, staleness);
  });
}

std::string ticks_text(std::int64_t ticks) {
  return fmt::format("{} tick{}", ticks, ticks == 1 ? "" : "s");
}

/// A read whose value had been overwritten for certain, whoever wrote it, more than `ticks` ticks
/// before it began. Empty if the reason is more involved.
std::string why_late(const Told& told, const std::vector<std::int64_t>& times, int ticks) {
  const auto time = [&](int step) { return times[static_cast<std::size_t>(step)]; };
  return first_reason(told, [&](const HistoryOperation& read, const auto& sources) {
    const HistoryOperation* last = nullptr;  // the overwriting of the source overwritten last
    for (const HistoryOperation* source : sources) {
      const HistoryOperation* first = nullptr;
      for (const HistoryOperation* write : certainly_between(told, source, read))
        if (first == nullptr || write->responded < first->responded) first = write;
      if (first == nullptr) return std::string();
      if (last == nullptr || last->responded < first->responded) last = first;
    }
    const std::int64_t began = time(read.invoked);
    const std::int64_t overwritten = time(last->responded);
    if (began - overwritten <= ticks) return std::string();
    return fmt::format(
        "The read began at tick {}; {} had been overwritten by tick {}, when {} was answered: {} "
        "before. The bound is {}.",
        began, told.value(read, read.result), overwritten, told.write(read, *last),
        ticks_text(began - overwritten), ticks_text(ticks));
  });
}

}  // namespace

std::optional<Failure> confirm_staleness(const model::Protocol& protocol,
                                         const model::Expectation& expectation,
                                         checker::Evidence& evidence) {
  const History& history = evidence.run.history;
  const Told told{protocol, history};
  const int ticks = expectation.stale_ticks;
  std::vector<std::int64_t> times;
  for (const model::StepRecord& step : evidence.run.steps) times.push_back(step.true_time);
  const checker::Judgement judgement =
      ticks < 0
          ? checker::judge_staleness(protocol, history, expectation.object, expectation.staleness)
          : checker::judge_staleness(protocol,
                                     checker::with_early_reads(protocol, history, times, ticks),
                                     expectation.object, 1);
  if (judgement.verdict == checker::Judgement::Verdict::Linearizable)
    return Failure{"the monitor says that a read is too stale, Z3 that none is"};
  evidence.title = ticks < 0
                       ? fmt::format("A read returns a value that is older than the {} newest",
                                     expectation.staleness)
                       : fmt::format("A read returns a value that was out of date for more than {}",
                                     ticks_text(ticks));
  if (judgement.verdict == checker::Judgement::Verdict::Undecided) {
    evidence.why =
        fmt::format("Found by the monitor; Z3 could not confirm it: {}.", judgement.reason);
    return std::nullopt;
  }
  evidence.why = ticks < 0 ? why_behind(told, expectation.staleness) : why_late(told, times, ticks);
  if (!evidence.why.empty()) return std::nullopt;
  evidence.why = ticks < 0
                     ? fmt::format(
                           "Z3 confirms that no order of the operations gives each read one of "
                           "the {} newest values.",
                           expectation.staleness)
                     : fmt::format(
                           "Z3 confirms that no order of the operations explains what the reads "
                           "returned, even if each had begun up to {} earlier.",
                           ticks_text(ticks));
  return std::nullopt;
}

}  // namespace capstan::runtime
