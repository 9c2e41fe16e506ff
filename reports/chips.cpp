// SPDX-License-Identifier: MIT
#include "reports/chips.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>
#include <utility>

#include "reports/words.hpp"

namespace capstan::reports {

using model::Change;
using model::MessageCopy;
using model::StepRecord;
using model::TypeId;
using model::Value;

namespace {

constexpr double kFirstLine = 10.5, kOtherLine = 8;

}  // namespace

const model::Variable& ChipMaker::variable(int process, int slot) const {
  return protocol_.role_of(process).variables[static_cast<std::size_t>(slot)];
}

std::string ChipMaker::text_of(const Change& change, const Value& value) const {
  return variable_text(protocol_, change.process, change.variable, value);
}

int ChipMaker::hue_of(int process, int slot, const Value& value) const {
  return hues_.of(variable(process, slot).type, value);
}

void ChipMaker::rank(std::vector<const Change*>& changes) const {
  constexpr std::size_t kShort = 26;
  const auto key = [this](const Change* change) {
    const bool has_hue = hue_of(change->process, change->variable, change->after) != Hues::kNone ||
                         hue_of(change->process, change->variable, change->before) != Hues::kNone;
    const model::Type& type = protocol_.types.at(variable(change->process, change->variable).type);
    const ChipLine line = change_line(*change, true);
    std::size_t length = 0;
    for (const Piece& piece : line.pieces) length += width_of(piece.text);
    return std::tuple(has_hue, length <= kShort, type.kind != model::Type::Kind::Tuple);
  };
  std::stable_sort(changes.begin(), changes.end(),
                   [&](const auto* a, const auto* b) { return key(b) < key(a); });
}

/// What a set gains, or a sequence at its end, if nothing goes: shorter to say than the whole of it
/// twice.
std::string ChipMaker::gained(const Change& change) const {
  const TypeId id = variable(change.process, change.variable).type;
  const model::Type& type = protocol_.types.at(id);
  const bool is_set = type.kind == model::Type::Kind::Set;
  if (!is_set && type.kind != model::Type::Kind::Sequence) return "";
  const std::vector<Value>& before = change.before.elements();
  const std::vector<Value>& after = change.after.elements();
  if (before.empty() || after.size() <= before.size()) return "";
  std::vector<Value> added;
  if (is_set) {
    for (const Value& element : after)
      if (!change.before.contains(element)) added.push_back(element);
  } else if (std::equal(before.begin(), before.end(), after.begin())) {
    added.assign(after.begin() + static_cast<std::ptrdiff_t>(before.size()), after.end());
  }
  if (added.empty() || added.size() + before.size() != after.size()) return "";
  if (added.size() == 1) return protocol_.types.format(type.element, added.front());
  return protocol_.types.format(
      id, is_set ? Value::set(std::move(added)) : Value::sequence(std::move(added)));
}

ChipLine ChipMaker::change_line(const Change& change, bool is_first) const {
  const int before = hue_of(change.process, change.variable, change.before);
  const int after = hue_of(change.process, change.variable, change.after);
  ChipLine line;
  line.size = is_first ? kFirstLine : kOtherLine;
  const std::string& name = variable(change.process, change.variable).name;
  if (const std::string added = gained(change); !added.empty()) {
    line.pieces = {
        {name, Color::Muted, false},
        {"+", Color::Muted, false},
        {added, after == Hues::kNone && is_first ? Color::Ink : Hues::line(after), is_first}};
    return line;
  }
  if (const auto entry = entry_change(protocol_, change)) {
    line.pieces = {{entry->name, Color::Muted, false},
                   {entry->before, Hues::line(before), false},
                   {"→", Color::Muted, false},
                   {entry->after, after == Hues::kNone && is_first ? Color::Ink : Hues::line(after),
                    is_first}};
    return line;
  }
  line.pieces = {{name, Color::Muted, false},
                 {text_of(change, change.before), Hues::line(before), false},
                 {"→", Color::Muted, false},
                 {text_of(change, change.after),
                  after == Hues::kNone && is_first ? Color::Ink : Hues::line(after), is_first}};
  return line;
}

Chip ChipMaker::of_changes(const std::vector<const Change*>& changes) const {
  Chip chip;
  chip.is_change = true;
  const Change& first = *changes.front();
  chip.hue = hue_of(first.process, first.variable, first.after);
  for (const Change* change : changes) {
    const std::size_t left = changes.size() - chip.lines.size();
    const bool is_last_line = static_cast<int>(chip.lines.size()) + 1 == lines_max_;
    if (is_last_line && left > 1 && !chip.lines.empty()) {
      ChipLine line;
      line.size = kOtherLine;
      line.pieces = {{fmt::format("and {} more", left), Color::Muted, false}};
      chip.lines.push_back(std::move(line));
      break;
    }
    chip.lines.push_back(change_line(*change, chip.lines.empty()));
    if (is_last_line) break;
  }
  return chip;
}

Chip ChipMaker::of_answer(const StepRecord& step, int process) const {
  Chip chip;
  if (static_cast<std::size_t>(process) >= step.variables.size()) return chip;
  const std::vector<Value>& held = step.variables[static_cast<std::size_t>(process)];
  std::vector<int> slots;
  for (std::size_t slot = 0; slot < held.size(); ++slot)
    if (is_sent(step, process, variable(process, static_cast<int>(slot)).type, held[slot]))
      slots.push_back(static_cast<int>(slot));
  const auto key = [&](int slot) {
    const model::Type& type = protocol_.types.at(variable(process, slot).type);
    return std::pair(hue_of(process, slot, held[static_cast<std::size_t>(slot)]) != Hues::kNone,
                     type.kind != model::Type::Kind::Tuple);
  };
  std::stable_sort(slots.begin(), slots.end(), [&](int a, int b) { return key(b) < key(a); });
  for (const int slot : slots) {
    if (static_cast<int>(chip.lines.size()) == std::min(2, lines_max_)) break;
    chip.lines.push_back(
        held_line(process, slot, held[static_cast<std::size_t>(slot)], chip.lines.empty()));
  }
  return chip;
}

Chip ChipMaker::of_value(int process, int slot, const Value& value) const {
  Chip chip;
  chip.hue = hue_of(process, slot, value);
  chip.lines = {held_line(process, slot, value, true)};
  return chip;
}

ChipLine ChipMaker::held_line(int process, int slot, const Value& value, bool is_first) const {
  const int hue = hue_of(process, slot, value);
  ChipLine line;
  line.size = is_first ? kFirstLine : kOtherLine;
  line.pieces = {{variable(process, slot).name + " =", Color::Muted, false},
                 {variable_text(protocol_, process, slot, value),
                  hue == Hues::kNone && is_first ? Color::Ink : Hues::line(hue), is_first}};
  return line;
}

bool ChipMaker::is_sent(const StepRecord& step, int process, TypeId type,
                        const Value& value) const {
  for (const MessageCopy& copy : step.sent) {
    if (copy.message.source != process) continue;
    const model::Message& message =
        protocol_.messages.at(static_cast<std::size_t>(copy.message.message));
    for (std::size_t i = 0; i < message.fields.size() && i < copy.message.fields.size(); ++i)
      if (message.fields[i].type == type && copy.message.fields[i] == value) return true;
  }
  return false;
}

double ChipLine::width() const {
  double total = 0;
  for (const Piece& piece : pieces) {
    if (total > 0) total += size * 0.35;
    total += text_width(piece.text, size, piece.is_bold ? Face::Bold : Face::Regular);
  }
  return total;
}

}  // namespace capstan::reports
