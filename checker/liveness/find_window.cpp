// SPDX-License-Identifier: MIT
#include "checker/liveness/find_window.hpp"

#include <algorithm>

#include "checker/liveness/strong_parts.hpp"
#include "model/base/limits.hpp"

namespace capstan::checker {

Window find_window(const StateGraph& graph, const std::vector<bool>& differs,
                   const std::vector<bool>& steps, bool has_time) {
  const std::vector<bool> sets = sets_with_steps(graph, steps);
  const StrongParts parts = strong_parts(graph, sets, differs);
  const std::vector<std::uint32_t>& component = parts.of_state;
  const std::size_t count = parts.members.size();
  Window window;
  if (has_time) window.ticks = 0;
  // What a component leads to has a smaller number.
  std::vector<std::uint64_t> longest(count), ticks(count);
  for (std::size_t i = 0; i < count; ++i) {
    model::poll_limits();
    if (parts.members[i].size() > 1) window.is_bounded = false;
    for (const StateId state : parts.members[i])
      graph.for_each_step(state, [&](StateId target, LabelSetId set) {
        if (!sets[set]) return;
        const std::uint64_t tick = graph.is_tick(set) ? 1 : 0;
        const bool is_inside = differs[target] && component[target] == i;
        if (is_inside && tick == 1) window.has_bounded_ticks = false;
        if (is_inside) return;
        longest[i] =
            std::max(longest[i], 1 - tick + (differs[target] ? longest[component[target]] : 0));
        ticks[i] = std::max(ticks[i], tick + (differs[target] ? ticks[component[target]] : 0));
      });
    window.steps = std::max(window.steps, longest[i]);
    if (window.ticks) window.ticks = std::max(*window.ticks, ticks[i]);
  }
  return window;
}

}  // namespace capstan::checker
