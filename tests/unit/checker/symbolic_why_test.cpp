// SPDX-License-Identifier: MIT
// symbolic_why: the sentences, titles and orders of known violations; every explanation of random
// ones verifies, and none that was tampered with.
#include <catch2/catch.hpp>
#include <iostream>
#include <set>

#include "checker/symbolic/why.hpp"
#include "model/base/hash.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/support/register_operations.hpp"

using namespace capstan;
using checker::Explanation;
using checker::Rule;
using checker::Sentence;
using model::History;
using model::HistoryOperation;
using model::ObjectKind;
using model::Protocol;
using model::Value;
using tests::kNever;
using tests::operation;
using tests::read;
using tests::write;

namespace {

Explanation explain(const Protocol& protocol, const History& history) {
  const auto explanation = checker::explain_not_linearizable(protocol, history);
  if (!explanation) FAIL(explanation.failure().message);
  CHECK_FALSE(checker::verify(protocol, history, explanation.value()).has_value());
  return explanation.value();
}

std::vector<std::string> texts(const Explanation& explanation) {
  std::vector<std::string> texts;
  for (const Sentence& sentence : explanation.sentences) texts.push_back(sentence.text);
  return texts;
}

}  // namespace

TEST_CASE("why: an acknowledged write is lost to an older one") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const History history{write(1, 2, 2, 4), write(0, 1, 8, 10), read(0, 2, 13, 15)};
  const Explanation why = explain(protocol, history);
  CHECK(why.title == "Client 1 reads 2 after its own write(1) was acknowledged");
  CHECK(texts(why) ==
        std::vector<std::string>{
            "write(2) must come before write(1): it was acknowledged (step 4) before write(1) was "
            "called (step 8).",
            "write(1) must come before read: it was acknowledged (step 10) before read was called "
            "(step 13).",
            "read returned 2, so write(2) is the last write before it: with 2, write(1) must come "
            "before write(2)."});
  CHECK(why.conclusion ==
        "1 and 3 contradict each other. Facts used: 3 of 4 (2 of real time, 1 answer).");
  REQUIRE(why.operations.size() == 3);
  CHECK(why.operations[0].badge == "a");
  CHECK(why.operations[1].badge == "b");
  CHECK(why.operations[2].badge == "r");
  CHECK(why.sentences[0].from_step == 4);
  CHECK(why.sentences[0].to_step == 8);
  CHECK(why.cycle == std::vector<checker::CoreEdge>{{0, 1, 1}, {1, 2, 2}, {1, 0, 3}});
  CHECK(why.orders_summary ==
        "1 of 6 orders respects real time, and it does not explain the read. Longest order that "
        "works: 2 of 3 "
        "operations.");
  REQUIRE(why.orders.size() == 2);
  CHECK(why.orders[0].states == std::vector<std::string>{"x = 0", "x = 2", "x = 1"});
  CHECK(why.orders[0].breaks_at == 2);
  CHECK(why.orders[0].text == "r must return 1, the client got 2");
  CHECK(why.orders[1].respects_real_time == false);
  CHECK(why.orders[1].states.size() == 4);
}

TEST_CASE("why: a read misses what was acknowledged before it") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const Explanation why = explain(protocol, {write(0, 1, 2, 6), read(1, 0, 7, 11)});
  CHECK(why.title == "Client 2 reads 0 after write(1) was acknowledged");
  CHECK(texts(why) == std::vector<std::string>{
                          "write(1) must come before read: it was acknowledged (step 6) before "
                          "read was called (step 7).",
                          "read returned 0, the initial value, so it must come before write(1)."});
  CHECK(why.conclusion ==
        "1 and 2 contradict each other. Facts used: 2 of 2 (1 of real time, 1 answer).");
}

TEST_CASE("why: a client's reads go back while a write is pending") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const Explanation why =
      explain(protocol, {write(0, 1, 1, kNever), read(1, 1, 2, 5), read(1, 0, 6, 9)});
  CHECK(why.title == "Client 2's read goes back from 1 to 0");
  CHECK(texts(why) ==
        std::vector<std::string>{
            "Client 2's read of 1 must come before Client 2's read of 0: it returned 1 (step 5) "
            "before Client 2's "
            "read of 0 was called (step 6).",
            "Client 2's read returned 1, which only write(1) can have brought about, so write(1) "
            "must come before "
            "Client 2's read of 1.",
            "Client 2's read returned 0, the initial value, so it must come before write(1)."});
}

