// SPDX-License-Identifier: MIT
// Presets, their documentation and the workflow that runs them name the same builds and packages.
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <sstream>
#include <string>

namespace {

using Names = std::set<std::string>;

std::string text_of(const std::string& path) {
  std::ifstream file(std::filesystem::path(CAPSTAN_SOURCE_DIR) / path);
  REQUIRE(file.good());
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

/// The first group of each match.
Names found(const std::string& text, const std::string& pattern) {
  Names names;
  const std::regex regex(pattern);
  for (auto match = std::sregex_iterator(text.begin(), text.end(), regex);
       match != std::sregex_iterator(); ++match)
    names.insert((*match)[1].str());
  return names;
}

/// The presets of a kind that are not hidden: "configurePresets" and so on.
Names presets(const std::string& kind) {
  const std::string text = text_of("CMakePresets.json");
  const std::size_t begin = text.find("\"" + kind + "\"");
  REQUIRE(begin != std::string::npos);
  Names names =
      found(text.substr(begin, text.find("\n  ]", begin) - begin), "\"name\": \"([a-z]+)\"");
  names.erase("base");
  return names;
}

Names words_of(const std::string& text) { return found(text, "([a-z][a-z0-9+.-]+)"); }

}  // namespace

TEST_CASE("docs/building.md tells of every preset") {
  CHECK(found(text_of("docs/building.md"), "\n\\| `([a-z]+)` \\|") == presets("configurePresets"));
  CHECK(presets("buildPresets") == presets("configurePresets"));
}

TEST_CASE("the workflow runs presets that can be built and tested, and is said to") {
  const std::string workflow = text_of(".github/workflows/builds.yml");
  const Names matrix = found(workflow, "preset: \\[([^\\]]*)\\]");
  REQUIRE(matrix.size() == 1);
  const Names run = words_of(*matrix.begin());
  CHECK(run == Names{"dev", "asan", "clang", "lto"});
  const std::string manual = text_of("docs/building.md");
  for (const std::string& preset : run) {
    CHECK(presets("testPresets").count(preset) == 1);
    const Names sentence = found(manual, "builds.yml` runs ([^.]*)\\.");
    REQUIRE(sentence.size() == 1);
    CHECK(sentence.begin()->find("`" + preset + "`") != std::string::npos);
  }
  for (const char* command : {"cmake --preset ", "cmake --build --preset ", "ctest --preset "}) {
    CHECK(workflow.find(command) != std::string::npos);
    CHECK(manual.find(command) != std::string::npos);
  }
}

TEST_CASE("the workflow installs what ./run installs") {
  const Names packages = found(text_of("run"), "\npackages='([^']*)'");
  REQUIRE(packages.size() == 1);
  const Names wanted = words_of(*packages.begin());
  REQUIRE(wanted.size() > 10);
  const Names installed = words_of(text_of(".github/workflows/builds.yml"));
  for (const std::string& package : wanted) {
    INFO(package);
    CHECK(installed.count(package) == 1);
  }
}
