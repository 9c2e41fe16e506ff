// SPDX-License-Identifier: MIT
#include "reports/component_picture.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "reports/words.hpp"

namespace capstan::reports {

using checker::ComponentBox;
using checker::ComponentMap;

namespace {

constexpr double kBoxWidth = 132, kBoxHeight = 44, kColumn = 156, kRowHeight = 84;

/// "all differ", "all agree", "2 of 5 differ".
std::string truth_of(const ComponentBox& box) {
  if (box.differing == 0) return box.states == 1 ? "agree" : "all agree";
  if (box.differing == box.states) return box.states == 1 ? "differ" : "all differ";
  return fmt::format("{} of {} differ", box.differing, box.states);
}

class Drawing {
 public:
  Drawing(const ComponentMap& map, const Caption& caption) : map_(map), caption_(caption) {
    layer_of_.resize(map.boxes.size());
    // Boxes stand before those that lie ahead of them.
    for (std::size_t from = 0; from < map.boxes.size(); ++from)
      for (const auto& [source, target] : map.ways)
        if (static_cast<std::size_t>(source) == from) {
          int& layer = layer_of_[static_cast<std::size_t>(target)];
          layer = std::max(layer, layer_of_[from] + 1);
        }
  }

  Picture draw() {
    picture_.title = caption_.verdict + ": " + caption_.title;
    std::vector<std::vector<std::size_t>> layers;
    std::size_t widest = 1;
    for (std::size_t i = 0; i < map_.boxes.size(); ++i) {
      const auto layer = static_cast<std::size_t>(layer_of_[i]);
      if (layers.size() <= layer) layers.resize(layer + 1);
      layers[layer].push_back(i);
      widest = std::max(widest, layers[layer].size());
    }
    picture_.width = std::max(760.0, 2 * kPageMargin + kColumn * static_cast<double>(widest) + 24);
    double y = put_head(picture_, caption_, picture_.width) + 20;
    const std::string intro = fmt::format(
        "Where the run may go after step {}, when clients have stopped and no new fault comes. "
        "Each "
        "box is a set of states that lead to one another.{}",
        map_.first_step,
        map_.hidden > 0 ? fmt::format(" {} more boxes are not shown.", map_.hidden) : "");
    for (const std::string& line : broken(intro, picture_.width - 2 * kPageMargin - 20, 9.5)) {
      put_text(picture_, {kPageMargin, y}, line, {});
      y += 14;
    }
    y += 8;
    places_.resize(map_.boxes.size());
    for (const std::vector<std::size_t>& layer : layers) {
      const double left = (picture_.width - kColumn * static_cast<double>(layer.size() - 1)) / 2;
      for (std::size_t i = 0; i < layer.size(); ++i)
        places_[layer[i]] = Rect::around(
            {left + kColumn * static_cast<double>(i), y + kBoxHeight / 2}, kBoxWidth, kBoxHeight);
      y += kRowHeight;
    }
    for (const auto& [source, target] : map_.ways) put_way(source, target);
    for (std::size_t i = 0; i < map_.boxes.size(); ++i) put_box(i);
    y = put_legend(picture_, legend(), y - kRowHeight + kBoxHeight + 26, picture_.width);
    picture_.height = std::ceil(y + 14);
    return std::move(picture_);
  }

 private:
  static bool is_bad(const ComponentBox& box) { return box.is_fair && box.differing > 0; }

  void put_way(int source, int target) {
    const Rect& from = places_[static_cast<std::size_t>(source)];
    const Rect& to = places_[static_cast<std::size_t>(target)];
    const bool is_run = map_.boxes[static_cast<std::size_t>(source)].is_on_run &&
                        map_.boxes[static_cast<std::size_t>(target)].is_on_run;
    Stroke stroke;
    const Point start{from.centre().x, from.bottom}, end{to.centre().x, to.top};
    stroke.points = {start, {start.x, start.y + 26}, {end.x, end.y - 26}, end};
    stroke.is_curve = true;
    stroke.color = is_run ? Color::Ink : Color::Life;
    stroke.pen = is_run ? 2 : 1.1;
    stroke.head = Head::Filled;
    stroke.kind = "way";
    stroke.from = fmt::format("c{}", source);
    stroke.to = fmt::format("c{}", target);
    picture_.strokes.push_back(std::move(stroke));
  }

  void put_box(std::size_t index) {
    const ComponentBox& box = map_.boxes[index];
    Shape shape;
    shape.rect = places_[index];
    shape.kind = "chip";
    shape.id = fmt::format("c{}", index);
    shape.fill = is_bad(box) ? Color::WarnTint : box.is_fair ? Color::CTint : Color::Paper;
    shape.line = is_bad(box) ? Color::Warn : box.is_fair ? Color::C : Color::Line;
    shape.pen = box.is_on_run ? 2 : 1.2;
    const std::string stay = box.is_fair ? "a run may stay" : "left in the end";
    shape.tooltip = fmt::format("{}; {}; {}", counted(box.states, "state"), stay, truth_of(box));
    const int at = picture_.add(shape);
    const Point centre = shape.rect.centre();
    put_text(picture_, {centre.x, centre.y - 13}, counted(box.states, "state"),
             {9.5, Face::Bold, Color::Ink, Align::Centre}, shape.tooltip, at);
    put_text(picture_, {centre.x, centre.y}, truth_of(box),
             {9, Face::Regular, is_bad(box) ? Color::Warn : Color::Ink, Align::Centre},
             shape.tooltip, at);
    put_text(picture_, {centre.x, centre.y + 13}, stay,
             {8.5, Face::Regular, Color::Muted, Align::Centre}, shape.tooltip, at);
  }

  static LegendItem swatch(Color fill, Color line, const std::string& text) {
    return {16,
            [fill, line](Picture& picture, Point left) {
              Shape shape;
              shape.rect = {left.x, left.y - 6, left.x + 16, left.y + 6};
              shape.fill = fill;
              shape.line = line;
              shape.kind = "legend";
              picture.add(shape);
            },
            text};
  }

  std::vector<LegendItem> legend() const {
    return {swatch(Color::WarnTint, Color::Warn, "a fair run may stay here, and some differ"),
            swatch(Color::CTint, Color::C, "a fair run may stay here, and all agree"),
            swatch(Color::Paper, Color::Line, "every fair run leaves it"),
            {20,
             [](Picture& picture, Point left) {
               put_line(picture, left, {left.x + 20, left.y}, Color::Ink, 2);
             },
             "the way of the counterexample"}};
  }

  const ComponentMap& map_;
  const Caption& caption_;
  Picture picture_;
  std::vector<int> layer_of_;
  std::vector<Rect> places_;
};

}  // namespace

Picture component_picture(const ComponentMap& map, const Caption& caption) {
  return Drawing(map, caption).draw();
}

}  // namespace capstan::reports
