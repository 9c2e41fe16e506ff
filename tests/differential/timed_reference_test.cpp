// SPDX-License-Identifier: MIT
// Clocks, delays and timeouts: the checker against the plain executor on generated timed specs.
//
// The plain executor counts ticks from the start and explores up to a near horizon. The checker
// with the same horizon must see the same states. Without one it keeps times in a finite form and
// sees all of time: whatever the plain executor found it must find with as few steps; whatever it
// finds is replayed with true times; and what it finds within the horizon the plain executor must
// have found. Properties look at clocks, too. Every history of the one is a history of the other. A
// wrong constant in the finite form is caught (the last case).
#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "checker/check.hpp"
#include "runtime/execute/replay.hpp"
#include "tests/reference/world_explorer.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/spec_text.hpp"
#include "tests/support/timed_generator.hpp"

namespace capstan {
namespace {

using model::Label;

constexpr std::uint64_t states_max = 3'000;
constexpr std::uint64_t history_pairs_max = 6'000;
constexpr int horizon = 4;

/// A goal that was reached.
struct Reached {
  std::uint32_t steps = 0;
  std::int64_t last_time = 0;  // the latest that true time or a clock was
  bool is_replayed = false;
  std::string failure;
};

struct Answer {
  std::vector<std::optional<Reached>> found;  // by expectation
  std::optional<Reached> error;
  checker::Exploration exploration;
  bool is_exact = true;
  bool is_order = false;
  int restarts = 0;
};

Reached reached(const model::Protocol& protocol, const checker::ProtocolSystem& system,
                const checker::Found& found) {
  Reached result;
  const model::Trace trace = runtime::with_due_deliveries(protocol, system.trace_of(found));
  result.steps = static_cast<std::uint32_t>(trace.labels.size()) - 1;
  std::int64_t true_time = 0;
  for (const Label& label : trace.labels) {
    if (label.kind == Label::Kind::Tick) ++true_time;
    result.last_time = std::max(result.last_time, true_time);
    if (label.reading && protocol.scenario.clocks->is_free)
      result.last_time = std::max(result.last_time, true_time + *label.reading);
    for (const auto& reading : label.start_readings)
      result.last_time = std::max(result.last_time, reading.value_or(0));
  }
  const model::Result<model::Run> run = runtime::replay(protocol, trace);
  result.is_replayed = run.has_value();
  if (!run) result.failure = run.failure().message;
  return result;
}

struct Mode {
  const char* name;
  int horizon = 0;
  bool dead_messages = false;
  bool keeps_everything = false;
};

Answer ask_once(const model::Protocol& protocol, const Mode& mode,
                const std::shared_ptr<checker::TimeAbstraction>& time) {
  checker::ProtocolSystem system(
      protocol, {.monitors = true, .keep_dead_locals = mode.keeps_everything, .time = time});
  std::vector<checker::Goal> goals{{checker::Goal::Kind::ModelError, -1, false}};
  std::vector<std::vector<std::size_t>> of_expectation;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i) {
    of_expectation.emplace_back();
    const auto add = [&](checker::Goal::Kind kind, int index) {
      of_expectation.back().push_back(goals.size());
      goals.push_back({kind, index, false});
    };
    if (expectations[i].kind == model::PropertyKind::Linearizable)
      for (const int track : system.monitors_of(-1)) add(checker::Goal::Kind::TrackViolated, track);
    else
      add(expectations[i].kind == model::PropertyKind::Always ? checker::Goal::Kind::PredicateFalse
                                                              : checker::Goal::Kind::PredicateTrue,
          system.predicate_of_expectation(static_cast<int>(i)));
  }
  checker::ExploreOptions options;
  options.dead_messages = mode.dead_messages;
  options.stop_when_found = false;
  options.states_max = 300'000;
  Answer answer;
  answer.exploration = checker::explore(system, goals, options);
  if (const auto& error = answer.exploration.found[0])
    answer.error = reached(protocol, system, *error);
  for (const auto& list : of_expectation) {
    answer.found.emplace_back();
    for (const std::size_t goal : list)
      if (const auto& found = answer.exploration.found[goal])
        answer.found.back() = reached(protocol, system, *found);
  }
  answer.is_exact = time->is_exact();
  answer.is_order = time->mode().kind == model::TimeMode::Kind::Order;
  answer.restarts = time->restarts();
  return answer;
}

Answer ask(const model::Protocol& protocol, const Mode& mode) {
  const auto time = std::make_shared<checker::TimeAbstraction>(protocol, mode.horizon);
  return checker::with_time([&] { return ask_once(protocol, mode, time); });
}

using Histories = std::set<std::vector<model::HistoryEvent>>;

std::optional<Histories> exact_histories(const model::Protocol& protocol, bool dead_messages) {
  const auto time = std::make_shared<checker::TimeAbstraction>(protocol, 0);
  return checker::with_time([&]() -> std::optional<Histories> {
    checker::ProtocolSystem system(protocol, {.monitors = false, .history = true, .time = time});
    std::set<checker::TrackId> ids;
    checker::ExploreOptions options;
    options.dead_messages = dead_messages;
    options.stop_when_found = false;
    options.states_max = 100'000;
    options.on_state = [&](const checker::StateView& state) {
      ids.insert(state.tracks[static_cast<std::size_t>(system.history_track())]);
    };
    const checker::Exploration done = checker::explore(system, {}, options);
    // A refuted run may have seen too much.
    if (done.end != checker::Exploration::End::Complete || done.dead_repeats > 0 ||
        !time->is_exact())
      return std::nullopt;
    Histories histories;
    for (const checker::TrackId id : ids) histories.insert(system.history(id));
    return histories;
  });
}

struct Tally {
  std::uint64_t compared = 0, exact = 0, too_large = 0, ordered = 0, restarts = 0, found = 0,
                beyond = 0, violated = 0, errors = 0, histories = 0, equal_histories = 0,
                states = 0;
  // Properties that read clocks or true time: in specs compared, reached, reached in the finite
  // form.
  std::uint64_t looks = 0, looks_reached = 0, looks_exact = 0;
};

/// What the plain executor found within the horizon, and what the exact checker found.
void compare_goal(const std::optional<std::uint32_t>& world, const std::optional<Reached>& exact,
                  bool counts_steps, Tally& tally) {
  if (exact) {
    INFO(exact->failure);
    CHECK(exact->is_replayed);
    ++tally.found;
  }
  if (world) REQUIRE(exact.has_value());
  if (world && counts_steps) CHECK(exact->steps <= *world);
  if (!exact) return;
  if (exact->last_time > horizon) {
    ++tally.beyond;
    return;
  }
  REQUIRE(world.has_value());
  if (counts_steps) CHECK(exact->steps == *world);
}

std::optional<std::uint32_t> first_error(const tests::WorldExploration& world) {
  std::optional<std::uint32_t> first;
  for (const auto& [message, steps] : world.errors)
    if (!first || steps < *first) first = steps;
  return first;
}

bool is_about_histories(const model::Expectation& expectation) {
  return expectation.kind == model::PropertyKind::Linearizable;
}

bool looks(const model::Expectation& expectation) {
  return expectation.reads_clocks || expectation.reads_true_time;
}

/// The spec without its `expect linearizable`, if it has one: a monitor has states of its own.
model::Protocol unwatched(std::string text) {
  static const std::string line = "expect linearizable\n";
  const std::size_t at = text.find(line);
  return tests::protocol_of(at == std::string::npos ? text : text.erase(at, line.size()));
}

/// Up to the horizon both see the same states, in the same number of steps.
void compare_to_horizon(const model::Protocol& protocol, const std::string& text,
                        const tests::WorldExploration& world) {
  const Answer answer = ask(unwatched(text), {"horizon", horizon});
  CHECK(answer.exploration.states == world.states);
  CHECK(answer.error.has_value() == first_error(world).has_value());
  if (answer.error) CHECK(answer.error->steps == *first_error(world));
  auto found = answer.found.begin();
  for (std::size_t i = 0; i < protocol.scenario.expectations.size(); ++i) {
    if (is_about_histories(protocol.scenario.expectations[i])) continue;
    REQUIRE(found->has_value() == world.found[i].has_value());
    if (*found) CHECK((*found)->is_replayed);
    if (*found) CHECK((*found)->steps == *world.found[i]);
    ++found;
  }
}

void compare_exactly(const model::Protocol& protocol, const tests::WorldExploration& world,
                     Tally& tally) {
  static constexpr Mode modes[] = {{"plain", 0, false, false},
                                   {"dead messages", 0, true, false},
                                   {"everything kept", 0, false, true}};
  for (const Mode& mode : modes) {
    INFO("mode: " << mode.name);
    const Answer answer = ask(protocol, mode);
    if (!answer.is_exact || answer.exploration.end != checker::Exploration::End::Complete) return;
    if (mode.name == modes[0].name) {
      ++tally.exact;
      if (answer.is_order) ++tally.ordered;
      tally.restarts += static_cast<std::uint64_t>(answer.restarts);
    }
    compare_goal(first_error(world), answer.error, !answer.is_order, tally);
    for (std::size_t i = 0; i < answer.found.size(); ++i) {
      INFO("expectation " << protocol.scenario.expectations[i].text);
      const model::Expectation& expectation = protocol.scenario.expectations[i];
      if (!is_about_histories(expectation))
        compare_goal(world.found[i], answer.found[i], !answer.is_order, tally);
      else if (answer.found[i])
        CHECK(answer.found[i]->is_replayed);
      if (looks(expectation) && mode.name == modes[0].name) ++tally.looks_exact;
    }
  }
}

void compare_histories(const model::Protocol& protocol, Tally& tally) {
  const auto plain = tests::histories_of(protocol, history_pairs_max, horizon);
  if (!plain) return;
  for (const bool dead_messages : {false, true}) {
    const auto exact = exact_histories(protocol, dead_messages);
    if (!exact) continue;
    ++tally.histories;
    CHECK(std::includes(exact->begin(), exact->end(), plain->begin(), plain->end()));
    if (*exact != *plain) continue;
    ++tally.equal_histories;
    const bool holds = tests::all_linearizable(protocol, *plain, -1);
    if (!holds) ++tally.violated;
    const Answer answer = ask(protocol, {"verdict", 0, dead_messages, false});
    CHECK(answer.found[0].has_value() == !holds);
  }
}

void compare(const std::string& text, Tally& tally) {
  const model::Protocol protocol = tests::protocol_of(text);
  const tests::WorldExploration world = tests::explore_worlds(protocol, states_max, horizon);
  if (world.gave_up) {
    ++tally.too_large;
    return;
  }
  ++tally.compared;
  tally.states += world.states;
  if (!world.errors.empty()) ++tally.errors;
  for (std::size_t i = 0; i < world.found.size(); ++i) {
    if (!looks(protocol.scenario.expectations[i])) continue;
    ++tally.looks;
    if (world.found[i]) ++tally.looks_reached;
  }
  compare_to_horizon(protocol, text, world);
  compare_exactly(protocol, world, tally);
  if (is_about_histories(protocol.scenario.expectations[0])) compare_histories(protocol, tally);
}

void compare(std::uint64_t seed, Tally& tally, tests::TimedExtras extras) {
  const std::string text = tests::generate_timed_protocol(seed, extras);
  INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
  compare(text, tally);
}

void compare_whole(const std::string& text) {
  INFO(text);
  Tally tally;
  compare(text, tally);
  CHECK(tally.compared == 1);
}

}  // namespace

