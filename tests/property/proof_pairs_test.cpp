// SPDX-License-Identifier: MIT
// Proofs against exploration: of random protocols, what `inductive` and `semilattice given` prove
// the ordinary explorer must not find violated, at any point that `given` allows. Most claims asked
// about hold in a calm scenario and are violated under its faults, network or clocks, so that a
// proof which forgets one of these would prove them. What `commutes` proves is tried on states of
// all kinds, and what breaks an inductive claim is taken again by the plain executor.
#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "checker/check.hpp"
#include "checker/prove/commutes.hpp"
#include "checker/prove/concrete_step.hpp"
#include "checker/prove/inductive.hpp"
#include "runtime/command/confirm_inductive.hpp"
#include "runtime/execute/world.hpp"
#include "support/dice.hpp"
#include "support/proof_generator.hpp"
#include "support/proof_verdict.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using model::Value;
using tests::Found;
using tests::ProofWord;

/// Of which features a pair was, two by two, and how often.
class Crossings {
 public:
  void add(const std::set<std::string>& traits) {
    for (auto one = traits.begin(); one != traits.end(); ++one)
      for (auto other = one; other != traits.end(); ++other) ++counts_[{*one, *other}];
  }
  std::string words() const {
    static const std::vector<std::pair<std::string, std::string>> shown{
        {"kept", "lose"},
        {"kept", "dropping"},
        {"ask", "kept"},
        {"else", "kept"},
        {"kept", "crash"},
        {"duplicate", "fifo"},
        {"fifo", "lose"},
        {"crash", "given"},
        {"given", "lose"},
        {"derived", "given"},
        {"crash", "volatile"},
        {"crash", "unsynced"},
        {"crash of a set", "set"},
        {"ask", "crash"},
        {"else", "lose"},
        {"ghost", "lose"},
        {"= now", "crash"},
        {"clocks within", "timer"},
        {"crash", "map"},
        {"crash", "process"},
        {"delay", "lose"},
        {"operation", "crash"},
        {"late answer", "crash"},
        {"wait", "crash"},
        {"pause", "pause"},
        {"partition", "partition"},
        {"clocks free", "clocks free"},
        {"clocks jump", "clocks jump"}};
    std::string text;
    for (auto [one, other] : shown) {
      if (one > other) std::swap(one, other);
      const auto found = counts_.find({one, other});
      text += fmt::format("{}{} x {}: {}", text.empty() ? "" : ", ", one, other,
                          found == counts_.end() ? 0 : found->second);
    }
    return text;
  }

 private:
  std::map<std::pair<std::string, std::string>, int> counts_;
};

struct Counts {
  int pairs = 0, telling = 0, proved = 0, refuted = 0, undecided = 0, vacuous = 0;
  int taken_again = 0, attempts = 0, attempts_proved = 0, unexplored = 0;

  std::string words() const {
    return fmt::format(
        "{} pairs: {} violated, {} proved, {} refuted ({} of these steps taken again), {} "
        "undecided, "
        "{} vacuous; {} not explored to the end; attempts showed {} of {}",
        pairs, telling, proved, refuted, taken_again, undecided, vacuous, unexplored,
        attempts_proved, attempts);
  }
};

class InductivePairs {
 public:
  void run(std::uint64_t seed) {
    const tests::ProofSpec spec = tests::generate_proof_spec(seed);
    const std::vector<tests::Asked> asked = tests::claims_to_ask(spec);
    const std::string text = tests::inductive_text(spec, asked);
    INFO("seed " << seed << "\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    for (std::size_t i = 0; i < asked.size(); ++i)
      judge(protocol, protocol.scenario.expectations[i], asked[i].found,
            seed % seeds_an_attempt == 0, spec.traits);
  }

  Counts counts;
  Crossings crossings;

 private:
  /// Attempts take longer than all else.
  static constexpr std::uint64_t seeds_an_attempt = 8;

  void judge(const model::Protocol& protocol, const model::Expectation& expectation, Found found,
             bool attempts, const std::set<std::string>& traits) {
    INFO(expectation.text);
    const checker::ProofResult result = checker::prove_inductive(protocol, expectation, attempts);
    const ProofWord word = tests::word_of(result);
    INFO(tests::notes_of(result));
    CHECK_FALSE((word == ProofWord::Proved && found == Found::Violated));
    for (const checker::Attempt& each : result.proof.attempts) {
      ++counts.attempts;
      counts.attempts_proved += each.proves ? 1 : 0;
      CHECK_FALSE((each.proves && found == Found::Violated));
    }
    if (result.counterexample && result.counterexample->step) {
      const auto taken = runtime::takes_step(protocol, *result.counterexample->step);
      CHECK(taken.value_or(true));
      counts.taken_again += taken ? 1 : 0;
    }
    crossings.add(traits);
    ++counts.pairs;
    counts.telling += found == Found::Violated ? 1 : 0;
    counts.unexplored += found == Found::Unknown ? 1 : 0;
    counts.proved += word == ProofWord::Proved ? 1 : 0;
    counts.refuted += word == ProofWord::Refuted ? 1 : 0;
    counts.undecided += word == ProofWord::Undecided ? 1 : 0;
    counts.vacuous += word == ProofWord::Vacuous ? 1 : 0;
  }
};

/// A state of `Node` and the two messages, of random values of the types.
std::optional<runtime::World> any_world(const model::Protocol& protocol, tests::Dice& dice,
                                        std::vector<model::MessageInstance>& messages) {
  const auto any = [&](model::TypeId type) {
    const auto values = protocol.types.domain(type);
    REQUIRE(values);
    return (*values)[static_cast<std::size_t>(dice.below(static_cast<int>(values->size())))];
  };
  runtime::Placement state;
  const int node = protocol.process_count() - 1;
  for (int p = 0; p <= node; ++p) {
    state.variables.emplace_back();
    for (const model::Variable& variable : protocol.role_of(p).variables)
      state.variables.back().push_back(any(variable.type));
  }
  state.is_up.assign(state.variables.size(), true);
  state.last.assign(state.variables.size(), 0);
  for (int message = 0; message < 2; ++message) {
    model::MessageInstance sent;
    sent.message = message;
    sent.source = 0;
    sent.destination = node;
    sent.fields = {Value::integer(dice.below(3))};
    messages.push_back(std::move(sent));
  }
  state.in_flight = messages;
  return runtime::World::placed(protocol, state);
}

/// What `Node` has after both, in this order; nullopt where they cannot be handled so.
std::optional<std::vector<Value>> in_order(runtime::World world,
                                           const std::vector<model::MessageInstance>& messages) {
  for (const model::MessageInstance& message : messages) {
    model::Label label;
    label.kind = model::Label::Kind::Deliver;
    label.message = message;
    label.process = message.destination;
    label.alternative = message.message;
    if (!world.apply(label) || world.error()) return std::nullopt;
  }
  return world.processes().back().variables;
}

}  // namespace

