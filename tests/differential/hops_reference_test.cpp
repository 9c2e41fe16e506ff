// SPDX-License-Identifier: MIT
// `within h hops`: the checker against all worlds of the plain executor, in which messages carry
// their hops, on generated protocols without faults: every bound up to the worst case and beyond is
// asked for. Every counterexample is counted again by the plain executor.
//
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <algorithm>
#include <catch2/catch.hpp>
#include <deque>
#include <iostream>
#include <map>
#include <set>
#include <string>

#include "checker/liveness/hops.hpp"
#include "runtime/command/confirm_hops.hpp"
#include "runtime/execute/availability.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/world.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"
#include "support/timed_generator.hpp"

namespace {

using namespace capstan;
using runtime::Successor;
using runtime::World;

constexpr std::size_t kStatesMax = 2'000;
constexpr int kHopsMax = 6;
constexpr int kHorizon = 4;

/// The worst case of each operation that is ever answered; nullopt: too many worlds.
std::optional<std::map<std::pair<int, int>, int>> worst_cases(const model::Protocol& protocol) {
  std::map<std::pair<int, int>, int> worst;
  std::set<std::string> seen;
  std::deque<World> ahead;
  const auto arrive = [&](const Successor& next) {
    if (next.world.error()) return;
    for (const model::HistoryEvent& event : next.events) {
      if (event.kind != model::HistoryEvent::Kind::Ok) continue;
      int& most = worst.try_emplace({event.object, event.op}, 0).first->second;
      most = std::max(most, next.hops);
    }
    if (seen.insert(next.world.canonical()).second) ahead.push_back(next.world);
  };
  World nothing(protocol);
  nothing.set_horizon(kHorizon);
  nothing.count_hops(checker::hops_counted(protocol));
  for (const Successor& start : nothing.successors()) arrive(start);
  while (!ahead.empty()) {
    if (seen.size() > kStatesMax) return std::nullopt;
    const World world = std::move(ahead.front());
    ahead.pop_front();
    for (const Successor& next : world.successors())
      if (runtime::keeps_faults(next.label)) arrive(next);
  }
  return worst;
}

std::string with_expectations(std::string text, const std::string& update) {
  std::string more;
  for (int hops = 0; hops <= kHopsMax; ++hops) {
    more += "expect read within " + std::to_string(hops) + " hops\n";
    more += "expect " + update + " within " + std::to_string(hops) + " hops\n";
  }
  text.insert(text.rfind('}'), more);
  return text;
}

struct Tally {
  int protocols = 0, judged = 0, violated = 0, longest = 0, undecided = 0, beyond = 0;
};

void check_trace(const model::Protocol& protocol, const model::Expectation& expectation,
                 const model::Trace& trace) {
  checker::Evidence evidence;
  evidence.trace = trace;
  const auto failure = runtime::confirm_hops(protocol, expectation, evidence);
  INFO((failure ? failure->message : ""));
  CHECK(!failure);
  // Out of a file the trace has no hops in it.
  CHECK(std::ranges::all_of(evidence.trace.labels, [](const model::Label& label) {
    return label.message.chain == model::Chain{} && label.hops < 0;
  }));
  const auto again = runtime::confirm_hops(protocol, expectation, evidence);
  INFO((again ? again->message : ""));
  CHECK(!again);
  const auto run = runtime::replay(protocol, evidence.trace);
  INFO((run ? std::string() : run.failure().message));
  CHECK(run.has_value());
}

void compare(const model::Protocol& protocol, Tally& tally) {
  const auto truth = worst_cases(protocol);
  if (!truth) return;
  ++tally.protocols;
  std::vector<std::size_t> wanted;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i)
    if (checker::is_about_hops(expectations[i].kind)) wanted.push_back(i);
  for (const bool reductions : {true, false}) {
    const checker::EndlessReport report = checker::judge_hops(protocol, {}, reductions, wanted);
    for (const std::size_t index : wanted) {
      const model::Expectation& expectation = expectations[index];
      INFO(expectation.text << (reductions ? "" : ", nothing reduced"));
      int worst = -1;
      for (const auto& operation : expectation.operations)
        if (truth->contains(operation)) worst = std::max(worst, truth->at(operation));
      const checker::EndlessAnswer& answer = *report.answers[index];
      if (protocol.scenario.network_kept) {
        CHECK(!answer.holds);
        continue;
      }
      ++tally.judged;
      tally.violated += worst > expectation.hops;
      tally.longest = std::max(tally.longest, worst);
      CHECK(answer.holds == (worst <= expectation.hops));
      CHECK((answer.holds == true && answer.remark.empty()) == (worst < 0));
      if (answer.holds == true && worst >= 0)
        CHECK(answer.remark.find(": " + std::to_string(worst) + " hop") != std::string::npos);
      if (answer.trace) check_trace(protocol, expectation, *answer.trace);
    }
  }
}

