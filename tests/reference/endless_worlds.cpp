// SPDX-License-Identifier: MIT
#include "tests/reference/endless_worlds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/execute/availability.hpp"
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
      const int process = successor.label.process;
      if (runtime::ends_without_answer(successor.label, successor.events, process))
        step.refused = process;
      steps_.back().push_back(std::move(step));
    }
  }
  link_sources();
}

void EndlessWorlds::link_sources() {
  sources_.assign(worlds_.size(), {});
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
  using enum model::Label::Kind;
  const model::Label::Kind kind = step.label.kind;
  if (mutant == FairnessMutant::FaultsEnd && (kind == Heal || kind == Restart || kind == Unpause))
    return "repair " + std::to_string(step.label.process) + " " + std::to_string(step.label.fault);
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
  const std::vector<bool> fair = fair_states(inside, visits, mutant);
  return std::find(fair.begin(), fair.end(), true) != fair.end();
}

/// The states in which a fair run may stay for ever.
std::vector<bool> EndlessWorlds::fair_states(const std::vector<bool>& inside,
                                             const std::vector<bool>& visits,
                                             FairnessMutant mutant) const {
  std::vector<bool> done(worlds_.size()), fair(worlds_.size());
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
    if (!visited || !is_fair(together, mutant)) continue;
    for (std::size_t other = 0; other < worlds_.size(); ++other)
      if (together[other]) fair[other] = true;
  }
  return fair;
}

/// For each state the fewest faults, and of those the fewest operations, that lead to it.
std::vector<std::pair<int, int>> EndlessWorlds::efforts() const {
  constexpr int far = 1'000'000;
  std::vector<std::pair<int, int>> least(worlds_.size(), {far, far});
  for (std::size_t state = 0; state < initial_count_; ++state) least[state] = {0, 0};
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t state = 0; state < worlds_.size(); ++state) {
      for (const Step& step : steps_[state]) {
        using enum model::Label::Kind;
        const model::Label::Kind kind = step.label.kind;
        std::pair<int, int> next = least[state];
        next.first += kind == Cut || kind == Crash || kind == Pause || kind == Lose ||
                      kind == Duplicate || kind == Jump;
        next.second += kind == Invoke;
        if (step.is_error || least[state].first == far || next >= least[step.target]) continue;
        least[step.target] = next;
        changed = true;
      }
    }
  }
  return least;
}

/// Without the steps by which faults come and go.
EndlessWorlds EndlessWorlds::frozen(FairnessMutant mutant) const {
  EndlessWorlds made = *this;
  for (std::vector<Step>& steps : made.steps_) {
    std::erase_if(steps, [mutant](const Step& step) {
      using enum model::Label::Kind;
      const model::Label::Kind kind = step.label.kind;
      const bool is_repair = kind == Heal || kind == Restart || kind == Unpause;
      if (mutant == FairnessMutant::FaultsEnd && is_repair) return false;
      return !runtime::keeps_faults(step.label);
    });
  }
  made.link_sources();
  return made;
}

std::optional<Availability> EndlessWorlds::available(const model::Expectation& expectation,
                                                     FairnessMutant mutant) const {
  const EndlessWorlds still = frozen(mutant);
  const std::vector<std::pair<int, int>> effort = efforts();
  Availability answer;
  const auto violate = [&answer](std::pair<int, int> least) {
    answer.least = answer.holds ? least : std::min(answer.least, least);
    answer.holds = false;
  };
  for (int process = 0; process < protocol_.process_count(); ++process) {
    std::vector<bool> waits(worlds_.size());
    for (std::size_t state = 0; state < worlds_.size(); ++state) {
      bool is_owed = false;
      try {
        is_owed = runtime::is_owed_an_answer(worlds_[state], expectation, process);
      } catch (const model::ModelError&) {
        return std::nullopt;
      }
      if (mutant == FairnessMutant::EverybodyCounts)
        is_owed = !protocol_.role_of(process).operations.empty();
      waits[state] = is_owed && worlds_[state].has_pending_operation(process);
      if (!is_owed || mutant == FairnessMutant::RefusalAnswers) continue;
      for (const Step& step : still.steps_[state]) {
        const bool is_invocation = step.label.kind == model::Label::Kind::Invoke;
        if (step.refused == process)
          violate({effort[state].first, effort[state].second + is_invocation});
      }
    }
    const std::vector<bool> all(worlds_.size(), true);
    const std::vector<bool> fair = still.fair_states(waits, all, mutant);
    for (std::size_t state = 0; state < worlds_.size(); ++state)
      if (fair[state]) violate(effort[state]);
  }
  return answer;
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
