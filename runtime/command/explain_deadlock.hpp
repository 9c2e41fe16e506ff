// SPDX-License-Identifier: MIT
// explain_deadlock: who waits for ever at the end of a run, for whose answer, and why that never
// comes.
//
// From: confirm (a replayed run in whose last state nothing changes any more while an operation is
// pending). To: the deadlock remark, its story and picture. The plain executor's last state says
// where each operation is suspended; the steps say what became of each request: lost, kept away by
// a cut or a guard, or handled, by code that ended without an answer, crashed, or waits itself.
// Cost: a pass over the run for each request.
// Tested by: tests/cases/words/missing_reply.cap
#pragma once

#include <string>

#include "model/behaviour/trace.hpp"
#include "model/source/source_file.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

struct DeadlockWords {
  std::string title;  // "Client 1 waits for ever in read()"
  std::string text;   // of the first who waits: "Client 1 waits for ever in read() for `Got` from
                      // Server: Server handled Get() in step 2, and its handler (line 9) ended
                      // without a reply"; and how many wait as well
  std::string why;    // the same of all who wait
};

/// The trace with the deliveries that the checker's dropping of dead messages left out
/// (checker/reduce/dead) behind it: those that change nothing but that the message is gone. Not in
/// kept networks, where it never is.
model::Trace with_idle_deliveries(const model::Protocol& protocol, model::Trace trace);

/// `run` is the trace's.
DeadlockWords explain_deadlock(const model::Protocol& protocol, const model::Trace& trace,
                               const model::Run& run, const model::SourceFile& source);

}  // namespace capstan::runtime
