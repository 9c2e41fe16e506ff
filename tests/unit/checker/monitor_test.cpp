// SPDX-License-Identifier: MIT
// monitor: the linearizability monitor event by event, its states counted, its hashes compared.
#include <catch2/catch.hpp>
#include <set>
#include <string>

#include "checker/monitor/linearizability.hpp"
#include "tests/differential/history_generator.hpp"

using namespace capstan;
using checker::LinearizabilityMonitor;
using model::HistoryEvent;
using model::ObjectKind;
using model::Protocol;
using model::Value;

namespace {

constexpr int kRead = 0, kWrite = 1;  // of the generator's register

HistoryEvent call(int process, int op, std::vector<Value> args = {}) {
  HistoryEvent event;
  event.process = process;
  event.object = 0;
  event.op = op;
  event.args = std::move(args);
  return event;
}

HistoryEvent end(HistoryEvent::Kind kind, int process, Value result = {}) {
  HistoryEvent event;
  event.kind = kind;
  event.process = process;
  event.object = 0;
  event.result = std::move(result);
  return event;
}

HistoryEvent ok(int process, Value result = {}) {
  return end(HistoryEvent::Kind::Ok, process, std::move(result));
}

Value number(int value) { return Value::integer(value); }

class Register {
 public:
  Register()
      : protocol_(tests::make_object_protocol(ObjectKind::Register)), monitor(protocol_, 0, {}) {}
  bool accepts(const std::vector<HistoryEvent>& events) {
    return monitor.step(monitor.initial(), events) != LinearizabilityMonitor::kViolated;
  }

 private:
  Protocol protocol_;

 public:
  LinearizabilityMonitor monitor;
};

}  // namespace

TEST_CASE("monitor: a read after an acknowledged write returns it") {
  Register x;
  CHECK(x.accepts({call(0, kWrite, {number(1)}), ok(0), call(1, kRead), ok(1, number(1))}));
  CHECK_FALSE(x.accepts({call(0, kWrite, {number(1)}), ok(0), call(1, kRead), ok(1, number(0))}));
}

TEST_CASE("monitor: a read beside a write returns either value, and later reads do not go back") {
  Register x;
  const std::vector<HistoryEvent> beside{call(0, kWrite, {number(1)}), call(1, kRead)};
  for (const int first : {0, 1}) {
    for (const int second : {0, 1}) {
      std::vector<HistoryEvent> events = beside;
      events.push_back(ok(1, number(first)));
      events.push_back(call(1, kRead));
      events.push_back(ok(1, number(second)));
      CHECK(x.accepts(events) == (first <= second));
    }
  }
}

TEST_CASE(
    "monitor: a failed operation has no effect, one of unknown outcome may have it at any later "
    "time") {
  Register x;
  const auto write_then = [](HistoryEvent::Kind kind, int read) {
    return std::vector<HistoryEvent>{call(0, kWrite, {number(1)}), end(kind, 0), call(1, kRead),
                                     ok(1, number(read))};
  };
  CHECK(x.accepts(write_then(HistoryEvent::Kind::Fail, 0)));
  CHECK_FALSE(x.accepts(write_then(HistoryEvent::Kind::Fail, 1)));
  CHECK(x.accepts(write_then(HistoryEvent::Kind::Info, 0)));
  CHECK(x.accepts(write_then(HistoryEvent::Kind::Info, 1)));
  // The client goes on in a new session while its first write may still come.
  CHECK(x.accepts({call(0, kWrite, {number(1)}), end(HistoryEvent::Kind::Info, 0),
                   call(0, kWrite, {number(2)}), ok(0), call(1, kRead), ok(1, number(2)),
                   call(1, kRead), ok(1, number(1))}));
  // But only once.
  CHECK_FALSE(x.accepts({call(0, kWrite, {number(1)}), end(HistoryEvent::Kind::Info, 0),
                         call(0, kWrite, {number(2)}), ok(0), call(1, kRead), ok(1, number(1)),
                         call(1, kRead), ok(1, number(2)), call(1, kRead), ok(1, number(1))}));
}

TEST_CASE("monitor: a failed operation whose effect was seen is a violation") {
  Register x;
  CHECK_FALSE(x.accepts({call(0, kWrite, {number(1)}), call(1, kRead), ok(1, number(1)),
                         end(HistoryEvent::Kind::Fail, 0)}));
}

TEST_CASE("monitor: events of other objects and keys change nothing") {
  Register x;
  HistoryEvent other_key = call(0, kWrite, {number(1)});
  other_key.key = number(7);
  HistoryEvent other_object = call(0, kWrite, {number(1)});
  other_object.object = 1;
  CHECK(x.monitor.intern({other_key, other_object}) == LinearizabilityMonitor::kNoEvents);
  CHECK(x.monitor.step(x.monitor.initial(), {other_key, other_object}) == x.monitor.initial());
  CHECK(x.monitor.step(LinearizabilityMonitor::kViolated, {call(0, kRead)}) ==
        LinearizabilityMonitor::kViolated);
}

