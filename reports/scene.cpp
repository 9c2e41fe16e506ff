// SPDX-License-Identifier: MIT
#include "reports/scene.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/base/require.hpp"
#include "reports/chips.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::Evidence;
using model::Label;
using model::MessageCopy;
using model::Protocol;
using model::StepRecord;
using model::TypeId;
using model::Value;

namespace {

class SceneBuilder {
 public:
  SceneBuilder(const Protocol& protocol, const Evidence& evidence, int chip_lines_max)
      : protocol_(protocol),
        evidence_(evidence),
        run_(evidence.run),
        chips_(protocol, scene_.hues, chip_lines_max),
        is_dense_(chip_lines_max <= 1) {
    scene_.hues = Hues(protocol, run_);
    find_clients();
    find_faults();
    for (std::size_t i = 0; i < run_.steps.size(); ++i) add_step(static_cast<int>(i));
    add_stranded();
    add_operations();
    add_brackets();
    mark_rows();
    choose_lanes();
    add_finals();
    for (const model::ShownTime& each : run_.shown)
      scene_.shown[each.process].lines.push_back(
          {{clock_piece(each.time, run_.steps.back().true_time)}, 9});
    scene_.has_time = scene_.has_time || !run_.shown.empty();
  }
  Scene take() { return std::move(scene_); }

 private:
  const model::Role& role(int process) const { return protocol_.role_of(process); }
  const model::Variable& variable(int process, int slot) const {
    return role(process).variables[static_cast<std::size_t>(slot)];
  }
  std::string name(int process) const { return process_name(protocol_, process); }
  bool is_client(int process) const { return scene_.is_client[static_cast<std::size_t>(process)]; }
  const StepRecord& record(int step) const { return run_.steps[static_cast<std::size_t>(step)]; }

  void find_clients() {
    scene_.is_client.assign(static_cast<std::size_t>(protocol_.process_count()), false);
    for (int p = 0; p < protocol_.process_count(); ++p)
      scene_.is_client[static_cast<std::size_t>(p)] = !role(p).operations.empty();
    if (!std::count(scene_.is_client.begin(), scene_.is_client.end(), false))
      scene_.is_client.assign(scene_.is_client.size(),
                              false);  // processes that are both: one kind of lane
  }

  void find_faults() {
    for (std::size_t i = 0; i < run_.steps.size(); ++i) {
      const StepRecord& step = run_.steps[i];
      const int number = static_cast<int>(i);
      if (step.label.kind == Label::Kind::Cut) scene_.cuts.push_back(cut_of(step, number));
      const bool is_paused = step.label.kind == Label::Kind::Pause;
      if (is_paused || step.label.kind == Label::Kind::Crash)
        scene_.downs.push_back({step.process, number, -1, is_paused});
      const Label::Kind back = step.label.kind;
      for (Cut& cut : scene_.cuts)
        if (step.label.kind == Label::Kind::Heal && cut.end < 0 && cut.fault == step.label.fault)
          cut.end = number;
      for (Down& down : scene_.downs)
        if (back == (down.is_paused ? Label::Kind::Unpause : Label::Kind::Restart) &&
            down.end < 0 && down.process == step.process)
          down.end = number;
    }
  }

  Cut cut_of(const StepRecord& step, int number) const {
    Cut cut{number, -1, step.label.fault, step.groups, false, {}};
    if (step.label.fault < 0) return cut;
    const model::Fault& fault =
        protocol_.scenario.faults.at(static_cast<std::size_t>(step.label.fault));
    cut.is_one_way = fault.one_way;
    for (int process = 0; fault.bridging && process < protocol_.process_count(); ++process) {
      const bool is_grouped =
          std::any_of(step.groups.begin(), step.groups.end(), [&](const std::vector<int>& group) {
            return std::count(group.begin(), group.end(), process) > 0;
          });
      if (!is_grouped) cut.bridge.push_back(process);
    }
    return cut;
  }

  // ---- rows and events

