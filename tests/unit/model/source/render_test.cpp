// SPDX-License-Identifier: MIT
// Rendering of diagnostics: the excerpt, its marks, and what is hard to show.
#include "model/source/render.hpp"

#include <catch2/catch.hpp>

using namespace capstan::model;

namespace {

Span span_of(const SourceFile& source, std::string_view part, std::size_t from = 0) {
  const auto begin = static_cast<std::uint32_t>(source.text().find(part, from));
  return {begin, begin + static_cast<std::uint32_t>(part.size())};
}

}  // namespace

TEST_CASE("one excerpt for all labels, with helps and notes", "[render]") {
  const SourceFile source("lww.cap",
                          "protocol lww\n\nmessage Get() -> Got(value: Value?)\n\n\n\n\n\n\n"
                          "role Client {\n  op x.read() { return (ask home: Get()).val }\n}\n");
  Diagnostic diagnostic{"E0101",
                        "the reply `Got` has no field `val`",
                        {span_of(source, "val }"), "unknown field"},
                        {},
                        {"did you mean `value`?"},
                        {"it has no other field"}};
  diagnostic.primary.span.end -= 2;
  diagnostic.secondary.push_back({span_of(source, "value"), "a field with a similar name"});
  CHECK(render(diagnostic, source) ==
        "error[E0101]: the reply `Got` has no field `val`\n"
        "  --> lww.cap:11:42\n"
        "   |\n"
        " 3 | message Get() -> Got(value: Value?)\n"
        "   |                      ----- a field with a similar name\n"
        "...\n"
        "11 |   op x.read() { return (ask home: Get()).val }\n"
        "   |                                          ^^^ unknown field\n"
        "   |\n"
        "   = help: did you mean `value`?\n"
        "   = note: it has no other field\n");
}

TEST_CASE("several labels on one line, the primary one first; neighbours have no gap", "[render]") {
  const SourceFile source("x.cap", "a < b < c\nd\n");
  const Diagnostic diagnostic{"E0104",
                              "comparisons do not chain",
                              {{6, 7}, "second"},
                              {{{2, 3}, "first"}, {{10, 11}, "below"}, {{0, 1}, ""}},
                              {},
                              {}};
  CHECK(render(diagnostic, source) ==
        "error[E0104]: comparisons do not chain\n"
        " --> x.cap:1:7\n"
        "  |\n"
        "1 | a < b < c\n"
        "  |       ^ second\n"
        "  | -\n"
        "  |   - first\n"
        "2 | d\n"
        "  | - below\n");
}

TEST_CASE("a label over several lines marks its first and its last one", "[render]") {
  const SourceFile source("x.cap", "role Node {\n  durable\n  value\n}\n");
  const Diagnostic diagnostic{"E0106", "long", {{5, 31}, "all of it"}, {}, {}, {}};
  CHECK(render(diagnostic, source) ==
        "error[E0106]: long\n"
        " --> x.cap:1:6\n"
        "  |\n"
        "1 | role Node {\n"
        "  |      ^^^^^^\n"
        "...\n"
        "4 | }\n"
        "  | ^ all of it\n");
}

TEST_CASE("the end of a file, with and without a newline, and an empty file", "[render]") {
  const auto rendered = [](std::string text, std::uint32_t at) {
    const SourceFile source("x.cap", std::move(text));
    return render({"E0101", "here", {{at, at}, ""}, {}, {}, {}}, source);
  };
  CHECK(rendered("param n", 7) ==
        "error[E0101]: here\n --> x.cap:1:8\n  |\n1 | param n\n  |        ^\n");
  CHECK(rendered("param n\n", 8) == "error[E0101]: here\n --> x.cap:2:1\n  |\n2 |\n  | ^\n");
  CHECK(rendered("", 0) == "error[E0101]: here\n --> x.cap:1:1\n  |\n1 |\n  | ^\n");
}

TEST_CASE("tabs, wide and combining characters, and what cannot be shown", "[render]") {
  const auto marks = [](std::string text, std::string_view part) {
    const SourceFile source("x.cap", std::move(text));
    const std::string all =
        render({"E0101", "here", {span_of(source, part), ""}, {}, {}, {}}, source);
    return all.substr(all.find("1 |"));
  };
  CHECK(marks("\tx = 1", "x") == "1 |     x = 1\n  |     ^\n");
  CHECK(marks("ab\tx", "x") == "1 | ab  x\n  |     ^\n");
  CHECK(marks("// 世界 x", "x") == "1 | // 世界 x\n  |         ^\n");
  CHECK(marks("e\u0301 x", "x") == "1 | e\u0301 x\n  |   ^\n");
  CHECK(marks("\xff\x1b x", "x") == "1 | \uFFFD\uFFFD x\n  |    ^\n");
  CHECK(marks("x\r\ny", "x") == "1 | x\n  | ^\n");
}

TEST_CASE("long lines are cut around the label", "[render]") {
  const SourceFile source("x.cap", std::string(500, 'a') + " here " + std::string(500, 'b'));
  const std::string text =
      render({"E0101", "long", {span_of(source, "here"), ""}, {}, {}, {}}, source);
  CHECK(text == "error[E0101]: long\n --> x.cap:1:502\n  |\n1 | ..." + std::string(19, 'a') +
                    " here " + std::string(135, 'b') + "...\n  |                        ^^^^\n");
}

TEST_CASE("all diagnostics of a file, with a count", "[render]") {
  const SourceFile source("x.cap", "a b\n");
  Diagnostics diagnostics;
  CHECK(render_all(diagnostics, source).empty());
  diagnostics.add("E0101", {2, 3}, "two");
  diagnostics.add("E0101", {0, 1}, "one");
  const std::string text = render_all(diagnostics, source);
  CHECK(text ==
        "error[E0101]: one\n --> x.cap:1:1\n  |\n1 | a b\n  | ^\n\n"
        "error[E0101]: two\n --> x.cap:1:3\n  |\n1 | a b\n  |   ^\n\n2 errors\n");
}

TEST_CASE("colours change nothing but the colours", "[render]") {
  const SourceFile source("x.cap", "a b\n");
  const Diagnostic diagnostic{"E0101",  "one",   {{0, 1}, "label"}, {{{2, 3}, "other"}},
                              {"help"}, {"note"}};
  std::string text = render(diagnostic, source, true);
  CHECK(text.find("\x1b[1;31m") != std::string::npos);
  for (std::size_t at = 0; (at = text.find('\x1b')) != std::string::npos;)
    text.erase(at, text.find('m', at) - at + 1);
  CHECK(text == render(diagnostic, source));
}