TEST_CASE("generated timed specs that once showed a mistake") {
  Tally tally;
  compare(2907, tally, {});  // clocks that drift, and that nobody reads
  CHECK(tally.compared == 1);
}

namespace {

void compare_all(std::uint64_t count, tests::TimedExtras extras) {
  const tests::Seeds wanted = tests::seeds(count);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) compare(seed, tally, extras);
  std::cout << wanted.words() << ": " << tally.compared << " specs compared (" << tally.too_large
            << " too large), " << tally.states << " states; " << tally.exact << " exact, of them "
            << tally.ordered << " with free clocks; " << tally.restarts << " constants raised; "
            << tally.found << " goals reached, " << tally.beyond << " beyond the horizon; "
            << tally.errors << " with a model error; " << tally.histories << " history sets, "
            << tally.equal_histories << " equal, " << tally.violated << " not linearizable; "
            << tally.looks << " properties that read clocks, " << tally.looks_exact
            << " in a finite form, " << tally.looks_reached << " of all reached\n";
  CHECK(tally.compared * 3 > wanted.count);
}

}  // namespace

TEST_CASE("the checker agrees with the plain executor on generated timed specs") {
  compare_all(120, {.looks = true});
}

TEST_CASE("the checker agrees with the plain executor where processes begin with a reading") {
  compare_all(60, {.looks = true, .begins = true});
}

