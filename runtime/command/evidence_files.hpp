// SPDX-License-Identifier: MIT
// evidence_files: the diagrams and the trace of every counterexample and witness, as
// DIR/STEM.SLUG.*; what cannot be written is noted, and ends nothing.
//
// Two steps, so that all is told before anything is written: naming, then writing.
#pragma once

#include <string>
#include <vector>

#include "checker/finding.hpp"

namespace capstan::runtime {

struct EvidenceFileOptions {
  std::string out;  // folder
  std::string spec_path;
  std::string spec_fingerprint;  // of its text (execute/trace_json)
  std::string command;           // that reproduces it
  bool pictures = true;
  bool dark = false;
  /// Also of a deadlock that explains nothing; else only where an expectation is vacuous, or unmet
  /// without a run to show for it.
  bool deadlocks = false;
};

/// How many runs of a file are drawn: each takes some 50 ms, and nobody looks at a thousand.
struct PictureBudget {
  static constexpr std::size_t kMost = 200;
  std::size_t drawn = 0;
  std::size_t left_out = 0;  // those beyond have their story and their trace
};

/// Notes in ExpectationReport::files which files there will be.
void name_evidence_files(checker::ScenarioReport& report, const EvidenceFileOptions& options,
                         PictureBudget& budget);

/// Writes them. Those that could not be written go from `files` to `unwritten`.
void write_evidence_files(checker::ScenarioReport& report, const EvidenceFileOptions& options);

/// Says on the error stream, at the end of a run, what could not be written.
void tell_unwritten(const std::vector<checker::Unwritten>& unwritten);

}  // namespace capstan::runtime
