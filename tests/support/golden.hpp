// SPDX-License-Identifier: MIT
// golden: outputs that are kept as files, and compared byte for byte.
//
// `UPDATE_GOLDEN=1 ctest -L golden` writes them anew; the change is then reviewed like any other. A
// spec that has errors also says so in itself, so that accepting blindly fails: `//~ E0203` on a
// line means that a diagnostic with this code begins on the line, `//~^ E0203` that one begins on
// the line above. Several codes stand side by side.
#pragma once

#include <functional>
#include <string>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"

namespace capstan::tests {

/// Compares with the file, or writes it if UPDATE_GOLDEN is set; a Catch2 check. `path` is relative
/// to the sources.
void check_golden(const std::string& path, const std::string& text);

/// What is tested: fills in the diagnostics of one spec.
using DiagnosticPass = std::function<void(const model::SourceFile&, model::Diagnostics&)>;

/// For each NAME.cap of the folder (relative to the sources), in order of names: the rendered
/// diagnostics are those of NAME.stderr, and the lines marked in the spec are those that have
/// diagnostics. Gives the number of specs.
int check_golden_folder(const std::string& folder, const DiagnosticPass& pass);

}  // namespace capstan::tests