  void add_step(int number) {
    const StepRecord& step = record(number);
    for (const MessageCopy& copy : step.sent) begin_message(copy, number);
    end_messages(number);
    const bool shows_clocks = step.label.reading || !step.label.start_readings.empty();
    if (number == 0 && step.sent.empty() && step.changes.empty() && !step.error && !shows_clocks)
      return;
    Row row;
    row.step = number;
    row.text = step.text;
    row.tooltip = row_tooltip(step);
    const Label::Kind kind = step.label.kind;
    if (kind == Label::Kind::Cut || kind == Label::Kind::Heal || kind == Label::Kind::Lose ||
        is_fault_of_process(kind))
      row.kind = RowKind::Fault;
    if (kind == Label::Kind::Tick) row.kind = RowKind::Tick;
    row.true_time = step.true_time;
    scene_.has_time = scene_.has_time || kind == Label::Kind::Tick || shows_clocks;
    scene_.shows_clocks = scene_.shows_clocks || shows_clocks;
    for (const int process : processes_of(step)) {
      Event event = event_of(number, process);
      row.chip_lines = std::max(row.chip_lines, static_cast<int>(event.chip.lines.size()));
      if (event.kind == EventKind::Chip) row.kind = RowKind::Chip;
      scene_.events.push_back(std::move(event));
    }
    scene_.rows.push_back(std::move(row));
  }

  /// On whose lanes something happens: one process, but for the start.
  std::vector<int> processes_of(const StepRecord& step) const {
    std::set<int> processes;
    const Label::Kind kind = step.label.kind;
    if (kind == Label::Kind::Cut || kind == Label::Kind::Heal || kind == Label::Kind::Lose)
      return {};
    if (step.process >= 0) processes.insert(step.process);
    for (std::size_t p = 0; p < step.label.start_readings.size(); ++p)
      if (step.label.start_readings[p]) processes.insert(static_cast<int>(p));
    for (const model::Change& change : step.changes) processes.insert(change.process);
    for (const MessageCopy& copy : step.sent) processes.insert(copy.message.source);
    return {processes.begin(), processes.end()};
  }

  Event event_of(int number, int process) const {
    const StepRecord& step = record(number);
    Event event;
    event.step = number;
    event.process = process;
    event.tooltip = event_tooltip(step, process);
    std::vector<const model::Change*> changes;
    for (const model::Change& change : step.changes)
      if (change.process == process) changes.push_back(&change);
    chips_.rank(changes);
    if (is_fault_of_process(step.label.kind) && step.process == process) {
      set_fault(step.label, event);
      for (const model::Change* change : changes)
        event.note += (event.note.empty() ? "" : ", ") + variable(process, change->variable).name +
                      " " + text_of(*change, change->before) + " → " +
                      text_of(*change, change->after);
      return event;
    }
    if (!changes.empty()) {
      event.kind = EventKind::Chip;
      event.chip = chips_.of_changes(changes);
    } else if (Chip held = is_client(process) ? Chip() : chips_.of_answer(step, process);
               !held.lines.empty()) {
      event.kind = EventKind::Chip;
      event.chip = std::move(held);
    } else if (is_client(process)) {
      for (const model::HistoryEvent& happened : step.events)
        event.kind =
            happened.kind == model::HistoryEvent::Kind::Invoke ? EventKind::Call : EventKind::Reply;
    }
    if (const auto offset = step.reading_of(process)) add_clock(step, *offset, event);
    return event;
  }

  static bool is_fault_of_process(Label::Kind kind) {
    return kind == Label::Kind::Crash || kind == Label::Kind::Restart ||
           kind == Label::Kind::Jump || kind == Label::Kind::Pause || kind == Label::Kind::Unpause;
  }

  static void set_fault(const Label& label, Event& event) {
    const auto set = [&event](EventKind kind, std::string pill) {
      event.kind = kind;
      event.pill = std::move(pill);
    };
    if (label.kind == Label::Kind::Crash) set(EventKind::Crash, "crash");
    if (label.kind == Label::Kind::Restart) set(EventKind::Restart, "restart");
    if (label.kind == Label::Kind::Pause) set(EventKind::Pause, "pause");
    if (label.kind == Label::Kind::Unpause) set(EventKind::Unpause, "goes on");
    if (label.kind != Label::Kind::Jump) return;
    set(EventKind::Jump,
        fmt::format("clock {:+}", label.choices.empty() ? 0 : label.choices.front()));
  }

  /// "clock 3 (+1)": what a clock shows, and how far that is from true time.
  static Piece clock_piece(std::int64_t time, std::int64_t true_time) {
    std::string text = fmt::format("clock {}", time);
    if (time != true_time) text += fmt::format(" ({:+})", time - true_time);
    return {std::move(text), time == true_time ? Color::Muted : Color::Skew, false};
  }

  /// What the clock showed. With many rows only where nothing else is shown.
  void add_clock(const StepRecord& step, std::int64_t offset, Event& event) const {
    if (is_dense_ && event.kind != EventKind::Point) return;
    Piece clock = clock_piece(step.true_time + offset, step.true_time);
    if (event.kind == EventKind::Call || event.kind == EventKind::Reply) {
      event.clock = std::move(clock.text);
      event.is_skewed = offset != 0;
      return;
    }
    event.kind = EventKind::Chip;
    event.chip.lines.push_back({{std::move(clock)}, 8});
  }

