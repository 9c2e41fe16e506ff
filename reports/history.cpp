// SPDX-License-Identifier: MIT
#include "reports/history.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "model/base/require.hpp"
#include "reports/scene.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::CoreOperation;
using checker::Evidence;
using checker::Explanation;
using checker::TriedOrder;
using model::HistoryOperation;
using model::Protocol;

namespace {

constexpr double kRow = 46, kBox = 28, kOrderRow = 70, kPoint = 17, kPill = 19, kPillText = 9.5;

class HistoryDrawing {
 public:
  HistoryDrawing(const Protocol& protocol, const Evidence& evidence, const Caption& caption)
      : protocol_(protocol), evidence_(evidence), why_(*evidence.explanation), caption_(caption) {
    find_colours();
    find_processes();
    place_columns();
  }

  Picture draw() {
    picture_.title = caption_.verdict + ": " + caption_.title;
    picture_.width = std::ceil(std::max(right_ + kPageMargin, 760.0));
    double y = put_title();
    head_y_ = y + 22;
    y = head_y_ + 34;
    for (const int process : processes_) {
      rows_[process] = y;
      y += kRow;
    }
    const double orders_top = y + 18;
    const double bottom = orders_top + kOrderRow * static_cast<double>(why_.orders.size()) -
                          (why_.orders.empty() ? 18 : 8);
    put_columns(bottom);
    for (const auto& [process, row] : rows_) put_lane(process, row);
    for (std::size_t i = 0; i < why_.operations.size(); ++i) put_operation(i);
    for (std::size_t i = 0; i < why_.orders.size(); ++i)
      put_order(why_.orders[i], orders_top + 12 + kOrderRow * static_cast<double>(i));
    y = put_conclusion(bottom + 16);
    y = put_legend(picture_, legend(), y + 20, picture_.width);
    picture_.height = std::ceil(y + 14);
    return std::move(picture_);
  }

 private:
  // ---- colours

  /// Values have the hues of the other picture; states are texts here, so the texts of values are
  /// looked up.
  void find_colours() {
    const Hues hues(protocol_, evidence_.run);
    for (const CoreOperation& operation : why_.operations) {
      int hue = Hues::kNone;
      for (const HistoryOperation& done : evidence_.run.history) {
        if (done.process != operation.process || done.invoked != operation.invoked) continue;
        const model::ObjectOp& op = protocol_.objects.at(static_cast<std::size_t>(done.object))
                                        .ops.at(static_cast<std::size_t>(done.op));
        for (std::size_t i = 0; i < done.args.size() && i < op.parameters.size(); ++i)
          note(hues.of(op.parameters[i].type, done.args[i]),
               protocol_.types.format(op.parameters[i].type, done.args[i]), hue);
        if (op.has_result && !done.is_pending())
          note(hues.of(op.result, done.result), protocol_.types.format(op.result, done.result),
               hue);
      }
      operation_hues_.push_back(hue);
    }
  }

  void note(int found, const std::string& text, int& hue) {
    if (found == Hues::kNone) return;
    state_hues_[text] = found;
    hue = found;
  }

  /// States are texts: "x = 1".
  int hue_of_state(const std::string& state) const {
    const std::size_t equals = state.rfind(" = ");
    const auto found = state_hues_.find(equals == state.npos ? state : state.substr(equals + 3));
    return found == state_hues_.end() ? Hues::kNone : found->second;
  }

  bool breaks(int operation) const {
    return std::any_of(
        why_.orders.begin(), why_.orders.end(), [operation](const TriedOrder& order) {
          return order.breaks_at >= 0 &&
                 order.operations[static_cast<std::size_t>(order.breaks_at)] == operation;
        });
  }

  // ---- columns

  void find_processes() {
    std::vector<std::pair<int, int>> first;  // the step of the first call, the process
    for (const CoreOperation& operation : why_.operations) {
      const bool is_known = std::any_of(first.begin(), first.end(), [&](const auto& known) {
        return known.second == operation.process;
      });
      if (!is_known) first.emplace_back(operation.invoked, operation.process);
    }
    std::sort(first.begin(), first.end());
    for (const auto& [step, process] : first) processes_.push_back(process);
    double widest = 0;
    for (const int process : processes_)
      widest = std::max(
          widest,
          text_width(process_name(protocol_, process), 11.5, Face::Bold) * (1 + kSlack) + 24);
    for (const TriedOrder& order : why_.orders)
      widest = std::max({widest, text_width(order.title, 10.5, Face::Bold) * (1 + kSlack),
                         text_width(order.subtitle, 9) * (1 + kSlack)});
    first_column_ = kPageMargin + std::max(110.0, widest) + 24 + pill_room() + 14;
  }

