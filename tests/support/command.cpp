// SPDX-License-Identifier: MIT
// command: see the header.
#include "tests/support/command.hpp"

#include <sys/wait.h>
#include <unistd.h>

#include <catch2/catch.hpp>
#include <cstdlib>
#include <fstream>
#include <sstream>

namespace capstan::tests {

namespace {

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char letter : word) {
    if (letter == '\'')
      result += "'\\''";
    else
      result += letter;
  }
  return result + "'";
}

}  // namespace

CommandResult run_command(const std::vector<std::string>& words) {
  const TemporaryFolder folder;
  const auto output = folder.path() / "output";
  const auto errors = folder.path() / "errors";
  std::string line;
  for (const std::string& word : words) line += quoted(word) + " ";
  line += "< /dev/null > " + quoted(output.string()) + " 2> " + quoted(errors.string());
  const int status = std::system(line.c_str());
  CommandResult result;
  if (status != -1 && WIFEXITED(status)) result.status = WEXITSTATUS(status);
  result.output = read_file(output);
  result.errors = read_file(errors);
  return result;
}

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (std::filesystem::temp_directory_path() / "capstan-test-XXXXXX").string();
  const char* made = mkdtemp(pattern.data());
  REQUIRE(made != nullptr);
  path_ = made;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;  // a folder that stays behind is no reason to fail
  std::filesystem::remove_all(path_, ignored);
}

std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  INFO("reading " << path);
  REQUIRE(file);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary);
  file << text;
  file.close();
  INFO("writing " << path);
  REQUIRE(file);
}

}  // namespace capstan::tests