  std::string text_of(const model::Change& change, const Value& value) const {
    return variable_text(protocol_, change.process, change.variable, value);
  }

  std::string changes_of(const StepRecord& step, int process) const {
    std::string text;
    for (const model::Change& change : step.changes)
      if (change.process == process)
        text += fmt::format("\n{}: {} → {}", variable(process, change.variable).name,
                            text_of(change, change.before), text_of(change, change.after));
    return text;
  }

  std::string sends_of(const StepRecord& step, int process) const {
    std::string text;
    for (const MessageCopy& copy : step.sent)
      if (copy.message.source == process)
        text += fmt::format("\nsends {} to {}", message_name(protocol_, copy.message),
                            name(copy.message.destination));
    return text;
  }

  std::string state_of(const StepRecord& step, int process) const {
    std::string text;
    if (static_cast<std::size_t>(process) >= step.variables.size()) return text;
    const std::vector<Value>& values = step.variables[static_cast<std::size_t>(process)];
    for (std::size_t slot = 0; slot < values.size(); ++slot)
      text += fmt::format("\n    {} = {}", variable(process, static_cast<int>(slot)).name,
                          variable_text(protocol_, process, static_cast<int>(slot), values[slot]));
    return text.empty() ? "" : "\n" + name(process) + " now:" + text;
  }

  std::string event_tooltip(const StepRecord& step, int process) const {
    std::string text = step.text + changes_of(step, process) + sends_of(step, process);
    if (const auto offset = step.reading_of(process))
      text += fmt::format("\nthe clock shows {}, true time is {}", step.true_time + *offset,
                          step.true_time);
    if (step.error) text += "\n" + *step.error;
    return text + state_of(step, process);
  }

  std::string row_tooltip(const StepRecord& step) const {
    std::string text = step.text;
    for (const int process : processes_of(step))
      text += changes_of(step, process) + sends_of(step, process);
    for (const std::vector<int>& group : step.groups) text += "\n" + group_name(protocol_, group);
    if (step.error) text += "\n" + *step.error;
    return text;
  }

  // ---- messages

  void begin_message(const MessageCopy& copy, int number) {
    Message message;
    message.id = copy.id;
    message.from = copy.message.source;
    message.to = copy.message.destination;
    message.sent = number;
    message.hue = scene_.hues.of(copy.message);
    message.name = message_name(protocol_, copy.message);
    message.short_name = short_name_of(copy.message);
    scene_.messages.push_back(std::move(message));
  }

  /// The message with its telling part only: "Store 1".
  std::string short_name_of(const model::MessageInstance& message) const {
    const model::Message& type = protocol_.messages.at(static_cast<std::size_t>(message.message));
    for (std::size_t i = 0; i < type.fields.size() && i < message.fields.size(); ++i) {
      const bool is_only = type.fields.size() == 1;
      const model::Type::Kind kind = protocol_.types.at(type.fields[i].type).kind;
      if ((is_only || scene_.hues.of(type.fields[i].type, message.fields[i]) != Hues::kNone) &&
          kind != model::Type::Kind::Tuple)
        return type.name + " " + protocol_.types.format(type.fields[i].type, message.fields[i]);
    }
    return type.name;
  }

  void end_messages(int number) {
    const StepRecord& step = record(number);
    if (step.delivered) end_message(*step.delivered, number);
    for (const std::uint64_t id : step.dropped)
      for (Message& message : scene_.messages)
        if (message.id == id && message.ended < 0) {
          message.ended = number;
          message.fate = Fate::Lost;
          message.is_at_wall = true;
        }
    for (const std::uint64_t id : step.discarded)
      for (Message& message : scene_.messages)
        if (message.id == id && message.ended < 0) message.fate = Fate::Dropped;
  }

  void end_message(std::uint64_t id, int number) {
    const bool is_lost = record(number).label.kind == Label::Kind::Lose;
    for (std::size_t i = 0; i < scene_.messages.size(); ++i) {
      if (scene_.messages[i].id != id) continue;
      // A duplicate or a kept message arrives again: another arrow from the same sending.
      if (scene_.messages[i].ended >= 0) scene_.messages.push_back(scene_.messages[i]);
      Message& message =
          scene_.messages[i].ended >= 0 ? scene_.messages.back() : scene_.messages[i];
      message.ended = number;
      message.fate = is_lost ? Fate::Lost : Fate::Delivered;
      return;
    }
  }