  static std::string ending(const CoreOperation& operation) {
    return operation.responded == HistoryOperation::kNever ? "no answer" : "→ " + operation.answer;
  }

  double box_width(const CoreOperation& operation) const {
    return 30 + text_width(operation.name, 10.5, Face::Bold) * (1 + kSlack) + 16 +
           text_width(ending(operation), 10, Face::Bold) * (1 + kSlack) + 12;
  }

  static std::string state_text(const std::string& state) { return shortened(state, 26); }

  double pill_room() const {
    double widest = 30;
    for (const TriedOrder& order : why_.orders)
      for (const std::string& state : order.states)
        widest = std::max(widest,
                          text_width(state_text(state), kPillText, Face::Bold) * (1 + kSlack) + 18);
    return widest;
  }

  /// Between two points of an order: a pill with room on both sides.
  double point_gap() const { return pill_room() + kPoint + 16; }

  void place_columns() {
    for (const CoreOperation& operation : why_.operations) {
      columns_[operation.invoked] = 0;
      if (operation.responded != HistoryOperation::kNever) columns_[operation.responded] = 0;
    }
    for (double stretch = 1; stretch < 12; stretch *= 1.25) {
      spread(stretch);
      if (std::all_of(why_.orders.begin(), why_.orders.end(),
                      [this](const TriedOrder& order) { return fits(order); }))
        break;
    }
    double reach = columns_.rbegin()->second;
    for (const CoreOperation& operation : why_.operations)
      reach = std::max(reach, column(operation.invoked) + box_width(operation));
    last_ = reach + 20;
    right_ = last_;
    for (const TriedOrder& order : why_.orders) {
      const std::vector<double> points = points_of(order);
      if (points.empty()) continue;
      const double text = std::max(text_width("must return " + order.must_return, 9.5, Face::Bold),
                                   text_width("as the clients saw it", 9.5)) *
                          (1 + kSlack);
      right_ = std::max(right_, points.back() + 40 + text + 8);
    }
  }

  /// At least so far apart that the box of each operation fits between its call and its reply.
  void spread(double stretch) {
    double x = first_column_;
    int previous = -1;
    for (auto& [step, place] : columns_) {
      if (previous >= 0) x += 44 * stretch;
      for (const CoreOperation& operation : why_.operations)
        if (operation.responded == step)
          x = std::max(x, columns_.at(operation.invoked) +
                              box_width(operation) * std::max(1.0, stretch * 0.8));
      place = std::round(x);
      previous = step;
    }
    last_ = x + 60;
  }

  double column(int step) const { return columns_.at(step); }
  double end_of(const CoreOperation& operation) const {
    return operation.responded == HistoryOperation::kNever ? last_ - 8
                                                           : column(operation.responded);
  }
  const CoreOperation& operation_at(const TriedOrder& order, std::size_t i) const {
    return why_.operations[static_cast<std::size_t>(order.operations[i])];
  }

  /// How many of an order's operations are drawn: up to the one that breaks it.
  std::size_t length_of(const TriedOrder& order) const {
    const std::size_t count = order.operations.size();
    return order.breaks_at >= 0 ? std::min(count, static_cast<std::size_t>(order.breaks_at) + 1)
                                : count;
  }

  /// In the middle of each interval where the order allows it, never behind the reply, and apart
  /// from each other.
  std::vector<double> points_of(const TriedOrder& order) const {
    const std::size_t count = length_of(order);
    std::vector<double> points(count);
    double latest = 1e9;
    for (std::size_t i = count; i-- > 0;) {
      const CoreOperation& operation = operation_at(order, i);
      const double end = end_of(operation);
      latest = std::min(latest - (i + 1 < count ? point_gap() : 0), end - 14);
      points[i] = std::min(latest, (column(operation.invoked) + end) / 2);
    }
    for (std::size_t i = 0; i < count; ++i)
      points[i] = std::max(points[i], i == 0 ? first_column_ + 6 : points[i - 1] + point_gap());
    return points;
  }