/// The ticks of true time and of clocks that the trace needs.
bool is_beyond_horizon(const model::Protocol& protocol, const model::Trace& trace) {
  if (protocol.scenario.clocks && protocol.scenario.clocks->is_free) return true;
  return std::ranges::count(trace.labels, model::Label::Kind::Tick, &model::Label::kind) > kHorizon;
}

/// Where time passes the plain executor sees what happens up to a horizon, and so does the checker
/// if it is told to; else it sees more.
void compare_timed(const model::Protocol& protocol, Tally& tally) {
  std::vector<std::size_t> wanted;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i)
    if (checker::is_about_hops(expectations[i].kind)) wanted.push_back(i);
  if (protocol.scenario.wait_reads_clock) {
    ++tally.undecided;
    for (const auto& answer : checker::judge_hops(protocol, {}, true, wanted).answers)
      if (answer) CHECK((!answer->holds && !answer->remark.empty()));
    return;
  }
  const auto truth = worst_cases(protocol);
  if (!truth) return;
  ++tally.protocols;
  for (const int horizon : {kHorizon, 0}) {
    for (const bool reductions : {true, false}) {
      checker::ExploreOptions options;
      options.states_max = 200'000;
      const auto report = checker::judge_hops(protocol, options, reductions, wanted, horizon);
      for (const std::size_t index : wanted) {
        const model::Expectation& expectation = expectations[index];
        INFO(expectation.text << ", horizon " << horizon << (reductions ? "" : ", not reduced"));
        int worst = -1;
        for (const auto& operation : expectation.operations)
          if (truth->contains(operation)) worst = std::max(worst, truth->at(operation));
        const checker::EndlessAnswer& answer = *report.answers[index];
        const bool is_broken = worst > expectation.hops;
        ++tally.judged;
        tally.violated += is_broken;
        tally.longest = std::max(tally.longest, worst);
        if (is_broken) CHECK(answer.holds == false);
        if (answer.trace) check_trace(protocol, expectation, *answer.trace);
        if (!answer.trace || is_broken) continue;
        CHECK((horizon == 0 && is_beyond_horizon(protocol, *answer.trace)));
        ++tally.beyond;
      }
    }
  }
}

}  // namespace

TEST_CASE("hops are counted where time passes") {
  const auto [first, count] = tests::seeds(100);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const std::string text = with_expectations(tests::generate_timed_protocol(seed), "write");
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare_timed(tests::protocol_of(text), tally);
  }
  std::cout << "seeds " << first << " to " << first + count - 1 << ": " << tally.protocols
            << " timed protocols, " << tally.judged << " promises judged, " << tally.violated
            << " broken, " << tally.beyond << " only beyond the horizon, the longest answer takes "
            << tally.longest << " hops; " << tally.undecided << " wait by the clock\n";
  if (count < 100) return;
  CHECK(tally.protocols * 4 > static_cast<int>(count));
  CHECK(tally.violated > 50);
}

TEST_CASE("hops are counted as the plain executor counts them") {
  const auto [first, count] = tests::seeds(100);
  Tally tally;
  for (std::uint64_t seed = first; seed < first + count; ++seed) {
    const bool counts = tests::generate_protocol(seed).find("op x.increment") != std::string::npos;
    const std::string text =
        with_expectations(tests::generate_protocol(seed), counts ? "increment" : "write");
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare(tests::protocol_of(text), tally);
  }
  std::cout << "seeds " << first << " to " << first + count - 1 << ": " << tally.protocols
            << " protocols, " << tally.judged << " promises judged, " << tally.violated
            << " broken, the longest answer takes " << tally.longest << " hops\n";
  if (count < 100) return;
  CHECK(tally.protocols * 3 > static_cast<int>(count));
  CHECK(tally.violated > 50);
  CHECK(tally.longest >= 4);
}