TEST_CASE("why: a value that nobody wrote, and one that was read before it was written") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const Explanation nobody = explain(protocol, {write(0, 1, 0, 1), read(1, 3, 2, 3)});
  CHECK(nobody.title == "Client 2 reads 3, which nobody wrote");
  CHECK(texts(nobody) == std::vector<std::string>{"read returned 3, but nothing ever writes 3."});
  CHECK(nobody.conclusion == "Nothing explains 1. Facts used: 1 of 2 (1 answer).");
  const Explanation early = explain(protocol, {read(1, 1, 0, 1), write(0, 1, 2, 3)});
  CHECK(early.title == "Client 2 reads 1 before write(1) was called");
}

TEST_CASE("why: the double spend") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Written);
  const Value two = Value::integer(2), yes = Value::boolean(true);
  const History history{operation(0, 0, {two}, yes, 2, 7), operation(1, 0, {two}, yes, 3, 9)};
  const Explanation why = explain(protocol, history);
  CHECK(why.title == "Client 1 and Client 2 both withdraw 2 from a balance of 2");
  CHECK(texts(why) ==
        std::vector<std::string>{
            "Client 1's withdraw(2) (a) returned true (step 7).",
            "Client 2's withdraw(2) (b) returned true (step 9).",
            "In the order withdraw(2) (a), withdraw(2) (b): balance = 0 by then, so Client 2's "
            "withdraw(2) must return false; in the order b, a likewise.",
            "No order begins differently, so none is left."});
  CHECK(why.conclusion == "No order is left. Facts used: 2 of 2 (2 answers).");
  CHECK(why.orders_summary ==
        "2 of 2 orders respect real time, and none explains the answers. Longest order that works: "
        "1 of 2 "
        "operations.");
}

TEST_CASE("why: orders that real time forbids are not told of") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Written);
  const Value two = Value::integer(2), yes = Value::boolean(true);
  const Explanation why =
      explain(protocol, {operation(0, 0, {two}, yes, 2, 3), operation(1, 0, {two}, yes, 4, 6)});
  CHECK(
      texts(why) ==
      std::vector<std::string>{
          "Client 1's withdraw(2) must come before Client 2's withdraw(2): it returned true (step "
          "3) before Client 2's withdraw(2) was called (step 4).",
          "Client 2's withdraw(2) (b) returned true (step 6).",
          "In the order withdraw(2) (a), withdraw(2) (b): balance = 0 by then, so Client 2's "
          "withdraw(2) must return false.",
          "Every order that keeps 1 begins like this, so none is left."});
  CHECK(why.conclusion == "No order is left. Facts used: 2 of 3 (1 of real time, 1 answer).");
}

TEST_CASE("why: an answer that a reason rests on is said, and counted") {
  const Protocol lock = tests::make_object_protocol(ObjectKind::Lock);
  const Value yes = Value::boolean(true);
  // Acquired, released by one who did not hold it, and acquired again.
  const Explanation why =
      explain(lock, {operation(0, 0, {}, yes, 0, 2), operation(1, 0, {}, yes, 3, 5)});
  int facts = 0;
  for (const Sentence& sentence : why.sentences)
    facts += sentence.rule == Rule::RealTime || sentence.rule == Rule::Returned ? 1 : 0;
  std::set<int> readers;
  for (const Sentence& sentence : why.sentences)
    if (sentence.rule != Rule::RealTime && sentence.rule != Rule::Returned && sentence.reader >= 0)
      readers.insert(sentence.reader);
  for (const Sentence& sentence : why.sentences)
    if (sentence.rule == Rule::Returned) readers.erase(sentence.reader);
  CHECK(why.core_size == facts + static_cast<int>(readers.size()));
}

TEST_CASE("why: what a failed write has to do with it") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  HistoryOperation failed = write(0, 2, 3, 6);
  const History history{write(0, 1, 0, 2), read(1, 2, 7, 9)};
  const auto why = checker::explain_not_linearizable(protocol, history, -1, {}, {failed});
  REQUIRE(why.has_value());
  CHECK(why.value().title == "Client 2 reads 2, which only a write that failed wrote");
  CHECK(
      texts(why.value()) ==
      std::vector<std::string>{
          "read returned 2, but nothing writes 2 but Client 1's write(2) (step 6), which failed."});
  CHECK(
      why.value().note ==
      "Client 1's write(2) (step 6) failed: `fail` says that there was certainly no effect. Had it "
      "taken effect, an order would explain what the clients saw. What may have had an effect ends "
      "with `unknown`.");
  CHECK_FALSE(checker::verify(protocol, history, why.value()).has_value());
}

