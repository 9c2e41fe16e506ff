// SPDX-License-Identifier: MIT
// look: properties that read clocks, in a world and through the whole of a check.
#include "runtime/execute/look.hpp"

#include <catch2/catch.hpp>
#include <string>

#include "checker/check.hpp"
#include "runtime/command/confirm.hpp"
#include "tests/support/story.hpp"

namespace {

using namespace capstan;
using tests::Story;

/// Two nodes that may note the time once, with these clocks, and properties of this kind.
std::string spec(const std::string& clocks, const std::vector<std::string>& properties) {
  std::string text =
      "protocol p\nrole Node[2] {\ndurable at: time = least\ndurable big: 0..1? = none\n"
      "fn past() = now > at\nfn shows() = now\nfn aged(d: 0..9) = now >= at + d\n"
      "action note when at == least { at = now }\n}\nscenario s { clocks " +
      clocks;
  for (const std::string& property : properties) text += " expect " + property;
  return text + " }\n";
}

bool can_look(const Story& story, bool wanted, std::size_t expectation = 0) {
  const model::Expectation& what = story.protocol.scenario.expectations.at(expectation);
  return story.world.can_look(*what.condition, what.frame, wanted);
}

checker::ScenarioReport checked(const std::string& clocks,
                                const std::vector<std::string>& properties) {
  const std::string text = spec(clocks, properties);
  const auto protocol = std::make_shared<const model::Protocol>(tests::protocol_of(text));
  checker::ScenarioReport report = checker::check_scenario(protocol, {});
  const std::optional<model::Failure> failure = runtime::confirm(report, {"p.cap", text});
  if (failure) FAIL(failure->message);
  return report;
}

/// The verdicts of properties of a spec with these clocks.
std::vector<std::string> verdicts(const std::string& clocks,
                                  const std::vector<std::string>& properties) {
  std::vector<std::string> words;
  for (const checker::ExpectationReport& each : checked(clocks, properties).expectations)
    words.emplace_back(checker::word(each.verdict));
  return words;
}

using Words = std::vector<std::string>;

}  // namespace

TEST_CASE("a look tries all that a clock may show, and one time for each clock") {
  Story story(spec("within 1", {"never Node 1.shows() > Node 2.shows() + 1",
                                "never Node 1.shows() > Node 2.shows() + 2",
                                "never Node 1.shows() != Node 1.shows()", "never now != now",
                                "never Node 1.shows() > now + 1"}));
  CHECK(can_look(story, true, 0));
  CHECK(can_look(story, false, 0));
  CHECK_FALSE(can_look(story, true, 1));
  CHECK_FALSE(can_look(story, true, 2));
  CHECK_FALSE(can_look(story, true, 3));
  CHECK_FALSE(can_look(story, true, 4));
}

TEST_CASE("a reading bounds what a look may see, and a look bounds no reading") {
  Story story(spec("within 2", {"never Node 1.shows() < now"}));
  CHECK(can_look(story, true));
  for (const model::Label& label : story.world.enabled())
    if (label.process == 0 && label.reading == 2) return story.take(label);
  CHECK_FALSE(can_look(story, true));
  story.step("a tick passes: it is 1");
  CHECK_FALSE(can_look(story, true));
  story.step("a tick passes: it is 2");
  story.step("a tick passes: it is 3");
  CHECK(can_look(story, true));
  CHECK(can_look(story, true));
}

TEST_CASE("a look that fails for some readings is a model error") {
  Story story(spec("within 1", {"never Node 1.shows() > now and Node 1.big! == 1"}));
  CHECK_THROWS_AS(can_look(story, true), model::ModelError);
}

TEST_CASE("two clocks are seen as far apart as twice the skew, and no further") {
  const std::string clocks[] = {"perfect", "within 1", "within 2"};
  for (int skew = 0; skew < 3; ++skew) {
    const std::string far = std::to_string(2 * skew);
    const std::vector<std::string> properties{"never Node 1.shows() > Node 2.shows() + " + far,
                                              "reachable Node 1.shows() == Node 2.shows() + " + far,
                                              "always Node 1.shows() - Node 2.shows() <= " + far};
    CHECK(verdicts(clocks[skew], properties) == Words{"holds", "holds", "holds"});
    if (skew == 0) continue;
    CHECK(verdicts(clocks[skew], {"always Node 1.shows() == Node 2.shows()"}) == Words{"violated"});
  }
}

