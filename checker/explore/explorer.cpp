// SPDX-License-Identifier: MIT
#include "checker/explore/explorer.hpp"

#include <algorithm>
#include <optional>

#include "checker/explore/questions.hpp"
#include "checker/explore/search.hpp"
#include "checker/reduce/dead.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

namespace {

/// Dropping messages would change the value of a predicate that looks at messages in flight.
bool may_drop_messages(const ComponentSystem& system, const ExploreOptions& options) {
  // In a queue a message that changes nothing still stands before others.
  if (!options.dead_messages || system.network_is_fifo()) return false;
  for (int predicate = 0; predicate < system.predicate_count(); ++predicate) {
    if (system.footprint(predicate).messages) return false;
  }
  return true;
}

}  // namespace

Exploration explore(ComponentSystem& system, const std::vector<Goal>& goals,
                    const ExploreOptions& options) {
  for (const Goal& goal : goals) {
    const bool is_known = goal.kind == Goal::Kind::ModelError ||
                          (goal.index >= 0 && goal.index < (goal.kind == Goal::Kind::TrackViolated
                                                                ? system.track_count()
                                                                : system.predicate_count()));
    CAPSTAN_REQUIRE(is_known, "a goal names a track or a predicate of the system");
  }
  const Search::Clock::time_point start = Search::Clock::now();
  const model::Limits limits({options.seconds_max, 0});
  Questions questions(system);
  std::optional<DeadMessages> dead;
  if (may_drop_messages(system, options)) dead.emplace(questions, options.keeps);
  // Every repeat denies at least one more of finitely many assumptions.
  for (std::uint32_t repeats = 0;; ++repeats) {
    Search search(questions, dead ? &*dead : nullptr, goals, options, start);
    if (search.run()) {
      Exploration result = search.take_result();
      result.dead_repeats = repeats;
      return result;
    }
    dead->restart();
  }
}

}  // namespace capstan::checker