  bool is_late(const TriedOrder& order, std::size_t i) const {
    return !order.respects_real_time && order.operations[i] == order.late;
  }

  bool fits(const TriedOrder& order) const {
    const std::vector<double> points = points_of(order);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const CoreOperation& operation = operation_at(order, i);
      if (points[i] > end_of(operation) - 8 && operation.responded != HistoryOperation::kNever)
        return false;
      if (order.respects_real_time && points[i] < column(operation.invoked) + 6) return false;
    }
    return true;
  }

  // ---- marks

  double put_title() {
    double y = kPageMargin + 10.5;
    const Rect pill = put_pill(picture_, {kPageMargin, y}, caption_.verdict, 10.5, Color::Warn,
                               Color::Warn, Color::Paper, Align::Left, 21);
    put_text(picture_, {pill.right + 10, y}, "The history as the clients saw it",
             {16, Face::Bold, Color::Ink, Align::Left});
    y += 24;
    for (const std::string& line :
         broken(why_.orders_summary, picture_.width - 2 * kPageMargin, 9.5)) {
      put_text(picture_, {kPageMargin, y}, line, {9.5, Face::Regular, Color::Muted, Align::Left});
      y += 13;
    }
    return y - 6;
  }

  void put_columns(double bottom) {
    put_text(picture_, {kPageMargin, head_y_}, "step",
             {8, Face::Regular, Color::Muted, Align::Left});
    for (const auto& [step, x] : columns_) {
      put_text(picture_, {x, head_y_}, std::to_string(step),
               {9.5, Face::Regular, Color::Muted, Align::Centre});
      put_line(picture_, {x, head_y_ + 10}, {x, bottom}, Color::Leader, 0.9, Dash::Solid, "column");
    }
  }

  void put_lane(int process, double y) {
    const std::string name = process_name(protocol_, process);
    Shape box;
    const double width = std::max(60.0, text_width(name, 11.5, Face::Bold) * (1 + kSlack) + 22);
    box.rect = {kPageMargin, y - 13, kPageMargin + width, y + 13};
    box.fill = Color::Panel;
    box.line = Color::Line;
    box.kind = "lane";
    const int index = picture_.add(box);
    put_text(picture_, box.rect.centre(), name, {11.5, Face::Bold, Color::Ink, Align::Centre}, {},
             index);
    put_line(picture_, {box.rect.right, y}, {last_, y}, Color::Line, 1.0, Dash::Solid, "life");
  }

  Color badge_colour(std::size_t operation) const {
    if (breaks(static_cast<int>(operation))) return Color::Warn;
    return operation_hues_[operation] == Hues::kNone ? Color::Wall
                                                     : Hues::line(operation_hues_[operation]);
  }

  void put_operation(std::size_t i) {
    const CoreOperation& operation = why_.operations[i];
    const double y = rows_.at(operation.process);
    const int hue = operation_hues_[i];
    Shape box;
    box.rect = {column(operation.invoked), y - kBox / 2, end_of(operation), y + kBox / 2};
    box.fill = hue == Hues::kNone ? Color::Paper : Hues::tint(hue);
    box.line = breaks(static_cast<int>(i)) ? Color::Warn : Hues::line(hue);
    box.pen = breaks(static_cast<int>(i)) ? 2.2 : 1.2;
    box.kind = "operation";
    box.id = "op_" + operation.badge;
    box.tooltip =
        fmt::format("{}: {}, called at step {}", process_name(protocol_, operation.process),
                    operation.name, operation.invoked);
    const int index = picture_.add(box);
    put_circle(picture_, {box.rect.left + 14, y}, operation.badge, 16, badge_colour(i),
               badge_colour(i), Color::Paper, box.tooltip, {}, "badge");
    put_text(picture_, {box.rect.left + 27, y}, operation.name,
             {10.5, Face::Bold, Color::Ink, Align::Left}, box.tooltip, index);
    const TextStyle style = breaks(static_cast<int>(i))
                                ? TextStyle{10, Face::Bold, Color::Warn, Align::Right}
                                : TextStyle{10, Face::Regular, Color::Muted, Align::Right};
    put_text(picture_, {box.rect.right - 9, y}, ending(operation), style, box.tooltip, index);
  }

