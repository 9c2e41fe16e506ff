// SPDX-License-Identifier: MIT
// file_stems: how the names of a scenario's files begin, so that no two of a run have the same one.
//
// PROTOCOL.SCENARIO and the point, as a rule. Of specs whose protocols have one name, the one in
// the file of that name keeps it, the others add the name of theirs (or a hash of its path, where
// these are equal too). Upper and lower case are the same, as they are to some file systems.
#pragma once

#include <string>
#include <vector>

#include "runtime/command/load.hpp"

namespace capstan::runtime {

/// For each spec one for each of its points. They depend on paths and names alone.
std::vector<std::vector<std::string>> file_stems(const std::vector<LoadedSpec>& specs);

}  // namespace capstan::runtime
