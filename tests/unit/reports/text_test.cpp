// SPDX-License-Identifier: MIT
// text_test: the table and the stories, as golden texts and by their rules (no trailing blanks,
// columns line up).
#include "reports/text.hpp"

#include <catch2/catch.hpp>
#include <sstream>

#include "reports/words.hpp"
#include "tests/unit/reports/fixtures.hpp"
#include "tests/unit/reports/golden.hpp"

using namespace capstan;
using checker::Outcome;

namespace {

checker::ExpectationReport expectation(std::string text, Outcome outcome, std::string remark = {}) {
  checker::ExpectationReport report;
  report.text = std::move(text);
  report.outcome = outcome;
  report.remark = std::move(remark);
  return report;
}

checker::ScenarioReport scenario(std::string name, std::string point,
                                 std::vector<checker::ExpectationReport> expectations) {
  checker::ScenarioReport report;
  report.name = std::move(name);
  report.point = std::move(point);
  report.states = 88214;
  report.seconds = 0.104;
  report.expectations = std::move(expectations);
  return report;
}

checker::RunReport sample() {
  checker::RunReport report;
  report.command = "capstan check specs";
  checker::FileReport& abd = report.files.emplace_back();
  abd.path = "specs/quorum/abd.cap";
  abd.protocol_name = "abd";
  abd.scenarios.push_back(scenario("concurrent", "", {expectation("linearizable", Outcome::Met)}));
  abd.scenarios.push_back(reports::test::abd_stale_read());
  abd.scenarios.back().expectations[0].files = {
      "out/abd.reader_forgets_to_write_back.linearizable.dot",
      "out/abd.reader_forgets_to_write_back.linearizable.svg"};
  abd.scenarios.push_back(
      scenario("too_large", "",
               {expectation("linearizable", Outcome::Undecided,
                            "undecided: the memory limit of 1.0 GB was hit after 88,214 states")}));
  abd.scenarios.push_back(scenario(
      "nobody_calls", "",
      {expectation("linearizable", Outcome::Vacuous, "vacuous: no operation ever completes"),
       expectation("never lost", Outcome::Met)}));
  abd.scenarios.back().remarks = {"merged sends: 3"};
  abd.scenarios.back().deadlock_text = "Client 1 waits for ever in read()";
  for (int skew = 0; skew < 3; ++skew)
    abd.scenarios.push_back(scenario("sweep", "skew = " + std::to_string(skew),
                                     {expectation("linearizable iff skew == 0", Outcome::Met)}));
  checker::FileReport& store = report.files.emplace_back();
  store.path = "specs/store.cap";
  store.protocol_name = "store";
  store.scenarios.push_back(reports::test::crash_and_restart());
  store.scenarios.back().expectations[0].files = {
      "out/store.volatile_store.always-stored.dot", "out/store.volatile_store.always-stored.svg",
      "out/store.volatile_store.always-stored.trace.json"};
  checker::FileReport& wrong = report.files.emplace_back();
  wrong.path = "specs/wrong.cap";
  wrong.has_errors = true;
  wrong.diagnostics = "error[E0101]: expected a name\n  --> specs/wrong.cap:1:9\n";
  return report;
}

void check_no_trailing_blanks(const std::string& text) {
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    INFO(line);
    CHECK((line.empty() || line.back() != ' '));
  }
}

}  // namespace

TEST_CASE("the table, the stories and the summary") {
  const std::string text = reports::text_of(sample(), {});
  reports::test::check_golden("table.txt", text);
  check_no_trailing_blanks(text);
}

TEST_CASE("without times, nothing measured is printed") {
  const std::string text =
      reports::text_of(sample(), {.color = false, .times = false, .width = 100, .stories = false});
  reports::test::check_golden("table_narrow.txt", text);
  CHECK(text.find(" s\n") == std::string::npos);
  CHECK(text.find("time") == std::string::npos);
  check_no_trailing_blanks(text);
}

TEST_CASE("colour adds escape sequences and nothing else") {
  std::string text =
      reports::text_of(sample(), {.color = true, .times = true, .width = 0, .stories = true});
  std::string bare;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\x1b')
      i = text.find('m', i);
    else
      bare += text[i];
  }
  CHECK(bare == reports::text_of(sample(), {}));
}

TEST_CASE("every step of a story is told, and the why") {
  for (const auto& [name, report] : reports::test::all_fixtures()) {
    INFO(name);
    const checker::Evidence& evidence = *report.expectations[0].evidence;
    const std::string text = reports::story_text(*report.protocol, evidence, {});
    check_no_trailing_blanks(text);
    for (std::size_t i = 1; i < evidence.run.steps.size(); ++i)
      CHECK(text.find(evidence.run.steps[i].text) != std::string::npos);
    if (evidence.explanation)
      CHECK(text.find(evidence.explanation->conclusion) != std::string::npos);
  }
  const auto report = reports::test::lost_write();
  reports::test::check_golden(
      "story.txt", reports::story_text(*report.protocol, *report.expectations[0].evidence, {}));
}

TEST_CASE("words") {
  CHECK(reports::grouped(7) == "7");
  CHECK(reports::grouped(1234567) == "1,234,567");
  CHECK(reports::counted(0, "fault") == "no fault");
  CHECK(reports::counted(2, "crash", "crashes") == "2 crashes");
  CHECK(reports::duration(0.031) == "0.03 s");
  CHECK(reports::duration(75.25) == "75.2 s");
  CHECK(reports::duration(183) == "3 min 03 s");
  CHECK(reports::shortened("abcdef", 6) == "abcdef");
  CHECK(reports::shortened("abcdefg", 6) == "abcde…");
  CHECK(reports::shortened("ab→→→cd", 5) == "ab→→…");
  CHECK(reports::wrapped("one two three", 7) == std::vector<std::string>{"one two", "three"});
  CHECK(reports::wrapped("a\nb", 7) == std::vector<std::string>{"a", "b"});
}
