// SPDX-License-Identifier: MIT
// The formatter: the canonical form of small texts, and on whole specs: the same tree, the same
// comments, and formatting again changes nothing.
#include "model/syntax/format.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>
#include <vector>

#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "support/protocol_generator.hpp"
#include "support/tree_dump.hpp"

using namespace capstan::model;

namespace {

std::string formatted(const std::string& text) { return format(SourceFile("x.cap", text)); }

std::string tree(const std::string& text) {
  const SourceFile source("x.cap", text);
  Diagnostics diagnostics;
  const ast::File file = parse(source, diagnostics);
  INFO(text << render_all(diagnostics, source));
  REQUIRE(diagnostics.empty());
  return capstan::tests::dump(file);
}

/// The comments of a text, in order.
std::vector<std::string> comments(const std::string& text) {
  std::vector<std::string> found;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t at = line.find("//");
    if (at != std::string::npos)
      found.push_back(line.substr(at, line.find_last_not_of(" \r") + 1 - at));
    begin = end + 1;
  }
  return found;
}

void check_whole(const std::string& text) {
  const std::string once = formatted(text);
  CHECK(tree(text) == tree(once));
  CHECK(comments(text) == comments(once));
  CHECK(formatted(once) == once);
  CHECK(once.find(" \n") == std::string::npos);
}

/// All white space that is no line end becomes `space`, but for captions and comments, which these
/// texts do not have.
std::string respaced(const std::string& text, const std::string& space) {
  std::string result;
  for (const char byte : text) {
    if (byte == ' ')
      result += space;
    else
      result += byte;
  }
  return result;
}

}  // namespace

TEST_CASE("declarations that follow each other have columns") {
  CHECK(formatted("protocol p\n"
                  "param a=1 // one\n"
                  "param longer  =  2   // two\n"
                  "type T={a,b}\n\n\n"
                  "type Other  = set  of T\n"
                  "role R[2]{\n"
                  "durable x:T=a\n"
                  "durable unsynced much_longer : 0 .. 3 = 0\n"
                  "    volatile y: map R->T? = all none //what\n"
                  "}") ==
        "protocol p\n"
        "param a      = 1  // one\n"
        "param longer = 2  // two\n"
        "type T = {a, b}\n"
        "\n"
        "type Other = set of T\n"
        "role R[2] {\n"
        "  durable          x:           T           = a\n"
        "  durable unsynced much_longer: 0..3        = 0\n"
        "  volatile         y:           map R -> T? = all none  //what\n"
        "}\n");
}

TEST_CASE("indentation follows brackets, and a broken item is indented once more") {
  CHECK(formatted("protocol p\n"
                  "role R {\n"
                  "action a\n"
                  "when x\n"
                  "says \"{self} goes\"\n"
                  "{\n"
                  "// a comment\n"
                  "x = 1 +\n"
                  "2\n"
                  "if x == { } { y -= - 1 z = [ 1,2 ][1..2] ; } else {\n"
                  "ask 2 of R : M ( a ) where it.ok\n"
                  "else { return }\n"
                  "}\n"
                  "}\n"
                  "}\n") ==
        "protocol p\n"
        "role R {\n"
        "  action a\n"
        "    when x\n"
        "    says \"{self} goes\"\n"
        "  {\n"
        "    // a comment\n"
        "    x = 1 +\n"
        "      2\n"
        "    if x == {} { y -= -1; z = [1, 2][1..2] } else {\n"
        "      ask 2 of R: M(a) where it.ok\n"
        "        else { return }\n"
        "    }\n"
        "  }\n"
        "}\n");
}

TEST_CASE("braces around values are tight, also in scenarios") {
  CHECK(formatted(
            "protocol p\nscenario s with a=-1 {\nClient  1 does write( any )\n"
            "faults{partition{Node 1}from {Node 2} up to 1;crash {c for c in Client} up to 1 }\n"
            "expect available to all\nexpect always  (a or b)\nexpect not  never some( m.x >- 1 "
            "for m in M )\n}\n") ==
        "protocol p\nscenario s with a = -1 {\n  Client 1 does write(any)\n"
        "  faults { partition {Node 1} from {Node 2} up to 1; crash {c for c in Client} up to 1 }\n"
        "  expect available to all\n  expect always (a or b)\n  expect not never some(m.x > -1 for "
        "m in M)\n}\n");
}

TEST_CASE("a set after the `else` of an expression is no block") {
  const std::string text =
      "protocol p\nparam few = {}\nfn most(a: bool, n: int) = if a then {n} else {m for m in few}\n"
      "fn sign(a: bool) = if a then 1 else - 1\nrole R {\n  volatile n: 0..1 = 0\n  on start {\n"
      "    let held = if n == 0 then { 0 } else if n == 1 then {m for m in few} else {1}\n"
      "    if n == 0 { n = 1 } else { n = if n in held then 1 else 0 }\n  }\n}\n";
  CHECK(formatted(text) ==
        "protocol p\nparam few = {}\n"
        "fn most(a: bool, n: int) = if a then {n} else {m for m in few}\n"
        "fn sign(a: bool)         = if a then 1 else -1\nrole R {\n  volatile n: 0..1 = 0\n"
        "  on start {\n"
        "    let held = if n == 0 then {0} else if n == 1 then {m for m in few} else {1}\n"
        "    if n == 0 { n = 1 } else { n = if n in held then 1 else 0 }\n  }\n}\n");
  check_whole(text);
}

TEST_CASE("columns are given up rather than make lines too wide") {
  const std::string wide(90, 'x');
  const std::string text = "protocol p\nmessage M(a: " + std::string(1, 'T') +
                           ") -> N()\nmessage L(" + wide + ": T) -> O(yyyyyyyyyyyyyy: T)\n";
  CHECK(formatted(text) == text);
}

TEST_CASE("every spec of the library keeps its tree and its comments") {
  int count = 0;
  for (const std::string folder : {"specs", "tests/differential/cases", "tests/specs/cases"}) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             std::string(CAPSTAN_SOURCE_DIR) + "/" + folder)) {
      if (entry.path().extension() != ".cap") continue;
      std::ifstream file(entry.path());
      const std::string text{std::istreambuf_iterator<char>(file), {}};
      INFO(entry.path().string());
      check_whole(text);
      if (folder == "specs") CHECK(formatted(text) == text);  // `capstan fmt specs` was run
      ++count;
    }
  }
  CHECK(count >= 25);
}

TEST_CASE("generated protocols keep their tree, however they are spaced") {
  for (std::uint64_t seed = 1; seed <= 300; ++seed) {
    const std::string text = capstan::tests::generate_protocol(seed);
    INFO("seed " << seed);
    check_whole(text);
    CHECK(formatted(respaced(text, "   ")) == formatted(text));
    CHECK(formatted(respaced(text, "\t ")) == formatted(text));
  }
}
