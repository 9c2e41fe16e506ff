// SPDX-License-Identifier: MIT
// The printer: printing and parsing again is the identity, for texts with every construct and for
// random trees.
#include "model/syntax/printer.hpp"

#include <catch2/catch.hpp>
#include <random>
#include <string>
#include <utility>
#include <vector>

#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "support/tree_dump.hpp"

using namespace capstan::model;
using capstan::tests::dump;

namespace {

ast::File parsed(const std::string& text) {
  const SourceFile source("x.cap", text);
  Diagnostics diagnostics;
  ast::File file = parse(source, diagnostics);
  INFO(text);
  INFO(render_all(diagnostics, source));
  REQUIRE(diagnostics.empty());
  return file;
}

void check_identity(const std::string& text) {
  const ast::File file = parsed(text);
  const std::string printed = print(file);
  const ast::File again = parsed(printed);
  CHECK(dump(file) == dump(again));
  CHECK(print(again) == printed);
}

/// Random expressions without parentheses where the tree needs them: the printer must add them.
class Generator {
 public:
  explicit Generator(unsigned seed) : random_(seed) {}

  ast::ExprPtr expression(int depth) {
    auto result = std::make_unique<ast::Expr>();
    const int choice = depth == 0 ? below(2) : below(9);
    if (choice == 0) {
      result->kind = ast::ExprKind::Integer;
      result->number = below(10);
    } else if (choice == 1) {
      result->kind = ast::ExprKind::Name;
      result->name.text = std::string(1, static_cast<char>('a' + below(5)));
    } else if (choice < 5) {
      static const std::vector<std::string> operators = {
          "implies", "or", "and", "==",  "<=", "in", "not in", "??",
          "..",      "+",  "-",   "but", "*",  "/",  "%"};
      result->kind = ast::ExprKind::Binary;
      result->op = operators[static_cast<std::size_t>(below(static_cast<int>(operators.size())))];
      add(*result, depth, 2);
    } else if (choice == 5) {
      static const std::vector<std::string> operators = {"not", "-", "all"};
      result->kind = ast::ExprKind::Unary;
      result->op = operators[static_cast<std::size_t>(below(3))];
      add(*result, depth, 1);
    } else if (choice == 6) {
      result->kind = ast::ExprKind::If;
      add(*result, depth, 3);
    } else if (choice == 7) {
      static const std::vector<ast::ExprKind> kinds = {ast::ExprKind::Set, ast::ExprKind::Sequence,
                                                       ast::ExprKind::Index};
      result->kind = kinds[static_cast<std::size_t>(below(3))];
      add(*result, depth, 2);
    } else {
      result->kind = below(2) == 0 ? ast::ExprKind::Force : ast::ExprKind::Field;
      result->name.text = "f";
      add(*result, depth, 1);
    }
    return result;
  }

 private:
  int below(int limit) { return static_cast<int>(random_() % static_cast<unsigned>(limit)); }
  void add(ast::Expr& expr, int depth, int count) {
    for (int i = 0; i < count; ++i) expr.operands.push_back(expression(depth - 1));
  }
  std::mt19937 random_;
};

/// The dump without the parentheses that the printer added.
std::string without_parentheses(const ast::Expr& expr) {
  std::string text = dump(expr);
  for (std::size_t at = 0; (at = text.find("(paren ")) != std::string::npos;) {
    int open_count = 0;
    std::size_t end = at;
    do {
      if (text[end] == '(') ++open_count;
      if (text[end] == ')') --open_count;
      ++end;
    } while (open_count > 0);
    text = text.substr(0, at) + text.substr(at + 7, end - at - 8) + text.substr(end);
  }
  return text;
}

}  // namespace

