// SPDX-License-Identifier: MIT
// The parser: tables of spec text and one-line trees. What it reports is in tests/golden/syntax.
#include "model/syntax/parser.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <utility>
#include <vector>

#include "model/source/render.hpp"
#include "support/tree_dump.hpp"

using namespace capstan::model;
using capstan::tests::dump;

namespace {

ast::File parsed(const std::string& text) {
  const SourceFile source("x.cap", text);
  Diagnostics diagnostics;
  ast::File file = parse(source, diagnostics);
  INFO(render_all(diagnostics, source));
  REQUIRE(diagnostics.empty());
  return file;
}

std::string expression(const std::string& text) {
  return dump(*parsed("protocol p\ninvariant i: " + text).invariants.at(0).value);
}

std::string type(const std::string& text) {
  return dump(*parsed("protocol p\ntype T = " + text).types.at(0).type);
}

std::string statement(const std::string& text) {
  const ast::File file = parsed("protocol p\nrole R { action a {\n" + text + "\n} }");
  std::string result;
  for (const ast::Statement& item : file.roles.at(0).actions.at(0).block)
    result += (result.empty() ? "" : " ") + dump(item);
  return result;
}

std::string property(const std::string& text) {
  return dump(parsed("protocol p\nscenario s { expect " + text + " }")
                  .scenarios.at(0)
                  .expectations.at(0)
                  .property);
}

/// How many errors the text has.
std::size_t error_count(const std::string& text) {
  const SourceFile source("x.cap", text);
  Diagnostics diagnostics;
  parse(source, diagnostics);
  return diagnostics.sorted().size();
}

using Table = std::vector<std::pair<std::string, std::string>>;

}  // namespace

