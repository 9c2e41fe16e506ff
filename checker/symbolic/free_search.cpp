// SPDX-License-Identifier: MIT
// free_search: see the header.
#include "checker/symbolic/free_search.hpp"

#include <algorithm>
#include <unordered_set>

#include "model/base/limits.hpp"

namespace capstan::checker {

using model::HistoryOperation;
using model::Value;

namespace {
constexpr std::size_t kOperationsMost = 40;  // a mask, and the state's number above it
constexpr std::size_t kStatesMost = 500'000;
}  // namespace

FreeSearch::FreeSearch(const model::Protocol& protocol, const model::History& history,
                       const HistoryPart& part)
    : protocol_(protocol), history_(history), object_(part.object) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(object_)];
  for (const int i : part.operations) {
    const int op = history[static_cast<std::size_t>(i)].op;
    operations_.push_back({i, model::is_read_only(object, op), false, false, {}});
  }
}

void FreeSearch::bind(const std::vector<Fact>& facts) {
  const auto local = [&](int i) {
    const auto at =
        std::find_if(operations_.begin(), operations_.end(),
                     [&](const Operation& operation) { return operation.history_index == i; });
    return static_cast<std::size_t>(at - operations_.begin());
  };
  for (Operation& operation : operations_) {
    operation.is_bound = operation.must_be_placed = false;
    operation.behind.clear();
  }
  for (const Fact& fact : facts) {
    // An operation that only stands behind others may as well be placed last, or be left out.
    operations_[local(fact.first)].must_be_placed = true;
    if (fact.kind == Fact::Kind::Returned)
      operations_[local(fact.first)].is_bound = true;
    else
      operations_[local(fact.second)].behind.push_back(local(fact.first));
  }
}

FreeSearch::Answer FreeSearch::search(const std::vector<Fact>& facts) {
  if (operations_.size() > kOperationsMost) return Answer::TooMany;
  bind(facts);
  std::vector<std::size_t> taking_part;
  std::uint64_t goal = 0;
  for (std::size_t i = 0; i < operations_.size(); ++i) {
    const Operation& operation = operations_[i];
    if (operation.must_be_placed) goal |= std::uint64_t{1} << i;
    if (operation.must_be_placed || !operation.is_read_only) taking_part.push_back(i);
  }
  const std::size_t start = state_id(protocol_.objects[static_cast<std::size_t>(object_)].initial);
  const auto packed = [](std::uint64_t placed, std::size_t state) {
    return static_cast<std::uint64_t>(state) << kOperationsMost | placed;
  };
  std::unordered_set<std::uint64_t> seen{packed(0, start)};
  std::vector<std::pair<std::uint64_t, std::size_t>> open{{0, start}};
  while (!open.empty()) {
    model::poll_limits();
    const auto [placed, state] = open.back();
    open.pop_back();
    if ((placed & goal) == goal) return Answer::Order;
    if (seen.size() > kStatesMost || states_.size() > kStatesMost) return Answer::TooMany;
    for (const std::size_t i : taking_part) {
      const Operation& mine = operations_[i];
      const bool is_ready = std::all_of(
          mine.behind.begin(), mine.behind.end(),
          [placed = placed](std::size_t before) { return (placed >> before & 1U) != 0; });
      if ((placed >> i & 1U) != 0 || !is_ready) continue;
      const auto answered = answer(i, state);
      if (!answered || (mine.is_bound && !answered->is_as_seen)) continue;
      const std::uint64_t next = placed | std::uint64_t{1} << i;
      if (seen.insert(packed(next, answered->state)).second)
        open.emplace_back(next, answered->state);
    }
  }
  return Answer::NoOrder;
}

std::size_t FreeSearch::state_id(const Value& state) {
  const auto [place, is_new] = state_ids_.try_emplace(state, states_.size());
  if (is_new) states_.push_back(state);
  return place->second;
}

std::optional<FreeSearch::Answered> FreeSearch::answer(std::size_t i, std::size_t state) {
  const auto [place, is_new] = answers_.try_emplace({i, state});
  if (!is_new) return place->second;
  const HistoryOperation& operation =
      history_[static_cast<std::size_t>(operations_[i].history_index)];
  try {
    const model::ObjectAnswer answer =
        model::apply(protocol_, object_, states_[state], operation.op, operation.args);
    place->second = Answered{state_id(answer.state), answer.result == operation.result};
  } catch (const model::ModelError&) {
    place->second = std::nullopt;  // an order that meets a model error explains nothing
  }
  return place->second;
}

}  // namespace capstan::checker
