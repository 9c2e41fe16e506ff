// SPDX-License-Identifier: MIT
#include "tests/reference/lasting_worlds.hpp"

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>

#include "runtime/execute/availability.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/fairness.hpp"

namespace capstan::tests {

using model::Label;
using runtime::Successor;
using runtime::World;

namespace {

/// Whether every comparison and every sum of times is one that these constants cover, as seen from
/// present 0.
class Covered final : public model::TimeRules {
 public:
  explicit Covered(TimesKept times) : times_(times) {}
  void compared(std::int64_t x, std::int64_t y, std::int64_t c) override {
    is_enough = is_enough && (std::abs(c) <= times_.gap || std::abs(x - y) <= times_.gap ||
                              std::min(x, y) >= -times_.horizon);
  }
  void stored(std::int64_t x, std::int64_t result) override {
    is_enough = is_enough && x >= -times_.horizon && result >= times_.gap - times_.horizon;
  }
  bool is_enough = true;

 private:
  TimesKept times_;
};

/// The longest way from the state through these states; nullopt: it goes round.
std::optional<std::size_t> longest(std::size_t state,
                                   const std::vector<std::map<std::size_t, std::size_t>>& steps,
                                   std::map<std::size_t, std::optional<std::size_t>>& known,
                                   std::set<std::size_t>& open) {
  if (const auto found = known.find(state); found != known.end()) return found->second;
  if (!open.insert(state).second) return std::nullopt;
  std::optional<std::size_t> best = 0;
  for (const auto& [target, weight] : steps[state]) {
    const auto rest = longest(target, steps, known, open);
    if (!rest) best.reset();
    if (best) best = std::max(*best, *rest + weight);
  }
  open.erase(state);
  known[state] = best;
  return best;
}

}  // namespace

LastingWorlds::LastingWorlds(const model::Protocol& protocol, std::size_t states_max,
                             TimesKept times)
    : protocol_(protocol), times_(times) {
  const bool has_time = protocol.scenario.has_ticks();
  std::map<std::string, std::size_t> ids;
  const auto settled = [&](const World& world) {
    return has_time ? world.settled(times.horizon, times.gap) : world;
  };
  const auto arrive = [&](const World& world) {
    const auto [place, added] = ids.try_emplace(world.canonical(), worlds_.size());
    if (added) worlds_.push_back(world);
    return place->second;
  };
  Covered covered(times);
  World first(protocol);
  first.set_horizon(World::kNoHorizon);
  for (const Successor& start : first.successors())
    if (!start.world.error()) arrive(settled(start.world));
  initial_count_ = worlds_.size();
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (worlds_.size() > states_max || !covered.is_enough) {
      gave_up_ = true;
      return;
    }
    steps_.emplace_back();
    World source = worlds_[state];
    source.set_time_rules(&covered);
    for (Successor& successor : source.successors()) {
      successor.world.set_time_rules(nullptr);
      Step step;
      step.label = successor.label;
      step.is_error = successor.world.error().has_value();
      if (runtime::ends_without_answer(successor.label, successor.events, step.label.process))
        step.refused = step.label.process;
      if (!step.is_error) {
        const World next = settled(successor.world);
        step.target = arrive(next);
        if (has_time) {  // what is possible stays in its order
          const std::vector<Label> before = successor.world.enabled(), after = next.enabled();
          for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
            const auto was = runtime::fair_turn(protocol, before[i], true);
            if (was) step.renamed[*was] = runtime::fair_turn(protocol, after[i], true).value_or("");
          }
        }
      }
      steps_.back().push_back(std::move(step));
    }
  }
  sources_.resize(worlds_.size());
  for (std::size_t state = 0; state < worlds_.size(); ++state)
    for (std::size_t i = 0; i < steps_[state].size(); ++i)
      if (!steps_[state][i].is_error) sources_[steps_[state][i].target].emplace_back(state, i);
}

std::optional<std::string> LastingWorlds::turn_of(const Label& label, Rules rules) const {
  if (rules.mutant == LastingMutant::NoFairness) return std::nullopt;
  if (rules.mutant == LastingMutant::OptionalIsFair && label.kind == Label::Kind::Act) {
    std::string turn =
        "act " + std::to_string(label.process) + " " + std::to_string(label.alternative);
    for (const model::Value& value : label.args) value.append_to(turn);
    for (const int choice : label.choices) turn += " " + std::to_string(choice);
    return turn;
  }
  const bool repairs = (rules.is_calm && rules.mutant != LastingMutant::RepairsAreOptional) ||
                       rules.mutant == LastingMutant::FaultsEnd;
  return runtime::fair_turn(protocol_, label, repairs);
}

