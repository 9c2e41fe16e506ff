// SPDX-License-Identifier: MIT
#include "reports/space_time.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "model/base/require.hpp"
#include "reports/arrows.hpp"
#include "reports/layout.hpp"
#include "reports/parts.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::Evidence;
using model::Protocol;

namespace {

class SpaceTime {
 public:
  SpaceTime(const Protocol& protocol, const Evidence& evidence, const Caption& caption)
      : protocol_(protocol), evidence_(evidence), run_(evidence.run), caption_(caption) {}

  Picture draw() {
    const std::size_t lanes = static_cast<std::size_t>(protocol_.process_count());
    const Measures measures = measures_for(run_.steps.size(), lanes);
    scene_ = scene_of(protocol_, evidence_, measures.chip_lines_max);
    layout_ = layout_of(scene_, protocol_, run_, measures);
    picture_.title = caption_.verdict + ": " + caption_.title;
    constexpr double kLeastWidth = 780;
    picture_.width = std::max(layout_.width, kLeastWidth);
    name_hidden_lanes();
    move_to(layout_, scene_, put_head(picture_, caption_, picture_.width) + 17);
    put_loop();
    put_bands();
    put_story();
    put_brackets();
    put_lifelines();
    put_bars();
    put_events();
    put_bar_texts();
    put_headers();
    put_walls();
    Arrows arrows(picture_, layout_, scene_, walls_, obstacles_, solid_);
    arrows.put();
    double bottom = put_ends();
    bottom = put_why(picture_, evidence_, core_tints(), bottom + 18, picture_.width);
    bottom =
        put_legend(picture_, legend_of(scene_, arrows.fates(), evidence_.explanation.has_value()),
                   bottom + 20, picture_.width);
    picture_.height = std::ceil(bottom + 14);
    return std::move(picture_);
  }

 private:
  double y_of(int step) const { return layout_.y_of(scene_, step); }
  std::string name(int process) const { return process_name(protocol_, process); }
  Color accent() const { return evidence_.is_witness ? Color::C : Color::Warn; }

  void name_hidden_lanes() {
    if (scene_.hidden.empty()) return;
    std::string names;
    for (const int process : scene_.hidden) names += (names.empty() ? "" : ", ") + name(process);
    caption_.meta.emplace_back(scene_.hidden.size() == 1 ? "lane not shown" : "lanes not shown",
                               names);
  }

  // ---- partitions

  struct Stretch {
    std::size_t first = 0, last = 0;
    int side = -1;
  };

  /// Neighbouring lanes on one side of the cut.
  std::vector<Stretch> runs_of(const Cut& cut) const {
    std::vector<Stretch> runs;
    for (std::size_t i = 0; i < layout_.lanes.size(); ++i) {
      int side = -1;
      for (std::size_t g = 0; g < cut.groups.size(); ++g)
        if (std::count(cut.groups[g].begin(), cut.groups[g].end(), layout_.lanes[i].process) > 0)
          side = static_cast<int>(g);
      if (!runs.empty() && runs.back().side == side)
        runs.back().last = i;
      else
        runs.push_back({i, i, side});
    }
    return runs;
  }

  /// The middle between what stands on lane i and on lane i + 1.
  double middle_after(std::size_t i) const {
    const LanePlace& a = layout_.lanes[i];
    const LanePlace& b = layout_.lanes[i + 1];
    return (a.x + a.right + b.x - b.left) / 2;
  }

  double end_of(const Cut& cut) const {
    return cut.end >= 0 ? y_of(cut.end) : layout_.life_bottom - 6;
  }

  void put_bands() {
    for (const Cut& cut : scene_.cuts) {
      const std::vector<Stretch> runs = runs_of(cut);
      for (const Stretch& run : runs) {
        if (run.side < 0) continue;
        const LanePlace& first = layout_.lanes[run.first];
        const LanePlace& last = layout_.lanes[run.last];
        Area band;
        band.rect.left =
            run.first == 0 ? first.x - first.left - 8 : edge_after(cut, run.first - 1, 15);
        band.rect.right = run.last + 1 == layout_.lanes.size() ? last.x + last.right + 8
                                                               : edge_after(cut, run.last, -15);
        band.rect.top = y_of(cut.begin);
        band.rect.bottom = end_of(cut);
        band.fill = band.line = Color::Band;
        band.rounded = true;
        band.kind = "band";
        band.tooltip = "messages pass only inside " +
                       group_name(protocol_, cut.groups[static_cast<std::size_t>(run.side)]);
        picture_.areas.push_back(band);
      }
    }
  }

