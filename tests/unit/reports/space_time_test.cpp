// SPDX-License-Identifier: MIT
// space_time_test: the layout by its rules (nothing overlaps, no text leaves its box or the page,
// every step is told), Graphviz without a warning, and golden DOT. DRAW_TO=DIR also writes the
// pictures there, to be looked at.
#include "reports/space_time.hpp"

#include <catch2/catch.hpp>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <iterator>

#include "reports/canvas.hpp"
#include "reports/layout.hpp"
#include "tests/unit/reports/fixtures.hpp"
#include "tests/unit/reports/geometry.hpp"
#include "tests/unit/reports/golden.hpp"

using namespace capstan;
using namespace capstan::reports;

namespace {

Picture picture_of(const checker::ScenarioReport& report) {
  const checker::ExpectationReport& expectation = report.expectations[0];
  return space_time(*report.protocol, *expectation.evidence,
                    caption_of(report, expectation, *expectation.evidence,
                               "capstan check specs/" + report.protocol->name + ".cap --scenario " +
                                   report.name));
}

}  // namespace

TEST_CASE("nothing overlaps and every text stays where it belongs") {
  for (const auto& [name, report] : test::all_fixtures()) {
    INFO(name);
    test::check_geometry(picture_of(report));
  }
}

TEST_CASE("every step has its line, and the why is told in full") {
  for (const auto& [name, report] : test::all_fixtures()) {
    INFO(name);
    const Picture picture = picture_of(report);
    const checker::Evidence& evidence = *report.expectations[0].evidence;
    for (std::size_t i = 1; i < evidence.run.steps.size(); ++i) {
      INFO("step " << i);
      CHECK(test::has_text(picture, std::to_string(i)));
    }
    if (evidence.explanation) CHECK(test::says(picture, evidence.explanation->conclusion));
    if (evidence.explanation)
      for (const checker::Sentence& sentence : evidence.explanation->sentences)
        CHECK(test::says(picture, sentence.text));
  }
}

TEST_CASE("Graphviz draws every picture without a warning") {
  const char* folder = std::getenv("DRAW_TO");
  for (const auto& [name, report] : test::all_fixtures()) {
    INFO(name);
    const Picture picture = picture_of(report);
    for (const Theme theme : {Theme::Light, Theme::Dark}) {
      const Rendering rendering = render(picture, theme);
      CHECK(rendering.failure == "");
      CHECK(rendering.warnings == std::vector<std::string>{});
      CHECK(rendering.png.substr(1, 3) == "PNG");
      CHECK(rendering.svg.find("</svg>") != std::string::npos);
      if (folder == nullptr) continue;
      const std::string stem =
          std::string(folder) + "/" + name + (theme == Theme::Dark ? ".dark" : "");
      std::ofstream(stem + ".dot", std::ios::binary) << rendering.dot;
      std::ofstream(stem + ".svg", std::ios::binary) << rendering.svg;
      std::ofstream(stem + ".png", std::ios::binary) << rendering.png;
    }
  }
}

namespace {

std::size_t count_of(const std::string& text, const std::string& part) {
  std::size_t count = 0;
  for (std::size_t at = text.find(part); at != text.npos; at = text.find(part, at + 1)) ++count;
  return count;
}

}  // namespace

TEST_CASE("the .dot is a picture for any Graphviz: the command draws the same marks") {
  const Rendering rendering = render(picture_of(test::bank_double_spend()));
  const std::string stem = "space_time_test_drawing";
  std::ofstream(stem + ".dot", std::ios::binary) << rendering.dot;
  const std::string command = "dot -Tsvg -o " + stem + ".svg " + stem + ".dot 2> " + stem + ".err";
  REQUIRE(std::system(command.c_str()) == 0);
  const auto read = [](const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    return std::string(std::istreambuf_iterator<char>(file), {});
  };
  CHECK(read(stem + ".err") == "");
  const std::string drawn = read(stem + ".svg");
  for (const char* mark : {"<text", "<path", "<polygon", "<ellipse"})
    CHECK(count_of(drawn, mark) == count_of(rendering.svg, mark));
  for (const char* ending : {".dot", ".svg", ".err"}) std::remove((stem + ending).c_str());
}

