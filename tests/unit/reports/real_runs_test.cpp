// SPDX-License-Identifier: MIT
// real_runs_test: the pictures of every counterexample and witness of the library that a short
// exploration finds keep the rules of layout, and Graphviz has nothing to say about them.
#include <catch2/catch.hpp>
#include <string>

#include "checker/check.hpp"
#include "reports/canvas.hpp"
#include "reports/component_picture.hpp"
#include "reports/history.hpp"
#include "reports/space_time.hpp"
#include "runtime/command/confirm.hpp"
#include "runtime/command/find_specs.hpp"
#include "runtime/command/load.hpp"
#include "tests/unit/reports/geometry.hpp"

using namespace capstan;
using namespace capstan::reports;

namespace {

void check_picture(const Picture& picture) {
  test::check_geometry(picture);
  const Rendering rendering = render(picture);
  CHECK(rendering.failure == "");
  CHECK(rendering.warnings == std::vector<std::string>{});
}

/// Returns how many pictures there were.
int check_pictures(const checker::ScenarioReport& report) {
  int count = 0;
  for (const checker::ExpectationReport& expectation : report.expectations) {
    if (!expectation.evidence) continue;
    const checker::Evidence& evidence = *expectation.evidence;
    INFO(report.file_stem << "." << expectation.slug);
    const Caption caption = caption_of(report, expectation, evidence, "capstan check specs");
    const Picture picture = space_time(*report.protocol, evidence, caption);
    for (std::size_t i = 1; i < evidence.run.steps.size(); ++i)
      CHECK(test::has_text(picture, std::to_string(i)));
    check_picture(picture);
    ++count;
    if (evidence.components) {
      check_picture(component_picture(*evidence.components, caption));
      ++count;
    }
    if (!evidence.explanation || evidence.explanation->operations.empty()) continue;
    for (const checker::Sentence& sentence : evidence.explanation->sentences)
      CHECK(test::says(picture, sentence.text));
    check_picture(history_picture(*report.protocol, evidence, caption));
    ++count;
  }
  return count;
}

}  // namespace

TEST_CASE("the pictures of the library") {
  const auto found = runtime::find_specs({CAPSTAN_SOURCE_DIR "/specs"});
  REQUIRE(found.has_value());
  checker::CheckOptions options;
  options.explore.states_max = 20'000;
  options.attempts = false;  // of claims that are not inductive: they make no picture of a run
  int count = 0;
  for (const runtime::FoundSpec& each : found.value().specs) {
    const auto spec = runtime::load_spec(each.path, {}, false);
    REQUIRE(spec.has_value());
    for (const auto& protocol : spec.value().points) {
      checker::ScenarioReport report = checker::check_scenario(protocol, options);
      REQUIRE_FALSE(runtime::confirm(report, *spec.value().source).has_value());
      count += check_pictures(report);
    }
  }
  CHECK(count >= 20);
}
