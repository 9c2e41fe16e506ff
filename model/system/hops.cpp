// SPDX-License-Identifier: MIT
#include "model/system/hops.hpp"

#include <algorithm>

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

}  // namespace capstan::model
