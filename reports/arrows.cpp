// SPDX-License-Identifier: MIT
#include "reports/arrows.hpp"

#include <algorithm>
#include <cmath>

#include "model/base/require.hpp"
#include "reports/frame.hpp"

namespace capstan::reports {
namespace {

constexpr double kLabelSize = 8.5, kLabelHeight = 11;

double label_width(const std::string& text) {
  return text_width(text, kLabelSize) * (1 + kSlack) + 6;
}

}  // namespace

Arrows::Arrows(Picture& picture, const Layout& layout, const Scene& scene,
               const std::vector<Wall>& walls, Obstacles& obstacles, const Obstacles& solid)
    : picture_(picture),
      layout_(layout),
      scene_(scene),
      walls_(walls),
      obstacles_(obstacles),
      solid_(solid) {
  merge_stubs();
  find_ports();
}

void Arrows::put() {
  // What arrives first: the rest finds its place beside it.
  for (const bool arrives : {true, false})
    for (std::size_t i = 0; i < scene_.messages.size(); ++i) {
      const Message& message = scene_.messages[i];
      if (skipped_.count(i) > 0 || layout_.index_of(message.from) < 0) continue;
      if ((message.fate == Fate::Delivered) == arrives) put_message(i);
    }
  put_labels();
}

void Arrows::put_message(std::size_t index) {
  const Message& message = scene_.messages[index];
  drawn_.insert(message.fate);
  switch (message.fate) {
    case Fate::Delivered:
      if (message.from == message.to)
        put_self(index);
      else
        put_delivered(index);
      break;
    case Fate::Lost:
    case Fate::Blocked:
      put_stopped(index);
      break;
    case Fate::InFlight:
    case Fate::Dropped:
      put_stub(index);
      break;
  }
}

const Event* Arrows::event_at(int step, int process) const {
  for (const Event& event : scene_.events)
    if (event.step == step && event.process == process) return &event;
  return nullptr;
}

bool Arrows::is_client(int process) const {
  return scene_.is_client[static_cast<std::size_t>(process)];
}

int Arrows::side_of(int process, int other) const {
  const int here = layout_.index_of(process), there = layout_.index_of(other);
  return there >= 0 && there < here ? -1 : 1;
}

double Arrows::half_width(int step, int process) const {
  const Event* event = event_at(step, process);
  if (event == nullptr) return is_client(process) ? 6 : 0;
  const double half = rect_of(*event, layout_, scene_).width() / 2;
  const bool has_bar = is_client(process) && event->kind == EventKind::Point;
  return has_bar ? 6 : half;
}

std::string Arrows::id_of(int step, int process) const {
  const Event* event = event_at(step, process);
  return event == nullptr ? std::string() : event->id;
}

/// Of equal messages that one step sends in one direction and that end in the same way, nowhere,
/// one is drawn, with all targets.
void Arrows::merge_stubs() {
  for (std::size_t i = 0; i < scene_.messages.size(); ++i) {
    const Message& first = scene_.messages[i];
    if (first.fate == Fate::Delivered || first.fate == Fate::Lost || skipped_.count(i) > 0)
      continue;
    for (std::size_t j = i + 1; j < scene_.messages.size(); ++j) {
      const Message& other = scene_.messages[j];
      if (other.sent != first.sent || other.from != first.from || other.name != first.name ||
          other.fate != first.fate ||
          side_of(first.from, other.to) != side_of(first.from, first.to))
        continue;
      merged_[i].push_back(j);
      skipped_.insert(j);
    }
  }
}

void Arrows::find_ports() {
  for (std::size_t i = 0; i < scene_.messages.size(); ++i) {
    const Message& message = scene_.messages[i];
    if (skipped_.count(i) > 0 || layout_.index_of(message.from) < 0) continue;
    const double sent_y = layout_.y_of(scene_, message.sent);
    const double end_y = message.ended >= 0 ? layout_.y_of(scene_, message.ended) : sent_y + 25;
    const int side = message.from == message.to ? 1 : side_of(message.from, message.to);
    ports_[{message.sent, message.from, side}].push_back({true, end_y, i});
    if (message.fate == Fate::Delivered)
      ports_[{message.ended, message.to, message.from == message.to ? 1 : -side}].push_back(
          {false, sent_y, i});
  }
  for (auto& [place, ports] : ports_) std::sort(ports.begin(), ports.end());
}

Point Arrows::port(std::size_t index, bool is_outgoing) const {
  const Message& message = scene_.messages[index];
  const int step = is_outgoing ? message.sent : message.ended;
  const int process = is_outgoing ? message.from : message.to;
  const int other = is_outgoing ? message.to : message.from;
  const int side = message.from == message.to ? 1 : side_of(process, other);
  const LanePlace& lane = *layout_.lane_of(process);
  const Event* event = event_at(step, process);
  const std::vector<Port>& ports = ports_.at({step, process, side});
  const auto found = std::find_if(ports.begin(), ports.end(), [&](const Port& candidate) {
    return candidate.message == index && candidate.is_outgoing == is_outgoing;
  });
  const auto at = static_cast<double>(found - ports.begin());
  const bool is_mixed = ports.front().is_outgoing != ports.back().is_outgoing;
  double reach = 0;
  if (event != nullptr && event->kind == EventKind::Chip)
    reach = std::min(
        9.0, chip_height(layout_.measures, static_cast<int>(event->chip.lines.size())) / 2 - 4);
  else if (is_mixed)
    reach = 3;
  double offset = 0;
  if (ports.size() == 1)
    offset = reach * (is_outgoing ? 0.66 : -0.66);
  else if (reach > 0)
    offset = -reach + 2 * reach * at / static_cast<double>(ports.size() - 1);
  return {lane.x + side * half_width(step, process), layout_.y_of(scene_, step) + offset};
}

double Arrows::gap_middle(int left_index) const {
  const LanePlace& a = layout_.lanes[static_cast<std::size_t>(left_index)];
  const LanePlace& b = layout_.lanes[static_cast<std::size_t>(left_index) + 1];
  return (a.x + a.right + b.x - b.left) / 2;
}

Stroke Arrows::stroke_of(const Message& message) const {
  Stroke stroke;
  stroke.color = Hues::line(message.hue);
  stroke.pen = 1.4;
  stroke.tooltip = message.tooltip;
  return stroke;
}

void Arrows::note_line(const std::vector<Point>& path) {
  for (std::size_t i = 1; i < path.size(); ++i) obstacles_.add_line(path[i - 1], path[i]);
}

void Arrows::put_delivered(std::size_t index) {
  const Message& message = scene_.messages[index];
  if (layout_.index_of(message.to) < 0) return;
  const int from = layout_.index_of(message.from), to = layout_.index_of(message.to);
  std::vector<double> gaps;
  for (int i = std::min(from, to); i < std::max(from, to); ++i) gaps.push_back(gap_middle(i));
  Stroke stroke = stroke_of(message);
  stroke.points = route(port(index, true), port(index, false), gaps, solid_);
  stroke.head = Head::Filled;
  stroke.kind = "message delivered";
  stroke.from = id_of(message.sent, message.from);
  stroke.to = id_of(message.ended, message.to);
  if (stroke.from.empty() || stroke.to.empty()) stroke.from = stroke.to = "";
  note_line(stroke.points);
  lines_.push_back({index, stroke.points});
  picture_.strokes.push_back(std::move(stroke));
}

void Arrows::put_self(std::size_t index) {
  const Message& message = scene_.messages[index];
  const Point a = port(index, true), b = port(index, false);
  Stroke stroke = stroke_of(message);
  const double x = std::max(a.x, b.x) + 30;
  stroke.is_curve = true;
  stroke.points = {a, {x, a.y}, {x, b.y}, b};
  stroke.head = Head::Filled;
  stroke.kind = "message delivered";
  obstacles_.add_line(a, b);
  picture_.strokes.push_back(std::move(stroke));
}

namespace {

std::string targets_text(const Layout& layout, const std::vector<int>& targets) {
  std::string text;
  for (const int target : targets) {
    const LanePlace* lane = layout.lane_of(target);
    if (lane == nullptr) continue;
    text += (text.empty() ? "" : ", ") + lane->name;
  }
  return text;
}

}  // namespace

/// Downwards unless an arrow leaves the same place in nearly the same direction.
Point Arrows::stub_end(Point a, int side) const {
  Point best = {a.x + side * 28, a.y + 13};
  double widest = -1;
  for (const Point delta : {Point{28, 13}, Point{31, 3}, Point{21, 23}, Point{30, -8}}) {
    const Point end = {a.x + side * delta.x, a.y + delta.y};
    double angle = solid_.boxes_through(a, end) > 0 ? 0 : 0.3;  // wider than this is as good
    const auto keep_off = [&](Point start, Point next) {
      if (std::hypot(start.x - a.x, start.y - a.y) > 8 || (next.x - start.x) * side < 0) return;
      angle = std::min(angle, std::abs(std::atan2(next.y - start.y, std::abs(next.x - start.x)) -
                                       std::atan2(delta.y, delta.x)));
    };
    for (const Line& line : lines_) {
      keep_off(line.path.front(), line.path[1]);
      keep_off(line.path.back(), line.path[line.path.size() - 2]);
    }
    if (angle > widest + 1e-9) {
      widest = angle;
      best = end;
    }
  }
  return best;
}

void Arrows::put_stub(std::size_t index) {
  const Message& message = scene_.messages[index];
  const int side = side_of(message.from, message.to);
  const Point a = port(index, true), b = stub_end(a, side);
  Stroke stroke = stroke_of(message);
  if (message.fate == Fate::Dropped) stroke.color = Color::Muted;
  stroke.points = {a, b};
  stroke.dash = Dash::Dashed;
  stroke.head = Head::Open;
  stroke.head_size = 0.7;
  stroke.kind = "message inflight";
  std::vector<int> targets = {message.to};
  if (const auto found = merged_.find(index); found != merged_.end())
    for (const std::size_t other : found->second) {
      targets.push_back(scene_.messages[other].to);
      stroke.tooltip += "\n" + scene_.messages[other].tooltip;
    }
  note_line(stroke.points);
  const std::string tooltip = stroke.tooltip;
  picture_.strokes.push_back(std::move(stroke));
  if (message.fate == Fate::Dropped || layout_.measures.is_dense) return;
  const std::string names = targets_text(layout_, targets);
  put_label_beside({b.x + side * 3, b.y}, side,
                   {message.short_name + " to " + names, message.short_name, "to " + names},
                   Hues::line(message.hue), tooltip);
}

/// Where a message that does not arrive stops: at its loss, between two lanes; or on the first wall
/// in its way, low enough to see it.
Point Arrows::stop_of(std::size_t index, Point a, int side) const {
  const Message& message = scene_.messages[index];
  const int here = layout_.index_of(message.from);
  const bool has_gap = side > 0 ? here + 1 < static_cast<int>(layout_.lanes.size()) : here > 0;
  Point stop = {has_gap ? gap_middle(side > 0 ? here : here - 1) : a.x + side * 40, a.y + 22};
  const bool is_at_wall = message.is_at_wall;
  const double end =
      message.fate == Fate::Lost ? layout_.y_of(scene_, message.ended) : layout_.life_bottom - 20;
  if (message.fate == Fate::Lost && !is_at_wall) return {stop.x, end};
  double nearest = 1e9;
  for (const Wall& wall : walls_) {
    const double far = (wall.x - a.x) * side;
    if (far <= 0 || far >= nearest || wall.bottom < end || (is_at_wall && wall.top > end)) continue;
    nearest = far;
    stop = {wall.x, std::max(a.y + 16, wall.top + 18)};
  }
  return stop;
}

/// Blocked by a wall or lost on the way: a dashed line to a cross, with its name beside it.
void Arrows::put_stopped(std::size_t index) {
  const Message& message = scene_.messages[index];
  const int side = side_of(message.from, message.to);
  const Point a = port(index, true);
  const bool is_lost = message.fate == Fate::Lost;
  const std::string label = message.short_name + (is_lost ? " lost" : " blocked");
  Point stop = stop_of(index, a, side);
  const auto is_open = [&](Point at) {
    const Rect box = Rect::around(at, 14, 14);
    return std::none_of(
        obstacles_.boxes().begin(), obstacles_.boxes().end(),
        [&](const Rect& other) { return other.width() > 7 && overlap(box, other); });
  };
  if (!is_lost || message.is_at_wall) {
    // The first place with room for the cross and for the label; else the first for the cross.
    const double bottom = std::min(stop.y + 60, layout_.life_bottom - 8);
    std::optional<Point> free;
    for (Point at = stop; at.y < bottom; at.y += 3) {
      if (!is_open(at)) continue;
      if (!free) free = at;
      if (label_box({at.x + side * 9, at.y}, side, label) ||
          label_box({at.x - side * 9, at.y}, -side, label)) {
        free = at;
        break;
      }
    }
    stop = free.value_or(stop);
  }
  Stroke stroke = stroke_of(message);
  stroke.points = {a, stop};
  stroke.dash = Dash::Dashed;
  stroke.kind = is_lost ? "message lost" : "message blocked";
  if (const auto found = merged_.find(index); found != merged_.end())
    for (const std::size_t other : found->second)
      stroke.tooltip += "\n" + scene_.messages[other].tooltip;
  note_line(stroke.points);
  const std::string tooltip = stroke.tooltip;
  picture_.strokes.push_back(std::move(stroke));
  put_cross(picture_, stop, 12, tooltip);
  obstacles_.add(Rect::around(stop, 14, 14));
  if (!put_label_beside({stop.x + side * 9, stop.y}, side, {label}, Color::Warn, tooltip))
    put_label_beside({stop.x - side * 9, stop.y}, -side, {label}, Color::Warn, tooltip);
}

/// The box of a label that begins at the point, if it may stand there.
std::optional<Rect> Arrows::label_box(Point at, int side, const std::string& text) const {
  const double width = label_width(text);
  Rect box = {at.x, at.y - kLabelHeight / 2, at.x + width, at.y + kLabelHeight / 2};
  if (side < 0) box = {at.x - width, box.top, at.x, box.bottom};
  if (!is_clear(box, {}) || box.right > picture_.width - kPageMargin ||
      box.left < layout_.story_right)
    return std::nullopt;
  return box;
}

bool Arrows::put_label_beside(Point at, int side, const std::vector<std::string>& texts,
                              Color color, const std::string& tooltip) {
  for (const std::string& text : texts)
    for (const double shift : {0.0, 7.0, -7.0})
      if (const auto box = label_box({at.x, at.y + shift}, side, text)) {
        put_label(*box, text, color, std::nullopt, tooltip);
        return true;
      }
  return false;
}

bool Arrows::is_clear(const Rect& box, const std::vector<Point>& own) const {
  if (!obstacles_.is_free(box)) return false;
  int through_own = 0;
  for (std::size_t i = 1; i < own.size(); ++i) through_own += crosses(own[i - 1], own[i], box);
  return obstacles_.lines_through(box) <= through_own;
}

Color Arrows::ground_under(const Rect& box, bool& is_mixed) const {
  is_mixed = false;
  for (const Area& area : picture_.areas) {
    if ((area.kind != "band" && area.kind != "loop") || !overlap(box, area.rect)) continue;
    is_mixed = is_mixed || !contains(area.rect, box);
    return area.fill;
  }
  return Color::Paper;
}

void Arrows::put_label(const Rect& box, const std::string& text, Color color,
                       std::optional<Color> ground, const std::string& tooltip) {
  TextRun run;
  run.at = box.centre();
  run.align = Align::Centre;
  run.size = kLabelSize;
  run.color = color;
  run.text = text;
  run.tooltip = tooltip;
  run.has_halo = ground.has_value();
  run.halo = ground.value_or(Color::Paper);
  picture_.add(std::move(run));
  obstacles_.add(box);
}

/// Between processes first; what clients ask and get is said by their bars already, so it comes
/// last.
void Arrows::put_labels() {
  if (layout_.measures.is_dense) return;
  for (const bool with_client : {false, true})
    for (const Line& line : lines_) {
      const Message& message = scene_.messages[line.message];
      if ((is_client(message.from) || is_client(message.to)) == with_client) put_label_along(line);
    }
}

bool Arrows::put_label_along(const Line& line) {
  const Message& message = scene_.messages[line.message];
  const double width = label_width(message.short_name);
  for (std::size_t i = 1; i < line.path.size(); ++i) {
    const Point a = line.path[line.path.size() - i - 1], b = line.path[line.path.size() - i];
    for (const double share : {0.5, 0.4, 0.6, 0.3, 0.7, 0.22, 0.78}) {
      const Point middle = {a.x + (b.x - a.x) * share, a.y + (b.y - a.y) * share};
      const Rect box = Rect::around(middle, width, kLabelHeight);
      bool is_mixed = false;
      const Color ground = ground_under(box, is_mixed);
      if (is_mixed || !is_clear(box, line.path)) continue;
      put_label(box, message.short_name, Hues::line(message.hue), ground, message.tooltip);
      return true;
    }
  }
  return false;
}

}  // namespace capstan::reports
