// SPDX-License-Identifier: MIT
#include "reports/parts.hpp"

#include <algorithm>

namespace capstan::reports {
namespace {

/// Shortens the longest pieces until the line fits; the tooltip has all of it. Narrow chips do
/// without the variable's name.
void fit(ChipLine& line, double width) {
  if (line.width() > width && line.pieces.size() == 4 && line.size >= 9)
    line.pieces.erase(line.pieces.begin());
  while (line.width() > width) {
    auto longest = line.pieces.end();
    double most = 0;
    for (auto piece = line.pieces.begin(); piece != line.pieces.end(); ++piece) {
      const double here =
          text_width(piece->text, line.size, piece->is_bold ? Face::Bold : Face::Regular);
      if (here > most) {
        most = here;
        longest = piece;
      }
    }
    const Face face = longest->is_bold ? Face::Bold : Face::Regular;
    const std::string shorter = fitted(longest->text, most - 4, line.size, face);
    if (shorter == longest->text || shorter == "…") break;
    longest->text = shorter;
  }
}

/// What clocks show, and processes that stand still.
void add_time_legend(const Scene& scene, std::vector<LegendItem>& items) {
  const auto is_paused = [](const Down& down) { return down.is_paused; };
  if (std::any_of(scene.downs.begin(), scene.downs.end(), is_paused))
    items.push_back({38,
                     [](Picture& picture, Point left) {
                       put_pill(picture, {left.x + 18, left.y}, "pause", 7.5, Color::Ink,
                                Color::Ink, Color::Paper, Align::Centre, 12);
                     },
                     "takes no step until it goes on"});
  const auto is_tick = [](const Row& row) { return row.kind == RowKind::Tick; };
  if (std::any_of(scene.rows.begin(), scene.rows.end(), is_tick))
    items.push_back(
        {28,
         [](Picture& picture, Point left) {
           put_line(picture, left, {left.x + 26, left.y}, Color::Line, 0.9, Dash::Dotted);
         },
         "a tick of true time"});
  if (!scene.shows_clocks) return;
  const std::string sample = "clock 3 (+1)";
  items.push_back({text_width(sample, 8) + 4,
                   [sample](Picture& picture, Point left) {
                     put_text(picture, left, sample, {8, Face::Regular, Color::Skew, Align::Left});
                   },
                   "what the clock shows, and how far it is off"});
}

void add_chip_legend(const Scene& scene, std::vector<LegendItem>& items) {
  bool has_change = false, has_held = false;
  for (const Event& event : scene.events) {
    has_change = has_change || (event.kind == EventKind::Chip && event.chip.is_change);
    has_held = has_held || (event.kind == EventKind::Chip && !event.chip.is_change);
  }
  const auto sample = [](bool is_change) {
    return [is_change](Picture& picture, Point left) {
      put_pill(picture, left, is_change ? "old → new" : "x = v", 8,
               is_change ? Hues::tint(0) : Color::Paper, is_change ? Hues::line(0) : Color::Muted,
               is_change ? Hues::line(0) : Color::Muted, Align::Left, 15);
    };
  };
  if (has_change)
    items.push_back(
        {pill_width("old → new", 8), sample(true), "state change, in the colour of the new value"});
  if (has_held)
    items.push_back({pill_width("x = v", 8), sample(false), "state unchanged, as answered"});
}

}  // namespace

void put_chip_lines(Picture& picture, const Chip& chip, const Rect& box, int index,
                    const std::string& tooltip, const Measures& measures) {
  const bool is_dense = measures.is_dense;
  const double more = measures.chip_line_more;
  double y = box.centre().y - more * static_cast<double>(chip.lines.size() - 1) / 2;
  if (chip.lines.size() > 1) y -= 0.5;
  for (std::size_t i = 0; i < chip.lines.size(); ++i) {
    ChipLine line = chip.lines[i];
    if (is_dense) line.size = 9;
    fit(line, box.width() - 12);
    double x = box.centre().x - line.width() / 2;
    for (const Piece& piece : line.pieces) {
      const Face face = piece.is_bold ? Face::Bold : Face::Regular;
      put_text(picture, {x, y}, piece.text, {line.size, face, piece.color, Align::Left}, tooltip,
               index);
      x += text_width(piece.text, line.size, face) + line.size * 0.35;
    }
    y += i == 0 && chip.lines.size() > 1 ? more + 1 : more;
  }
}

std::vector<LegendItem> legend_of(const Scene& scene, const std::set<Fate>& fates,
                                  bool has_contradiction) {
  std::vector<LegendItem> items;
  const auto line = [](Color color, Dash dash, Head head, double length) {
    return [=](Picture& picture, Point left) {
      Stroke stroke;
      stroke.points = {left, {left.x + length, left.y}};
      stroke.color = color;
      stroke.pen = 1.4;
      stroke.dash = dash;
      stroke.head = head;
      picture.strokes.push_back(stroke);
    };
  };
  const auto box = [](double width, double height, Color fill, Color edge, double pen) {
    return [=](Picture& picture, Point left) {
      Shape shape;
      shape.rect = {left.x, left.y - height / 2, left.x + width, left.y + height / 2};
      shape.fill = fill;
      shape.line = edge;
      shape.pen = pen;
      shape.kind = "sample";
      picture.add(shape);
    };
  };
  const Color tint = Hues::tint(0), edge = Hues::line(0);
  if ((fates.count(Fate::Delivered) > 0))
    items.push_back({30, line(edge, Dash::Solid, Head::Filled, 28), "message delivered"});
  if ((fates.count(Fate::Blocked) > 0) || (fates.count(Fate::Lost) > 0))
    items.push_back(
        {34,
         [line](Picture& picture, Point left) {
           line(Color::Muted, Dash::Dashed, Head::None, 22)(picture, left);
           put_cross(picture, {left.x + 27, left.y}, 10, "");
         },
         (fates.count(Fate::Lost) > 0) ? "blocked or lost" : "blocked by the partition"});
  if ((fates.count(Fate::InFlight) > 0) || (fates.count(Fate::Dropped) > 0))
    items.push_back({30, line(edge, Dash::Dashed, Head::Open, 28),
                     "in flight at the end, or no longer awaited"});
  if (!scene.cuts.empty())
    items.push_back({26,
                     [](Picture& picture, Point left) {
                       for (const double x : {0.0, 15.0}) {
                         Area area;
                         area.rect = {left.x + x, left.y - 8, left.x + x + 11, left.y + 8};
                         area.fill = area.line = Color::Band;
                         picture.areas.push_back(area);
                       }
                       put_line(picture, {left.x + 13, left.y - 9}, {left.x + 13, left.y + 9},
                                Color::Wall, 1.6, Dash::Dashed);
                     },
                     "partition: groups and wall"});
  const auto is_crash = [](const Down& down) { return !down.is_paused; };
  if (std::any_of(scene.downs.begin(), scene.downs.end(), is_crash))
    items.push_back({36,
                     [](Picture& picture, Point left) {
                       put_pill(picture, {left.x + 17, left.y}, "crash", 7.5, Color::Ink,
                                Color::Ink, Color::Paper, Align::Centre, 12);
                     },
                     "lane breaks until restart"});
  add_time_legend(scene, items);
  add_chip_legend(scene, items);
  if (!scene.bars.empty())
    items.push_back({10, box(10, 18, tint, edge, 1.2), "client operation, call to reply"});
  if (has_contradiction)
    items.push_back({10, box(10, 18, tint, Color::Warn, 2.2), "in the contradiction"});
  return items;
}

}  // namespace capstan::reports