  bool is_bridge(const Cut& cut, std::size_t lane) const {
    return std::count(cut.bridge.begin(), cut.bridge.end(), layout_.lanes[lane].process) > 0;
  }

  /// Where a band ends between two lanes: beside the wall, or close to the lane of a bridge, which
  /// belongs to both sides.
  double edge_after(const Cut& cut, std::size_t lane, double distance) const {
    const double beside = distance > 0 ? 4 : -4;
    if (is_bridge(cut, lane)) return layout_.lanes[lane].x + beside;
    if (is_bridge(cut, lane + 1)) return layout_.lanes[lane + 1].x + beside;
    return middle_after(lane) + distance;
  }

  // ---- what is taken again and again

  void put_loop() {
    if (layout_.loop_top <= 0) return;
    const LanePlace& last = layout_.lanes.back();
    // No area may lie over another one: with bands of a partition it ends before the lanes.
    const double right = scene_.cuts.empty() ? last.x + last.right + 8 : layout_.story_right + 6;
    Area area;
    area.rect = {layout_.margin_left - 6, layout_.loop_top, right, layout_.loop_bottom};
    area.fill = Color::WarnTint;
    area.line = Color::Warn;
    area.pen = 1.2;
    area.rounded = true;
    area.kind = "loop";
    area.tooltip = "these steps can be taken again and again, for ever";
    picture_.areas.push_back(area);
    put_text(picture_, {layout_.story_left, layout_.loop_top + 13}, "again and again, for ever",
             {9.5, Face::Bold, Color::Warn, Align::Left}, area.tooltip);
    Stroke back;
    const double x = layout_.margin_left - 16, side = layout_.margin_left - 6;
    const double from = layout_.loop_bottom - 12, to = layout_.loop_top + 13;
    back.points = {{side, from}, {x, from}, {x, to}, {side, to}};
    back.color = Color::Warn;
    back.pen = 1.6;
    back.head = Head::Filled;
    back.corner = 4;
    back.kind = "loop";
    back.tooltip = area.tooltip;
    picture_.strokes.push_back(back);
    if (scene_.cuts.empty()) return;
    for (const double y : {layout_.loop_top, layout_.loop_bottom})
      put_line(picture_, {right, y}, {last.x + last.right + 8, y}, Color::Warn, 1, Dash::Dashed,
               "loop", area.tooltip);
  }

  void put_walls() {
    for (const Cut& cut : scene_.cuts) {
      const std::vector<Stretch> runs = runs_of(cut);
      bool is_first = true;
      for (std::size_t i = 0; i + 1 < runs.size(); ++i) {
        if (runs[i].side < 0 || runs[i + 1].side < 0) continue;
        put_wall(cut, middle_after(runs[i].last), is_first,
                 !cut.is_one_way     ? "partition"
                 : runs[i].side == 0 ? "no way →"
                                     : "← no way");
        is_first = false;
      }
      // The wall that a bridge passes runs along its lane.
      for (std::size_t i = 1; i + 1 < runs.size(); ++i) {
        if (runs[i].side >= 0 || runs[i - 1].side < 0 || runs[i + 1].side < 0) continue;
        for (std::size_t lane = runs[i].first; lane <= runs[i].last; ++lane) {
          if (!is_bridge(cut, lane)) continue;
          put_wall(cut, layout_.lanes[lane].x, is_first, "partition, bridged here");
          is_first = false;
        }
      }
    }
  }

  void put_wall(const Cut& cut, double x, bool is_first, const char* title) {
    const double top = y_of(cut.begin), bottom = end_of(cut);
    put_line(picture_, {x, top}, {x, bottom}, Color::Wall, 1.6, Dash::Dashed, "wall", "partition");
    walls_.push_back({x, top, bottom});
    obstacles_.add({x - 3, top, x + 3, bottom});
    const auto pill = [&](const char* text, int step) {
      const Rect box = put_pill(picture_, {x, y_of(step)}, text, 8.5, Color::Wall, Color::Wall,
                                Color::Paper, Align::Centre, 15, tooltip_of(step),
                                is_first ? fmt::format("e{}", step) : std::string());
      obstacles_.add(box);
    };
    pill(title, cut.begin);
    if (cut.end >= 0) pill("heal", cut.end);
  }