TEST_CASE("the checker agrees with the plain executor where ghosts hold times") {
  compare_all(60, {.looks = true, .ghosts = true});
}

TEST_CASE("what generated specs seldom show of first readings") {
  // Two free clocks may show the same.
  compare_whole(
      "protocol ties\nrole Node[2] { durable since: time = now }\nscenario s {\nclocks free\n"
      "expect reachable Node 1.since == Node 2.since\n"
      "expect reachable Node 1.since < Node 2.since\n"
      "expect reachable Node 1.since > Node 2.since\n}\n");
  // A number is counted from the start, also where a crash sets it.
  compare_whole(
      "protocol number\nrole Node { volatile until: time = 3\ndurable begun: time = 0\n"
      "durable hit: bool = false\naction look when now > until { hit = true } }\n"
      "scenario s {\nclocks perfect\nfaults { crash Node up to 1 }\n"
      "expect never Node.until > Node.begun + 3\nexpect reachable Node.hit\n}\n");
}

TEST_CASE("what generated specs seldom show of times in ghosts") {
  // Only the update of a ghost compares times a tick apart.
  compare_whole(
      "protocol constant\nghost latest: time = least\nghost late: bool = false\n"
      "role Node { durable n: 0..2 = 0\naction mark when n == 0 { n = 1; latest = now }\n"
      "action look when n == 1 { n = 2; late = now > latest + 1 } }\n"
      "scenario s {\nclocks perfect\nexpect never late\n}\n");
  // A ghost's place in the order is counted off with the others.
  compare_whole(
      "protocol places\nghost latest: time = least\nghost later: bool = false\n"
      "role Node { durable n: 0..2 = 0\ndurable at: time = least\n"
      "action mark when n == 0 { n = 1; latest = now }\n"
      "action look when n == 1 { n = 2; at = now; later = now > latest } }\n"
      "scenario s {\nclocks free\nexpect never later and latest == Node.at\n"
      "expect reachable later\n}\n");
  // Where clocks are looked at, gaps are widened between ghosts too.
  compare_whole(
      "protocol gaps\nghost latest: time = least\n"
      "role Node { durable n: 0..1 = 0\nfn shows() = now\n"
      "action mark when n == 0 { n = 1; latest = now } }\n"
      "scenario s {\nclocks free\nexpect reachable Node.n == 1 and Node.shows() == latest\n"
      "expect never Node.n == 1 and Node.shows() < latest\n}\n");
}

}  // namespace capstan
