// SPDX-License-Identifier: MIT
// fixture_runs: the runs themselves.
#include <utility>

#include "tests/unit/reports/fixtures.hpp"

namespace capstan::reports::test {

using checker::Evidence;
using checker::Explanation;
using checker::Rule;
using model::Type;
using model::TypeId;
using model::Value;

namespace {

Value tuple(std::vector<Value> fields) { return Value::tuple(std::move(fields)); }

model::ObjectOp op(std::string name, std::vector<Type::Field> parameters) {
  model::ObjectOp result;
  result.name = std::move(name);
  result.parameters = std::move(parameters);
  return result;
}

model::ObjectOp op(std::string name, std::vector<Type::Field> parameters, TypeId type) {
  model::ObjectOp result = op(std::move(name), std::move(parameters));
  result.has_result = true;
  result.result = type;
  return result;
}

/// Operations hold code and cannot be copied out of braces.
template <typename... Ops>
std::vector<model::ObjectOp> ops(Ops... items) {
  std::vector<model::ObjectOp> list;
  (list.push_back(std::move(items)), ...);
  return list;
}

checker::CoreOperation core(int index, std::string badge, std::string name, std::string answer,
                            int process, int invoked, int responded, bool is_read) {
  checker::CoreOperation operation;
  operation.history_index = index;
  operation.badge = std::move(badge);
  operation.name = operation.long_name = std::move(name);
  operation.answer = std::move(answer);
  operation.process = process;
  operation.invoked = invoked;
  operation.responded = responded;
  operation.is_read = is_read;
  return operation;
}

checker::Sentence sentence(int number, Rule rule, std::string text, int before, int after,
                           int from_step, int to_step) {
  checker::Sentence result;
  result.number = number;
  result.rule = rule;
  result.text = std::move(text);
  result.before = before;
  result.after = after;
  result.from_step = from_step;
  result.to_step = to_step;
  return result;
}

checker::TriedOrder order(std::vector<int> operations, std::vector<std::string> states,
                          std::string title, std::string subtitle, std::string text) {
  checker::TriedOrder result;
  result.operations = std::move(operations);
  result.states = std::move(states);
  result.title = std::move(title);
  result.subtitle = std::move(subtitle);
  result.text = std::move(text);
  return result;
}

struct Register {
  std::shared_ptr<model::Protocol> protocol;
  int query = 0, held = 0, store = 0, stored = 0;
};

Register abd_protocol() {
  ProtocolBuilder builder("abd");
  Register abd;
  const TypeId value = builder.range("Value", 1, 2);
  const TypeId optional_value = builder.option(value);
  const TypeId client = builder.option(builder.process_of(1));
  const TypeId tag = builder.tuple("Tag", {{"round", builder.range("", 0, 4)}, {"writer", client}});
  builder.role("Replica", 3, {{"tag", tag}, {"value", optional_value}});
  builder.role("Client", 2, {});
  builder.client(1);
  abd.query = builder.message("Query", {});
  abd.held = builder.message("Held", {{"tag", tag}, {"value", optional_value}});
  abd.store = builder.message("Store", {{"tag", tag}, {"value", optional_value}});
  abd.stored = builder.message("Stored", {});
  builder.object("x",
                 ops(op("read", {}, optional_value), op("write", {{"value", optional_value}})));
  abd.protocol = builder.take();
  return abd;
}

/// write(1) must come before r, r before s, yet s returned none.
Explanation stale_read_explanation() {
  Explanation why;
  why.title = "Client 2 reads none after it has read 1";
  why.subject = "x";
  why.operations = {core(0, "a", "write(1)", "", 3, 1, model::HistoryOperation::kNever, false),
                    core(1, "r", "first read", "1", 4, 7, 12, true),
                    core(2, "s", "second read", "none", 4, 13, 18, true)};
  why.sentences = {
      sentence(1, Rule::Source,
               "The first read returned 1, which only write(1) can have given it: write(1) must "
               "come before it.",
               0, 1, -1, 12),
      sentence(2, Rule::RealTime,
               "The first read must come before the second read: it was answered (step 12) before "
               "the second was called (step 13).",
               1, 2, 12, 13),
      sentence(3, Rule::Initial,
               "The second read returned none, the initial value, so it must come before write(1).",
               2, 0, -1, 18)};
  why.cycle = {{0, 1, 1}, {1, 2, 2}, {2, 0, 3}};
  why.conclusion =
      "1, 2 and 3 contradict each other. Facts used: 3 of 7 (2 of real time, 1 answer).";
  why.core_size = 3;
  why.fact_count = 7;
  checker::TriedOrder first =
      order({0, 1, 2}, {"x = none", "x = 1", "x = 1"}, "Order a, r, s", "respects real time",
            "s must return 1, but the client got none");
  first.breaks_at = 2;
  first.must_return = "1";
  first.returned = "none";
  checker::TriedOrder second = order({2, 0, 1}, {"x = none", "x = none", "x = 1", "x = 1"},
                                     "Order s, a, r", "explains the reads",
                                     "s would have to take effect before it was called (step 13), "
                                     "even before r was answered (step 12)");
  second.respects_real_time = false;
  second.late = 2;
  second.early = 1;
  why.orders = {first, second};
  why.orders_total = 6;
  why.orders_in_real_time = 3;
  why.longest_works = 2;
  why.orders_summary =
      "3 of 6 orders respect real time, and none explains both reads. Longest order that works: 2 "
      "of 3 operations.";
  why.orders_conclusion = {
      "Every other order puts s before r and breaks real time in the same way.",
      "So no order of a, r, s both respects real time and returns 1, then none."};
  return why;
}

}  // namespace

checker::ScenarioReport abd_stale_read() {
  const Register abd = abd_protocol();
  const Value none, zero = tuple({number(0), none}), first = tuple({number(1), number(3)});
  RunBuilder run(abd.protocol, {{zero, none}, {zero, none}, {zero, none}, {}, {}});
  run.invoke(3, 1, {number(1)}, "Client 1 calls write(1)");
  for (int r = 0; r < 3; ++r) run.send(static_cast<std::uint64_t>(1 + r), 3, r, abd.query, {});
  run.deliver(1, "Replica 1 takes Query() from Client 1").send(4, 0, 3, abd.held, {zero, none});
  run.deliver(2, "Replica 2 takes Query() from Client 1").send(5, 1, 3, abd.held, {zero, none});
  run.deliver(4, "Client 1 takes Held((0, none), none) from Replica 1");
  run.deliver(5, "Client 1 takes Held((0, none), none) from Replica 2");
  for (int r = 0; r < 3; ++r)
    run.send(static_cast<std::uint64_t>(6 + r), 3, r, abd.store, {first, number(1)});
  run.deliver(6, "Replica 1 takes Store((1, Client 1), 1) from Client 1")
      .set(0, 0, first)
      .set(0, 1, number(1))
      .send(9, 0, 3, abd.stored, {});
  run.invoke(4, 0, {}, "Client 2 calls read()");
  for (int r = 0; r < 3; ++r) run.send(static_cast<std::uint64_t>(10 + r), 4, r, abd.query, {});
  run.deliver(10, "Replica 1 takes Query() from Client 2")
      .send(13, 0, 4, abd.held, {first, number(1)});
  run.deliver(11, "Replica 2 takes Query() from Client 2").send(14, 1, 4, abd.held, {zero, none});
  run.deliver(13, "Client 2 takes Held((1, Client 1), 1) from Replica 1");
  run.act(2, "Replica 3 looks at its clock");
  run.deliver(14, "Client 2 takes Held((0, none), none) from Replica 2: read returns 1")
      .answer(4, number(1));
  run.invoke(4, 0, {}, "Client 2 calls read()");
  for (int r = 0; r < 3; ++r) run.send(static_cast<std::uint64_t>(20 + r), 4, r, abd.query, {});
  run.deliver(21, "Replica 2 takes Query() from Client 2").send(23, 1, 4, abd.held, {zero, none});
  run.deliver(22, "Replica 3 takes Query() from Client 2").send(24, 2, 4, abd.held, {zero, none});
  run.deliver(23, "Client 2 takes Held((0, none), none) from Replica 2");
  run.deliver(7, "Replica 2 takes Store((1, Client 1), 1) from Client 1")
      .set(1, 0, first)
      .set(1, 1, number(1))
      .send(25, 1, 3, abd.stored, {});
  run.deliver(24, "Client 2 takes Held((0, none), none) from Replica 3: read returns none")
      .answer(4, none);
  Evidence evidence = evidence_of(run.take(), "Client 2 reads none after it has read 1");
  evidence.explanation = stale_read_explanation();
  return scenario_of(abd.protocol, "reader_forgets_to_write_back", "not linearizable", evidence);
}

checker::ScenarioReport bank_double_spend() {
  ProtocolBuilder builder("bank");
  const TypeId money = builder.range("Money", -100, 200);
  builder.role("Branch", 2, {{"balance", money}});
  builder.role("Client", 2, {}, {{"home", builder.process_of(0)}});
  builder.client(1);
  const int withdraw = builder.message("Withdraw", {{"n", money}});
  const int paid = builder.message("Paid", {{"ok", builder.boolean()}});
  const int apply = builder.message("Apply", {{"n", money}});
  builder.object("account", ops(op("withdraw", {{"n", money}}, builder.boolean())));
  const auto protocol = builder.take();
  const Value hundred = number(100), yes = Value::boolean(true);
  RunBuilder run(protocol, {{hundred}, {hundred}, {number(0)}, {number(1)}});
  run.cut({0, 2}, {1, 3}, "the network splits: {Branch 1, Client 1} | {Branch 2, Client 2}");
  run.invoke(2, 0, {hundred}, "Client 1 calls withdraw(100)").send(1, 2, 0, withdraw, {hundred});
  run.invoke(3, 0, {hundred}, "Client 2 calls withdraw(100)").send(2, 3, 1, withdraw, {hundred});
  run.deliver(1, "Branch 1 takes Withdraw(100) from Client 1")
      .set(0, 0, number(0))
      .send(3, 0, 1, apply, {hundred})
      .send(4, 0, 2, paid, {yes});
  run.deliver(2, "Branch 2 takes Withdraw(100) from Client 2")
      .set(1, 0, number(0))
      .send(5, 1, 0, apply, {hundred})
      .send(6, 1, 3, paid, {yes});
  run.deliver(4, "Client 1 takes Paid(true) from Branch 1: withdraw returns true").answer(2, yes);
  run.deliver(6, "Client 2 takes Paid(true) from Branch 2: withdraw returns true").answer(3, yes);
  Evidence evidence =
      evidence_of(run.take(), "Both withdrawals of 100 succeed, though the account held 100");
  Explanation why;
  why.title = evidence.title;
  why.subject = "account";
  why.operations = {core(0, "a", "withdraw(100)", "true", 2, 2, 6, false),
                    core(1, "b", "withdraw(100)", "true", 3, 3, 7, false)};
  why.operations[0].long_name = "Client 1's withdraw(100)";
  why.operations[1].long_name = "Client 2's withdraw(100)";
  why.sentences = {sentence(1, Rule::Order,
                            "If Client 1's withdraw(100) comes first, Client 2's withdraw(100) "
                            "must return false, but the client got true.",
                            -1, -1, -1, 7),
                   sentence(2, Rule::Order,
                            "If Client 2's withdraw(100) comes first, Client 1's withdraw(100) "
                            "must return false, but the client got true.",
                            -1, -1, -1, 6),
                   sentence(3, Rule::AllOrders, "There is no other order.", -1, -1, -1, -1)};
  why.conclusion = "1 and 2 leave no order. Facts used: 2 of 2 (2 answers).";
  checker::TriedOrder first =
      order({0, 1}, {"balance = 100", "balance = 0"}, "Order a, b", "respects real time",
            "b must return false, but the client got true");
  first.breaks_at = 1;
  first.must_return = "false";
  first.returned = "true";
  checker::TriedOrder second =
      order({1, 0}, {"balance = 100", "balance = 0"}, "Order b, a", "respects real time",
            "a must return false, but the client got true");
  second.breaks_at = 1;
  second.must_return = "false";
  second.returned = "true";
  why.orders = {first, second};
  why.orders_total = why.orders_in_real_time = 2;
  why.longest_works = 1;
  why.orders_summary = "2 of 2 orders respect real time, and none explains both withdrawals.";
  why.orders_conclusion = {"So no order of a, b lets both withdrawals succeed."};
  evidence.explanation = why;
  return scenario_of(protocol, "optimistic_salesman", "not linearizable", evidence);
}

checker::ScenarioReport lost_write() {
  ProtocolBuilder builder("lww");
  const TypeId value = builder.range("Value", 1, 2);
  const TypeId optional_value = builder.option(value);
  const TypeId stamp = builder.tuple(
      "Stamp", {{"n", builder.range("", 0, 3)}, {"by", builder.option(builder.process_of(0))}});
  builder.role("Replica", 3, {{"stamp", stamp}, {"value", optional_value}});
  builder.role("Client", 2, {}, {{"home", builder.process_of(0)}});
  builder.client(1);
  const int put = builder.message("Put", {{"value", value}});
  const int done = builder.message("Done", {});
  const int get = builder.message("Get", {});
  const int got = builder.message("Got", {{"value", optional_value}});
  const int push = builder.message("Push", {{"stamp", stamp}, {"value", optional_value}});
  builder.object("x", ops(op("read", {}, optional_value), op("write", {{"value", value}})));
  const auto protocol = builder.take();
  const Value none, zero = tuple({number(0), none}), by2 = tuple({number(1), number(1)}),
                    by1 = tuple({number(1), number(0)});
  RunBuilder run(protocol, {{zero, none}, {zero, none}, {zero, none}, {number(0)}, {number(1)}});
  run.cut({0, 3}, {1, 2, 4},
          "the network splits: {Replica 1, Client 1} | {Replica 2, Replica 3, Client 2}");
  run.invoke(4, 1, {number(2)}, "Client 2 calls write(2)").send(1, 4, 1, put, {number(2)});
  run.deliver(1, "Replica 2 stamps 2 with (1, Replica 2)")
      .set(1, 0, by2)
      .set(1, 1, number(2))
      .send(2, 1, 4, done, {})
      .send(3, 1, 0, push, {by2, number(2)})
      .send(4, 1, 2, push, {by2, number(2)});
  run.deliver(2, "Client 2 takes Done(): write returns ok").answer(4);
  run.deliver(4, "Replica 3 takes Push((1, Replica 2), 2)").set(2, 0, by2).set(2, 1, number(2));
  run.invoke(3, 1, {number(1)}, "Client 1 calls write(1)").send(5, 3, 0, put, {number(1)});
  run.deliver(5, "Replica 1 stamps 1 with (1, Replica 1)")
      .set(0, 0, by1)
      .set(0, 1, number(1))
      .send(6, 0, 3, done, {})
      .send(7, 0, 2, push, {by1, number(1)});
  run.deliver(6, "Client 1 takes Done(): write returns ok").answer(3);
  run.heal("the network heals");
  run.lose(7, "Push((1, Replica 1), 1) from Replica 1 to Replica 3 is lost");
  run.deliver(3, "Replica 1 takes Push((1, Replica 2), 2): 1 is lost")
      .set(0, 0, by2)
      .set(0, 1, number(2));
  run.invoke(3, 0, {}, "Client 1 calls read()").send(8, 3, 0, get, {});
  run.deliver(8, "Replica 1 takes Get() from Client 1").send(9, 0, 3, got, {number(2)});
  run.deliver(9, "Client 1 takes Got(2) from Replica 1: read returns 2").answer(3, number(2));
  Evidence evidence =
      evidence_of(run.take(), "Client 1 reads 2 after its later write(1) was acknowledged");
  Explanation why;
  why.title = evidence.title;
  why.subject = "x";
  why.operations = {core(0, "b", "write(2)", "ok", 4, 2, 4, false),
                    core(1, "a", "write(1)", "ok", 3, 6, 8, false),
                    core(2, "r", "read", "2", 3, 12, 14, true)};
  why.sentences = {sentence(1, Rule::RealTime,
                            "write(2) must come before write(1): it was answered (step 4) before "
                            "write(1) was called (step 6).",
                            0, 1, 4, 6),
                   sentence(2, Rule::RealTime,
                            "write(1) must come before read: it was answered (step 8) before read "
                            "was called (step 12).",
                            1, 2, 8, 12),
                   sentence(3, Rule::NotBetween,
                            "read returned 2, so write(2) is the last write before it: with 2, "
                            "write(1) must come before write(2).",
                            1, 0, -1, 14)};
  why.cycle = {{0, 1, 1}, {1, 2, 2}, {1, 0, 3}};
  why.conclusion = "1 and 3 contradict each other. Facts used: 3 of 9 (2 of real time, 1 answer).";
  checker::TriedOrder first = order({0, 1, 2}, {"x = none", "x = 2", "x = 1"}, "Order b, a, r",
                                    "respects real time", "r must return 1, but the client got 2");
  first.breaks_at = 2;
  first.must_return = "1";
  first.returned = "2";
  checker::TriedOrder second = order({1, 0, 2}, {"x = none", "x = 1", "x = 2", "x = 2"},
                                     "Order a, b, r", "explains the read",
                                     "a would have to take effect before it was called (step 6), "
                                     "even before b was answered (step 4)");
  second.respects_real_time = false;
  second.late = 1;
  second.early = 0;
  why.orders = {first, second};
  why.orders_summary =
      "1 of 6 orders respects real time, and it does not explain the read. Longest order that "
      "works: 2 of 3 operations.";
  why.orders_conclusion = {
      "Every other order puts a before b, or r before a, and breaks real time in the same way.",
      "So no order of b, a, r both respects real time and returns 2 to the read."};
  evidence.explanation = why;
  return scenario_of(protocol, "partitioned", "not linearizable", evidence);
}

checker::ScenarioReport crash_and_restart() {
  const Register abd = abd_protocol();
  const Value none, zero = tuple({number(0), none}), first = tuple({number(1), number(3)});
  RunBuilder run(abd.protocol, {{zero, none}, {zero, none}, {zero, none}, {}, {}});
  run.invoke(3, 1, {number(1)}, "Client 1 calls write(1)")
      .send(1, 3, 1, abd.store, {first, number(1)});
  run.deliver(1, "Replica 2 takes Store((1, Client 1), 1)")
      .set(1, 0, first)
      .set(1, 1, number(1))
      .send(2, 1, 3, abd.stored, {});
  run.crash(1, "Replica 2 crashes");
  run.deliver(2, "Client 1 takes Stored(): write returns ok").answer(3);
  run.restart(1, "Replica 2 restarts").set(1, 1, none);
  run.crash(0, "Replica 1 crashes");
  run.invoke(4, 0, {}, "Client 2 calls read()")
      .send(3, 4, 1, abd.query, {})
      .send(4, 4, 0, abd.query, {});
  run.deliver(3, "Replica 2 takes Query() from Client 2").send(5, 1, 4, abd.held, {first, none});
  Evidence evidence = evidence_of(run.take(), "An acknowledged value is gone");
  evidence.why =
      "`always stored` is false: write(1) was acknowledged at step 4, and no replica that is up "
      "holds 1.";
  checker::ScenarioReport report =
      scenario_of(abd.protocol, "volatile_store", "always stored", evidence);
  report.expectations[0].outcome = checker::Outcome::Unmet;
  report.expectations[0].slug = "always-stored";
  return report;
}

/// Every mark of a fault: a one-way wall that drops, a wall with a bridge, a pause, and a crash in
/// the pause.
checker::ScenarioReport cuts_and_pauses() {
  const Register abd = abd_protocol();
  abd.protocol->scenario.faults.resize(2);
  abd.protocol->scenario.faults[0].one_way = true;
  abd.protocol->scenario.faults[0].dropping = true;
  abd.protocol->scenario.faults[1].bridging = true;
  const Value none, zero = tuple({number(0), none}), first = tuple({number(1), number(3)});
  RunBuilder run(abd.protocol, {{zero, none}, {zero, none}, {zero, none}, {}, {}});
  run.invoke(3, 1, {number(1)}, "Client 1 calls write(1)")
      .send(1, 3, 0, abd.store, {first, number(1)})
      .send(2, 3, 1, abd.store, {first, number(1)})
      .send(3, 3, 2, abd.store, {first, number(1)});
  run.cut({0, 3}, {1, 2, 4},
          "nothing passes from {Replica 1, Client 1} to {Replica 2, Replica 3, "
          "Client 2}; 1 message is lost at the cut",
          0)
      .drop(2);
  run.deliver(1, "Replica 1 takes Store((1, Client 1), 1)")
      .set(0, 0, first)
      .set(0, 1, number(1))
      .send(4, 0, 1, abd.query, {})
      .drop(4);
  run.heal("the network heals", 0);
  run.pause(2, "Replica 3 pauses");
  run.cut({0, 3}, {2, 4},
          "network splits: {Replica 1, Client 1} | {Replica 3, Client 2}, and "
          "{Replica 2} hears both",
          1);
  run.invoke(4, 0, {}, "Client 2 calls read()")
      .send(5, 4, 1, abd.query, {})
      .send(6, 4, 0, abd.query, {});
  run.deliver(5, "Replica 2 takes Query() from Client 2").send(7, 1, 4, abd.held, {zero, none});
  run.unpause(2, "Replica 3 goes on after its pause");
  run.deliver(7, "Client 2 takes Held((0, none), none): read returns none").answer(4, none);
  run.pause(1, "Replica 2 pauses");
  Evidence evidence = evidence_of(run.take(), "A value is not everywhere");
  evidence.why = "`always stored` is false: Replica 2 never heard of 1.";
  checker::ScenarioReport report =
      scenario_of(abd.protocol, "torn_network", "always stored", evidence);
  report.expectations[0].outcome = checker::Outcome::Unmet;
  report.expectations[0].slug = "always-stored";
  return report;
}

checker::ScenarioReport model_error() {
  ProtocolBuilder builder("counter");
  const TypeId small = builder.range("Small", 0, 2);
  builder.role("Counter", 1, {{"count", small}});
  builder.role("Client", 1, {});
  const int add = builder.message("Add", {{"n", small}});
  const auto protocol = builder.take();
  RunBuilder run(protocol, {{number(0)}, {}});
  run.act(1, "Client adds 2").send(1, 1, 0, add, {number(2)}).send(2, 1, 0, add, {number(2)});
  run.deliver(1, "Counter takes Add(2)").set(0, 0, number(2));
  run.deliver(2, "Counter takes Add(2)").fail("4 is outside `Small`, which is 0..2");
  Evidence evidence =
      evidence_of(run.take(), "The model goes wrong: 4 is outside `Small`, which is 0..2");
  evidence.why =
      "Counter's `count += n` gives 4, which is outside `Small` (0..2), at "
      "specs/counter.cap:12:21.";
  checker::ScenarioReport report = scenario_of(protocol, "adds", "no model error", evidence);
  report.expectations[0].outcome = checker::Outcome::Unmet;
  return report;
}

checker::ScenarioReport two_phase_commit_witness() {
  ProtocolBuilder builder("two_phase_commit");
  const TypeId status =
      builder.enumeration("Status", {"working", "prepared", "committed", "aborted"});
  const int manager = builder.role("Manager", 1, {{"decision", status}});
  const int first = builder.role("Participant", 3, {{"status", status}});
  const int prepared = builder.message("Prepared", {});
  const int commit = builder.message("Commit", {});
  const auto protocol = builder.take();
  RunBuilder run(protocol, {{number(0)}, {number(0)}, {number(0)}, {number(0)}});
  for (int p = first; p < first + 3; ++p) {
    const std::string name = "Participant " + std::to_string(p - first + 1);
    run.act(p, name + " prepares")
        .set(p, 0, number(1))
        .send(static_cast<std::uint64_t>(p), p, manager, prepared, {});
  }
  for (int p = first; p < first + 3; ++p)
    run.deliver(static_cast<std::uint64_t>(p),
                "Manager takes Prepared() from Participant " + std::to_string(p - first + 1));
  run.act(manager, "Manager decides to commit").set(manager, 0, number(2));
  for (int p = first; p < first + 3; ++p)
    run.send(static_cast<std::uint64_t>(10 + p), manager, p, commit, {});
  for (int p = first + 2; p >= first; --p)
    run.deliver(static_cast<std::uint64_t>(10 + p),
                "Participant " + std::to_string(p - first + 1) + " takes Commit()")
        .set(p, 0, number(2));
  Evidence evidence = evidence_of(run.take(), "All participants commit");
  evidence.is_witness = true;
  evidence.why = "Step 10 reaches a state in which every participant is committed.";
  return scenario_of(protocol, "nothing_fails",
                     "reachable every(p.status == committed for p in Participant)", evidence);
}

checker::ScenarioReport long_names() {
  ProtocolBuilder builder("a_protocol_with_a_rather_long_name");
  const TypeId value = builder.range("Value", 1, 9);
  const TypeId wide = builder.tuple("Entry", {{"sequence_number", builder.range("", 0, 1000000)},
                                              {"written_by", builder.option(builder.process_of(0))},
                                              {"payload", builder.option(value)},
                                              {"acknowledged", builder.boolean()}});
  builder.role("ReplicatedStateMachine", 4,
               {{"the_newest_entry_of_all", wide},
                {"previous_entry", wide},
                {"flag", builder.boolean()},
                {"other", value}});
  builder.role("ImpatientClient", 3, {});
  builder.client(1);
  const int message = builder.message("ReplicateTheNewestEntry", {{"entry", wide}});
  builder.object("x", ops(op("read_the_newest_value", {}, builder.option(value)),
                          op("compare_and_set", {{"expected", value}, {"replacement", value}},
                             builder.boolean())));
  const auto protocol = builder.take();
  const Value empty = tuple({number(0), {}, {}, number(0)}),
              full = tuple({number(123456), number(0), number(7), number(1)});
  std::vector<std::vector<Value>> initial(4, {empty, empty, number(0), number(1)});
  initial.resize(7);
  RunBuilder run(protocol, initial);
  run.invoke(4, 1, {number(3), number(7)},
             "ImpatientClient 1 calls compare_and_set(3, 7) on the replicated register x for the "
             "first time in this run")
      .send(1, 4, 0, message, {full});
  run.cut({0, 1, 4}, {2, 3, 5, 6},
          "the network splits: {ReplicatedStateMachine 1, ReplicatedStateMachine 2, "
          "ImpatientClient 1} | {ReplicatedStateMachine 3, ReplicatedStateMachine 4, "
          "ImpatientClient 2, ImpatientClient 3}");
  run.deliver(1,
              "ReplicatedStateMachine 1 takes ReplicateTheNewestEntry((123456, "
              "ReplicatedStateMachine 1, 7, true)) from ImpatientClient 1")
      .set(0, 0, full)
      .set(0, 1, full)
      .set(0, 2, number(1))
      .set(0, 3, number(9));
  for (int r = 1; r < 4; ++r) run.send(static_cast<std::uint64_t>(1 + r), 0, r, message, {full});
  run.invoke(5, 0, {}, "ImpatientClient 2 calls read_the_newest_value()")
      .send(9, 5, 2, message, {empty});
  run.invoke(6, 1, {number(1), number(2)}, "ImpatientClient 3 calls compare_and_set(1, 2)")
      .send(10, 6, 3, message, {empty});
  run.deliver(2, "ReplicatedStateMachine 2 takes ReplicateTheNewestEntry(...)").set(1, 0, full);
  run.deliver(9, "ReplicatedStateMachine 3 answers").send(11, 2, 5, message, {empty});
  run.deliver(11, "ImpatientClient 2 gets none").answer(5, {});
  run.deliver(10, "ReplicatedStateMachine 4 takes it")
      .set(3, 2, number(1))
      .send(12, 3, 6, message, {full});
  run.deliver(12, "ImpatientClient 3 gets true").answer(6, Value::boolean(true));
  Evidence evidence = evidence_of(
      run.take(),
      "A title that is far too long for one line of the picture and therefore has to be broken "
      "into two lines, or even into three of them, without running into the meta line below it");
  evidence.why =
      "The first sentence of a long explanation says that the invariant is false, and names each "
      "of the processes that take part in it: ReplicatedStateMachine 1, ReplicatedStateMachine 2, "
      "ReplicatedStateMachine 3 and ReplicatedStateMachine 4. The second sentence is short.\nA "
      "third one stands on a line of its own.";
  return scenario_of(protocol, "a_scenario_with_an_even_longer_name",
                     "always every(r.the_newest_entry_of_all.payload != 7 or r.flag for r in "
                     "ReplicatedStateMachine)",
                     evidence);
}

checker::ScenarioReport many_steps() {
  ProtocolBuilder builder("gossip");
  const TypeId value = builder.range("Value", 1, 9);
  const TypeId optional_value = builder.option(value);
  builder.role("Node", 6, {{"value", optional_value}});
  builder.role("Client", 3, {});
  builder.client(1);
  const int push = builder.message("Push", {{"value", optional_value}});
  builder.object("x", ops(op("read", {}, optional_value), op("write", {{"value", value}})));
  const auto protocol = builder.take();
  std::vector<std::vector<Value>> initial(6, {Value()});
  initial.resize(9);
  RunBuilder run(protocol, initial);
  std::uint64_t id = 1;
  for (int round = 0; round < 5; ++round) {
    const int client = 6 + round % 3, node = (round * 2) % 6;
    const Value v = number(1 + round);
    run.invoke(client, 1, {v},
               "Client " + std::to_string(client - 5) + " calls write(" +
                   std::to_string(1 + round) + ")")
        .send(id, client, node, push, {v});
    const std::uint64_t first = id++;
    run.deliver(first, "Node " + std::to_string(node + 1) + " takes Push").set(node, 0, v);
    for (int other = 0; other < 6; ++other)
      if (other != node) run.send(id + static_cast<std::uint64_t>(other), node, other, push, {v});
    run.send(id + 6, node, client, push, {v});
    if (round == 1)
      run.cut({0, 1, 6}, {2, 3, 4, 5, 7, 8},
              "the network splits: {Node 1, Node 2, Client 1} | {Node 3, Node 4, Node 5, Node 6, "
              "Client 2, Client 3}");
    if (round == 2) run.crash(5, "Node 6 crashes");
    run.deliver(id + 6, "Client " + std::to_string(client - 5) + " gets ok").answer(client);
    for (int other = 0; other < 5; ++other) {
      const bool apart = round >= 1 && round < 3 && (other < 2) != (node < 2);
      if (other == node || apart) continue;
      run.deliver(
             id + static_cast<std::uint64_t>(other),
             "Node " + std::to_string(other + 1) + " takes Push(" + std::to_string(1 + round) + ")")
          .set(other, 0, v);
    }
    if (round == 3) run.heal("the network heals");
    if (round == 4) run.restart(5, "Node 6 restarts");
    id += 7;
  }
  run.invoke(7, 0, {}, "Client 2 calls read()").send(id, 7, 5, push, {Value()});
  run.deliver(id, "Node 6 takes Push").send(id + 1, 5, 7, push, {Value()});
  run.deliver(id + 1, "Client 2 gets none").answer(7, {});
  Evidence evidence =
      evidence_of(run.take(), "Client 2 reads none after write(5) was acknowledged");
  evidence.why = "Nothing more to say.";
  return scenario_of(protocol, "long", "always fresh", evidence);
}

/// Two stamps of clocks that disagree, a jump and a pause.
checker::ScenarioReport clocks() {
  ProtocolBuilder builder("lww");
  const TypeId value = builder.range("Value", 1, 2);
  const TypeId optional_value = builder.option(value);
  const TypeId time = builder.time();
  builder.role("Replica", 2, {{"stamp", time}, {"value", optional_value}});
  builder.role("Client", 2, {});
  builder.client(1);
  const int put = builder.message("Put", {{"value", value}});
  const int push = builder.message("Push", {{"stamp", time}, {"value", optional_value}});
  const int done = builder.message("Done", {});
  builder.object("x", ops(op("read", {}, optional_value), op("write", {{"value", value}})));
  const auto protocol = builder.take();
  const std::vector<Value> nothing = {number(model::kLeastTime), Value()};
  RunBuilder run(protocol, {nothing, nothing, {}, {}});
  run.invoke(2, 1, {number(1)}, "Client 1 calls write(1)").send(1, 2, 0, put, {number(1)});
  run.tick("a tick passes: it is 1");
  run.deliver(1, "Replica 1 handles Put(1) from Client 1").reading(1);
  run.set(0, 0, number(2)).set(0, 1, number(1)).send(2, 0, 2, done, {});
  run.tick("a tick passes: it is 2");
  run.deliver(2, "Client 1 gets Done() from Replica 1; write(1) returns").answer(2);
  run.jump(1, -2, "the clock of Replica 2 jumps back by 2");
  run.pause(0, "Replica 1 pauses");
  run.invoke(3, 1, {number(2)}, "Client 2 calls write(2)").send(3, 3, 1, put, {number(2)});
  run.reading(-1);
  run.tick("a tick passes: it is 3");
  run.deliver(3, "Replica 2 handles Put(2) from Client 2").reading(-2);
  run.set(1, 0, number(1)).set(1, 1, number(2)).send(4, 1, 3, done, {});
  run.act(1, "Replica 2 looks at its clock").reading(0);
  run.unpause(0, "Replica 1 goes on after its pause");
  run.tick("a tick passes: it is 4");
  run.deliver(4, "Client 2 gets Done() from Replica 2; write(2) returns").answer(3);
  run.act(0, "Replica 1 does gossip").send(5, 0, 1, push, {number(2), number(1)});
  run.tick("a tick passes: it is 5");
  run.deliver(5, "Replica 2 handles Push(2, 1) from Replica 1");
  run.set(1, 0, number(2)).set(1, 1, number(1));
  Evidence evidence = evidence_of(run.take(), "write(2) is lost: its stamp is the older one");
  evidence.why = "The clocks disagree.";
  return scenario_of(protocol, "acknowledged_write_lost", "no acknowledged write lost", evidence);
}

}  // namespace capstan::reports::test
