// SPDX-License-Identifier: MIT
// protocol_hops: what a ProtocolSystem does where hops are counted (liveness/hops): promises that
// an answer breaks, and messages that differ in their hops only.
#include <algorithm>
#include <utility>

#include "checker/explore/protocol_system.hpp"

namespace capstan::checker {

using model::MessageInstance;
using model::Outcome;

/// Which promises of an answer within some hops the step breaks.
void ProtocolSystem::tell_hops(const Outcome& outcome, LocalStep& step) {
  for (std::size_t i = 0; outcome.hops >= 0 && i < tracks_.size(); ++i) {
    if (tracks_[i].kind != Track::Kind::Hops) continue;
    const model::Expectation& expectation =
        protocol_.scenario.expectations[static_cast<std::size_t>(tracks_[i].object)];
    const std::pair operation{outcome.events.back().object, outcome.events.back().op};
    if (outcome.hops > expectation.hops &&
        std::ranges::find(expectation.operations, operation) != expectation.operations.end())
      step.events.push_back({static_cast<std::uint16_t>(i), 1});
  }
}

int ProtocolSystem::hops_track_of_expectation(int expectation) const {
  for (std::size_t i = 0; i < tracks_.size(); ++i)
    if (tracks_[i].kind == Track::Kind::Hops && tracks_[i].object == expectation)
      return static_cast<int>(i);
  return -1;
}

/// Without the hops that it carries.
MessageId ProtocolSystem::plain(MessageId message) {
  MessageInstance instance = messages_[message].instance;
  if (instance.chain == model::Chain{}) return message;
  instance.chain = {};
  return intern_message(instance);
}

}  // namespace capstan::checker
