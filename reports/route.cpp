// SPDX-License-Identifier: MIT
// route: arrows round foreign chips, and free places for labels (declared in layout.hpp).
#include <algorithm>
#include <cmath>

#include "reports/layout.hpp"

namespace capstan::reports {
namespace {

double side_of(Point a, Point b, Point c) {
  return (b.x - a.x) * (c.y - a.y) - (b.y - a.y) * (c.x - a.x);
}

double length_of(const std::vector<Point>& path) {
  double total = 0;
  for (std::size_t i = 1; i < path.size(); ++i)
    total += std::hypot(path[i].x - path[i - 1].x, path[i].y - path[i - 1].y);
  return total;
}

}  // namespace

bool cross(Point a, Point b, Point c, Point d) {
  return side_of(a, b, c) * side_of(a, b, d) < 0 && side_of(c, d, a) * side_of(c, d, b) < 0;
}

bool crosses(Point a, Point b, const Rect& box) {
  // Liang and Barsky: the part of the segment within each pair of sides; nothing left means no.
  double begin = 0, end = 1;
  const auto clip = [&](double delta, double near, double far) {
    if (std::abs(delta) < 1e-9) return near <= 0 && 0 <= far;
    double first = near / delta, second = far / delta;
    if (first > second) std::swap(first, second);
    begin = std::max(begin, first);
    end = std::min(end, second);
    return begin < end;
  };
  return clip(b.x - a.x, box.left - a.x, box.right - a.x) &&
         clip(b.y - a.y, box.top - a.y, box.bottom - a.y);
}

bool Obstacles::is_free(const Rect& box) const {
  return std::none_of(boxes_.begin(), boxes_.end(),
                      [&](const Rect& other) { return overlap(box, other); });
}

int Obstacles::lines_through(const Rect& box) const {
  return static_cast<int>(std::count_if(lines_.begin(), lines_.end(), [&](const auto& line) {
    return crosses(line.first, line.second, box);
  }));
}

int Obstacles::boxes_through(Point a, Point b) const {
  return static_cast<int>(std::count_if(boxes_.begin(), boxes_.end(), [&](const Rect& box) {
    const bool holds_end =
        contains(box, {a.x, a.y, a.x, a.y}, 0.5) || contains(box, {b.x, b.y, b.x, b.y}, 0.5);
    return !holds_end && crosses(a, b, box);
  }));
}

std::vector<Point> route(Point a, Point b, const std::vector<double>& gaps,
                         const Obstacles& solid) {
  std::vector<Point> best = {a, b};
  int hits = solid.boxes_through(a, b);
  double length = length_of(best);
  if (hits == 0) return best;
  constexpr double kStep = 5, kReach = 35;
  for (const double x : gaps)
    for (double y = std::min(a.y, b.y) - kReach; y <= std::max(a.y, b.y) + kReach; y += kStep) {
      const std::vector<Point> bent = {a, {x, y}, b};
      const int here = solid.boxes_through(a, bent[1]) + solid.boxes_through(bent[1], b);
      const double far = length_of(bent);
      if (here < hits || (here == hits && far < length && best.size() > 2)) {
        hits = here;
        length = far;
        best = bent;
      }
    }
  return best;
}

}  // namespace capstan::reports
