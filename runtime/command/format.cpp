// SPDX-License-Identifier: MIT
#include "runtime/command/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/source/utf8.hpp"
#include "model/syntax/format.hpp"
#include "model/syntax/parser.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/find_specs.hpp"
#include "runtime/command/machine.hpp"
#include "runtime/command/output.hpp"
#include "runtime/command/write_file.hpp"

namespace capstan::runtime {
namespace {

constexpr int kNotFormatted = 1;

int format_file(const std::string& path, bool only_checks) {
  const model::Result<model::SourceFile> source = model::read_source_file(path);
  if (!source) return usage_error(source.failure().message);
  model::Diagnostics diagnostics;
  model::parse(source.value(), diagnostics);
  if (diagnostics.has_errors()) {
    std::fputs(model::render_all(diagnostics, source.value(), error_is_terminal()).c_str(), stderr);
    return kUsageError;
  }
  const std::string text = model::format(source.value());
  if (text == source.value().text()) return 0;
  if (only_checks) {
    print("{}\n", output_is_terminal() ? model::printable(path) : path);
    return kNotFormatted;
  }
  if (const auto failure = write_file(path, text)) return usage_error(failure->message);
  print("formatted {}\n", output_is_terminal() ? model::printable(path) : path);
  return 0;
}

}  // namespace

int run_format(const FormatOptionsOnLine& options) {
  const model::Result<FoundSpecs> found = find_specs(options.paths);
  if (!found) return usage_error(found.failure().message);
  tell_notes(found.value());
  int status = 0;
  for (const FoundSpec& each : found.value().specs)
    status = std::max(status, each.problem.empty() ? format_file(each.path, options.check)
                                                   : usage_error(each.problem));
  return status;
}

}  // namespace capstan::runtime
