// SPDX-License-Identifier: MIT
// check: the pipeline of one scenario at one point: Protocol -> exploration -> verdicts, outcomes
// and traces.
//
// From: typed/typecheck. To: runtime/command, which replays every trace in the plain executor and
// has Z3 confirm and explain each history before anything is reported. Nothing here decides twice:
// goals are looked for in one exploration, and expectations are read off it. Soundness of the
// reductions used: checker/README.md.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "checker/explore/explorer.hpp"
#include "checker/explore/protocol_system.hpp"
#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct CheckOptions {
  ExploreOptions explore;
  bool reductions = true;  // off: no dead-message removal, dead locals kept
  bool attempts = true;    // off: what is not inductive is not shown in other ways
  bool full = false;       // explore everything even when all expectations are settled (counts)
  bool shortest = false;   // counterexamples as they are met, with the fewest steps (minimal.hpp)
  /// Bound on ticks: times are then kept as they are, and what is not violated up to there is
  /// undecided. 0: only where nothing else is exact.
  int horizon = 0;
  bool coverage = false;  // fill ScenarioReport::uncovered (wants `full`)
  std::string property;   // only expectations whose slug or text contains this; empty: all
};

/// How a scenario is made a system under these options.
/// `time`: how this scenario keeps times; shared by all of its systems, as it learns.
SystemOptions system_options(const CheckOptions& options,
                             std::shared_ptr<TimeAbstraction> time = nullptr);

/// Checks one scenario at one point. The evidence holds traces only: `run`, `explanation` and `why`
/// are filled by the replay.
ScenarioReport check_scenario(std::shared_ptr<const model::Protocol> protocol,
                              const CheckOptions& options);

/// What is said of a scenario whose check was ended by model::TooLong, which check_scenario throws
/// where one evaluation or one step takes too much: all is undecided.
ScenarioReport stopped_report(std::shared_ptr<const model::Protocol> protocol,
                              const CheckOptions& options, const std::string& reason);

/// A history that the exploration met, and what the monitor said of it.
struct AuditedHistory {
  std::vector<model::HistoryEvent> events;
  bool linearizable = true;
};

/// Explores once more with the whole history in the state, and returns every distinct complete
/// history (nothing pending but unknown operations), in order of discovery. For --audit. `end`
/// tells whether the exploration was complete.
std::vector<AuditedHistory> collect_histories(const model::Protocol& protocol,
                                              const CheckOptions& options, Exploration::End& end);

}  // namespace capstan::checker
