// SPDX-License-Identifier: MIT
// Properties of infinite runs: the checker against the slow reference on generated protocols, with
// dead messages dropped and with nothing reduced, and every counterexample taken by the plain
// executor, fairness and all. (PBT 5 of the semantics.)
//
// Three kinds of protocols: anything, gossip and quorums for `converges`, and with clocks.
// CAPSTAN_SEEDS=FIRST:COUNT runs other seeds.
#include <catch2/catch.hpp>
#include <iostream>
#include <map>
#include <random>
#include <string>

#include "checker/liveness/eventually.hpp"
#include "reference/lasting_worlds.hpp"
#include "runtime/command/confirm_endless.hpp"
#include "support/protocol_generator.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"
#include "support/timed_generator.hpp"

namespace {

using namespace capstan;
using tests::LastingMutant;

/// A formula over the states of a generated protocol.
std::string formula(std::mt19937_64& random) {
  const char* forms[] = {
      "every(s.level == 0 for s in Server)", "every(s.level >= 1 for s in Server)",
      "some(s.level == 1 for s in Server)",  "some(s.level == 2 for s in Server)",
      "every(done(c) for c in Client)",      "some(done(c) for c in Client)",
      "every(live(s) for s in Server)",      "some(m.level > 0 for m in Note)"};
  return forms[random() % std::size(forms)];
}

/// The text with these lines before its last brace.
std::string with_lines(std::string text, const std::string& lines) {
  text.insert(text.rfind('}'), lines);
  return text;
}

std::string with_expectations(std::uint64_t seed) {
  std::mt19937_64 random(seed);
  std::string more;
  for (int i = 0; i < 2; ++i) {
    more += "expect eventually " + formula(random) + "\n";
    more += "expect eventually always " + formula(random) + "\n";
    const std::string first = formula(random);
    more += "expect whenever " + first + ", eventually " + formula(random) + "\n";
  }
  more += "expect converges on level\n";
  more += "expect converges on (s.level > 0 for s in Server)\n";
  return with_lines(tests::generate_protocol(seed), more);
}

/// Draws one of the texts.
class Draw {
 public:
  explicit Draw(std::uint64_t seed) : random_(seed) {}
  std::string operator()(std::initializer_list<const char*> list) {
    return *(list.begin() + static_cast<std::ptrdiff_t>(random_() % list.size()));
  }

