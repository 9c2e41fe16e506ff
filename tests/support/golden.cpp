// SPDX-License-Identifier: MIT
// golden: comparison with files, and the `//~` marks.
#include "support/golden.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <vector>

#include "model/source/render.hpp"

namespace capstan::tests {

namespace {

namespace fs = std::filesystem;

fs::path absolute(const std::string& path) { return fs::path(CAPSTAN_SOURCE_DIR) / path; }

bool is_updating() {
  const char* const value = std::getenv("UPDATE_GOLDEN");
  return value != nullptr && std::string(value) == "1";
}

std::string read(const fs::path& path) {
  const std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  if (file) text << file.rdbuf();
  return text.str();
}

/// "12: E0203", one for each mark of the spec.
std::vector<std::string> marks(const model::SourceFile& source) {
  std::vector<std::string> result;
  for (std::uint32_t number = 1; number <= source.line_count(); ++number) {
    const std::string line(source.line(number));
    const std::size_t at = line.find("//~");
    if (at == std::string::npos) continue;
    const bool is_above = line.compare(at + 3, 1, "^") == 0;
    std::istringstream codes(line.substr(at + (is_above ? 4 : 3)));
    std::string code;
    while (codes >> code)
      result.push_back(std::to_string(number - (is_above ? 1 : 0)) + ": " + code);
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<std::string> found(const model::SourceFile& source,
                               const model::Diagnostics& diagnostics) {
  std::vector<std::string> result;
  for (const model::Diagnostic& diagnostic : diagnostics.sorted()) {
    const std::uint32_t line = source.place(diagnostic.primary.span.begin).line;
    result.push_back(std::to_string(line) + ": " + diagnostic.code);
  }
  std::sort(result.begin(), result.end());
  return result;
}

}  // namespace

void check_golden(const std::string& path, const std::string& text) {
  if (is_updating()) std::ofstream(absolute(path), std::ios::binary) << text;
  INFO("golden file " << path << "; UPDATE_GOLDEN=1 accepts what is new");
  CHECK(fs::exists(absolute(path)));
  CHECK(text == read(absolute(path)));
}

int check_golden_folder(const std::string& folder, const DiagnosticPass& pass) {
  std::vector<fs::path> specs;
  for (const fs::directory_entry& entry : fs::directory_iterator(absolute(folder))) {
    if (entry.path().extension() == ".cap") specs.push_back(entry.path());
    if (entry.path().extension() == ".stderr") {
      INFO("an expectation without its spec: " << entry.path().filename().string());
      CHECK(fs::exists(fs::path(entry.path()).replace_extension(".cap")));
    }
  }
  std::sort(specs.begin(), specs.end());
  for (const fs::path& spec : specs) {
    const std::string name = spec.stem().string();
    INFO("spec " << folder << "/" << name << ".cap");
    // Only the name is shown, so that the texts are the same wherever the sources lie.
    const model::SourceFile source(spec.filename().string(), read(spec));
    model::Diagnostics diagnostics;
    pass(source, diagnostics);
    CHECK(marks(source) == found(source, diagnostics));
    check_golden(folder + "/" + name + ".stderr", model::render_all(diagnostics, source));
  }
  return static_cast<int>(specs.size());
}

}  // namespace capstan::tests
