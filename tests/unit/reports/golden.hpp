// SPDX-License-Identifier: MIT
// golden: compares a text with tests/golden/reports/NAME; UPDATE_GOLDEN=1 writes it instead, for a
// person to review.
#pragma once

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>
#include <string>

namespace capstan::reports::test {

inline void check_golden(const std::string& name, const std::string& text) {
  const std::string path = std::string(CAPSTAN_SOURCE_DIR) + "/tests/golden/reports/" + name;
  const char* update = std::getenv("UPDATE_GOLDEN");
  if (update != nullptr && std::string(update) == "1") {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  INFO("golden file " << path);
  REQUIRE(file.good());
  std::ostringstream expected;
  expected << file.rdbuf();
  CHECK(text == expected.str());
}

}  // namespace capstan::reports::test