 private:
  std::mt19937_64 random_;
};

/// Gossip by any of several merges, and writes that wait for several servers or none: what
/// `converges` is for.
std::string gossip_or_quorum(std::uint64_t seed) {
  Draw draw(seed);
  std::string text = "capstan 1\nprotocol spread\ntype Value = 1..2\n";
  text += "object x: register of Value?\nmessage Put(v: Value) -> Done()\n";
  text += "message Tell(v: Value?)\nrole Server[2] {\n";
  const std::string storage = draw({"durable", "volatile", "durable unsynced"});
  text += storage;
  text += " held: Value? = none\nvolatile told: 0..1 = 0\non Put(v) { ";
  text += draw({"held = v", "held = max(held, v)", "if held == none { held = v }"});
  const std::string sync = draw({"; ", "; ", "; sync; "});
  text += storage == "durable unsynced" ? sync : "; ";
  text += draw({"", "send Tell(held) to any Server but self; "});
  text += "reply Done() }\non Tell(v)";
  text += draw({"", "", " when v != none", " when held != v"});
  text += draw({" { held = max(held, v) }\n", " { held = max(held, v) }\n", " { held = v }\n",
                " { if held == none { held = v } }\n",
                " { let mine = held; held = max(held, v)\n"
                "if mine != held { send Tell(held) to any Server but self } }\n"});
  text += draw({"action", "action", "optional action"});
  text += " gossip";
  text += draw({" when held != none", "", " when told < 1"});
  text += draw({" { ", " { told = 1; "});
  text += "send Tell(held) to any Server but self }\n";
  text += draw({"", "on restart { held = none }\n"});
  text += "}\nrole Client[";
  text += draw({"1", "2"});
  text += "] {\nop x.write(v) { ask ";
  text += draw({"any Server", "Server 1", "majority of Server", "1 of Server"});
  text += ": Put(v)";
  text += draw({"", " else { unknown }"});
  text += " }\n}\nscenario tiny {\neach Client does write(";
  text += draw({"fresh", "1", "any"});
  text += ")\n";
  text += draw({"", "faults { partition up to 1 }\n", "faults { crash Server up to 1 }\n",
                "faults { lose Tell up to 1 }\n", "faults { pause Server up to 1 }\n",
                "faults { duplicate Tell up to 1 }\n", "network fifo\n", "network kept\n"});
  return text + "expect converges on held\nexpect converges on (s.held for s in Server)\n}\n";
}

/// News that goes from one to the next, and may be answered: chains of messages of all lengths.
std::string rumour(std::uint64_t seed) {
  Draw draw(seed);
  const std::string size = draw({"2", "3", "3", "4"});
  std::string text = "capstan 1\nprotocol rumour\nmessage Tell(v: 0..1)\nmessage Heard(v: 0..1)\n";
  text += "role Server[" + size + "] {\ndurable held: 0..1 = 0\ndurable turns: 0..1 = 0\n";
  text += "on Tell(v) { ";
  text +=
      draw({"held = max(held, v)", "if v > held { held = v; send Tell(v) to Server but self }",
            "if v > held { held = v; send Tell(v) to any Server but self }",
            "if v > held { held = v; send Heard(v) to sender }",
            "send Heard(v) to sender; held = max(held, v)", "held = v; send Heard(v) to sender",
            "held = v; if index(self) < size(Server) { send Tell(v) to Server[index(self) + 1] }"});
  text += " }\non Heard(v) { ";
  text += draw({"held = max(held, v)", "if turns == 1 { send Tell(held) to sender }",
                "if turns == 0 { turns = 1; send Tell(held) to Server but self }",
                "send Tell(held) to any Server but self", "send Tell(v) to sender"});
  text += " }\naction begin when self == Server 1 and held == 0 { held = 1; send Tell(1) to ";
  text += draw({"Server but self", "any Server but self", "Server 2"}) + " }\n";
  text += draw({"", "", "action again when held == 1 and turns == 0 { turns = 1; ",
                "action again when held == 1 { "});
  if (text.back() == ' ') text += "send Tell(held) to any Server but self }\n";
  text += "}\nscenario tiny {\n";
  text += draw({"", "", "faults { partition up to 1 }\n", "faults { lose Tell up to 1 }\n",
                "faults { crash Server 2 up to 1 }\n", "network fifo\n"});
  return text + "expect converges on held\n}\n";
}

std::string with_time(std::uint64_t seed) {
  Draw draw(seed);
  const auto any = [&] {
    return draw({"some(s.held != none for s in Server)", "every(s.turns == 1 for s in Server)",
                 "every(done(c) for c in Client)", "some(n.sender == Server 1 for n in Note)",
                 "some(s.seen_nothing for s in Server)", "every(s.a == least for s in Server)"});
  };
  std::string more = "expect eventually " + any() + "\n";
  more += "expect eventually always " + any() + "\n";
  const std::string first = any();
  more += "expect whenever " + first + ", eventually " + any() + "\n";
  more += "expect converges on held\nexpect converges on seen_nothing\n";
  more += "expect converges on (s.b for s in Server)\n";
  more += "expect available to " + draw({"all", "majority", "Client 1"}) + "\n";
  return with_lines(tests::generate_timed_protocol(seed), more);
}

/// The first spec from here on whose servers look at their clocks for others.
std::string with_looks(std::uint64_t seed) {
  std::string text;
  for (std::uint64_t from = seed * 16; text.find("fn due") == std::string::npos; ++from)
    text = tests::generate_timed_protocol(from, {.looks = true});
  Draw draw(seed);
  const auto any = [&] {
    return draw({"some(s.due() for s in Server)", "every(s.due() for s in Server)",
                 "some(s.both() for s in Server)", "every(s.both() for s in Server)",
                 "some(s.past(s.a) for s in Server)", "every(s.past(t.b) for s, t in Server)",
                 "some(now > s.a for s in Server)", "every(now >= s.b + 1 for s in Server)",
                 "some(s.shows() > now for s in Server)",
                 "every(s.shows() <= t.shows() for s, t in Server)",
                 "every(done(c) for c in Client)"});
  };
  std::string more = "expect eventually " + any() + "\n";
  more += "expect eventually always " + any() + "\n";
  const std::string first = any();
  more += "expect whenever " + first + ", eventually " + any() + "\n";
  return with_lines(text, more);
}

/// Gossip of values with times, by actions and handlers that may wait for the clock.
std::string timed_gossip(std::uint64_t seed) {
  Draw draw(seed);
  std::string text = "capstan 1\nprotocol spread\ntype Value = 1..2\n";
  text += "object x: register of Value?\nmessage Put(v: Value) -> Done()\n";
  text += "message Tell(v: Value?, t: time)\nrole Server[2] {\n";
  text += "durable held: Value? = none\ndurable at: time = least\n";
  text += "on Put(v) { held = v; at = now; reply Done() }\non Tell(v, t)";
  text += draw({"", "", " when now >= t + 1", " when now <= t + 1", " when t > at"});
  text += draw({" { if t > at { held = v; at = t } }\n", " { if t >= at { held = v; at = t } }\n",
                " { if held == none { held = v; at = t } }\n",
                " { wait until now > t; if t > at { held = v; at = t } }\n",
                " { if t > at { held = v; at = max(t, now) } }\n"});
  text += draw({"action gossip", "action gossip", "optional action gossip"});
  text += draw(
      {" when held != none", "", " when held != none and now >= at + 1", " when now <= at + 1"});
  text += draw({" { send Tell(held, at) to any Server but self }\n",
                " { send Tell(held, now) to any Server but self }\n",
                " { send Tell(held, at) to any Server but self after 1 }\n"});
  text += "}\nrole Client[";
  text += draw({"1", "1", "2"});
  text += "] {\nop x.write(v) { ask ";
  text += draw({"any Server", "Server 1"});
  text += ": Put(v)";
  text += draw({"", " else after 1 { unknown }"});
  text += " }\n}\nscenario timed {\neach Client does write(fresh)\nclocks ";
  text += draw({"perfect\n", "within 1\n"});
  text += draw({"", "", "network delay 0..1\n", "network delay 1\n"});
  text += draw({"", "", "faults { partition up to 1 }\n", "faults { lose Tell up to 1 }\n"});
  text += "expect converges on held\nexpect converges on at\n";
  text += "expect available to " + draw({"all", "majority"}) + "\n";
  text += "expect eventually always every(done(c) for c in Client)\n";
  text += "expect whenever some(s.held != none for s in Server), ";
  return text + "eventually every(s.held != none for s in Server)\n}\n";
}

/// Exact for what generated protocols compare and add; the reference gives up where it is not.
constexpr tests::TimesKept kTimes{9, 3};

struct Tally {
  int protocols = 0, judged = 0, violated = 0, cycles = 0, doubts = 0, undecided = 0;
  int looked = 0, converging = 0, diverging = 0, windows = 0, dead_differ = 0, faults_differ = 0;
  int hops_compared = 0, hops_unbounded = 0, idle_differ = 0, answered = 0, unanswered = 0;
  std::map<std::size_t, int> hops;  // how many windows have so many
  std::map<LastingMutant, int> mutants_seen;
};

const std::vector<LastingMutant> kMutants{
    LastingMutant::NoFairness, LastingMutant::OptionalIsFair, LastingMutant::RepairsAreOptional,
    LastingMutant::AnyReading, LastingMutant::OldContents,    LastingMutant::OtherLooks};

/// Whether all servers (those that are up, unless the dead count) hold the same, by looking.
bool agree(const runtime::World& world, const std::string& variable, bool dead_count) {
  std::optional<model::Value> held;
  for (int process = 0; process < world.protocol().process_count(); ++process) {
    const model::Role& role = world.protocol().role_of(process);
    const runtime::Process& state = world.processes()[static_cast<std::size_t>(process)];
    if (role.name != "Server" || (!state.is_up && !dead_count)) continue;
    for (std::size_t slot = 0; slot < role.variables.size(); ++slot) {
      if (role.variables[slot].name != variable) continue;
      if (held && *held != state.variables[slot]) return false;
      held = state.variables[slot];
    }
  }
  return true;
}

/// The window, of the protocol with nothing reduced.
void compare_window(const tests::LastingWorlds& worlds, const checker::EndlessAnswer& answer,
                    const std::string& variable, Tally& tally) {
  const auto window =
      worlds.window([&](const runtime::World& world) { return agree(world, variable, false); });
  const auto with_faults = worlds.window(
      [&](const runtime::World& world) { return agree(world, variable, false); }, true);
  tally.faults_differ += window != with_faults;
  const auto with_dead =
      worlds.window([&](const runtime::World& world) { return agree(world, variable, true); });
  tally.windows += window.has_value() && *window > 0;
  tally.dead_differ += window != with_dead;
  CHECK(answer.window->is_bounded == window.has_value());
  if (window) CHECK(answer.window->steps == *window);
  // The reference does not see by whom a ghost was changed.
  if (!answer.window->hops || !worlds.protocol().ghosts.empty()) return;
  const auto same = [&](const runtime::World& world) { return agree(world, variable, false); };
  const auto hops = worlds.window_hops(same);
  tally.idle_differ += hops != worlds.window_hops(same, true);
  CHECK(answer.window->has_bounded_hops == hops.has_value());
  if (hops) CHECK(*answer.window->hops == *hops);
  ++tally.hops_compared;
  tally.hops_unbounded += !hops;
  ++tally.hops[hops.value_or(0)];
}

void count_mutants(const tests::LastingWorlds& worlds, const model::Expectation& expectation,
                   std::optional<bool> holds, Tally& tally) {
  for (const LastingMutant mutant : kMutants)
    tally.mutants_seen[mutant] += worlds.holds(expectation, mutant) != holds;
}

void confirm(const model::Protocol& protocol, const model::Expectation& expectation,
             const checker::EndlessAnswer& answer, Tally& tally) {
  tally.cycles += answer.trace->loop_start >= 0;
  checker::Evidence evidence;
  evidence.trace = *answer.trace;
  evidence.time_horizon = answer.time_horizon;
  evidence.time_gap = answer.time_gap;
  const auto objection = runtime::confirm_endless(protocol, expectation, evidence);
  INFO((objection ? objection->message : ""));
  if (objection && objection->is_doubt)
    ++tally.doubts;
  else
    CHECK(!objection);
}

/// Clocks whose times have no settled form by which runs could be judged.
bool is_unsupported(const std::optional<model::Clocks>& clocks) {
  return clocks && (clocks->is_free || clocks->jump_any || clocks->drift_per > 0);
}

/// What lies ahead of a run that does not converge: it ends where a run may stay and some differ.
void check_map(const checker::ComponentMap& map) {
  REQUIRE(!map.boxes.empty());
  bool ends_badly = false;
  for (const checker::ComponentBox& box : map.boxes) {
    CHECK(box.differing <= box.states);
    ends_badly = ends_badly || (box.is_on_run && box.is_fair && box.differing > 0);
  }
  CHECK(ends_badly);
  for (const auto& [from, to] : map.ways) CHECK(from < to);
}

/// `variable`: that the first `converges` line compares.
void compare(const model::Protocol& protocol, const std::string& variable, std::size_t states_max,
             Tally& tally) {
  if (is_unsupported(protocol.scenario.clocks)) return;
  const tests::LastingWorlds worlds(protocol, states_max, kTimes);
  if (worlds.gave_up()) return;
  ++tally.protocols;
  std::vector<std::size_t> wanted;
  const auto& expectations = protocol.scenario.expectations;
  for (std::size_t i = 0; i < expectations.size(); ++i)
    if (checker::is_endless(expectations[i].kind)) wanted.push_back(i);
  for (const bool reductions : {true, false}) {
    const checker::EndlessReport report = checker::judge_endless(protocol, {}, reductions, wanted);
    bool is_first = true;  // of the `converges` lines
    for (const std::size_t index : wanted) {
      const model::Expectation& expectation = expectations[index];
      INFO(expectation.text << (reductions ? "" : ", nothing reduced"));
      const checker::EndlessAnswer& answer = *report.answers[index];
      const bool converges = expectation.kind == model::PropertyKind::ConvergesOn;
      if (expectation.reads_clocks && !worlds.covers(expectation)) continue;
      const std::optional<bool> holds = worlds.holds(expectation);
      if (!answer.holds && protocol.scenario.has_ticks()) {
        tally.undecided += reductions;
        continue;
      }
      if (reductions && holds) {
        ++tally.judged;
        tally.violated += !*holds;
        tally.looked += expectation.reads_clocks;
        tally.converging += converges && *holds;
        tally.diverging += converges && !*holds;
        const bool is_available = expectation.kind == model::PropertyKind::AvailableTo;
        tally.answered += is_available && *holds;
        tally.unanswered += is_available && !*holds;
        count_mutants(worlds, expectation, holds, tally);
      }
      CHECK(answer.holds == holds);
      if (!reductions && converges && is_first && answer.window)
        compare_window(worlds, answer, variable, tally);
      is_first = is_first && !converges;
      if (answer.trace) confirm(protocol, expectation, answer, tally);
      if (answer.components) check_map(*answer.components);
    }
  }
}

void compare_all(const tests::Seeds& seeds, std::string (*text_of)(std::uint64_t),
                 const std::string& variable, Tally& tally, std::size_t states_max = 400) {
  for (const std::uint64_t seed : seeds.all()) {
    const std::string text = text_of(seed);
    INFO("CAPSTAN_SEEDS=" << seed << ":1\n" << text);
    compare(tests::protocol_of(text), variable, states_max, tally);
  }
  std::cout << seeds.words() << ": " << tally.protocols << " protocols, " << tally.judged
            << " properties judged, " << tally.violated << " violated, " << tally.cycles
            << " cycles, " << tally.looked << " that look at clocks, " << tally.undecided
            << " undecided, " << tally.doubts << " not confirmed; " << tally.converging
            << " converge, " << tally.diverging << " do not; " << tally.answered << " available, "
            << tally.unanswered << " not; " << tally.windows << " bounded windows, "
            << tally.dead_differ << " others if the dead are compared, " << tally.faults_differ
            << " if faults go on;";
  std::cout << " hops of " << tally.hops_compared << " windows (" << tally.hops_unbounded
            << " without bound, " << tally.idle_differ << " others if all deliveries count):";
  for (const auto& [hops, count] : tally.hops) std::cout << " " << count << "x" << hops;
  for (const LastingMutant mutant : kMutants)
    std::cout << " mutant " << static_cast<int>(mutant) << ": " << tally.mutants_seen[mutant];
  std::cout << "\n";
}

}  // namespace

