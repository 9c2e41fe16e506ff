// SPDX-License-Identifier: MIT
// What somebody new to the language writes first, and what the whole front end says: one mistake in
// each file of tests/golden/mistakes.
#include <catch2/catch.hpp>

#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"
#include "tests/support/golden.hpp"

namespace capstan {
namespace {

TEST_CASE("a newcomer's mistakes are told with what to write instead") {
  const int count = tests::check_golden_folder(
      "tests/golden/mistakes",
      [](const model::SourceFile& source, model::Diagnostics& diagnostics) {
        const model::ast::File file = model::parse(source, diagnostics);
        CHECK((diagnostics.has_errors() || !file.name.text.empty()));
        if (!diagnostics.has_errors()) {
          for (const auto& point : model::enumerate_points(file, source, diagnostics))
            model::elaborate(file, source, point, diagnostics);
          if (file.scenarios.empty()) model::check_declarations(file, source, diagnostics);
        }
        CHECK(diagnostics.has_errors());
      });
  CHECK(count >= 60);
}

}  // namespace
}  // namespace capstan