TEST_CASE("what is proved inductive, no exploration finds violated") {
  const tests::Seeds seeds = tests::seeds(12);
  InductivePairs pairs;
  for (const std::uint64_t seed : seeds.all()) pairs.run(seed);
  WARN(seeds.words() << ": " << pairs.counts.words());
  WARN(pairs.crossings.words());
  if (seeds.count < 12) return;
  CHECK(pairs.counts.telling * 3 > pairs.counts.pairs);
  CHECK(pairs.counts.proved * 50 > pairs.counts.pairs);
  CHECK(pairs.counts.taken_again * 4 > pairs.counts.refuted);
}

TEST_CASE("what a semilattice is given, no exploration finds violated where it is proved") {
  const tests::Seeds seeds = tests::seeds(12);
  int pairs = 0, violated = 0, proved = 0;
  for (const std::uint64_t seed : seeds.all()) {
    const tests::MergeSpec spec = tests::generate_merge_spec(seed);
    std::string wanted;
    std::vector<std::string> claims;
    for (const auto& [given, always] : spec.given_and_always) {
      wanted += "  expect semilattice join given " + given + "\n";
      claims.push_back("every(" + always + " for a, b in Copy)");
    }
    const std::vector<Found> found = tests::explored(spec.body, "", spec.circumstances, claims);
    const std::string text = spec.body + "scenario s {\n" + spec.circumstances + wanted + "}\n";
    const model::Protocol protocol = tests::protocol_of(text);
    for (std::size_t i = 0; i < found.size(); ++i) {
      const model::Expectation& expectation = protocol.scenario.expectations[i];
      INFO("seed " << seed << "\n" << text << expectation.text);
      const checker::ProofResult result = checker::prove_semilattice(protocol, expectation);
      INFO(tests::notes_of(result));
      const bool is_proved = tests::word_of(result) == ProofWord::Proved;
      CHECK_FALSE((is_proved && found[i] == Found::Violated));
      ++pairs;
      proved += is_proved ? 1 : 0;
      violated += found[i] == Found::Violated ? 1 : 0;
    }
  }
  WARN(seeds.words() << ": " << pairs << " pairs, " << violated << " violated, " << proved
                     << " proved");
}

TEST_CASE("messages that commute by a proof commute in every state that is tried") {
  const tests::Seeds seeds = tests::seeds(25);
  int proved = 0, refuted = 0, tried = 0;
  for (const std::uint64_t seed : seeds.all()) {
    const std::string text = tests::generate_handlers(seed);
    INFO("seed " << seed << "\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    const checker::ProofResult result =
        checker::prove_commutes(protocol, protocol.scenario.expectations.at(0));
    INFO(tests::notes_of(result));
    const ProofWord word = tests::word_of(result);
    proved += word == ProofWord::Proved ? 1 : 0;
    refuted += word == ProofWord::Refuted ? 1 : 0;
    if (word != ProofWord::Proved) continue;
    tests::Dice dice(seed);
    for (int i = 0; i < 60; ++i) {
      std::vector<model::MessageInstance> messages;
      const auto world = any_world(protocol, dice, messages);
      const auto forth = in_order(*world, messages);
      std::swap(messages[0], messages[1]);
      const auto back = in_order(*world, messages);
      if (!forth || !back) continue;
      ++tried;
      CHECK(*forth == *back);
    }
  }
  WARN(seeds.words() << ": " << proved << " proved, tried in " << tried << " states; " << refuted
                     << " refuted");
  if (seeds.count >= 25) CHECK(tried > 0);
}