TEST_CASE("what infinite runs do is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(200);
  Tally tally;
  compare_all(seeds, with_expectations, "level", tally);
  if (seeds.count < 200) return;
  CHECK(tally.protocols * 3 > static_cast<int>(seeds.count));
  for (const LastingMutant mutant : {LastingMutant::NoFairness, LastingMutant::OptionalIsFair})
    CHECK(tally.mutants_seen[mutant] > 0);
}

TEST_CASE("whether gossip and quorums converge is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(150);
  Tally tally;
  compare_all(seeds, gossip_or_quorum, "held", tally);
  if (seeds.count < 150) return;
  CHECK(tally.protocols * 3 > static_cast<int>(seeds.count));
  CHECK(tally.converging > 10);
  CHECK(tally.diverging > 10);
  CHECK(tally.windows > 0);
  CHECK(tally.hops_compared > 20);
  // Faults have budgets and scripts end, so no cycle has one, and in a fair cycle all are up: what
  // the property leaves out shows in the window only.
  CHECK(tally.dead_differ > 0);
  CHECK(tally.faults_differ > 0);
  for (const LastingMutant mutant : {LastingMutant::NoFairness, LastingMutant::OptionalIsFair,
                                     LastingMutant::RepairsAreOptional})
    CHECK(tally.mutants_seen[mutant] > 0);
}