TEST_CASE("the same run gives the same bytes") {
  const checker::ScenarioReport report = test::lost_write();
  const Rendering one = render(picture_of(report)), other = render(picture_of(report));
  CHECK(one.dot == other.dot);
  CHECK((one.svg == other.svg));
  CHECK((one.png == other.png));
}

TEST_CASE("a step that reads a clock says what it showed, and true time stands beside the story") {
  const Picture picture = picture_of(test::clocks());
  for (const char* text :
       {"time", "clock 2 (+1)", "clock 1 (-1)", "clock 1 (-2)", "clock 3", "clock -2", "pause",
        "goes on", "a tick passes: it is 5", "17 steps, 1 clock jump, 1 pause"}) {
    INFO(text);
    CHECK(test::has_text(picture, text));
  }
  CHECK_FALSE(test::has_text(picture_of(test::lost_write()), "time"));
}

TEST_CASE("golden DOT") {
  test::check_golden("abd_stale_read.dot", render(picture_of(test::abd_stale_read())).dot);
  test::check_golden("bank_double_spend.dot", render(picture_of(test::bank_double_spend())).dot);
  test::check_golden("lost_write.dot", render(picture_of(test::lost_write())).dot);
  test::check_golden("clocks.dot", render(picture_of(test::clocks())).dot);
}

TEST_CASE("lanes: clients outside, groups together") {
  const checker::ScenarioReport report = test::lost_write();
  const Scene scene = scene_of(*report.protocol, *report.expectations[0].evidence, 3);
  CHECK(lane_order(scene) ==
        std::vector<int>{3, 0, 2, 1, 4});  // Client 1, Replica 1 | Replica 3, Replica 2, Client 2
}

TEST_CASE("values take hues in order of their first write") {
  const checker::ScenarioReport report = test::lost_write();
  const Hues hues(*report.protocol, report.expectations[0].evidence->run);
  const model::TypeId type = report.protocol->objects[0].ops[1].parameters[0].type;
  CHECK(hues.of(type, test::number(2)) == 0);
  CHECK(hues.of(type, test::number(1)) == 1);
  CHECK(hues.of(type, model::Value()) == Hues::kNone);
}

TEST_CASE("fates of messages") {
  const checker::ScenarioReport bank = test::bank_double_spend();
  const Scene scene = scene_of(*bank.protocol, *bank.expectations[0].evidence, 3);
  CHECK(std::count_if(scene.messages.begin(), scene.messages.end(),
                      [](const Message& m) { return m.fate == Fate::Blocked; }) == 2);
  CHECK(std::count_if(scene.messages.begin(), scene.messages.end(),
                      [](const Message& m) { return m.fate == Fate::Delivered; }) == 4);
  const checker::ScenarioReport lww = test::lost_write();
  const Scene lost = scene_of(*lww.protocol, *lww.expectations[0].evidence, 3);
  CHECK(std::count_if(lost.messages.begin(), lost.messages.end(),
                      [](const Message& m) { return m.fate == Fate::Lost; }) == 1);
}

TEST_CASE("an arrow is bent round a chip that it would run behind") {
  Obstacles solid;
  solid.add({90, 40, 210, 70});
  const std::vector<Point> path = route({0, 50}, {300, 60}, {45, 255}, solid);
  REQUIRE(path.size() == 3);
  CHECK(solid.boxes_through(path[0], path[1]) + solid.boxes_through(path[1], path[2]) == 0);
  CHECK(route({0, 100}, {300, 110}, {45, 255}, solid).size() == 2);
}

TEST_CASE("text widths") {
  CHECK(text_width("AAA", 10) == Approx(20.01));
  CHECK(text_width("→", 10) == Approx(10));
  CHECK(fitted("abcdef", 100, 10) == "abcdef");
  const std::string cut = fitted("abcdefghijklmnopqrstuvwxyz", 60, 10);
  CHECK(text_width(cut, 10) <= 60);
  CHECK(cut.ends_with("…"));
  for (const std::string& line : broken("the quick brown fox jumps over the lazy dog", 80, 10))
    CHECK(text_width(line, 10) <= 80);
}
