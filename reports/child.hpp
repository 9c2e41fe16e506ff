// SPDX-License-Identifier: MIT
// child: work in a child process, for libraries that end the process where they get no memory.
//
// From: canvas (Graphviz, Cairo and GLib abort, or follow a null pointer, when an allocation
// fails). The child has all that the parent has, and gives back bytes through a pipe; whatever
// becomes of it, the parent goes on. Cost: a fork, 1 to 3 ms. Tested by:
// tests/unit/reports/child_test.cpp
#pragma once

#include <functional>
#include <string>

namespace capstan::reports {

struct ChildAnswer {
  std::string bytes;
  std::string failure;  // why there are none; empty: all went well
};

/// What `work` returns in a child that has so long for it (infinity: as long as it takes). No
/// thread but the calling one exists there, and the standard error stream leads nowhere.
ChildAnswer in_child(const std::function<std::string()>& work, double seconds);

}  // namespace capstan::reports
