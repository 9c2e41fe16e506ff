// SPDX-License-Identifier: MIT
// Source files, the sink of diagnostics, the table of codes, UTF-8, and suggestions.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdio>
#include <fstream>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/source/suggest.hpp"
#include "model/source/utf8.hpp"

using namespace capstan::model;

TEST_CASE("lines and places of a file", "[source]") {
  const SourceFile file("x.cap", "one\r\ntwo: café!\n\nend");
  CHECK(file.line_count() == 4);
  CHECK(file.line(1) == "one");
  CHECK(file.line(2) == "two: café!");
  CHECK(file.line(3).empty());
  CHECK(file.line(4) == "end");
  CHECK(file.line_start(2) == 5);
  const auto bang = static_cast<std::uint32_t>(file.text().find('!'));
  CHECK(file.place(bang).line == 2);
  CHECK(file.place(bang).column == 10);  // columns count code points
  const auto size = static_cast<std::uint32_t>(file.text().size());
  CHECK(file.place(size).line == 4);
  CHECK(file.place(size).column == 4);
  CHECK(file.text({5, 8}) == "two");
}

TEST_CASE("a file that ends in a newline has an empty last line", "[source]") {
  const SourceFile file("x.cap", "one\n");
  CHECK(file.line_count() == 2);
  CHECK(file.line(2).empty());
  CHECK(file.place(4).line == 2);
  const SourceFile empty("x.cap", "");
  CHECK(empty.line_count() == 1);
  CHECK(empty.line(1).empty());
}

TEST_CASE("reading files", "[source]") {
  const auto missing = read_source_file("no/such/file.cap");
  REQUIRE_FALSE(missing.has_value());
  CHECK(missing.failure().message == "cannot read no/such/file.cap: No such file or directory");
  const auto folder = read_source_file(CAPSTAN_SOURCE_DIR);
  CHECK_FALSE(folder.has_value());
  const auto this_file =
      read_source_file(CAPSTAN_SOURCE_DIR "/tests/unit/model/source/source_test.cpp");
  REQUIRE(this_file.has_value());
  CHECK(this_file.value().line(1) == "// SPDX-License-Identifier: MIT");
}

TEST_CASE("the sink drops what was said already, and sorts", "[source]") {
  Diagnostics diagnostics;
  CHECK(diagnostics.empty());
  diagnostics.add("E0101", {7, 8}, "second");
  diagnostics.add("E0103", {2, 3}, "first").helps.push_back("help");
  diagnostics.add("E0101", {7, 8}, "the same again").helps.push_back("goes nowhere");
  diagnostics.add("E0101", {2, 3}, "another code at the same place");
  CHECK(diagnostics.has_errors());
  const auto sorted = diagnostics.sorted();
  REQUIRE(sorted.size() == 3);
  CHECK(sorted[0].message == "another code at the same place");
  CHECK(sorted[1].message == "first");
  CHECK(sorted[1].helps.size() == 1);
  CHECK(sorted[2].message == "second");
  CHECK(sorted[2].helps.empty());
}

TEST_CASE("beyond the limit diagnostics are counted, and still are errors", "[source]") {
  Diagnostics diagnostics;
  for (std::uint32_t i = 0; i < Diagnostics::kept_max + 5; ++i)
    diagnostics.add("E0101", {i, i + 1}, "one more");
  CHECK(diagnostics.sorted().size() == Diagnostics::kept_max);
  CHECK(diagnostics.left_out_count() == 5);
  CHECK(diagnostics.has_errors());
}

TEST_CASE("the table of codes is in order and explains each", "[source]") {
  const auto codes = all_codes();
  REQUIRE(codes.size() > 20);
  const auto number = [](std::string_view code) { return code.substr(1); };
  CHECK(std::is_sorted(codes.begin(), codes.end(),
                       [&](auto a, auto b) { return number(a) < number(b); }));
  CHECK(std::adjacent_find(codes.begin(), codes.end()) == codes.end());
  for (const std::string_view code : codes) {
    INFO(code);
    CHECK(code.size() == 5);
    CHECK((code[0] == 'E' || code[0] == 'W'));
    CHECK_FALSE(code_summary(code).empty());
  }
  CHECK(code_summary("E9999").empty());
}

TEST_CASE("UTF-8 is decoded by the book", "[source]") {
  const auto one = [](std::string_view text) { return decode_utf8(text, 0); };
  CHECK(one("a").value == U'a');
  CHECK(one("é").value == U'é');
  CHECK(one("≤").value == U'≤');
  CHECK(one("😀").value == U'😀');
  CHECK(one("😀").size == 4);
  for (const std::string_view broken : {"\x80", "\xc3", "\xc0\xaf", "\xe0\x80\xaf", "\xed\xa0\x80",
                                        "\xf4\x90\x80\x80", "\xff", "\xe2\x28\xa1"}) {
    CHECK_FALSE(one(broken).is_valid);
    CHECK(one(broken).size == 1);
  }
  CHECK(column_width(U'a') == 1);
  CHECK(column_width(U'界') == 2);
  CHECK(column_width(0x301) == 0);  // a combining accent
}

TEST_CASE("suggestions", "[source]") {
  using Names = std::vector<std::string>;
  CHECK(suggest("val", {"stamp", "value", "vale"}) == Names{"vale", "value"});
  CHECK(suggest("va", {"value"}).empty());
  CHECK(suggest("valeu", {"value"}) == Names{"value"});  // two letters changed places
  CHECK(suggest("replicas", {"replica", "replicate", "clients"}) == Names{"replica", "replicate"});
  CHECK(suggest("x", {"y"}).empty());  // nothing in common
  CHECK(suggest("x", {"xs"}) == Names{"xs"});
  CHECK(suggest("value", {"value"}).empty());  // not wrong
  CHECK(suggest("term", {"team", "tern", "them", "terms"}) == Names{"team", "tern", "terms"});
  CHECK(suggest("abc", {"ab", "ab", "abd"}) == Names{"ab", "abd"});
  CHECK(suggest(std::string(1000, 'a'), {std::string(999, 'a')}).empty());
  CHECK(suggest("", {"", "a"}) == Names{});
}