TEST_CASE("why: counters, queues, locks") {
  const Protocol counter = tests::make_object_protocol(ObjectKind::Counter);
  const History likes{operation(0, 1, {}, {}, 0, 3), operation(1, 1, {}, {}, 1, 4),
                      read(2, 1, 5, 8)};
  const Explanation lost = explain(counter, likes);
  CHECK(lost.title == "Client 3 reads 1 after 2 increments were acknowledged");
  CHECK(texts(lost) ==
        std::vector<std::string>{"Client 1's increment must come before read: it was acknowledged "
                                 "(step 3) before read was "
                                 "called (step 5).",
                                 "Client 2's increment must come before read: it was acknowledged "
                                 "(step 4) before read was "
                                 "called (step 5).",
                                 "read returned 1, but with 1 and 2 x is 2 by then."});
  const Protocol queue = tests::make_object_protocol(ObjectKind::Queue);
  const History twice{operation(0, 0, {Value::integer(1)}, {}, 0, 1),
                      operation(1, 1, {}, Value::integer(1), 2, 5),
                      operation(2, 1, {}, Value::integer(1), 3, 6)};
  const Explanation doubled = explain(queue, twice);
  CHECK(doubled.title == "Client 2 and Client 3 both dequeue 1");
  CHECK(texts(doubled) ==
        std::vector<std::string>{"Client 2's dequeue and Client 3's dequeue both returned 1, but 1 "
                                 "is enqueued only once."});
  const Protocol lock = tests::make_object_protocol(ObjectKind::Lock);
  const Explanation held = explain(lock, {operation(0, 0, {}, Value::boolean(true), 0, 2),
                                          operation(1, 0, {}, Value::boolean(true), 1, 3)});
  CHECK(held.title == "Client 1 and Client 2 both acquire the lock");
}

TEST_CASE("why: an object with keys is named with its key, and the other keys do not matter") {
  Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  protocol.objects[0].has_key = true;
  protocol.objects[0].key = protocol.objects[0].element;
  History history{write(0, 1, 0, 1), write(0, 2, 2, 3), read(1, 0, 4, 5)};
  for (const std::size_t i : {0U, 2U}) history[i].key = Value::integer(3);
  history[1].key = Value::integer(2);
  const Explanation why = explain(protocol, history);
  CHECK(why.subject == "x[3]");
  CHECK(why.fact_count == 2);
  CHECK(why.operations.size() == 2);
}

TEST_CASE("why: a linearizable history has no explanation") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const auto explanation =
      checker::explain_not_linearizable(protocol, {write(0, 1, 0, 1), read(1, 1, 2, 3)});
  REQUIRE_FALSE(explanation.has_value());
  CHECK(explanation.failure().message == "the history is linearizable");
}

namespace {

/// Explanations of which something is not true any more: each must be refused.
std::vector<Explanation> tampered(const Explanation& good) {
  std::vector<Explanation> all;
  for (std::size_t i = 0; i < good.sentences.size(); ++i) {
    const Sentence& sentence = good.sentences[i];
    if (sentence.is_edge()) {
      all.push_back(good);
      std::swap(all.back().sentences[i].before, all.back().sentences[i].after);
    }
    if (sentence.rule == Rule::NotBetween) {
      all.push_back(good);
      all.back().sentences[i].premises.clear();
    }
  }
  if (good.contradiction == Rule::Cycle) {
    all.push_back(good);
    all.back().contradicting.pop_back();
  }
  return all;
}

}  // namespace

TEST_CASE(
    "why: every violation among random histories is explained, and no tampered explanation "
    "verifies") {
  constexpr int kViolations = 150;
  for (const ObjectKind kind : tests::all_kinds()) {
    const Protocol protocol = tests::make_object_protocol(kind);
    const std::uint64_t seed = model::combine(77, static_cast<std::uint64_t>(kind));
    std::mt19937_64 random(seed);
    int explained = 0, by_orders = 0, refused = 0;
    std::size_t sentences = 0;
    while (explained < kViolations) {
      const auto events = tests::random_events(protocol, random);
      const History history = model::operations_of(events);
      if (tests::is_linearizable_by_brute_force(protocol, history)) continue;
      INFO(tests::kind_name(kind) << ", seed " << seed << ", violation " << explained << "\n"
                                  << tests::describe(protocol, events));
      const Explanation why = explain(protocol, history);
      ++explained;
      by_orders += why.contradiction == Rule::AllOrders ? 1 : 0;
      sentences += why.sentences.size();
      CHECK_FALSE(why.title.empty());
      CHECK(why.core_size <= why.fact_count);
      for (const Explanation& bad : tampered(why)) {
        CHECK(checker::verify(protocol, history, bad).has_value());
        ++refused;
      }
    }
    std::cout << tests::kind_name(kind) << ", seed " << seed << ": " << explained
              << " violations explained and verified, " << by_orders << " by listing orders, "
              << sentences << " sentences; " << refused << " tampered explanations refused\n";
  }
}
