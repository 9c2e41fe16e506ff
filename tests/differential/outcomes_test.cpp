// SPDX-License-Identifier: MIT
// No outcome depends on how the states are visited: by default, with no reduction, with whole
// states compared, with the shortest counterexamples, or everything explored; nor on parts of the
// spec that nothing uses. On generated protocols with expectations of every kind, vacuity, lost
// writes and model errors included.
//
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/idle_actions.hpp"
#include "support/outcome_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Outcome;
using Protocol = std::shared_ptr<const model::Protocol>;

/// Beyond that a protocol is not compared.
constexpr std::uint64_t kStatesMax = 20'000;

struct Mode {
  const char* name;
  void (*set)(checker::CheckOptions&);
};

const Mode kModes[] = {
    {"by default", [](checker::CheckOptions&) {}},
    {"with no reduction", [](checker::CheckOptions& options) { options.reductions = false; }},
    {"with whole states", [](checker::CheckOptions& options) { options.explore.exact = true; }},
    {"shortest", [](checker::CheckOptions& options) { options.shortest = true; }},
    {"everything explored", [](checker::CheckOptions& options) { options.full = true; }},
};

/// By expectation, and at the end that of the model error.
using Outcomes = std::vector<Outcome>;

struct Judged {
  Outcomes outcomes;
  std::string text;  // what was said, for whoever looks into a difference
};

Judged judge(const Protocol& protocol, const Mode& mode) {
  checker::CheckOptions options;
  options.explore.states_max = kStatesMax;
  options.attempts = false;
  mode.set(options);
  std::vector<checker::ScenarioReport> reports{checker::check_scenario(protocol, options)};
  checker::judge_idle_actions(reports, {}, options);
  Judged judged;
  judged.text = std::string(mode.name) + ":\n";
  for (const checker::ExpectationReport& each : reports.front().expectations) {
    judged.outcomes.push_back(each.outcome);
    judged.text += "  " + each.text + ": " + checker::word(each.outcome) + " " + each.remark + "\n";
  }
  judged.outcomes.push_back(reports.front().model_error ? Outcome::Unmet : Outcome::Met);
  if (reports.front().model_error) judged.text += "  " + reports.front().model_error->remark + "\n";
  return judged;
}

bool is_cut_short(const Outcomes& outcomes) {
  return std::find(outcomes.begin(), outcomes.end(), Outcome::Undecided) != outcomes.end();
}

struct Tally {
  int compared = 0, too_large = 0, errors = 0;
  std::map<Outcome, int> outcomes;
};

void compare(std::uint64_t seed, Tally& tally) {
  const std::string text = tests::generate_outcomes(seed);
  INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
  const auto protocol = std::make_shared<const model::Protocol>(tests::protocol_of(text));
  // What some switch cannot explore within the limit is not compared; mostly that is the first.
  const Judged plain = judge(protocol, kModes[1]);
  std::vector<Judged> others;
  bool is_too_large = is_cut_short(plain.outcomes);
  for (const Mode& mode : kModes) {
    if (is_too_large || &mode == &kModes[1]) continue;
    others.push_back(judge(protocol, mode));
    is_too_large = is_cut_short(others.back().outcomes);
  }
  if (is_too_large) {
    ++tally.too_large;
    return;
  }
  ++tally.compared;
  for (std::size_t i = 0; i + 1 < plain.outcomes.size(); ++i) ++tally.outcomes[plain.outcomes[i]];
  tally.errors += plain.outcomes.back() == Outcome::Unmet;
  for (const Judged& other : others) {
    INFO(plain.text << other.text);
    CHECK(other.outcomes == plain.outcomes);
  }
  const auto more =
      std::make_shared<const model::Protocol>(tests::protocol_of(tests::with_unused_parts(text)));
  const Judged unused = judge(more, kModes[0]);
  INFO(plain.text << "with unused parts, " << unused.text);
  CHECK(unused.outcomes == plain.outcomes);
}

}  // namespace

TEST_CASE("no outcome depends on how states are visited, or on what nothing uses") {
  const tests::Seeds wanted = tests::seeds(250);
  Tally tally;
  for (const std::uint64_t seed : wanted.all()) compare(seed, tally);
  std::cout << wanted.words() << ": " << tally.compared << " protocols compared, "
            << tally.too_large << " too large, " << tally.errors
            << " with a model error; outcomes:";
  for (const auto& [outcome, count] : tally.outcomes)
    std::cout << " " << count << " " << checker::word(outcome);
  std::cout << "\n";
  if (wanted.count < 250) return;
  CHECK(tally.compared * 3 > static_cast<int>(wanted.count) * 2);
  for (const Outcome outcome : {Outcome::Met, Outcome::Unmet, Outcome::Vacuous, Outcome::NotJudged})
    CHECK(tally.outcomes[outcome] > 0);
  CHECK(tally.errors > 0);
}
