// SPDX-License-Identifier: MIT
// parser: text -> tree, resuming after an error so that one run finds them all.
#pragma once

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/syntax/ast.hpp"

namespace capstan::model {

/// Parses a whole file. With errors in `diagnostics` the tree holds what could be read, with Error
/// nodes in between. Nesting deeper than 200 is a diagnostic, not a crash. Cost: linear in the
/// text.
ast::File parse(const SourceFile& source, Diagnostics& diagnostics);

}  // namespace capstan::model