  bool is_apart(int a, int b, int step) const {
    for (const Cut& cut : scene_.cuts) {
      if (cut.begin > step || (cut.end >= 0 && cut.end <= step) || cut.groups.size() < 2) continue;
      const auto in = [&](std::size_t group, int process) {
        return std::count(cut.groups[group].begin(), cut.groups[group].end(), process) > 0;
      };
      if ((in(0, a) && in(1, b)) || (!cut.is_one_way && in(0, b) && in(1, a))) return true;
    }
    return false;
  }

  void add_stranded() {
    const int last = static_cast<int>(run_.steps.size()) - 1;
    for (Message& message : scene_.messages) {
      if (message.ended < 0 && message.fate == Fate::InFlight &&
          is_apart(message.from, message.to, last))
        message.fate = Fate::Blocked;
      message.tooltip = fmt::format("{} from {} to {}, sent at step {}", message.name,
                                    name(message.from), name(message.to), message.sent);
      switch (message.fate) {
        case Fate::Delivered:
          message.tooltip += fmt::format(", arrives at step {}", message.ended);
          break;
        case Fate::Lost:
          message.tooltip += fmt::format(
              ", lost at {} {}", message.is_at_wall ? "the cut, step" : "step", message.ended);
          break;
        case Fate::Blocked:
          message.tooltip += ", blocked by the partition";
          break;
        case Fate::InFlight:
          message.tooltip += ", still in flight at the end";
          break;
        case Fate::Dropped:
          message.tooltip += ", dropped: nobody waits for it any more";
          break;
      }
    }
  }

  // ---- operations, constraints, lanes

  void add_operations() {
    for (std::size_t i = 0; i < run_.steps.size(); ++i)
      for (const model::HistoryEvent& event : run_.steps[i].events) {
        const int number = static_cast<int>(i);
        if (event.kind == model::HistoryEvent::Kind::Invoke)
          begin_bar(event, number);
        else
          end_bar(event, number);
      }
    if (evidence_.explanation) add_badges(*evidence_.explanation);
  }

  const model::ObjectOp& op_of(const model::HistoryEvent& event) const {
    return protocol_.objects.at(static_cast<std::size_t>(event.object))
        .ops.at(static_cast<std::size_t>(event.op));
  }

  void begin_bar(const model::HistoryEvent& event, int number) {
    Bar bar;
    bar.process = event.process;
    bar.called = number;
    bar.call = operation_name(protocol_, event.object, event.op, event.key, event.args);
    const model::ObjectOp& op = op_of(event);
    if (!event.args.empty() && event.args.size() <= op.parameters.size())
      bar.hue = scene_.hues.of(op.parameters[event.args.size() - 1].type, event.args.back());
    bar.tooltip = fmt::format("{}: {}, called at step {}", name(event.process), bar.call, number);
    scene_.bars.push_back(std::move(bar));
  }

  void end_bar(const model::HistoryEvent& event, int number) {
    for (Bar& bar : scene_.bars) {
      if (bar.process != event.process || bar.ended >= 0) continue;
      bar.ended = number;
      const model::ObjectOp& op = op_of(event);
      bar.has_answer = event.kind == model::HistoryEvent::Kind::Ok;
      if (event.kind == model::HistoryEvent::Kind::Fail) bar.result = "fails";
      if (event.kind == model::HistoryEvent::Kind::Info) bar.result = "no answer";
      if (bar.has_answer) {
        bar.result =
            op.has_result ? "returns " + protocol_.types.format(op.result, event.result) : "ok";
        if (op.has_result && bar.hue == Hues::kNone)
          bar.hue = scene_.hues.of(op.result, event.result);
      }
      bar.tooltip += fmt::format("\n{} at step {}", bar.result, number);
      return;
    }
  }

  void add_badges(const checker::Explanation& why) {
    for (const checker::CoreOperation& operation : why.operations)
      for (Bar& bar : scene_.bars)
        if (bar.process == operation.process && bar.called == operation.invoked) {
          bar.badge = operation.badge;
          bar.is_core = true;
        }
  }

  void add_brackets() {
    if (!evidence_.explanation) return;
    for (const checker::Sentence& sentence : evidence_.explanation->sentences) {
      if (sentence.from_step >= 0 && sentence.to_step >= 0) {
        scene_.brackets.push_back({sentence.from_step, sentence.to_step, sentence.number});
        continue;
      }
      for (Bar& bar : scene_.bars)
        if (sentence.to_step >= 0 && bar.ended == sentence.to_step && bar.is_core)
          bar.circles.push_back(sentence.number);
    }
  }

