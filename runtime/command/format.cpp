// SPDX-License-Identifier: MIT
#include "runtime/command/format.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>

#include "model/source/diagnostic.hpp"
#include "model/source/render.hpp"
#include "model/syntax/format.hpp"
#include "model/syntax/parser.hpp"
#include "runtime/command/exit.hpp"
#include "runtime/command/load.hpp"
#include "runtime/command/machine.hpp"
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
    fmt::print("{}\n", path);
    return kNotFormatted;
  }
  if (const auto failure = write_file(path, text)) return usage_error(failure->message);
  fmt::print("formatted {}\n", path);
  return 0;
}

}  // namespace

int run_format(const FormatOptionsOnLine& options) {
  const model::Result<std::vector<std::string>> paths = find_specs(options.paths);
  if (!paths) return usage_error(paths.failure().message);
  int status = 0;
  for (const std::string& path : paths.value())
    status = std::max(status, format_file(path, options.check));
  return status;
}

}  // namespace capstan::runtime
