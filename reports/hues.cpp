// SPDX-License-Identifier: MIT
// hues: which value has which colour (declared in scene.hpp).
#include <algorithm>

#include "reports/scene.hpp"

namespace capstan::reports {

using model::Protocol;
using model::Type;
using model::TypeId;
using model::Value;

namespace {

constexpr int kHueCount = 4;

TypeId without_option(const Protocol& protocol, TypeId type) {
  while (protocol.types.at(type).kind == Type::Kind::Option) type = protocol.types.at(type).element;
  return type;
}

}  // namespace

/// The type of what clients write; where there are no clients, the type of what changes most,
/// enumerations first.
Hues::Hues(const Protocol& protocol, const model::Run& run) : protocol_(&protocol) {
  from_operations(run);
  if (!type_) from_changes(run);
}

void Hues::give(const Value& value) {
  if (std::find(values_.begin(), values_.end(), value) == values_.end()) values_.push_back(value);
}

void Hues::from_operations(const model::Run& run) {
  for (const model::StepRecord& step : run.steps)
    for (const model::HistoryEvent& event : step.events) {
      if (event.kind != model::HistoryEvent::Kind::Invoke || event.args.empty()) continue;
      const model::ObjectOp& op = protocol_->objects.at(static_cast<std::size_t>(event.object))
                                      .ops.at(static_cast<std::size_t>(event.op));
      const std::size_t last = event.args.size() - 1;  // cas(old, new): what it writes
      if (last >= op.parameters.size() || event.args[last].is_none()) continue;
      const TypeId type = without_option(*protocol_, op.parameters[last].type);
      if (!type_) type_ = type;
      if (*type_ == type) give(event.args[last]);
    }
}

void Hues::from_changes(const model::Run& run) {
  std::map<TypeId, int> changes;
  std::vector<std::pair<TypeId, Value>> order;
  for (const model::StepRecord& step : run.steps)
    for (const model::Change& change : step.changes) {
      const model::Role& role = protocol_->role_of(change.process);
      const TypeId type = without_option(
          *protocol_, role.variables[static_cast<std::size_t>(change.variable)].type);
      const Type& described = protocol_->types.at(type);
      const bool is_value = described.kind == Type::Kind::Enumeration ||
                            (described.kind == Type::Kind::Range && !described.name.empty());
      if (!is_value || change.after.is_none()) continue;
      changes[type] += described.kind == Type::Kind::Enumeration ? 1000 : 1;
      order.emplace_back(type, change.after);
    }
  int most = 0;
  for (const auto& [type, count] : changes)
    if (count > most) {
      most = count;
      type_ = type;
    }
  for (const auto& [type, value] : order)
    if (type_ && type == *type_) give(value);
}

int Hues::of(TypeId type, const Value& value) const {
  if (!type_ || value.is_none()) return kNone;
  type = without_option(*protocol_, type);
  if (type == *type_) {
    const auto found = std::find(values_.begin(), values_.end(), value);
    const auto index = static_cast<int>(found - values_.begin());
    return found == values_.end() || index >= kHueCount ? kNone : index;
  }
  const Type& described = protocol_->types.at(type);
  const bool has_parts = value.kind() != Value::Kind::Integer && value.kind() != Value::Kind::None;
  if (!has_parts) return kNone;
  if (described.kind == Type::Kind::Tuple) {
    for (std::size_t i = 0; i < described.fields.size() && i < value.elements().size(); ++i)
      if (const int hue = of(described.fields[i].type, value.elements()[i]); hue != kNone)
        return hue;
    return kNone;
  }
  const bool is_collection = described.kind == Type::Kind::Sequence ||
                             described.kind == Type::Kind::Set || described.kind == Type::Kind::Map;
  if (!is_collection || value.elements().empty()) return kNone;
  // What was added last gives a log its colour; other collections have one only if they hold one
  // value.
  if (described.kind == Type::Kind::Sequence) return of(described.element, value.elements().back());
  return value.elements().size() == 1 ? of(described.element, value.elements().front()) : kNone;
}

int Hues::of(const model::MessageInstance& message) const {
  if (protocol_ == nullptr) return kNone;
  const model::Message& type = protocol_->messages.at(static_cast<std::size_t>(message.message));
  for (std::size_t i = 0; i < type.fields.size() && i < message.fields.size(); ++i)
    if (const int hue = of(type.fields[i].type, message.fields[i]); hue != kNone) return hue;
  return kNone;
}

Color Hues::line(int hue) {
  constexpr Color lines[kHueCount] = {Color::A, Color::B, Color::C, Color::D};
  return hue < 0 || hue >= kHueCount ? Color::Muted : lines[hue];
}

Color Hues::tint(int hue) {
  constexpr Color tints[kHueCount] = {Color::ATint, Color::BTint, Color::CTint, Color::DTint};
  return hue < 0 || hue >= kHueCount ? Color::NeutralTint : tints[hue];
}

}  // namespace capstan::reports
