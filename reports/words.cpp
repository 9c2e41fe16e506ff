// SPDX-License-Identifier: MIT
#include "reports/words.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/base/require.hpp"
#include "reports/wrap.hpp"

namespace capstan::reports {

using model::HistoryEvent;
using model::Label;
using model::Protocol;
using model::Value;

namespace {

bool is_continuation(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

const model::Variable& variable_at(const Protocol& protocol, int process, int variable) {
  const model::Role& role = protocol.role_of(process);
  CAPSTAN_REQUIRE(variable >= 0 && static_cast<std::size_t>(variable) < role.variables.size(),
                  "a variable of the role");
  return role.variables[static_cast<std::size_t>(variable)];
}

const model::ObjectOp& op_at(const Protocol& protocol, int object, int op) {
  return protocol.objects.at(static_cast<std::size_t>(object)).ops.at(static_cast<std::size_t>(op));
}

}  // namespace

std::string grouped(std::uint64_t number) {
  std::string digits = std::to_string(number);
  for (std::size_t end = digits.size(); end > 3;) {
    end -= 3;
    digits.insert(end, ",");
  }
  return digits;
}

std::string counted(std::size_t count, std::string_view word, std::string_view many) {
  if (count == 0) return fmt::format("no {}", word);
  if (count == 1) return fmt::format("1 {}", word);
  return many.empty() ? fmt::format("{} {}s", grouped(count), word)
                      : fmt::format("{} {}", grouped(count), many);
}

std::string duration(double seconds) {
  if (seconds < 9.995) return fmt::format("{:.2f} s", seconds);
  if (seconds < 119.95) return fmt::format("{:.1f} s", seconds);
  const auto whole = static_cast<long long>(std::llround(seconds));
  if (whole < 7200) return fmt::format("{} min {:02} s", whole / 60, whole % 60);
  return fmt::format("{} h {:02} min", whole / 3600, whole / 60 % 60);
}

std::string effort(const checker::Evidence& evidence) {
  std::size_t cuts = 0, crashes = 0, losses = 0, duplicates = 0, jumps = 0, pauses = 0;
  for (const Label& label : evidence.trace.labels) {
    cuts += label.kind == Label::Kind::Cut;
    crashes += label.kind == Label::Kind::Crash;
    losses += label.kind == Label::Kind::Lose;
    duplicates += label.kind == Label::Kind::Duplicate;
    jumps += label.kind == Label::Kind::Jump;
    pauses += label.kind == Label::Kind::Pause;
  }
  const auto steps = static_cast<std::size_t>(std::max(0, evidence.step_count));
  std::string text = counted(steps, "step");
  if (const int loop = evidence.trace.loop_start; loop > 0) {
    const auto stem = static_cast<std::size_t>(loop - 1);
    text = counted(stem, "step") + ", then " + std::to_string(steps - stem) + " for ever";
  }
  if (cuts + crashes + losses + duplicates + jumps + pauses == 0)
    return text + (evidence.allows_faults ? ", no fault needed" : ", no fault");
  if (cuts > 0) text += ", " + counted(cuts, "partition");
  if (crashes > 0) text += ", " + counted(crashes, "crash", "crashes");
  if (losses > 0) text += ", " + counted(losses, "loss", "losses");
  if (duplicates > 0) text += ", " + counted(duplicates, "duplicate");
  if (jumps > 0) text += ", " + counted(jumps, "clock jump");
  if (pauses > 0) text += ", " + counted(pauses, "pause");
  return text;
}

std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(
      std::count_if(text.begin(), text.end(), [](char byte) { return !is_continuation(byte); }));
}

std::string shortened(std::string_view text, std::size_t limit) {
  if (width_of(text) <= limit) return std::string(text);
  std::size_t kept = 0, at = 0;
  while (at < text.size()) {
    if (!is_continuation(text[at]) && ++kept > limit - 1) break;
    ++at;
  }
  while (at > 0 && text[at - 1] == ' ') --at;
  return std::string(text.substr(0, at)) + "…";
}

std::vector<std::string> wrapped(std::string_view text, std::size_t limit) {
  return wrap(
      text, [limit](const std::string& line) { return width_of(line) <= limit; },
      [](const std::string& word) { return word; });
}

std::string process_name(const Protocol& protocol, int process) {
  const auto& processes = protocol.types.processes();
  if (process < 0 || static_cast<std::size_t>(process) >= processes.size()) return "nobody";
  return processes[static_cast<std::size_t>(process)].name;
}

std::string group_name(const Protocol& protocol, const std::vector<int>& group) {
  std::string text = "{";
  for (std::size_t i = 0; i < group.size(); ++i) {
    if (i > 0) text += ", ";
    text += process_name(protocol, group[i]);
  }
  return text + "}";
}

std::string operation_name(const Protocol& protocol, int object, int op, const Value& key,
                           const std::vector<Value>& args) {
  const model::Object& target = protocol.objects.at(static_cast<std::size_t>(object));
  const model::ObjectOp& operation = op_at(protocol, object, op);
  std::string text;
  if (target.has_key) {
    text = fmt::format("{}[{}].", target.name, protocol.types.format(target.key, key));
  } else if (protocol.objects.size() > 1) {
    text = target.name + ".";
  }
  text += operation.name + "(";
  for (std::size_t i = 0; i < args.size(); ++i) {
    if (i > 0) text += ", ";
    CAPSTAN_REQUIRE(i < operation.parameters.size(), "an argument for a parameter");
    text += protocol.types.format(operation.parameters[i].type, args[i]);
  }
  return text + ")";
}

std::string operation_name(const Protocol& protocol, const model::HistoryOperation& operation) {
  return operation_name(protocol, operation.object, operation.op, operation.key, operation.args);
}

std::string answer_of(const Protocol& protocol, const model::HistoryOperation& operation) {
  if (operation.is_pending()) return "";
  const model::ObjectOp& op = op_at(protocol, operation.object, operation.op);
  return op.has_result ? protocol.types.format(op.result, operation.result) : "ok";
}

std::string message_name(const Protocol& protocol, const model::MessageInstance& message) {
  const model::Message& type = protocol.messages.at(static_cast<std::size_t>(message.message));
  std::string text = type.name + "(";
  for (std::size_t i = 0; i < message.fields.size() && i < type.fields.size(); ++i) {
    if (i > 0) text += ", ";
    text += protocol.types.format(type.fields[i].type, message.fields[i]);
  }
  return text + ")";
}

std::string variable_text(const Protocol& protocol, int process, int variable, const Value& value) {
  return protocol.types.format(variable_at(protocol, process, variable).type, value);
}

std::optional<EntryChange> entry_change(const Protocol& protocol, const model::Change& change) {
  const model::Variable& changed = variable_at(protocol, change.process, change.variable);
  const model::Type& type = protocol.types.at(changed.type);
  if (type.kind != model::Type::Kind::Map) return std::nullopt;
  const std::vector<Value>& before = change.before.elements();
  const std::vector<Value>& after = change.after.elements();
  std::optional<std::size_t> at;
  for (std::size_t i = 0; i < before.size() && i < after.size(); ++i) {
    if (before[i] == after[i]) continue;
    if (at) return std::nullopt;
    at = i;
  }
  const auto keys = protocol.types.domain(type.key);
  if (!at || !keys || *at >= keys->size()) return std::nullopt;
  return EntryChange{changed.name + "[" + protocol.types.format(type.key, (*keys)[*at]) + "]",
                     protocol.types.format(type.element, before[*at]),
                     protocol.types.format(type.element, after[*at])};
}

std::string change_text(const Protocol& protocol, const model::Change& change) {
  if (const auto entry = entry_change(protocol, change))
    return fmt::format("{}: {} -> {}", entry->name, entry->before, entry->after);
  const model::Variable& variable = variable_at(protocol, change.process, change.variable);
  return fmt::format("{}: {} -> {}", variable.name,
                     protocol.types.format(variable.type, change.before),
                     protocol.types.format(variable.type, change.after));
}

bool is_in_contradiction(const checker::Evidence& evidence, int step) {
  if (!evidence.explanation) return false;
  for (const checker::CoreOperation& operation : evidence.explanation->operations)
    if (operation.invoked == step || operation.responded == step) return true;
  return false;
}

std::string event_text(const Protocol& protocol, const HistoryEvent& event) {
  switch (event.kind) {
    case HistoryEvent::Kind::Invoke:
      return "calls " + operation_name(protocol, event.object, event.op, event.key, event.args);
    case HistoryEvent::Kind::Ok: {
      const model::ObjectOp& op = op_at(protocol, event.object, event.op);
      return op.name + " returns " +
             (op.has_result ? protocol.types.format(op.result, event.result) : "ok");
    }
    case HistoryEvent::Kind::Fail:
      return op_at(protocol, event.object, event.op).name + " fails";
    case HistoryEvent::Kind::Info:
      return op_at(protocol, event.object, event.op).name + " ends unanswered";
  }
  CAPSTAN_UNREACHABLE("a kind of event");
}

std::string without_colours(const std::string& text) {
  std::string result;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = text.find_first_not_of("0123456789;", std::min(at + 2, text.size()));
    const bool is_colour =
        text.compare(at, 2, "\x1b[") == 0 && end < text.size() && text[end] == 'm';
    if (is_colour)
      at = end + 1;
    else
      result.push_back(text[at++]);
  }
  return result;
}

