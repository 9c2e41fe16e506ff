// SPDX-License-Identifier: MIT
// Every spec meets its expectations, and the sizes of the explorations are those of
// specs/expected.json.
//
// Its part `without_reductions` holds the published figures, and one of ABD itself; no program
// writes it, and those marked `nightly` run with that label only. Its part `by_default` pins every
// scenario with the default reductions, explored to the end (where a search stops at a
// counterexample depends on its order); UPDATE_GOLDEN=1 writes it anew, and the difference is there
// to be reviewed.
#include <catch2/catch.hpp>
#include <cstdlib>
#include <set>
#include <utility>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

using Counts = nlohmann::ordered_json;

const nlohmann::json& scenario_named(const nlohmann::json& report, const std::string& name) {
  REQUIRE(report.at("files").size() == 1);
  for (const auto& scenario : report.at("files").at(0).at("scenarios"))
    if (scenario.at("name") == name) return scenario;
  FAIL("no scenario " << name);
  return report;
}

/// Checks all figures without reductions of this kind; returns how many there were.
int compare_without_reductions(bool nightly) {
  int compared = 0;
  const Counts expected = expected_counts();
  for (const auto& [path, scenarios] : expected.at("without_reductions").items()) {
    for (const auto& [name, counts] : scenarios.items()) {
      if (counts.value("nightly", false) != nightly) continue;
      INFO(path << " " << name);
      int status = -1;
      const auto report =
          checked_report({path, "--scenario", name, "--no-reduction", "--full"}, status);
      CHECK(status == 0);
      const auto& scenario = scenario_named(report, name);
      for (const char* const what : {"states", "transitions"})
        if (counts.contains(what))
          CHECK(scenario.at(what).get<std::uint64_t>() == counts.at(what).get<std::uint64_t>());
      ++compared;
    }
  }
  return compared;
}

/// What the report says of every point of every scenario, in the form of expected.json.
Counts counts_of(const nlohmann::json& report) {
  Counts all = Counts::object();
  for (const auto& file : report.at("files"))
    for (const auto& scenario : file.at("scenarios")) {
      std::string name = scenario.at("name");
      if (scenario.contains("point_text"))
        name += " at " + scenario.at("point_text").get<std::string>();
      all[file.at("path").get<std::string>()][name] = {{"states", scenario.at("states")},
                                                       {"transitions", scenario.at("transitions")},
                                                       {"depth", scenario.at("depth")}};
    }
  return all;
}

/// How many lines with an expectation are met: at all points, where a scenario has several.
std::size_t expectations_met(const nlohmann::json& report) {
  std::set<std::pair<std::string, std::size_t>> met;
  for (const auto& file : report.at("files"))
    for (const auto& scenario : file.at("scenarios")) {
      const auto name = file.at("path").get<std::string>() + scenario.at("name").get<std::string>();
      for (std::size_t i = 0; i < scenario.at("expectations").size(); ++i) met.insert({name, i});
    }
  return met.size();
}

}  // namespace

TEST_CASE("published counts are met to the digit, without reductions", "[published]") {
  CHECK(compare_without_reductions(false) >= 8);
}

TEST_CASE("the largest counts are met to the digit, without reductions", "[.nightly]") {
  CHECK(compare_without_reductions(true) == 2);
}

TEST_CASE("every spec meets its expectations, in the pinned number of states", "[library]") {
  int status = -1;
  const auto report = checked_report({"specs", "--full", "--no-pictures"}, status);
  CHECK(status == 0);
  CHECK(report.at("summary").at("unmet") == 0);
  CHECK(report.at("summary").at("vacuous") == 0);
  CHECK(report.at("summary").at("undecided") == 0);
  CHECK(report.at("summary").at("files_with_errors") == 0);

  std::size_t expectations = 0;
  for (const std::string& path : spec_paths()) expectations += expect_lines(source_of(path)).size();
  CHECK(expectations_met(report) == expectations);

  Counts expected = expected_counts();
  const Counts counts = counts_of(report);
  if (std::getenv("UPDATE_GOLDEN") != nullptr) {
    expected["by_default"] = counts;
    write_file(expected_counts_path(), expected.dump(2) + "\n");
  }
  for (const auto& [path, scenarios] : counts.items())
    for (const auto& [name, found] : scenarios.items()) {
      INFO(path << " " << name);
      REQUIRE(expected.at("by_default").contains(path));
      REQUIRE(expected.at("by_default").at(path).contains(name));
      CHECK(found == expected.at("by_default").at(path).at(name));
    }
}

TEST_CASE("every counterexample of a spec has its pictures", "[library]") {
  const TemporaryFolder folder;
  const auto file = folder.path() / "report.json";
  const CommandResult result =
      check({"specs/quorum/abd.cap", "--json", file.string()}, folder.path());
  CHECK(result.status == 0);
  const auto report = nlohmann::json::parse(read_file(file));
  int violated = 0;
  for (const auto& scenario : report.at("files").at(0).at("scenarios"))
    for (const auto& expectation : scenario.at("expectations")) {
      if (expectation.at("verdict") != "violated") continue;
      ++violated;
      const auto stem = folder.path() / "out" /
                        (scenario.at("file_stem").get<std::string>() + "." +
                         expectation.at("slug").get<std::string>());
      for (const char* ending : {".svg", ".png", ".dot", ".trace.json"}) {
        INFO(stem << ending);
        CHECK(std::filesystem::exists(stem.string() + ending));
      }
    }
  CHECK(violated == 8);
}

}  // namespace capstan::tests
