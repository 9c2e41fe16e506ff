// SPDX-License-Identifier: MIT
// why_panel: the panel under a diagram: the cycle of operations, drawn, beside the numbered
// sentences (declared in frame.hpp).
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "reports/frame.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::CoreEdge;
using checker::Evidence;
using checker::Explanation;

namespace {

constexpr double kText = 9.5, kLine = 14, kBoxHeight = 24, kEdgeRoom = 46, kBadge = 15;

/// The operations of the core as boxes in a row, in the order of the cycle, with numbered arrows.
/// Measured first, drawn later.
class CycleDrawing {
 public:
  CycleDrawing(const Explanation& why, const std::vector<Color>& tints, double width_max)
      : why_(why), tints_(tints) {
    choose_order();
    const std::size_t count = why.operations.size();
    const double most =
        (width_max - kEdgeRoom * static_cast<double>(count - 1)) / static_cast<double>(count) - 42;
    for (const int index : order_) {
      const checker::CoreOperation& operation = why.operations[static_cast<std::size_t>(index)];
      std::string text = operation.name;
      if (!operation.answer.empty() && operation.answer != "ok") text += " = " + operation.answer;
      texts_.push_back(fitted(text, std::clamp(most, 40.0, 170.0), kText, Face::Bold));
      widths_.push_back(std::ceil(text_width(texts_.back(), kText, Face::Bold) * (1 + kSlack)) +
                        38);
    }
    double x = 0;
    for (const double box_width : widths_) {
      lefts_.push_back(x);
      x += box_width + (why.cycle.empty() ? 12 : kEdgeRoom);
    }
    width_ = std::max(
        lefts_.back() + widths_.back(),
        caption().empty() ? 0.0 : text_width(caption(), 8.5) * (1 + kSlack) + kSlackPoints);
    for (const CoreEdge& edge : why.cycle)
      if (!is_straight(edge)) arcs_ += 1;
  }

  double width() const { return width_; }
  double height() const {
    return kBoxHeight + (arcs_ > 0 ? 20 + 22 * arcs_ : 0) + (caption().empty() ? 0 : 18);
  }

  void draw(Picture& picture, Point top_left) const {
    const double y = top_left.y + kBoxHeight / 2;
    for (std::size_t i = 0; i < order_.size(); ++i) draw_box(picture, i, top_left.x, y);
    int arc = 0;
    for (const CoreEdge& edge : why_.cycle) {
      if (is_straight(edge))
        draw_straight(picture, edge, top_left.x, y);
      else
        draw_arc(picture, edge, top_left.x, y + kBoxHeight / 2, arc++);
    }
    if (!caption().empty())
      put_text(picture, {top_left.x, top_left.y + height() - 6}, caption(),
               {8.5, Face::Regular, Color::Muted, Align::Left});
  }

 private:
  void choose_order() {
    const std::size_t count = why_.operations.size();
    std::vector<bool> is_placed(count, false);
    for (std::size_t start = 0; start < count; ++start) {
      for (int at = static_cast<int>(start); at >= 0 && !is_placed[static_cast<std::size_t>(at)];) {
        is_placed[static_cast<std::size_t>(at)] = true;
        order_.push_back(at);
        int next =
            -1;  // a real-time edge rather than a derived one: it is what a reader knows already
        for (const CoreEdge& edge : why_.cycle)
          if (edge.before == at && !is_placed[static_cast<std::size_t>(edge.after)] &&
              (next < 0 || is_real_time(edge)))
            next = edge.after;
        at = next;
      }
    }
  }

  bool is_real_time(const CoreEdge& edge) const {
    for (const checker::Sentence& sentence : why_.sentences)
      if (sentence.number == edge.sentence) return sentence.rule == checker::Rule::RealTime;
    return false;
  }

  std::size_t place(int operation) const {
    return static_cast<std::size_t>(std::find(order_.begin(), order_.end(), operation) -
                                    order_.begin());
  }
  bool is_straight(const CoreEdge& edge) const {
    return place(edge.after) == place(edge.before) + 1;
  }

  /// Whether the edge lies on a cycle: its end reaches its beginning.
  bool is_in_cycle(const CoreEdge& edge) const {
    std::set<int> reached = {edge.after};
    for (bool grows = true; grows;) {
      grows = false;
      for (const CoreEdge& other : why_.cycle)
        if (reached.count(other.before) > 0) grows = reached.insert(other.after).second || grows;
    }
    return reached.count(edge.before) > 0;
  }