  std::string tooltip_of(int step) const {
    for (const Row& row : scene_.rows)
      if (row.step == step) return row.tooltip;
    return "";
  }

  // ---- the story

  /// Where the thin line from the story to the event ends.
  double leader_end(const Row& row) const {
    for (const Event& event : scene_.events)
      if (event.step == row.step && layout_.lane_of(event.process) != nullptr)
        return leader_end(event);
    const LanePlace& last = layout_.lanes.back();
    return row.kind == RowKind::Fault || row.kind == RowKind::Tick ? last.x + last.right : 0;
  }

  double leader_end(const Event& event) const {
    const LanePlace& lane = *layout_.lane_of(event.process);
    double end = rect_of(event, layout_, scene_).left;
    for (const Bar& bar : scene_.bars)
      if (bar.process == event.process && lane.labels_left &&
          (bar.called == event.step || bar.ended == event.step))
        end = std::min(end, lane.x - lane.left - 2);
    return end;
  }

  void put_story() {
    const double y = layout_.header_top + layout_.header_height / 2;
    put_text(picture_, {layout_.number_right, y}, "step",
             {8, Face::Regular, Color::Muted, Align::Right});
    if (scene_.has_time)
      put_text(picture_, {layout_.time_right, y}, "time",
               {8, Face::Regular, Color::Muted, Align::Right});
    put_text(picture_, {layout_.story_left, y}, "what happens",
             {8, Face::Regular, Color::Muted, Align::Left});
    for (std::size_t i = 0; i < scene_.rows.size(); ++i) {
      const Row& row = scene_.rows[i];
      const double middle = layout_.row_y[i];
      const Face face = row.is_marked ? Face::Bold : Face::Regular;
      const bool is_tick = row.kind == RowKind::Tick;
      const Color ink = row.is_marked ? accent() : is_tick ? Color::Muted : Color::Ink;
      if (scene_.has_time)
        put_text(picture_, {layout_.time_right, middle}, std::to_string(row.true_time),
                 {9.5, is_tick ? Face::Bold : Face::Regular, Color::Muted, Align::Right},
                 row.tooltip);
      put_text(picture_, {layout_.number_right, middle}, std::to_string(row.step),
               {9.5, face, row.is_marked ? accent() : Color::Muted, Align::Right}, row.tooltip);
      const std::vector<std::string>& lines = layout_.stories[i];
      const double line_height = 12,
                   top = middle - line_height * static_cast<double>(lines.size() - 1) / 2;
      double widest = 0;
      for (std::size_t line = 0; line < lines.size(); ++line) {
        put_text(picture_, {layout_.story_left, top + line_height * static_cast<double>(line)},
                 lines[line], {9.5, face, ink, Align::Left}, row.tooltip);
        widest = std::max(widest, text_width(lines[line], 9.5, face));
      }
      const double from = layout_.story_left + widest * (1 + kSlack) + 8;
      if (const double to = leader_end(row); to > from + 4)
        put_line(picture_, {from, middle}, {to, middle}, is_tick ? Color::Line : Color::Leader, 0.9,
                 is_tick ? Dash::Dotted : Dash::Solid, is_tick ? "tick" : "leader");
    }
  }

  /// Each on a track of its own where they share rows, the outermost last.
  void put_brackets() {
    std::vector<Bracket> brackets = scene_.brackets;
    std::stable_sort(brackets.begin(), brackets.end(), [](const Bracket& a, const Bracket& b) {
      return a.to - a.from < b.to - b.from;
    });
    std::vector<std::vector<Bracket>> tracks;
    for (const Bracket& bracket : brackets) {
      const auto clashes = [&](const Bracket& other) {
        return bracket.from <= other.to && other.from <= bracket.to;
      };
      std::size_t track = 0;
      while (track < tracks.size() &&
             std::any_of(tracks[track].begin(), tracks[track].end(), clashes))
        ++track;
      if (track == tracks.size()) tracks.emplace_back();
      tracks[track].push_back(bracket);
      put_bracket(bracket, layout_.margin_left - 13 - 14 * static_cast<double>(track));
    }
  }

