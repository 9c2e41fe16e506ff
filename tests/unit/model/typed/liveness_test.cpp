// SPDX-License-Identifier: MIT
// Which locals a suspended activation keeps.
#include <catch2/catch.hpp>

#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"

namespace capstan::model {
namespace {

void collect(const Block& block, const Frame& frame, std::vector<std::vector<std::string>>& found) {
  for (const Statement& statement : block) {
    if (statement.kind == StatementKind::Ask || statement.kind == StatementKind::WaitUntil) {
      found.emplace_back();
      for (const int slot : statement.live_slots) {
        found.back().push_back(frame.slots[static_cast<std::size_t>(slot)].name);
      }
    }
    if (statement.ask) collect(statement.ask->otherwise, frame, found);
    collect(statement.body, frame, found);
    collect(statement.otherwise, frame, found);
  }
}

/// The names kept at each suspension of an action with this body, in order.
std::vector<std::vector<std::string>> kept(const std::string& body) {
  const SourceFile source("spec.cap", R"(
protocol p
message Get(n: 0..9) -> Got(n: 0..9)
role Node[2] {
  durable n: 0..9 = 0
  on Get(k) { reply Got(k) }
  action a(p in Node) { )" + body + " }\n}\n");
  Diagnostics diagnostics;
  const ast::File file = parse(source, diagnostics);
  REQUIRE_FALSE(diagnostics.has_errors());
  ast::File with_scenario =
      parse(SourceFile("spec.cap", std::string(source.text()) + "scenario s { }"), diagnostics);
  const Protocol protocol = elaborate(with_scenario, source, PointRef{}, diagnostics);
  INFO(render_all(diagnostics, source));
  REQUIRE_FALSE(diagnostics.has_errors());
  const Code& code = protocol.roles[0].actions[0].code;
  std::vector<std::vector<std::string>> found;
  collect(code.block, code.frame, found);
  return found;
}

using Kept = std::vector<std::vector<std::string>>;

TEST_CASE("what is not read again is forgotten") {
  CHECK(kept("let x = n; let y = n; ask p: Get(x); n = y") == Kept{{"y"}});
  CHECK(kept("let x = n; wait until n > x; n = 1") == Kept{{"x"}});
  CHECK(kept("let x = n; wait until true") == Kept{{}});
  CHECK(kept("let x = ask p: Get(1); let y = ask p: Get(2); n = x.n + y.n") == Kept{{"p"}, {"x"}});
  CHECK(kept("let x = n; ask p: Get(1); let z = x; ask p: Get(2); n = z") ==
        Kept{{"p", "x"}, {"z"}});
}

TEST_CASE("branches, `where` and `else` count") {
  CHECK(kept("let x = n; let y = n; ask p: Get(1); if n > 1 { n = x } else { n = y }") ==
        Kept{{"x", "y"}});
  CHECK(kept("let x = n; ask p: Get(1) where it.n == x; n = 1") == Kept{{"x"}});
  CHECK(kept("let x = n; ask p: Get(1) else { n = x; return }; n = 1") == Kept{{"x"}});
  CHECK(kept("let x = n; ask all of Node: Get(1) else { n = size(replies); return }; n = 1") ==
        Kept{{}});
  CHECK(kept("let x = n; ask p: Get(1); return; ") == Kept{{}});
}

TEST_CASE("in a loop a later turn may read what an earlier one had") {
  CHECK(kept("let x = n; for i in 1..3 { if n > 5 { n = x } ask p: Get(i) }") == Kept{{"p", "x"}});
  CHECK(kept("for i in 1..3 { let y = n; ask p: Get(i); n = y }") == Kept{{"p", "y"}});
  CHECK(kept("for i in 1..3 { ask p: Get(1); n = i }") == Kept{{"p", "i"}});
  CHECK(kept("let z = n; for i in 1..3 { ask p: Get(1) else { next }; return }; n = z") ==
        Kept{{"p", "z"}});
  CHECK(kept("for i in 1..3, j in 1..i { ask p: Get(j) }") == Kept{{"p", "i"}});
}

TEST_CASE("what a comprehension binds is its own") {
  CHECK(kept("ask p: Get(1); n = count(q == p for q in Node)") == Kept{{"p"}});
}

}  // namespace
}  // namespace capstan::model
