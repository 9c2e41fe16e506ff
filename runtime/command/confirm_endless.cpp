// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_endless.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdlib>
#include <map>
#include <set>
#include <vector>

#include "checker/symbolic/wording.hpp"
#include "model/base/require.hpp"
#include "runtime/command/confirm_available.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/fairness.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using checker::listed;
using model::Expectation;
using model::Label;
using model::PropertyKind;

/// Whether constants cover what is asked of times (SEMANTICS 3.4): then two worlds that are alike
/// under them have the same steps.
class Coverage final : public model::TimeRules {
 public:
  Coverage(std::int64_t horizon, std::int64_t gap) : horizon_(horizon), gap_(gap) {}
  void compared(std::int64_t x, std::int64_t y, std::int64_t c) override {
    const bool is_near = std::abs(c) <= gap_ || std::abs(x - y) <= gap_;
    is_enough = is_enough && (is_near || (is_exact(x) && is_exact(y)));
  }
  void stored(std::int64_t x, std::int64_t result) override {
    is_enough = is_enough && is_exact(x) && result - present >= gap_ - horizon_;
  }
  std::int64_t present = 0;
  bool is_enough = true;

 private:
  bool is_exact(std::int64_t time) const { return time - present >= -horizon_; }
  std::int64_t horizon_, gap_;
};

/// How far a reading may be from true time.
std::int64_t reach_of(const std::optional<model::Clocks>& clocks) {
  if (!clocks) return 0;
  const std::int64_t jump = std::max(std::abs(clocks->jump_low), std::abs(clocks->jump_high));
  return std::max(clocks->within, 0) + clocks->jumps * jump;
}

class Confirmation {
 public:
  Confirmation(const model::Protocol& protocol, const Expectation& expectation,
               checker::Evidence& evidence, const model::SourceFile* source)
      : protocol_(protocol), expectation_(expectation), evidence_(evidence), source_(source) {}

  std::optional<Objection> run() {
    try {
      if (auto failure = take_steps()) return failure;
      if (expectation_.kind == PropertyKind::AvailableTo) return confirm_available();
      if (auto failure = confirm_calm()) return failure;
      if (auto failure = is_cycle() ? confirm_cycle() : confirm_end()) return failure;
      if (auto failure = confirm_property()) return failure;
    } catch (const model::ModelError& error) {
      return Objection{fmt::format("evaluating the property is a model error: {}", error.message)};
    }
    if (expectation_.reads_clocks) evidence_.why += " Clocks may show what makes it so.";
    evidence_.why += " " + why_fair();
    return std::nullopt;
  }

 private:
  std::optional<Objection> confirm_available() {
    const model::Result<Unanswered> found =
        find_unanswered(protocol_, expectation_, {worlds_, records_, turn()});
    if (!found) return Objection{found.failure().message};
    evidence_.title = found.value().title;
    evidence_.why = found.value().why;
    if (found.value().is_refused) return std::nullopt;
    if (auto failure = is_cycle() ? confirm_cycle() : confirm_end()) return failure;
    evidence_.why += " " + why_fair();
    return std::nullopt;
  }

  const std::vector<Label>& labels() const { return evidence_.trace.labels; }
  bool is_cycle() const { return evidence_.trace.loop_start >= 0; }
  /// The step after which the cycle begins; of a run that ends, the last one.
  std::size_t turn() const {
    return is_cycle() ? static_cast<std::size_t>(evidence_.trace.loop_start) - 1
                      : labels().size() - 1;
  }
  std::string name(int process) const {
    return protocol_.types.processes()[static_cast<std::size_t>(process)].name;
  }

  std::optional<Objection> take_steps() {
    World world(protocol_);
    world.set_horizon(World::kNoHorizon);
    for (std::size_t i = 0; i < labels().size(); ++i) {
      const model::Result<model::StepRecord> step = world.apply(labels()[i]);
      if (!step)
        return Objection{fmt::format("step {} is not enabled: {}", i, step.failure().message)};
      if (world.error()) return Objection{fmt::format("step {} ends in a model error", i)};
      worlds_.push_back(world);
      records_.push_back(step.value());
    }
    return std::nullopt;
  }

