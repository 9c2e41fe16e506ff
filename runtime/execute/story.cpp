// SPDX-License-Identifier: MIT
// story: sentences for labels, and the differences between two worlds.
#include "runtime/execute/story.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "model/base/require.hpp"
#include "model/source/utf8.hpp"
#include "runtime/execute/activation_label.hpp"
#include "runtime/execute/chooser.hpp"

namespace capstan::runtime {

using model::HistoryEvent;
using model::Label;
using model::Protocol;
using model::TypeId;
using model::Value;

namespace {

const std::string& process_text(const Protocol& protocol, int process) {
  return protocol.types.processes().at(static_cast<std::size_t>(process)).name;
}

std::string list_text(const Protocol& protocol, const std::vector<TypeId>& types,
                      const std::vector<Value>& values) {
  std::string text;
  for (std::size_t i = 0; i < values.size(); ++i) {
    text += (i == 0 ? "" : ", ") + protocol.types.format(types.at(i), values[i]);
  }
  return text;
}

/// Tells one step: from the world before it, the world after it, and what it did.
class Teller {
 public:
  Teller(const World& before, const World& after, const Effects& effects, const Label& label)
      : before_(before),
        after_(after),
        effects_(effects),
        label_(label),
        protocol_(before.protocol()) {}

  std::string tell() const {
    std::string text = caption().value_or("");
    if (text.empty()) text = plain();
    if (label_.kind == Label::Kind::Crash) return text;
    for (const HistoryEvent& event : effects_.events) {
      if (event.kind != HistoryEvent::Kind::Invoke)
        text += (text.ends_with(':') ? " " : "; ") + ending(event);
    }
    if (text.ends_with(':')) text += " goes on";
    return text + dropped();
  }

 private:
  /// What a dropping cut swallowed in this step.
  std::string dropped() const {
    const std::size_t count = effects_.dropped.size();
    if (count == 0) return {};
    return fmt::format("; {} {} lost at the cut", count,
                       count == 1 ? "message is" : "messages are");
  }

  /// The text of `says`; nothing if there is none, or if it cannot be evaluated.
  std::optional<std::string> caption() const {
    if (effects_.entered == nullptr || !effects_.entered->says || after_.error())
      return std::nullopt;
    std::vector<Value> locals = effects_.locals;
    model::Environment environment;
    environment.protocol = &protocol_;
    environment.locals = &locals;
    environment.variables = &after_.processes()[static_cast<std::size_t>(label_.process)].variables;
    environment.ghosts = &after_.ghosts();
    environment.self = label_.process;
    environment.sender = effects_.sender;
    // A step that read no clock may have read the least time: nothing later contradicts that.
    FixedClock clock(label_.reading ? before_.true_time() + *label_.reading
                                    : before_.readings(label_.process).low);
    environment.clock = &clock;
    try {
      return model::printable(model::format_caption(*effects_.entered->says, environment));
    } catch (const model::ModelError&) {
      return std::nullopt;
    }
  }

  std::string plain() const {
    using enum Label::Kind;
    switch (label_.kind) {
      case Start:
        return "the run begins" + shown_at_start();
      case Invoke:
        return fmt::format("{}{} calls {}",
                           label_.script_position == Label::kFinalRead ? "at last, " : "", self(),
                           call_text(protocol_, label_.object, label_.op, label_.key, label_.args));
      case Deliver:
        return delivery();
      case Act:
        return action();
      case Resume:
        return fmt::format("{}:", self());
      case GiveUp:
        return fmt::format("{} gives up waiting for answers to {}", self(), asked());
      case Lose:
        return fmt::format("the network loses {} from {} to {}",
                           message_text(protocol_, label_.message),
                           process_text(protocol_, label_.message.source),
                           process_text(protocol_, label_.message.destination));
      case Duplicate:
        return delivery() + ", and a copy stays in flight";
      case Cut:
        return cut();
      case Heal:
        return "the network heals";
      case Crash:
        return crash();
      case Restart:
        return fmt::format("{} restarts", self());
      case PassWait:
        return fmt::format("what {} waited for has come", self());
      case Tick:
        return tick();
      case Jump:
        return jump();
      case Pause:
        return fmt::format("{} pauses", self());
      case Unpause:
        return fmt::format("{} goes on after its pause", self());
    }
    CAPSTAN_UNREACHABLE("every kind of label is listed");
  }

