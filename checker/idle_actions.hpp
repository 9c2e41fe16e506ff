// SPDX-License-Identifier: MIT
// idle_actions: actions that no point of any scenario of a file enables.
//
// From: the reports on the scenarios of one file (checker/check). To: the same reports. An action
// that nothing enables at one point, and something at another, is as it should be (a repair, where
// nothing breaks): a note. One that nothing enables at any point makes what passed vacuous: what it
// was written for was put to no test. Points that were not asked for count as well, so that an
// outcome does not depend on what else is checked: they are explored for this only where it
// matters, and only until each action is seen or a budget is spent. What is not known then is told
// in a note. Tested by: tests/unit/checker/idle_actions_test.cpp
#pragma once

#include <memory>
#include <vector>

#include "checker/check.hpp"
#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

/// Judges the idle actions of all reports of one file. `others`: the points of the file that the
/// reports leave out.
void judge_idle_actions(std::vector<ScenarioReport>& reports,
                        const std::vector<std::shared_ptr<const model::Protocol>>& others,
                        const CheckOptions& options);

}  // namespace capstan::checker
