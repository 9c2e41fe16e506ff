// SPDX-License-Identifier: MIT
// metrics: how wide a text is, without asking any font: the widths of Helvetica from its AFM file,
// which Arial and Liberation Sans share.
//
// So the same `.dot` is made on every machine. Against pango: within 2.5 % (measured); whoever
// makes a box adds `kSlack`. Tested by: tests/unit/reports/canvas_test.cpp.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace capstan::reports {

enum class Face { Regular, Bold, Mono };

/// A box for a text is this much wider than the text is thought to be: a share, and points on top.
inline constexpr double kSlack = 0.05;
inline constexpr double kSlackPoints = 4;

/// In points.
double text_width(std::string_view text, double size, Face face = Face::Regular);

/// The text, or as much of its beginning as fits into `width` with an ellipsis behind it.
std::string fitted(std::string_view text, double width, double size, Face face = Face::Regular);

/// Lines of words, none wider than `width` unless it is a single word, which is then cut. Line
/// feeds are kept.
std::vector<std::string> broken(std::string_view text, double width, double size,
                                Face face = Face::Regular);

}  // namespace capstan::reports
