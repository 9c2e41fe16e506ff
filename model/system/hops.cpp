// SPDX-License-Identifier: MIT
#include "model/system/hops.hpp"

#include <algorithm>

#include "model/system/local_step.hpp"

namespace capstan::model {

Chain one_more(const Chain& chain, int most) {
  if (chain.client < 0) return {};
  return {chain.client, std::min(chain.hops + 1, most)};
}

void count_reply(Activation& waiting, const MessageInstance& reply, int most) {
  if (waiting.chain.client < 0) return;
  const bool is_same = reply.chain.client == waiting.chain.client;
  const int hops = is_same ? reply.chain.hops : waiting.chain.hops + 2;
  waiting.reached = std::max(waiting.reached, std::min(hops, most));
}

void count_step(Activation& waiting, const Chain& chain) {
  if (waiting.chain.client < 0) return;
  waiting.reached = chain.client == waiting.chain.client ? chain.hops : 0;
}

void go_on(Activation& activation) {
  activation.chain.hops = std::max(activation.chain.hops, activation.reached);
  activation.reached = 0;
}

ProcessState without_chain(ProcessState state, int client) {
  for (Activation& activation : state.activations) {
    if (activation.chain.client != client) continue;
    activation.chain = {};
    activation.reached = 0;
  }
  return state;
}

MessageInstance without_chain(MessageInstance message, int client) {
  if (message.chain.client == client) message.chain = {};
  return message;
}

/// What a segment of `chain` made true, or false again, for those that wait.
void LocalMachine::count_for_waiting(int process, const ProcessState& before, const Chain& chain,
                                     Outcome& outcome) const {
  const auto is_true = [&](const ProcessState& state, const Activation& activation) {
    Reading reading(0);  // with a clock hops are not counted
    try {
      return can_go_on(process, state, activation, reading);
    } catch (const ModelError&) {
      return false;
    }
  };
  const ProcessState after = outcome.next;
  for (Activation& waiting : outcome.next.activations) {
    if (waiting.slot >= 0 || waiting.is_ready) continue;
    const bool is_now = is_true(after, waiting);
    if (!is_now) waiting.reached = 0;
    if (is_now && !is_true(before, waiting)) count_step(waiting, chain);
  }
}

}  // namespace capstan::model
