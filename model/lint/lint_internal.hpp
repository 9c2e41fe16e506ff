// SPDX-License-Identifier: MIT
// lint_internal: the parts of lint, for model/lint and nobody else.
#pragma once

#include "model/lint/lint.hpp"

namespace capstan::model::lint_parts {

/// W0601 to W0611.
void unused_names(const ast::File& file, Diagnostics& diagnostics);
/// W0612.
void stale_guards(const ast::File& file, Diagnostics& diagnostics);
/// W0613.
void dead_guards(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics);
/// W0614.
void repeated_captions(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics);
/// W0615.
void missing_replies(const ast::File& file, Diagnostics& diagnostics);

}  // namespace capstan::model::lint_parts