  const std::string& self() const { return process_text(protocol_, label_.process); }

  /// ": the clock of Server 1 shows -1, that of Server 2 shows 1"
  std::string shown_at_start() const {
    std::string text;
    for (std::size_t p = 0; p < label_.start_readings.size(); ++p) {
      if (!label_.start_readings[p]) continue;
      text += fmt::format("{} of {} shows {}", text.empty() ? ": the clock" : ", that",
                          process_text(protocol_, static_cast<int>(p)), *label_.start_readings[p]);
    }
    return text;
  }

  std::string delivery() const {
    const model::MessageInstance& message = label_.message;
    const bool is_reply = protocol_.messages.at(static_cast<std::size_t>(message.message)).is_reply;
    return fmt::format("{} {} {} from {}", process_text(protocol_, message.destination),
                       is_reply ? "gets" : "handles", message_text(protocol_, message),
                       process_text(protocol_, message.source));
  }

  std::string action() const {
    const model::Action& declared =
        protocol_.role_of(label_.process).actions.at(static_cast<std::size_t>(label_.alternative));
    std::vector<TypeId> types;
    for (const model::Binder& binder : declared.binders) {
      for (const int slot : binder.slots) {
        types.push_back(declared.code.frame.slots.at(static_cast<std::size_t>(slot)).type);
      }
    }
    const std::string args = list_text(protocol_, types, label_.args);
    return fmt::format("{} does {}{}", self(), declared.name, args.empty() ? "" : "(" + args + ")");
  }

  /// The request of the ask that is given up.
  std::string asked() const {
    for (const Activation& activation :
         before_.processes()[static_cast<std::size_t>(label_.process)].activations) {
      if (activation.slot < 0 || activation.slot != label_.slot) continue;
      return protocol_.messages.at(static_cast<std::size_t>(activation.waiting->ask->message)).name;
    }
    return "its requests";
  }

  std::string tick() const {
    std::string text = fmt::format("a tick passes: it is {}", after_.true_time());
    for (std::size_t i = 0; i < label_.choices.size(); ++i) {
      if (label_.choices[i] == 1) continue;
      text += fmt::format(", and the clock of {} {}", process_text(protocol_, static_cast<int>(i)),
                          label_.choices[i] == 0 ? "stands still" : "goes two forward");
    }
    return text;
  }

  std::string jump() const {
    const int ticks = label_.choices.empty() ? 0 : label_.choices.front();
    return fmt::format("the clock of {} jumps {} by {}", self(), ticks < 0 ? "back" : "forward",
                       ticks < 0 ? -ticks : ticks);
  }

  std::string cut() const {
    if (effects_.groups.size() != 2) return "the network splits";
    const model::Fault& fault =
        protocol_.scenario.faults.at(static_cast<std::size_t>(label_.fault));
    const std::string first = group_text(protocol_, effects_.groups[0]);
    const std::string second = group_text(protocol_, effects_.groups[1]);
    if (fault.one_way) return fmt::format("nothing passes from {} to {}", first, second);
    return fmt::format("network splits: {} | {}{}", first, second, bridge());
  }

  /// With what was written since the last `sync` and is gone, or has come through.
  std::string crash() const {
    const Process& before = before_.processes()[static_cast<std::size_t>(label_.process)];
    const std::vector<model::Variable>& variables = protocol_.role_of(label_.process).variables;
    std::vector<std::string> lost;
    std::vector<std::string> kept;
    std::size_t next = 0;
    for (std::size_t i = 0; i < variables.size(); ++i) {
      if (variables[i].storage != model::Storage::Unsynced) continue;
      if (before.variables[i] == before.on_disk[i] || next == label_.choices.size()) continue;
      (label_.choices[next++] == 1 ? lost : kept).push_back(variables[i].name);
    }
    std::string text = fmt::format("{} crashes", self());
    if (!lost.empty())
      text += fmt::format(", and loses {}, not yet synced", fmt::join(lost, " and "));
    if (!kept.empty()) text += fmt::format("; {} came to disk in time", fmt::join(kept, " and "));
    return text;
  }

