// SPDX-License-Identifier: MIT
#include "checker/liveness/fairness.hpp"

#include <map>
#include <optional>
#include <tuple>

#include "model/base/require.hpp"

namespace capstan::checker {
namespace {

using model::Label;

/// What names a class: the kind, numbers, values, and the message of a delivery or activation.
using ClassKey =
    std::tuple<Label::Kind, std::vector<int>, std::vector<model::Value>, model::MessageInstance>;

std::optional<ClassKey> key_of(const model::Protocol& protocol, const Label& label,
                               FairnessRules rules) {
  const auto key = [&label](std::vector<int> numbers, std::vector<model::Value> values = {},
                            model::MessageInstance message = {}) {
    return ClassKey{label.kind, std::move(numbers), std::move(values), std::move(message)};
  };
  switch (label.kind) {
    case Label::Kind::Deliver:
      return key({}, {}, label.message);
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
    case Label::Kind::Heal:
      if (!rules.repairs) return std::nullopt;
      return key({label.fault});
    case Label::Kind::Restart:
    case Label::Kind::Unpause:
      if (!rules.repairs) return std::nullopt;
      return key({label.process});
    case Label::Kind::Tick:
      return key({});
    case Label::Kind::Start:
    case Label::Kind::Invoke:
    case Label::Kind::PassWait:
    case Label::Kind::Lose:
    case Label::Kind::Duplicate:
    case Label::Kind::Cut:
    case Label::Kind::Crash:
    case Label::Kind::Jump:
    case Label::Kind::Pause:
      return std::nullopt;
  }
  CAPSTAN_UNREACHABLE("a kind of label");
}

}  // namespace

FairnessClasses fairness_classes(const ProtocolSystem& system, FairnessRules rules) {
  FairnessClasses classes;
  std::map<ClassKey, std::uint32_t> ids;
  for (LabelId id = 0; id < system.label_count(); ++id) {
    const auto key = key_of(system.machine().protocol(), system.label(id), rules);
    if (!key) {
      classes.of_label.push_back(kUnfair);
      continue;
    }
    const auto place = ids.try_emplace(*key, static_cast<std::uint32_t>(ids.size())).first;
    classes.of_label.push_back(place->second);
  }
  classes.count = static_cast<std::uint32_t>(ids.size());
  return classes;
}

}  // namespace capstan::checker