  std::string caption() const {
    std::set<int> numbers;
    for (const CoreEdge& edge : why_.cycle)
      if (is_in_cycle(edge)) numbers.insert(edge.sentence);
    if (numbers.size() < 2) return why_.cycle.empty() ? "" : "an arrow says \"must come before\"";
    std::string list;
    std::size_t left = numbers.size();
    for (const int number : numbers) {
      list += std::to_string(number);
      --left;
      if (left > 0) list += left == 1 ? " and " : ", ";
    }
    return "an arrow says \"must come before\": " + list + " form a cycle";
  }

  void draw_box(Picture& picture, std::size_t i, double left, double y) const {
    const checker::CoreOperation& operation = why_.operations[static_cast<std::size_t>(order_[i])];
    Shape box;
    box.rect = {left + lefts_[i], y - kBoxHeight / 2, left + lefts_[i] + widths_[i],
                y + kBoxHeight / 2};
    const auto tint = static_cast<std::size_t>(order_[i]);
    box.fill = tint < tints_.size() ? tints_[tint] : Color::Paper;
    box.line = Color::Warn;
    box.pen = 1.8;
    box.kind = "chip";
    box.tooltip = operation.long_name;
    const int index = picture.add(box);
    put_circle(picture, {box.rect.left + 14, y}, operation.badge, kBadge, Color::Warn, Color::Warn,
               Color::Paper, operation.long_name, {}, "badge");
    put_text(picture, {box.rect.left + 27, y}, texts_[i],
             {kText, Face::Bold, Color::Ink, Align::Left}, operation.long_name, index);
  }

  void put_number(Picture& picture, Point at, const CoreEdge& edge) const {
    std::string url;
    for (const checker::Sentence& sentence : why_.sentences)
      if (sentence.number == edge.sentence && sentence.to_step >= 0)
        url = fmt::format("#e{}", sentence.to_step);
    put_circle(picture, at, std::to_string(edge.sentence), 14, Color::Panel, Color::Warn,
               Color::Warn, {}, url);
  }

  Stroke arrow(const CoreEdge& edge) const {
    Stroke stroke;
    stroke.color = is_in_cycle(edge) ? Color::Warn : Color::Muted;
    stroke.pen = is_in_cycle(edge) ? 1.8 : 1.3;
    stroke.head = Head::Filled;
    stroke.head_size = 0.8;
    stroke.kind = "must";
    return stroke;
  }

  void draw_straight(Picture& picture, const CoreEdge& edge, double left, double y) const {
    const std::size_t from = place(edge.before), to = place(edge.after);
    const Point a = {left + lefts_[from] + widths_[from], y}, b = {left + lefts_[to], y};
    Stroke stroke = arrow(edge);
    stroke.points = {a, b};
    picture.strokes.push_back(stroke);
    put_number(picture, {(a.x + b.x) / 2 - 3, y}, edge);
  }

  void draw_arc(Picture& picture, const CoreEdge& edge, double left, double bottom, int arc) const {
    const auto middle = [&](std::size_t i, double shift) {
      return left + lefts_[i] + widths_[i] / 2 + shift;
    };
    const std::size_t from = place(edge.before), to = place(edge.after);
    const double inward = to < from ? -1 : 1;
    const Point a = {middle(from, 7 * inward * (arc + 1)), bottom + 1},
                b = {middle(to, -7 * inward * (arc + 1)), bottom + 2};
    const double depth = 30 + 29 * arc;
    Stroke stroke = arrow(edge);
    stroke.is_curve = true;
    stroke.points = {a, {a.x + 8 * inward, bottom + depth}, {b.x - 8 * inward, bottom + depth}, b};
    // The curve ends where the head begins; the head points at the box from below.
    picture.strokes.push_back(stroke);
    put_number(picture, {(a.x + b.x) / 2, bottom + depth * 0.75}, edge);
  }

