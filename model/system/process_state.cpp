// SPDX-License-Identifier: MIT
#include "model/system/process_state.hpp"

#include <algorithm>
#include <cstring>

#include "model/base/require.hpp"

namespace capstan::model {
namespace {

void put(std::string& bytes, int number) {
  char raw[sizeof number];
  std::memcpy(raw, &number, sizeof number);
  bytes.append(raw, sizeof number);
}

int take(std::string_view& bytes) {
  int number = 0;
  CAPSTAN_REQUIRE(bytes.size() >= sizeof number, "bytes of a whole process state");
  std::memcpy(&number, bytes.data(), sizeof number);
  bytes.remove_prefix(sizeof number);
  return number;
}

void put(std::string& bytes, const std::vector<Value>& values) {
  put(bytes, static_cast<int>(values.size()));
  for (const Value& value : values) value.append_to(bytes);
}

std::vector<Value> take_values(std::string_view& bytes) {
  std::vector<Value> values(static_cast<std::size_t>(take(bytes)));
  for (Value& value : values) value = Value::read(bytes);
  return values;
}

std::string to_bytes(const Activation& activation) {
  std::string bytes;
  put(bytes, activation.body);
  put(bytes, activation.at);
  put(bytes, activation.slot);
  put(bytes, activation.sender);
  put(bytes, activation.asker.process);
  put(bytes, activation.asker.slot);
  put(bytes, activation.has_replied ? 1 : 0);
  activation.key.append_to(bytes);
  put(bytes, static_cast<int>(activation.quorum));
  put(bytes, activation.is_ready ? 1 : 0);
  Value::integer(activation.deadline).append_to(bytes);
  for (const int number : {activation.chain.client, activation.chain.hops, activation.reached})
    put(bytes, number);
  put(bytes, activation.locals);
  put(bytes, activation.replies);
  return bytes;
}

Activation take_activation(std::string_view& bytes) {
  Activation activation;
  activation.body = take(bytes);
  activation.at = take(bytes);
  activation.slot = take(bytes);
  activation.sender = take(bytes);
  activation.asker.process = take(bytes);
  activation.asker.slot = take(bytes);
  activation.has_replied = take(bytes) != 0;
  activation.key = Value::read(bytes);
  activation.quorum = take(bytes);
  activation.is_ready = take(bytes) != 0;
  activation.deadline = Value::read(bytes).number();
  activation.chain.client = take(bytes);
  activation.chain.hops = take(bytes);
  activation.reached = take(bytes);
  activation.locals = take_values(bytes);
  activation.replies = take_values(bytes);
  return activation;
}

}  // namespace

int ProcessState::free_slot() const {
  for (int slot = 0;; ++slot) {
    const bool taken = std::any_of(activations.begin(), activations.end(),
                                   [slot](const Activation& a) { return a.slot == slot; });
    if (!taken) return slot;
  }
}

Activation* ProcessState::find_slot(int slot) {
  for (Activation& activation : activations)
    if (activation.slot == slot) return &activation;
  return nullptr;
}

std::string ProcessState::to_bytes() {
  std::vector<std::pair<std::string, std::size_t>> keys;
  for (std::size_t i = 0; i < activations.size(); ++i)
    keys.emplace_back(model::to_bytes(activations[i]), i);
  std::sort(keys.begin(), keys.end());
  std::string bytes;
  put(bytes, variables);
  put(bytes, synced);
  put(bytes, (is_down ? 1 : 0) | (is_paused ? 2 : 0));
  put(bytes, script_position);
  for (const std::int64_t number : {clock.last, clock.offset, clock.jumped,
                                    static_cast<std::int64_t>(clock.unusual), clock.true_time})
    Value::integer(number).append_to(bytes);
  put(bytes, static_cast<int>(activations.size()));
  std::vector<Activation> sorted;
  for (const auto& [key, index] : keys) {
    bytes += key;
    sorted.push_back(std::move(activations[index]));
  }
  activations = std::move(sorted);
  return bytes;
}

ProcessState ProcessState::from_bytes(std::string_view bytes) {
  ProcessState state;
  state.variables = take_values(bytes);
  state.synced = take_values(bytes);
  const int standing = take(bytes);
  state.is_down = (standing & 1) != 0;
  state.is_paused = (standing & 2) != 0;
  state.script_position = take(bytes);
  state.clock.last = Value::read(bytes).number();
  state.clock.offset = Value::read(bytes).number();
  state.clock.jumped = Value::read(bytes).number();
  state.clock.unusual = static_cast<std::uint64_t>(Value::read(bytes).number());
  state.clock.true_time = Value::read(bytes).number();
  state.activations.resize(static_cast<std::size_t>(take(bytes)));
  for (Activation& activation : state.activations) activation = take_activation(bytes);
  CAPSTAN_ENSURE(bytes.empty(), "nothing follows a process state");
  return state;
}

}  // namespace capstan::model
