// SPDX-License-Identifier: MIT
// spec_files: the files below specs/, where each expectation stands in them, and one run of the
// binary over them.
//
// The text is scanned by lines, on purpose without Capstan's own parser: an expectation that the
// parser dropped must not drop out of its test too.
#pragma once

#include <filesystem>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command.hpp"

namespace capstan::tests {

/// Paths below the repository's root, such as `specs/quorum/abd.cap`, sorted.
std::vector<std::string> spec_paths();

std::string source_of(const std::string& spec_path);

struct ExpectLine {
  std::size_t begin = 0;  // of the line in the text
  std::string scenario;   // in which it stands
  std::string text;       // of the line, without blanks at its ends
  bool negated = false;
};
std::vector<ExpectLine> expect_lines(const std::string& source);

/// The source with `not` put in or taken out of that one expectation.
std::string flipped(const std::string& source, const ExpectLine& line);

/// Runs `capstan check` in the repository's root, pictures going to `folder`.
CommandResult check(const std::vector<std::string>& words, const std::filesystem::path& folder);

/// The same with `--json`; the report, and the exit status in `status`.
nlohmann::json checked_report(std::vector<std::string> words, int& status);

/// specs/expected.json.
nlohmann::ordered_json expected_counts();
std::filesystem::path expected_counts_path();

}  // namespace capstan::tests
