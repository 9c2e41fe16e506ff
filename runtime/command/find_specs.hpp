// SPDX-License-Identifier: MIT
// find_specs: the words of a command line -> spec files.
#pragma once

#include <string>
#include <vector>

#include "model/base/result.hpp"

namespace capstan::runtime {

/// A spec file, or a place that cannot be searched or read.
struct FoundSpec {
  std::string path;
  std::string problem;  // why it cannot be read; empty for a file
};

struct FoundSpecs {
  std::vector<FoundSpec> specs;    // sorted by path within each folder, none twice
  std::vector<std::string> notes;  // what was passed over, a sentence each
};

/// The spec files that the paths name: files as they are, folders searched for *.cap. Links are
/// followed, but no folder is searched twice, so that rings of links end. Folders called `nightly`
/// inside a folder are passed over (their specs take too long for every run; name them to check
/// them), and so are pipes and devices. A path that does not exist is a Failure.
model::Result<FoundSpecs> find_specs(const std::vector<std::string>& paths);

/// Says on the error stream what was passed over.
void tell_notes(const FoundSpecs& found);

}  // namespace capstan::runtime
