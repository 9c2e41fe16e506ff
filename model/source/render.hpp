// SPDX-License-Identifier: MIT
// render: Diagnostic -> text for people, in the form shown in docs/ (code, arrow to
// file:line:column, excerpt with carets, secondary labels in the same excerpt, help and note
// lines).
#pragma once

#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"

namespace capstan::model {

/// One diagnostic; `colour` adds ANSI colours.
std::string render(const Diagnostic& diagnostic, const SourceFile& source, bool colour = false);

/// All of them, a blank line between, and a last line `2 errors, 1 warning`; empty for none.
std::string render_all(const Diagnostics& diagnostics, const SourceFile& source,
                       bool colour = false);

}  // namespace capstan::model
