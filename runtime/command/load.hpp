// SPDX-License-Identifier: MIT
// load: paths -> spec files -> protocols, one for each point of each scenario, or the rendered
// diagnostics of the file.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "model/base/result.hpp"
#include "model/source/source_file.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

struct LoadedSpec {
  std::string path;
  std::shared_ptr<const model::SourceFile> source;
  std::string protocol_name;
  std::vector<std::string> scenario_names;                     // of all, in order
  std::vector<std::shared_ptr<const model::Protocol>> points;  // none if has_errors
  std::string diagnostics;                                     // rendered; may hold warnings only
  bool has_errors = false;
};

/// Reads, parses and elaborates one file. Scenarios whose name is not in `scenarios` (unless that
/// is empty) are left out.
model::Result<LoadedSpec> load_spec(const std::string& path,
                                    const std::vector<std::string>& scenarios, bool colour);

/// All files that the paths name (find_specs). What cannot be read counts as a spec with errors. A
/// scenario that no spec has is a Failure that suggests another.
model::Result<std::vector<LoadedSpec>> load_specs(const std::vector<std::string>& paths,
                                                  const std::vector<std::string>& scenarios,
                                                  bool colour);

}  // namespace capstan::runtime
