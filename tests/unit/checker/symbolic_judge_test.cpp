// SPDX-License-Identifier: MIT
// symbolic_judge: the solver's small language, verdicts with certificates, keys, limits, canonical
// forms.
#include <catch2/catch.hpp>

#include "checker/symbolic/judge.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/support/register_operations.hpp"

using namespace capstan;
using checker::Judgement;
using checker::kFalse;
using checker::kTrue;
using checker::Literal;
using checker::Solver;
using model::History;
using model::HistoryOperation;
using model::ObjectKind;
using model::Protocol;
using model::Value;
using Verdict = Judgement::Verdict;
using tests::kNever;
using tests::operation;
using tests::read;
using tests::write;

TEST_CASE("solver: constants are folded, sums may have negative weights, pop forgets") {
  Solver solver({});
  const Literal a = solver.variable(), b = solver.variable();
  CHECK(solver.any_of(std::vector<Literal>{a, kTrue}) == kTrue);
  CHECK(solver.all_of(std::vector<Literal>{a, kFalse}) == kFalse);
  CHECK(solver.any_of(std::vector<Literal>{kFalse, b}) == b);
  using Terms = std::vector<std::pair<Literal, std::int64_t>>;
  CHECK(solver.sum_is(Terms{{kTrue, 2}, {kFalse, 5}}, 2) == kTrue);
  CHECK(solver.sum_is(Terms{{a, 2}, {b, -1}}, 3) == kFalse);
  solver.push();
  solver.require(solver.sum_is(Terms{{a, 2}, {b, -1}}, 1));
  REQUIRE(solver.check() == Solver::Answer::Satisfiable);
  CHECK(solver.value(a));
  CHECK(solver.value(b));
  CHECK_FALSE(solver.value(!b));
  solver.require(!a);
  CHECK(solver.check() == Solver::Answer::Unsatisfiable);
  solver.pop();
  solver.push();
  solver.require_any({!a, !b});
  const std::vector<Literal> both{a, b};
  REQUIRE(solver.check(both) == Solver::Answer::Unsatisfiable);
  CHECK(solver.core().size() == 2);
  CHECK(solver.check(std::vector<Literal>{a}) == Solver::Answer::Satisfiable);
  solver.pop();
}

TEST_CASE("solver: numbers that Z3 cannot add make the answer unknown, until the outermost pop") {
  Solver solver({});
  solver.push();
  const Literal a = solver.variable();
  using Terms = std::vector<std::pair<Literal, std::int64_t>>;
  solver.require(solver.sum_is(Terms{{a, 1'000'000'000'000}}, 5));
  CHECK(solver.check() == Solver::Answer::Unknown);
  CHECK(solver.reason() == "Z3: a number is too large for a sum");
  solver.pop();
  solver.push();
  solver.require(solver.variable());
  CHECK(solver.check() == Solver::Answer::Satisfiable);
  solver.pop();
}

TEST_CASE("judge: a linearizable history comes with an order that is checked by replay") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const History history{write(0, 1, 0, 5), read(1, 1, 1, 2), write(2, 2, 3, kNever),
                        read(1, 2, 6, 7)};
  const Judgement judgement = checker::judge_linearizable(protocol, history);
  REQUIRE(judgement.verdict == Verdict::Linearizable);
  REQUIRE(judgement.certificates.size() == 1);
  CHECK(judgement.certificates[0].order == std::vector<int>{0, 1, 2, 3});
  CHECK(checker::explains(protocol, history, judgement.certificates[0]));
}