  /// `converges`: clients have stopped and faults are over; heals and restarts are owed.
  bool is_calm() const { return expectation_.kind == PropertyKind::ConvergesOn; }
  std::optional<std::string> turn_of(const Label& label) const {
    return fair_turn(protocol_, label, is_calm());
  }

  std::optional<Objection> confirm_calm() {
    for (std::size_t i = turn() + 1; is_calm() && i < labels().size(); ++i)
      if (!model::is_settling(labels()[i].kind))
        return Objection{fmt::format("step {} of the cycle is an invocation or a fault", i)};
    return std::nullopt;
  }

  bool has_time() const { return protocol_.scenario.has_ticks(); }
  bool is_back(const World& earlier, const World& later) const {
    if (!has_time()) return has_come_back(earlier, later);
    const std::int64_t horizon = evidence_.time_horizon;
    return has_come_back(earlier.settled(horizon, evidence_.time_gap),
                         later.settled(horizon, evidence_.time_gap));
  }

  std::optional<Objection> confirm_cycle() {
    if (auto objection = confirm_coverage()) return objection;
    if (!is_back(worlds_[turn()], worlds_.back()))
      return Objection{"the cycle does not lead back to the state that it began in", has_time()};
    World world = worlds_.back();
    for (std::size_t i = turn() + 1; i < labels().size(); ++i)
      if (auto objection = has_time() ? repeat_step(world, i) : take_again(world, i))
        return objection;
    if (!is_back(worlds_.back(), world))
      return Objection{"the second round of the cycle does not lead back", has_time()};
    return confirm_fairness();
  }

  std::optional<Objection> take_again(World& world, std::size_t i) const {
    const model::Result<model::StepRecord> step = world.apply(labels()[i]);
    if (step) return std::nullopt;
    return Objection{
        fmt::format("step {} is not enabled the second time: {}", i, step.failure().message)};
  }

  /// A step like this one of the first round; times in its label are later by one round.
  std::optional<Objection> repeat_step(World& world, std::size_t i) const {
    for (const Successor& next : world.successors()) {
      if (next.label.kind != labels()[i].kind || next.label.process != labels()[i].process ||
          next.label.reading != labels()[i].reading || next.label.choices != labels()[i].choices ||
          next.world.error() || !is_back(worlds_[i], next.world))
        continue;
      world = next.world;
      return std::nullopt;
    }
    return Objection{fmt::format("step {} is not enabled the second time", i), true};
  }

  /// Whether the constants of the evidence cover all that is asked of times along the cycle.
  std::optional<Objection> confirm_coverage() const {
    if (!has_time()) return std::nullopt;
    Coverage coverage(evidence_.time_horizon, evidence_.time_gap);
    coverage.is_enough =
        evidence_.time_horizon >= reach_of(protocol_.scenario.clocks) + evidence_.time_gap;
    for (std::size_t i = turn(); i < worlds_.size(); ++i) {
      World world = worlds_[i];
      coverage.present = world.true_time();
      world.set_time_rules(&coverage);
      world.enabled();
      if (expectation_.members) world.value(*expectation_.members, expectation_.frame);
      if (expectation_.condition) look(world, expectation_.condition, expectation_.frame, true);
      if (expectation_.consequence)
        look(world, expectation_.consequence, expectation_.consequence_frame, true);
    }
    if (coverage.is_enough) return std::nullopt;
    return Objection{"times further apart are compared along the cycle than were told apart", true};
  }

  /// What is possible in every state of the cycle, by its turn, with one of its labels.
  std::optional<Objection> confirm_fairness() {
    std::map<std::string, Label> owed = possible(worlds_[turn()]);
    std::set<std::string> taken;
    for (std::size_t i = turn() + 1; i < labels().size(); ++i) {
      if (const auto fair = turn_of(labels()[i])) taken.insert(*fair);
      const std::map<std::string, Label> here = possible(worlds_[i]);
      std::erase_if(owed, [&here](const auto& one) { return !here.contains(one.first); });
    }
    for (const auto& [fair, label] : owed)
      if (!taken.contains(fair))
        return Objection{fmt::format("the cycle is not fair to {}", told(label))};
    return std::nullopt;
  }