  void put_state(double x, double y, const std::string& state) {
    if (state.empty()) return;  // an object that keeps nothing
    const int hue = hue_of_state(state);
    const std::string text = state_text(state);
    Shape pill;
    pill.rect = Rect::around({x, y}, pill_room(), kPill);
    pill.fill = hue == Hues::kNone ? Color::Paper : Hues::tint(hue);
    pill.line = Hues::line(hue);
    pill.pen = 1.2;
    pill.kind = "pill";
    pill.tooltip = state;
    const int index = picture_.add(pill);
    put_text(picture_, {x, y}, text, {kPillText, Face::Bold, Hues::line(hue), Align::Centre},
             pill.tooltip, index);
  }

  void put_order(const TriedOrder& order, double y) {
    put_text(picture_, {kPageMargin, y - 7}, order.title,
             {10.5, Face::Bold, Color::Ink, Align::Left});
    put_text(picture_, {kPageMargin, y + 8}, order.subtitle,
             {9, Face::Regular, Color::Muted, Align::Left});
    const std::vector<double> points = points_of(order);
    if (points.empty()) return;
    const double start = first_column_ - pill_room() / 2 - 14;
    put_line(picture_, {start, y}, {points.back(), y}, Color::Life, 1.4, Dash::Solid, "order");
    if (!order.states.empty()) put_state(start, y, order.states[0]);
    for (std::size_t i = 0; i < points.size(); ++i) {
      const CoreOperation& operation = operation_at(order, i);
      const auto index = static_cast<std::size_t>(order.operations[i]);
      const bool is_broken = static_cast<int>(i) == order.breaks_at || is_late(order, i);
      const Color color = is_broken                     ? Color::Warn
                          : breaks(order.operations[i]) ? hue_colour(index)
                                                        : badge_colour(index);
      const bool is_inside =
          points[i] >= column(operation.invoked) && points[i] <= end_of(operation);
      if (is_inside)
        put_line(picture_, {points[i], rows_.at(operation.process) + kBox / 2},
                 {points[i], y - kPoint / 2}, Color::Life, 1.0, Dash::Dotted, "point");
      put_circle(picture_, {points[i], y}, operation.badge, kPoint, color, color, Color::Paper,
                 operation.long_name, {}, "badge");
      if (i + 1 < points.size() && i + 1 < order.states.size())
        put_state((points[i] + points[i + 1]) / 2, y, order.states[i + 1]);
    }
    put_verdict(order, points, y);
  }

  Color hue_colour(std::size_t operation) const {
    return operation_hues_[operation] == Hues::kNone ? Color::Wall
                                                     : Hues::line(operation_hues_[operation]);
  }

  void put_verdict(const TriedOrder& order, const std::vector<double>& points, double y) {
    if (order.breaks_at >= 0) {
      const double x = points.back() + kPoint / 2 + 12;
      put_cross(picture_, {x, y}, 11, order.text);
      put_text(picture_, {x + 12, y - 6.5}, "must return " + order.must_return,
               {9.5, Face::Bold, Color::Warn, Align::Left}, order.text);
      put_text(picture_, {x + 12, y + 6.5}, "client got " + order.returned,
               {9.5, Face::Regular, Color::Warn, Align::Left}, order.text);
      return;
    }
    const int said =
        put_text(picture_, {points.back() + kPoint / 2 + 8, y}, "as the clients saw it",
                 {9.5, Face::Regular, Color::Muted, Align::Left});
    std::get<TextRun>(picture_.marks[static_cast<std::size_t>(said)]).has_halo = true;
    for (std::size_t i = 0; i < points.size(); ++i)
      if (is_late(order, i)) put_too_early(order, operation_at(order, i), points[i], y);
  }

