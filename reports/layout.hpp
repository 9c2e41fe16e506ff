// SPDX-License-Identifier: MIT
// layout: where the rows, lanes, ports, arrows and labels of a space-time diagram go.
//
// From: scene. To: space_time. Rows follow the trace. Lanes: clients outside, the rest inside,
// groups of a partition side by side, and few lanes crossed by messages: the cheapest order by
// trying all of them, or beyond 7 lanes by swaps until none helps. An arrow that would run behind a
// foreign chip is bent once, in a gap. A label takes the first free place along its arrow, or none.
// Tested by: tests/unit/reports/space_time_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "reports/picture.hpp"
#include "reports/scene.hpp"

namespace capstan::reports {

/// The sizes that change in dense mode (many rows).
struct Measures {
  bool is_dense = false;
  double row_plain = 29, row_chip_extra = 15, row_fault = 34, row_tick = 18;
  double chip_line_first = 20, chip_line_more = 10.5;  // heights
  double chip_width_max = 190;
  double gap = 64;  // between what stands on two lanes
  double story_width_max = 330;
  int story_lines_max = 2;
  int chip_lines_max = 3;
};
Measures measures_for(std::size_t step_count, std::size_t lane_count);

double chip_height(const Measures& measures, int lines);

struct LanePlace {
  int process = -1;
  double x = 0;
  double left = 0, right = 0;  // how far what stands on it reaches
  bool labels_left = true;     // on which side the names of operations stand
  std::string name, subtitle;
  double header_width = 0;
};

struct Layout {
  Measures measures;
  std::vector<LanePlace> lanes;                   // from left to right
  std::vector<double> row_y;                      // as Scene::rows
  std::vector<std::vector<std::string>> stories;  // lines of text, as Scene::rows
  double number_right = 0, time_right = 0, story_left = 0, story_right = 0;
  double margin_left = 28;
  double header_top = 0, header_height = 34;
  double life_top = 0, life_bottom = 0;
  double chip_width = 0;
  double width = 0;  // of the page

  /// From above the first row that is taken for ever to below the last one; empty if there is none.
  double loop_top = 0, loop_bottom = 0;

  const LanePlace* lane_of(int process) const;
  int index_of(int process) const;  // -1 if hidden
  double y_of(const Scene& scene, int step) const;
  bool has_row(const Scene& scene, int step) const;
};

/// The processes shown, from left to right.
std::vector<int> lane_order(const Scene& scene);

/// Everything but the vertical place of the first row, which `move_to` sets.
Layout layout_of(const Scene& scene, const model::Protocol& protocol, const model::Run& run,
                 const Measures& measures);
/// Places the header at `top` and the rows below it.
void move_to(Layout& layout, const Scene& scene, double top);

/// The box of an event on its lane.
Rect rect_of(const Event& event, const Layout& layout, const Scene& scene);

/// Whether the segment from a to b runs through the box.
bool crosses(Point a, Point b, const Rect& box);
/// Whether two segments cross.
bool cross(Point a, Point b, Point c, Point d);

/// What must not be covered.
class Obstacles {
 public:
  void add(const Rect& box) { boxes_.push_back(box); }
  void add_line(Point a, Point b) { lines_.emplace_back(a, b); }
  bool is_free(const Rect& box) const;
  /// Arrows that run through the box.
  int lines_through(const Rect& box) const;
  int boxes_through(Point a, Point b) const;
  const std::vector<Rect>& boxes() const { return boxes_; }

 private:
  std::vector<Rect> boxes_;
  std::vector<std::pair<Point, Point>> lines_;
};

/// The line from a to b, bent once if that keeps it from `solid` boxes; gaps: the x of the middle
/// of each gap between the two lanes.
std::vector<Point> route(Point a, Point b, const std::vector<double>& gaps, const Obstacles& solid);

}  // namespace capstan::reports
