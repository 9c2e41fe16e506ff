// SPDX-License-Identifier: MIT
// Small specs that once had a wrong outcome, a crash, or a false word: each file below tests/cases
// says in its first comment lines what is right, and is run as its users would run it.
//
// The folder names the kind of fault; tests/cases/README.md lists the directives. Besides what a
// file asks for, always: the outcomes are the same under every switch that changes only how the
// states are visited; every trace that is written can be replayed; `lint` and `fmt` end properly.
#include <algorithm>
#include <catch2/catch.hpp>
#include <cstdlib>
#include <filesystem>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "tests/support/command.hpp"

namespace capstan::tests {
namespace {

namespace fs = std::filesystem;

using Words = std::vector<std::string>;

const std::string kDirective = "// cases: ";

struct ExpectedOutcome {
  std::string scenario;
  std::string slug;
  std::string outcome;
};

/// What the first lines of a file ask for.
struct Directives {
  int status = -1;
  Words says;
  Words never_says;
  std::vector<Words> runs;  // instead of the usual switches
  std::vector<ExpectedOutcome> outcomes;
};

bool take(std::string& line, const std::string& prefix) {
  if (line.compare(0, prefix.size(), prefix) != 0) return false;
  line.erase(0, prefix.size());
  return true;
}

Words words_of(const std::string& line) {
  std::istringstream stream(line);
  Words words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

/// Runs of white space as one blank.
std::string folded(const std::string& text) {
  std::string result;
  for (const std::string& word : words_of(text)) result += (result.empty() ? "" : " ") + word;
  return result;
}

ExpectedOutcome outcome_of(const std::string& line) {
  const Words words = words_of(line);
  REQUIRE(words.size() >= 3);
  ExpectedOutcome expected{words[0], words[1], words[2]};
  for (std::size_t i = 3; i < words.size(); ++i) expected.outcome += " " + words[i];
  return expected;
}

Directives directives_of(const std::string& source) {
  Directives wanted;
  std::istringstream lines(source);
  for (std::string line; std::getline(lines, line);) {
    if (!take(line, kDirective)) continue;
    if (take(line, "exit "))
      wanted.status = std::stoi(line);
    else if (take(line, "says "))
      wanted.says.push_back(folded(line));
    else if (take(line, "never says "))
      wanted.never_says.push_back(folded(line));
    else if (take(line, "run check"))
      wanted.runs.push_back(words_of(line));
    else if (take(line, "outcome "))
      wanted.outcomes.push_back(outcome_of(line));
    else
      FAIL("no directive: " << line);
  }
  INFO("every case says its exit status: `" << kDirective << "exit 3`");
  REQUIRE(wanted.status >= 0);
  return wanted;
}

/// One line for each expectation, and for a model error: scenario, point, slug, outcome.
std::vector<Words> outcomes_in(const fs::path& report) {
  std::vector<Words> outcomes;
  if (!fs::exists(report)) return outcomes;
  const auto json = nlohmann::json::parse(read_file(report));
  for (const auto& file : json.at("files"))
    for (const auto& scenario : file.at("scenarios")) {
      const auto add = [&](const auto& expectation) {
        outcomes.push_back({scenario.at("name"), scenario.value("point_text", ""),
                            expectation.at("slug"), expectation.at("outcome")});
      };
      for (const auto& expectation : scenario.at("expectations")) add(expectation);
      if (scenario.contains("model_error")) add(scenario.at("model_error"));
    }
  return outcomes;
}

struct Checked {
  CommandResult result;
  std::vector<Words> outcomes;
};

/// Replays whatever trace lies in the folder.
void replay_all(const fs::path& folder) {
  const std::string suffix = ".trace.json";
  for (const auto& entry : fs::directory_iterator(folder)) {
    const std::string name = entry.path().filename().string();
    if (name.size() < suffix.size() ||
        name.compare(name.size() - suffix.size(), suffix.size(), suffix) != 0)
      continue;
    const CommandResult replayed = run_command({CAPSTAN_BINARY, "replay", entry.path().string()});
    INFO("replay of " << name << ": " << replayed.output << replayed.errors);
    CHECK(replayed.status == 0);
  }
}

Checked check_with(const std::string& path, const Words& switches) {
  const TemporaryFolder folder;
  const fs::path report = folder.path() / "report.json";
  Words words{CAPSTAN_BINARY, "check",       path,     "--no-times",
              "--out",        folder.path(), "--json", report.string()};
  words.insert(words.end(), switches.begin(), switches.end());
  if (std::find(switches.begin(), switches.end(), "--pictures") == switches.end())
    words.push_back("--no-pictures");
  Checked checked{run_command(words), outcomes_in(report)};
  replay_all(folder.path());
  return checked;
}

void check_outcomes(const Directives& wanted, const Checked& checked) {
  for (const ExpectedOutcome& expected : wanted.outcomes) {
    std::size_t found = 0;
    for (const Words& each : checked.outcomes) {
      if (each[0] != expected.scenario || each[2] != expected.slug) continue;
      INFO(each[0] << " " << each[1] << ": " << each[2]);
      CHECK(each[3] == expected.outcome);
      ++found;
    }
    INFO(expected.scenario << ": " << expected.slug);
    CHECK(found > 0);
  }
}

void check_words(const Directives& wanted, const CommandResult& result) {
  const std::string said = folded(result.output + result.errors);
  for (const std::string& text : wanted.says) {
    INFO("should say: " << text);
    CHECK(said.find(text) != std::string::npos);
  }
  for (const std::string& text : wanted.never_says) {
    INFO("should never say: " << text);
    CHECK(said.find(text) == std::string::npos);
  }
}

/// `lint` and `fmt` have something to say of the file or not, but they never fail.
void check_tools(const std::string& path) {
  for (const Words& tool : {Words{"lint"}, Words{"fmt", "--check"}}) {
    Words words{CAPSTAN_BINARY};
    words.insert(words.end(), tool.begin(), tool.end());
    words.push_back(path);
    const CommandResult result = run_command(words);
    INFO(tool.front() << ": " << result.output << result.errors);
    CHECK((result.status >= 0 && result.status <= 2));
  }
}

void check_case(const fs::path& path) {
  INFO(path.string());
  const Directives wanted = directives_of(read_file(path));
  std::vector<Words> runs = wanted.runs;
  if (runs.empty()) runs = {{}, {"--no-reduction"}, {"--exact"}, {"--shortest"}, {"--full"}};
  std::vector<Words> first;
  for (const Words& switches : runs) {
    const Checked checked = check_with(path.string(), switches);
    const bool is_first = &switches == &runs.front();
    std::string line;
    for (const std::string& word : switches) line += " " + word;
    INFO("check" << line << ":\n" << checked.result.output << checked.result.errors);
    CHECK(checked.result.status == wanted.status);
    check_outcomes(wanted, checked);
    if (is_first) check_words(wanted, checked.result);
    if (is_first) first = checked.outcomes;
    if (wanted.runs.empty()) CHECK(checked.outcomes == first);
  }
  check_tools(path.string());
}

/// The cases of one kind, in the order of their names.
void check_kind(const std::string& kind) {
  const fs::path folder = fs::path(CAPSTAN_SOURCE_DIR) / "tests/cases" / kind;
  std::set<fs::path> paths;
  for (const auto& entry : fs::directory_iterator(folder))
    if (entry.path().extension() == ".cap") paths.insert(entry.path());
  REQUIRE(!paths.empty());
  for (const fs::path& path : paths) check_case(path);
}

TEST_CASE("outcomes that were wrong, or passes that meant nothing", "[wrong]") {
  check_kind("wrong");
}

TEST_CASE("specs that ended in a crash or an internal error", "[crash]") { check_kind("crash"); }

TEST_CASE("limits that did not hold", "[limits]") { check_kind("limits"); }

TEST_CASE("resources that were not bounded", "[bounds]") { check_kind("bounds"); }

TEST_CASE("words that were false, or helped nobody", "[words]") { check_kind("words"); }

}  // namespace
}  // namespace capstan::tests
