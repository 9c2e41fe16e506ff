// SPDX-License-Identifier: MIT
// linearizability: the monitor, trying all orders, and Z3 agree; a monitor with a fault does not.
#include "checker/monitor/linearizability.hpp"

#include <catch2/catch.hpp>
#include <iostream>
#include <map>

#include "checker/symbolic/judge.hpp"
#include "model/base/hash.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/reference/brute_force_linearizability.hpp"
#include "tests/support/seeds.hpp"

using namespace capstan;
using checker::Judgement;
using checker::LinearizabilityMonitor;
using model::HistoryEvent;
using model::ObjectKind;
using model::Protocol;

namespace {

constexpr std::uint64_t kSeed = 20261122;

bool monitor_accepts(LinearizabilityMonitor& monitor, const std::vector<HistoryEvent>& events) {
  std::uint32_t state = monitor.initial();
  for (const HistoryEvent& event : events)
    state = monitor.step(state, std::vector<HistoryEvent>{event});
  return state != LinearizabilityMonitor::kViolated;
}

std::uint64_t seed_of(ObjectKind kind) {
  return model::combine(kSeed, static_cast<std::uint64_t>(kind));
}

struct Counts {
  int histories = 0, violations = 0, judged = 0;
};

void print(const std::string& what, const Counts& counts) {
  std::cout << what << ": " << counts.histories << " histories, " << counts.violations
            << " not linearizable, " << counts.judged << " judged by Z3\n";
}

bool is_linearizable(Judgement::Verdict verdict) {
  REQUIRE(verdict != Judgement::Verdict::Undecided);
  return verdict == Judgement::Verdict::Linearizable;
}

}  // namespace

