// SPDX-License-Identifier: MIT
// The type checker on wrong specs: each file of tests/golden/typed with its exact messages.
#include "tests/support/golden.hpp"

#include <catch2/catch.hpp>

#include "model/syntax/parser.hpp"
#include "model/typed/typecheck.hpp"

namespace capstan {
namespace {

TEST_CASE(
    "wrong specs are told what is wrong with them, and the marked lines are the faulty ones") {
  const int count = tests::check_golden_folder(
      "tests/golden/typed", [](const model::SourceFile& source, model::Diagnostics& diagnostics) {
        const model::ast::File file = model::parse(source, diagnostics);
        REQUIRE_FALSE(diagnostics.has_errors());
        for (const auto& point : model::enumerate_points(file, source, diagnostics)) {
          model::elaborate(file, source, point, diagnostics);
        }
        if (file.scenarios.empty()) model::check_declarations(file, source, diagnostics);
      });
  CHECK(count >= 45);
}

}  // namespace
}  // namespace capstan
