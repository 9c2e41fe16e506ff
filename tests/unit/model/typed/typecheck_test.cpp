// SPDX-License-Identifier: MIT
// What the type checker makes of correct specs: desugaring, slots, params, scripts, points.
#include "model/typed/typecheck.hpp"

#include <catch2/catch.hpp>

#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "model/system/evaluate.hpp"

namespace capstan::model {
namespace {

/// A spec without errors, elaborated at its points.
struct Spec {
  explicit Spec(const std::string& text)
      : source("spec.cap", text), file(parse(source, diagnostics)) {
    INFO(render_all(diagnostics, source));
    REQUIRE_FALSE(diagnostics.has_errors());
    points = enumerate_points(file, source, diagnostics);
  }

  Protocol at(std::size_t point) {
    Protocol protocol = elaborate(file, source, points.at(point), diagnostics);
    INFO(render_all(diagnostics, source));
    REQUIRE_FALSE(diagnostics.has_errors());
    return protocol;
  }

  SourceFile source;
  Diagnostics diagnostics;
  ast::File file;
  std::vector<PointRef> points;
};

std::vector<StatementKind> kinds(const Block& block) {
  std::vector<StatementKind> result;
  for (const Statement& statement : block) result.push_back(statement.kind);
  return result;
}

std::string shown(const Protocol& protocol, TypeId type, const Value& value) {
  return protocol.types.format(type, value);
}

using Kinds = std::vector<StatementKind>;

const std::string kRegister = R"(
protocol p
param replicas = 3
type Value = 1..2
type Tag = (round: 0..4, writer: Client?)
object x: register of Value?
message Query() -> Held(tag: Tag, value: Value?)
message Store(tag: Tag, value: Value?) -> Stored()
role Replica[replicas] {
  durable tag: Tag = (0, none)
  durable value: Value? = none
  on Query() { reply Held(tag, value) }
  on Store(t, v) { if t > tag { tag = t; value = v } reply Stored() }
}
role Client[2] {
  op x.write(v) {
    let held = ask majority of Replica: Query()
    let newest = max(h.tag for h in held)
    ask majority of Replica: Store((newest.round + 1, self), v)
  }
  op x.read() { return (ask Replica 1: Query()).value }
}
)";

TEST_CASE("roles become processes in order, types become concrete, replies know their requests") {
  Spec spec(kRegister + "scenario s { each Client does write(fresh), read() }");
  const Protocol p = spec.at(0);
  REQUIRE(p.process_count() == 5);
  CHECK(p.types.processes()[3].name == "Client 1");
  CHECK(p.roles[1].first_process == 3);
  CHECK(p.messages[0].reply == 1);
  CHECK(p.messages[1].request == 0);
  CHECK(p.types.describe(p.messages[1].fields[0].type) == "Tag");
  const Type& tuple = p.types.at(p.messages[1].tuple);
  REQUIRE(tuple.fields.size() == 3);
  CHECK(tuple.fields[2].name == "sender");
  CHECK(p.types.describe(tuple.fields[2].type) == "Replica");
  CHECK(p.types.describe(p.types.at(p.messages[0].in_flight).fields.back().type) == "Replica");
}

TEST_CASE("an ask in a let fills the let's slot; in a return it stands before") {
  Spec spec(kRegister + "scenario s { each Client does write(fresh), read() }");
  const Protocol p = spec.at(0);
  const Code& write = p.roles[1].operations[0].code;
  REQUIRE(kinds(write.block) == Kinds{StatementKind::Ask, StatementKind::Let, StatementKind::Ask});
  CHECK(write.frame.parameter_count == 1);
  const Statement& first = write.block[0];
  CHECK(write.frame.slots[static_cast<std::size_t>(first.ask->result_slot)].name == "held");
  CHECK(first.ask->count == AskData::Count::Quorum);
  CHECK(first.live_slots == std::vector<int>{0});  // v; held is its result
  CHECK(write.block[2].live_slots.empty());
  CHECK(write.block[2].ask->result_slot == -1);
  const Code& read = p.roles[1].operations[1].code;
  REQUIRE(kinds(read.block) == Kinds{StatementKind::Ask, StatementKind::Return});
  CHECK(read.frame.slots[0].name == "$ask");
  CHECK(read.block[1].value->kind == ExprKind::Field);
}

TEST_CASE("fresh takes values in the order of lines, processes and steps, never none") {
  Spec spec(kRegister + R"(
scenario s { Client 2 does write(fresh)  Client 1 does read(), write(fresh), write(1) })");
  const Protocol p = spec.at(0);
  const auto& scripts = p.scenario.scripts;
  REQUIRE(scripts[4].size() == 1);
  CHECK(scripts[4][0].inputs[0].values == std::vector<Value>{Value::integer(1)});
  REQUIRE(scripts[3].size() == 3);
  CHECK(scripts[3][1].inputs[0].values == std::vector<Value>{Value::integer(2)});
  CHECK(scripts[3][2].inputs[0].values == std::vector<Value>{Value::integer(1)});
  CHECK(scripts[0].empty());
}

TEST_CASE("any lists every value; a pool is shared by the processes of its line") {
  Spec spec(kRegister + R"(
scenario s { each Client does write(any), any 3 operations, any 1 operations })");
  const Protocol p = spec.at(0);
  const auto& scripts = p.scenario.scripts;
  CHECK(scripts[3][0].inputs[0].values.size() == 2);
  REQUIRE(p.scenario.pools.size() == 2);
  CHECK(p.scenario.pools[0].size == 3);
  CHECK(p.scenario.pools[1].size == 1);
  CHECK(scripts[3][1].pool == 0);
  CHECK(scripts[4][1].pool == 0);
  CHECK(scripts[4][2].pool == 1);
}

const std::string kHomes = R"(
protocol p
object x: register of 0..1
role Replica[3] { durable v: 0..1 = 0 }
role Client[2] {
  param home: Replica
  param other: Replica = Replica[index(home) % 3 + 1]
  param slow: bool = index(self) == 2
  op x.read() { return 0 }
}
)";