  /// Who still hears both sides.
  std::string bridge() const {
    std::vector<int> both;
    for (int process = 0; process < protocol_.process_count(); ++process) {
      const auto in = [&](const std::vector<int>& group) {
        return std::find(group.begin(), group.end(), process) != group.end();
      };
      if (!in(effects_.groups[0]) && !in(effects_.groups[1])) both.push_back(process);
    }
    return both.empty() ? "" : fmt::format(", and {} hears both", group_text(protocol_, both));
  }

  std::string ending(const HistoryEvent& event) const {
    const std::string call =
        call_text(protocol_, event.object, event.op, event.key, effects_.ended_args);
    if (event.kind == HistoryEvent::Kind::Fail) return call + " fails";
    if (event.kind == HistoryEvent::Kind::Info) return call + " ends, its effect unknown";
    const model::ObjectOp& op = protocol_.objects.at(static_cast<std::size_t>(event.object))
                                    .ops.at(static_cast<std::size_t>(event.op));
    if (!op.has_result) return call + " returns";
    return call + " returns " + protocol_.types.format(op.result, event.result);
  }

  const World& before_;
  const World& after_;
  const Effects& effects_;
  const Label& label_;
  const Protocol& protocol_;
};

void add_changes(const World& before, const World& after, model::StepRecord& record) {
  for (std::size_t p = 0; p < after.processes().size(); ++p) {
    const std::vector<Value>& old_values = before.processes()[p].variables;
    const std::vector<Value>& new_values = after.processes()[p].variables;
    for (std::size_t i = 0; i < new_values.size() && i < old_values.size(); ++i) {
      if (old_values[i] == new_values[i]) continue;
      record.changes.push_back(
          {static_cast<int>(p), static_cast<int>(i), old_values[i], new_values[i]});
    }
  }
}

}  // namespace

std::string call_text(const Protocol& protocol, int object, int op, const Value& key,
                      const std::vector<Value>& args) {
  const model::Object& declared = protocol.objects.at(static_cast<std::size_t>(object));
  const model::ObjectOp& operation = declared.ops.at(static_cast<std::size_t>(op));
  std::vector<TypeId> types;
  for (const model::Type::Field& parameter : operation.parameters) types.push_back(parameter.type);
  std::string owner;
  if (declared.has_key) {
    owner = fmt::format("{}[{}].", declared.name, protocol.types.format(declared.key, key));
  } else if (protocol.objects.size() > 1) {
    owner = declared.name + ".";
  }
  return fmt::format("{}{}({})", owner, operation.name, list_text(protocol, types, args));
}

std::string message_text(const Protocol& protocol, const model::MessageInstance& message) {
  const model::Message& declared = protocol.messages.at(static_cast<std::size_t>(message.message));
  std::vector<TypeId> types;
  for (const model::Type::Field& field : declared.fields) types.push_back(field.type);
  return fmt::format("{}({})", declared.name, list_text(protocol, types, message.fields));
}

std::string group_text(const Protocol& protocol, const std::vector<int>& group) {
  std::string text;
  for (const int process : group)
    text += (text.empty() ? "" : ", ") + process_text(protocol, process);
  return "{" + text + "}";
}

void fill_record(const World& before, const World& after, const Effects& effects,
                 model::StepRecord& record) {
  const Label& label = record.label;
  const bool is_delivery = label.kind == Label::Kind::Deliver || label.kind == Label::Kind::Lose ||
                           label.kind == Label::Kind::Duplicate;
  record.process = is_delivery ? label.message.destination : label.process;
  record.delivered = effects.delivered;
  record.sent = effects.sent;
  record.discarded = effects.discarded;
  record.dropped = effects.dropped;
  record.events = effects.events;
  record.groups = effects.groups;
  record.ghosts = after.ghosts();
  record.true_time = after.true_time();
  for (const Process& process : after.processes()) {
    record.variables.push_back(process.variables);
    record.up.push_back(process.is_up);
  }
  add_changes(before, after, record);
  Label told = label;
  told.process = record.process;
  record.text = Teller(before, after, effects, told).tell();
}

}  // namespace capstan::runtime