TEST_CASE("all register histories of up to four operations: monitor, brute force and Z3 agree") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  LinearizabilityMonitor monitor(protocol, 0, {});
  checker::Judge judge(protocol);
  const std::map<int, int> expected{{1, 5}, {2, 50}, {3, 750}, {4, 15'000}};
  for (const auto& [operations, total] : expected) {
    Counts counts;
    tests::for_each_register_history(
        operations, false, [&](const std::vector<HistoryEvent>& events) {
          const model::History history = model::operations_of(events);
          const bool truth = tests::is_linearizable_by_brute_force(protocol, history);
          ++counts.histories;
          ++counts.judged;
          counts.violations += truth ? 0 : 1;
          if (monitor_accepts(monitor, events) != truth ||
              is_linearizable(judge.judge(history).verdict) != truth) {
            FAIL(tests::describe(protocol, events));
          }
        });
    CHECK(counts.histories == total);
    print("register, all of " + std::to_string(operations) + " operations", counts);
  }
}

namespace {

void compare_with_pending(int operations_max) {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  LinearizabilityMonitor monitor(protocol, 0, {});
  checker::Judge judge(protocol);
  for (int operations = 1; operations <= operations_max; ++operations) {
    Counts counts;
    tests::for_each_register_history(
        operations, true, [&](const std::vector<HistoryEvent>& events) {
          const model::History history = model::operations_of(events);
          const bool truth = tests::is_linearizable_by_brute_force(protocol, history);
          ++counts.histories;
          counts.violations += truth ? 0 : 1;
          if (monitor_accepts(monitor, events) != truth) FAIL(tests::describe(protocol, events));
          ++counts.judged;
          if (is_linearizable(judge.judge(history).verdict) != truth)
            FAIL(tests::describe(protocol, events));
        });
    print("register, all of " + std::to_string(operations) + " operations, some pending", counts);
  }
}

}  // namespace

TEST_CASE("all register histories of up to three operations, some pending: the three agree") {
  compare_with_pending(3);
}

TEST_CASE("all register histories of up to four operations, some pending: the three agree",
          "[.nightly]") {
  compare_with_pending(4);
}

TEST_CASE("random histories of every object: monitor, brute force and Z3 agree") {
  const auto histories = static_cast<int>(tests::seeds(1'500).count);
  for (const ObjectKind kind : tests::all_kinds()) {
    const Protocol protocol = tests::make_object_protocol(kind);
    LinearizabilityMonitor monitor(protocol, 0, {});
    checker::Judge judge(protocol);
    std::mt19937_64 random(seed_of(kind));
    Counts counts;
    for (int i = 0; i < histories; ++i) {
      const std::vector<HistoryEvent> events = tests::random_events(protocol, random);
      const model::History history = model::operations_of(events);
      const bool truth = tests::is_linearizable_by_brute_force(protocol, history);
      ++counts.histories;
      counts.violations += truth ? 0 : 1;
      INFO(tests::kind_name(kind) << ", seed " << seed_of(kind) << ", history " << i);
      if (monitor_accepts(monitor, events) != truth)
        FAIL("monitor:\n" << tests::describe(protocol, events));
      // The search above cuts off hopeless beginnings; the reference does not, and is slower.
      if (i % 50 == 0) CHECK(tests::is_linearizable(protocol, events, 0) == truth);
      ++counts.judged;
      const bool judged = is_linearizable(judge.judge(history).verdict);
      if (judged != truth) FAIL("Z3:\n" << tests::describe(protocol, events));
    }
    CHECK(counts.violations > histories / 50);
    CHECK(counts.violations < histories * 49 / 50);
    print(tests::kind_name(kind) + ", random, seed " + std::to_string(seed_of(kind)), counts);
  }
}

namespace {

/// What a monitor sees that forgets real time: all calls, then all ends, each operation by a client
/// of its own.
std::vector<HistoryEvent> without_real_time(const std::vector<HistoryEvent>& events) {
  std::vector<HistoryEvent> calls, ends;
  std::map<int, int> client;
  for (HistoryEvent event : events) {
    if (event.kind == HistoryEvent::Kind::Invoke)
      client[event.process] = static_cast<int>(calls.size());
    event.process = client.at(event.process);
    (event.kind == HistoryEvent::Kind::Invoke ? calls : ends).push_back(event);
  }
  calls.insert(calls.end(), ends.begin(), ends.end());
  return calls;
}

/// What a monitor sees that takes pending operations as absent: only those that are answered.
std::vector<HistoryEvent> without_pending(const std::vector<HistoryEvent>& events) {
  std::vector<HistoryEvent> kept;
  for (std::size_t i = 0; i < events.size(); ++i) {
    std::size_t end = i;
    const bool is_call = events[i].kind == HistoryEvent::Kind::Invoke;
    for (std::size_t j = i + 1; is_call && j < events.size() && end == i; ++j) {
      if (events[j].process == events[i].process) end = j;
    }
    const bool is_answered_call = end > i && events[end].kind == HistoryEvent::Kind::Ok;
    if (is_answered_call || events[i].kind == HistoryEvent::Kind::Ok) kept.push_back(events[i]);
  }
  return kept;
}

}  // namespace

TEST_CASE(
    "a monitor without real time, or without pending operations, is caught by the same "
    "comparison") {
  for (const ObjectKind kind : tests::all_kinds()) {
    const Protocol protocol = tests::make_object_protocol(kind);
    LinearizabilityMonitor monitor(protocol, 0, {});
    std::mt19937_64 random(seed_of(kind) + 1);
    int caught_real_time = 0, caught_pending = 0;
    for (int i = 0; i < 2'000; ++i) {
      const std::vector<HistoryEvent> events = tests::random_events(protocol, random);
      const bool truth =
          tests::is_linearizable_by_brute_force(protocol, model::operations_of(events));
      caught_real_time += monitor_accepts(monitor, without_real_time(events)) != truth ? 1 : 0;
      caught_pending += monitor_accepts(monitor, without_pending(events)) != truth ? 1 : 0;
    }
    INFO(tests::kind_name(kind) << ", seed " << seed_of(kind) + 1);
    CHECK(caught_real_time > 0);
    CHECK(caught_pending > 0);
    std::cout << tests::kind_name(kind)
              << ": of 2000 histories a monitor without real time errs on " << caught_real_time
              << ", one without pending operations on " << caught_pending << "\n";
  }
}

TEST_CASE("the batch judge answers as the judge does, with far fewer questions") {
  for (const ObjectKind kind : tests::all_kinds()) {
    const Protocol protocol = tests::make_object_protocol(kind);
    checker::BatchJudge batch(protocol);
    std::mt19937_64 random(seed_of(kind) + 2);
    tests::RandomHistoryOptions options;
    options.operations_least = 2;
    options.operations_most = 3;
    for (int i = 0; i < 3'000; ++i) {
      const model::History history =
          model::operations_of(tests::random_events(protocol, random, options));
      const bool truth = tests::is_linearizable_by_brute_force(protocol, history);
      INFO(tests::kind_name(kind) << ", seed " << seed_of(kind) + 2 << ", history " << i);
      CHECK(is_linearizable(batch.judge(history)) == truth);
    }
    CHECK(batch.history_count() == 3'000);
    CHECK(batch.form_count() < 2'500);
    std::cout << tests::kind_name(kind) << ": " << batch.history_count() << " histories, "
              << batch.form_count() << " canonical forms\n";
  }
}
