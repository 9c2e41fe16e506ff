// SPDX-License-Identifier: MIT
// What the lexer and the parser report: each tests/golden/syntax/NAME.cap with its NAME.stderr.
#include "support/golden.hpp"

#include <catch2/catch.hpp>

#include "model/syntax/parser.hpp"

TEST_CASE("errors of the syntax", "[golden]") {
  const int count = capstan::tests::check_golden_folder(
      "tests/golden/syntax",
      [](const capstan::model::SourceFile& source, capstan::model::Diagnostics& diagnostics) {
        capstan::model::parse(source, diagnostics);
      });
  CHECK(count >= 30);
}
