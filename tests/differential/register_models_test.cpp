// SPDX-License-Identifier: MIT
// register_models: regular, safe and bounded staleness: the monitors, the definitions by trying all
// orders, and Z3 agree on all small histories and on random ones.
#include "checker/monitor/register_models.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <functional>
#include <iostream>

#include "checker/symbolic/staleness.hpp"
#include "model/system/object.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/support/seeds.hpp"

using namespace capstan;
using checker::Judgement;
using checker::Promise;
using model::History;
using model::HistoryEvent;
using model::HistoryOperation;
using model::ObjectKind;
using model::PropertyKind;
using model::Protocol;

namespace {

bool is_read(const Protocol& protocol, const HistoryOperation& operation) {
  return model::is_read_only(protocol.objects[0], operation.op);
}

bool is_before(const HistoryOperation& a, const HistoryOperation& b) {
  return a.responded < b.invoked;
}

/// Whether some order of the operations contains real time and satisfies `accepts`; of pending
/// writes any may be left out, pending reads are.
bool has_order(const Protocol& protocol, const History& operations,
               const std::function<bool(const std::vector<const HistoryOperation*>&)>& accepts) {
  std::vector<const HistoryOperation*> answered, pending;
  for (const HistoryOperation& operation : operations) {
    if (!operation.is_pending()) answered.push_back(&operation);
    if (operation.is_pending() && !is_read(protocol, operation)) pending.push_back(&operation);
  }
  for (std::size_t mask = 0; mask < (std::size_t{1} << pending.size()); ++mask) {
    std::vector<const HistoryOperation*> order = answered;
    for (std::size_t i = 0; i < pending.size(); ++i)
      if (((mask >> i) & 1U) != 0) order.push_back(pending[i]);
    std::sort(order.begin(), order.end());
    do {
      bool keeps_time = true;
      for (std::size_t i = 0; i < order.size() && keeps_time; ++i)
        for (std::size_t j = i + 1; j < order.size() && keeps_time; ++j)
          keeps_time = !is_before(*order[j], *order[i]);
      if (keeps_time && accepts(order)) return true;
    } while (std::next_permutation(order.begin(), order.end()));
  }
  return false;
}

/// Whether each read returns one of the `newest` last values written before it.
bool reads_newest(const Protocol& protocol, const std::vector<const HistoryOperation*>& order,
                  std::size_t newest) {
  std::vector<model::Value> values{protocol.objects[0].initial};  // the newest first
  for (const HistoryOperation* operation : order) {
    if (!is_read(protocol, *operation)) {
      values.insert(values.begin(), operation->args.at(0));
      continue;
    }
    const auto end = values.begin() + static_cast<std::ptrdiff_t>(std::min(newest, values.size()));
    if (std::find(values.begin(), end, operation->result) == end) return false;
  }
  return true;
}

bool is_stale_at_most(const Protocol& protocol, const History& history, std::size_t newest) {
  return has_order(protocol, history,
                   [&](const auto& order) { return reads_newest(protocol, order, newest); });
}

bool is_regular(const Protocol& protocol, const History& history) {
  return std::all_of(history.begin(), history.end(), [&](const HistoryOperation& read) {
    if (!is_read(protocol, read) || read.is_pending()) return true;
    History part;
    for (const HistoryOperation& other : history)
      if (!is_read(protocol, other) || &other == &read) part.push_back(other);
    return is_stale_at_most(protocol, part, 1);
  });
}

/// Reads that no write overlaps, those that fail among them, and all writes.
bool is_safe(const Protocol& protocol, const std::vector<HistoryEvent>& events,
             const History& history) {
  History part;
  for (const HistoryOperation& operation : history) {
    bool is_overlapped = false;
    if (is_read(protocol, operation) && !operation.is_pending()) {
      std::vector<int> begun(16, -1);  // by client: where its write began
      for (int at = 0; at < static_cast<int>(events.size()); ++at) {
        const HistoryEvent& event = events[static_cast<std::size_t>(at)];
        if (model::is_read_only(protocol.objects[0], event.op)) continue;
        int& start = begun[static_cast<std::size_t>(event.process)];
        if (event.kind == HistoryEvent::Kind::Invoke) {
          start = at;
          continue;
        }
        const bool ends = event.kind != HistoryEvent::Kind::Info;
        if (start < operation.responded && (!ends || at > operation.invoked)) is_overlapped = true;
        start = -1;
      }
      for (const int start : begun)
        if (start >= 0 && start < operation.responded) is_overlapped = true;
    }
    if (!is_overlapped) part.push_back(operation);
  }
  return is_stale_at_most(protocol, part, 1);
}

struct Models {
  bool regular, safe, two_newest, linearizable;
  friend bool operator==(const Models&, const Models&) = default;
};

Models by_definition(const Protocol& protocol, const std::vector<HistoryEvent>& events) {
  const History history = model::operations_of(events);
  return {is_regular(protocol, history), is_safe(protocol, events, history),
          is_stale_at_most(protocol, history, 2), is_stale_at_most(protocol, history, 1)};
}

/// The monitors of one register.
class Monitors {
 public:
  explicit Monitors(const Protocol& protocol) {
    for (const Promise promise :
         {Promise{PropertyKind::Regular, 1}, Promise{PropertyKind::Safe, 1},
          Promise{PropertyKind::BoundedStaleness, 2}, Promise{PropertyKind::Linearizable, 1}})
      monitors_.push_back(checker::make_monitor(protocol, 0, {}, promise));
  }
  Models judge(const std::vector<HistoryEvent>& events) {
    return {accepts(0, events), accepts(1, events), accepts(2, events), accepts(3, events)};
  }

