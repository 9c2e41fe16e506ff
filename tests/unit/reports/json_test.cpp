// SPDX-License-Identifier: MIT
// json_test: what is written can be read again and says what docs/json.md promises; JUnit is
// well-formed XML with the right counts.
#include "reports/json.hpp"

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "reports/junit.hpp"
#include "reports/text.hpp"
#include "tests/unit/reports/fixtures.hpp"
#include "tests/unit/reports/golden.hpp"

using namespace capstan;
using nlohmann::json;

namespace {

checker::RunReport sample() {
  checker::RunReport report;
  report.command = "capstan check specs";
  checker::FileReport& file = report.files.emplace_back();
  file.path = "specs/all.cap";
  file.protocol_name = "all";
  for (auto& [name, scenario] : reports::test::all_fixtures()) file.scenarios.push_back(scenario);
  checker::FileReport& wrong = report.files.emplace_back();
  wrong.path = "specs/<wrong> & \"quoted\".cap";
  wrong.has_errors = true;
  wrong.diagnostics = "error[E0101]: \x1b[31mcontrol\x1b[0m ]]> \x80 and <tags>\n";
  return report;
}

}  // namespace

TEST_CASE("json says what the findings say") {
  const json parsed = json::parse(reports::json_of(sample(), {}));
  CHECK(parsed["format"] == "capstan-report");
  CHECK(parsed["version"] == 1);
  CHECK(parsed["exit_status"] == 2);
  CHECK(parsed["summary"]["unmet"] == 3);
  CHECK(parsed["summary"]["met"] == 7);
  CHECK(parsed["summary"]["files_with_errors"] == 1);
  const json& scenario = parsed["files"][0]["scenarios"][2];
  CHECK(scenario["states"] == 4061);
  const json& evidence = scenario["expectations"][0]["evidence"];
  CHECK(evidence["kind"] == "counterexample");
  CHECK(evidence["steps"].size() == 15);
  CHECK(evidence["steps"][3]["changes"][1]["after"] == "2");
  CHECK(evidence["steps"][3]["state"]["Replica 2"]["value"] == "2");
  CHECK(evidence["steps"][14]["events"][0]["text"] == "read returns 2");
  CHECK(evidence["explanation"]["sentences"].size() == 3);
  CHECK(evidence["explanation"]["operations"][2]["answer"] == "2");
}

TEST_CASE("json says what the clock showed in a step that reads it") {
  const checker::ScenarioReport report = reports::test::clocks();
  checker::RunReport run;
  checker::FileReport& file = run.files.emplace_back();
  file.scenarios.push_back(report);
  const auto parsed = nlohmann::json::parse(reports::json_of(run, {.times = false}));
  std::vector<std::int64_t> shown;
  for (const auto& step :
       parsed["files"][0]["scenarios"][0]["expectations"][0]["evidence"]["steps"]) {
    if (step.contains("clock")) shown.push_back(step["clock"].get<std::int64_t>());
  }
  CHECK(shown == std::vector<std::int64_t>{2, 1, 1, 3});
}

TEST_CASE("json without times has nothing measured") {
  const std::string text = reports::json_of(sample(), {.times = false});
  CHECK(text.find("\"seconds\"") == std::string::npos);
  CHECK(text.find("\"memory_bytes\"") == std::string::npos);
}

TEST_CASE("junit is well-formed and counts right") {
  const std::string text = reports::junit_of(sample(), {});
  pugi::xml_document document;
  const pugi::xml_parse_result result = document.load_string(text.c_str());
  INFO(result.description());
  REQUIRE(result);
  const pugi::xml_node suites = document.child("testsuites");
  CHECK(suites.attribute("tests").as_int() == 11);
  CHECK(suites.attribute("failures").as_int() == 3);
  CHECK(suites.attribute("errors").as_int() == 1);
  std::size_t failures = 0, cases = 0;
  for (const pugi::xml_node suite : suites.children("testsuite"))
    for (const pugi::xml_node test : suite.children("testcase")) {
      ++cases;
      for (const pugi::xml_node failure : test.children("failure")) {
        ++failures;
        CHECK(failure.attribute("type").as_string() == std::string("unmet"));
        CHECK(std::string(failure.child_value()).size() > 100);
      }
    }
  CHECK(cases == 11);
  CHECK(failures == 3);
  CHECK(text.find('\x1b') == std::string::npos);
  CHECK(text.find("&#27;") == std::string::npos);
  CHECK(text.find("time=") != std::string::npos);
  CHECK(reports::junit_of(sample(), {.times = false}).find("time=") == std::string::npos);
}

TEST_CASE("what nobody judged has a line, is skipped, and is no pass") {
  checker::RunReport run;
  checker::FileReport& file = run.files.emplace_back();
  file.protocol_name = "p";
  file.not_judged.push_back(checker::nothing_expected("the file has no scenario"));
  checker::ScenarioReport& scenario = file.scenarios.emplace_back();
  scenario.name = "s";
  scenario.expectations.push_back(checker::not_judged("causal", "causal", "not supported yet"));
  checker::ExpectationReport met;
  met.text = "linearizable";
  met.outcome = checker::Outcome::Met;
  scenario.expectations.push_back(met);
  CHECK(checker::exit_status(run) == 4);

  const json parsed = json::parse(reports::json_of(run, {}));
  CHECK(parsed["exit_status"] == 4);
  CHECK(parsed["summary"]["not judged"] == 2);
  CHECK(parsed["summary"]["met"] == 1);
  CHECK(parsed["files"][0]["not_judged"][0]["remark"] == "the file has no scenario");
  CHECK(parsed["files"][0]["scenarios"][0]["expectations"][0]["outcome"] == "not judged");

  pugi::xml_document document;
  REQUIRE(document.load_string(reports::junit_of(run, {}).c_str()));
  const pugi::xml_node suites = document.child("testsuites");
  CHECK(suites.attribute("tests").as_int() == 3);
  CHECK(suites.attribute("failures").as_int() == 0);
  CHECK(suites.attribute("skipped").as_int() == 2);
  const pugi::xml_node test = suites.child("testsuite").child("testcase");
  CHECK(test.attribute("name").as_string() == std::string("nothing is expected"));
  CHECK(test.child("skipped").attribute("message").as_string() ==
        std::string("not judged: the file has no scenario"));

  const std::string text = reports::text_of(run, {});
  CHECK(text.find("nothing is expected") != std::string::npos);
  CHECK(text.find("3 expectations: 1 met, 2 not judged") != std::string::npos);
}