bool LastingWorlds::may_go_on(const Step& step, Rules rules) const {
  if (rules.is_frozen)
    return runtime::keeps_faults(step.label) ||
           (rules.mutant == LastingMutant::FaultsEnd && model::is_repair(step.label.kind));
  if (!rules.is_calm) return true;
  using enum Label::Kind;
  switch (step.label.kind) {
    case Invoke:
    case Lose:
    case Duplicate:
    case Cut:
    case Crash:
    case Jump:
    case Pause:
      return false;
    default:
      return true;
  }
}

/// The turns that are possible under every reading of the clock.
std::vector<std::string> LastingWorlds::owed(std::size_t state, Rules rules) const {
  std::map<std::string, std::set<std::int64_t>> readings;
  std::map<std::string, int> process;
  std::set<std::string> without;
  for (const Step& step : steps_[state]) {
    const auto turn = may_go_on(step, rules) ? turn_of(step.label, rules) : std::nullopt;
    if (!turn) continue;
    process[*turn] = step.label.process;
    if (step.label.reading)
      readings[*turn].insert(*step.label.reading);
    else
      without.insert(*turn);
  }
  std::vector<std::string> turns(without.begin(), without.end());
  for (const auto& [turn, shown] : readings) {
    if (without.contains(turn)) continue;
    const runtime::Readings all = worlds_[state].readings(process[turn]);
    if (rules.mutant == LastingMutant::AnyReading ||
        static_cast<std::int64_t>(shown.size()) == all.high - all.low + 1)
      turns.push_back(turn);
  }
  return turns;
}

/// All states inside that can be reached from these through states inside.
std::vector<bool> LastingWorlds::reached(const std::vector<bool>& from,
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

std::vector<bool> LastingWorlds::walk(std::size_t from, const std::vector<bool>& inside,
                                      bool forward, Rules rules) const {
  std::vector<bool> seen(worlds_.size());
  seen[from] = true;
  std::vector<std::size_t> ahead{from};
  const auto arrive = [&](std::size_t state) {
    if (!inside[state] || seen[state]) return;
    seen[state] = true;
    ahead.push_back(state);
  };
  while (!ahead.empty()) {
    const std::size_t state = ahead.back();
    ahead.pop_back();
    if (forward) {
      for (const Step& step : steps_[state])
        if (!step.is_error && may_go_on(step, rules)) arrive(step.target);
    } else {
      for (const auto& [source, i] : sources_[state])
        if (may_go_on(steps_[source][i], rules)) arrive(source);
    }
  }
  return seen;
}

/// Whether some way inside the set leads from the state to where this turn is taken, or possible no
/// more.
bool LastingWorlds::is_served(std::size_t state, const std::string& turn,
                              const std::vector<bool>& set, Rules rules) const {
  std::set<std::pair<std::size_t, std::string>> seen{{state, turn}};
  std::vector<std::pair<std::size_t, std::string>> ahead{{state, turn}};
  while (!ahead.empty()) {
    const auto [at, what] = ahead.back();
    ahead.pop_back();
    const std::vector<std::string> here = owed(at, rules);
    if (std::find(here.begin(), here.end(), what) == here.end()) return true;
    for (const Step& step : steps_[at]) {
      if (step.is_error || !set[step.target] || !may_go_on(step, rules)) continue;
      if (turn_of(step.label, rules) == what) return true;
      std::string next = what;
      const auto renamed = step.renamed.find(what);
      if (rules.mutant != LastingMutant::OldContents && protocol_.scenario.has_ticks())
        next = renamed == step.renamed.end() ? "" : renamed->second;
      if (seen.emplace(step.target, next).second) ahead.emplace_back(step.target, next);
    }
  }
  return false;
}

bool LastingWorlds::is_fair(const std::vector<bool>& set, Rules rules) const {
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (!set[state]) continue;
    for (const std::string& turn : owed(state, rules))
      if (!is_served(state, turn, set, rules)) return false;
  }
  return true;
}

bool LastingWorlds::has_fair(const std::vector<bool>& inside, const std::vector<bool>& visits,
                             Rules rules) const {
  const std::vector<bool> fair = fair_states(inside, visits, rules, true);
  return std::find(fair.begin(), fair.end(), true) != fair.end();
}

/// The states in which a fair run may stay for ever; or those of one such run.
std::vector<bool> LastingWorlds::fair_states(const std::vector<bool>& inside,
                                             const std::vector<bool>& visits, Rules rules,
                                             bool one_is_enough) const {
  std::vector<bool> done(worlds_.size()), fair(worlds_.size());
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (!inside[state] || done[state]) continue;
    std::vector<bool> together = walk(state, inside, true, rules);
    const std::vector<bool> back = walk(state, inside, false, rules);
    bool visited = false;
    for (std::size_t other = 0; other < worlds_.size(); ++other) {
      together[other] = together[other] && back[other];
      if (!together[other]) continue;
      done[other] = true;
      visited = visited || visits[other];
    }
    if (!visited || !is_fair(together, rules)) continue;
    if (one_is_enough) return together;
    for (std::size_t other = 0; other < worlds_.size(); ++other)
      if (together[other]) fair[other] = true;
  }
  return fair;
}

