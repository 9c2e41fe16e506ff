// SPDX-License-Identifier: MIT
// hops: how many messages, one after another, lie between the invocation of an operation and what
// serves it (`within h hops`).
//
// From: system/local_step and segment, where hops are counted. A segment has the hops of what set
// it off: an operation's first segment none, a handler's those of its message, one behind an ask
// the most of the replies that count, one behind a `wait until` also those of the step that made
// the condition true, if that served the same operation. What a segment sends has one more. Whoever
// serves no pending operation carries none. Both executors count for themselves; this is the
// checker's side. Tested by: tests/differential/hops_reference_test.cpp
#pragma once

#include "model/system/process_state.hpp"

namespace capstan::model {

/// What a message carries that is sent by a segment of `chain`. `most`: more count as this many.
Chain one_more(const Chain& chain, int most);

/// A reply that counts has come to the ask. One that something else set off stands for a request
/// and a reply: two more than the ask had.
void count_reply(Activation& waiting, const MessageInstance& reply, int most);

/// The step that made the awaited condition true served `chain`.
void count_step(Activation& waiting, const Chain& chain);

/// The activation goes on.
void go_on(Activation& activation);

/// The operation of `client` has ended: what served it serves nobody.
ProcessState without_chain(ProcessState state, int client);
MessageInstance without_chain(MessageInstance message, int client);

}  // namespace capstan::model
