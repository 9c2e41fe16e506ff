// SPDX-License-Identifier: MIT
// arrows: the messages of a space-time diagram: ports, lines, crosses, stubs, and labels where
// there is room.
//
// From: scene, layout. To: space_time's picture. Labels come last, when all that they must keep off
// is there. Tested by: tests/unit/reports/space_time_test.cpp.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "reports/layout.hpp"
#include "reports/picture.hpp"
#include "reports/scene.hpp"

namespace capstan::reports {

/// A partition's wall: a vertical line.
struct Wall {
  double x = 0, top = 0, bottom = 0;
};

class Arrows {
 public:
  /// `obstacles`: what labels keep off, grows; `solid`: what arrows keep off.
  Arrows(Picture& picture, const Layout& layout, const Scene& scene, const std::vector<Wall>& walls,
         Obstacles& obstacles, const Obstacles& solid);
  void put();
  /// How the messages that were drawn end.
  const std::set<Fate>& fates() const { return drawn_; }

 private:
  struct Line {
    std::size_t message = 0;
    std::vector<Point> path;
  };
  /// An end of an arrow on one side of an event.
  struct Port {
    bool is_outgoing = false;
    double other_y = 0;
    std::size_t message = 0;
    friend auto operator<=>(const Port&, const Port&) = default;
  };
  using Place = std::tuple<int, int, int>;  // step, process, side

  const Event* event_at(int step, int process) const;
  int side_of(int process, int other) const;
  bool is_client(int process) const;
  double half_width(int step, int process) const;
  Point port(std::size_t message, bool is_outgoing) const;
  std::string id_of(int step, int process) const;
  void merge_stubs();
  void find_ports();
  double gap_middle(int left_index) const;

  void put_message(std::size_t index);
  void put_delivered(std::size_t index);
  void put_self(std::size_t index);
  Point stub_end(Point a, int side) const;
  void put_stub(std::size_t index);
  Point stop_of(std::size_t index, Point a, int side) const;
  void put_stopped(std::size_t index);
  void put_labels();
  bool put_label_along(const Line& line);
  /// Beside a point; the first of the texts that has room. `side` is where it stands.
  std::optional<Rect> label_box(Point at, int side, const std::string& text) const;
  bool put_label_beside(Point at, int side, const std::vector<std::string>& texts, Color color,
                        const std::string& tooltip);
  bool is_clear(const Rect& box, const std::vector<Point>& own) const;
  Color ground_under(const Rect& box, bool& is_mixed) const;
  /// With a halo in the colour of the ground where it lies on lines.
  void put_label(const Rect& box, const std::string& text, Color color, std::optional<Color> ground,
                 const std::string& tooltip);
  Stroke stroke_of(const Message& message) const;
  void note_line(const std::vector<Point>& path);

  Picture& picture_;
  const Layout& layout_;
  const Scene& scene_;
  const std::vector<Wall>& walls_;
  Obstacles& obstacles_;
  const Obstacles& solid_;
  std::map<Place, std::vector<Port>> ports_;
  std::map<std::size_t, std::vector<std::size_t>>
      merged_;  // the first of equal stubs -> the others
  std::set<std::size_t> skipped_;
  std::vector<Line> lines_;
  std::set<Fate> drawn_;
};

}  // namespace capstan::reports
