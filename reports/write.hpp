// SPDX-License-Identifier: MIT
// write: the pictures of one expectation, as named files with their bytes; the caller stores them.
//
// From: a finding with evidence. To: runtime/command (which writes files). Names:
// STEM.PROPERTY.{dot,svg,png} and, where an explanation names orders,
// STEM.PROPERTY.history.{dot,svg,png}; of what does not converge,
// STEM.PROPERTY.ahead.{dot,svg,png}. Tested by: tests/unit/reports/history_test.cpp.
#pragma once

#include <string>
#include <vector>

#include "checker/finding.hpp"
#include "reports/picture.hpp"

namespace capstan::reports {

struct PictureFile {
  std::string name;  // without a folder
  std::string bytes;
};

struct EvidencePictures {
  std::vector<PictureFile> files;  // the .dot always; .svg and .png where Graphviz could draw them
  std::string failure;             // why some are missing, one sentence; empty if none is
  std::vector<std::string> warnings;  // of Graphviz
};

/// How the names of an expectation's files begin.
std::string file_stem(const checker::ScenarioReport& scenario,
                      const checker::ExpectationReport& expectation);

/// The names of those pictures, without their drawing.
std::vector<std::string> picture_names(const checker::ScenarioReport& scenario,
                                       const checker::ExpectationReport& expectation);

/// `command`: the line that shows this expectation again.
EvidencePictures evidence_pictures(const checker::ScenarioReport& scenario,
                                   const checker::ExpectationReport& expectation,
                                   const std::string& command, Theme theme = Theme::Light);

}  // namespace capstan::reports
