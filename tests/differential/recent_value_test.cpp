// SPDX-License-Identifier: MIT
// Bounded staleness in ticks: the monitor, the definition by trying all orders, and Z3 agree on all
// small histories with ticks between their events and on random ones; the checker agrees with the
// plain executor on generated timed specs.
#include "checker/monitor/recent_value.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>

#include "checker/check.hpp"
#include "checker/symbolic/staleness.hpp"
#include "model/system/object.hpp"
#include "runtime/command/confirm_staleness.hpp"
#include "runtime/execute/replay.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/reference/world_explorer.hpp"
#include "tests/support/seeds.hpp"
#include "tests/support/spec_text.hpp"
#include "tests/support/timed_generator.hpp"

namespace capstan {
namespace {

using model::HistoryEvent;
using model::HistoryOperation;
using model::Protocol;
using tests::TimedHistory;

/// An operation with the ticks in which it began and ended.
struct TimedOperation {
  HistoryOperation operation;
  std::int64_t began = 0;
  std::int64_t ended = 0;
};

std::vector<TimedOperation> operations_of(const TimedHistory& history) {
  std::vector<HistoryEvent> events;
  for (const auto& [time, event] : history) events.push_back(event);
  std::vector<TimedOperation> operations;
  for (const HistoryOperation& operation : model::operations_of(events)) {
    TimedOperation timed{operation, history[static_cast<std::size_t>(operation.invoked)].first, 0};
    if (!operation.is_pending())
      timed.ended = history[static_cast<std::size_t>(operation.responded)].first;
    operations.push_back(timed);
  }
  return operations;
}

/// The definition: an order of the answered operations and of some pending writes contains the real
/// time of writes, a read comes after what was answered before the tick `ticks` before it began,
/// and each read returns the last value written.
class Definition {
 public:
  Definition(const Protocol& protocol, int object, int ticks)
      : object_(object),
        declared_(protocol.objects[static_cast<std::size_t>(object)]),
        ticks_(ticks) {}

  bool holds(const TimedHistory& history) const {
    const std::vector<TimedOperation> operations = operations_of(history);
    std::vector<const TimedOperation*> answered, pending;
    for (const TimedOperation& each : operations) {
      if (each.operation.object != object_) continue;
      if (!each.operation.is_pending()) answered.push_back(&each);
      if (each.operation.is_pending() && !is_read(each)) pending.push_back(&each);
    }
    for (std::size_t mask = 0; mask < (std::size_t{1} << pending.size()); ++mask) {
      std::vector<const TimedOperation*> order = answered;
      for (std::size_t i = 0; i < pending.size(); ++i)
        if (((mask >> i) & 1U) != 0) order.push_back(pending[i]);
      std::ranges::sort(order);
      do {
        if (explains(order)) return true;
      } while (std::next_permutation(order.begin(), order.end()));
    }
    return false;
  }

 private:
  bool is_read(const TimedOperation& timed) const {
    return model::is_read_only(declared_, timed.operation.op);
  }
  bool must_precede(const TimedOperation& a, const TimedOperation& b) const {
    if (a.operation.is_pending()) return false;
    return is_read(b) ? a.ended < b.began - ticks_ : a.operation.responded < b.operation.invoked;
  }
  bool explains(const std::vector<const TimedOperation*>& order) const {
    model::Value value = declared_.initial;
    for (std::size_t i = 0; i < order.size(); ++i) {
      for (std::size_t j = i + 1; j < order.size(); ++j)
        if (must_precede(*order[j], *order[i])) return false;
      if (!is_read(*order[i]))
        value = order[i]->operation.args.at(0);
      else if (order[i]->operation.result != value)
        return false;
    }
    return true;
  }

