// SPDX-License-Identifier: MIT
// parts: pieces of the space-time diagram that stand for themselves: the lines of a chip, and the
// legend.
//
// From: scene, layout. To: space_time.
// Tested by: tests/unit/reports/space_time_test.cpp.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "reports/frame.hpp"
#include "reports/layout.hpp"
#include "reports/picture.hpp"
#include "reports/scene.hpp"

namespace capstan::reports {

/// The lines of a chip, centred in its box (mark `index`), shortened to its width.
void put_chip_lines(Picture& picture, const Chip& chip, const Rect& box, int index,
                    const std::string& tooltip, const Measures& measures);

/// The marks that occur: messages with these fates, and what the scene holds.
std::vector<LegendItem> legend_of(const Scene& scene, const std::set<Fate>& fates,
                                  bool has_contradiction);

}  // namespace capstan::reports
