// SPDX-License-Identifier: MIT
#include "runtime/execute/availability.hpp"

#include <algorithm>
#include <map>

#include "model/system/participants.hpp"

namespace capstan::runtime {

using model::Label;
using model::Protocol;

namespace {

int role_number(const Protocol& protocol, int process) {
  return protocol.types.processes()[static_cast<std::size_t>(process)].role;
}

int home_of(const World& world, int process) {
  const int slot = world.protocol().home_slot(world.protocol().role_of(process));
  if (slot < 0) return -1;
  const Process& state = world.processes()[static_cast<std::size_t>(process)];
  return static_cast<int>(state.variables[static_cast<std::size_t>(slot)].number());
}

bool is_named(const World& world, const model::Expectation& expectation, int process) {
  if (!expectation.members) return true;
  const model::Value whom = world.value(*expectation.members, expectation.frame);
  const model::Value one = model::Value::integer(process);
  if (whom.kind() != model::Value::Kind::Set) return whom == one;
  return std::find(whom.elements().begin(), whom.elements().end(), one) != whom.elements().end();
}

bool are_partners(const Protocol& protocol, int one, int other) {
  return protocol.is_used_link(one, other) || protocol.is_used_link(other, one);
}

/// Whether cuts leave the process none of the servers that it has to do with.
bool is_alone(const World& world, int process) {
  const Protocol& protocol = world.protocol();
  int partners = 0, left = 0;
  for (const int server : model::servers(protocol)) {
    if (!are_partners(protocol, process, server)) continue;
    ++partners;
    if (!is_apart(world, process, server)) ++left;
  }
  return partners > 0 && left == 0;
}

bool reaches_majorities(const World& world, int process) {
  std::map<int, int> size, reached;  // by role
  const int home = home_of(world, process);
  for (const int server : model::servers(world.protocol())) {
    const int role = role_number(world.protocol(), server);
    ++size[role];
    // Those of the two that exchange messages with it at all decide.
    std::vector<int> ends;
    for (const int end : {process, home})
      if (end >= 0 && are_partners(world.protocol(), end, server)) ends.push_back(end);
    const bool is_near = server == process || server == home || ends.empty() ||
                         std::any_of(ends.begin(), ends.end(),
                                     [&](int end) { return !is_apart(world, end, server); });
    if (is_near && is_running(world, server)) ++reached[role];
  }
  return std::all_of(size.begin(), size.end(),
                     [&reached](const auto& one) { return 2 * reached[one.first] > one.second; });
}

}  // namespace

bool is_running(const World& world, int process) {
  const Process& state = world.processes()[static_cast<std::size_t>(process)];
  return state.is_up && !state.is_paused;
}

bool is_apart(const World& world, int one, int other) {
  const auto is_stopped = [&world](int from, int to) {
    return world.protocol().is_used_link(from, to) && world.is_blocked(from, to);
  };
  return is_stopped(one, other) || is_stopped(other, one);
}

bool is_owed_an_answer(const World& world, const model::Expectation& expectation, int process) {
  if (world.protocol().role_of(process).operations.empty()) return false;
  if (!is_running(world, process) || !is_named(world, expectation, process)) return false;
  const int home = home_of(world, process);
  if (home >= 0 && !is_running(world, home)) return false;
  if (home < 0 && is_alone(world, process)) return false;
  return expectation.audience != model::Audience::Majority || reaches_majorities(world, process);
}

bool keeps_faults(const Label& label) {
  using enum Label::Kind;
  switch (label.kind) {
    case Lose:
    case Duplicate:
    case Cut:
    case Heal:
    case Crash:
    case Restart:
    case Jump:
    case Pause:
    case Unpause:
      return false;
    case Start:
    case Invoke:
    case Deliver:
    case Act:
    case Resume:
    case GiveUp:
    case PassWait:
    case Tick:
      return true;
  }
  return false;
}

bool ends_without_answer(const Label& label, const std::vector<model::HistoryEvent>& events,
                         int process) {
  return keeps_faults(label) &&
         std::any_of(events.begin(), events.end(), [process](const model::HistoryEvent& event) {
           return event.process == process && (event.kind == model::HistoryEvent::Kind::Fail ||
                                               event.kind == model::HistoryEvent::Kind::Info);
         });
}

}  // namespace capstan::runtime
