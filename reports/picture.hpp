// SPDX-License-Identifier: MIT
// picture: a drawing as data: areas, strokes and marks at fixed places, before any library sees it.
//
// From: space_time, history (which compute every place). To: canvas (DOT, SVG, PNG). Points are
// 1/72 inch; y grows downwards. What lies over what: areas under strokes under marks, each in the
// order of the list. Colours are roles, so that a theme is one table. The tests of layout read
// this: a text that belongs to a box says so (`inside`), and may not leave it.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "reports/metrics.hpp"

namespace capstan::reports {

enum class Color {
  Paper,
  Ink,
  Muted,
  Line,
  Leader,
  Life,
  Panel,
  Band,
  Wall,
  Warn,
  WarnTint,
  Skew,
  A,
  ATint,
  B,
  BTint,
  C,
  CTint,
  D,
  DTint,
  Neutral,
  NeutralTint
};
inline constexpr int kColorCount = 22;
enum class Theme { Light, Dark };

/// "#RRGGBB". The colours of a theme are all different, so that one can be mapped to the other by
/// its text.
const char* hex(Color color, Theme theme);

struct Point {
  double x = 0, y = 0;
};

struct Rect {
  double left = 0, top = 0, right = 0, bottom = 0;
  double width() const { return right - left; }
  double height() const { return bottom - top; }
  Point centre() const { return {(left + right) / 2, (top + bottom) / 2}; }
  static Rect around(Point centre, double width, double height) {
    return {centre.x - width / 2, centre.y - height / 2, centre.x + width / 2,
            centre.y + height / 2};
  }
};

/// With more than `slack` of overlap in both directions.
bool overlap(const Rect& a, const Rect& b, double slack = 0);
bool contains(const Rect& outer, const Rect& inner, double slack = 0);

/// A coloured background.
struct Area {
  Rect rect;
  Color fill = Color::Panel, line = Color::Panel;
  double pen = 1;
  bool rounded = false;
  std::string tooltip, kind;
};

enum class Dash { Solid, Dashed, Dotted };
enum class Head { None, Filled, Open };

/// A line through `points` with its corners rounded, or one cubic curve (`is_curve`, four points).
struct Stroke {
  std::vector<Point> points;
  bool is_curve = false;
  Color color = Color::Ink;
  double pen = 1;
  Dash dash = Dash::Solid;
  double corner = 14;  // how much of a corner is rounded
  Head head = Head::None;
  double head_size = 0.7;  // the head is 10 times as long
  std::string tooltip, kind;
  std::string from, to;  // ids of marks that it joins in the graph; empty: a line on its own
};

enum class Form { Box, Rounded, Circle };

struct Shape {
  Rect rect;
  Form form = Form::Rounded;
  Color fill = Color::Paper, line = Color::Line;
  double pen = 1;
  std::string tooltip, kind;  // kind: "chip", "pill", "bar", ... : the class in the SVG, and what
                              // the tests tell apart
  std::string id, url;
};

enum class Align { Left, Centre, Right };

/// One run of text in one face; `at` is the middle of its height, and its left end, centre or right
/// end.
struct TextRun {
  Point at;
  Align align = Align::Left;
  double size = 9.5;
  Face face = Face::Regular;
  Color color = Color::Ink;
  std::string text, tooltip, url;
  bool has_halo = false;  // covers lines under it with `halo`
  Color halo = Color::Paper;
  int inside = -1;    // the index in Picture::marks of the shape that it stands in
  Rect rect() const;  // of the glyphs, as thought to be
};

using Mark = std::variant<Shape, TextRun>;

struct Picture {
  double width = 0, height = 0;
  std::string title;  // the sentence that it shows
  std::vector<Area> areas;
  std::vector<Stroke> strokes;
  std::vector<Mark> marks;

  /// Both return the index in `marks`.
  int add(Shape shape);
  int add(TextRun text);
};

}  // namespace capstan::reports