TEST_CASE("a file with every kind of declaration is printed as it is", "[printer]") {
  const std::string text = R"(capstan 1
/// A protocol.
///
/// With a second paragraph.
protocol all_of_it

param n = 3
param leader: Node = Node 1

type Value = 1..2
type Stamp = (at: time, by: Node?)

object x[Key]: register of Value? = 1

object job {
  state n: 0..2 = 0
  op run() -> int { n += 1; return n }
}

message Put(value: Value) -> Done()
message Push(stamp: Stamp, value: Value?)

ghost seen: set of Value = {}

role Node[n] {
  param home: Node
  param slow: bool = false

  durable stamp: Stamp = (least, none)
  durable unsynced value: Value? = none
  volatile leased: time = least

  on start { }
  on restart { leased = least }

  on Put(v) when slow or not slow says "{self} takes {v}, {{once}}" {
    if v > 1 { value = v } else { fail }
    for k in Key, l in Key where k != l { touch(k, l) }
    let held = ask majority of Node but self: Query(v) where it.ok else after 3 { return }
    seen += {v}
    reply Done()
  }

  optional action gossip(p in Node) when p != home { send Push(stamp, value) to any Node after 1 }

  op x[k].write(v) { ask home: Put(v) }

  merge join(s for stamp, v for value) { stamp = s }

  fn leads() = self == Node 1
  fn touch(k: Key, l: Key) { assert k != l; sync }
}

role Client { }

invariant agreed: every(a.stamp == b.stamp for a, b in Node)

/// Of the scenario.
scenario everything with n = 2 {
  for skew in 0..3 where skew > 0
  each Client with home = any does write(fresh), any 2 operations
  Client 1 does x[a].read(any), wait until done(Client 2)
  clocks within skew, jump up to 1 by -3..3
  network delay 1..2
  faults {
    crash Node up to 2, at most 1 at once
    partition {Node 1} from rest one_way dropping up to 1
    lose Push up to 1
  }
  expect converges on (r.value for r in Node where r.home == r)
  expect whenever true, eventually false
  expect not linearizable of x iff skew == 1
}

card with n = 3 {
  each Client does read()
  under calm { }
  under cut { partition up to 1; clocks free }
}
)";
  CHECK(print(parsed(text)) == text);
}

TEST_CASE("long blocks, heads and formulas are broken", "[printer]") {
  const std::string text = R"(protocol broken

role Node {
  action grow(k in Key) when some_condition(k) and another_condition(k)
    says "{self} grows, and says so in a caption that is long enough for a line of its own" {
    let a = 1
    let b = 2
    let c = 3
    let d = 4
  }

  action choose {
    if first_condition_of_all() {
      first_statement_of_all(first_argument)
    } else if second_condition_of_all() {
      second_statement_of_all(second_argument)
    } else {
      third_statement_of_all()
    }
  }
}

invariant long_enough:
  every(first_of_a_pair.value == second_of_a_pair.value for first_of_a_pair, second_of_a_pair in Node)
)";
  CHECK(print(parsed(text)) == text);
}

TEST_CASE("print and parse is the identity", "[printer]") {
  check_identity("protocol p");
  check_identity("protocol p role R { action a { } } card { }");
  check_identity(
      "protocol p type A = -2 * n..n type B = seq of set of map K -> V? up to 2 * n - 1");
  check_identity(
      "protocol p fn f() = (ask all of {a, b}: M(x: 1) where if a then b else c else after 3 { x = "
      "(ask p: N()).v; fail })");
  check_identity(
      "protocol p role R { on M() { reply ask any R: M() else { return (ask p: M() else { }) } to "
      "a } }");
  check_identity(
      "protocol p invariant i: a implies (b implies c) implies not (a == b) == c or -(-1) - (2 - "
      "3) in 1..2");
  check_identity(
      "protocol p invariant i: {} + {a} + {a: 1} + {a for a in S} + {a: b for a in S} + [] + [a] + "
      "[a for a in S]");
  check_identity("protocol p invariant i: all all (x ?? y ?? z)! == m[k][1..2].f.g(1)!");
  check_identity("/// a\n///\n///  b\nprotocol p\n/// c\nscenario s { }");
}

TEST_CASE("parentheses are added where a tree needs them", "[printer]") {
  const unsigned seed = 20260511;
  INFO("seed " << seed);
  Generator generator(seed);
  for (int i = 0; i < 3000; ++i) {
    const ast::ExprPtr tree = generator.expression(5);
    const ast::File file = parsed("protocol p\ninvariant i: " + print(*tree));
    CHECK(without_parentheses(*file.invariants.at(0).value) == dump(*tree));
  }
}

TEST_CASE("properties and types are printed on one line", "[printer]") {
  const ast::File file = parsed(
      "protocol p type T = map K -> seq of V up to 2 scenario s { expect no acknowledged write "
      "lost }");
  CHECK(print(*file.types[0].type) == "map K -> seq of V up to 2");
  CHECK(print(file.scenarios[0].expectations[0].property) == "no acknowledged write lost");
}