  const Explanation& why_;
  const std::vector<Color>& tints_;
  std::vector<int> order_;
  std::vector<std::string> texts_;
  std::vector<double> widths_, lefts_;
  double width_ = 0;
  int arcs_ = 0;
};

struct Paragraph {
  std::string number;  // in a circle; may be empty
  std::string url;
  std::string text;
  bool is_conclusion = false;
};

std::vector<Paragraph> paragraphs_of(const Evidence& evidence) {
  std::vector<Paragraph> paragraphs;
  if (!evidence.explanation) {
    std::string line;
    for (const char byte : evidence.why + "\n") {
      if (byte != '\n') {
        line += byte;
        continue;
      }
      if (!line.empty()) paragraphs.push_back({"", "", line, false});
      line.clear();
    }
    return paragraphs;
  }
  for (const checker::Sentence& sentence : evidence.explanation->sentences) {
    Paragraph paragraph;
    paragraph.number = std::to_string(sentence.number);
    if (sentence.to_step >= 0) paragraph.url = fmt::format("#e{}", sentence.to_step);
    paragraph.text = sentence.text;
    paragraphs.push_back(std::move(paragraph));
  }
  if (!evidence.explanation->conclusion.empty())
    paragraphs.push_back({"", "", evidence.explanation->conclusion, true});
  if (!evidence.explanation->note.empty())
    paragraphs.push_back({"", "", evidence.explanation->note, false});
  return paragraphs;
}

std::string heading_of(const Evidence& evidence) {
  if (evidence.explanation) return "Why no order of the operations explains what the clients saw";
  if (evidence.is_witness) return "What the run shows";
  if (!evidence.run.steps.empty() && evidence.run.steps.back().error) return "What went wrong";
  return "Why";
}

/// Returns the bottom of the last line; draws only if there is a picture.
double put_paragraphs(Picture* picture, const std::vector<Paragraph>& paragraphs, Point top_left,
                      double width, bool has_numbers) {
  double y = top_left.y;
  const double left = top_left.x + (has_numbers ? 22 : 0);
  for (const Paragraph& paragraph : paragraphs) {
    const Face face = paragraph.is_conclusion ? Face::Bold : Face::Regular;
    const auto lines = broken(paragraph.text, width - (left - top_left.x), kText, face);
    y += 9;
    if (picture != nullptr && !paragraph.number.empty())
      put_circle(*picture, {top_left.x + 8, y}, paragraph.number, 14, Color::Panel, Color::Warn,
                 Color::Warn, {}, paragraph.url);
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i > 0) y += kLine;
      if (picture != nullptr)
        put_text(*picture, {left, y}, lines[i],
                 {kText, face, paragraph.is_conclusion ? Color::Warn : Color::Ink, Align::Left});
    }
    y += 12;
  }
  return y - 5;
}

}  // namespace

double put_why(Picture& picture, const Evidence& evidence, const std::vector<Color>& tints,
               double top, double width) {
  const std::vector<Paragraph> paragraphs = paragraphs_of(evidence);
  if (paragraphs.empty()) return top;
  constexpr double inset = 20, heading = 19, space = 40, least_text = 330;
  const double left = kPageMargin + inset, right = width - kPageMargin - inset;
  const bool has_cycle = evidence.explanation && !evidence.explanation->operations.empty();
  const bool has_numbers = evidence.explanation.has_value();
  const double content = top + heading + 18;
  Point cycle_at = {left, content + 8}, text_at = {left, content};
  double text_width_max = right - left, bottom = content;
  if (has_cycle) {
    const CycleDrawing cycle(*evidence.explanation, tints, right - left);
    const bool is_beside = right - left - cycle.width() - space >= least_text;
    if (is_beside) {
      text_at.x = left + cycle.width() + space;
      text_width_max = right - text_at.x;
      bottom = cycle_at.y + cycle.height();
    } else {
      text_at.y = cycle_at.y + cycle.height() + 12;
    }
  }
  bottom =
      std::max(bottom, put_paragraphs(nullptr, paragraphs, text_at, text_width_max, has_numbers)) +
      14;
  const Color accent = evidence.is_witness ? Color::C : Color::Warn;
  Area panel;
  panel.rect = {kPageMargin + 5, top, width - kPageMargin, bottom};
  panel.fill = Color::Panel;
  panel.line = Color::Line;
  picture.areas.push_back(panel);
  panel.rect.left = kPageMargin;
  panel.rect.right = kPageMargin + 5;
  panel.fill = panel.line = accent;
  picture.areas.push_back(panel);
  put_text(picture, {left, top + heading}, heading_of(evidence),
           {11.5, Face::Bold, Color::Ink, Align::Left});
  if (has_cycle) CycleDrawing(*evidence.explanation, tints, right - left).draw(picture, cycle_at);
  put_paragraphs(&picture, paragraphs, text_at, text_width_max, has_numbers);
  return bottom;
}

}  // namespace capstan::reports
