// SPDX-License-Identifier: MIT
// load: paths -> spec files -> protocols, one for each point of each scenario, or the rendered
// diagnostics of the file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "checker/finding.hpp"
#include "model/base/result.hpp"
#include "model/source/source_file.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

struct LoadedSpec {
  std::string path;
  std::shared_ptr<const model::SourceFile> source;
  std::string fingerprint;  // of its text (execute/trace_json)
  std::string protocol_name;
  std::vector<std::string> scenario_names;                     // of all, in order
  std::vector<std::string> without_points;                     // scenarios: their sweep is empty
  bool has_cards = false;                                      // which are not supported yet
  std::vector<std::shared_ptr<const model::Protocol>> points;  // none if has_errors
  std::vector<std::shared_ptr<const model::Protocol>> others;  // points that are not asked for
  std::string diagnostics;                                     // rendered; may hold warnings only
  bool has_errors = false;
};

/// Reads, parses and elaborates one file. Scenarios whose name is not in `scenarios` (unless that
/// is empty) are left out.
model::Result<LoadedSpec> load_spec(const std::string& path,
                                    const std::vector<std::string>& scenarios, bool colour);

/// Which scenarios and expectations of the specs are asked for; empty: all.
struct Selection {
  std::vector<std::string> scenarios;
  std::string property;  // a part of the expectation's text or slug

  bool is_all() const { return scenarios.empty() && property.empty(); }
};

/// What is asked for of the file and has no point at which it could be judged: a file without
/// scenarios, a sweep without points, a card.
std::vector<checker::ExpectationReport> not_judged_of(const LoadedSpec& spec,
                                                      const Selection& selection);

/// All files that the paths name (find_specs). What cannot be read counts as a spec with errors.
/// Points without an expectation that is asked for are left out. A scenario or a property that no
/// spec has is a Failure that suggests another.
model::Result<std::vector<LoadedSpec>> load_specs(const std::vector<std::string>& paths,
                                                  const Selection& selection, bool colour);

}  // namespace capstan::runtime