  void put_bracket(const Bracket& bracket, double x) {
    const double top = y_of(bracket.from), bottom = y_of(bracket.to),
                 right = layout_.margin_left - 1;
    Stroke stroke;
    stroke.points = {{right, top}, {x, top}, {x, bottom}, {right, bottom}};
    stroke.color = Color::Warn;
    stroke.pen = 1.2;
    stroke.head = Head::Filled;
    stroke.head_size = 0.55;
    stroke.corner = 3;
    stroke.kind = "constraint";
    stroke.tooltip = sentence_text(bracket.number);
    picture_.strokes.push_back(stroke);
    put_circle(picture_, {x, (top + bottom) / 2}, std::to_string(bracket.number), 13, Color::Paper,
               Color::Warn, Color::Warn, sentence_text(bracket.number),
               fmt::format("#e{}", bracket.to));
  }

  std::string sentence_text(int number) const {
    if (evidence_.explanation)
      for (const checker::Sentence& sentence : evidence_.explanation->sentences)
        if (sentence.number == number) return sentence.text;
    return "";
  }

  // ---- lanes

  void put_lifelines() {
    for (const LanePlace& lane : layout_.lanes) {
      double from = layout_.life_top;
      Dash gap = Dash::Dotted;  // a crashed process; a paused one is dashed
      const auto piece = [&](double to, bool is_up) {
        if (to > from)
          put_line(picture_, {lane.x, from}, {lane.x, to}, Color::Life, is_up ? 1.3 : 1.0,
                   is_up ? Dash::Solid : gap, "life");
        from = to;
      };
      for (const Down& down : scene_.downs) {
        if (down.process != lane.process) continue;
        piece(y_of(down.begin), true);
        gap = down.is_paused ? Dash::Dashed : Dash::Dotted;
        piece(down.end >= 0 ? y_of(down.end) : layout_.life_bottom, false);
      }
      piece(layout_.life_bottom, true);
      obstacles_.add({lane.x - 2, layout_.life_top, lane.x + 2, layout_.life_bottom});
    }
  }

  void put_headers() {
    for (const LanePlace& lane : layout_.lanes) {
      Shape box;
      const Point centre = {lane.x, layout_.header_top + layout_.header_height / 2};
      box.rect = Rect::around(centre, lane.header_width, layout_.header_height);
      box.fill = Color::Panel;
      box.line = Color::Line;
      box.kind = "lane";
      box.id = fmt::format("lane_{}", lane.process);
      box.tooltip = name(lane.process) + (lane.subtitle.empty() ? "" : "\n" + lane.subtitle);
      const int index = picture_.add(box);
      const double shift = lane.subtitle.empty() ? 0 : 6;
      put_text(picture_, {centre.x, centre.y - shift}, lane.name,
               {11.5, Face::Bold, Color::Ink, Align::Centre}, box.tooltip, index);
      if (!lane.subtitle.empty())
        put_text(picture_, {centre.x, centre.y + 8.5}, lane.subtitle,
                 {8, Face::Regular, Color::Muted, Align::Centre}, box.tooltip, index);
    }
  }

  // ---- operations

  /// The colours of the operations of the contradiction, as their bars have them.
  std::vector<Color> core_tints() const {
    std::vector<Color> tints;
    if (!evidence_.explanation) return tints;
    for (const checker::CoreOperation& operation : evidence_.explanation->operations) {
      tints.push_back(Color::Paper);
      for (const Bar& bar : scene_.bars)
        if (bar.process == operation.process && bar.called == operation.invoked &&
            bar.hue != Hues::kNone)
          tints.back() = Hues::tint(bar.hue);
    }
    return tints;
  }

  double end_of(const Bar& bar) const {
    return bar.ended >= 0 ? y_of(bar.ended) + 5 : layout_.life_bottom - 4;
  }

  void put_bars() {
    for (const Bar& bar : scene_.bars) {
      const LanePlace* lane = layout_.lane_of(bar.process);
      if (lane == nullptr) continue;
      Shape shape;
      shape.rect = {lane->x - 6, y_of(bar.called) - 5, lane->x + 6, end_of(bar)};
      shape.fill = Hues::tint(bar.hue);
      shape.line = bar.is_core ? Color::Warn : Hues::line(bar.hue);
      shape.pen = bar.is_core ? 2.2 : 1.2;
      shape.kind = "bar";
      shape.tooltip = bar.tooltip;
      picture_.add(shape);
      obstacles_.add(shape.rect);
    }
  }

  /// Whether the event covers the side of its lane with a chip, so that labels must keep off.
  double label_offset(int process, int step) const {
    for (const Event& event : scene_.events)
      if (event.step == step && event.process == process && event.kind == EventKind::Chip)
        return layout_.chip_width / 2 + 6;
    return 12.5;
  }

