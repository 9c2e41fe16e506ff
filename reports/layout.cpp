// SPDX-License-Identifier: MIT
#include "reports/layout.hpp"

#include <algorithm>
#include <cmath>

#include "model/base/require.hpp"
#include "reports/words.hpp"

namespace capstan::reports {
namespace {

constexpr double kMargin = 28;
constexpr double kCallSize = 10, kStorySize = 9.5;

// ---- the order of the lanes

class LaneOrder {
  /// Of a lane in a cut: which group it is in, -1 for none.
  struct Side {
    int group = -1;
    bool is_bridged = false;  // the cut has a bridge, which should stand between the groups
  };

 public:
  explicit LaneOrder(const Scene& scene) : scene_(scene), lanes_(scene.lanes) {
    const std::size_t count = lanes_.size();
    traffic_.assign(count, std::vector<double>(count, 0));
    for (const Message& message : scene.messages) {
      const int from = position(message.from), to = position(message.to);
      if (from < 0 || to < 0 || from == to) continue;
      const double weight = message.ended >= 0 || message.fate == Fate::Blocked ? 1 : 0.2;
      traffic_[static_cast<std::size_t>(from)][static_cast<std::size_t>(to)] += weight;
    }
    for (const Cut& cut : scene.cuts) {
      std::vector<Side> sides(count, Side{-1, !cut.bridge.empty()});
      for (std::size_t g = 0; g < cut.groups.size(); ++g)
        for (const int process : cut.groups[g])
          if (const int at = position(process); at >= 0)
            sides[static_cast<std::size_t>(at)].group = static_cast<int>(g);
      sides_.push_back(std::move(sides));
    }
  }

  std::vector<int> best() const {
    std::vector<int> order(lanes_.size());
    for (std::size_t i = 0; i < order.size(); ++i) order[i] = static_cast<int>(i);
    constexpr std::size_t kAllOrders = 7;
    order = lanes_.size() <= kAllOrders ? try_all(order) : improve(order);
    std::vector<int> processes;
    for (const int index : order) processes.push_back(lanes_[static_cast<std::size_t>(index)]);
    return processes;
  }

 private:
  int position(int process) const {
    const auto found = std::find(lanes_.begin(), lanes_.end(), process);
    return found == lanes_.end() ? -1 : static_cast<int>(found - lanes_.begin());
  }
  bool is_client(int index) const {
    return scene_.is_client[static_cast<std::size_t>(lanes_[static_cast<std::size_t>(index)])];
  }

  /// How much it costs that lanes of these sides are neighbours: a wall, and twice that where a
  /// bridge should stand between them.
  static int changes(Side a, Side b) {
    if (a.group == b.group) return 0;
    return a.is_bridged && a.group >= 0 && b.group >= 0 ? 2 : 1;
  }

  double cost(const std::vector<int>& order) const {
    constexpr double kInversion = 0.2, kSplitGroup = 6, kClientInside = 30;
    double total = 0;
    for (std::size_t a = 0; a < order.size(); ++a)
      for (std::size_t b = a + 1; b < order.size(); ++b) {
        const auto i = static_cast<std::size_t>(order[a]), j = static_cast<std::size_t>(order[b]);
        total += static_cast<double>(b - a - 1) * (traffic_[i][j] + traffic_[j][i]);
        if (i > j && is_client(order[a]) == is_client(order[b])) total += kInversion;
      }
    for (const std::vector<Side>& sides : sides_) {
      int walls = 0;
      for (std::size_t a = 1; a < order.size(); ++a)
        walls += changes(sides[static_cast<std::size_t>(order[a - 1])],
                         sides[static_cast<std::size_t>(order[a])]);
      total += kSplitGroup * std::max(0, walls - 1);
    }
    for (std::size_t a = 0; a < order.size(); ++a) {
      if (!is_client(order[a])) continue;
      const auto is_inner = [this](int index) { return !is_client(index); };
      const auto at = order.begin() + static_cast<std::ptrdiff_t>(a);
      if (std::any_of(order.begin(), at, is_inner) && std::any_of(at, order.end(), is_inner))
        total += kClientInside;
    }
    return total;
  }

  std::vector<int> try_all(std::vector<int> order) const {
    std::vector<int> best = order;
    double least = cost(order);
    while (std::next_permutation(order.begin(), order.end()))
      if (const double here = cost(order); here < least - 1e-9) {
        least = here;
        best = order;
      }
    return best;
  }

