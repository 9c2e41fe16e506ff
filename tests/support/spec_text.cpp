// SPDX-License-Identifier: MIT
#include "tests/support/spec_text.hpp"

#include <stdexcept>
#include <utility>

#include "model/source/diagnostic.hpp"
#include "model/source/source_file.hpp"
#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"

namespace capstan::tests {
namespace {

void throw_errors(const model::SourceFile& source, const model::Diagnostics& diagnostics) {
  if (!diagnostics.has_errors()) return;
  std::string all = "the spec has errors:";
  for (const model::Diagnostic& diagnostic : diagnostics.sorted()) {
    const auto line = source.place(diagnostic.primary.span.begin).line;
    all += "\n" + std::to_string(line) + ": " + diagnostic.code + " " + diagnostic.message + " | " +
           std::string(source.line(line));
  }
  throw std::runtime_error(all);
}

}  // namespace

std::vector<model::Protocol> protocols_of(const std::string& text) {
  const model::SourceFile source("test.cap", text);
  model::Diagnostics diagnostics;
  const model::ast::File file = model::parse(source, diagnostics);
  throw_errors(source, diagnostics);
  std::vector<model::Protocol> protocols;
  for (const model::PointRef& point : model::enumerate_points(file, source, diagnostics)) {
    protocols.push_back(model::elaborate(file, source, point, diagnostics));
    throw_errors(source, diagnostics);
  }
  throw_errors(source, diagnostics);
  return protocols;
}

model::Protocol protocol_of(const std::string& text) {
  std::vector<model::Protocol> protocols = protocols_of(text);
  if (protocols.size() != 1)
    throw std::runtime_error("the spec has not exactly one scenario with one point");
  return std::move(protocols.front());
}

}  // namespace capstan::tests
