// SPDX-License-Identifier: MIT
// frame: what stands round a diagram: head (verdict, title, meta line, command), the panel that
// says why, and the legend.
//
// From: a Caption and the Evidence. To: space_time, history. Each part is drawn at a given top and
// returns where it ends. Tested by: tests/unit/reports/space_time_test.cpp.
#pragma once

#include <functional>
#include <string>
#include <utility>
#include <vector>

#include "checker/finding.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

inline constexpr double kPageMargin = 28;

/// What the head of a picture says.
struct Caption {
  std::string verdict;   // "NOT LINEARIZABLE"
  bool is_good = false;  // a witness, in the colour of what holds
  std::string title;
  std::vector<std::pair<std::string, std::string>> meta;  // "spec", "abd"; "scenario", ...
  std::string command;  // the line that draws it again; may be empty
};

/// The words for the pill, from what the evidence shows.
std::string verdict_of(const checker::ExpectationReport& expectation,
                       const checker::Evidence& evidence);

Caption caption_of(const checker::ScenarioReport& scenario,
                   const checker::ExpectationReport& expectation, const checker::Evidence& evidence,
                   const std::string& command);

/// Short ways to put marks on a picture.
struct TextStyle {
  double size = 9.5;
  Face face = Face::Regular;
  Color color = Color::Ink;
  Align align = Align::Left;
};
int put_text(Picture& picture, Point at, const std::string& text, const TextStyle& style,
             const std::string& tooltip = {}, int inside = -1);
double pill_width(const std::string& text, double size);
/// A filled rounded box as wide as its bold text needs; returns its box. `at` is its left end, or
/// its centre.
Rect put_pill(Picture& picture, Point at, const std::string& text, double size, Color fill,
              Color line, Color ink, Align align, double height, const std::string& tooltip = {},
              const std::string& id = {});
/// A number in a circle, linked to its step if there is one.
Rect put_circle(Picture& picture, Point centre, const std::string& text, double diameter,
                Color fill, Color line, Color ink, const std::string& tooltip = {},
                const std::string& url = {}, const std::string& kind = "circle");
/// A cross as on a message that does not arrive.
void put_cross(Picture& picture, Point centre, double size, const std::string& tooltip);
void put_line(Picture& picture, Point a, Point b, Color color, double pen, Dash dash = Dash::Solid,
              const std::string& kind = {}, const std::string& tooltip = {});

double put_head(Picture& picture, const Caption& caption, double width);

/// `tints`: the colour of each operation of the explanation.
double put_why(Picture& picture, const checker::Evidence& evidence, const std::vector<Color>& tints,
               double top, double width);

struct LegendItem {
  double mark_width = 0;
  std::function<void(Picture&, Point left)> draw;
  std::string text;
};
double put_legend(Picture& picture, const std::vector<LegendItem>& items, double top, double width);

}  // namespace capstan::reports