std::string window_text(const checker::Window& window) {
  std::string text = "window of inconsistency: ";
  const std::string most = "at most " + counted(window.steps, "step");
  text += window.is_bounded ? most : "unbounded unless fair (" + most + " without repetition)";
  if (window.hops) {
    const std::string hops = ", at most " + counted(*window.hops, "hop");
    text += window.has_bounded_hops ? hops : ", any number of hops";
  }
  if (!window.ticks) return text;
  if (!window.has_bounded_ticks) return text + ", any number of ticks";
  return text + ", at most " + counted(*window.ticks, "tick");
}

const char* word(Label::Kind kind) {
  switch (kind) {
    case Label::Kind::Start:
      return "start";
    case Label::Kind::Invoke:
      return "invoke";
    case Label::Kind::Deliver:
      return "deliver";
    case Label::Kind::Act:
      return "act";
    case Label::Kind::Resume:
      return "resume";
    case Label::Kind::GiveUp:
      return "give_up";
    case Label::Kind::Lose:
      return "lose";
    case Label::Kind::Duplicate:
      return "duplicate";
    case Label::Kind::Cut:
      return "cut";
    case Label::Kind::Heal:
      return "heal";
    case Label::Kind::Crash:
      return "crash";
    case Label::Kind::Restart:
      return "restart";
    case Label::Kind::PassWait:
      return "pass_wait";
    case Label::Kind::Tick:
      return "tick";
    case Label::Kind::Jump:
      return "jump";
    case Label::Kind::Pause:
      return "pause";
    case Label::Kind::Unpause:
      return "unpause";
  }
  CAPSTAN_UNREACHABLE("a kind of step");
}

const char* word(HistoryEvent::Kind kind) {
  switch (kind) {
    case HistoryEvent::Kind::Invoke:
      return "invoke";
    case HistoryEvent::Kind::Ok:
      return "ok";
    case HistoryEvent::Kind::Fail:
      return "fail";
    case HistoryEvent::Kind::Info:
      return "info";
  }
  CAPSTAN_UNREACHABLE("a kind of event");
}

}  // namespace capstan::reports
