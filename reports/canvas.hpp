// SPDX-License-Identifier: MIT
// canvas: a Picture becomes DOT, SVG and PNG: the only include of Graphviz.
//
// From: picture. To: write. Every node and edge carries its place (`layout=nop2`), so Graphviz only
// draws; the `.dot` is made before any layout and stays useful where no plugin is installed. cgraph
// and gvc are not thread-safe (even separate graphs crash: measured), so one mutex lies round the
// whole of it; there is one context, since each leaks. Where an
// allocation fails these libraries end the process, so each picture is drawn in a child process
// (child), within what is left of the limits in force. Cost: about 0.1 s for 1000 nodes, PNG
// included. Tested by: tests/unit/reports/canvas_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "reports/picture.hpp"

namespace capstan::reports {

struct Rendering {
  std::string dot;
  std::string svg, png;               // empty if `failure` says why
  std::string failure;                // one sentence, with what to install; empty if all went well
  std::vector<std::string> warnings;  // of Graphviz: texts that do not fit, fonts that it misses
};

/// The light SVG follows the viewer's dark mode; the dark theme is fixed.
Rendering render(const Picture& picture, Theme theme = Theme::Light);

}  // namespace capstan::reports
