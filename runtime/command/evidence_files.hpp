// SPDX-License-Identifier: MIT
// evidence_files: the diagrams and the trace of every counterexample and witness, under the names
// of DESIGN: out/PROTOCOL.SCENARIO.PROPERTY.*
#pragma once

#include <optional>
#include <string>

#include "checker/finding.hpp"
#include "model/base/result.hpp"

namespace capstan::runtime {

struct EvidenceFileOptions {
  std::string out;  // folder
  std::string spec_path;
  std::string command;  // that reproduces it
  bool pictures = true;
  bool dark = false;
  /// Also of a deadlock that explains nothing; else only where an expectation is vacuous, or unmet
  /// without a run to show for it.
  bool deadlocks = false;
};

/// Writes them, and notes their names in the report. Returns what was in the way, if
/// anything was.
std::optional<model::Failure> write_evidence_files(checker::ScenarioReport& report,
                                                   const EvidenceFileOptions& options);

}  // namespace capstan::runtime