TEST_CASE("operators group by precedence", "[parser]") {
  const Table table = {
      {"a or b and c", "(or a (and b c))"},
      {"not a and b", "(and (not a) b)"},
      {"not a == b", "(not (== a b))"},
      {"not not a", "(not (not a))"},
      {"a implies b implies c", "(implies a (implies b c))"},
      {"a or b implies c and d", "(implies (or a b) (and c d))"},
      {"a implies if b then c else d", "(implies a (if b c d))"},
      {"if a then b else if c then d else e", "(if a b (if c d e))"},
      {"if a then b else c or d", "(if a b (or c d))"},
      {"1 + 2 * 3 - 4", "(- (+ 1 (* 2 3)) 4)"},
      {"a - b - c", "(- (- a b) c)"},
      {"a / b % c", "(% (/ a b) c)"},
      {"-a * b", "(* (- a) b)"},
      {"- - a.b", "(- (- (. a b)))"},
      {"a - -b", "(- a (- b))"},
      {"1..n + 1", "(.. 1 (+ n 1))"},
      {"a in 1..3", "(in a (.. 1 3))"},
      {"a not in b + c", "(not in a (+ b c))"},
      {"x ?? y ?? z", "(?? x (?? y z))"},
      {"x ?? y == z", "(== (?? x y) z)"},
      {"x == all none", "(== x (all none))"},
      {"all all 0 ?? a", "(all (all (?? 0 a)))"},
      {"Node but self but x", "(but (but Node self) x)"},
      {"a < b and b <= c", "(and (< a b) (<= b c))"},
      {"(a < b) == c", "(== (paren (< a b)) c)"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(expression(text) == tree);
  }
}

TEST_CASE("postfixes, names, calls", "[parser]") {
  const Table table = {
      {"a.b.c", "(. (. a b) c)"},
      {"a.f(1, x: 2)", "(method f a 1 x:2)"},
      {"a[1..n][2]!", "(! (at (at a (.. 1 n)) 2))"},
      {"x!.y", "(. (! x) y)"},
      {"Replica 1 == self", "(== Replica#1 self)"},
      {"Node[i].log[1]", "(at (. (at Node i) log) 1)"},
      {"Warehouse.day", "(. Warehouse day)"},
      {"Replica 1.day", "(. Replica#1 day)"},
      {"f()", "(call f)"},
      {"max(a, b, default: 0)", "(call max a b default:0)"},
      {"max(x for x in s)", "(for max x [(in [x] s)])"},
      {"max(x for x in s where x > 0, default: none)",
       "(for max x none [(in [x] s)] where (> x 0))"},
      {"max(x for x in s, default: 0)", "(for max x 0 [(in [x] s)])"},
      {"every(a == b for a, b in S, c in a.t where c)",
       "(for every (== a b) [(in [a b] S) (in [c] (. a t))] where c)"},
      {"some((f: x, g: y) == z for x in S)", "(for some (== (tuple f:x g:y) z) [(in [x] S)])"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(expression(text) == tree);
  }
}

TEST_CASE("brackets", "[parser]") {
  const Table table = {
      {"(a)", "(paren a)"},
      {"(a, b)", "(tuple a b)"},
      {"(a: 1)", "(tuple a:1)"},
      {"(at: x, by: y)", "(tuple at:x by:y)"},
      {"{}", "(set)"},
      {"{a, b}", "(set a b)"},
      {"{a: 1, b: 2}", "(map a 1 b 2)"},
      {"{x for x in S}", "(set-for x [(in [x] S)])"},
      {"{x: f(x) for x in S where x != y}", "(map-for x (call f x) [(in [x] S)] where (!= x y))"},
      {"{(k, v): {k} for k, v in S}", "(map-for (tuple k v) (set k) [(in [k v] S)])"},
      {"[]", "(seq)"},
      {"[a, [b]]", "(seq a (seq b))"},
      {"[e.v for e in log[1..h]]", "(seq-for (. e v) [(in [e] (at log (.. 1 h)))])"},
      {"(ask home: Get()).value", "(. (ask home (Get)) value)"},
      {"(ask q of S: M(1) where it.ok else { fail })",
       "(ask q of S (M 1) where (. it ok) else [fail])"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(expression(text) == tree);
  }
}

TEST_CASE("types", "[parser]") {
  const Table table = {
      {"bool", "bool"},
      {"time", "time"},
      {"process?", "(option process)"},
      {"1..2", "(.. 1 2)"},
      {"-4..4", "(.. (- 4) 4)"},
      {"0..days - 1", "(.. 0 (- days 1))"},
      {"0..2 * n + majority(n)", "(.. 0 (+ (* 2 n) (call majority n)))"},
      {"-2 * n..n", "(.. (* (- 2) n) n)"},
      {"{a, b}", "(enum [a b])"},
      {"(at: time, by: Replica?)", "(tuple [at:time by:(option Replica)])"},
      {"set of Value?", "(set (option Value))"},
      {"map Key -> set of Node", "(map Key (set Node))"},
      {"map A -> map B -> C?", "(map A (map B (option C)))"},
      {"seq of Entry up to slots - 1", "(seq Entry (- slots 1))"},
      {"asker of Write", "(asker Write)"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(type(text) == tree);
  }
}

TEST_CASE("statements", "[parser]") {
  const Table table = {
      {"let a = 1", "(let a 1)"},
      {"let p = any Node but self", "(let p (any (but Node self)))"},
      {"let v = ask q of S: M()", "(let v (ask q of S (M)))"},
      {"x = 1; y += 2; z -= {a}", "(= x 1) (+= y 2) (-= z (set a))"},
      {"x = y\nz = w", "(= x y) (= z w)"},
      {"m[k].f[1] = 2", "(= m[k].f[1] 2)"},
      {"x = any S", "(= x (any S))"},
      {"join(a, v: b)", "(do join a v:b)"},
      {"if a { b() } else if c { d() } else { e() }",
       "(cond [(if a [(do b)]) (if c [(do d)])] else [(do e)])"},
      {"if x in {1, 2} { b() }", "(cond [(if (in x (set 1 2)) [(do b)])])"},
      {"for d in 0..3, e in S where d != e { f(d) }",
       "(for [(in [d] (.. 0 3)) (in [e] S)] where (!= d e) [(do f d)])"},
      {"send M(1) to Node but self after 0..2", "(send (M 1) (but Node self) after (.. 0 2))"},
      {"send M() to any Node", "(send (M) any Node)"},
      {"reply Got(x) to writer", "(reply (Got x) to writer)"},
      {"reply ask Branch 1: Withdraw(n)", "(reply (ask Branch#1 (Withdraw n)))"},
      {"ask all of behind: Store(x)", "(ask all behind (Store x))"},
      {"ask majority of Node: V(t) where it.ok else after 3 { return }",
       "(ask majority of Node (V t) where (. it ok) after 3 else [(return)])"},
      {"ask any Node: Read()", "(ask any Node (Read))"},
      {"if c { ask p: M() } else { x = 1 }", "(cond [(if c [(ask p (M))])] else [(= x 1)])"},
      {"ask p: M() where if a then b else c else { x = 1 }",
       "(ask p (M) where (if a b c) else [(= x 1)])"},
      {"wait until until", "(wait until)"},
      {"assert x == y; sync", "(assert (== x y)) sync"},
      {"return ask p: M()", "(return (ask p (M)))"},
      {"return any S;", "(return (any S))"},
      {"x = 1 return", "(= x 1) (return)"},
      {"fail", "fail"},
      {"for x in S { if x == y { next } }", "(for [(in [x] S)] [(cond [(if (== x y) [next])])])"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(statement(text) == tree);
  }
}

TEST_CASE("words of the grammar are free as names elsewhere", "[parser]") {
  CHECK(expression("up + from + by + until + within + time + set + rest + lost") ==
        "(+ (+ (+ (+ (+ (+ (+ (+ up from) by) until) within) time) set) rest) lost)");
  CHECK(statement("set = map; state = clocks; within(seq)") ==
        "(= set map) (= state clocks) (do within seq)");
  CHECK(type("(by: Site?, up: 0..1, set: set of Site)") ==
        "(tuple [by:(option Site) up:(.. 0 1) set:(set Site)])");
}

TEST_CASE("properties", "[parser]") {
  const Table table = {
      {"linearizable", "(linearizable)"},
      {"linearizable of x", "(linearizable x)"},
      {"causal", "(causal)"},
      {"causal convergent of x", "(causal-convergent x)"},
      {"read your writes", "(read-your-writes)"},
      {"monotonic reads", "(monotonic-reads)"},
      {"monotonic writes of x", "(monotonic-writes x)"},
      {"writes follow reads", "(writes-follow-reads)"},
      {"bounded staleness 2 * k ticks", "(bounded-staleness ticks (* 2 k))"},
      {"bounded staleness 1", "(bounded-staleness 1)"},
      {"converges on value", "(converges-on value)"},
      {"converges on (a, b)", "(converges-on (tuple a b))"},
      {"converges on (a + b) * 2", "(converges-on (* (paren (+ a b)) 2))"},
      {"converges on (r.v for r in R where r.site == 1)",
       "(converges-on (. r v) [(in [r] R)] where (== (. r site) 1))"},
      {"converges on {e.item for e in entries}",
       "(converges-on (set-for (. e item) [(in [e] entries)]))"},
      {"available to all", "(available-to all)"},
      {"available to majority", "(available-to majority)"},
      {"available to {Client 2}", "(available-to (set Client#2))"},
      {"acknowledged write lost", "(acknowledged-write-lost)"},
      {"no acknowledged write lost", "(no-acknowledged-write-lost)"},
      {"read within 2 hops", "(within-hops read 2)"},
      {"semilattice join", "(semilattice join)"},
      {"semilattice join given a != b", "(semilattice join (!= a b))"},
      {"always agreed", "(always agreed)"},
      {"eventually always a or b", "(eventually-always (or a b))"},
      {"eventually a", "(eventually a)"},
      {"whenever a and b, eventually c", "(whenever (and a b) c)"},
      {"inductive i", "(inductive i)"},
      {"commutes DidAdd, DidRemove", "(commutes DidAdd DidRemove)"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(property(text) == tree);
  }
}

TEST_CASE("declarations", "[parser]") {
  const Table table = {
      {"param n = 3 param m: Node = Node 1",
       "[(param n ~ 3) (param m Node Node#1)] [] [] [] [] [] [] [] [] [] [0.0 0.1]"},
      {"message M() message Q(a: 1..2) -> A(b: bool)",
       "[] [] [] [] [(message (M []) ~) (message (Q [a:(.. 1 2)]) (A [b:bool]))] [] [] [] [] [] "
       "[4.0 4.1]"},
      {"object x[Key]: register of Value? = 1",
       "[] [] [] [] [] [(object x Key register (option Value) 1 [] [])] [] [] [] [] [5.0]"},
      {"object n: counter ghost g: bool = true",
       "[] [] [(ghost g bool true)] [] [] [(object n ~ counter ~ ~ [] [])] [] [] [] [] [5.0 2.0]"},
      {"object job { state n: 0..2 = 0; op run() -> int { n += 1; return n } }",
       "[] [] [] [] [] [(object job ~ ~ ~ ~ [(state n (.. 0 2) 0)] [(op run [] int [(+= n 1) "
       "(return n)])])] [] [] [] [] [5.0]"},
      {"fn f(a: T) -> bool = a fn g() { x = 1 }",
       "[] [] [] [] [] [] [] [(fn f [a:T] bool a []) (fn g [] ~ ~ [(= x 1)])] [] [] [7.0 7.1]"},
  };
  for (const auto& [text, tree] : table) {
    INFO(text);
    CHECK(dump(parsed("protocol p\n" + text)) == "(file '' p " + tree + ")");
  }
  CHECK(dump(parsed("capstan 1\n/// A.\n/// B.\nprotocol p")) ==
        "(file 1 'A.\nB.' p [] [] [] [] [] [] [] [] [] [] [])");
  CHECK(dump(parsed("/// A.\ncapstan 1\nprotocol p")) ==
        "(file 1 'A.' p [] [] [] [] [] [] [] [] [] [] [])");
}

TEST_CASE("members of roles", "[parser]") {
  const ast::File file = parsed(R"(protocol p
    role R[n + 1] {
      param home: R
      param slow: bool = false
      durable a: 0..1 = 0;
      durable unsynced b: bool = true
      volatile c: time = now
      on start { a = 1 }  on restart { }
      on M(x, _) when x > 0 says "{self} takes {x} {{and}} more" { c = now }
      optional action up(k in K, l in L where k != l) when b { sync }
      action go { }
      op x[k].write(v) says "writes" { return }
      merge join(s for stamp, v for value) { stamp = s }
      fn f() = 1
    })");
  CHECK(dump(file).find("(role R (+ n 1) [(param home R ~) (param slow bool false)] [(durable a "
                        "(.. 0 1) 0) (unsynced b bool true) "
                        "(volatile c time now)] [(start [(= a 1)]) (restart [])] [(on M [x _] (> x "
                        "0) says [self ' takes ' x ' "
                        "{and} more'] [(= c now)])] [(optional up [(in [k] K) (in [l] L)] where "
                        "(!= k l) b ~ [sync]) (action go ~ "
                        "~ [])] [(op x k write [v] says ['writes'] [(return)])] [(merge join "
                        "[s:stamp v:value] [(= stamp s)])] "
                        "[(fn f [] ~ 1 [])])") != std::string::npos);
  // An expression in a caption has spans of the whole file.
  const ast::Caption& caption = *file.roles[0].handlers[0].says;
  CHECK(caption.parts[2].value->span.begin - caption.span.begin ==
        std::string("\"{self} takes {").size());
}

TEST_CASE("scenarios and cards", "[parser]") {
  const ast::File file = parsed(R"(protocol p
    /// About s.
    scenario s with n = 2, home = any {
      for skew in 0..3, guard in 0..4 where guard > skew
      each Client with home = distinct does write(fresh), any 2 operations
      Client 1 with slow = true does x[photo].read(any), wait until done(Client 2)
      Client 2
      clocks within 1, jump up to 1 by -3..3; clocks drift 1 per 10
      network delay 1..2
      network fifo network kept
      faults { crash Node up to 2, at most 1 at once; lose Push up to k + 1 duplicate up to 1 }
      faults { partition up to 1; partition {Node 1} from rest one_way dropping up to 1; pause Client up to 1 }
      faults { partition bridging up to 2 }
      expect not linearizable iff skew > 0
    }
    card with n = 3 { each Client does read()
      under calm { }  under cut { partition up to 1; clocks free network fifo } })");
  CHECK(dump(file).find("[(scenario 'About s.' s [n=2 home=(any ~)] [(each Client 0 "
                        "[home=distinct] [(call ~ ~ write fresh) (any "
                        "2)]) (one Client 1 [slow=true] [(call x photo read (any ~)) (wait (call "
                        "done Client#2))]) (one Client 2 [] "
                        "[])] [(crash ~ Node 2 1) (lose Push ~ (+ k 1) ~) (duplicate ~ ~ 1 ~) "
                        "(partition ~ ~ 1 ~) (partition from "
                        "(set Node#1) to rest one_way dropping ~ ~ 1 ~) (pause ~ Client 1 ~) "
                        "(partition bridging ~ ~ 2 ~)] [(within "
                        "1 ~) (jump 1 (.. (- 3) 3)) (drift 1 10)] [(delay (.. 1 2)) (fifo ~) (kept "
                        "~)] clocked [(in [skew] (.. 0 3)) "
                        "(in [guard] (.. 0 4))] (> guard skew) [(expect not (linearizable) iff (> "
                        "skew 0))])] [(card [n=3] [(each "
                        "Client 0 [] [(call ~ ~ read)])] [] [] [] [(under calm [] [] [] []) (under "
                        "cut [] [(partition ~ ~ 1 ~)] "
                        "[(free ~ ~)] [(fifo ~)] clocked)])]") != std::string::npos);
}

TEST_CASE("newlines mean nothing", "[parser]") {
  const std::string text =
      "protocol p param n = 3 role R [ n ] { durable x : 0 .. 1 = 0 action a when x == 0 { x = 1 ; "
      "sync } } "
      "scenario s { each R does read ( ) expect linearizable }";
  std::string broken = text;
  for (char& c : broken) c = c == ' ' ? '\n' : c;
  CHECK(dump(parsed(text)) == dump(parsed(broken)));
}

TEST_CASE("nesting is bounded, and deep trees do not overflow the stack", "[parser]") {
  const auto repeated = [](const std::string& part, int count) {
    std::string result;
    for (int i = 0; i < count; ++i) result += part;
    return result;
  };
  const std::string head = "protocol p\ninvariant i: ";
  CHECK(error_count(head + repeated("(", 150) + "1" + repeated(")", 150)) == 0);
  for (const std::string opener : {"(", "[", "{", "not ", "- ", "all ", "f(", "x[",
                                   "if a then b else ", "a implies ", "a ?? ", "(ask p: M("}) {
    INFO(opener);
    CHECK(error_count(head + repeated(opener, 100'000)) >= 1);
  }
  for (const std::string link : {" + 1", ".f", "[1]", "!", " and a", ".f()"}) {
    INFO(link);
    CHECK(error_count(head + "a" + repeated(link, 100'000)) == 1);
  }
  CHECK(error_count("protocol p type T = " + repeated("set of ", 100'000)) == 1);
  CHECK(error_count("protocol p role R { on start " + repeated("{ if a ", 100'000)) >= 1);
}

TEST_CASE("a fault anywhere is found, and the parser comes to an end", "[parser]") {
  const std::string text =
      "protocol p\nparam n = 3\nrole R[n] {\n  durable x: 0..1 = 0\n  on M(v) when x == 0 {\n    x "
      "= v\n    reply D()\n"
      "  }\n}\nscenario s {\n  each R does read()\n  expect linearizable\n}\n";
  REQUIRE(error_count(text) == 0);
  for (std::size_t i = 0; i < text.size(); ++i) {
    INFO("a character is missing at " << i);
    CHECK(error_count(text.substr(0, i) + text.substr(i + 1)) <= 2);
    INFO("the text ends at " << i);
    CHECK(error_count(text.substr(0, i)) <= 2);
    INFO("a sign too many at " << i);
    CHECK(error_count(text.substr(0, i) + " ) " + text.substr(i)) <= 3);
  }
}