TEST_CASE("role params: one value, any, distinct, and defaults of each process") {
  Spec spec(kHomes + R"(
scenario same { each Client with home = Replica 2, other = Replica 1 does read() }
scenario every_home { each Client with home = any, other = Replica 1 does read() }
scenario differ { each Client with home = distinct, other = Replica 1 does read() }
scenario mixed { Client 1 with home = any does read()  Client 2 with home = Replica 1 does read() })");
  const auto same = spec.at(0);
  REQUIRE(same.scenario.parameter_choices.size() == 1);
  const auto& values = same.scenario.parameter_choices[0];
  CHECK(values[0].empty());
  CHECK(values[3] ==
        std::vector<Value>{Value::integer(1), Value::integer(0), Value::boolean(false)});
  CHECK(values[4][2] == Value::boolean(true));
  CHECK(spec.at(1).scenario.parameter_choices.size() == 9);
  const auto differ = spec.at(2);
  REQUIRE(differ.scenario.parameter_choices.size() == 6);
  for (const auto& choice : differ.scenario.parameter_choices) CHECK(choice[3][0] != choice[4][0]);
  const auto mixed = spec.at(3);
  REQUIRE(mixed.scenario.parameter_choices.size() == 3);
  for (const auto& choice : mixed.scenario.parameter_choices) {
    CHECK(choice[3][1].number() == (choice[3][0].number() + 1) % 3);  // the default follows home
  }
}

TEST_CASE("params follow what they are defined from; sweeps give points in order, iff its answer") {
  Spec spec(R"(
protocol p
param n = 3
param q = majority(n)
param fast = false
object x: register of 0..1
role Replica[n] { durable v: 0..1 = 0; op x.read() { return 0 } }
scenario plain { expect linearizable }
scenario larger with n = 5 { expect linearizable }
scenario swept with fast = true { for n in {1, 3}, q in 1..n where q != 2 expect not linearizable iff q == n }
)");
  const Protocol plain = spec.at(0);
  CHECK(plain.params[1].value.number() == 2);
  CHECK(plain.scenario.point_suffix.empty());
  const Protocol larger = spec.at(1);
  CHECK(larger.params[1].value.number() == 3);
  CHECK(larger.process_count() == 5);
  REQUIRE(spec.points.size() == 5);  // n, q: 1 1, 3 1, 3 3
  std::vector<std::string> suffixes;
  std::vector<bool> answers;
  for (std::size_t i = 2; i < spec.points.size(); ++i) {
    const Protocol p = spec.at(i);
    suffixes.push_back(p.scenario.point_suffix);
    answers.push_back(p.scenario.expectations.at(0).iff.value());
    CHECK(p.params[2].value.truth());
  }
  CHECK(suffixes == std::vector<std::string>{".n-1.q-1", ".n-3.q-1", ".n-3.q-3"});
  CHECK(answers == std::vector<bool>{true, false, true});
}

