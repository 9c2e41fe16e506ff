// SPDX-License-Identifier: MIT
// derivation: from a core's facts to a contradiction by rules, each small enough to be a sentence.
//
// From: why. To: wording (makes the sentences). Forward chaining without Z3: real-time facts are
// edges; a read whose only possible source is known puts every other write before the source or
// behind the read; a source is ruled out if it comes too late or is overwritten; a cycle, or a read
// without a source left, is the contradiction. There is no case split: where two sources stay
// possible the caller lists orders instead. For counters: what comes before a read for certain, and
// what may, bounds what it can return.
// Cost: polynomial in the part's operations.
// Tested by: tests/unit/checker/symbolic_why_test.cpp
#pragma once

#include <optional>
#include <vector>

#include "checker/symbolic/core.hpp"
#include "checker/symbolic/explanation.hpp"

namespace capstan::checker {

/// A sentence before it has words; operations are positions in the history.
struct DerivedLine {
  Rule rule = Rule::RealTime;
  int before = -1, after = -1, reader = -1, source = -1;
  int cell = -1;              // of a set: which element
  std::vector<int> premises;  // indices of earlier lines
  /// Operations other than the reader whose answers the line rests on: that a `cas` or an
  /// `acquire` took effect, or did not.
  std::vector<int> answers = {};
};

struct Derivation {
  std::vector<DerivedLine> lines;  // only those that are used; every fact they rest on is said
  Rule contradiction = Rule::Cycle;
  std::vector<int> contradicting;  // indices of lines
};

/// Nothing if the rules do not reach a contradiction.
std::optional<Derivation> derive(const model::Protocol& protocol, const model::History& history,
                                 const HistoryPart& part, const Core& core);

/// The amounts that some of `amounts` can add up to; nothing if there are too many.
std::optional<std::vector<std::int64_t>> subset_sums(const std::vector<std::int64_t>& amounts);

/// How often `value` is put into a queue or log, at the start and by operations of the part.
int put_count(const model::Protocol& protocol, const model::History& history,
              const HistoryPart& part, const model::Value& value);

/// What the answer of a dequeue, or of a read of a log, shows.
std::vector<model::Value> shown_values(const model::Protocol& protocol,
                                       const model::HistoryOperation& operation);

/// What an update adds to a counter.
std::int64_t counter_amount(const model::Protocol& protocol,
                            const model::HistoryOperation& operation);

}  // namespace capstan::checker