bool LastingWorlds::covers(const model::Expectation& expectation) const {
  Covered covered(times_);
  for (World world : worlds_) {
    world.set_time_rules(&covered);
    try {
      if (expectation.condition) world.can_look(*expectation.condition, expectation.frame, true);
      if (expectation.consequence)
        world.can_look(*expectation.consequence, expectation.consequence_frame, true);
    } catch (const model::ModelError&) {
      continue;
    }
  }
  return covered.is_enough;
}

std::optional<bool> LastingWorlds::holds(const model::Expectation& expectation,
                                         LastingMutant mutant) const {
  if (expectation.kind == model::PropertyKind::AvailableTo) {
    const std::optional<Availability> found = available(expectation, mutant);
    return found ? std::optional(found->holds) : std::nullopt;
  }
  std::vector<bool> first, second;
  const auto by_any = [](const World& world, const model::Expr& formula,
                         const model::Frame& frame) {
    return world.can_look(formula, frame, true);
  };
  const auto by_all = [](const World& world, const model::Expr& formula,
                         const model::Frame& frame) {
    return !world.can_look(formula, frame, false);
  };
  const bool is_other = mutant == LastingMutant::OtherLooks;
  try {
    for (const World& world : worlds_) {
      // Waited for until no reading of the clocks denies it; set off by any reading.
      const bool sets_off = expectation.consequence != nullptr;
      first.push_back(sets_off != is_other
                          ? by_any(world, *expectation.condition, expectation.frame)
                          : by_all(world, *expectation.condition, expectation.frame));
      if (!sets_off) continue;
      const model::Frame& frame = expectation.consequence_frame;
      second.push_back(is_other ? by_any(world, *expectation.consequence, frame)
                                : by_all(world, *expectation.consequence, frame));
    }
  } catch (const model::ModelError&) {
    return std::nullopt;
  }
  std::vector<bool> start(worlds_.size()), all(worlds_.size(), true), not_first = first;
  for (std::size_t i = 0; i < initial_count_; ++i) start[i] = true;
  not_first.flip();
  switch (expectation.kind) {
    case model::PropertyKind::Eventually:
      return !has_fair(reached(start, not_first), all, {mutant});
    case model::PropertyKind::EventuallyAlways:
      return !has_fair(all, not_first, {mutant});
    case model::PropertyKind::ConvergesOn:
      return !has_fair(all, not_first, {mutant, true});
    case model::PropertyKind::Whenever:
      second.flip();
      return !has_fair(reached(first, second), all, {mutant});
    default:
      return std::nullopt;
  }
}

/// For each state the fewest faults, and of those the fewest operations, that lead to it.
std::vector<std::pair<int, int>> LastingWorlds::efforts() const {
  constexpr int far = 1'000'000;
  std::vector<std::pair<int, int>> least(worlds_.size(), {far, far});
  for (std::size_t state = 0; state < initial_count_; ++state) least[state] = {0, 0};
  for (bool changed = true; changed;) {
    changed = false;
    for (std::size_t state = 0; state < worlds_.size(); ++state) {
      for (const Step& step : steps_[state]) {
        std::pair<int, int> next = least[state];
        next.first += model::is_strike(step.label.kind);
        next.second += step.label.kind == Label::Kind::Invoke;
        if (step.is_error || least[state].first == far || next >= least[step.target]) continue;
        least[step.target] = next;
        changed = true;
      }
    }
  }
  return least;
}

/// Nobody who is owed an answer waits for ever, or is refused one.
std::optional<Availability> LastingWorlds::available(const model::Expectation& expectation,
                                                     LastingMutant mutant) const {
  const Rules rules{mutant, false, true};
  const std::vector<bool> all(worlds_.size(), true);
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
      if (mutant == LastingMutant::EverybodyCounts)
        is_owed = !protocol_.role_of(process).operations.empty();
      waits[state] = is_owed && worlds_[state].has_pending_operation(process);
      if (!is_owed || mutant == LastingMutant::RefusalAnswers) continue;
      for (const Step& step : steps_[state]) {
        const bool is_invocation = step.label.kind == Label::Kind::Invoke;
        if (step.refused == process && may_go_on(step, rules))
          violate({effort[state].first, effort[state].second + is_invocation});
      }
    }
    const std::vector<bool> fair = fair_states(waits, all, rules, false);
    for (std::size_t state = 0; state < worlds_.size(); ++state)
      if (fair[state]) violate(effort[state]);
  }
  return answer;
}