TEST_CASE("how long rumours take to reach everybody is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(120);
  Tally tally;
  compare_all(seeds, rumour, "held", tally, 500);
  if (seeds.count < 120) return;
  REQUIRE(tally.hops_compared > 30);
  CHECK(tally.hops.rbegin()->first >= 3);
  CHECK(tally.hops_unbounded > 0);
  CHECK(tally.idle_differ > 0);
}

TEST_CASE("what infinite runs do where time passes is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(60);
  Tally tally;
  compare_all(seeds, with_time, "held", tally);
  if (seeds.count < 60) return;
  CHECK(tally.judged > 60);
  CHECK(tally.violated > 10);
  CHECK(tally.doubts * 20 < tally.violated);
}

TEST_CASE("what clocks show on infinite runs is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(80);
  Tally tally;
  compare_all(seeds, with_looks, "held", tally, 900);
  if (seeds.count < 80) return;
  CHECK(tally.looked > 60);
  CHECK(tally.doubts * 20 < tally.violated);
  CHECK(tally.mutants_seen[LastingMutant::OtherLooks] > 0);
}

TEST_CASE("whether gossip with times converges is what the slow reference says") {
  const tests::Seeds seeds = tests::seeds(60);
  Tally tally;
  compare_all(seeds, timed_gossip, "held", tally, 900);
  if (seeds.count < 60) return;
  CHECK(tally.converging > 5);
  CHECK(tally.diverging > 5);
  CHECK(tally.doubts * 20 < tally.violated);
  for (const LastingMutant mutant : {LastingMutant::NoFairness, LastingMutant::OptionalIsFair})
    CHECK(tally.mutants_seen[mutant] > 0);
}