  int object_;
  const model::Object& declared_;
  int ticks_;
};

bool monitor_accepts(checker::Monitor& monitor, const TimedHistory& history) {
  std::uint32_t state = monitor.initial();
  std::int64_t time = 0;
  for (const auto& [when, event] : history) {
    for (; time < when; ++time) state = monitor.tick(state);
    state = monitor.step(state, std::vector<HistoryEvent>{event});
  }
  return state != checker::Monitor::kViolated;
}

bool solver_accepts(const Protocol& protocol, const TimedHistory& history, int ticks) {
  std::vector<HistoryEvent> events;
  std::vector<std::int64_t> times;
  for (const auto& [time, event] : history) {
    times.push_back(time);
    events.push_back(event);
  }
  const model::History early =
      checker::with_early_reads(protocol, model::operations_of(events), times, ticks);
  const auto verdict = checker::judge_staleness(protocol, early, 0, 1).verdict;
  REQUIRE(verdict != checker::Judgement::Verdict::Undecided);
  return verdict == checker::Judgement::Verdict::Linearizable;
}

std::string describe(const Protocol& protocol, const TimedHistory& history) {
  std::vector<HistoryEvent> events;
  std::string times;
  for (const auto& [time, event] : history) {
    events.push_back(event);
    times += " " + std::to_string(time);
  }
  return tests::describe(protocol, events) + "\nat ticks" + times;
}

struct Counts {
  std::uint64_t judged = 0, stale = 0, solved = 0;
};

/// All bounds from 0 to `bounds` - 1.
class Judges {
 public:
  Judges(const Protocol& protocol, int bounds) : protocol_(protocol) {
    for (int ticks = 0; ticks < bounds; ++ticks)
      monitors_.push_back(
          std::make_unique<checker::RecentValueMonitor>(protocol, 0, model::Value::none(), ticks));
  }

  void compare(const TimedHistory& history, bool asks_solver) {
    bool was_fresh = false;
    for (std::size_t i = 0; i < monitors_.size(); ++i) {
      const int ticks = static_cast<int>(i);
      const bool truth = Definition(protocol_, 0, ticks).holds(history);
      ++counts.judged;
      counts.stale += !truth;
      if (monitor_accepts(*monitors_[i], history) != truth || (was_fresh && !truth))
        FAIL(describe(protocol_, history) << "\nbound " << ticks << ", definition " << truth);
      was_fresh = truth;
      if (!asks_solver) continue;
      ++counts.solved;
      if (solver_accepts(protocol_, history, ticks) != truth)
        FAIL(describe(protocol_, history) << "\nZ3, bound " << ticks << ", definition " << truth);
    }
  }

  Counts counts;

