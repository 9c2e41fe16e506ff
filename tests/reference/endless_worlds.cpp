// SPDX-License-Identifier: MIT
#include "tests/reference/endless_worlds.hpp"

#include <map>
#include <set>

#include "runtime/execute/fairness.hpp"

namespace capstan::tests {

using runtime::Successor;
using runtime::World;

EndlessWorlds::EndlessWorlds(const model::Protocol& protocol, std::size_t states_max)
    : protocol_(protocol) {
  std::map<std::string, std::size_t> ids;
  const auto arrive = [&](const World& world) {
    const auto [place, added] = ids.try_emplace(world.canonical(), worlds_.size());
    if (added) worlds_.push_back(world);
    return place->second;
  };
  for (const Successor& start : World(protocol).successors())
    if (!start.world.error()) arrive(start.world);
  initial_count_ = worlds_.size();
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (worlds_.size() > states_max) {
      gave_up_ = true;
      return;
    }
    steps_.emplace_back();
    const std::vector<Successor> successors = worlds_[state].successors();
    for (const Successor& successor : successors) {
      Step step;
      step.label = successor.label;
      step.is_error = successor.world.error().has_value();
      if (!step.is_error) step.target = arrive(successor.world);
      step.turn = runtime::fair_turn(protocol, successor.label);
      steps_.back().push_back(std::move(step));
    }
  }
  sources_.resize(worlds_.size());
  for (std::size_t state = 0; state < worlds_.size(); ++state)
    for (const Step& step : steps_[state])
      if (!step.is_error) sources_[step.target].push_back(state);
}

std::optional<std::string> EndlessWorlds::turn_of(const Step& step, FairnessMutant mutant) const {
  if (mutant == FairnessMutant::NoFairness) return std::nullopt;
  if (mutant == FairnessMutant::OptionalIsFair && step.label.kind == model::Label::Kind::Act) {
    std::string turn =
        "act " + std::to_string(step.label.process) + " " + std::to_string(step.label.alternative);
    for (const model::Value& value : step.label.args) value.append_to(turn);
    for (const int choice : step.label.choices) turn += " " + std::to_string(choice);
    return turn;
  }
  return step.turn;
}

/// All states inside that can be reached from these through states inside.
std::vector<bool> EndlessWorlds::reached(const std::vector<bool>& from,
                                         const std::vector<bool>& inside) const {
  std::vector<bool> seen(worlds_.size());
  std::vector<std::size_t> ahead;
  const auto arrive = [&](std::size_t state) {
    if (!inside[state] || seen[state]) return;
    seen[state] = true;
    ahead.push_back(state);
  };
  for (std::size_t state = 0; state < worlds_.size(); ++state)
    if (from[state]) arrive(state);
  while (!ahead.empty()) {
    const std::size_t state = ahead.back();
    ahead.pop_back();
    for (const Step& step : steps_[state])
      if (!step.is_error) arrive(step.target);
  }
  return seen;
}

std::vector<bool> EndlessWorlds::walk(std::size_t from, const std::vector<bool>& inside,
                                      bool forward) const {
  std::vector<bool> start(worlds_.size());
  start[from] = true;
  if (forward) return reached(start, inside);
  std::vector<bool> seen = start;
  std::vector<std::size_t> ahead{from};
  while (!ahead.empty()) {
    const std::size_t state = ahead.back();
    ahead.pop_back();
    for (const std::size_t source : sources_[state]) {
      if (!inside[source] || seen[source]) continue;
      seen[source] = true;
      ahead.push_back(source);
    }
  }
  return seen;
}

bool EndlessWorlds::is_fair(const std::vector<bool>& set, FairnessMutant mutant) const {
  std::optional<std::set<std::string>> always;
  std::set<std::string> taken;
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (!set[state]) continue;
    std::set<std::string> here;
    for (const Step& step : steps_[state]) {
      const std::optional<std::string> turn = turn_of(step, mutant);
      if (!turn) continue;
      here.insert(*turn);
      if (!step.is_error && set[step.target]) taken.insert(*turn);
    }
    if (!always) always = here;
    std::erase_if(*always, [&here](const std::string& turn) { return !here.contains(turn); });
  }
  for (const std::string& turn : *always)
    if (!taken.contains(turn)) return false;
  return true;
}

bool EndlessWorlds::has_fair(const std::vector<bool>& inside, const std::vector<bool>& visits,
                             FairnessMutant mutant) const {
  std::vector<bool> done(worlds_.size());
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (!inside[state] || done[state]) continue;
    std::vector<bool> together = walk(state, inside, true);
    const std::vector<bool> back = walk(state, inside, false);
    bool visited = false;
    for (std::size_t other = 0; other < worlds_.size(); ++other) {
      together[other] = together[other] && back[other];
      if (!together[other]) continue;
      done[other] = true;
      visited = visited || visits[other];
    }
    if (visited && is_fair(together, mutant)) return true;
  }
  return false;
}

std::optional<bool> EndlessWorlds::holds(const model::Expectation& expectation,
                                         FairnessMutant mutant) const {
  std::vector<bool> first, second;
  try {
    for (const World& world : worlds_) {
      first.push_back(world.holds(*expectation.condition, expectation.frame));
      if (expectation.consequence)
        second.push_back(world.holds(*expectation.consequence, expectation.consequence_frame));
    }
  } catch (const model::ModelError&) {
    return std::nullopt;
  }
  std::vector<bool> start(worlds_.size()), all(worlds_.size(), true), not_first = first;
  for (std::size_t i = 0; i < initial_count_; ++i) start[i] = true;
  not_first.flip();
  switch (expectation.kind) {
    case model::PropertyKind::Eventually:
      return !has_fair(reached(start, not_first), all, mutant);
    case model::PropertyKind::EventuallyAlways:
      return !has_fair(all, not_first, mutant);
    case model::PropertyKind::Whenever:
      second.flip();
      return !has_fair(reached(first, second), all, mutant);
    default:
      return std::nullopt;
  }
}

}  // namespace capstan::tests
