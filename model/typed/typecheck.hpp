// SPDX-License-Identifier: MIT
// typecheck: resolves names, checks types, and elaborates a tree into the Protocol of one point of
// one scenario.
//
// From: syntax/ast. To: system/, runtime/execute, checker/check. Every error of a file is found in
// one run: all scenarios and all points are elaborated, and Diagnostics drops repetitions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "model/source/diagnostic.hpp"
#include "model/syntax/ast.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::model {

/// One point of a scenario: which scenario of the file, and the values of its swept params.
struct PointRef {
  std::size_t scenario = 0;
  std::vector<std::pair<std::string, Value>> sweep;
};

/// All points of all scenarios in source order (a sweep's points in the order of its binders).
/// Reports errors in settings and binders. At most 10,000 points a scenario; more is a diagnostic.
std::vector<PointRef> enumerate_points(const ast::File& file, const SourceFile& source,
                                       Diagnostics& diagnostics);

/// Elaborates one point. If `diagnostics` has errors afterwards, the result must not be used but
/// for further checking. Constructs of later issues give "not supported yet" diagnostics: warnings
/// W0590 for an expectation that is not judged, errors E0490..E0499 for anything without which the
/// scenario would mean something else.
Protocol elaborate(const ast::File& file, const SourceFile& source, const PointRef& point,
                   Diagnostics& diagnostics);

/// Checks everything outside scenarios with the params' defaults (used for a file without
/// scenarios).
void check_declarations(const ast::File& file, const SourceFile& source, Diagnostics& diagnostics);

}  // namespace capstan::model