  void mark_rows() {
    std::set<int> marked;
    for (const Bracket& bracket : scene_.brackets) marked.insert({bracket.from, bracket.to});
    for (const Bar& bar : scene_.bars)
      if (!bar.circles.empty()) marked.insert(bar.ended);
    if (marked.empty() && !evidence_.is_witness && evidence_.trace.loop_start < 0)
      marked.insert(static_cast<int>(run_.steps.size()) - 1);
    for (Row& row : scene_.rows) row.is_marked = marked.count(row.step) > 0;
  }

  /// Clients that take no part in the run are left out, and with many lanes the others too; they
  /// are named.
  void choose_lanes() {
    constexpr std::size_t kFewLanes = 6;
    std::set<int> active;
    for (const Event& event : scene_.events) active.insert(event.process);
    for (const Message& message : scene_.messages)
      if (message.ended >= 0) active.insert({message.from, message.to});
    for (const model::ShownTime& each : run_.shown) active.insert(each.process);
    const bool are_few = static_cast<std::size_t>(protocol_.process_count()) <= kFewLanes;
    for (int p = 0; p < protocol_.process_count(); ++p)
      (active.count(p) > 0 || (are_few && !is_client(p)) ? scene_.lanes : scene_.hidden)
          .push_back(p);
    if (scene_.lanes.empty()) scene_.lanes.swap(scene_.hidden);
    std::set<int> named;
    for (Event& event : scene_.events)
      event.id = named.insert(event.step).second
                     ? fmt::format("e{}", event.step)
                     : fmt::format("e{}_p{}", event.step, event.process);
  }

  /// What was ever shown of a role's variables in the first line of a chip, its processes show at
  /// the end.
  void add_finals() {
    if (run_.steps.empty()) return;
    std::map<int, std::map<int, int>>
        shown;  // role -> slot -> how often it stood in the first line
    for (const Event& event : scene_.events) {
      if (event.kind != EventKind::Chip || event.chip.lines.empty()) continue;
      const std::string& label = event.chip.lines.front().pieces.front().text;
      const std::vector<model::Variable>& variables = role(event.process).variables;
      for (std::size_t slot = 0; slot < variables.size(); ++slot)
        if (label == variables[slot].name || label == variables[slot].name + " =" ||
            label.starts_with(variables[slot].name + "["))
          shown[protocol_.types.processes()[static_cast<std::size_t>(event.process)].role]
               [static_cast<int>(slot)] += event.chip.hue == Hues::kNone ? 1 : 100;
    }
    const StepRecord& end = run_.steps.back();
    for (const int process : scene_.lanes) {
      const auto found =
          shown.find(protocol_.types.processes()[static_cast<std::size_t>(process)].role);
      if (found == shown.end() || static_cast<std::size_t>(process) >= end.variables.size())
        continue;
      const auto most =
          std::max_element(found->second.begin(), found->second.end(),
                           [](const auto& a, const auto& b) { return a.second < b.second; });
      const Value& value =
          end.variables[static_cast<std::size_t>(process)][static_cast<std::size_t>(most->first)];
      scene_.finals[process] = chips_.of_value(process, most->first, value);
    }
  }

  const Protocol& protocol_;
  const Evidence& evidence_;
  const model::Run& run_;
  Scene scene_;
  ChipMaker chips_;  // reads the hues of scene_
  bool is_dense_;
};

}  // namespace

Scene scene_of(const Protocol& protocol, const Evidence& evidence, int chip_lines_max) {
  Scene scene = SceneBuilder(protocol, evidence, chip_lines_max).take();
  scene.loop_start = evidence.trace.loop_start;
  return scene;
}

std::string subtitle_of(const Protocol& protocol, const model::Run& run, int process,
                        bool is_client) {
  const model::Role& role = protocol.role_of(process);
  std::string text;
  const bool is_known =
      !run.steps.empty() && static_cast<std::size_t>(process) < run.steps.front().variables.size();
  for (std::size_t slot = 0; is_known && slot < role.variables.size(); ++slot) {
    if (role.variables[slot].storage != model::Storage::Parameter) continue;
    const std::vector<Value>& values =
        run.steps.front().variables[static_cast<std::size_t>(process)];
    if (slot < values.size())
      text += (text.empty() ? "" : ", ") + role.variables[slot].name + " " +
              variable_text(protocol, process, static_cast<int>(slot), values[slot]);
  }
  if (text.empty() && is_client) text = "client";
  return text;
}

}  // namespace capstan::reports