 private:
  const Protocol& protocol_;
  std::vector<std::unique_ptr<checker::Monitor>> monitors_;
};

TEST_CASE("all register histories of up to three operations with ticks between the events") {
  const Protocol protocol = tests::make_object_protocol(model::ObjectKind::Register);
  Judges judges(protocol, 3);
  std::uint64_t number = 0;
  for (int operations = 1; operations <= 3; ++operations) {
    const auto with_ticks = [&](const std::vector<HistoryEvent>& events) {
      // 0, 1, ... ticks between two events.
      const std::uint64_t gaps = operations < 3 ? 5 : (events.size() < 6 ? 3 : 2);
      std::uint64_t ways = 1;
      for (std::size_t i = 1; i < events.size(); ++i) ways *= gaps;
      for (std::uint64_t way = 0; way < ways; ++way) {
        TimedHistory history;
        std::int64_t time = 0;
        std::uint64_t rest = way;
        for (const HistoryEvent& event : events) {
          history.emplace_back(time, event);
          time += static_cast<std::int64_t>(rest % gaps);
          rest /= gaps;
        }
        judges.compare(history, ++number % 397 == 0);
      }
    };
    for (const bool pending : {false, true})
      tests::for_each_register_history(operations, pending, with_ticks);
  }
  std::cout << "up to three operations with ticks: " << judges.counts.judged << " judged, "
            << judges.counts.stale << " too stale; by Z3 " << judges.counts.solved << "\n";
  CHECK(judges.counts.stale > 0);
}

TEST_CASE("random register histories with ticks, failed and unknown operations") {
  const Protocol protocol = tests::make_object_protocol(model::ObjectKind::Register);
  Judges judges(protocol, 4);
  const tests::Seeds wanted = tests::seeds(1'500);
  for (const std::uint64_t seed : wanted.all()) {
    std::mt19937_64 random(seed);
    const std::vector<HistoryEvent> events = tests::random_events(
        protocol, random, {.operations_least = 3, .operations_most = 6, .fail = 0.12});
    TimedHistory history;
    std::int64_t time = 0;
    for (const HistoryEvent& event : events) {
      if (random() % 2 == 0) time += static_cast<std::int64_t>(random() % 4);
      history.emplace_back(time, event);
    }
    INFO("CAPSTAN_SEEDS=" << seed << ":1");
    judges.compare(history, seed % 8 == 0);
  }
  std::cout << wanted.words() << ": " << judges.counts.judged << " judged, " << judges.counts.stale
            << " too stale; by Z3 " << judges.counts.solved << "\n";
  CHECK(judges.counts.stale * 20 > judges.counts.judged);
}

// --- generated specs

constexpr int horizon = 3;

struct Tally {
  std::uint64_t compared = 0, stale = 0, beyond = 0, exact = 0, explained = 0;
};

struct Answer {
  std::optional<model::Run> violation;
  bool is_complete = false;
};

/// `horizon_of_time` 0: all of time, exact or not at all.
Answer ask(const Protocol& protocol, int horizon_of_time, bool dead_messages) {
  const auto time = std::make_shared<checker::TimeAbstraction>(protocol, horizon_of_time);
  return checker::with_time([&] {
    checker::ProtocolSystem system(protocol, {.monitors = true, .time = time});
    std::vector<checker::Goal> goals;
    for (const int track :
         system.monitors_of(-1, checker::promise_of(protocol.scenario.expectations.front())))
      goals.push_back({checker::Goal::Kind::TrackViolated, track, false});
    REQUIRE(goals.size() == 1);
    checker::ExploreOptions options;
    options.dead_messages = dead_messages;
    options.states_max = 300'000;
    const checker::Exploration done = checker::explore(system, goals, options);
    Answer answer;
    answer.is_complete = done.end == checker::Exploration::End::Complete &&
                         (horizon_of_time > 0 || time->is_exact());
    if (!done.found[0]) return answer;
    model::Result<model::Run> run = runtime::replay(
        protocol, runtime::with_due_deliveries(protocol, system.trace_of(*done.found[0])));
    REQUIRE(run.has_value());
    answer.violation = std::move(run.value());
    return answer;
  });
}

TimedHistory history_of(const model::Run& run) {
  TimedHistory history;
  for (const model::StepRecord& step : run.steps)
    for (const HistoryEvent& event : step.events) history.emplace_back(step.true_time, event);
  return history;
}

/// A violation is one by the definition, and by Z3, and has a reason.
void require_violation(const Protocol& protocol, const Definition& definition,
                       const model::Run& run, Tally& tally) {
  REQUIRE_FALSE(definition.holds(history_of(run)));
  checker::Evidence evidence;
  evidence.run = run;
  const auto failure =
      runtime::confirm_staleness(protocol, protocol.scenario.expectations.front(), evidence);
  INFO((failure ? failure->message : std::string()));
  REQUIRE_FALSE(failure.has_value());
  CHECK_FALSE(evidence.why.empty());
  if (!evidence.why.starts_with("Z3 confirms")) ++tally.explained;
}

/// One server takes writes and tells another, who may tell what it knows, some time later.
std::string follower(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  const auto draw = [&](const std::vector<std::string>& list) {
    return list[static_cast<std::size_t>(random() % list.size())];
  };
  std::string text = "capstan 1\nprotocol follower\ntype Value = 1..2\n";
  text += "object x: register of Value?\nmessage Put(v: Value) -> Done()\n";
  text += "message Get() -> Got(v: Value?)\nmessage Tell(v: Value?)\n";
  text += "role Server[2] {\ndurable held: Value? = none\ndurable at: time = least\n";
  text += "on Put(v) { held = v; " + draw({"", "at = now; "}) + "send Tell(v) to Server but self";
  text += draw({"", " after 1", " after 0..1", " after 1..2"}) + "; reply Done() }\n";
  text += "on Tell(v) { held = v" + draw({"", "; at = now"}) + " }\non Get()";
  text += draw({"", "", " when now < at + 2 or self == Server 1", " when at == least or now > at"});
  text += " { reply Got(held) }\n}\nrole Client[2] {\nop x.write(v) { ask Server 1: Put(v) }\n";
  text += "op x.read() { return (ask " + draw({"Server 2", "Server 2", "any Server"});
  text += ": Get()).v }\n}\nscenario timed {\nClient 1 does write(1)";
  text += draw({"", "", ", write(2)"}) + "\nClient 2 does read()" + draw({"", "", ", read()"});
  text += "\nclocks " + draw({"perfect", "within 1", "drift 1 per 2", "free"}) + "\n";
  text += draw({"", "network delay 0\n", "network delay 0..1\n"});
  return text + draw({"", "", "faults { lose Tell up to 1 }\n"}) + "expect linearizable\n}\n";
}

void compare(std::uint64_t seed, std::string text, Tally& tally) {
  const int ticks = static_cast<int>(seed % 3);
  const std::size_t at = text.find("expect linearizable");
  REQUIRE(at != std::string::npos);
  text.replace(at, std::string("expect linearizable").size(),
               "expect bounded staleness " + std::to_string(ticks) + " ticks");
  INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
  const Protocol protocol = tests::protocol_of(text);
  const auto plain = tests::timed_histories_of(protocol, 8'000, horizon);
  if (!plain) return;
  ++tally.compared;
  const Definition definition(protocol, 0, ticks);
  const bool is_stale = std::ranges::any_of(
      *plain, [&](const TimedHistory& history) { return !definition.holds(history); });
  if (is_stale) ++tally.stale;
  for (const bool dead_messages : {false, true}) {
    const Answer near = ask(protocol, horizon, dead_messages);
    if (near.is_complete || near.violation) CHECK(near.violation.has_value() == is_stale);
    if (near.violation) require_violation(protocol, definition, *near.violation, tally);
    const Answer all = ask(protocol, 0, dead_messages);
    if (all.violation) {
      require_violation(protocol, definition, *all.violation, tally);
      if (all.violation->steps.back().true_time > horizon)
        ++tally.beyond;
      else
        CHECK((is_stale || protocol.scenario.clocks->is_free));
    } else if (all.is_complete) {
      ++tally.exact;
      CHECK_FALSE(is_stale);
    }
  }
}

void compare_all(const tests::Seeds& wanted, std::string (*text_of)(std::uint64_t), Tally& tally) {
  for (const std::uint64_t seed : wanted.all()) compare(seed, text_of(seed), tally);
  std::cout << wanted.words() << ": " << tally.compared << " specs compared, " << tally.stale
            << " too stale within the horizon, " << tally.beyond << " violations beyond it, "
            << tally.exact << " hold for all of time, " << tally.explained << " have a reason\n";
  CHECK(tally.compared * 5 > wanted.count);
}

TEST_CASE("staleness in ticks of generated specs with clocks: the checker and the plain executor") {
  Tally tally;
  const auto text_of = [](std::uint64_t seed) { return tests::generate_timed_protocol(seed); };
  compare_all(tests::seeds(40), text_of, tally);
}

TEST_CASE("staleness in ticks of generated followers: the checker and the plain executor") {
  Tally tally;
  const tests::Seeds wanted = tests::seeds(60);
  compare_all(wanted, follower, tally);
  if (wanted.count < 60) return;
  CHECK(tally.stale > 5);
  CHECK(tally.exact > 10);
}

TEST_CASE("the reason for staleness names the read, its tick, and what was written when") {
  const std::string text = R"(capstan 1
protocol forgetful
object x: register of 1..2?
message Put(v: 1..2) -> Done()
message Get()        -> Got(v: 1..2?)
role Server {
  durable held: 1..2? = none
  on Put(v) { reply Done() }
  on Get()  { reply Got(held) }
}
role Client[2] {
  op x.write(v) { ask Server: Put(v) }
  op x.read()   { return (ask Server: Get()).v }
}
scenario s {
  Client 1 does write(1)
  Client 2 does read()
  clocks perfect
  expect bounded staleness 1 ticks
}
)";
  const Protocol protocol = tests::protocol_of(text);
  const Answer answer = ask(protocol, 0, true);
  REQUIRE(answer.violation.has_value());
  checker::Evidence evidence;
  evidence.run = *answer.violation;
  REQUIRE_FALSE(
      runtime::confirm_staleness(protocol, protocol.scenario.expectations.front(), evidence));
  CHECK(evidence.title == "A read returns a value that was out of date for more than 1 tick");
  CHECK(evidence.why ==
        "x.read returned none to Client 2. The read began at tick 2; none had been overwritten by "
        "tick 0, when write(1) of Client 1 was answered: 2 ticks before. The bound is 1 tick.");
}

}  // namespace
}  // namespace capstan
