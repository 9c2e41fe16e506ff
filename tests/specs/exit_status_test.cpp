// SPDX-License-Identifier: MIT
// The exit status is the answer that continuous integration hears: each of its values from the
// command line, and 1 for every expectation of every spec once it is turned round, so that none of
// them is there for show: those of a scenario together, and each by itself at night.
#include <algorithm>
#include <catch2/catch.hpp>
#include <map>

#include "tests/specs/spec_files.hpp"

namespace capstan::tests {

namespace {

const std::string kCases = "tests/specs/cases/";
const std::string kHolds = "specs/single/single_copy.cap";

int status_of(const std::vector<std::string>& words) {
  const TemporaryFolder folder;
  const CommandResult result = check(words, folder.path());
  UNSCOPED_INFO(result.output << result.errors);
  return result.status;
}

/// The expectations of each scenario in a text.
std::map<std::string, std::vector<ExpectLine>> lines_by_scenario(const std::string& source) {
  std::map<std::string, std::vector<ExpectLine>> lines;
  for (const ExpectLine& line : expect_lines(source)) lines[line.scenario].push_back(line);
  return lines;
}

/// Turns all expectations of each scenario below `folder` round: none of them is met then, at no
/// point.
void flip_all(const std::string& folder) {
  std::size_t flips = 0;
  for (const std::string& path : spec_paths()) {
    if (path.compare(0, folder.size(), folder) != 0) continue;
    for (const auto& [scenario, lines] : lines_by_scenario(source_of(path))) {
      const TemporaryFolder copies;
      const auto copy = copies.path() / "flipped.cap";
      std::string text = source_of(path);
      for (auto line = lines.rbegin(); line != lines.rend(); ++line) text = flipped(text, *line);
      write_file(copy, text);
      INFO(path << ": " << scenario);
      int status = -1;
      const auto report =
          checked_report({copy.string(), "--scenario", scenario, "--no-pictures"}, status);
      CHECK(status == 1);
      for (const auto& point : report.at("files").at(0).at("scenarios")) {
        CHECK(point.at("expectations").size() == lines.size());
        for (const auto& expectation : point.at("expectations")) {
          INFO(expectation.at("text"));
          CHECK(expectation.at("outcome") == "unmet");
        }
      }
      flips += lines.size();
    }
  }
  CHECK(flips > 0);
}

/// Turns each expectation below `folder` round, one at a time.
void flip_each(const std::string& folder) {
  int flips = 0;
  for (const std::string& path : spec_paths()) {
    if (path.compare(0, folder.size(), folder) != 0) continue;
    const std::string source = source_of(path);
    for (const ExpectLine& line : expect_lines(source)) {
      const TemporaryFolder copies;
      const auto copy = copies.path() / "flipped.cap";
      write_file(copy, flipped(source, line));
      const CommandResult result =
          check({copy.string(), "--scenario", line.scenario, "--no-pictures"}, copies.path());
      INFO(path << ": " << line.scenario << ": " << line.text << "\n"
                << result.output << result.errors);
      CHECK(result.status == 1);
      ++flips;
    }
  }
  CHECK(flips > 0);
}

}  // namespace

TEST_CASE("an expectation turned round exits with 1", "[flip][consensus]") {
  flip_all("specs/consensus/");
}
TEST_CASE("an expectation turned round exits with 1: clocks", "[flip][clocks]") {
  flip_all("specs/clocks/");
}
TEST_CASE("an expectation turned round exits with 1: eventual", "[flip][eventual]") {
  flip_all("specs/eventual/");
}
TEST_CASE("an expectation turned round exits with 1: leader", "[flip][leader]") {
  flip_all("specs/leader/");
}
TEST_CASE("an expectation turned round exits with 1: log", "[flip][log]") {
  flip_all("specs/log/");
}
TEST_CASE("an expectation turned round exits with 1: pipeline", "[flip][pipeline]") {
  flip_all("specs/pipeline/");
}
TEST_CASE("an expectation turned round exits with 1: sharded", "[flip][sharded]") {
  flip_all("specs/sharded/");
}
TEST_CASE("an expectation turned round exits with 1: published", "[flip][published_flip]") {
  flip_all("specs/published/");
}
TEST_CASE("an expectation turned round exits with 1: quorum", "[flip][quorum]") {
  flip_all("specs/quorum/");
}
TEST_CASE("an expectation turned round exits with 1: single", "[flip][single]") {
  flip_all("specs/single/");
}
TEST_CASE("an expectation turned round exits with 1: transaction", "[flip][transaction]") {
  flip_all("specs/transaction/");
}

TEST_CASE("each expectation by itself, turned round, exits with 1", "[nightly]") {
  flip_each("specs/");
}

TEST_CASE("every folder of specs is in one of the tests above", "[status]") {
  for (const std::string& path : spec_paths()) {
    INFO(path);
    const std::string folder = path.substr(6, path.find('/', 6) - 6);
    const std::vector<std::string> tested = {"clocks", "consensus", "eventual",   "leader",
                                             "log",    "pipeline",  "sharded",    "published",
                                             "quorum", "single",    "transaction"};
    CHECK(std::find(tested.begin(), tested.end(), folder) != tested.end());
  }
}

TEST_CASE("0: all expectations are met", "[status]") { CHECK(status_of({kHolds}) == 0); }

TEST_CASE("0: an audit where histories need not be linearizable", "[status]") {
  CHECK(status_of({"specs/clocks/cache.cap", "--scenario", "clocks_that_are_off", "--audit"}) == 0);
}

TEST_CASE("1: an expectation is not met", "[status]") {
  CHECK(status_of({kCases + "unmet.cap"}) == 1);
}

TEST_CASE("1: a model error, whatever is expected", "[status]") {
  CHECK(status_of({kCases + "model_error.cap"}) == 1);
  CHECK(status_of({kCases + "property_error.cap"}) == 1);
}

TEST_CASE("2: the spec or the command line is wrong", "[status]") {
  CHECK(status_of({kCases + "wrong.cap"}) == 2);
  CHECK(status_of({"specs/there_is_no_such_file.cap"}) == 2);
  CHECK(status_of({kHolds, "--scenario", "there_is_no_such_scenario"}) == 2);
  CHECK(status_of({kHolds, "--property", "there_is_no_such_property"}) == 2);
  CHECK(status_of({kHolds, "--there-is-no-such-option"}) == 2);
  CHECK(status_of({kHolds, "--memory", "much"}) == 2);
}

TEST_CASE("3: nothing was put to the test", "[status]") {
  CHECK(status_of({kCases + "vacuous_fault.cap"}) == 3);
  CHECK(status_of({kCases + "vacuous_operation.cap"}) == 3);
  CHECK(status_of({kCases + "vacuous_guard.cap"}) == 3);
}

TEST_CASE("4: a limit was hit", "[status]") {
  const std::string large = "specs/quorum/abd.cap";
  CHECK(status_of({large, "--scenario", "concurrent", "--memory", "1MiB"}) == 4);
  CHECK(status_of({large, "--scenario", "concurrent", "--states", "1000"}) == 4);
  CHECK(status_of({kCases + "large_start.cap"}) == 4);
  CHECK(status_of({kCases + "large_start.cap", "--audit"}) == 4);
}

TEST_CASE("4: something was not judged", "[status]") {
  const std::string wrong = "tests/cases/wrong/";
  CHECK(status_of({wrong + "only_unsupported.cap"}) == 4);
  CHECK(status_of({wrong + "no_scenario.cap"}) == 4);
  CHECK(status_of({kHolds, wrong + "no_scenario.cap"}) == 4);
  // What is asked for is judged; what is not asked for does not count.
  CHECK(status_of({wrong + "some_unsupported.cap", "--property", "linear"}) == 0);
  CHECK(status_of({wrong + "no_expectation.cap", "--scenario", "t"}) == 0);
  CHECK(status_of({kCases + "unmet.cap", wrong + "no_scenario.cap"}) == 1);
}

TEST_CASE("an unknown property is told with one that is near", "[status]") {
  const TemporaryFolder folder;
  const CommandResult result = check({kHolds, "--property", "linearisable"}, folder.path());
  CHECK(result.status == 2);
  CHECK(result.errors.find("no expectation has `linearisable` in its text; did you mean "
                           "`linearizable`?") != std::string::npos);
}

TEST_CASE("the worst wins, in the order 2, 1, 4, 3, 0", "[status]") {
  const std::string unmet = kCases + "unmet.cap";
  const std::string wrong = kCases + "wrong.cap";
  const std::string vacuous = kCases + "vacuous_fault.cap";
  CHECK(status_of({kHolds, vacuous}) == 3);
  CHECK(status_of({vacuous, unmet, kHolds}) == 1);
  CHECK(status_of({unmet, wrong, kHolds}) == 2);
  CHECK(status_of({vacuous, kHolds, "--states", "5"}) == 4);
}

}  // namespace capstan::tests
