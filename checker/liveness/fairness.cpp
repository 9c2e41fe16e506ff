// SPDX-License-Identifier: MIT
#include "checker/liveness/fairness.hpp"

#include <algorithm>
#include <map>
#include <memory>
#include <tuple>
#include <utility>

#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Label;

/// What names a class: the kind, numbers, values, and the message of a delivery or activation.
using ClassKey =
    std::tuple<Label::Kind, std::vector<int>, std::vector<model::Value>, model::MessageInstance>;

/// A request is the same whoever still waits for its answer, so that asking again and again does
/// not put off its delivery. A reply belongs to its ask.
model::MessageInstance delivered(model::MessageInstance message) {
  const bool is_reply = message.token.process == message.destination;
  if (!is_reply) message.token = {};
  return message;
}

std::optional<ClassKey> key_of(const model::Protocol& protocol, const Label& label,
                               FairnessRules rules) {
  const auto key = [&label](std::vector<int> numbers, std::vector<model::Value> values = {},
                            model::MessageInstance message = {}) {
    message.age = 0;  // an older copy does as well
    return ClassKey{label.kind, std::move(numbers), std::move(values), std::move(message)};
  };
  if (model::is_repair(label.kind)) {
    if (!rules.repairs) return std::nullopt;
    return key({label.process, label.fault});
  }
  switch (label.kind) {
    case Label::Kind::Deliver:
      return key({}, {}, delivered(label.message));
    case Label::Kind::Resume:
      return key({label.process, static_cast<int>(label.at)}, label.locals, label.message);
    case Label::Kind::GiveUp:
      return key({label.process, label.slot});
    case Label::Kind::Act: {
      const auto& action =
          protocol.role_of(label.process).actions[static_cast<std::size_t>(label.alternative)];
      if (action.optional) return std::nullopt;
      std::vector<int> numbers{label.process, label.alternative};
      numbers.insert(numbers.end(), label.choices.begin(), label.choices.end());
      return key(std::move(numbers), label.args);
    }
    case Label::Kind::Tick:
      return key({});
    case Label::Kind::Start:
    case Label::Kind::Invoke:
    case Label::Kind::Lose:
    case Label::Kind::Duplicate:
    case Label::Kind::Cut:
    case Label::Kind::Heal:
    case Label::Kind::Crash:
    case Label::Kind::Restart:
    case Label::Kind::PassWait:
    case Label::Kind::Jump:
    case Label::Kind::Pause:
    case Label::Kind::Unpause:
      return std::nullopt;  // nobody owes these
  }
  CAPSTAN_UNREACHABLE("a kind of label");
}

/// How classes are called after ticks, found on demand. Times are kept as offsets (TimeMode).
class Renaming {
 public:
  Renaming(const ProtocolSystem& system, StateGraph& graph, FairnessRules rules,
           std::map<ClassKey, std::uint32_t> ids, std::vector<LabelId> examples)
      : system_(system),
        graph_(graph),
        rules_(rules),
        ids_(std::move(ids)),
        examples_(std::move(examples)) {}

  std::uint32_t after(LabelSetId tick, std::uint32_t fair) {
    const auto [place, added] = known_.try_emplace({tick, fair}, kUnfair);
    if (!added) return place->second;
    const Label& label = system_.label(examples_[fair]);
    const Retiming& retiming = graph_.retiming(tick);
    const Label later = system_.machine().with_times(
        label, [&retiming](std::int64_t time) { return retiming.of(time - 1); });
    const auto found = ids_.find(*key_of(system_.machine().protocol(), later, rules_));
    if (found != ids_.end()) place->second = found->second;
    return place->second;
  }

 private:
  const ProtocolSystem& system_;
  StateGraph& graph_;
  FairnessRules rules_;
  std::map<ClassKey, std::uint32_t> ids_;
  std::vector<LabelId> examples_;  // a label of each class
  std::map<std::pair<LabelSetId, std::uint32_t>, std::uint32_t> known_;
};

}  // namespace

FairnessClasses fairness_classes(ProtocolSystem& system, StateGraph& graph, FairnessRules rules) {
  FairnessClasses classes;
  std::map<ClassKey, std::uint32_t> ids;
  std::vector<LabelId> examples;
  for (LabelId id = 0; id < system.label_count(); ++id) {
    const auto key = key_of(system.machine().protocol(), system.label(id), rules);
    if (!key) {
      classes.of_label.push_back(kUnfair);
      continue;
    }
    const auto [place, added] = ids.try_emplace(*key, static_cast<std::uint32_t>(ids.size()));
    if (added) examples.push_back(id);
    classes.of_label.push_back(place->second);
  }
  classes.count = static_cast<std::uint32_t>(ids.size());
  if (system.time() == nullptr) return classes;
  for (LabelId id = 0; id < system.label_count(); ++id)
    classes.reading_of.push_back(system.label(id).reading);
  classes.reading_count = [&system, &graph](StateId state, LabelId label) {
    const int process = system.label(label).process;
    const ComponentId component = graph.words(state)[static_cast<std::size_t>(process)];
    return system.reading_count(process, graph.space().components[component].local);
  };
  const auto renaming =
      std::make_shared<Renaming>(system, graph, rules, std::move(ids), std::move(examples));
  classes.after_tick = [renaming](LabelSetId tick, std::uint32_t fair) {
    return renaming->after(tick, fair);
  };
  return classes;
}

std::vector<std::uint32_t> owed_classes(const StateGraph& graph, const FairnessClasses& classes,
                                        const std::vector<bool>& steps, StateId state) {
  model::poll_limits();
  using Possible = std::pair<std::uint32_t, std::optional<std::int64_t>>;
  std::vector<Possible> possible;  // of each class the readings; first of all, that it has none
  std::vector<LabelId> readers(classes.reading_of.empty() ? 0 : classes.count);
  const auto add = [&](LabelSetId set) {
    for (const LabelId label : graph.labels(set)) {
      const std::uint32_t fair = classes.of_label[label];
      const bool is_allowed = steps.empty() || (label < steps.size() && steps[label]);
      if (fair == kUnfair || !is_allowed) continue;
      possible.emplace_back(fair, std::nullopt);
      if (classes.reading_of.empty()) continue;
      possible.back().second = classes.reading_of[label];
      readers[fair] = label;
    }
  };
  graph.for_each_step(state, [&](StateId, LabelSetId set) { add(set); });
  for (const LabelSetId set : graph.failing(state)) add(set);
  std::ranges::sort(possible);
  possible.erase(std::unique(possible.begin(), possible.end()), possible.end());
  std::vector<std::uint32_t> owed;
  for (auto first = possible.begin(); first != possible.end();) {
    const auto last = std::find_if(first, possible.end(),
                                   [&](const Possible& one) { return one.first != first->first; });
    // One way that reads no clock is possible whatever it shows.
    if (!first->second || static_cast<std::size_t>(last - first) ==
                              classes.reading_count(state, readers[first->first]))
      owed.push_back(first->first);
    first = last;
  }
  return owed;
}

}  // namespace capstan::checker
