// SPDX-License-Identifier: MIT
// true_times: the labels of a run with times as the plain executor counts them.
//
// The checker's labels hold times as the checker keeps them (offsets that forget how long ago old
// ones were, distances to a drifting clock, places in an order). The steps of the run tell what
// they stand for: going forward, this keeps what each kept time really is, follows what ticks did
// to old ones (Found::retimings), and rewrites each label. True time is 0 at the start; a reading
// becomes its distance to true time. That a run with such times exists is what the theorem says
// (model/README, time); the plain executor takes each step again and would refuse.
// From: protocol_system, explorer (Found). To: model::Trace. Cost: linear in the run.
#pragma once

#include <vector>

#include "checker/explore/timed_system.hpp"
#include "model/system/local_step.hpp"

namespace capstan::checker {

/// `labels` and `retimings` as in Found; the result may be shorter, as ticks that only tidied an
/// order are no steps.
std::vector<model::Label> with_true_times(const model::LocalMachine& machine,
                                          model::TimeMode::Kind kind,
                                          std::vector<model::Label> labels,
                                          const std::vector<Retiming>& retimings);

}  // namespace capstan::checker
