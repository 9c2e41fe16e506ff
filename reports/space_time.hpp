// SPDX-License-Identifier: MIT
// space_time: the main picture of a run: one lane a process, time downwards, the story on the left
// and the reason below.
//
// From: Evidence, through scene (what) and layout (where). To: canvas. It works for whatever a run
// shows: a broken history, a false invariant, a model error, a deadlock, a witness. More than some
// thirty steps are drawn in dense rows. Tested by: tests/unit/reports/space_time_test.cpp (golden
// DOT, and that nothing overlaps).
#pragma once

#include "checker/finding.hpp"
#include "model/typed/protocol.hpp"
#include "reports/frame.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

Picture space_time(const model::Protocol& protocol, const checker::Evidence& evidence,
                   const Caption& caption);

}  // namespace capstan::reports