 private:
  bool accepts(std::size_t index, const std::vector<HistoryEvent>& events) {
    checker::Monitor& monitor = *monitors_[index];
    std::uint32_t state = monitor.initial();
    for (const HistoryEvent& event : events)
      state = monitor.step(state, std::vector<HistoryEvent>{event});
    return state != checker::Monitor::kViolated;
  }
  std::vector<std::unique_ptr<checker::Monitor>> monitors_;
};

/// A linearizable register is all the rest. A regular one with several writers need not be safe:
/// its reads may each have an order of their own.
bool is_plausible(const Models& models) {
  return !models.linearizable || (models.regular && models.safe && models.two_newest);
}

struct Counts {
  int histories = 0, irregular = 0, unsafe = 0, stale = 0, not_linearizable = 0;

  void add(const Models& models) {
    ++histories;
    irregular += !models.regular;
    unsafe += !models.safe;
    stale += !models.two_newest;
    not_linearizable += !models.linearizable;
  }
  void print(const std::string& what) const {
    std::cout << what << ": " << histories << " histories, " << not_linearizable
              << " not linearizable, " << irregular << " not regular, " << unsafe << " not safe, "
              << stale << " without staleness 2\n";
  }
};

}  // namespace

TEST_CASE("all register histories of up to four operations: monitors, definitions and Z3 agree") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  Monitors monitors(protocol);
  Counts counts;
  for (const bool pending : {false, true}) {
    for (int operations = 1; operations <= (pending ? 3 : 4); ++operations) {
      tests::for_each_register_history(
          operations, pending, [&](const std::vector<HistoryEvent>& events) {
            const Models truth = by_definition(protocol, events);
            counts.add(truth);
            if (monitors.judge(events) != truth) FAIL(tests::describe(protocol, events));
            CHECK(is_plausible(truth));
            if (operations > 3) return;
            const Judgement judgement =
                checker::judge_staleness(protocol, model::operations_of(events), 0, 2);
            CHECK((judgement.verdict == Judgement::Verdict::Linearizable) == truth.two_newest);
          });
    }
  }
  counts.print("up to four operations");
  CHECK(counts.stale > 0);
  CHECK(counts.unsafe > 0);
}

TEST_CASE("random register histories with failed and unknown operations: the same") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  Monitors monitors(protocol);
  const tests::Seeds wanted = tests::seeds(1'500);
  Counts counts;
  for (const std::uint64_t seed : wanted.all()) {
    std::mt19937_64 random(seed);
    const std::vector<HistoryEvent> events = tests::random_events(
        protocol, random, {.operations_least = 4, .operations_most = 6, .fail = 0.15});
    const Models truth = by_definition(protocol, events);
    counts.add(truth);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << tests::describe(protocol, events));
    CHECK(monitors.judge(events) == truth);
    CHECK(is_plausible(truth));
    const Judgement judgement =
        checker::judge_staleness(protocol, model::operations_of(events), 0, 2);
    CHECK((judgement.verdict == Judgement::Verdict::Linearizable) == truth.two_newest);
  }
  counts.print(wanted.words());
  CHECK(counts.irregular * 50 > counts.histories);
  CHECK(counts.stale < counts.not_linearizable);
}

TEST_CASE("the litmus histories of registers") {
  // Two reads that disagree about two writes that are both over: fine for regular, not for safe.
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const auto op = [&](const char* name) {
    const auto& ops = protocol.objects[0].ops;
    return static_cast<int>(std::ranges::find(ops, name, &model::ObjectOp::name) - ops.begin());
  };
  std::vector<HistoryEvent> events;
  const auto call = [&](int process, const char* name, std::vector<model::Value> args) {
    HistoryEvent event;
    event.process = process;
    event.object = 0;
    event.op = op(name);
    event.args = std::move(args);
    events.push_back(event);
  };
  const auto answer = [&](int process, const char* name, model::Value result) {
    call(process, name, {});
    events.back().kind = HistoryEvent::Kind::Ok;
    events.back().result = std::move(result);
  };
  const auto value = [](int n) { return model::Value::integer(n); };
  Monitors monitors(protocol);
  SECTION("two writers, split") {
    call(0, "write", {value(1)});
    call(1, "write", {value(2)});
    answer(0, "write", {});
    answer(1, "write", {});
    for (const int process : {2, 3}) call(process, "read", {});
    for (const int process : {2, 3}) answer(process, "read", value(process - 1));
    CHECK(monitors.judge(events) == Models{true, false, true, false});
  }
  SECTION("new, then old, during the write") {
    call(0, "write", {value(1)});
    call(1, "read", {});
    answer(1, "read", value(1));
    call(2, "read", {});
    answer(2, "read", protocol.objects[0].initial);
    answer(0, "write", {});
    CHECK(monitors.judge(events) == Models{true, true, true, false});
  }
  SECTION("garbage during a write") {
    call(0, "write", {value(1)});
    call(1, "read", {});
    answer(1, "read", value(2));
    answer(0, "write", {});
    CHECK(monitors.judge(events) == Models{false, true, false, false});
  }
  SECTION("read, and then said never to have been written") {
    call(0, "write", {value(1)});
    call(1, "read", {});
    answer(1, "read", value(1));
    call(0, "write", {});
    events.back().kind = HistoryEvent::Kind::Fail;
    CHECK(monitors.judge(events) == Models{false, true, false, false});
  }
}
