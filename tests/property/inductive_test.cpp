// SPDX-License-Identifier: MIT
// `inductive` against brute force: tiny generated protocols and claims, of which the plain executor
// takes every step from every state that there is (all values, all sets of messages in flight).
// Z3 must prove exactly the claims that no step breaks, and refute only others. What an attempt
// shows of the others is explored from the start: no run may get where the claim is false.
#include "checker/prove/inductive.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <set>
#include <string>
#include <vector>

#include "checker/prove/concrete_step.hpp"
#include "runtime/command/confirm_inductive.hpp"
#include "runtime/execute/world.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

/// Of states from the start.
constexpr std::size_t states_most = 4'000;

using namespace capstan;
using checker::Obligation;
using model::Value;
using runtime::Placement;
using runtime::World;

/// A keeper and two nodes that tell each other numbers, and some claim about them.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string text() {
    const std::string storage = pick({"durable", "volatile"});
    const std::string value = pick({"0", "0", "1", "if self == Node 1 then 1 else 0"});
    std::string text =
        "protocol tiny\nmessage Up(v: 0..1)\nmessage Down()\n"
        "role Node[2] {\n  " +
        storage + " n: 0..2 = " + value + "\n  action go" + guard("n") + " { " + body(false) +
        " }\n  on Down()" + guard("n") + " { " + body(false) + " }\n";
    text += "  action tell when n == 2 { send Up(1) to Keeper }\n";
    if (chance(2)) text += "  on restart { " + pick({"n = 1", "send Up(1) to Keeper"}) + " }\n";
    if (chance(2))
      text += "  on start { " + pick({"n = any {0, 1}", "send Up(0) to Keeper"}) + " }\n";
    text += "}\nrole Keeper {\n  durable k: 0..2 = " + pick({"0", "1", "2"}) + "\n  on Up(v)" +
            guard("k") + " { " + body(true) + " }\n";
    if (chance(3)) text += "  action fall" + guard("k") + " { " + body_of_keeper("1") + " }\n";
    text += "  action call when k == 2 { send Down() to any Node }\n";
    text += "}\nscenario tiny {\n" + faults();
    return text + "  expect inductive " + claim() + "\n}\n";
  }

 private:
  std::string pick(const std::vector<std::string>& texts) {
    return texts[std::uniform_int_distribution<std::size_t>(0, texts.size() - 1)(random_)];
  }
  bool chance(int of) { return std::uniform_int_distribution<int>(1, of)(random_) == 1; }
  std::string guard(const std::string& variable) {
    if (chance(3)) return "";
    return " when " + variable + pick({" < 2", " < 1", " == 0", " > 0", " == 1", " == 2"});
  }
  std::string body(bool is_keeper) {
    const auto one = [&] { return is_keeper ? body_of_keeper("v") : body_of_node(); };
    std::string text = one();
    if (chance(2)) text += "; " + one();
    return text;
  }
  std::string body_of_node() {
    return pick({"n += 1", "n = 0", "n = min(2, n + 1)", "n = any {0, 1}", "send Up(0) to Keeper",
                 "send Up(min(n, 1)) to Keeper",
                 "if n == 1 { send Up(1) to Keeper } else { n = 1 }", "n = 2 - n",
                 "if n > 0 { return }", "send Up(1) to Keeper; n = 0"});
  }
  std::string body_of_keeper(const std::string& v) {
    return pick({"k = " + v, "k = max(k, " + v + ")", "k = min(2, k + " + v + ")",
                 "send Down() to Node", "send Down() to any Node", "k = any 0..k",
                 "if " + v + " > k { send Down() to Node 1; k = " + v + " }",
                 "for p in Node where k > 0 { send Down() to p }", "k += 1"});
  }
  std::string faults() {
    return pick({"", "", "  faults { crash Node up to 1 }\n", "  faults { lose Up up to 1 }\n",
                 "  faults { duplicate Up up to 1 }\n",
                 "  faults { crash {p for p in Node where p.n > 0} up to 1 }\n"});
  }
  std::string claim() {
    std::string text = atom();
    for (int i = 0; i < 2; ++i)
      if (chance(2)) text += " and " + atom();
    return text;
  }
  std::string atom() {
    return pick({"every(p.n <= Keeper.k for p in Node)", "every(p.n < 2 for p in Node)",
                 "every(m.v <= Keeper.k for m in Up)", "Keeper.k < 2", "Keeper.k > 0",
                 "every(m.v <= m.sender.n for m in Up)", "Keeper.k <= Node 1.n + 1",
                 "(every(p.n < 2 for p in Node) or Keeper.k == 2)",
                 "every(m.receiver.n < 2 for m in Down)", "size(Up) <= 2",
                 "count(m.v == 1 for m in Up) <= 1", "some(p.n == 0 for p in Node)",
                 "(size(Down) == 0 or Keeper.k > 0)", "every(live(p) or p.n == 0 for p in Node)",
                 "(some(m.v == 0 for m in Up) or Node 1.n == Node 2.n)",
                 "every(Keeper.k > 0 for m in Down where m.receiver == Node 1)",
                 "not some(m.v == 1 and p.n == 0 for m in Up, p in Node)", "Node 1.n == Node 2.n"});
  }

  std::mt19937_64 random_;
};

