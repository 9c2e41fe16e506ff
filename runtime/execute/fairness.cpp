// SPDX-License-Identifier: MIT
#include "runtime/execute/fairness.hpp"

#include <algorithm>
#include <vector>

namespace capstan::runtime {

using model::Label;

namespace {

void append(std::string& bytes, std::int64_t number) {
  model::Value::integer(number).append_to(bytes);
}

void append(std::string& bytes, const std::vector<model::Value>& values) {
  append(bytes, static_cast<std::int64_t>(values.size()));
  for (const model::Value& value : values) value.append_to(bytes);
}

void append(std::string& bytes, const model::MessageInstance& message) {
  append(bytes, message.source);
  append(bytes, message.destination);
  append(bytes, message.message);
  append(bytes, message.fields);
}

}  // namespace

std::optional<std::string> fair_turn(const model::Protocol& protocol, const Label& label,
                                     bool faults_are_over) {
  using enum Label::Kind;
  std::string turn;
  append(turn, static_cast<std::int64_t>(label.kind));
  append(turn, label.process);
  if (faults_are_over && (label.kind == Heal || label.kind == Restart || label.kind == Unpause)) {
    append(turn, label.fault);
    return turn;
  }
  if (label.kind == Deliver) {
    append(turn, label.message);
    // Of a request it does not matter whether somebody still waits for the answer.
    const model::Token& token = label.message.token;
    if (token.process == label.message.destination) token.as_value().append_to(turn);
    return turn;
  }
  if (label.kind == Resume) {
    append(turn, label.at);
    append(turn, label.locals);
    append(turn, label.message);
    label.message.token.as_value().append_to(turn);
    return turn;
  }
  if (label.kind == GiveUp) {
    append(turn, label.slot);
    return turn;
  }
  if (label.kind == Tick) return turn;
  if (label.kind != Act) return std::nullopt;
  const std::vector<model::Action>& actions = protocol.role_of(label.process).actions;
  if (actions.at(static_cast<std::size_t>(label.alternative)).optional) return std::nullopt;
  append(turn, label.alternative);
  append(turn, label.args);
  for (const int choice : label.choices) append(turn, choice);
  return turn;
}

bool has_come_back(const World& earlier, const World& later) {
  if (earlier.canonical() == later.canonical()) return true;
  if (earlier.protocol().scenario.network_fifo) return false;  // messages behind others count
  if (earlier.canonical(false) != later.canonical(false)) return false;
  std::vector<model::MessageInstance> added;
  for (const model::MessageCopy& copy : later.in_flight()) added.push_back(copy.message);
  for (const model::MessageCopy& copy : earlier.in_flight()) {
    const auto same = std::find(added.begin(), added.end(), copy.message);
    if (same == added.end()) return false;
    added.erase(same);
  }
  const std::vector<Label> enabled = later.enabled();
  return std::none_of(enabled.begin(), enabled.end(), [&added](const Label& label) {
    return label.kind == Label::Kind::Deliver &&
           std::find(added.begin(), added.end(), label.message) != added.end();
  });
}

}  // namespace capstan::runtime
