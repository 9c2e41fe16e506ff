// SPDX-License-Identifier: MIT
// history_test: the history picture by the rules of layout, its golden DOT, and the files of one
// expectation.
#include "reports/history.hpp"

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>

#include "reports/canvas.hpp"
#include "reports/write.hpp"
#include "tests/unit/reports/fixtures.hpp"
#include "tests/unit/reports/geometry.hpp"
#include "tests/unit/reports/golden.hpp"

using namespace capstan;
using namespace capstan::reports;

namespace {

Picture picture_of(const checker::ScenarioReport& report) {
  const checker::ExpectationReport& expectation = report.expectations[0];
  return history_picture(*report.protocol, *expectation.evidence,
                         caption_of(report, expectation, *expectation.evidence, ""));
}

}  // namespace

TEST_CASE("nothing overlaps in a history, and each order says where it breaks") {
  for (const auto& [name, report] : test::all_fixtures()) {
    INFO(name);
    const checker::Evidence& evidence = *report.expectations[0].evidence;
    if (!evidence.explanation) continue;
    const Picture picture = picture_of(report);
    test::check_geometry(picture);
    for (const checker::TriedOrder& order : evidence.explanation->orders) {
      CHECK(test::has_text(picture, order.title));
      if (order.breaks_at >= 0)
        CHECK(test::has_text(picture, "must return " + order.must_return));
      else
        CHECK(test::says(picture, order.text));
    }
    CHECK(test::says(picture, evidence.explanation->orders_conclusion.back()));
    const Rendering rendering = render(picture);
    CHECK(rendering.failure == "");
    CHECK(rendering.warnings == std::vector<std::string>{});
    if (const char* folder = std::getenv("DRAW_TO"))
      std::ofstream(std::string(folder) + "/" + name + ".history.png", std::ios::binary)
          << rendering.png;
  }
}

TEST_CASE("golden DOT of a history") {
  test::check_golden("lost_write.history.dot", render(picture_of(test::lost_write())).dot);
}

TEST_CASE("the files of an expectation") {
  const checker::ScenarioReport lost = test::lost_write();
  const EvidencePictures pictures =
      evidence_pictures(lost, lost.expectations[0], "capstan check specs/lww.cap");
  std::vector<std::string> names;
  for (const PictureFile& file : pictures.files) {
    names.push_back(file.name);
    CHECK_FALSE(file.bytes.empty());
  }
  CHECK(names == std::vector<std::string>{
                     "lww.partitioned.linearizable.dot", "lww.partitioned.linearizable.svg",
                     "lww.partitioned.linearizable.png", "lww.partitioned.linearizable.history.dot",
                     "lww.partitioned.linearizable.history.svg",
                     "lww.partitioned.linearizable.history.png"});
  CHECK(pictures.failure == "");
  CHECK(pictures.warnings.empty());
  const checker::ScenarioReport error = test::model_error();
  CHECK(evidence_pictures(error, error.expectations[0], "").files.size() == 3);
}
