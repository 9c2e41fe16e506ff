// SPDX-License-Identifier: MIT
// look: the value of a property that reads clocks, in one state.
//
// Whoever looks at the whole state sees on each clock one time for all of the look, any that the
// clock may show (model/README, time); looking changes nothing, so it bounds no later reading. The
// plain executor's own way to try them, apart from the checker's (checker/explore/
// protocol_predicates): a clock that has not been asked yet stops the evaluation, which begins
// again for each time that it may show, those next to true time first. Cost: an evaluation for each
// combination of readings, and one more for each clock. Tested by:
// tests/unit/runtime/look_test.cpp, tests/differential/timed_reference_test.cpp.
#pragma once

#include <optional>
#include <vector>

#include "model/behaviour/trace.hpp"
#include "model/system/evaluate.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// A state, and what its clocks may show.
struct Sight {
  const model::Protocol& protocol;
  const model::GlobalView& state;
  const std::vector<model::Value>& ghosts;
  std::vector<model::Readings> readings;  // by process
  std::int64_t true_time = 0;
  model::TimeRules* time_rules = nullptr;  // told of comparisons, as in Environment
};

/// Readings with which the condition is `wanted`, in the order in which they were asked for;
/// nullopt if there are none. Throws ModelError if evaluating the condition is one for some
/// readings.
std::optional<std::vector<model::ShownTime>> look_for(const Sight& sight,
                                                      const model::Expr& condition,
                                                      const model::Frame& frame, bool wanted);

/// Calls `body` with an environment for conditions of this frame in which clocks show these times:
/// those that `look_for` found, for whoever evaluates the condition or a part of it once more.
void with_shown(const Sight& sight, const model::Frame& frame,
                const std::vector<model::ShownTime>& shown,
                const std::function<void(model::Environment&)>& body);

}  // namespace capstan::runtime
