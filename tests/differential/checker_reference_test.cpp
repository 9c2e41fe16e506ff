// SPDX-License-Identifier: MIT
// The checker against the slow reference explorer, on thousands of generated protocols: states,
// transitions, depths, verdicts, the fewest steps to each finding, and the whole set of histories,
// with reductions off, on, and each alone. (PBT 1 and 11 of the semantics.)
//
// The two share the typed protocol and the expression evaluator, and nothing else.
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <iterator>
#include <set>
#include <string>

#include "checker/check.hpp"
#include "checker/explore/protocol_system.hpp"
#include "reference/world_explorer.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/simulate/violation.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

constexpr std::uint64_t kStatesMax = 1'500;
constexpr std::uint64_t kSpecStatesMax = 2'500;
constexpr std::uint64_t kHistoryPairsMax = 6'000;
constexpr std::uint64_t kStaleStatesMax = 300'000;

struct Mode {
  const char* name;
  checker::SystemOptions system;
  bool dead_messages = false;
  bool exact = false;
  bool same_states = false;  // as many states as the reference
};

const Mode kModes[] = {
    {"fingerprints", {.monitors = true}, false, false, false},
    {"exact set", {.monitors = true}, false, true, false},
    {"nothing reduced",
     {.monitors = true, .keep_dead_locals = true, .keep_stale_replies = true},
     false,
     false,
     false},
    {"dead messages", {.monitors = true}, true, false, false},
    {"no monitor", {.monitors = false}, false, false, true},
    {"unseen faults skipped", {.monitors = true, .skip_unseen_faults = true}, false, false, false},
    {"all reductions", {.monitors = true, .skip_unseen_faults = true}, true, false, false},
};

/// What one mode of the checker says, in the reference's terms.
struct Answer {
  bool gave_up = false;                             // only where stale replies pile up without end
  std::vector<std::optional<std::uint32_t>> found;  // by expectation: fewest steps
  std::optional<std::uint32_t> error;               // fewest steps to a model error
  checker::Exploration exploration;
};

std::uint32_t steps_of(const checker::Found& found) {
  return static_cast<std::uint32_t>(found.labels.size()) - 1;
}

/// The trace runs in the plain executor, whatever the mode that found it.
void check_replay(const model::Protocol& protocol, const checker::ProtocolSystem& system,
                  const checker::Found& found) {
  model::Trace trace;
  for (const checker::LabelId id : found.labels) trace.labels.push_back(system.label(id));
  const model::Result<model::Run> run = runtime::replay(protocol, trace);
  INFO((run ? std::string() : run.failure().message));
  CHECK(run.has_value());
}

Answer ask(const model::Protocol& protocol, const Mode& mode) {
  checker::ProtocolSystem system(protocol, mode.system);
  std::vector<checker::Goal> goals;
  std::vector<std::vector<std::size_t>> of_expectation;
  goals.push_back({checker::Goal::Kind::ModelError, -1, false});
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    of_expectation.emplace_back();
    const auto add = [&](checker::Goal::Kind kind, int index) {
      of_expectation.back().push_back(goals.size());
      goals.push_back({kind, index, false});
    };
    if (!runtime::is_decided_by_runs(expectations[i])) continue;
    const int predicate = system.predicate_of_expectation(static_cast<int>(i));
    if (model::is_about_histories(expectations[i].kind))
      for (const int track : system.monitors_of(expectations[i].object))
        add(checker::Goal::Kind::TrackViolated, track);
    else
      add(expectations[i].kind == model::PropertyKind::Always ? checker::Goal::Kind::PredicateFalse
                                                              : checker::Goal::Kind::PredicateTrue,
          predicate);
  }
  checker::ExploreOptions options;
  options.dead_messages = mode.dead_messages;
  options.exact = mode.exact;
  options.stop_when_found = false;
  if (mode.system.keep_stale_replies) options.states_max = kStaleStatesMax;
  Answer answer;
  answer.exploration = checker::explore(system, goals, options);
  answer.gave_up = answer.exploration.end == checker::Exploration::End::StatesLimit;
  if (const auto& error = answer.exploration.found[0]) {
    answer.error = steps_of(*error);
    if (!mode.system.keep_stale_replies) check_replay(protocol, system, *error);
  }
  for (const auto& list : of_expectation) {
    answer.found.emplace_back();
    for (const std::size_t goal : list) {
      const auto& found = answer.exploration.found[goal];
      if (!found) continue;
      if (!answer.found.back() || steps_of(*found) < *answer.found.back())
        answer.found.back() = steps_of(*found);
      if (!mode.system.keep_stale_replies) check_replay(protocol, system, *found);
    }
  }
  return answer;
}

std::optional<std::uint32_t> first_error(const tests::WorldExploration& world) {
  std::optional<std::uint32_t> first;
  for (const auto& [message, steps] : world.errors)
    if (!first || steps < *first) first = steps;
  return first;
}

std::set<std::vector<model::HistoryEvent>> checker_histories(const model::Protocol& protocol,
                                                             bool dead, bool skip = false) {
  checker::ProtocolSystem system(protocol,
                                 {.monitors = false, .history = true, .skip_unseen_faults = skip});
  std::set<checker::TrackId> ids;
  checker::ExploreOptions options;
  options.dead_messages = dead;
  options.stop_when_found = false;
  options.on_state = [&](const checker::StateView& state) {
    ids.insert(state.tracks[static_cast<std::size_t>(system.history_track())]);
  };
  checker::explore(system, {}, options);
  std::set<std::vector<model::HistoryEvent>> histories;
  for (const checker::TrackId id : ids) histories.insert(system.history(id));
  return histories;
}

