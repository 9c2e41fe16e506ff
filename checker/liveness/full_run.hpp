// SPDX-License-Identifier: MIT
// full_run: a run of the graph without dead messages as a run of the whole protocol.
//
// From: liveness/fair_runs. To: traces, which the plain executor replays with nothing dropped. The
// labels are taken in both, and what only the full run has in flight is delivered as soon as it can
// be: that changes nothing but the network. Then the full run is fair if the other is, and its
// cycle comes back to where it began, unless dead messages that cannot even be delivered (a guard
// is false for ever) pile up. Where time passes the cycle comes back but for old times, which the
// checker does not tell apart (model/README, time).
#pragma once

#include "checker/explore/protocol_system.hpp"
#include "checker/explore/state_space.hpp"
#include "checker/liveness/fair_runs.hpp"

namespace capstan::checker {

/// The run, and of each label's step what it did to old stamps; without time no list of those.
struct FullRunLabels {
  FairRun run;
  std::vector<Retiming> retimings;
};

/// `reduced` is the space of the graph that the run is of. The labels of the answer follow those of
/// `run` with deliveries between them; the cycle may begin a few rounds later.
FullRunLabels full_run(Questions& questions, StateSpace& reduced, const ProtocolSystem& system,
                       const FairRun& run);

/// The same as a trace, with times as the plain executor counts them.
model::Trace full_trace(Questions& questions, StateSpace& reduced, const ProtocolSystem& system,
                        const FairRun& run);

}  // namespace capstan::checker
