// SPDX-License-Identifier: MIT
// command: runs a program to its end and keeps what it said; a folder of its own for each test's
// files.
//
// For tests of the binary. Words are handed over as they are (quoted for the shell), output goes
// through files, so that it may be of any length.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace capstan::tests {

struct CommandResult {
  int status = -1;     // of exit; -1: it could not be started or was ended by a signal
  std::string output;  // standard output
  std::string errors;  // standard error
};

CommandResult run_command(const std::vector<std::string>& words);

/// An empty folder that is removed with its contents at the end of scope.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  TemporaryFolder(const TemporaryFolder&) = delete;
  TemporaryFolder& operator=(const TemporaryFolder&) = delete;

  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

/// The whole file; fails the test if it cannot be read.
std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace capstan::tests
