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

}  // namespace

EvidencePictures evidence_pictures(const checker::ScenarioReport& scenario,
                                   const checker::ExpectationReport& expectation,
                                   const std::string& command, Theme theme) {
  const std::string stem = scenario.file_stem + "." + expectation.slug;
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
  if (evidence.explanation && !evidence.explanation->operations.empty())
    add(pictures, stem + ".history",
        render(history_picture(*scenario.protocol, evidence, caption), theme));
  if (evidence.components)
    add(pictures, stem + ".ahead", render(component_picture(*evidence.components, caption), theme));
  return pictures;
}

}  // namespace capstan::reports