TEST_CASE("monitor: operations of unknown outcome that cannot matter leave no trace") {
  Register x;
  const std::uint32_t start = x.monitor.initial();
  CHECK(x.monitor.step(start, {call(0, kRead), end(HistoryEvent::Kind::Info, 0)}) == start);
  // Which client had it does not matter either.
  const auto after = [&](int process) {
    return x.monitor.step(
        start, {call(process, kWrite, {number(1)}), end(HistoryEvent::Kind::Info, process)});
  };
  CHECK(after(0) == after(1));
  CHECK(after(0) != start);
}

TEST_CASE("monitor: the hash is by content, whatever was found first") {
  Register a, b;
  const std::vector<HistoryEvent> one{call(0, kWrite, {number(1)}), call(1, kRead)};
  const std::vector<HistoryEvent> two{call(0, kWrite, {number(2)}), call(2, kWrite, {number(3)})};
  const std::uint32_t a_one = a.monitor.step(a.monitor.initial(), one);
  const std::uint32_t a_two = a.monitor.step(a.monitor.initial(), two);
  const std::uint32_t b_two = b.monitor.step(b.monitor.initial(), two);
  const std::uint32_t b_one = b.monitor.step(b.monitor.initial(), one);
  CHECK(a_one != b_one);
  CHECK(a.monitor.hash(a_one) == b.monitor.hash(b_one));
  CHECK(a.monitor.hash(a_two) == b.monitor.hash(b_two));
  CHECK(a.monitor.hash(a_one) != a.monitor.hash(a_two));
  const std::vector<HistoryEvent> answer{ok(1, number(0))};
  CHECK(a.monitor.hash(a.monitor.step(a_one, answer)) ==
        b.monitor.hash(b.monitor.step(b_one, answer)));
}

TEST_CASE("monitor: a model error in the object's code reaches the caller") {
  Protocol protocol = tests::make_object_protocol(ObjectKind::Written);
  model::Object& account = protocol.objects[0];
  account.ops[1].block[0].place.type = account.element;  // the balance is 0..3 now
  LinearizabilityMonitor monitor(protocol, 0, {});
  const std::uint32_t called = monitor.step(monitor.initial(), {call(0, 1, {number(3)})});
  REQUIRE(called != LinearizabilityMonitor::kViolated);
  CHECK_THROWS_AS(monitor.step(called, {ok(0)}), model::ModelError);
  CHECK_THROWS_AS(monitor.step(called, {ok(0)}), model::ModelError);  // not remembered as an answer
  CHECK(monitor.step(monitor.initial(), {call(0, 1, {number(1)}), ok(0)}) !=
        LinearizabilityMonitor::kViolated);
}

namespace {

/// How many monitor states the clients' scripts (`W`, `R`) can lead to without a violation, answers
/// being any.
std::size_t reachable_states(const std::vector<std::string>& scripts) {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  LinearizabilityMonitor monitor(protocol, 0, {});
  int writes = 0;
  std::vector<std::vector<int>> written(scripts.size());
  for (std::size_t c = 0; c < scripts.size(); ++c) {
    for (const char op : scripts[c]) written[c].push_back(op == 'W' ? ++writes : 0);
  }
  using State =
      std::pair<std::vector<std::size_t>, std::uint32_t>;  // half-steps of each client, monitor
  const State start{std::vector<std::size_t>(scripts.size(), 0), monitor.initial()};
  std::set<State> seen{start};
  std::set<std::uint32_t> found{monitor.initial()};
  std::vector<State> open{start};
  while (!open.empty()) {
    const State here = open.back();
    open.pop_back();
    for (std::size_t c = 0; c < scripts.size(); ++c) {
      const std::size_t at = here.first[c];
      if (at == 2 * scripts[c].size()) continue;
      const int value = written[c][at / 2];
      std::vector<HistoryEvent> ways;
      if (at % 2 == 0) {
        ways.push_back(value > 0 ? call(static_cast<int>(c), kWrite, {number(value)})
                                 : call(static_cast<int>(c), kRead));
      } else if (value > 0) {
        ways.push_back(ok(static_cast<int>(c)));
      } else {
        for (int read = 0; read <= writes; ++read)
          ways.push_back(ok(static_cast<int>(c), number(read)));
      }
      for (const HistoryEvent& event : ways) {
        State next = here;
        ++next.first[c];
        next.second = monitor.step(here.second, {event});
        if (next.second == LinearizabilityMonitor::kViolated) continue;
        found.insert(next.second);
        if (seen.insert(next).second) open.push_back(next);
      }
    }
  }
  return found.size();
}

}  // namespace

TEST_CASE("monitor: as few states as the prototype of just-in-time linearization counted") {
  CHECK(reachable_states({"W", "R"}) == 8);
  CHECK(reachable_states({"WR", "R"}) == 14);
  CHECK(reachable_states({"W", "R", "R"}) == 30);
  CHECK(reachable_states({"WR", "WR"}) == 42);
  CHECK(reachable_states({"WR", "WR", "WR"}) == 1018);
}
