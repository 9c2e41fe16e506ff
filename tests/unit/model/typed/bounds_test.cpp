// SPDX-License-Identifier: MIT
// Specs that are long in one way each: they are read and elaborated, or refused with a place, and
// never overflow the stack. The sizes that take seconds have the label `nightly`.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <functional>
#include <string>
#include <vector>

#include "model/lint/lint.hpp"
#include "model/source/render.hpp"
#include "model/syntax/format.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"

using namespace capstan::model;

namespace {

using Line = std::function<std::string(int)>;

std::string many(int count, const Line& line, const std::string& between = "\n") {
  std::string text;
  for (int i = 0; i < count; ++i) text += line(i) + between;
  return text;
}

/// The codes of what is wrong; lint runs too if nothing is.
std::vector<std::string> codes_of(const std::string& text) {
  const SourceFile source("x.cap", text);
  Diagnostics diagnostics;
  const ast::File file = parse(source, diagnostics);
  if (!diagnostics.has_errors()) {
    if (file.scenarios.empty()) check_declarations(file, source, diagnostics);
    for (const PointRef& point : enumerate_points(file, source, diagnostics))
      elaborate(file, source, point, diagnostics);
  }
  std::vector<std::string> codes;
  for (const Diagnostic& each : diagnostics.sorted()) codes.push_back(each.code);
  if (!codes.empty()) return codes;
  Diagnostics warnings;
  lint(file, source, warnings);
  return codes;
}

using Codes = std::vector<std::string>;

std::string else_if_chain(int count, const std::string& last) {
  return "protocol p\nrole R { durable n: 0..3 = 0 action a {\nif n == 1 { n = 2 }" +
         many(count, [](int i) { return fmt::format(" else if n == {} {{ n = 1 }}", i % 4); }) +
         last + " } }\n";
}

std::string invariants(int count) {
  return "protocol p\nrole R { durable n: 0..3 = 0 }\ninvariant i0: R.n < 4\n" +
         many(count, [](int i) { return fmt::format("invariant i{}: i{} or false", i + 1, i); });
}

std::string functions(int count, bool is_forward) {
  const auto line = [&](int i) {
    return is_forward ? fmt::format("fn f{}(n: 0..3) = f{}(n)", i, i + 1)
                      : fmt::format("fn f{}(n: 0..3) = f{}(n)", i + 1, i);
  };
  return fmt::format("protocol p\nfn f{}(n: 0..3) = n\n", is_forward ? count : 0) +
         many(count, line);
}

std::string params(int count, bool is_forward) {
  const auto line = [&](int i) {
    return is_forward ? fmt::format("param p{} = p{}", i, i + 1)
                      : fmt::format("param p{} = p{}", i + 1, i);
  };
  return fmt::format("protocol p\nparam p{} = 1\n", is_forward ? count : 0) + many(count, line);
}

std::string types(int count, bool is_forward) {
  const auto line = [&](int i) {
    return is_forward ? fmt::format("type T{} = (a: T{})", i, i + 1)
                      : fmt::format("type T{} = (a: T{})", i + 1, i);
  };
  return fmt::format("protocol p\ntype T{} = (a: bool)\n", is_forward ? count : 0) +
         many(count, line);
}

}  // namespace

TEST_CASE("a chain of `else if` is as long as it likes") {
  for (const int count : {0, 1, 98, 99, 100, 101, 199, 200, 250, 3'000}) {
    INFO(count);
    CHECK(codes_of(else_if_chain(count, "")) == Codes{});
    CHECK(codes_of(else_if_chain(count, " else { n = 3 }")) == Codes{});
  }
}

TEST_CASE("a long chain whose branches all return is seen to return") {
  const auto operation = [](int count, const std::string& last) {
    return "protocol p\nobject x: register of 0..3 = 0\nrole R { durable n: 0..3 = 0\n"
           "op x.read() { if n == 1 { return 1 }" +
           many(count,
                [](int i) { return fmt::format(" else if n == {0} {{ return {0} }}", i % 4); }) +
           last + " } }\n";
  };
  for (const int count : {50, 99, 100, 150, 250}) {
    INFO(count);
    CHECK(codes_of(operation(count, " else { return 3 }")) == Codes{});
    CHECK(codes_of(operation(count, "")) == Codes{"E0319"});
    CHECK(codes_of(operation(count, " else { n = 3 }")) == Codes{"E0319"});
    CHECK(codes_of(operation(count, " else if n == 7 { n = 3 } else { return 3 }")) ==
          Codes{"E0319"});
  }
}

TEST_CASE("definitions that lean on each other are followed, or refused with a place") {
  CHECK(codes_of(invariants(90)) == Codes{});
  CHECK(codes_of(invariants(150)).front() == "E0218");
  CHECK(codes_of(functions(90, true)) == Codes{});
  CHECK(codes_of(functions(90, false)) == Codes{});
  CHECK(codes_of(functions(3'000, true)) == Codes{"E0218"});
  CHECK(codes_of(functions(3'000, false)) == Codes{"E0218"});
  CHECK(codes_of(params(3'000, false)) == Codes{});
  CHECK(codes_of(params(300, true)) == Codes{});
  CHECK(codes_of(types(90, true)) == Codes{});
  CHECK(codes_of(types(90, false)) == Codes{});
  CHECK(codes_of(types(300, false)) == Codes{"E0329"});
  CHECK(codes_of(types(300, true)) == Codes{"E0329"});
}

TEST_CASE("brackets, blocks, types and operators nest to a depth, and no further") {
  const auto repeated = [](const std::string& text, int count) {
    return many(
        count, [&](int) { return text; }, "");
  };
  for (const int count : {150, 20'000}) {
    INFO(count);
    const Codes expected = count < 200 ? Codes{} : Codes{"E0107"};
    const auto param = [&](const std::string& open, const std::string& close) {
      return codes_of("protocol p\nparam a = " + repeated(open, count) + "1" +
                      repeated(close, count) + "\n");
    };
    CHECK(param("(", ")") == expected);
    CHECK(param("- ", "") == expected);
    CHECK(param("1 + ", "") == expected);
    CHECK(param("abs(", ")") == expected);
    CHECK(param("if true then 1 else ", "") == expected);
    const std::string blocks = "protocol p\nrole R { durable n: 0..3 = 0 action a { " +
                               repeated("if n == 0 { ", count) + "n = 1" + repeated(" }", count) +
                               " } }\n";
    CHECK(codes_of(blocks) == expected);
  }
}

TEST_CASE("long specs are read in a time that grows with their length", "[.nightly]") {
  CHECK(codes_of(else_if_chain(100'000, "")) == Codes{});
  CHECK(codes_of(params(100'000, false)) == Codes{});
  CHECK(codes_of(params(100'000, true)) == Codes{"E0218"});
  CHECK(codes_of(types(100'000, true)).front() == "E0218");
  CHECK(codes_of(functions(100'000, true)).front() == "E0218");
  CHECK(codes_of("protocol p\nrole R { durable n: 0..3 = 0\n" +
                 many(100'000,
                      [](int i) {
                        return fmt::format("action a{} when n == {} {{ n = 1 }}", i, i % 4);
                      }) +
                 "}\n") == Codes{});
}
