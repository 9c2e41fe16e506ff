// SPDX-License-Identifier: MIT
// Lint stays silent where nothing is wrong: near misses of each warning, and the whole library.
// That each warning is given is shown by tests/golden/explained.
#include "model/lint/lint.hpp"

#include <catch2/catch.hpp>
#include <filesystem>
#include <string>
#include <vector>

#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"

using namespace capstan::model;

namespace {

std::vector<std::string> codes_of(const SourceFile& source) {
  Diagnostics errors;
  const ast::File file = parse(source, errors);
  INFO(render_all(errors, source));
  REQUIRE_FALSE(errors.has_errors());
  Diagnostics warnings;
  lint(file, source, warnings);
  std::vector<std::string> codes;
  for (const Diagnostic& warning : warnings.sorted()) codes.push_back(warning.code);
  return codes;
}

using Codes = std::vector<std::string>;

/// A role with two actions that share a variable; `work` suspends.
std::string worker(const std::string& work, const std::string& rest = "") {
  return "protocol p\nmessage M() -> N(ok: bool)\nrole R {\n"
         "  durable mode: {idle, busy, over} = idle\n  durable n: 0..3 = 0\n"
         "  on M() { reply N(true) }\n  action poll { ask self: M() }\n  action work when mode == "
         "idle {\n" +
         work +
         "\n  }\n  action stop when mode == idle { mode = over; n = 1 }\n  action look when n > 0 "
         "{ n = 0 "
         "}\n" +
         rest + "}\nscenario s {\n  expect reachable some(r.mode == over for r in R)\n}\n";
}

Codes in_worker(const std::string& work) { return codes_of(SourceFile("x.cap", worker(work))); }

}  // namespace

TEST_CASE("a guard over a suspension: only an assignment that tests nothing is told of") {
  CHECK(in_worker("ask self: M(); mode = busy") == Codes{"W0612"});
  CHECK(in_worker("wait until n > 0; mode = busy") == Codes{});
  CHECK(in_worker("wait until true; mode = busy") == Codes{"W0612"});
  CHECK(in_worker("ask self: M(); if mode == idle { mode = busy }") == Codes{});
  CHECK(in_worker("ask self: M(); if mode != idle { return }; mode = busy") == Codes{});
  CHECK(in_worker("let r = ask self: M(); if r.ok { mode = busy }") == Codes{"W0612"});
  CHECK(in_worker("mode = busy; ask self: M(); mode = idle") == Codes{});
  CHECK(in_worker("ask self: M(); n = 2") == Codes{});
  CHECK(in_worker("mode = busy; ask self: M()") == Codes{});
}

TEST_CASE("names count as read wherever they stand") {
  // In a caption, in a type's bounds, behind a dot in a property, in a merge.
  CHECK(codes_of(SourceFile(
            "x.cap",
            "protocol p\nparam top = 3\ntype Level = 0..top\nrole R[2] {\n"
            "  durable shown: Level = 0\n  durable seen: Level = 0\n  durable own: Level = 0\n"
            "  action a when own < top says \"{self} shows {shown}\" {\n"
            "    own += 1; shown = own; seen = own\n  }\n}\n"
            "scenario s {\n  expect never some(r.seen > top for r in R)\n}\n")) == Codes{});
}

TEST_CASE("a guard that is false at some points only is a twin") {
  const std::string spec =
      "protocol p\nparam fast = false\nrole R {\n  durable n: 0..3 = 0\n"
      "  action a when fast and n < 3 { n += 1 }\n}\n"
      "scenario s {\n  expect always every(r.n == 0 for r in R)\n}\n";
  CHECK(codes_of(SourceFile("x.cap", spec)) == Codes{"W0613"});
  CHECK(codes_of(SourceFile("x.cap",
                            spec + "scenario t with fast = true {\n  expect reachable some(r.n > "
                                   "2 for r in R)\n}\n")) == Codes{});
}

TEST_CASE("the library has no warnings") {
  int count = 0;
  for (const auto& entry :
       std::filesystem::recursive_directory_iterator(std::string(CAPSTAN_SOURCE_DIR) + "/specs")) {
    if (entry.path().extension() != ".cap") continue;
    INFO(entry.path().string());
    const Result<SourceFile> source = read_source_file(entry.path().string());
    REQUIRE(source.has_value());
    CHECK(codes_of(source.value()) == Codes{});
    ++count;
  }
  CHECK(count >= 20);
}
