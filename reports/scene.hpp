// SPDX-License-Identifier: MIT
// scene: what a space-time diagram shows, before any place is known: rows, events with their chips,
// messages with their fate, operations.
//
// From: a Protocol and the Evidence of one expectation. To: layout (places), space_time (marks).
// The idea that carries the picture is chosen here: a hue stands for a value that clients write, in
// order of the first write, and whatever holds or carries the value takes it. Tested by:
// tests/unit/reports/space_time_test.cpp.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/finding.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

/// The hue of a value: an index, or -1 for neutral.
class Hues {
 public:
  static constexpr int kNone = -1;
  Hues() = default;
  Hues(const model::Protocol& protocol, const model::Run& run);
  /// Of a value of this type: of the value itself, or of the first part of it that has one.
  int of(model::TypeId type, const model::Value& value) const;
  int of(const model::MessageInstance& message) const;
  static Color line(int hue);
  static Color tint(int hue);

 private:
  void from_operations(const model::Run& run);
  void from_changes(const model::Run& run);
  void give(const model::Value& value);
  const model::Protocol* protocol_ = nullptr;
  std::optional<model::TypeId> type_;
  std::vector<model::Value> values_;  // by hue; those past the palette are neutral
};

/// A piece of a line of a chip, in its own colour.
struct Piece {
  std::string text;
  Color color = Color::Muted;
  bool is_bold = false;
};
struct ChipLine {
  std::vector<Piece> pieces;
  double size = 10.5;
  double width() const;  // with a blank between the pieces
};
struct Chip {
  std::vector<ChipLine> lines;
  int hue = Hues::kNone;
  bool is_change = false;  // else it shows what the process holds
};

enum class EventKind { Point, Chip, Call, Reply, Crash, Restart, Jump, Pause, Unpause };

/// What happens on one lane in one step.
struct Event {
  int step = 0, process = -1;
  EventKind kind = EventKind::Point;
  Chip chip;
  std::string pill;  // of what a fault does to one process: "crash", "clock -2"
  std::string
      clock;  // of a call or a reply: what the clock showed; other events say it in the chip
  bool is_skewed = false;  // and that is not true time
  std::string note;        // below the pill of a crash or restart: what was forgotten
  std::string tooltip;
  std::string id;  // "e3", the step; "e0_p2" for further ones of one step
};

enum class Fate { Delivered, Lost, Blocked, InFlight, Dropped };

struct Message {
  std::uint64_t id = 0;
  int from = -1, to = -1;
  int sent = 0;             // step
  int ended = -1;           // step of the delivery or loss; -1: none
  bool is_at_wall = false;  // lost there: the cut drops what meets it
  Fate fate = Fate::InFlight;
  int hue = Hues::kNone;
  std::string name, short_name;  // "Store((1, Client 1), 1)", "Store 1"
  std::string tooltip;
};

struct Bar {
  int process = -1;
  int called = 0, ended = -1;  // steps; ended -1: pending at the end
  std::string call, result;    // "write(1)", "ok"
  int hue = Hues::kNone;
  std::string badge;  // of an operation of the contradiction
  bool is_core = false;
  bool has_answer = false;   // ended by a result, not by fail or info
  std::vector<int> circles;  // numbers of the sentences that rest on its answer
  std::string tooltip;
};

enum class RowKind { Plain, Chip, Fault, Tick };
struct Row {
  int step = 0;
  RowKind kind = RowKind::Plain;
  int chip_lines = 0;  // of the tallest chip
  std::string text;
  std::int64_t true_time = 0;
  bool is_marked = false;  // a step of the contradiction
  std::string tooltip;
};

struct Cut {
  int begin = 0, end = -1;  // steps; -1: never healed
  int fault = -1;
  std::vector<std::vector<int>> groups;
  bool is_one_way = false;  // only from the first group to the second
  std::vector<int> bridge;  // processes between two groups that hear both
};

/// A process that takes no step: crashed, or paused.
struct Down {
  int process = -1;
  int begin = 0, end = -1;
  bool is_paused = false;
};

/// The bracket beside the story for one sentence.
struct Bracket {
  int from = 0, to = 0, number = 0;
};

struct Scene {
  std::vector<Row> rows;
  std::vector<Event> events;      // in order of the steps
  std::vector<Message> messages;  // in order of sending
  std::vector<Bar> bars;
  std::vector<Cut> cuts;
  std::vector<Down> downs;
  std::vector<Bracket> brackets;
  std::vector<int> lanes;       // processes shown, by number
  std::vector<int> hidden;      // processes without any part in it
  std::vector<bool> is_client;  // by process
  bool has_time = false;        // ticks pass, or clocks are read
  bool shows_clocks = false;    // some event says what a clock showed
  std::map<int, Chip> finals;   // by process: what it holds at the end
  std::map<int, Chip> shown;    // by process: what its clock shows to the property at the end
  int loop_start = -1;          // the steps from this one on are taken for ever; -1: they are not
  Hues hues;
};

/// `chip_lines_max`: how many lines a chip may have.
Scene scene_of(const model::Protocol& protocol, const checker::Evidence& evidence,
               int chip_lines_max);

/// The parameters of the process, or what it is: "home Branch 1", "client"; may be empty.
std::string subtitle_of(const model::Protocol& protocol, const model::Run& run, int process,
                        bool is_client);

}  // namespace capstan::reports