/// One or two nodes that go from number to number as a few random arrows say, some of them by a
/// message, and a claim about some numbers: often true, and seldom for a reason of its own.
class ArrowGenerator {
 public:
  explicit ArrowGenerator(std::uint64_t seed) : random_(seed) {}

  std::string text() {
    const bool may_crash = below(4) == 0;
    std::string text = "protocol arrows\nmessage Go(x: 0..5)\nrole Node";
    text += below(3) == 0 ? "[2]" : "[1]";
    text += fmt::format(" {{\n  {} n: 0..5 = {}\n  durable m: 0..2 = 0\n",
                        below(2) == 0 ? "durable" : "volatile", below(3));
    const int arrows = 2 + below(4);
    for (int i = 0; i < arrows; ++i)
      text +=
          fmt::format("  action a{} when n == {}{} {{ {} }}\n", i, below(6), condition(), effect());
    text += fmt::format("  on Go(x){} {{ {} }}\n", guard(), effect_of_go());
    if (may_crash && below(2) == 0) text += fmt::format("  on restart {{ n = {} }}\n", below(6));
    text += "}\nscenario arrows {\n";
    if (may_crash) text += "  faults { crash Node up to 1 }\n";
    return text + "  expect inductive " + claim() + "\n}\n";
  }

 private:
  int below(int bound) { return std::uniform_int_distribution<int>(0, bound - 1)(random_); }
  std::string condition() { return below(3) == 0 ? fmt::format(" and m == {}", below(3)) : ""; }
  std::string guard() { return below(2) == 0 ? fmt::format(" when n == {}", below(6)) : ""; }
  std::string effect() {
    switch (below(6)) {
      case 0:
        return fmt::format("send Go({}) to any Node", below(6));
      case 1:
        return fmt::format("m = {}; n = {}", below(3), below(6));
      case 2:
        return fmt::format("n = any {{{}, {}}}", below(6), below(6));
      case 3:
        return fmt::format("n = {}; send Go(n) to any Node", below(6));
      default:
        return fmt::format("n = {}", below(6));
    }
  }
  std::string effect_of_go() { return below(2) == 0 ? "n = x" : "n = max(n, x)"; }
  std::string claim() {
    const int a = below(6), b = below(6);
    switch (below(4)) {
      case 0:
        return fmt::format("every(p.n != {} for p in Node)", a);
      case 1:
        return fmt::format("every(p.n != {} and p.n != {} for p in Node)", a, b);
      case 2:
        return fmt::format("every(p.n != {} or p.m == {} for p in Node)", a, below(3));
      default:
        return fmt::format("every(p.n < {} for p in Node)", 1 + below(5));
    }
  }

  std::mt19937_64 random_;
};

/// Every state that there is, and every step from it, by the plain executor.
class BruteForce {
 public:
  explicit BruteForce(const model::Protocol& protocol)
      : protocol_(protocol), claim_(protocol.scenario.expectations.at(0)) {
    for (int message = 0; message < 2; ++message) {
      const auto& type =
          protocol.types.at(protocol.messages.at(static_cast<std::size_t>(message)).in_flight);
      add_messages(message, type.fields, {});
    }
  }

  bool is_inductive() {
    for (const model::Label& label : runtime::initial_labels(protocol_)) {
      const model::Result<World> world = World::start(protocol_, label);
      REQUIRE(world);
      if (!world.value().error() && !holds(world.value())) return false;
    }
    Placement state;
    state.variables.resize(static_cast<std::size_t>(protocol_.process_count()));
    state.is_up.assign(state.variables.size(), true);
    state.last.assign(state.variables.size(), 0);
    return keeps_all(state, 0);
  }