TEST_CASE("faults, the network and expectations keep their text") {
  Spec spec(kRegister + R"(
invariant fine: every(r.tag.round < 4 for r in Replica)
/// A comment.
scenario s {
  each Client does write(fresh)
  network kept
  faults { partition {Replica 1, Client 1} from rest up to 1; crash Replica but Replica 3 up to 2, at most 1 at once
           lose Store up to 3; duplicate   up to 1 }
  expect always   fine
  expect not linearizable of x
  expect sequential
})");
  const Protocol p = spec.at(0);
  CHECK(p.scenario.network_kept);
  CHECK(p.scenario.has_unsupported);
  REQUIRE(p.scenario.faults.size() == 4);
  CHECK(p.scenario.faults[0].named);
  CHECK(p.scenario.faults[0].from == std::vector<int>{0, 3});
  CHECK(p.scenario.faults[0].to == std::vector<int>{1, 2, 4});
  CHECK(p.scenario.faults[1].subjects == std::vector<int>{0, 1});
  CHECK(p.scenario.faults[1].limit == 2);
  CHECK(p.scenario.faults[1].at_once == 1);
  CHECK(p.messages[static_cast<std::size_t>(p.scenario.faults[2].message)].name == "Store");
  CHECK(p.scenario.faults[3].text == "duplicate up to 1");
  REQUIRE(p.scenario.expectations.size() == 3);
  CHECK(p.scenario.expectations[0].text == "always fine");
  CHECK(p.scenario.expectations[0].slug == "always-fine");
  CHECK(p.scenario.expectations[1].negated);
  CHECK(p.scenario.expectations[1].object == 0);
  CHECK(p.scenario.expectations[2].kind == PropertyKind::Unsupported);
  CHECK(p.scenario.doc == "A comment.");
}

TEST_CASE("procedure calls, any and relayed replies stand as statements of their own") {
  Spec spec(R"(
protocol p
message Get() -> Got(n: 0..3, who: Node)
message Tell(n: 0..3)
role Node[2] {
  durable n: 0..3 = 0
  fn bump(by: int) { n += by; return n }
  on Get() {
    if self == Node 1 { reply ask Node 2: Get() }
    else if n == 0 { reply Got(bump(1) + bump(1), self) }
    else { reply Got(n, self) }
  }
  on Tell(k) { n = any 0..k }
  action tell(k in {j for j in 1..3 where j != 2}) when n < k { send Tell(k) to any Node but self }
}
scenario s { })");
  const Protocol p = spec.at(0);
  const Block& get = p.roles[0].handlers[0].code.block;
  REQUIRE(kinds(get) == Kinds{StatementKind::If});
  CHECK(kinds(get[0].body) == Kinds{StatementKind::Ask, StatementKind::Reply});
  CHECK(get[0].body[1].args.size() == 2);
  REQUIRE(kinds(get[0].otherwise) == Kinds{StatementKind::If});
  CHECK(kinds(get[0].otherwise[0].body) ==
        Kinds{StatementKind::Call, StatementKind::Call, StatementKind::Reply});
  CHECK(kinds(p.roles[0].handlers[1].code.block) ==
        Kinds{StatementKind::Choose, StatementKind::Assign});
  const Action& tell = p.roles[0].actions[0];
  CHECK(kinds(tell.code.block) == Kinds{StatementKind::Choose, StatementKind::Send});
  CHECK(tell.binders[0].slots == std::vector<int>{0});  // parameters come first
  CHECK(tell.code.frame.slots[0].name == "k");
  CHECK(tell.code.frame.parameter_count == 1);
}

TEST_CASE("the type of sender is the role that sends the message, or process") {
  Spec spec(R"(
protocol p
message One()
message Both()
role A[2] {
  durable last: A? = none
  durable any_role: process? = none
  on One() { last = sender }
  on Both() { any_role = sender }
  action a { send One() to A; send Both() to A }
}
role B { action b { send Both() to A } }
scenario s { })");
  const Protocol p = spec.at(0);
  CHECK(p.types.describe(p.roles[0].handlers[0].code.block[0].value->type) == "A?");
  CHECK(p.roles[1].single);
  CHECK(p.types.processes()[2].name == "B");
}

