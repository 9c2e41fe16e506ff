// SPDX-License-Identifier: MIT
#include "runtime/command/lint.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "model/lint/lint.hpp"
#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/find_specs.hpp"
#include "runtime/command/machine.hpp"

namespace capstan::runtime {
namespace {

constexpr int kWarnings = 1;

int lint_file(const std::string& path) {
  const model::Result<model::SourceFile> source = model::read_source_file(path);
  if (!source) return usage_error(source.failure().message);
  model::Diagnostics errors;
  const model::ast::File file = model::parse(source.value(), errors);
  if (!errors.has_errors()) {
    if (file.scenarios.empty()) model::check_declarations(file, source.value(), errors);
    for (const model::PointRef& point : model::enumerate_points(file, source.value(), errors))
      model::elaborate(file, source.value(), point, errors);
  }
  if (errors.has_errors()) {
    std::fputs(model::render_all(errors, source.value(), error_is_terminal()).c_str(), stderr);
    return kUsageError;
  }
  model::Diagnostics warnings;
  model::lint(file, source.value(), warnings);
  if (warnings.empty()) return 0;
  std::fputs(model::render_all(warnings, source.value(), output_is_terminal()).c_str(), stdout);
  return kWarnings;
}

}  // namespace

int run_lint(const LintOptionsOnLine& options) {
  const model::Result<FoundSpecs> found = find_specs(options.paths);
  if (!found) return usage_error(found.failure().message);
  tell_notes(found.value());
  int status = 0;
  for (const FoundSpec& each : found.value().specs)
    status =
        std::max(status, each.problem.empty() ? lint_file(each.path) : usage_error(each.problem));
  return status;
}

}  // namespace capstan::runtime