  /// From the call, where it could first take effect, back to where this order puts it.
  void put_too_early(const TriedOrder& order, const CoreOperation& operation, double x, double y) {
    const double call = column(operation.invoked), below = y + 23;
    Stroke stroke;
    stroke.points = {{call, rows_.at(operation.process) + kBox / 2},
                     {call, below},
                     {x, below},
                     {x, y + kPoint / 2 + 1}};
    stroke.color = Color::Warn;
    stroke.pen = 1.4;
    stroke.dash = Dash::Dashed;
    stroke.head = Head::Filled;
    stroke.corner = 3;
    stroke.kind = "broken";
    stroke.tooltip = order.text;
    picture_.strokes.push_back(stroke);
    const double limit = picture_.width - kPageMargin;
    const double width = text_width(order.text, 9.5, Face::Bold) * (1 + kSlack);
    const double left = std::max(kPageMargin, std::min(x + 8, limit - width));
    put_text(picture_, {left, below + 11}, fitted(order.text, limit - kPageMargin, 9.5, Face::Bold),
             {9.5, Face::Bold, Color::Warn, Align::Left}, order.text);
  }

  double put_conclusion(double top) {
    if (why_.orders_conclusion.empty()) return top;
    std::vector<std::pair<std::string, bool>> lines;
    for (std::size_t i = 0; i < why_.orders_conclusion.size(); ++i) {
      const bool is_last = i + 1 == why_.orders_conclusion.size();
      for (const std::string& line :
           broken(why_.orders_conclusion[i], picture_.width - 2 * kPageMargin - 40, 9.5,
                  is_last ? Face::Bold : Face::Regular))
        lines.emplace_back(line, is_last);
    }
    const double bottom = top + 14 + 16 * static_cast<double>(lines.size());
    Area panel;
    panel.rect = {kPageMargin + 5, top, picture_.width - kPageMargin, bottom};
    panel.fill = Color::Panel;
    panel.line = Color::Line;
    picture_.areas.push_back(panel);
    panel.rect = {kPageMargin, top, kPageMargin + 5, bottom};
    panel.fill = panel.line = Color::Warn;
    picture_.areas.push_back(panel);
    double y = top + 15;
    for (const auto& [line, is_last] : lines) {
      put_text(picture_, {kPageMargin + 18, y}, line,
               {9.5, is_last ? Face::Bold : Face::Regular, is_last ? Color::Warn : Color::Ink,
                Align::Left});
      y += 16;
    }
    return bottom;
  }

  std::vector<LegendItem> legend() const {
    std::vector<LegendItem> items;
    items.push_back({26,
                     [](Picture& picture, Point left) {
                       Shape shape;
                       shape.rect = {left.x, left.y - 7, left.x + 26, left.y + 7};
                       shape.fill = Hues::tint(0);
                       shape.line = Hues::line(0);
                       shape.kind = "sample";
                       picture.add(shape);
                     },
                     "operation: call to reply"});
    if (why_.orders.empty()) return items;
    items.push_back({16,
                     [](Picture& picture, Point left) {
                       put_circle(picture, {left.x + 8, left.y}, "a", 15, Hues::line(0),
                                  Hues::line(0), Color::Paper, {}, {}, "badge");
                     },
                     "point where it takes effect in this order"});
    items.push_back({pill_width("x = v", 8),
                     [](Picture& picture, Point left) {
                       put_pill(picture, left, "x = v", 8, Color::Paper, Color::Muted, Color::Muted,
                                Align::Left, 15);
                     },
                     "the object between two points"});
    items.push_back({12,
                     [](Picture& picture, Point left) {
                       put_cross(picture, {left.x + 6, left.y}, 10, "");
                     },
                     "where the order breaks"});
    return items;
  }

  const Protocol& protocol_;
  const Evidence& evidence_;
  const Explanation& why_;
  Caption caption_;
  Picture picture_;
  std::vector<int> operation_hues_;
  std::map<std::string, int> state_hues_;
  std::vector<int> processes_;
  std::map<int, double> columns_;  // step -> x
  std::map<int, double> rows_;     // process -> y
  double first_column_ = 0, last_ = 0, right_ = 0, head_y_ = 0;
};

}  // namespace

Picture history_picture(const Protocol& protocol, const Evidence& evidence,
                        const Caption& caption) {
  CAPSTAN_REQUIRE(evidence.explanation && !evidence.explanation->operations.empty(),
                  "an explanation with operations");
  return HistoryDrawing(protocol, evidence, caption).draw();
}

}  // namespace capstan::reports