namespace {

/// Whether the only expectation holds, by the checker and by the reference; and by a mutant.
void check_with_mutant(const std::string& text, bool holds, LastingMutant mutant) {
  const model::Protocol protocol = tests::protocol_of(text);
  const tests::LastingWorlds worlds(protocol, 2'000, kTimes);
  REQUIRE(!worlds.gave_up());
  const model::Expectation& expectation = protocol.scenario.expectations.front();
  const checker::EndlessReport report = checker::judge_endless(protocol, {}, true, {0});
  CHECK(report.answers[0]->holds == holds);
  CHECK(worlds.holds(expectation) == holds);
  CHECK(worlds.holds(expectation, mutant) == !holds);
  Tally tally;
  if (report.answers[0]->trace) confirm(protocol, expectation, *report.answers[0], tally);
  CHECK(tally.doubts == 0);
}

}  // namespace

TEST_CASE("what a clock may or may not allow is not owed") {
  check_with_mutant(R"(capstan 1
protocol late
message Mark(t: time)
role Timer { action mark { send Mark(now) to Worker } }
role Worker {
  durable t: time = 0
  durable n: 0..1 = 0
  on Mark(m) { t = m }
  action work when n == 0 and now >= t { n = 1 }
}
scenario s {
  clocks within 1
  network delay 0
  expect eventually Worker.n == 1
}
)",
                    false, LastingMutant::AnyReading);
}

TEST_CASE("a message that holds a time stays the same message while it grows old") {
  check_with_mutant(R"(capstan 1
protocol old
message Note(t: time)
role Server {
  durable sent: bool = false
  durable n: 0..1 = 0
  durable b: time = 0
  action tell when not sent { sent = true; send Note(now) to Server }
  on Note(t) { n = 1 }
  action renew when now >= b + 2 { b = now }
}
scenario s {
  clocks perfect
  expect eventually Server.n == 1
}
)",
                    true, LastingMutant::OldContents);
}
