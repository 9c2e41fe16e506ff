// SPDX-License-Identifier: MIT
// The engine on client-coordinated ABD: counts that two independent prototypes agreed on, and bugs
// seeded on purpose.
#include <catch2/catch.hpp>

#include "checker/explore/explorer.hpp"
#include "tests/reference/plain_explorer.hpp"
#include "tests/support/abd_components.hpp"

namespace capstan::tests {
namespace {

using checker::Exploration;
using checker::ExploreOptions;
using checker::Goal;

Exploration run(AbdComponents& system, bool dead, bool exact = false) {
  ExploreOptions options;
  options.dead_messages = dead;
  options.exact = exact;
  std::vector<Goal> goals;
  if (system.track_count() > 0) goals.push_back({Goal::Kind::TrackViolated, 0});
  return explore(system, goals, options);
}

TEST_CASE("W/R: the counts of the prototypes") {
  for (const bool exact : {false, true}) {
    AbdComponents plain({{"W", "R"}, false, 3, 0});
    Exploration result = run(plain, false, exact);
    CHECK(result.end == Exploration::End::Complete);
    CHECK(result.states == 136'248);
    CHECK(result.transitions == 768'924);
    AbdComponents judged({{"W", "R"}, true, 3, 0});
    result = run(judged, false, exact);
    CHECK(result.states == 151'100);
    CHECK(judged.monitor_count() == 8);
    CHECK_FALSE(result.found[0]);
    CHECK_FALSE(result.deadlock);
    CHECK(result.system_questions < 300);
    CHECK((result.collision_probability == 0) == exact);
  }
}

TEST_CASE("WR/R without dead messages: the counts of the prototypes") {
  AbdComponents system({{"WR", "R"}, true, 3, 0});
  const Exploration result = run(system, true);
  CHECK(result.end == Exploration::End::Complete);
  CHECK(result.states == 846'477);
  CHECK(result.transitions == 5'572'371);
  CHECK_FALSE(result.found[0]);
  CHECK(result.dead_repeats == 0);
}

TEST_CASE("WR/R without dead messages, where clients close their phases: the prototype's dead-2") {
  AbdComponents system({{"WR", "R"}, true, 3, 0, true});
  const Exploration result = run(system, true);
  CHECK(result.end == Exploration::End::Complete);
  CHECK(result.states == 27'615);
  // 129,594 in the prototype: closing a phase deletes the other answers, so that two last answers
  // with the same effect are one transition here.
  CHECK(result.transitions == 129'006);
  CHECK_FALSE(result.found[0]);
}

TEST_CASE("WR/R in full: 15.4 million states", "[large]") {
  AbdComponents system({{"WR", "R"}, true, 3, 0});
  const Exploration result = run(system, false);
  CHECK(result.end == Exploration::End::Complete);
  CHECK(result.states == 15'400'104);
  CHECK(result.transitions == 113'296'452);
  CHECK(result.depth == 39);
  CHECK(system.monitor_count() == 14);
  CHECK_FALSE(result.found[0]);
  CHECK(result.memory_bytes < result.states * 24);
}

struct Seeded {
  const char* name;
  std::vector<std::string> scripts;
  int bug;
  std::size_t steps;
};

TEST_CASE(
    "seeded bugs are found at their least depth, dropped messages or not, and their traces are "
    "real") {
  const Seeded seeded = GENERATE(
      Seeded{"no write-back", {"W", "RR"}, 1, 16}, Seeded{"no write-back", {"W", "R", "R"}, 1, 16},
      Seeded{"a quorum of one", {"W", "R"}, 2, 10}, Seeded{"a quorum of one", {"WR", "WR"}, 2, 10});
  INFO(seeded.name);
  for (const bool dead : {false, true}) {
    AbdComponents system({seeded.scripts, true, 3, seeded.bug});
    const Exploration result = run(system, dead);
    CHECK(result.end == Exploration::End::GoalsFound);
    REQUIRE(result.found[0]);
    CHECK(result.found[0]->labels.size() == seeded.steps + 1);
    std::vector<PlainStep> last;
    follow(system, result.found[0]->labels, last);
    bool is_violated = false;
    for (const PlainStep& step : last) is_violated = is_violated || !step.violated.empty();
    CHECK(is_violated);
  }
}

TEST_CASE(
    "a server that overwrites without comparing refutes dead messages, and the verdict stays "
    "right") {
  // Tags do not grow any more, so a store that is outdated now may matter later.
  AbdComponents correct({{"W", "R"}, true, 3, 3});
  const Exploration full = run(correct, false);
  AbdComponents again({{"W", "R"}, true, 3, 3});
  const Exploration reduced = run(again, true);
  CHECK(full.found[0].has_value() == reduced.found[0].has_value());
  CHECK(reduced.states < full.states);
}

}  // namespace
}  // namespace capstan::tests