  void put_bar_texts() {
    for (const Bar& bar : scene_.bars) {
      const LanePlace* lane = layout_.lane_of(bar.process);
      if (lane == nullptr) continue;
      const double side = lane->labels_left ? -1 : 1;
      const Align align = lane->labels_left ? Align::Right : Align::Left;
      const double top = y_of(bar.called);
      put_label({lane->x + side * label_offset(bar.process, bar.called), top}, bar.call,
                {10, Face::Bold, Color::Ink, align}, bar.tooltip);
      const double bottom = bar.ended >= 0 ? y_of(bar.ended) : layout_.life_bottom - 10;
      if (!bar.badge.empty() && bottom - top > 26)
        put_badge({lane->x + side * 19, (top + bottom) / 2}, bar);
      put_clock(bar.process, bar.called, side, align);
      if (bar.ended < 0) continue;
      put_clock(bar.process, bar.ended, side, align);
      const bool is_reason = !bar.circles.empty();
      const double offset = label_offset(bar.process, bar.ended);
      const TextStyle style = is_reason ? TextStyle{10, Face::Bold, Color::Warn, align}
                                        : TextStyle{9.5, Face::Regular, Color::Muted, align};
      put_label({lane->x + side * offset, bottom}, bar.result, style, bar.tooltip);
      double x = offset + text_width(bar.result, style.size, style.face) * (1 + kSlack) + 14;
      std::vector<int> circles = bar.circles;  // read from left to right on either side
      if (lane->labels_left) std::reverse(circles.begin(), circles.end());
      for (const int number : circles) {
        obstacles_.add(put_circle(picture_, {lane->x + side * x, bottom}, std::to_string(number),
                                  13, Color::Paper, Color::Warn, Color::Warn,
                                  sentence_text(number)));
        x += 17;
      }
    }
  }

  /// What the clock showed at a call or a reply, below the name or the result.
  void put_clock(int process, int step, double side, Align align) {
    for (const Event& event : scene_.events) {
      if (event.step != step || event.process != process || event.clock.empty()) continue;
      put_label({layout_.lane_of(process)->x + side * 12.5, y_of(step) + 12}, event.clock,
                {8, Face::Regular, event.is_skewed ? Color::Skew : Color::Muted, align},
                event.tooltip);
    }
  }

  void put_badge(Point preferred, const Bar& bar) {
    const Rect box = Rect::around(preferred, 15, 15);
    Point at = preferred;
    for (double shift = 0; shift < 60 && !labels_.is_free(Rect::around(at, 15, 15)); shift += 8)
      at = {preferred.x, preferred.y + shift};
    if (!labels_.is_free(Rect::around(at, 15, 15))) at = box.centre();
    const Rect placed = put_circle(picture_, at, bar.badge, 15, Color::Warn, Color::Warn,
                                   Color::Paper, bar.tooltip, {}, "badge");
    obstacles_.add(placed);
    labels_.add(placed);
  }

  void put_label(Point at, const std::string& text, const TextStyle& style,
                 const std::string& tooltip) {
    if (text.empty()) return;
    const int index = put_text(picture_, at, text, style, tooltip);
    auto& run = std::get<TextRun>(picture_.marks[static_cast<std::size_t>(index)]);
    Rect box = run.rect();
    box.left -= 2;
    box.right += 2;
    obstacles_.add(box);
    labels_.add(box);
  }

  // ---- events

  void put_events() {
    for (const Event& event : scene_.events)
      if (layout_.lane_of(event.process) != nullptr) put_event(event);
  }

  void put_event(const Event& event) {
    Shape shape;
    shape.rect = rect_of(event, layout_, scene_);
    shape.tooltip = event.tooltip;
    shape.id = event.id;
    const Point centre = shape.rect.centre();
    switch (event.kind) {
      case EventKind::Point:
        shape.form = Form::Circle;
        shape.line = ends_in_error(event) ? Color::Warn : Color::Muted;
        shape.pen = ends_in_error(event) ? 2.4 : 1.6;
        shape.kind = "point";
        picture_.add(shape);
        break;
      case EventKind::Chip:
        put_chip(event.chip, shape);
        break;
      case EventKind::Call:
      case EventKind::Reply:
        shape.form = Form::Box;
        shape.fill = shape.line = Color::Ink;
        shape.kind = "cap";
        picture_.add(shape);
        break;
      case EventKind::Crash:
      case EventKind::Pause:
        put_fault(event, centre, Color::Ink, Color::Ink, Color::Paper);
        break;
      case EventKind::Restart:
      case EventKind::Unpause:
        put_fault(event, centre, Color::Paper, Color::Ink, Color::Ink);
        break;
      case EventKind::Jump:
        put_fault(event, centre, Color::Paper, Color::Skew, Color::Skew);
        break;
    }
    obstacles_.add(shape.rect);
    // An arrow through a point of another lane would seem to arrive there.
    const double margin = event.kind == EventKind::Point ? 5 : 0;
    solid_.add({shape.rect.left - margin, shape.rect.top - margin, shape.rect.right + margin,
                shape.rect.bottom + margin});
  }