 private:
  void add_messages(int message, const std::vector<model::Type::Field>& fields,
                    const std::vector<Value>& given) {
    if (given.size() == fields.size()) {
      model::MessageInstance instance;
      instance.message = message;
      instance.fields.assign(given.begin(), given.end() - 2);
      instance.source = static_cast<int>(given[given.size() - 2].number());
      instance.destination = static_cast<int>(given.back().number());
      messages_.push_back(instance);
      return;
    }
    const auto values = protocol_.types.domain(fields[given.size()].type);
    REQUIRE(values);
    for (const Value& value : *values) {
      std::vector<Value> longer = given;
      longer.push_back(value);
      add_messages(message, fields, longer);
    }
  }

  bool holds(const World& world) const { return world.holds(*claim_.condition, claim_.frame); }

  /// All values of the processes from this one on.
  bool keeps_all(Placement& state, std::size_t process) {
    if (process == state.variables.size()) return keeps_with_messages(state);
    const model::Role& role = protocol_.role_of(static_cast<int>(process));
    const bool may_crash = !protocol_.scenario.faults.empty() &&
                           protocol_.scenario.faults[0].kind == model::Fault::Kind::Crash &&
                           role.name == "Node";
    for (int value = 0; value <= 2; ++value) {
      state.variables[process] = {Value::integer(value)};
      for (int is_down = 0; is_down <= (may_crash ? 1 : 0); ++is_down) {
        state.is_up[process] = is_down == 0;
        if (!keeps_all(state, process + 1)) return false;
      }
    }
    return true;
  }

  bool keeps_with_messages(Placement& state) {
    for (unsigned set = 0; set < (1U << messages_.size()); ++set) {
      state.in_flight.clear();
      for (std::size_t i = 0; i < messages_.size(); ++i)
        if ((set >> i & 1U) != 0) state.in_flight.push_back(messages_[i]);
      const World world = World::placed(protocol_, state);
      if (!holds(world)) continue;
      if (!keeps(world)) return false;
    }
    return true;
  }

  bool keeps(const World& world) {
    for (const runtime::Successor& next : world.successors()) {
      if (breaks(next.world)) return false;
      if (next.label.kind != model::Label::Kind::Deliver) continue;
      World twice = World::placed(protocol_, placement_of(world, next.label.message));
      if (!twice.apply(next.label)) FAIL("of two equal messages neither can be delivered");
      if (breaks(twice)) return false;
    }
    return true;
  }

  bool breaks(const World& after) const { return !after.error() && !holds(after); }

  /// The same state, with one message more.
  static Placement placement_of(const World& world, const model::MessageInstance& more) {
    Placement state;
    for (const runtime::Process& process : world.processes()) {
      state.variables.push_back(process.variables);
      state.is_up.push_back(process.is_up);
      state.last.push_back(0);
    }
    for (const model::MessageCopy& copy : world.in_flight())
      state.in_flight.push_back(copy.message);
    state.in_flight.push_back(more);
    return state;
  }

  const model::Protocol& protocol_;
  const model::Expectation& claim_;
  std::vector<model::MessageInstance> messages_;
};

/// How many states the plain executor reaches from the start in which the claim is false, among
/// the first so many that it meets.
int false_states(const model::Protocol& protocol, std::size_t most) {
  const model::Expectation& claim = protocol.scenario.expectations.at(0);
  std::set<std::string> seen;
  std::deque<World> open;
  int found = 0;
  const auto meet = [&](const World& world) {
    if (world.error() || seen.size() >= most || !seen.insert(world.canonical()).second) return;
    if (!world.holds(*claim.condition, claim.frame)) ++found;
    open.push_back(world);
  };
  for (const model::Label& label : runtime::initial_labels(protocol)) {
    const model::Result<World> world = World::start(protocol, label);
    REQUIRE(world);
    meet(world.value());
  }
  while (!open.empty()) {
    const World world = std::move(open.front());
    open.pop_front();
    for (const runtime::Successor& next : world.successors()) meet(next.world);
  }
  return found;
}

/// How often each attempt was made, and how often it showed the claim.
struct Attempts {
  int made = 0, proved = 0;
};

