// SPDX-License-Identifier: MIT
#include "reports/junit.hpp"

#include <fmt/format.h>

#include <pugixml.hpp>
#include <sstream>

#include "model/source/utf8.hpp"
#include "reports/text.hpp"
#include "reports/words.hpp"

namespace capstan::reports {

using checker::ExpectationReport;
using checker::Outcome;
using checker::ScenarioReport;

namespace {

/// XML 1.0 has no way to write most control characters, escaped or not.
std::string printable(const std::string& text) {
  return model::printable(without_colours(text), true);
}

void set(pugi::xml_node node, const char* name, const std::string& value) {
  node.append_attribute(name).set_value(printable(value).c_str());
}

struct Counts {
  std::size_t tests = 0, failures = 0, errors = 0, skipped = 0;
  double seconds = 0;
  Counts& operator+=(const Counts& other) {
    tests += other.tests;
    failures += other.failures;
    errors += other.errors;
    skipped += other.skipped;
    seconds += other.seconds;
    return *this;
  }
};

/// Attributes may be set after the cases are added: the order of writing does not matter to XML.
void set_counts(pugi::xml_node node, const Counts& counts, const JunitOptions& options) {
  set(node, "tests", std::to_string(counts.tests));
  set(node, "failures", std::to_string(counts.failures));
  set(node, "errors", std::to_string(counts.errors));
  set(node, "skipped", std::to_string(counts.skipped));
  if (options.times) set(node, "time", fmt::format("{:.3f}", counts.seconds));
}

void add_failure(pugi::xml_node test, const ScenarioReport& scenario,
                 const ExpectationReport& expectation) {
  pugi::xml_node failure = test.append_child("failure");
  set(failure, "type", checker::word(expectation.outcome));
  std::string message = expectation.evidence         ? expectation.evidence->title
                        : expectation.counterexample ? expectation.counterexample->title
                                                     : std::string();
  if (message.empty()) message = expectation.remark;
  if (message.empty())
    message =
        fmt::format("{}: the property {}", expectation.text, checker::word(expectation.verdict));
  set(failure, "message", message);
  std::string text;
  if (!expectation.remark.empty()) text = expectation.remark + "\n";
  if (expectation.evidence && scenario.protocol)
    text += story_text(*scenario.protocol, *expectation.evidence, {});
  if (expectation.counterexample) text += counterexample_text(*expectation.counterexample, {});
  for (const std::string& file : expectation.files) text += "  file: " + file + "\n";
  for (const checker::Unwritten& each : expectation.unwritten) text += "  " + each.why + "\n";
  if (!text.empty()) failure.append_child(pugi::node_pcdata).set_value(printable(text).c_str());
}

void add_case(pugi::xml_node suite, const std::string& class_name, const ScenarioReport& scenario,
              const ExpectationReport& expectation, double seconds, Counts& counts,
              const JunitOptions& options) {
  pugi::xml_node test = suite.append_child("testcase");
  set(test, "classname", class_name);
  set(test, "name", expectation.text);
  if (options.times) set(test, "time", fmt::format("{:.3f}", seconds));
  ++counts.tests;
  counts.seconds += seconds;
  if (expectation.outcome == Outcome::Met) return;
  if (expectation.outcome == Outcome::NotJudged) {
    ++counts.skipped;
    set(test.append_child("skipped"), "message",
        fmt::format("{}: {}", checker::word(expectation.outcome), expectation.remark));
    return;
  }
  ++counts.failures;
  add_failure(test, scenario, expectation);
}

Counts add_cases(pugi::xml_node suite, const checker::FileReport& file,
                 const JunitOptions& options) {
  Counts counts;
  if (file.has_errors) {
    pugi::xml_node test = suite.append_child("testcase");
    set(test, "classname", file.protocol_name.empty() ? file.path : file.protocol_name);
    set(test, "name", "the spec is well-formed");
    if (options.times) set(test, "time", "0.000");
    pugi::xml_node error = test.append_child("error");
    set(error, "type", "spec error");
    set(error, "message", file.path + " has errors");
    error.append_child(pugi::node_pcdata).set_value(printable(file.diagnostics).c_str());
    return {.tests = 1, .failures = 0, .errors = 1, .skipped = 0, .seconds = 0};
  }
  for (const ExpectationReport& each : file.not_judged)
    add_case(suite, file.protocol_name, {}, each, 0, counts, options);
  for (const ScenarioReport& scenario : file.scenarios) {
    std::string class_name = file.protocol_name + "." + scenario.name;
    if (!scenario.point.empty()) class_name += " (" + scenario.point + ")";
    double seconds = scenario.seconds;  // an exploration serves all its expectations: the first
                                        // case carries its time
    const auto add = [&](const ExpectationReport& expectation) {
      add_case(suite, class_name, scenario, expectation, seconds, counts, options);
      seconds = 0;
    };
    if (scenario.model_error) add(*scenario.model_error);
    for (const ExpectationReport& expectation : scenario.expectations) add(expectation);
  }
  return counts;
}

}  // namespace

std::string junit_of(const checker::RunReport& report, const JunitOptions& options) {
  pugi::xml_document document;
  pugi::xml_node declaration = document.append_child(pugi::node_declaration);
  set(declaration, "version", "1.0");
  set(declaration, "encoding", "UTF-8");
  pugi::xml_node suites = document.append_child("testsuites");
  set(suites, "name", "capstan");
  Counts total;
  for (const checker::FileReport& file : report.files) {
    pugi::xml_node suite = suites.append_child("testsuite");
    set(suite, "name", file.protocol_name.empty() ? file.path : file.protocol_name);
    set(suite, "file", file.path);
    const Counts counts = add_cases(suite, file, options);
    set_counts(suite, counts, options);
    total += counts;
  }
  set_counts(suites, total, options);
  std::ostringstream out;
  document.save(out, "  ", pugi::format_default, pugi::encoding_utf8);
  return out.str();
}

}  // namespace capstan::reports