  void put_fault(const Event& event, Point centre, Color fill, Color line, Color ink) {
    put_pill(picture_, centre, event.pill, 8.5, fill, line, ink, Align::Centre, 15, event.tooltip,
             event.id);
    put_note(event, centre);
  }

  bool ends_in_error(const Event& event) const {
    return run_.steps[static_cast<std::size_t>(event.step)].error.has_value();
  }

  void put_note(const Event& event, Point centre) {
    if (event.note.empty() || layout_.measures.is_dense) return;
    const std::string text = fitted(event.note, layout_.chip_width, 8);
    const int index = put_text(picture_, {centre.x, centre.y + 14}, text,
                               {8, Face::Regular, Color::Muted, Align::Centre}, event.tooltip);
    auto& run = std::get<TextRun>(picture_.marks[static_cast<std::size_t>(index)]);
    run.has_halo = true;
    obstacles_.add(run.rect());
  }

  void put_chip(const Chip& chip, Shape shape) {
    const bool is_tinted = chip.is_change;
    shape.fill = is_tinted ? Hues::tint(chip.hue) : Color::Paper;
    shape.line = is_tinted ? Hues::line(chip.hue) : Color::Muted;
    shape.pen = 1.2;
    shape.kind = "chip";
    const int index = picture_.add(shape);
    put_chip_lines(picture_, chip, shape.rect, index, shape.tooltip, layout_.measures);
  }

  double put_ends() {
    double bottom = layout_.life_bottom;
    if (!scene_.finals.empty())
      bottom = put_end_row(bottom, scene_.loop_start < 0 ? "at the end" : "after each round",
                           scene_.finals);
    if (!scene_.shown.empty())
      bottom = put_end_row(bottom, "what the clocks may show then", scene_.shown);
    return bottom;
  }

  /// One chip on each lane that has one. Returns where the row ends.
  double put_end_row(double top, const char* title, const std::map<int, Chip>& chips) {
    const double y = top + 14;
    put_text(picture_, {layout_.story_left, y}, title,
             {9.5, Face::Regular, Color::Muted, Align::Left});
    for (const auto& [process, chip] : chips) {
      const LanePlace* lane = layout_.lane_of(process);
      if (lane == nullptr) continue;
      const bool is_down =
          !run_.steps.back().up.empty() && !run_.steps.back().up[static_cast<std::size_t>(process)];
      Shape shape;
      shape.rect = Rect::around({lane->x, y}, layout_.chip_width, 19);
      shape.fill = chip.hue == Hues::kNone ? Color::Paper : Hues::tint(chip.hue);
      shape.line = Hues::line(chip.hue);
      shape.kind = "chip";
      shape.tooltip = name(process) + " at the end" + (is_down ? ", down" : "");
      const int index = picture_.add(shape);
      Chip shown = chip;
      if (is_down && &chips == &scene_.finals) {
        shown.lines.front().pieces.erase(shown.lines.front().pieces.begin());  // its name
        shown.lines.front().pieces.push_back({"(down)", Color::Muted, false});
      }
      put_chip_lines(picture_, shown, shape.rect, index, shape.tooltip, layout_.measures);
    }
    return y + 10;
  }

  const Protocol& protocol_;
  const Evidence& evidence_;
  const model::Run& run_;
  Caption caption_;
  Scene scene_;
  Layout layout_;
  Picture picture_;
  Obstacles obstacles_;  // what labels of messages keep off
  Obstacles labels_;     // names of operations and badges
  Obstacles solid_;      // what arrows keep off
  std::vector<Wall> walls_;
};

}  // namespace

Picture space_time(const Protocol& protocol, const Evidence& evidence, const Caption& caption) {
  return SpaceTime(protocol, evidence, caption).draw();
}

}  // namespace capstan::reports