/// Compares one mode; steps may differ only where stale replies are steps too.
void compare(const model::Protocol& protocol, const tests::WorldExploration& world,
             const Mode& mode, const std::vector<std::optional<bool>>& linearizable) {
  INFO("mode: " << mode.name);
  const Answer answer = ask(protocol, mode);
  if (answer.gave_up) {
    CHECK(mode.system.keep_stale_replies);
    return;
  }
  CHECK(answer.error == first_error(world));
  if (mode.same_states) {
    CHECK(answer.exploration.states == world.states);
    // The checker tells outcomes of one process apart by their effects, so it counts between the
    // two.
    CHECK(answer.exploration.transitions >= world.edges);
    CHECK(answer.exploration.transitions <= world.labels);
  }
  if (!mode.dead_messages && !mode.system.keep_stale_replies && mode.same_states) {
    CHECK(answer.exploration.depth == world.depth);
    CHECK(answer.exploration.deadlock.has_value() == world.deadlock.has_value());
    if (answer.exploration.deadlock && world.deadlock)
      CHECK(steps_of(*answer.exploration.deadlock) == *world.deadlock);
  }
  for (std::size_t i = 0; i < answer.found.size(); ++i) {
    INFO("expectation " << protocol.scenario.expectations[i].text);
    // Those on infinite runs and on quiescence have tests of their own.
    if (!runtime::is_decided_by_runs(protocol.scenario.expectations[i])) continue;
    if (protocol.scenario.expectations[i].kind == model::PropertyKind::Linearizable) {
      if (linearizable[i] && mode.system.monitors)
        CHECK(!answer.found[i].has_value() == *linearizable[i]);
    } else {
      CHECK(answer.found[i] == world.found[i]);
    }
  }
}

struct Tally {
  std::uint64_t compared = 0, given_up = 0, histories = 0, violated = 0, errors = 0, deadlocks = 0,
                states = 0;
};

void compare_protocol(const model::Protocol& protocol, std::uint64_t states_max, Tally& tally) {
  const tests::WorldExploration world = tests::explore_worlds(protocol, states_max);
  if (world.gave_up) {
    ++tally.given_up;
    return;
  }
  const auto histories = tests::histories_of(protocol, kHistoryPairsMax);
  std::vector<std::optional<bool>> linearizable;
  for (const model::Expectation& expectation : protocol.scenario.expectations) {
    linearizable.emplace_back();
    if (expectation.kind == model::PropertyKind::Linearizable && histories)
      linearizable.back() = tests::all_linearizable(protocol, *histories, expectation.object);
    if (linearizable.back() == false) ++tally.violated;
  }
  for (const Mode& mode : kModes) compare(protocol, world, mode, linearizable);
  if (histories) {
    ++tally.histories;
    CHECK(checker_histories(protocol, false) == *histories);
    CHECK(checker_histories(protocol, true) == *histories);
    CHECK(checker_histories(protocol, true, true) == *histories);
  }
  ++tally.compared;
  tally.states += world.states;
  if (!world.errors.empty()) ++tally.errors;
  if (world.deadlock) ++tally.deadlocks;
}

std::ostream& operator<<(std::ostream& out, const Tally& tally) {
  return out << tally.compared << " protocols compared (" << tally.given_up << " too large), "
             << tally.states << " states; history sets of " << tally.histories << ", "
             << tally.violated << " not linearizable, " << tally.errors << " with a model error, "
             << tally.deadlocks << " with a deadlock";
}

/// Every scenario of every spec below the folder.
void compare_folder(const std::string& folder, Tally& tally) {
  for (const auto& entry : std::filesystem::recursive_directory_iterator(
           std::string(CAPSTAN_SOURCE_DIR) + "/" + folder)) {
    if (entry.path().extension() != ".cap") continue;
    std::ifstream file(entry.path());
    const std::string text{std::istreambuf_iterator<char>(file), {}};
    for (const model::Protocol& protocol : tests::protocols_of(text)) {
      if (protocol.scenario.has_ticks()) continue;  // timed_reference_test, up to a horizon
      INFO(entry.path().string() << " " << protocol.scenario.name);
      compare_protocol(protocol, kSpecStatesMax, tally);
    }
  }
}

}  // namespace

TEST_CASE("the checker agrees with the reference explorer on generated protocols") {
  const tests::Seeds wanted = tests::seeds(300);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) {
    const std::string text = tests::generate_protocol(seed);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare_protocol(tests::protocol_of(text), kStatesMax, tally);
  }
  std::cout << wanted.words() << ": " << tally << "\n";
  CHECK(tally.compared * 3 > wanted.count);
}

TEST_CASE("the checker agrees with the reference explorer on small scenarios of the library") {
  Tally tally;
  compare_folder("specs", tally);
  std::cout << "specs: " << tally << "\n";
  CHECK(tally.compared >= 12);
}

TEST_CASE("the checker agrees with the reference explorer on what the generator does not write") {
  Tally tally;
  compare_folder("tests/differential/cases", tally);
  std::cout << "cases: " << tally << "\n";
  CHECK(tally.given_up == 0);
}
