// SPDX-License-Identifier: MIT
// history: the picture of what the clients saw: the operations of the contradiction as bars, and
// under them the orders tried, each with the state between its points and the place where it
// breaks.
//
// From: an Explanation (its orders) and the run that it explains. To: canvas. Columns stand where
// something is called or answered; their distances come from the labels, not from time. Only the
// operations of the contradiction are drawn. Tested by: tests/unit/reports/history_test.cpp.
#pragma once

#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"
#include "reports/frame.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

/// Evidence with an explanation that names operations.
Picture history_picture(const model::Protocol& protocol, const checker::Evidence& evidence,
                        const Caption& caption);

}  // namespace capstan::reports