std::optional<std::size_t> LastingWorlds::window(const std::function<bool(const World&)>& agree,
                                                 bool with_faults) const {
  std::vector<std::map<std::size_t, std::size_t>> steps(worlds_.size());
  std::vector<std::size_t> differing;
  for (std::size_t state = 0; state < worlds_.size(); ++state) {
    if (agree(worlds_[state])) continue;
    differing.push_back(state);
    // A step that changes nothing does not go on.
    for (const Step& step : steps_[state])
      if (!step.is_error && may_go_on(step, {LastingMutant::None, !with_faults}) &&
          step.target != state)
        steps[state][step.target] |= step.label.kind != Label::Kind::Tick;
  }
  std::map<std::size_t, std::optional<std::size_t>> known;
  std::set<std::size_t> open;
  std::optional<std::size_t> best = 0;
  for (const std::size_t state : differing) {
    const auto here = longest(state, steps, known, open);
    if (!here) return std::nullopt;
    best = std::max(*best, *here);
  }
  return best;
}

namespace {

/// The first of the copies in flight that equal this message.
std::optional<std::size_t> first_copy(const World& world, const model::MessageInstance& message) {
  const auto& all = world.in_flight();
  const auto found = std::ranges::find(all, message, &model::MessageCopy::message);
  if (found == all.end()) return std::nullopt;
  return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

/// How each chain that may end in the state goes on in the step. `ends`: there all agree.
void LastingWorlds::add_chains(std::size_t state, const Step& step, bool ends, bool idle_counts,
                               std::vector<ChainStep>& out) const {
  const World& before = worlds_[state];
  World after = before;
  const auto record = after.apply(step.label);
  if (!record) return;
  const World& target = worlds_[step.target];
  const bool has_time = protocol_.scenario.has_ticks();
  const World settled = has_time ? after.settled(times_.horizon, times_.gap) : after;
  const auto add = [&](ChainEnd from, std::optional<ChainEnd> to, bool is_hop) {
    if (ends) to.reset();
    if (to || is_hop) out.push_back({from, to, is_hop});
  };
  const auto on_copy = [&](std::uint64_t id) -> std::optional<ChainEnd> {
    const auto& all = settled.in_flight();
    const auto found = std::ranges::find(all, id, &model::MessageCopy::id);
    if (found == all.end()) return std::nullopt;
    return ChainEnd{step.target, -1, first_copy(target, found->message).value()};
  };
  const auto is_there = [&](std::uint64_t id) { return on_copy(id).has_value(); };
  for (int process = 0; process < protocol_.process_count(); ++process) {
    const ChainEnd from{state, process, 0};
    add(from, ChainEnd{step.target, process, 0}, false);
    for (const model::MessageCopy& sent : record.value().sent)
      if (process == step.label.process && is_there(sent.id)) add(from, on_copy(sent.id), false);
  }
  for (const model::MessageCopy& copy : before.in_flight()) {
    const ChainEnd from{state, -1, first_copy(before, copy.message).value()};
    if (record.value().delivered != copy.id) {
      if (is_there(copy.id)) add(from, on_copy(copy.id), false);
      continue;
    }
    const bool changes = idle_counts || before.canonical(false) != after.canonical(false);
    const auto& sent = record.value().sent;
    if (changes) add(from, ChainEnd{step.target, copy.message.destination, 0}, true);
    if (!sent.empty()) add(from, std::nullopt, true);
    for (const model::MessageCopy& next : sent)
      if (is_there(next.id)) add(from, on_copy(next.id), true);
  }
}

std::optional<std::size_t> LastingWorlds::window_hops(
    const std::function<bool(const World&)>& agree, bool idle_counts) const {
  std::vector<bool> differs;
  for (const World& world : worlds_) differs.push_back(!agree(world));
  std::vector<ChainStep> steps;
  for (std::size_t state = 0; state < worlds_.size(); ++state)
    for (const Step& step : steps_[state])
      if (differs[state] && !step.is_error && step.target != state &&
          may_go_on(step, {LastingMutant::None, true}))
        add_chains(state, step, !differs[step.target], idle_counts, steps);
  std::map<ChainEnd, std::size_t> longest;
  for (const ChainStep& step : steps) longest[step.from];
  std::size_t best = 0;
  // A way without circles of hops has fewer than there are ends of chains.
  for (bool goes_on = true; goes_on;) {
    goes_on = false;
    for (const ChainStep& step : steps) {
      const auto rest = step.to ? longest.find(*step.to) : longest.end();
      const std::size_t hops = (step.is_hop ? 1 : 0) + (rest == longest.end() ? 0 : rest->second);
      if (hops <= longest[step.from]) continue;
      longest[step.from] = hops;
      best = std::max(best, hops);
      goes_on = true;
      if (hops > longest.size()) return std::nullopt;
    }
  }
  return best;
}

}  // namespace capstan::tests