  /// Moves one lane at a time to where it costs least, until no move helps.
  std::vector<int> improve(std::vector<int> order) const {
    std::stable_sort(order.begin(), order.end(),
                     [this](int a, int b) { return is_client(a) && !is_client(b); });
    double least = cost(order);
    for (bool has_changed = true; has_changed;) {
      has_changed = false;
      for (std::size_t from = 0; from < order.size(); ++from)
        for (std::size_t to = 0; to < order.size(); ++to) {
          std::vector<int> moved = order;
          const int lane = moved[from];
          moved.erase(moved.begin() + static_cast<std::ptrdiff_t>(from));
          moved.insert(moved.begin() + static_cast<std::ptrdiff_t>(to), lane);
          if (const double here = cost(moved); here < least - 1e-9) {
            least = here;
            order = std::move(moved);
            has_changed = true;
          }
        }
    }
    return order;
  }

  const Scene& scene_;
  std::vector<int> lanes_;
  std::vector<std::vector<double>> traffic_;
  std::vector<std::vector<Side>> sides_;  // by cut, by lane
};

// ---- widths

double widest_chip(const Scene& scene) {
  double widest = 76;
  for (const Event& event : scene.events)
    for (const ChipLine& line : event.chip.lines) widest = std::max(widest, line.width());
  for (const auto& [process, chip] : scene.shown)
    for (const ChipLine& line : chip.lines) widest = std::max(widest, line.width());
  for (const auto& [process, chip] : scene.finals)
    for (const ChipLine& line : chip.lines) widest = std::max(widest, line.width());
  return widest;
}

bool has_boxes(const Scene& scene, int process) {
  return std::any_of(scene.events.begin(), scene.events.end(), [&](const Event& event) {
    return event.process == process && (event.kind == EventKind::Chip || !event.pill.empty());
  });
}

/// How far the names and results of the operations on a lane reach from it.
double label_reach(const Scene& scene, int process, const Layout& layout) {
  double reach = 0;
  for (const Bar& bar : scene.bars) {
    if (bar.process != process) continue;
    const double circles = 17 * static_cast<double>(bar.circles.size());
    reach = std::max(
        {reach, text_width(bar.call, kCallSize, Face::Bold) * (1 + kSlack) + kSlackPoints,
         text_width(bar.result, kCallSize, Face::Bold) * (1 + kSlack) + kSlackPoints + circles});
  }
  if (reach == 0) return 10;
  for (const Event& event : scene.events)
    if (event.process == process && !event.clock.empty())
      reach = std::max(reach, text_width(event.clock, 8) * (1 + kSlack) + kSlackPoints);
  return reach + 15 + (has_boxes(scene, process) ? layout.chip_width / 2 : 0);
}

/// "Replica… 12": names are told apart by their ends.
std::string lane_name(const std::string& name, double width) {
  constexpr double size = 11.5;
  if (text_width(name, size, Face::Bold) <= width) return name;
  const std::size_t blank = name.rfind(' ');
  if (blank == std::string::npos || name.size() - blank > 5)
    return fitted(name, width, size, Face::Bold);
  const std::string number = name.substr(blank);
  return fitted(name.substr(0, blank), width - text_width(number, size, Face::Bold), size,
                Face::Bold) +
         number;
}

void place_lanes(Layout& layout, const Scene& scene, const model::Protocol& protocol,
                 const model::Run& run) {
  const std::vector<int> order = lane_order(scene);
  const auto is_inner = [&](int process) {
    return !scene.is_client[static_cast<std::size_t>(process)];
  };
  const auto first_inner = std::find_if(order.begin(), order.end(), is_inner);
  for (auto at = order.begin(); at != order.end(); ++at) {
    LanePlace lane;
    lane.process = *at;
    const bool is_client = scene.is_client[static_cast<std::size_t>(*at)];
    lane.labels_left = first_inner == order.end() || at < first_inner ||
                       (at + 1 != order.end() && std::any_of(at, order.end(), is_inner));
    lane.name = lane_name(process_name(protocol, *at), 150);
    lane.subtitle = fitted(subtitle_of(protocol, run, *at, is_client), 150, 8);
    lane.header_width =
        std::max({is_client ? 62.0 : 96.0, text_width(lane.name, 11.5, Face::Bold) + 24,
                  text_width(lane.subtitle, 8) + 20});
    lane.left = lane.right =
        has_boxes(scene, *at) || scene.finals.count(*at) + scene.shown.count(*at) > 0
            ? layout.chip_width / 2
            : 10;
    const double reach = label_reach(scene, *at, layout);
    (lane.labels_left ? lane.left : lane.right) =
        std::max(lane.labels_left ? lane.left : lane.right, reach);
    layout.lanes.push_back(std::move(lane));
  }
}

/// The room between two neighbouring lanes: for the labels of what is sent between them, for walls,
/// and for their headers.
double gap_between(const Layout& layout, const Scene& scene, const LanePlace& a,
                   const LanePlace& b) {
  double gap = layout.measures.gap;
  for (const Message& message : scene.messages) {
    const bool is_between = (message.from == a.process && message.to == b.process) ||
                            (message.from == b.process && message.to == a.process);
    if (is_between && message.ended >= 0 && !layout.measures.is_dense)
      gap = std::max(gap, std::min(120.0, text_width(message.short_name, 8.5) * (1 + kSlack) + 26));
  }
  // A blocked message stops in the middle, and its label has the room from there to the lifeline.
  for (const Message& message : scene.messages) {
    const bool is_towards =
        (message.from == a.process && layout.index_of(message.to) > layout.index_of(a.process)) ||
        (message.from == b.process && layout.index_of(message.to) < layout.index_of(b.process));
    if ((message.fate != Fate::Blocked && !message.is_at_wall) || !is_towards ||
        layout.measures.is_dense)
      continue;
    const double label = text_width(message.short_name + " blocked", 8.5) * (1 + kSlack) + 6;
    gap = std::max(gap, std::min(140.0, 2 * (label + 16 - std::min(a.right, b.left))));
  }
  const double headers = (a.header_width + b.header_width) / 2 + 14;
  return std::max(gap, headers - a.right - b.left);
}

void place_story(Layout& layout, const Scene& scene) {
  const double limit = layout.measures.story_width_max;
  double widest = 120;
  for (const Row& row : scene.rows) {
    std::vector<std::string> lines = broken(row.text, limit, kStorySize, Face::Bold);
    const auto most = static_cast<std::size_t>(layout.measures.story_lines_max);
    if (lines.size() > most) {
      std::string rest;
      for (std::size_t i = most - 1; i < lines.size(); ++i)
        rest += (i + 1 == most ? "" : " ") + lines[i];
      lines.resize(most);
      lines.back() = fitted(rest, limit, kStorySize, Face::Bold);
    }
    for (const std::string& line : lines)
      widest = std::max(widest, text_width(line, kStorySize, Face::Bold));
    layout.stories.push_back(std::move(lines));
  }
  layout.number_right = layout.margin_left + 18;
  layout.time_right = layout.number_right + 26;
  layout.story_left = (scene.has_time ? layout.time_right : layout.number_right) + 14;
  layout.story_right = layout.story_left + widest * (1 + kSlack) + kSlackPoints;
}

void place_columns(Layout& layout, const Scene& scene) {
  double x = layout.story_right + 16;
  for (std::size_t i = 0; i < layout.lanes.size(); ++i) {
    LanePlace& lane = layout.lanes[i];
    const double head = lane.header_width / 2;
    if (i == 0)
      x += std::max(lane.left, head) + (scene.cuts.empty() ? 0 : 10);
    else
      x += layout.lanes[i - 1].right + gap_between(layout, scene, layout.lanes[i - 1], lane) +
           lane.left;
    lane.x = std::round(x);
    x = lane.x;
  }
  const LanePlace& last = layout.lanes.back();
  layout.width = std::ceil(last.x + std::max(last.right, last.header_width / 2) +
                           (scene.cuts.empty() ? 0 : 12) + kMargin);
}

double height_of(const Row& row, std::size_t story_lines, const Measures& measures) {
  double height = measures.row_plain;
  if (row.kind == RowKind::Fault) height = measures.row_fault;
  if (row.kind == RowKind::Tick) height = measures.row_tick;
  if (row.chip_lines > 0)
    height = std::max(height, chip_height(measures, row.chip_lines) + measures.row_chip_extra);
  if (story_lines > 1) height = std::max(height, 34.0);
  return height;
}

}  // namespace

Measures measures_for(std::size_t step_count, std::size_t lane_count) {
  constexpr std::size_t kManySteps = 34;
  Measures measures;
  if (step_count > kManySteps) {
    measures.is_dense = true;
    measures.row_plain = 20;
    measures.row_chip_extra = 5;
    measures.row_fault = 26;
    measures.row_tick = 14;
    measures.chip_line_first = 15;
    measures.chip_lines_max = 1;
    measures.chip_width_max = 110;
    measures.gap = 52;
    measures.story_lines_max = 1;
  }
  if (lane_count > 5)
    measures.chip_width_max =
        std::max(96.0, measures.chip_width_max - 20 * static_cast<double>(lane_count - 5));
  return measures;
}

double chip_height(const Measures& measures, int lines) {
  return lines <= 0 ? 0 : measures.chip_line_first + measures.chip_line_more * (lines - 1);
}

const LanePlace* Layout::lane_of(int process) const {
  const int index = index_of(process);
  return index < 0 ? nullptr : &lanes[static_cast<std::size_t>(index)];
}

int Layout::index_of(int process) const {
  for (std::size_t i = 0; i < lanes.size(); ++i)
    if (lanes[i].process == process) return static_cast<int>(i);
  return -1;
}

bool Layout::has_row(const Scene& scene, int step) const {
  return std::any_of(scene.rows.begin(), scene.rows.end(),
                     [step](const Row& row) { return row.step == step; });
}

double Layout::y_of(const Scene& scene, int step) const {
  for (std::size_t i = 0; i < scene.rows.size(); ++i)
    if (scene.rows[i].step == step) return row_y[i];
  return life_top + 4;  // the start, where it has no row of its own
}

std::vector<int> lane_order(const Scene& scene) { return LaneOrder(scene).best(); }

/// Above the rows that are taken for ever: room for the words that say so.
constexpr double kLoopHeading = 26;

Layout layout_of(const Scene& scene, const model::Protocol& protocol, const model::Run& run,
                 const Measures& measures) {
  CAPSTAN_REQUIRE(!scene.lanes.empty(), "a lane to draw");
  Layout layout;
  layout.measures = measures;
  layout.chip_width =
      std::ceil(std::min(measures.chip_width_max, widest_chip(scene) * (1 + kSlack) + 18));
  layout.margin_left =
      kMargin + 14 * static_cast<double>(scene.brackets.size() > 1 ? scene.brackets.size() - 1 : 0);
  place_lanes(layout, scene, protocol, run);
  place_story(layout, scene);
  place_columns(layout, scene);
  const bool has_subtitle =
      std::any_of(layout.lanes.begin(), layout.lanes.end(),
                  [](const LanePlace& lane) { return !lane.subtitle.empty(); });
  layout.header_height = has_subtitle ? 34 : 25;
  move_to(layout, scene, 0);
  return layout;
}

void move_to(Layout& layout, const Scene& scene, double top) {
  layout.header_top = top;
  layout.life_top = top + layout.header_height;
  double y = layout.life_top + 8, previous = 0;
  layout.row_y.clear();
  for (std::size_t i = 0; i < scene.rows.size(); ++i) {
    const double height = height_of(scene.rows[i], layout.stories[i].size(), layout.measures);
    y += previous / 2;
    if (scene.loop_start >= 0 && scene.rows[i].step == scene.loop_start) {
      layout.loop_top = y + 6;
      y += kLoopHeading;
    }
    y += height / 2;
    previous = height;
    layout.row_y.push_back(y);
  }
  layout.loop_bottom = y + previous / 2 + 2;
  layout.life_bottom = y + std::max(previous / 2, 16.0) + 14;
}

Rect rect_of(const Event& event, const Layout& layout, const Scene& scene) {
  const LanePlace* lane = layout.lane_of(event.process);
  CAPSTAN_REQUIRE(lane != nullptr, "an event on a lane that is shown");
  const Point centre = {lane->x, layout.y_of(scene, event.step)};
  switch (event.kind) {
    case EventKind::Point:
      return Rect::around(centre, 6.4, 6.4);
    case EventKind::Chip:
      return Rect::around(centre, layout.chip_width,
                          chip_height(layout.measures, static_cast<int>(event.chip.lines.size())));
    case EventKind::Call:
    case EventKind::Reply:
      return Rect::around(centre, 12, 3.2);
    case EventKind::Crash:
      return Rect::around(centre, 44, 15);
    case EventKind::Restart:
      return Rect::around(centre, 50, 15);
    case EventKind::Jump:
    case EventKind::Pause:
    case EventKind::Unpause:
      return Rect::around(centre, text_width(event.pill, 8.5) * (1 + kSlack) + 18, 15);
  }
  CAPSTAN_UNREACHABLE("a kind of event");
}

}  // namespace capstan::reports
