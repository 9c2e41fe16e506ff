// SPDX-License-Identifier: MIT
#include "tests/reference/available_worlds.hpp"

#include <algorithm>
#include <map>
#include <set>

#include "runtime/execute/availability.hpp"
#include "runtime/execute/fairness.hpp"

namespace capstan::tests {

using runtime::Successor;
using runtime::World;

AvailableWorlds::AvailableWorlds(const model::Protocol& protocol, std::size_t states_max)
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

void AvailableWorlds::link_sources() {
  sources_.assign(worlds_.size(), {});
  for (std::size_t state = 0; state < worlds_.size(); ++state)
    for (const Step& step : steps_[state])
      if (!step.is_error) sources_[step.target].push_back(state);
}

std::optional<std::string> AvailableWorlds::turn_of(const Step& step,
                                                    AvailabilityMutant mutant) const {
  if (mutant == AvailabilityMutant::NoFairness) return std::nullopt;
  using enum model::Label::Kind;
  const model::Label::Kind kind = step.label.kind;
  if (mutant == AvailabilityMutant::FaultsEnd &&
      (kind == Heal || kind == Restart || kind == Unpause))
    return "repair " + std::to_string(step.label.process) + " " + std::to_string(step.label.fault);
  return step.turn;
}

/// All states inside that can be reached from this one, or from which it can be reached, through
/// states inside.
std::vector<bool> AvailableWorlds::walk(std::size_t from, const std::vector<bool>& inside,
                                        bool forward) const {
  std::vector<bool> seen(worlds_.size());
  seen[from] = true;
  for (std::vector<std::size_t> ahead{from}; !ahead.empty();) {
    const std::size_t state = ahead.back();
    ahead.pop_back();
    std::vector<std::size_t> next;
    if (!forward) next = sources_[state];
    for (const Step& step : steps_[state])
      if (forward && !step.is_error) next.push_back(step.target);
    for (const std::size_t other : next) {
      if (!inside[other] || seen[other]) continue;
      seen[other] = true;
      ahead.push_back(other);
    }
  }
  return seen;
}

bool AvailableWorlds::is_fair(const std::vector<bool>& set, AvailabilityMutant mutant) const {
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

/// The states in which a fair run may stay for ever.
std::vector<bool> AvailableWorlds::fair_states(const std::vector<bool>& inside,
                                               AvailabilityMutant mutant) const {
  std::vector<bool> done(worlds_.size()), fair(worlds_.size());
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (!inside[state] || done[state]) continue;
    std::vector<bool> together = walk(state, inside, true);
    const std::vector<bool> back = walk(state, inside, false);
    for (std::size_t other = 0; other < worlds_.size(); ++other) {
      together[other] = together[other] && back[other];
      if (together[other]) done[other] = true;
    }
    if (!is_fair(together, mutant)) continue;
    for (std::size_t other = 0; other < worlds_.size(); ++other)
      if (together[other]) fair[other] = true;
  }
  return fair;
}

/// For each state the fewest faults, and of those the fewest operations, that lead to it.
std::vector<std::pair<int, int>> AvailableWorlds::efforts() const {
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
AvailableWorlds AvailableWorlds::frozen(AvailabilityMutant mutant) const {
  AvailableWorlds made = *this;
  for (std::vector<Step>& steps : made.steps_) {
    std::erase_if(steps, [mutant](const Step& step) {
      using enum model::Label::Kind;
      const model::Label::Kind kind = step.label.kind;
      const bool is_repair = kind == Heal || kind == Restart || kind == Unpause;
      if (mutant == AvailabilityMutant::FaultsEnd && is_repair) return false;
      return !runtime::keeps_faults(step.label);
    });
  }
  made.link_sources();
  return made;
}

std::optional<Availability> AvailableWorlds::available(const model::Expectation& expectation,
                                                       AvailabilityMutant mutant) const {
  const AvailableWorlds still = frozen(mutant);
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
      if (mutant == AvailabilityMutant::EverybodyCounts)
        is_owed = !protocol_.role_of(process).operations.empty();
      waits[state] = is_owed && worlds_[state].has_pending_operation(process);
      if (!is_owed || mutant == AvailabilityMutant::RefusalAnswers) continue;
      for (const Step& step : still.steps_[state]) {
        const bool is_invocation = step.label.kind == model::Label::Kind::Invoke;
        if (step.refused == process)
          violate({effort[state].first, effort[state].second + is_invocation});
      }
    }
    const std::vector<bool> fair = still.fair_states(waits, mutant);
    for (std::size_t state = 0; state < worlds_.size(); ++state)
      if (fair[state]) violate(effort[state]);
  }
  return answer;
}

}  // namespace capstan::tests
