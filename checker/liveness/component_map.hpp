// SPDX-License-Identifier: MIT
// component_map: what can still happen once clients have stopped and faults are over, as data: the
// strong components of the states that lie ahead, and which of them a run can stay in for ever.
//
// From: liveness/find_components. To: reports/component_picture.
#pragma once

#include <cstdint>
#include <utility>
#include <vector>

namespace capstan::checker {

struct ComponentBox {
  std::uint64_t states = 0;
  std::uint64_t differing = 0;  // of them: those in which some differ
  bool is_fair = false;         // a fair run can stay in it
  bool is_on_run = false;       // the counterexample passes it
};

struct ComponentMap {
  int first_step = 0;               // of the run: where the first box begins
  std::vector<ComponentBox> boxes;  // the first is where the run is then; each before those ahead
  std::vector<std::pair<int, int>> ways;  // steps lead from the one to the other
  std::uint64_t hidden = 0;               // components ahead that are not among the boxes
};

}  // namespace capstan::checker
