// SPDX-License-Identifier: MIT
#include "reports/write.hpp"

#include <utility>

#include "model/base/require.hpp"
#include "reports/canvas.hpp"
#include "reports/component_picture.hpp"
#include "reports/history.hpp"
#include "reports/proof_picture.hpp"
#include "reports/space_time.hpp"

namespace capstan::reports {
namespace {

void add(EvidencePictures& pictures, const std::string& stem, Rendering rendering) {
  pictures.files.push_back({stem + ".dot", std::move(rendering.dot)});
  if (!rendering.svg.empty()) pictures.files.push_back({stem + ".svg", std::move(rendering.svg)});
  if (!rendering.png.empty()) pictures.files.push_back({stem + ".png", std::move(rendering.png)});
  if (pictures.failure.empty()) pictures.failure = rendering.failure;
  for (std::string& warning : rendering.warnings) pictures.warnings.push_back(std::move(warning));
}

bool has_history(const checker::ExpectationReport& expectation) {
  const std::optional<checker::Explanation>& explanation = expectation.evidence->explanation;
  return explanation && !explanation->operations.empty();
}

}  // namespace

std::string file_stem(const checker::ScenarioReport& scenario,
                      const checker::ExpectationReport& expectation) {
  return scenario.file_stem + "." + expectation.slug;
}

std::vector<std::string> picture_names(const checker::ScenarioReport& scenario,
                                       const checker::ExpectationReport& expectation) {
  std::vector<std::string> names;
  const auto add_all = [&](const std::string& part) {
    for (const char* const ending : {".dot", ".svg", ".png"})
      names.push_back(file_stem(scenario, expectation) + part + ending);
  };
  if (expectation.counterexample || expectation.evidence) add_all("");
  if (expectation.counterexample || !expectation.evidence) return names;
  if (has_history(expectation)) add_all(".history");
  if (expectation.evidence->components) add_all(".ahead");
  return names;
}

EvidencePictures evidence_pictures(const checker::ScenarioReport& scenario,
                                   const checker::ExpectationReport& expectation,
                                   const std::string& command, Theme theme) {
  const std::string stem = file_stem(scenario, expectation);
  EvidencePictures pictures;
  if (expectation.counterexample) {
    add(pictures, stem, render(proof_picture(scenario, expectation, command), theme));
    return pictures;
  }
  CAPSTAN_REQUIRE(scenario.protocol != nullptr && expectation.evidence.has_value(),
                  "evidence to draw");
  const checker::Evidence& evidence = *expectation.evidence;
  const Caption caption = caption_of(scenario, expectation, evidence, command);
  add(pictures, stem, render(space_time(*scenario.protocol, evidence, caption), theme));
  if (has_history(expectation))
    add(pictures, stem + ".history",
        render(history_picture(*scenario.protocol, evidence, caption), theme));
  if (evidence.components)
    add(pictures, stem + ".ahead", render(component_picture(*evidence.components, caption), theme));
  return pictures;
}

}  // namespace capstan::reports
