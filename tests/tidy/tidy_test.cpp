// SPDX-License-Identifier: MIT
// The rules of docs/conventions that a machine can check: order of includes, file introductions,
// lengths, leftovers.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

namespace {

namespace fs = std::filesystem;

constexpr std::size_t kColumnsMax = 100;
constexpr std::size_t kLinesMax = 700;

struct Source {
  std::string path;  // from the root of the repository
  std::vector<std::string> lines;
};

std::vector<Source> sources(const std::vector<std::string>& folders) {
  const fs::path root = CAPSTAN_SOURCE_DIR;
  std::vector<Source> found;
  for (const std::string& folder : folders) {
    for (const fs::directory_entry& entry : fs::recursive_directory_iterator(root / folder)) {
      const std::string extension = entry.path().extension().string();
      if (extension != ".hpp" && extension != ".cpp") continue;
      Source source{fs::relative(entry.path(), root).string(), {}};
      std::ifstream file(entry.path());
      for (std::string line; std::getline(file, line);) source.lines.push_back(line);
      found.push_back(std::move(source));
    }
  }
  std::sort(found.begin(), found.end(),
            [](const Source& a, const Source& b) { return a.path < b.path; });
  REQUIRE(found.size() > 20);
  return found;
}

const std::vector<std::string> kProduct{"model", "checker", "reports", "runtime"};
const std::vector<std::string> kAll{"model", "checker", "reports", "runtime", "tests"};

std::string top_of(const std::string& path) { return path.substr(0, path.find('/')); }

std::string included(const std::string& line) {
  if (!line.starts_with("#include \"")) return "";
  const std::string rest = line.substr(10);
  return rest.substr(0, rest.find('"'));
}

}  // namespace

TEST_CASE("includes point one way: model, checker, reports, runtime") {
  const std::map<std::string, int> order{
      {"model", 0}, {"checker", 1}, {"reports", 2}, {"runtime", 3}};
  for (const Source& source : sources(kProduct)) {
    for (const std::string& line : source.lines) {
      const std::string target = included(line);
      if (target.empty()) continue;
      INFO(source.path << " includes " << target);
      REQUIRE(order.contains(top_of(target)));
      CHECK(order.at(top_of(target)) <= order.at(top_of(source.path)));
    }
  }
}

TEST_CASE("the solver and the drawing library are included where they are wrapped") {
  for (const Source& source : sources(kProduct)) {
    for (const std::string& line : source.lines) {
      INFO(source.path);
      if (line.find("#include <z3") != std::string::npos)
        CHECK((source.path.starts_with("checker/symbolic/solver") ||
               source.path.starts_with("checker/symbolic/interruptible") ||
               source.path == "checker/symbolic/z3_context.hpp" ||
               source.path.starts_with("checker/prove/") ||
               source.path == "checker/symbolic/guards.cpp"));
      if (line.find("#include <graphviz/") != std::string::npos)
        CHECK(source.path.starts_with("reports/canvas"));
    }
  }
}

TEST_CASE("the plain executor shares nothing with the checker's local steps") {
  for (const Source& source : sources({"runtime"})) {
    if (!source.path.starts_with("runtime/execute")) continue;
    for (const std::string& line : source.lines) {
      const std::string target = included(line);
      INFO(source.path << " includes " << target);
      CHECK(!target.starts_with("checker/"));
      for (const char* apart : {"local_step", "segment", "program", "process_state"})
        CHECK(target.find(apart) == std::string::npos);
    }
  }
}

TEST_CASE("files say their licence and what they are for") {
  for (const Source& source : sources(kAll)) {
    INFO(source.path);
    REQUIRE(!source.lines.empty());
    CHECK(source.lines[0] == "// SPDX-License-Identifier: MIT");
    if (source.path.ends_with(".hpp")) CHECK(source.lines[1].starts_with("// "));
    CHECK(source.lines.size() <= kLinesMax);
  }
}

TEST_CASE("what clang 14 cannot compile with libstdc++ 12 is not used: the fuzzers are built so") {
  for (const Source& source : sources(kAll)) {
    if (source.path.ends_with("tidy_test.cpp")) continue;  // which names them
    INFO(source.path);
    for (const std::string& line : source.lines) {
      for (const char* name : {"std::ranges::unique", "std::ranges::remove",
                               "std::ranges::equal_range", "std::views::"})
        CHECK(line.find(name) == std::string::npos);
    }
  }
}

TEST_CASE("lines fit, have no trailing blanks and no leftovers") {
  for (const Source& source : sources(kAll)) {
    for (std::size_t i = 0; i < source.lines.size(); ++i) {
      const std::string& line = source.lines[i];
      INFO(source.path << ":" << i + 1 << ": " << line);
      const std::size_t columns = static_cast<std::size_t>(
          std::count_if(line.begin(), line.end(), [](char c) { return (c & 0xC0) != 0x80; }));
      const bool is_text =
          line.find('"') != std::string::npos || line.find("http") != std::string::npos;
      // Spec texts in tests are as long as they are.
      const bool is_test = source.path.starts_with("tests/");
      CHECK((columns <= kColumnsMax || is_text || is_test));
      CHECK((line.empty() || (line.back() != ' ' && line.back() != '\t' && line.back() != '\r')));
      for (const char* leftover : {"TO"
                                   "DO",
                                   "FIX"
                                   "ME"})
        CHECK(line.find(leftover) == std::string::npos);
    }
  }
}
