// SPDX-License-Identifier: MIT
// spec_files: see the header.
#include "tests/specs/spec_files.hpp"

#include <algorithm>
#include <catch2/catch.hpp>

namespace capstan::tests {

namespace {

const std::filesystem::path kRoot = CAPSTAN_SOURCE_DIR;

std::string trimmed(const std::string& line) {
  const auto first = line.find_first_not_of(" \t");
  if (first == std::string::npos) return {};
  return line.substr(first, line.find_last_not_of(" \t") - first + 1);
}

bool begins_with(const std::string& text, const std::string& start) {
  return text.compare(0, start.size(), start) == 0;
}

}  // namespace

std::vector<std::string> spec_paths() {
  std::vector<std::string> paths;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(kRoot / "specs"))
    if (entry.path().extension() == ".cap")
      paths.push_back(std::filesystem::relative(entry.path(), kRoot).string());
  std::sort(paths.begin(), paths.end());
  return paths;
}

std::string source_of(const std::string& spec_path) { return read_file(kRoot / spec_path); }

std::vector<ExpectLine> expect_lines(const std::string& source) {
  std::vector<ExpectLine> lines;
  std::string scenario;
  for (std::size_t begin = 0; begin < source.size();) {
    const std::size_t end = std::min(source.find('\n', begin), source.size());
    const std::string line = trimmed(source.substr(begin, end - begin));
    if (begins_with(line, "scenario ")) {
      const std::string rest = line.substr(std::string("scenario ").size());
      scenario = rest.substr(0, rest.find_first_of(" {"));
    }
    if (begins_with(line, "expect "))
      lines.push_back({begin, scenario, line, begins_with(line, "expect not ")});
    begin = end + 1;
  }
  return lines;
}

std::string flipped(const std::string& source, const ExpectLine& line) {
  const std::string from = line.negated ? "expect not " : "expect ";
  const std::string to = line.negated ? "expect " : "expect not ";
  std::string text = source;
  const std::size_t place = text.find(from, line.begin);
  REQUIRE(place != std::string::npos);
  text.replace(place, from.size(), to);
  return text;
}

CommandResult check(const std::vector<std::string>& words, const std::filesystem::path& folder) {
  std::vector<std::string> all = {"env", "--chdir=" + kRoot.string(), CAPSTAN_BINARY, "check"};
  all.insert(all.end(), words.begin(), words.end());
  all.insert(all.end(), {"--out", (folder / "out").string()});
  return run_command(all);
}

nlohmann::json checked_report(std::vector<std::string> words, int& status) {
  const TemporaryFolder folder;
  const auto file = folder.path() / "report.json";
  words.insert(words.end(), {"--json", file.string()});
  const CommandResult result = check(words, folder.path());
  INFO(result.output << result.errors);
  status = result.status;
  REQUIRE(std::filesystem::exists(file));
  return nlohmann::json::parse(read_file(file));
}

std::filesystem::path expected_counts_path() { return kRoot / "specs" / "expected.json"; }

nlohmann::ordered_json expected_counts() {
  return nlohmann::ordered_json::parse(read_file(expected_counts_path()));
}

}  // namespace capstan::tests