  std::optional<Objection> confirm_end() {
    const std::map<std::string, Label> owed = possible(worlds_.back());
    if (owed.empty()) return std::nullopt;
    return Objection{fmt::format("the run cannot end here: {} is possible and owed",
                                 told(owed.begin()->second))};
  }

  /// Turns that are possible whatever the clock shows, each with one of its labels.
  std::map<std::string, Label> possible(const World& world) const {
    std::map<std::string, std::set<std::optional<std::int64_t>>> readings;
    std::map<std::string, Label> turns;
    for (const Label& label : world.enabled()) {
      const auto fair = turn_of(label);
      if (!fair) continue;
      turns.emplace(*fair, label);
      readings[*fair].insert(label.reading);
    }
    std::erase_if(turns, [&](const auto& one) {
      const auto& shown = readings.at(one.first);
      if (shown.contains(std::nullopt)) return false;
      const Readings all = world.readings(one.second.process);
      return static_cast<std::int64_t>(shown.size()) <= all.high - all.low;
    });
    return turns;
  }

  /// Whether the formula is `wanted` for some of what the clocks may show.
  static bool look(const World& world, const model::ExprPtr& formula, const model::Frame& frame,
                   bool wanted) {
    return world.can_look(*formula, frame, wanted);
  }
  /// What is waited for has come when it is true whatever the clocks show; what sets it off, for
  /// some of that.
  bool first(std::size_t step) const {
    const bool is_awaited = expectation_.kind != PropertyKind::Whenever;
    return look(worlds_[step], expectation_.condition, expectation_.frame, !is_awaited) !=
           is_awaited;
  }
  bool second(std::size_t step) const {
    return !look(worlds_[step], expectation_.consequence, expectation_.consequence_frame, false);
  }

  /// The property's formulas as written.
  std::string formula() const {
    const std::string& text = expectation_.text;
    const std::size_t words = expectation_.kind == PropertyKind::EventuallyAlways ||
                                      expectation_.kind == PropertyKind::ConvergesOn
                                  ? 2
                                  : 1;
    std::size_t at = 0;
    for (std::size_t i = 0; i < words; ++i) at = text.find(' ', at) + 1;
    std::size_t end = text.size();
    if (expectation_.kind == PropertyKind::Whenever) end = text.rfind(',');
    return text.substr(at, end - at);
  }
  std::string consequence() const {
    const std::string& text = expectation_.text;
    return text.substr(text.find(' ', text.rfind("eventually")) + 1);
  }

  /// " for c = Client 2: `done(c)` is false": why the formula, or what has to follow it, is false
  /// after the step.
  std::string why_false(std::size_t step, const model::Expr& formula, const model::Frame& frame,
                        const std::string& text) const {
    if (source_ == nullptr) return "";
    const model::Reasons reasons = worlds_[step].reasons(formula, frame, false);
    const std::string who = model::element_words(reasons, frame, protocol_.types);
    const std::string parts = model::part_words(reasons, protocol_.types, *source_, text);
    return (who.empty() ? "" : " for " + who) + (parts.empty() ? "" : ": " + parts);
  }
  std::string why_false(std::size_t step) const {
    return why_false(step, *expectation_.condition, expectation_.frame, formula());
  }

  std::optional<Objection> confirm_property() {
    if (expectation_.kind == PropertyKind::Whenever) return confirm_whenever();
    if (expectation_.kind == PropertyKind::EventuallyAlways) return confirm_settling();
    if (expectation_.kind == PropertyKind::ConvergesOn) return confirm_difference();
    for (std::size_t i = 0; i < worlds_.size(); ++i)
      if (first(i)) return Objection{fmt::format("`{}` is true after step {}", formula(), i)};
    evidence_.title = fmt::format("`{}` may never come true", formula());
    evidence_.why = fmt::format("`{}` is false at the start and after every step", formula());
    const std::string last = why_false(worlds_.size() - 1);
    evidence_.why +=
        last.empty() ? "." : fmt::format("; after step {}{}.", worlds_.size() - 1, last);
    return std::nullopt;
  }

