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
  /// What may be resident in this process, all that it holds: enforced besides what the engine
  /// counts. 0: no limit.
  std::uint64_t resident_bytes_max = 0;
  std::string property;  // only expectations whose slug or text contains this; empty: all
};

/// How a scenario is made a system under these options.
/// `time`: how this scenario keeps times; shared by all of its systems, as it learns.
SystemOptions system_options(const CheckOptions& options,
                             std::shared_ptr<TimeAbstraction> time = nullptr);

/// Checks one scenario at one point, within the limits of time and memory for all of it: what has
/// no verdict when one is reached is undecided. The evidence holds traces only: `run`,
/// `explanation` and `why` are filled by the replay.
ScenarioReport check_scenario(std::shared_ptr<const model::Protocol> protocol,
                              const CheckOptions& options);

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
