// SPDX-License-Identifier: MIT
// component_picture: what can still happen once clients have stopped and faults are over: a box for
// each strong component, how many states it has, whether a fair run can stay there, and whether
// those compared agree in it. Steps lead downwards; the counterexample's way is drawn thick.
//
// From: Evidence (ComponentMap). To: write. Tested by:
// tests/unit/reports/component_picture_test.cpp
#pragma once

#include "checker/finding.hpp"
#include "reports/frame.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

Picture component_picture(const checker::ComponentMap& map, const Caption& caption);

}  // namespace capstan::reports