TEST_CASE("judge: orders that are no explanation are refused") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const History history{write(0, 1, 0, 1), write(0, 2, 2, 3), read(1, 2, 4, 5),
                        write(2, 3, 4, kNever)};
  const auto explains = [&](std::vector<int> order) {
    return checker::explains(protocol, history, {0, {}, std::move(order)});
  };
  CHECK(explains({0, 1, 2}));
  CHECK(explains({0, 1, 2, 3}));
  CHECK_FALSE(explains({0, 1}));        // an answered operation is missing
  CHECK_FALSE(explains({0, 1, 2, 2}));  // twice
  CHECK_FALSE(explains({1, 0, 2}));     // against real time
  CHECK_FALSE(explains({0, 1, 3, 2}));  // the read returns something else
  CHECK_FALSE(
      checker::explains(protocol, history, {0, Value::integer(1), {0, 1, 2}}));  // another key
}

TEST_CASE("judge: keys are judged apart, and the violated one is named") {
  Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  protocol.objects[0].has_key = true;
  protocol.objects[0].key = protocol.objects[0].element;
  History history{write(0, 1, 0, 1), write(0, 2, 2, 3), read(1, 0, 4, 5), read(1, 2, 6, 7)};
  for (const std::size_t i : {0U, 2U}) history[i].key = Value::integer(1);
  for (const std::size_t i : {1U, 3U}) history[i].key = Value::integer(2);
  const Judgement judgement = checker::judge_linearizable(protocol, history);
  CHECK(judgement.verdict == Verdict::NotLinearizable);
  CHECK(judgement.key == Value::integer(1));
  history[2].result = Value::integer(1);
  const Judgement repaired = checker::judge_linearizable(protocol, history);
  CHECK(repaired.verdict == Verdict::Linearizable);
  CHECK(repaired.certificates.size() == 2);
}

TEST_CASE("judge: what it has no room for is undecided, with the reason") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Written);
  History history;
  for (int i = 0; i < 17; ++i) history.push_back(operation(i, 2, {}, Value::integer(2), 0, 1));
  const Judgement judgement = checker::judge_linearizable(protocol, history);
  CHECK(judgement.verdict == Verdict::Undecided);
  CHECK(judgement.reason == "a written-out object is judged symbolically up to 16 operations only");
  history.resize(16);
  CHECK(checker::judge_linearizable(protocol, history).verdict == Verdict::Linearizable);
}

TEST_CASE("judge: a model error explains nothing") {
  Protocol protocol = tests::make_object_protocol(ObjectKind::Written);
  protocol.objects[0].ops[1].block[0].place.type =
      protocol.objects[0].element;  // the balance is 0..3 now
  const auto deposit = [](int amount) {
    return operation(0, 1, {Value::integer(amount)}, {}, 0, 1);
  };
  CHECK(checker::judge_linearizable(protocol, {deposit(3)}).verdict == Verdict::NotLinearizable);
  CHECK(checker::judge_linearizable(protocol, {deposit(1)}).verdict == Verdict::Linearizable);
}

TEST_CASE("judge: canonical forms forget names and distances, never order or equality") {
  const Protocol protocol = tests::make_object_protocol(ObjectKind::Register);
  const auto form = [&](const History& history) {
    return checker::canonical_form(protocol, history, checker::parts_of(protocol, history).at(0));
  };
  const std::string one = form({write(0, 1, 0, 1), read(1, 1, 2, 3)});
  CHECK(form({write(3, 2, 4, 9), read(0, 2, 12, 30)}) == one);
  CHECK(form({write(0, 1, 0, 2), read(1, 1, 1, 3)}) != one);  // beside it
  CHECK(form({write(0, 1, 0, 1), read(1, 2, 2, 3)}) != one);  // another value
  CHECK(form({write(0, 1, 0, 1), read(1, 0, 2, 3)}) != one);  // the initial value keeps its name
  CHECK(form({write(0, 1, 0, kNever), read(1, 1, 2, 3)}) != one);
  const Protocol account = tests::make_object_protocol(ObjectKind::Written);
  const auto withdraw = [&](int amount) {
    const History history{operation(0, 0, {Value::integer(amount)}, Value::boolean(true), 0, 1)};
    return checker::canonical_form(account, history, checker::parts_of(account, history).at(0));
  };
  CHECK(withdraw(1) != withdraw(2));  // amounts are not mere names
}
