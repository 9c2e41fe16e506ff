// SPDX-License-Identifier: MIT
// Specs that are far too large, each in another phase of a check: whatever the phase, `--time` ends
// it, says in which, and what has no verdict is undecided. How long that takes is measured apart
// (tests/bench/limits.py); on a busy machine an earlier phase may take all of the time, so any
// phase is accepted here.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <sstream>

#include "tests/support/command.hpp"

namespace capstan::tests {
namespace {

namespace fs = std::filesystem;

const fs::path kFolder = fs::path(CAPSTAN_SOURCE_DIR) / "tests/specs/limits";

/// The rest of the line that begins so.
std::string directive(const std::string& source, const std::string& name) {
  const std::string start = "// " + name + ": ";
  const std::size_t at = source.find(start);
  REQUIRE(at != std::string::npos);
  const std::size_t begin = at + start.size();
  return source.substr(begin, source.find('\n', begin) - begin);
}

std::string folded(const std::string& text) {
  std::istringstream stream(text);
  std::string result;
  for (std::string word; stream >> word;) result += (result.empty() ? "" : " ") + word;
  return result;
}

std::vector<fs::path> specs() {
  std::vector<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(kFolder))
    if (entry.path().extension() == ".cap") paths.push_back(entry.path());
  std::sort(paths.begin(), paths.end());
  return paths;
}

TEST_CASE("a limit on time ends every phase, and is told with it", "[limits]") {
  const std::vector<fs::path> all = specs();
  CHECK(all.size() >= 40);
  for (const fs::path& path : all) {
    const std::string source = read_file(path);
    const TemporaryFolder folder;
    const CommandResult result =
        run_command({CAPSTAN_BINARY, "check", path.string(), "--time", "0.3s", "--no-pictures",
                     "--out", (folder.path() / "out").string()});
    INFO(path.filename() << "\n" << result.output << result.errors);
    CHECK(std::to_string(result.status) == directive(source, "status"));
    const std::string said = folded(result.output);
    CHECK(said.find("the time limit of 0.3 s was reached in the ") != std::string::npos);
  }
}

}  // namespace
}  // namespace capstan::tests