TEST_CASE("constants that only properties compare are found") {
  const std::vector<std::string> properties{"reachable Node 1.aged(6) and now == Node 1.at + 5",
                                            "never now >= Node 1.at + 7 and now <= Node 2.at",
                                            "reachable now >= Node 1.at + 9 and Node 1.at > least"};
  CHECK(verdicts("within 1", properties) == Words{"holds", "violated", "holds"});
  const checker::ScenarioReport report = checked("within 1", properties);
  CHECK(report.expectations[0].evidence->run.steps.back().true_time >= 4);
}

TEST_CASE("what clocks show is told with the violation") {
  const checker::ScenarioReport report = checked(
      "within 1", {"never Node 1.shows() > now and Node 2.shows() < now and now > Node 1.at"});
  const checker::Evidence& evidence = *report.expectations[0].evidence;
  CHECK(evidence.step_count == 0);
  CHECK(evidence.run.shown == std::vector<model::ShownTime>{{0, 1}, {1, -1}});
  CHECK(evidence.why ==
        "`Node 1.shows() > now and Node 2.shows() < now and now > Node 1.at` is true after step 0, "
        "at true time 0, when the clock of Node 1 may show 1 and that of Node 2 may show -1: "
        "`Node 1.shows()` is 1, `now` is 0, `Node 2.shows()` is -1 and `Node 1.at` is least.");
}

TEST_CASE("clocks that drift are seen exactly where times stay at home") {
  const std::string clocks = "drift 1 per 3";
  CHECK(verdicts(clocks, {"never some(n.past() and not n.aged(0) for n in Node)"}) ==
        Words{"holds"});
  CHECK(verdicts(clocks,
                 {"never some(n.aged(5) and not n.aged(6) and n.at == least for n in Node)"}) ==
        Words{"undecided"});
  CHECK(verdicts(clocks, {"never now > Node 1.shows() + 2"}) == Words{"violated"});
}

TEST_CASE("free clocks are seen in any order, and exactly") {
  // Both read after the other's note, between the notes, and before both.
  CHECK(
      verdicts("free", {"reachable Node 1.at < Node 2.shows() and Node 2.shows() < Node 1.shows() "
                        "and Node 2.at == least and Node 1.at > least"}) == Words{"holds"});
  CHECK(verdicts("free", {"never Node 1.at < Node 2.shows() and Node 2.shows() < Node 2.at"}) ==
        Words{"holds"});
  CHECK(verdicts("free", {"reachable Node 1.at < Node 2.at and Node 1.at < Node 1.shows() and "
                          "Node 1.shows() < Node 2.at"}) == Words{"holds"});
  CHECK(verdicts("free", {"never Node 1.shows() < Node 1.at"}) == Words{"holds"});
  CHECK(verdicts("free", {"always Node 1.shows() <= Node 2.shows()"}) == Words{"violated"});
  CHECK(verdicts("free", {"never Node 1.shows() != Node 1.shows()"}) == Words{"holds"});
  CHECK(verdicts("free", {"never Node 1.past() and Node 2.shows() > now"}) == Words{"violated"});
  CHECK(verdicts("free", {"never now != now"}) == Words{"undecided"});
}

TEST_CASE("what is waited for has come when no reading denies it") {
  const std::string noted = "some(n.at > least and now >= n.at + 3 for n in Node)";
  CHECK(
      verdicts("within 1", {"eventually every(n.at > least for n in Node)", "eventually " + noted,
                            "eventually Node 1.shows() == now", "eventually always Node 1.aged(4)",
                            "whenever Node 1.at > least, eventually Node 1.aged(2)",
                            "whenever Node 1.shows() > now, eventually Node 1.shows() <= now"}) ==
      Words{"holds", "holds", "violated", "holds", "holds", "violated"});
}
