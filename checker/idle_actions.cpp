// SPDX-License-Identifier: MIT
#include "checker/idle_actions.hpp"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "checker/cut_short.hpp"
#include "checker/explore/too_large.hpp"
#include "checker/vacuity.hpp"
#include "model/system/effort.hpp"

namespace capstan::checker {
namespace {

using Name = std::pair<std::string, std::string>;  // role, action

/// What all points that were not asked for may cost together, in states.
constexpr std::uint64_t kStatesMax = 1'000'000;

Name name_of(const IdleAction& action) { return {action.role, action.action}; }

bool is_at_stake(const ScenarioReport& report) {
  return !report.idle_actions.empty() &&
         std::ranges::any_of(report.expectations, rests_on_what_is_exercised);
}

/// Where actions are enabled, as far as it is known.
class Enabled {
 public:
  Enabled(const std::vector<ScenarioReport>& reports, const CheckOptions& options)
      : options_(options), states_left_(kStatesMax) {
    for (const ScenarioReport& report : reports) {
      note(report.name, report.enabled_actions);
      for (const IdleAction& action : report.idle_actions)
        if (is_at_stake(report)) wanted_.insert(name_of(action));
      // A proof explores nothing.
      if (report.states == 0 && !report.is_whole)
        unexplored_.push_back(report.protocol);
      else if (!report.is_whole)
        partly_explored_ = report.name;
    }
    for (const auto& [name, where] : where_) wanted_.erase(name);
  }

  void explore_more(const std::vector<std::shared_ptr<const model::Protocol>>& others) {
    unexplored_.insert(unexplored_.end(), others.begin(), others.end());
    for (const auto& protocol : unexplored_)
      if (!wanted_.empty()) explore_one(*protocol);
  }

  /// The first scenario that enables it; empty: none is known to.
  std::string where(const Name& action) const {
    const auto found = where_.find(action);
    return found == where_.end() ? "" : found->second;
  }
  /// A scenario that was not explored to its end; empty: there is none.
  const std::string& partly_explored() const { return partly_explored_; }

 private:
  void note(const std::string& scenario, const std::set<Name>& enabled) {
    for (const Name& name : enabled) where_.try_emplace(name, scenario);
  }

  void explore_one(const model::Protocol& protocol) {
    CheckOptions options = options_;
    const std::uint64_t most = options.explore.states_max;
    options.explore.states_max = most == 0 ? states_left_ : std::min(most, states_left_);
    const auto time = std::make_shared<TimeAbstraction>(protocol, options.horizon);
    // Whatever ends it, what was found of the scenarios that were asked for stays.
    const model::Limits::Wanted limits{options_.explore.seconds_max, options_.resident_bytes_max,
                                       true};
    bool is_cut = false;
    try {
      is_cut = cut_short(phase::kVacuity, limits, [&] {
                 with_time(*time, [&] { return search(protocol, options, time); });
               }).has_value();
    } catch (const TooLarge&) {
      is_cut = true;
    } catch (const model::TooLong&) {
      is_cut = true;
    }
    if (is_cut) partly_explored_ = protocol.scenario.name;
  }

  bool search(const model::Protocol& protocol, CheckOptions options,
              const std::shared_ptr<TimeAbstraction>& time) {
    ProtocolSystem system(protocol, system_options(options, time));
    options.explore.dead_messages = options.explore.dead_messages && options.reductions;
    std::set<Name> open = wanted_;
    options.explore.is_enough = [&](LabelId id, bool) {
      const model::Label& label = system.label(id);
      if (label.kind == model::Label::Kind::Start) open = wanted_;  // a run may be repeated
      if (label.kind != model::Label::Kind::Act) return false;
      const model::Role& role = protocol.role_of(label.process);
      open.erase({role.name, role.actions[static_cast<std::size_t>(label.alternative)].name});
      return open.empty();
    };
    const Exploration exploration = explore(system, {}, options.explore);
    note(protocol.scenario.name, enabled_actions(system, exploration));
    wanted_ = open;
    states_left_ -= std::min(states_left_ - 1, exploration.states);
    const bool is_whole = exploration.end == Exploration::End::Complete && time->is_exact();
    if (!is_whole && !open.empty()) partly_explored_ = protocol.scenario.name;
    return true;
  }

  const CheckOptions& options_;
  std::uint64_t states_left_;
  std::map<Name, std::string> where_;
  std::set<Name> wanted_;  // not yet known to be enabled anywhere
  std::vector<std::shared_ptr<const model::Protocol>> unexplored_;
  std::string partly_explored_;
};

/// Sentences, of which nobody reads more than some.
class Told {
 public:
  void add(std::string sentence) {
    constexpr std::size_t kMost = 50;
    if (sentences_.size() < kMost)
      sentences_.push_back(std::move(sentence));
    else
      ++more_;
  }
  /// Those that were added, and how many more there are.
  std::vector<std::string> all() const {
    std::vector<std::string> all = sentences_;
    if (more_ > 0) all.push_back(fmt::format("and {} more actions like these", more_));
    return all;
  }

 private:
  std::vector<std::string> sentences_;
  std::size_t more_ = 0;
};

void judge(ScenarioReport& report, const Enabled& enabled, bool tells) {
  Told idle, notes;
  for (const IdleAction& action : report.idle_actions) {
    const std::string what =
        fmt::format("the action `{}` of `{}` is never enabled", action.action, action.role);
    const std::string where = enabled.where(name_of(action));
    if (where.empty() && enabled.partly_explored().empty()) {
      idle.add(what + action.reason);
    } else if (tells && !where.empty()) {
      notes.add(fmt::format("{} here, but in `{}`", what, where));
    } else if (tells) {
      notes.add(fmt::format(
          "{} here{}; whether it is elsewhere is not known, as `{}` was not explored to "
          "its end",
          what, action.reason, enabled.partly_explored()));
    }
  }
  for (std::string& note : notes.all()) report.remarks.push_back(std::move(note));
  const std::vector<std::string> never = idle.all();
  if (never.empty()) return;
  for (ExpectationReport& expectation : report.expectations) {
    if (!rests_on_what_is_exercised(expectation)) continue;
    expectation.outcome = Outcome::Vacuous;
    expectation.remark = fmt::format("{}", fmt::join(never, "; "));
  }
}

}  // namespace

void judge_idle_actions(std::vector<ScenarioReport>& reports,
                        const std::vector<std::shared_ptr<const model::Protocol>>& others,
                        const CheckOptions& options) {
  if (std::ranges::none_of(reports, is_at_stake)) return;
  Enabled enabled(reports, options);
  enabled.explore_more(others);
  std::set<std::string> told;  // of a sweep, one point tells
  for (ScenarioReport& report : reports)
    if (is_at_stake(report)) judge(report, enabled, told.insert(report.name).second);
}

}  // namespace capstan::checker