/// Of each claim that is shown: explored, no state is one in which it is false.
void check_attempts(const model::Protocol& protocol, const checker::ProofResult& result,
                    std::map<checker::Attempt::Method, Attempts>& counts) {
  for (const checker::Attempt& each : result.proof.attempts) {
    INFO(each.text);
    counts[each.method].made += 1;
    counts[each.method].proved += each.proves ? 1 : 0;
    if (each.proves) CHECK(false_states(protocol, states_most) == 0);
  }
}

enum class Word { Proved, Refuted, Undecided };

Word word_of(const checker::ProofResult& result) {
  Word word = Word::Proved;
  for (const Obligation& each : result.proof.obligations) {
    if (each.status == Obligation::Status::Refuted) return Word::Refuted;
    if (each.status != Obligation::Status::Proved) word = Word::Undecided;
  }
  return word;
}

std::string notes(const checker::ProofResult& result) {
  std::string text;
  for (const Obligation& each : result.proof.obligations)
    text += each.name + ": " + checker::word(each.status) + " " + each.note + "\n";
  return text;
}

}  // namespace

TEST_CASE("Z3 proves what no step from any state breaks, and refutes nothing else") {
  const tests::Seeds seeds = tests::seeds(40);
  int proved = 0, refuted = 0, undecided = 0, taken_again = 0;
  std::map<checker::Attempt::Method, Attempts> attempts;
  for (const std::uint64_t seed : seeds.all()) {
    const std::string text = Generator(seed).text();
    INFO("seed " << seed << "\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    const checker::ProofResult result =
        checker::prove_inductive(protocol, protocol.scenario.expectations.at(0));
    INFO(notes(result));
    BruteForce all(protocol);
    const bool is_inductive = all.is_inductive();
    INFO("by brute force it is " << (is_inductive ? "" : "not ") << "inductive");
    const Word word = word_of(result);
    if (word == Word::Proved) CHECK(is_inductive);
    if (word == Word::Refuted) {
      CHECK_FALSE(is_inductive);
      REQUIRE(result.counterexample);
      if (result.counterexample->step) {
        const auto taken = runtime::takes_step(protocol, *result.counterexample->step);
        CHECK(taken.value_or(true));
        taken_again += taken ? 1 : 0;
      }
    }
    if (word == Word::Undecided) CHECK_FALSE(is_inductive);
    if (word == Word::Proved) CHECK(result.proof.attempts.empty());
    check_attempts(protocol, result, attempts);
    proved += word == Word::Proved ? 1 : 0;
    refuted += word == Word::Refuted ? 1 : 0;
    undecided += word == Word::Undecided ? 1 : 0;
  }
  WARN(seeds.words() << ": " << proved << " proved, " << refuted << " refuted, of which "
                     << taken_again << " were taken again, " << undecided << " not decided");
  for (const auto& [method, counts] : attempts)
    WARN(checker::word(method) << " was tried of " << counts.made << " claims, and showed "
                               << counts.proved);
  if (seeds.count >= 40) CHECK(taken_again * 4 > refuted);
  if (seeds.count >= 40) CHECK(proved * 20 > static_cast<int>(seeds.count));
  CHECK(undecided * 10 < static_cast<int>(seeds.count));
}

TEST_CASE("what an attempt shows of a claim that is not inductive, no run contradicts") {
  const tests::Seeds seeds = tests::seeds(60);
  std::map<checker::Attempt::Method, Attempts> attempts;
  int is_true = 0, is_false = 0;
  for (const std::uint64_t seed : seeds.all()) {
    const std::string text = ArrowGenerator(seed).text();
    INFO("seed " << seed << "\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    const checker::ProofResult result =
        checker::prove_inductive(protocol, protocol.scenario.expectations.at(0));
    INFO(notes(result));
    if (result.proof.attempts.empty()) continue;
    check_attempts(protocol, result, attempts);
    (false_states(protocol, states_most) == 0 ? is_true : is_false) += 1;
  }
  WARN(seeds.words() << ": not inductive, " << is_true << " true and " << is_false << " false");
  for (const auto& [method, counts] : attempts) {
    WARN(checker::word(method) << " was tried of " << counts.made << " claims, and showed "
                               << counts.proved);
    if (seeds.count >= 60) CHECK(counts.proved > 0);
  }
}
