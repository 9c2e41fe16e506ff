// SPDX-License-Identifier: MIT
#include "runtime/command/confirm_endless.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <set>
#include <vector>

#include "checker/symbolic/wording.hpp"
#include "runtime/command/confirm_available.hpp"
#include "runtime/execute/fairness.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {
namespace {

using checker::listed;
using model::Expectation;
using model::Failure;
using model::Label;
using model::PropertyKind;

class Confirmation {
 public:
  Confirmation(const model::Protocol& protocol, const Expectation& expectation,
               checker::Evidence& evidence)
      : protocol_(protocol), expectation_(expectation), evidence_(evidence) {}

  std::optional<Failure> run() {
    try {
      if (auto failure = take_steps()) return failure;
      if (expectation_.kind == PropertyKind::AvailableTo) return confirm_available();
      if (auto failure = is_cycle() ? confirm_cycle() : confirm_end()) return failure;
      if (auto failure = confirm_property()) return failure;
    } catch (const model::ModelError& error) {
      return Failure{fmt::format("evaluating the property is a model error: {}", error.message)};
    }
    evidence_.why += " " + why_fair();
    return std::nullopt;
  }

 private:
  std::optional<Failure> confirm_available() {
    const model::Result<Unanswered> found =
        find_unanswered(protocol_, expectation_, {worlds_, records_, turn()});
    if (!found) return found.failure();
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

  std::optional<Failure> take_steps() {
    World world(protocol_);
    for (std::size_t i = 0; i < labels().size(); ++i) {
      const model::Result<model::StepRecord> step = world.apply(labels()[i]);
      if (!step)
        return Failure{fmt::format("step {} is not enabled: {}", i, step.failure().message)};
      if (world.error()) return Failure{fmt::format("step {} ends in a model error", i)};
      worlds_.push_back(world);
      records_.push_back(step.value());
    }
    return std::nullopt;
  }

  std::optional<Failure> confirm_cycle() {
    World world = worlds_.back();
    if (!has_come_back(worlds_[turn()], world))
      return Failure{"the cycle does not lead back to the state that it began in"};
    for (std::size_t i = turn() + 1; i < labels().size(); ++i) {
      const model::Result<model::StepRecord> step = world.apply(labels()[i]);
      if (!step)
        return Failure{
            fmt::format("step {} is not enabled the second time: {}", i, step.failure().message)};
    }
    if (!has_come_back(worlds_.back(), world))
      return Failure{"the second round of the cycle does not lead back"};
    return confirm_fairness();
  }

  /// What is possible in every state of the cycle, by its turn, with one of its labels.
  std::optional<Failure> confirm_fairness() {
    std::map<std::string, Label> owed = possible(worlds_[turn()]);
    std::set<std::string> taken;
    for (std::size_t i = turn() + 1; i < labels().size(); ++i) {
      if (const auto fair = fair_turn(protocol_, labels()[i])) taken.insert(*fair);
      const std::map<std::string, Label> here = possible(worlds_[i]);
      std::erase_if(owed, [&here](const auto& one) { return !here.contains(one.first); });
    }
    for (const auto& [fair, label] : owed)
      if (!taken.contains(fair))
        return Failure{fmt::format("the cycle is not fair to {}", told(label))};
    return std::nullopt;
  }

  std::optional<Failure> confirm_end() {
    const std::map<std::string, Label> owed = possible(worlds_.back());
    if (owed.empty()) return std::nullopt;
    return Failure{fmt::format("the run cannot end here: {} is possible and owed",
                               told(owed.begin()->second))};
  }

  std::map<std::string, Label> possible(const World& world) const {
    std::map<std::string, Label> turns;
    for (const Label& label : world.enabled())
      if (const auto fair = fair_turn(protocol_, label)) turns.emplace(*fair, label);
    return turns;
  }

  bool holds(const model::ExprPtr& formula, const model::Frame& frame, std::size_t step) const {
    return worlds_[step].holds(*formula, frame);
  }
  bool first(std::size_t step) const {
    return holds(expectation_.condition, expectation_.frame, step);
  }

  /// The property's formulas as written.
  std::string formula() const {
    const std::string& text = expectation_.text;
    const std::size_t words = expectation_.kind == PropertyKind::EventuallyAlways ? 2 : 1;
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

  std::optional<Failure> confirm_property() {
    if (expectation_.kind == PropertyKind::Whenever) return confirm_whenever();
    if (expectation_.kind == PropertyKind::EventuallyAlways) return confirm_settling();
    for (std::size_t i = 0; i < worlds_.size(); ++i)
      if (first(i)) return Failure{fmt::format("`{}` is true after step {}", formula(), i)};
    evidence_.title = fmt::format("`{}` may never come true", formula());
    evidence_.why = fmt::format("`{}` is false at the start and after every step.", formula());
    return std::nullopt;
  }

  std::optional<Failure> confirm_settling() {
    for (std::size_t i = turn(); i < worlds_.size(); ++i) {
      if (first(i)) continue;
      evidence_.title = fmt::format("`{}` may never be true for good", formula());
      evidence_.why = fmt::format("`{}` is false after step {}{}.", formula(), i,
                                  is_cycle() ? ", again and again" : ", and stays so");
      return std::nullopt;
    }
    return Failure{fmt::format("`{}` is true all along the cycle", formula())};
  }

  std::optional<Failure> confirm_whenever() {
    std::size_t since = worlds_.size();
    while (since > 0 && !holds(expectation_.consequence, expectation_.consequence_frame, since - 1))
      --since;
    if (since > turn()) return Failure{fmt::format("`{}` is true again and again", consequence())};
    for (std::size_t i = since; i < worlds_.size(); ++i) {
      if (!first(i)) continue;
      evidence_.title = fmt::format("`{}`, and `{}` may never follow", formula(), consequence());
      evidence_.why =
          fmt::format("`{}` is true {}, and from there on `{}` is false.", formula(),
                      i == 0 ? "at the start" : fmt::format("after step {}", i), consequence());
      return std::nullopt;
    }
    return Failure{
        fmt::format("`{}` is true nowhere where `{}` does not follow", formula(), consequence())};
  }

  /// What a reader asks next: why nobody has to do something about it.
  std::string why_fair() const {
    std::string text;
    if (is_cycle()) {
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
      if (const auto fair = fair_turn(protocol_, labels()[i])) late.erase(*fair);
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
        const std::string text = fair_turn(protocol_, label) ? "" : told(label);
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
    return "";
  }

  const model::Protocol& protocol_;
  const Expectation& expectation_;
  checker::Evidence& evidence_;
  std::vector<World> worlds_;  // after each step
  std::vector<model::StepRecord> records_;
};

}  // namespace

std::optional<Failure> confirm_endless(const model::Protocol& protocol,
                                       const Expectation& expectation,
                                       checker::Evidence& evidence) {
  return Confirmation(protocol, expectation, evidence).run();
}

}  // namespace capstan::runtime