  std::optional<Objection> confirm_settling() {
    for (std::size_t i = turn(); i < worlds_.size(); ++i) {
      if (first(i)) continue;
      evidence_.title = fmt::format("`{}` may never be true for good", formula());
      evidence_.why =
          fmt::format("`{}` is false after step {}{}{}.", formula(), i,
                      is_cycle() ? ", again and again" : ", and stays so", why_false(i));
      return std::nullopt;
    }
    return Objection{fmt::format("`{}` is true all along the cycle", formula())};
  }

  std::optional<Objection> confirm_difference() {
    for (std::size_t i = turn(); i < worlds_.size(); ++i) {
      if (first(i)) continue;
      evidence_.title = fmt::format("`{}` may differ for ever, though faults are over", formula());
      evidence_.why = fmt::format("After step {}{}, {}.", i,
                                  is_cycle() && !is_still() ? ", again and again" : "", held(i));
      if (!is_cycle() || is_still()) evidence_.why += " Clients have stopped, and no fault stands.";
      return std::nullopt;
    }
    return Objection{fmt::format("all agree on `{}` all along the cycle", formula())};
  }

  /// "Replica 1 holds 3, Replica 2 holds 4": what is compared, after the step.
  std::string held(std::size_t step) const {
    const model::TypeTable& types = protocol_.types;
    const model::Type& row = types.at(types.at(expectation_.held->type).element);
    const model::Value all = worlds_[step].value(*expectation_.held, expectation_.frame);
    std::string text;
    for (const model::Value& tuple : all.elements()) {
      std::vector<std::string> bound;
      for (std::size_t i = 0; i + 1 < row.fields.size(); ++i)
        bound.push_back(types.format(row.fields[i].type, tuple.elements()[i]));
      text += fmt::format("{}{} holds `{}`", text.empty() ? "" : ", ", listed(bound),
                          types.format(row.fields.back().type, tuple.elements().back()));
    }
    return text;
  }

  std::optional<Objection> confirm_whenever() {
    std::size_t since = worlds_.size();
    while (since > 0 && !second(since - 1)) --since;
    if (since > turn())
      return Objection{fmt::format("`{}` is true again and again", consequence())};
    for (std::size_t i = since; i < worlds_.size(); ++i) {
      if (!first(i)) continue;
      evidence_.title = fmt::format("`{}`, and `{}` may never follow", formula(), consequence());
      evidence_.why =
          fmt::format("`{}` is true {}, and from there on `{}` is false", formula(),
                      i == 0 ? "at the start" : fmt::format("after step {}", i), consequence());
      const std::string last = why_false(worlds_.size() - 1, *expectation_.consequence,
                                         expectation_.consequence_frame, consequence());
      evidence_.why +=
          last.empty() ? "." : fmt::format("; after step {}{}.", worlds_.size() - 1, last);
      return std::nullopt;
    }
    return Objection{
        fmt::format("`{}` is true nowhere where `{}` does not follow", formula(), consequence())};
  }

  /// Whether nothing but time goes on.
  bool is_still() const {
    return is_cycle() &&
           std::all_of(labels().begin() + evidence_.trace.loop_start, labels().end(),
                       [](const Label& label) { return label.kind == Label::Kind::Tick; });
  }

  /// What a reader asks next: why nobody has to do something about it.
  std::string why_fair() const {
    std::string text;
    if (is_still()) {
      text = "From there on nothing has to happen but that time passes.";
    } else if (is_cycle()) {
      text = fmt::format(
          "{} can be repeated for ever, and that is fair: whatever could go on all the time gets "
          "its turn.",
          turn() + 2 == labels().size()
              ? fmt::format("Step {}", turn() + 1)
              : fmt::format("Steps {} to {}", turn() + 1, labels().size() - 1));
    } else {
      text = "Then nothing is left that has to happen.";
    }
    const std::vector<std::string> late = put_off();
    if (!late.empty())
      text += fmt::format(" Possible now and then, and put off each time: {}.", listed(late));
    const std::vector<std::string> spared = not_owed();
    if (!spared.empty())
      text += fmt::format(" Possible, but nobody has to do it: {}.", listed(spared));
    return text;
  }

