// SPDX-License-Identifier: MIT
// Where memory is refused a check ends as it would have, or undecided: under `ulimit -v` in steps,
// and with an allocation that fails by its number, alone or with all later ones. Files are whole or
// not there.
#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <nlohmann/json.hpp>

#include "tests/support/command.hpp"

namespace capstan::tests {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

struct Checked {
  std::string spec;
  int status;  // with all the memory that it wants
};

const std::string kSpecs = std::string(CAPSTAN_SOURCE_DIR) + "/tests/specs/memory/";
/// A violation with its picture, a run without end, a proof, a graph that is kept.
const Checked kChecked[] = {{"stale.cap", 0}, {"rounds.cap", 0}, {"laws.cap", 0}};

/// What the loader says where it cannot even map the libraries: nothing of ours has run then.
bool is_loader(const CommandResult& result) {
  return result.status == 127 && result.errors.find("shared librar") != std::string::npos;
}

void check_files(const fs::path& folder) {
  if (!fs::exists(folder)) return;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    INFO(entry.path());
    CHECK(entry.path().string().find(".part") == std::string::npos);
    if (entry.path().extension() != ".json") continue;
    CHECK(nlohmann::json::accept(read_file(entry.path())));
  }
}

/// Runs a check behind these words, with a folder for its files.
void check_behind(const Words& before, const Checked& checked) {
  const TemporaryFolder folder;
  Words words = before;
  for (const std::string& word :
       Words{CAPSTAN_BINARY, "check", kSpecs + checked.spec, "--out",
             (folder.path() / "out").string(), "--json", (folder.path() / "report.json").string()})
    words.push_back(word);
  const CommandResult result = run_command(words);
  INFO(checked.spec << "\n" << result.output << result.errors);
  // A picture that could not be drawn is named, and is the worst of it.
  const bool has_no_picture =
      result.status == 2 && result.errors.find("cannot draw") != std::string::npos;
  CHECK((result.status == checked.status || result.status == 4 || has_no_picture ||
         is_loader(result)));
  check_files(folder.path());
}

Words under_limit(int mebibytes) {
  return {"sh", "-c", "ulimit -v " + std::to_string(mebibytes * 1024) + "; exec \"$@\"", "sh"};
}

Words with_failure(int number, bool all) {
  return {"env", std::string("LD_PRELOAD=") + CAPSTAN_FAILING_ALLOCATIONS,
          "CAPSTAN_FAIL_AT=" + std::to_string(number),
          std::string("CAPSTAN_FAIL_ALL=") + (all ? "1" : "0")};
}

TEST_CASE("under a limit on addresses a check ends as it would, or undecided", "[memory]") {
  for (const Checked& checked : kChecked)
    for (int mebibytes = 60; mebibytes < 2048; mebibytes += std::max(40, mebibytes))
      check_behind(under_limit(mebibytes), checked);
}

TEST_CASE("with an allocation that fails a check ends as it would, or undecided", "[memory]") {
  for (const Checked& checked : kChecked)
    for (int number = 1; number < 400'000; number += 2 * number + 1)
      for (const bool all : {false, true}) check_behind(with_failure(number, all), checked);
}

TEST_CASE("the default limit is what ulimit leaves, and is told", "[memory]") {
  const TemporaryFolder folder;
  const Words limited = under_limit(200);
  Words words = limited;
  for (const std::string& word :
       Words{CAPSTAN_BINARY, "check",
             std::string(CAPSTAN_SOURCE_DIR) + "/tests/specs/limits/explore_counters.cap",
             "--no-pictures", "--out", (folder.path() / "out").string()})
    words.push_back(word);
  const CommandResult result = run_command(words);
  INFO(result.output << result.errors);
  CHECK(result.status == 4);
  CHECK(result.output.find("the memory limit of ") != std::string::npos);
  CHECK(result.output.find("in the exploration after ") != std::string::npos);
}

TEST_CASE("sixty limits on addresses", "[.nightly]") {
  for (const Checked& checked : kChecked)
    for (int mebibytes = 60; mebibytes <= 2048; mebibytes += 33)
      check_behind(under_limit(mebibytes), checked);
}

TEST_CASE("each of very many allocations fails", "[.nightly]") {
  for (const Checked& checked : kChecked)
    for (int number = 1; number < 400'000; number += std::max(1, number / 100))
      for (const bool all : {false, true}) check_behind(with_failure(number, all), checked);
}

}  // namespace
}  // namespace capstan::tests
