// SPDX-License-Identifier: MIT
#include "reports/frame.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "reports/words.hpp"

namespace capstan::reports {

using checker::Evidence;
using checker::ExpectationReport;
using checker::ScenarioReport;

std::string verdict_of(const ExpectationReport& expectation, const Evidence& evidence) {
  if (expectation.text.find("acknowledged write lost") != std::string::npos) return "WRITE LOST";
  std::string_view property = expectation.text;
  if (property.starts_with("not ")) property.remove_prefix(4);
  if (property.starts_with("regular")) return "NOT REGULAR";
  if (property.starts_with("safe")) return "NOT SAFE";
  if (property.starts_with("bounded staleness")) return "TOO STALE";
  if (evidence.explanation) return "NOT LINEARIZABLE";
  if (expectation.slug == "model-error") return "MODEL ERROR";
  if (!evidence.run.steps.empty() && evidence.run.steps.back().error) return "MODEL ERROR";
  if (evidence.is_witness) return "REACHABLE";
  if (property.starts_with("linearizable")) return "NOT LINEARIZABLE";
  if (property.starts_with("never ")) return "IT HAPPENS";
  if (property.starts_with("always ")) return "NOT ALWAYS TRUE";
  if (property.starts_with("eventually always ")) return "IT NEVER SETTLES";
  if (property.starts_with("eventually ")) return "IT NEVER COMES";
  if (property.starts_with("whenever ")) return "IT NEVER FOLLOWS";
  if (property.starts_with("converges ")) return "IT DOES NOT CONVERGE";
  if (property.starts_with("available ")) return "NOT AVAILABLE";
  if (property.ends_with(" hops")) return "TOO MANY HOPS";
  if (property.find("deadlock") != property.npos) return "DEADLOCK";
  return "VIOLATED";
}

Caption caption_of(const ScenarioReport& scenario, const ExpectationReport& expectation,
                   const Evidence& evidence, const std::string& command) {
  Caption caption;
  caption.verdict = verdict_of(expectation, evidence);
  caption.is_good = evidence.is_witness;
  caption.title = evidence.title;
  if (caption.title.empty() && evidence.explanation) caption.title = evidence.explanation->title;
  if (caption.title.empty()) caption.title = expectation.text;
  if (scenario.protocol) caption.meta.emplace_back("spec", scenario.protocol->name);
  caption.meta.emplace_back("scenario", scenario.name);
  if (!scenario.point.empty()) caption.meta.emplace_back("at", scenario.point);
  caption.meta.emplace_back("expect", expectation.text);
  caption.meta.emplace_back(evidence.is_witness              ? "witness"
                            : evidence.trace.loop_start >= 0 ? "lasso"
                                                             : "trace",
                            effort(evidence));
  if (scenario.states > 0) caption.meta.emplace_back("explored", counted(scenario.states, "state"));
  caption.command = command;
  return caption;
}

int put_text(Picture& picture, Point at, const std::string& text, const TextStyle& style,
             const std::string& tooltip, int inside) {
  TextRun run;
  run.at = at;
  run.align = style.align;
  run.size = style.size;
  run.face = style.face;
  run.color = style.color;
  run.text = text;
  run.tooltip = tooltip;
  run.inside = inside;
  return picture.add(std::move(run));
}

double pill_width(const std::string& text, double size) {
  return std::ceil(text_width(text, size, Face::Bold) * (1 + kSlack) + kSlackPoints + size * 1.2);
}

Rect put_pill(Picture& picture, Point at, const std::string& text, double size, Color fill,
              Color line, Color ink, Align align, double height, const std::string& tooltip,
              const std::string& id) {
  const double width = pill_width(text, size);
  Shape shape;
  const double left = align == Align::Left ? at.x : at.x - width / 2;
  shape.rect = {left, at.y - height / 2, left + width, at.y + height / 2};
  shape.fill = fill;
  shape.line = line;
  shape.tooltip = tooltip;
  shape.kind = "pill";
  shape.id = id;
  const int index = picture.add(shape);
  put_text(picture, shape.rect.centre(), text, {size, Face::Bold, ink, Align::Centre}, tooltip,
           index);
  return shape.rect;
}

Rect put_circle(Picture& picture, Point centre, const std::string& text, double diameter,
                Color fill, Color line, Color ink, const std::string& tooltip,
                const std::string& url, const std::string& kind) {
  Shape shape;
  shape.rect = Rect::around(centre, diameter, diameter);
  shape.form = Form::Circle;
  shape.fill = fill;
  shape.line = line;
  shape.pen = 1.2;
  shape.tooltip = tooltip;
  shape.url = url;
  shape.kind = kind;
  const int index = picture.add(shape);
  TextRun run;
  run.at = centre;
  run.align = Align::Centre;
  run.size = text.size() > 1 ? 8 : 9;
  run.face = Face::Bold;
  run.color = ink;
  run.text = text;
  run.tooltip = tooltip;
  run.url = url;
  run.inside = index;
  picture.add(std::move(run));
  return shape.rect;
}

void put_line(Picture& picture, Point a, Point b, Color color, double pen, Dash dash,
              const std::string& kind, const std::string& tooltip) {
  Stroke stroke;
  stroke.points = {a, b};
  stroke.color = color;
  stroke.pen = pen;
  stroke.dash = dash;
  stroke.kind = kind;
  stroke.tooltip = tooltip;
  picture.strokes.push_back(std::move(stroke));
}

void put_cross(Picture& picture, Point centre, double size, const std::string& tooltip) {
  const double half = size / 2;
  put_line(picture, {centre.x - half, centre.y - half}, {centre.x + half, centre.y + half},
           Color::Warn, 2.6, Dash::Solid, "cross", tooltip);
  put_line(picture, {centre.x - half, centre.y + half}, {centre.x + half, centre.y - half},
           Color::Warn, 2.6, Dash::Solid, "cross", tooltip);
}

namespace {

double put_meta(Picture& picture, const Caption& caption, double y, double width) {
  constexpr double size = 9, row = 14;
  double x = kPageMargin;
  for (const auto& [key, value] : caption.meta) {
    const double room = width - 2 * kPageMargin;
    const double key_width = text_width(key, size) + 5;
    const std::string text = fitted(value, room - key_width - 8, size, Face::Bold);
    const double total = key_width + text_width(text, size, Face::Bold) * (1 + kSlack);
    if (x > kPageMargin && x + total > width - kPageMargin) {
      x = kPageMargin;
      y += row;
    }
    put_text(picture, {x, y}, key, {size, Face::Regular, Color::Muted, Align::Left});
    put_text(picture, {x + key_width, y}, text, {size, Face::Bold, Color::Ink, Align::Left}, value);
    x += total + 18;
  }
  return y + row / 2;
}

double put_command(Picture& picture, const std::string& command, double top, double width) {
  constexpr double size = 9, row = 12;
  const std::vector<std::string> lines =
      broken("$ " + command, width - 2 * kPageMargin - 24, size, Face::Mono);
  double widest = 0;
  for (const std::string& line : lines)
    widest = std::max(widest, text_width(line, size, Face::Mono));
  Shape box;
  box.rect = {kPageMargin, top, kPageMargin + widest * (1 + kSlack) + 20,
              top + 8 + row * static_cast<double>(lines.size())};
  box.fill = Color::Panel;
  box.line = Color::Line;
  box.kind = "command";
  const int index = picture.add(box);
  double y = top + 4 + row / 2;
  for (const std::string& line : lines) {
    put_text(picture, {kPageMargin + 9, y}, line, {size, Face::Mono, Color::Ink, Align::Left}, {},
             index);
    y += row;
  }
  return box.rect.bottom;
}

}  // namespace

double put_head(Picture& picture, const Caption& caption, double width) {
  constexpr double title_size = 16, row = 20, pill_height = 21;
  double y = kPageMargin + pill_height / 2;
  const Color color = caption.is_good ? Color::C : Color::Warn;
  const Rect pill = put_pill(picture, {kPageMargin, y}, caption.verdict, 10.5, color, color,
                             Color::Paper, Align::Left, pill_height);
  const double left = pill.right + 10;
  const auto lines = broken(caption.title, width - kPageMargin - left - 20, title_size, Face::Bold);
  for (std::size_t i = 0; i < lines.size(); ++i) {
    if (i > 0) y += row;
    put_text(picture, {left, y}, lines[i], {title_size, Face::Bold, Color::Ink, Align::Left});
  }
  y = put_meta(picture, caption, y + 26, width);
  if (!caption.command.empty()) y = put_command(picture, caption.command, y + 6, width);
  return y;
}

double put_legend(Picture& picture, const std::vector<LegendItem>& items, double top,
                  double width) {
  constexpr double size = 8.5, row = 22;
  put_line(picture, {kPageMargin, top}, {width - kPageMargin, top}, Color::Line, 0.9);
  double x = kPageMargin, y = top + 19;
  for (const LegendItem& item : items) {
    const double total = item.mark_width + 5 + text_width(item.text, size) * (1 + kSlack);
    if (x > kPageMargin && x + total > width - kPageMargin) {
      x = kPageMargin;
      y += row;
    }
    item.draw(picture, {x, y});
    put_text(picture, {x + item.mark_width + 5, y}, item.text,
             {size, Face::Regular, Color::Muted, Align::Left});
    x += total + 22;
  }
  return y + 10;
}

}  // namespace capstan::reports