  /// Turns that come up in the cycle and are never taken, in words.
  std::vector<std::string> put_off() const {
    std::map<std::string, Label> late;
    for (std::size_t i = turn(); is_cycle() && i < worlds_.size(); ++i)
      late.merge(possible(worlds_[i]));
    for (std::size_t i = turn() + 1; i < worlds_.size(); ++i)
      if (const auto fair = turn_of(labels()[i])) late.erase(*fair);
    std::vector<std::string> texts;
    for (const auto& [fair, label] : late) {
      std::string text = told(label);
      if (std::find(texts.begin(), texts.end(), text) == texts.end())
        texts.push_back(std::move(text));
    }
    return texts;
  }

  /// What is possible all along and not fair, in words.
  std::vector<std::string> not_owed() const {
    std::vector<std::string> common;
    for (std::size_t i = turn(); i < worlds_.size(); ++i) {
      std::vector<std::string> here;
      for (const Label& label : worlds_[i].enabled()) {
        const std::string text =
            turn_of(label) || (is_calm() && !model::is_settling(label.kind)) ? "" : told(label);
        if (!text.empty() && std::find(here.begin(), here.end(), text) == here.end())
          here.push_back(text);
      }
      if (i == turn()) common = here;
      std::erase_if(common, [&here](const std::string& text) {
        return std::find(here.begin(), here.end(), text) == here.end();
      });
    }
    return common;
  }

  /// A step that may come, in words; empty for a fault, which nobody expects.
  std::string told(const Label& label) const {
    switch (label.kind) {
      case Label::Kind::Heal:
        return "to heal the partition";
      case Label::Kind::Restart:
        return fmt::format("to restart {}", name(label.process));
      case Label::Kind::Unpause:
        return fmt::format("to let {} go on", name(label.process));
      case Label::Kind::Invoke:
      case Label::Kind::PassWait:
        return fmt::format("that {} goes on with its script", name(label.process));
      case Label::Kind::Act: {
        const model::Action& action =
            protocol_.role_of(label.process).actions[static_cast<std::size_t>(label.alternative)];
        return fmt::format("the {}action `{}` of {}", action.optional ? "optional " : "",
                           action.name, name(label.process));
      }
      case Label::Kind::Deliver:
        return fmt::format("the delivery of `{}` from {} to {}",
                           protocol_.messages[static_cast<std::size_t>(label.message.message)].name,
                           name(label.message.source), name(label.process));
      case Label::Kind::Resume:
        return fmt::format("{}, which can go on", name(label.process));
      case Label::Kind::GiveUp:
        return fmt::format("the `else` of an ask of {}", name(label.process));
      case Label::Kind::Tick:
        return "time";
      case Label::Kind::Start:
      case Label::Kind::Lose:
      case Label::Kind::Duplicate:
      case Label::Kind::Cut:
      case Label::Kind::Crash:
      case Label::Kind::Jump:
      case Label::Kind::Pause:
        return "";
    }
    CAPSTAN_UNREACHABLE("a kind of label");
  }

  const model::Protocol& protocol_;
  const Expectation& expectation_;
  checker::Evidence& evidence_;
  const model::SourceFile* source_;
  std::vector<World> worlds_;  // after each step
  std::vector<model::StepRecord> records_;
};

}  // namespace

std::optional<Objection> confirm_endless(const model::Protocol& protocol,
                                         const Expectation& expectation,
                                         checker::Evidence& evidence,
                                         const model::SourceFile* source) {
  return Confirmation(protocol, expectation, evidence, source).run();
}

}  // namespace capstan::runtime