TEST_CASE("expressions mean what their types say") {
  Spec spec(R"(
protocol p
type Key = {a, b}
type Pair = (n: 0..9, k: Key?)
ghost numbers: set of 0..9 = {1, 2} + {3} - {2}
ghost bag: set of 0..9 = {1, 2, 3} but 2
ghost pairs: set of Pair = {(x, k) for x in 1..2, k in Key where x == 1 or k == b}
ghost top: Pair = max((n: x, k: a) for x in 1..3)
ghost counts: map Key -> 0..9 = {a: 1, b: 2}
ghost larger: map Key -> 0..9 = max({a: 1, b: 2}, all 1)
ghost subset: bool = {1} < {1, 2} and {1, 2} <= {1, 2} and not ({1, 2} < {1, 2})
ghost joined: seq of 0..9 up to 5 = [1] + [x + 1 for x in [1, 2]]
ghost cut: seq of 0..9 up to 5 = [1, 2, 3][2..9]
ghost option: Pair? = none
ghost chosen: 0..9 = if false then 1 else 2 * 3 - 10 / 3
ghost modulo: 0..9 = -7 % 5
ghost total: 0..9 = sum(x for x in 1..3) + count(x > 1 for x in 1..3)
ghost nobody: 0..9 = max(x for x in 1..0, default: 7)
ghost members: set of R = R but R 2
ghost number: 0..9 = index(R[1 + 1]) + size(R) + size(Key)
role R[3] { }
scenario s { })");
  const Protocol p = spec.at(0);
  std::map<std::string, std::string> shown_values;
  for (const Ghost& ghost : p.ghosts) {
    shown_values[ghost.name] = shown(p, ghost.type, ghost.initial);
  }
  CHECK(shown_values["numbers"] == "{1, 3}");
  CHECK(shown_values["bag"] == "{1, 3}");
  CHECK(shown_values["pairs"] == "{(1, a), (1, b), (2, b)}");
  CHECK(shown_values["top"] == "(3, a)");
  CHECK(shown_values["counts"] == "{a: 1, b: 2}");
  CHECK(shown_values["larger"] == "{a: 1, b: 2}");
  CHECK(shown_values["subset"] == "true");
  CHECK(shown_values["joined"] == "[1, 2, 3]");
  CHECK(shown_values["cut"] == "[2, 3]");
  CHECK(shown_values["option"] == "none");
  CHECK(shown_values["chosen"] == "3");
  CHECK(shown_values["modulo"] == "3");
  CHECK(shown_values["total"] == "8");
  CHECK(shown_values["nobody"] == "7");
  CHECK(shown_values["members"] == "{R 1, R 3}");
  CHECK(shown_values["number"] == "7");
}

TEST_CASE("built-in objects have the operations of D17, and begin empty, zero or as said") {
  Spec spec(R"(
protocol p
type Value = 1..2
type Key = {photo, comment}
object r: register of Value = 2
object c: cas_register of Value?
object n: counter
object s[Key]: set of Value
object q: queue of Value
object l: log of Value
object m: lock
object job { state k: 0..9 = 3; op run(by: int) -> int { k += by; return k } }
role Client[2] {
  op s[key].contains(v) { return key == photo }
  op q.dequeue() { return none }
}
scenario s { Client 1 does s[comment].contains(2), dequeue() })");
  const Protocol p = spec.at(0);
  const auto ops = [&](std::size_t object) {
    std::string text;
    for (const ObjectOp& op : p.objects[object].ops) {
      text += op.name + "/" + std::to_string(op.parameters.size());
      text += op.has_result ? "->" + p.types.describe(op.result) + " " : " ";
    }
    return text;
  };
  CHECK(ops(0) == "read/0->Value write/1 ");
  CHECK(ops(1) == "read/0->Value? write/1 cas/2->bool ");
  CHECK(ops(2) == "read/0->int increment/0 decrement/0 add/1 ");
  CHECK(ops(3) == "read/0->set of Value add/1 remove/1 contains/1->bool ");
  CHECK(ops(4) == "enqueue/1 dequeue/0->Value? ");
  CHECK(ops(5) == "append/1 read/0->seq of Value ");
  CHECK(ops(6) == "acquire/0->bool release/0->bool ");
  CHECK(ops(7) == "run/1->int ");
  CHECK(p.objects[0].initial.number() == 2);
  CHECK(p.objects[1].initial.is_none());
  CHECK(p.objects[4].initial.elements().empty());
  CHECK(p.objects[7].initial == Value::tuple({Value::integer(3)}));
  CHECK(p.roles[0].operations[0].key_slot == 0);
  CHECK(p.scenario.scripts[0][0].key.values == std::vector<Value>{Value::integer(1)});
}

TEST_CASE("merges know what they merge; captions are split at their holes") {
  Spec spec(R"(
protocol p
message Push(s: 0..3, v: 0..3)
role Node[2] {
  durable stamp: 0..3 = 0
  durable value: 0..3 = 0
  merge join(v for value, s for stamp) { if s > stamp { stamp = s; value = v } }
  on Push(s, v) says "{self} hears {{{v}}} at {s + 1}" { join(v, s) }
}
scenario s { })");
  const Protocol p = spec.at(0);
  REQUIRE(p.functions.size() == 1);
  CHECK(p.functions[0].is_merge);
  CHECK(p.functions[0].merged_slots == std::vector<int>{1, 0});
  const Caption& caption = p.roles[0].handlers[0].code.says.value();
  CHECK(caption.pieces == std::vector<std::string>{"", " hears {", "} at ", ""});
  CHECK(caption.holes.size() == 3);
}

TEST_CASE("a set of more values than a limit is said, not listed") {
  Spec spec(kRegister + "scenario s { for replicas in 1..10_001 }");
  CHECK(spec.diagnostics.sorted().at(0).code == "E0509");
}

}  // namespace
}  // namespace capstan::model
