// SPDX-License-Identifier: MIT
// World over time: one small spec for each rule of model/README on readings, ticks and delays.
#include <catch2/catch.hpp>
#include <set>
#include <string>
#include <vector>

#include "runtime/execute/chooser.hpp"
#include "runtime/execute/replay.hpp"
#include "runtime/execute/trace_json.hpp"
#include "runtime/execute/world.hpp"
#include "tests/reference/world_explorer.hpp"
#include "tests/support/story.hpp"

namespace {

using namespace capstan;
using model::Label;
using tests::Story;
using Kind = Label::Kind;

/// One role of `count` processes and a scenario with these lines.
std::string spec(const std::string& count, const std::string& members, const std::string& lines) {
  return "protocol p\nparam flag = false\nmessage Note(at: time)\nmessage Ask() -> Told()\nrole "
         "Node" +
         count + " {\n" + members + "\n}\nscenario s { " + lines + " expect always true }\n";
}

/// The readings that the enabled actions of the process have, as distances to true time.
std::multiset<std::int64_t> offsets(const Story& story, int process) {
  std::multiset<std::int64_t> found;
  for (const Label& label : story.world.enabled()) {
    if (label.kind != Kind::Act || label.process != process) continue;
    REQUIRE(label.reading.has_value());
    found.insert(*label.reading);
  }
  return found;
}

void act(Story& story, std::int64_t offset, int process = 0) {
  for (const Label& label : story.world.enabled()) {
    if (label.kind == Kind::Act && label.process == process && label.reading == offset)
      return story.take(label);
  }
  FAIL("no action with the reading " << offset);
}

bool can_tick(const Story& story) {
  for (const Label& label : story.world.enabled())
    if (label.kind == Kind::Tick) return true;
  return false;
}

const std::string kReader = "durable at: time = least action read { at = now }";
const std::string kSender =
    "durable at: time = least durable got: 0..3 = 0 on Note(t) { got += 1 } on Ask() { reply "
    "Told() } ";

}  // namespace

TEST_CASE("a perfect clock shows true time, and a tick moves it") {
  Story story(spec("", kReader, "clocks perfect"));
  CHECK(story.value(0, "at") == "least");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{0});
  story.step("a tick passes: it is 1");
  story.step("a tick passes: it is 2");
  CHECK(story.last.true_time == 2);
  act(story, 0);
  CHECK(story.value(0, "at") == "2");
}

TEST_CASE("without code that reads and without delays there are no ticks") {
  Story story(spec("", "durable n: 0..1 = 0 action a when flag and now > least { }",
                   "clocks within 1, jump up to 1 by 1..2"));
  CHECK(story.can().empty());
}

TEST_CASE("a clock within a bound never goes back, and forgets what bounds it no more") {
  Story story(spec("", kReader, "clocks within 1"));
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{-1, 0, 1});
  act(story, 1);
  CHECK(story.value(0, "at") == "1");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{1});
  story.step("a tick");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{0, 1});
  story.step("a tick");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{-1, 0, 1});
  CHECK_FALSE(story.world.processes()[0].clock.last.has_value());
}

TEST_CASE("a reading that only makes a guard false is no event") {
  Story story(
      spec("", "durable at: time = 0 action read when now > at { at = now }", "clocks within 1"));
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{1});
  CHECK_FALSE(story.world.processes()[0].clock.last.has_value());
}

TEST_CASE("one reading a segment: the guard and the code see the same") {
  Story story(spec("",
                   "durable at: time = 0 durable odd: bool = false action read when now > at { "
                   "if now <= at or now != now { odd = true } at = now }",
                   "clocks within 2"));
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{1, 2});
  act(story, 2);
  CHECK(story.value(0, "odd") == "false");
  CHECK(story.value(0, "at") == "2");
}

TEST_CASE("a jump stays in the clock, also backwards, and takes its budget") {
  Story story(spec("[2]", kReader, "clocks within 1, jump up to 1 by -2..-2"));
  act(story, 1);
  CHECK(story.has("the clock of Node 2 jumps back by 2"));
  story.step("the clock of Node 1 jumps back by 2");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{-1});  // the last reading jumps along
  CHECK(offsets(story, 1) == std::multiset<std::int64_t>{-1, 0, 1});
  CHECK_FALSE(story.has("the clock of"));
  story.step("a tick");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{-2, -1});
}

TEST_CASE("a clock that drifts stands still or goes two forward, not too often") {
  Story story(spec("", kReader, "clocks drift 1 per 3"));
  CHECK(story.has("a tick passes: it is 1, and the clock of Node stands still"));
  story.step("a tick passes: it is 1, and the clock of Node goes two forward");
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{1});
  for (int i = 0; i < 2; ++i) {
    CHECK(story.can().size() == 2);  // the action and the plain tick
    story.step("a tick");
  }
  CHECK(story.has("a tick passes: it is 4, and the clock of Node stands still"));
}

TEST_CASE("a clock that drifts within a bound keeps the bound") {
  Story story(spec("", kReader, "clocks drift 1 per 1, within 1"));
  story.step("a tick passes: it is 1, and the clock of Node stands still");
  CHECK_FALSE(story.has("a tick passes: it is 2, and the clock of Node stands still"));
  CHECK(story.has("a tick passes: it is 2, and the clock of Node goes two forward"));
}

TEST_CASE("a free clock shows anything that is not before its last reading") {
  Story story(spec("", kReader, "clocks free"));
  story.world.set_horizon(3);
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{0, 1, 2, 3});
  act(story, 2);
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{2, 3});
}

TEST_CASE("a message is on its way for as long as the network says, and time waits for it") {
  Story story(spec("[2]", kSender + "action tell when got == 0 { send Note(at) to Node 2 }",
                   "network delay 1..2"));
  story.step("Node 1 does tell");
  CHECK_FALSE(story.has("Node 2 handles"));
  story.step("a tick");
  CHECK(story.has("Node 2 handles"));
  story.step("a tick");
  CHECK(story.has("Node 2 handles"));
  CHECK_FALSE(can_tick(story));
  story.step("Node 2 handles Note(least)");
  CHECK(can_tick(story));
}

TEST_CASE("`after` says how long one message is on its way") {
  Story story(spec("[2]",
                   kSender + "action tell when got == 0 { send Note(now) to Node 2 after 1..1 }",
                   "clocks perfect"));
  story.step("Node 1 does tell");
  REQUIRE(story.last.sent.size() == 1);
  CHECK(story.last.sent[0].message.least == 1);
  CHECK(story.last.sent[0].message.most == 1);
  story.step("a tick");
  CHECK_FALSE(can_tick(story));
  story.step(
      "Node 1 does tell");  // another one, not yet due: the older one is not the same content
  story.step("Node 2 handles Note(0)");
  CHECK(can_tick(story));
}

TEST_CASE("time passes a message's last moment while nobody can take it") {
  Story story(spec("[2]",
                   "durable open: bool = false durable got: 0..3 = 0 "
                   "on Note(t) when open { got += 1 } on Ask() { reply Told() } "
                   "action tell when got == 0 { send Note(least) to Node 2 } "
                   "action unlock when not open { open = true }",
                   "network delay 0..1"));
  story.step("Node 1 does tell");
  story.step("a tick");
  story.step("a tick");
  story.step("Node 2 does unlock");
  CHECK_FALSE(can_tick(story));
  CHECK(story.world.in_flight().at(0).message.age == 1);
}

TEST_CASE("an action's message is merged with an equal one, however old") {
  Story story(spec("[2]", kSender + "action tell when got == 0 { send Note(at) to Node 2 }",
                   "network delay 0..3"));
  story.step("Node 1 does tell");
  story.step("a tick");
  story.step("Node 1 does tell");
  CHECK(story.last.sent.empty());
  REQUIRE(story.world.in_flight().size() == 1);
  CHECK(story.world.in_flight()[0].message.age == 1);
}

TEST_CASE("a tick waits for activations that can go on, in a timely network only") {
  const std::string members =
      kSender + "action hold when got == 0 { wait until got == 0; got = 1 }";
  Story timely(spec("", members, "network delay 0..1"));
  timely.step("Node does hold");
  CHECK_FALSE(can_tick(timely));
  timely.step("Node");
  CHECK(can_tick(timely));
  Story untimely(spec("", members + " action look { at = now }", "clocks perfect"));
  untimely.step("Node does hold");
  CHECK(can_tick(untimely));
}

TEST_CASE("a clock guard stops a tick only if it holds for every reading") {
  const std::string members =
      "durable got: 0..1 = 0 on Note(t) when now > t { got = 1 } on Ask() { reply Told() } "
      "action tell when got == 0 { send Note(now) to Node 2 }";
  Story story(spec("[2]", members, "clocks within 1; network delay 0..0"));
  act(story, -1);
  CHECK(can_tick(story));  // Node 2 may read -1, too
  story.step("a tick");
  CHECK_FALSE(can_tick(story));  // at least 0 now
}

TEST_CASE("what follows a completed ask and reads the clock is a step of its own") {
  const std::string members =
      kSender + "action go when got == 0 { got = 1; ask Node: Ask(); at = now }";
  Story story(spec("", members, "clocks perfect"));
  story.step("Node does go");
  story.step("Node handles Ask()");
  story.step("Node gets Told()");
  CHECK_FALSE(story.last.label.reading.has_value());
  story.step("a tick");  // between the answer and what it leads to
  story.step("Node:");
  CHECK(story.last.label.kind == Kind::Resume);
  CHECK(story.last.label.reading == 0);
  CHECK(story.value(0, "at") == "1");
}

TEST_CASE("a completed ask whose code reads no clock goes on with the answer") {
  const std::string members =
      kSender +
      "action go when got == 0 { got = 1; ask Node: Ask(); got = 2 } action look { at = now }";
  Story story(spec("", members, "clocks perfect"));
  story.step("Node does go");
  story.step("Node handles Ask()");
  story.step("Node gets Told()");
  CHECK(story.value(0, "got") == "2");
}

TEST_CASE("`else after` may be taken from a reading on") {
  const std::string members =
      kSender + "action go when got == 0 { got = 1; ask Node: Ask() else after 2 { at = now } }";
  Story story(spec("", members, "clocks within 1"));
  act(story, 1);  // waits until its clock shows 3
  CHECK_FALSE(story.has("Node gives up"));
  story.step("a tick");
  CHECK_FALSE(story.has("Node gives up"));
  story.step("a tick");
  story.step("Node gives up");
  CHECK(story.last.label.reading == 1);
  CHECK(story.value(0, "at") == "3");
}

TEST_CASE("times move, `least` does not; differences lie in their range") {
  Story story(spec("",
                   "durable at: time = least durable gap: 0..2 = 0 "
                   "action move { at = max(at + 1, now - 1) } "
                   "action measure { gap = now - at }",
                   "clocks perfect"));
  story.step("Node does move");
  CHECK(story.value(0, "at") == "-1");
  story.step("Node does measure");
  CHECK(story.value(0, "gap") == "1");
  story.step("a tick");
  story.step("a tick");
  story.step("Node does measure");
  REQUIRE(story.last.error.has_value());
  CHECK(*story.last.error == "a difference of times lies outside 0..2");
}

TEST_CASE("labels with a reading that does not fit are refused, and say why") {
  Story story(spec("", kReader, "clocks within 1"));
  Label label;
  label.kind = Kind::Act;
  label.process = 0;
  label.alternative = 0;
  CHECK(story.text_of(label) == "the label has no reading, and the clock is read");
  label.reading = 2;
  CHECK(story.text_of(label) == "the clock does not show such a time");
  Label tick;
  tick.kind = Kind::Tick;
  tick.reading = 0;
  CHECK(story.text_of(tick) == "the label has a reading, and nothing reads the clock");
}

TEST_CASE("a caption sees the reading of its step, and true time is no part of it") {
  Story story(spec("",
                   "durable at: time = least action read says \"{self} reads {now}\" { at = now }",
                   "clocks within 1"));
  story.step("a tick");
  act(story, 1);
  CHECK(story.last.text == "Node reads 2");
}

TEST_CASE("a trace with readings, ages and ticks is read back as it was written") {
  Story story(spec("[2]", kSender + "action tell when got == 0 { send Note(now) to Node 2 }",
                   "clocks within 1, jump up to 1 by -3..3; network delay 1..2"));
  runtime::TraceFile file;
  file.protocol = "p";
  file.scenario = "s";
  file.trace.labels.push_back(runtime::initial_labels(story.protocol).at(0));
  const auto take = [&](const std::string& beginning) {
    story.step(beginning);
    file.trace.labels.push_back(story.last.label);
  };
  take("Node 1 does tell");
  take("the clock of Node 2 jumps back by 3");
  take("a tick");
  take("Node 2 handles Note");
  const auto run = runtime::replay(story.protocol, file.trace);
  REQUIRE(run.has_value());
  CHECK(run.value().steps.back().true_time == 1);
  const std::string text = runtime::save_trace(file, story.protocol, run.value());
  CHECK_THAT(text, Catch::Contains("\"true_time\": 1") && Catch::Contains("\"clock\""));
  const auto loaded = runtime::load_trace(text);
  REQUIRE(loaded.has_value());
  CHECK(loaded.value().trace.labels == file.trace.labels);
}

TEST_CASE("each process has a reading at the start, which is then its last one") {
  const std::string text =
      spec("[2]", "durable since: time = now action read when since <= now { since = now }",
           "clocks within 1");
  const Story any(text);
  CHECK(runtime::initial_labels(any.protocol).size() == 9);
  Story late(text, 5);
  CHECK(late.last.text == "the run begins: the clock of Node 1 shows 0, that of Node 2 shows 1");
  CHECK(late.last.reading_of(1) == 1);
  CHECK_FALSE(late.last.label.reading.has_value());
  CHECK(offsets(late, 0) == std::multiset<std::int64_t>{0, 1});
  CHECK(offsets(late, 1) == std::multiset<std::int64_t>{1});
  Label wrong = late.last.label;
  wrong.start_readings[0] = 2;
  CHECK_FALSE(runtime::World::start(any.protocol, wrong).has_value());
  wrong.start_readings[0].reset();
  CHECK_FALSE(runtime::World::start(any.protocol, wrong).has_value());
  const Story same(
      spec("[2]", "durable since: time = now action read { since = now }", "clocks within 0"));
  CHECK(same.last.label.start_readings.empty());
}

TEST_CASE("initial values and `on start` of a process see one reading") {
  Story story(spec("",
                   "durable a: time = now durable b: time = least on start { b = now } on start "
                   "{ assert a == b }",
                   "clocks free"),
              3);
  CHECK(story.world.processes()[0].variables ==
        std::vector<model::Value>(2, model::Value::integer(3)));
}

TEST_CASE("memory that begins as a reading is `least` while its process is down") {
  Story story(
      spec("", "volatile since: time = now durable at: time = least on restart { at = now }",
           "clocks within 1; faults { crash Node up to 1 }"),
      2);
  story.step("a tick");
  story.step("Node crashes");
  CHECK(story.world.processes()[0].variables[0] == model::Value::integer(model::kLeastTime));
  std::multiset<std::int64_t> found;
  Label last;
  for (const Label& label : story.world.enabled()) {
    if (label.kind != Kind::Restart) continue;
    REQUIRE(label.reading.has_value());
    found.insert(*label.reading);
    last = label;
  }
  CHECK(found == std::multiset<std::int64_t>{0, 1});  // it showed 1 when true time was 0
  story.take(last);
  CHECK(story.world.processes()[0].variables ==
        std::vector<model::Value>(2, model::Value::integer(2)));
}

TEST_CASE("an update of a ghost that may read the clock reads it") {
  const std::string role =
      "role Node { action go { first = if first == least then now else first } }";
  Story story("protocol p\nghost first: time = least\n" + role +
              "\nscenario s { clocks within 1; expect always true }");
  act(story, 1);
  CHECK(story.world.ghosts()[0] == model::Value::integer(1));
  CHECK(offsets(story, 0) == std::multiset<std::int64_t>{1});
}

TEST_CASE("a trace with readings at the start is read back as it was written") {
  Story story(
      spec("[3]", "durable since: time = least on start { if self != Node 2 { since = now } }",
           "clocks within 1"),
      6);
  runtime::TraceFile file;
  file.protocol = "p";
  file.scenario = "s";
  file.trace.labels = {story.last.label};
  CHECK(story.last.label.start_readings ==
        std::vector<std::optional<std::int64_t>>{1, std::nullopt, -1});
  const auto run = runtime::replay(story.protocol, file.trace);
  REQUIRE(run.has_value());
  const auto loaded = runtime::load_trace(runtime::save_trace(file, story.protocol, run.value()));
  REQUIRE(loaded.has_value());
  CHECK(loaded.value().trace.labels == file.trace.labels);
}

TEST_CASE("the reference explorer ends at its horizon") {
  const model::Protocol protocol = tests::protocol_of(spec(
      "", "durable at: time = 0 action read when at == now - 1 { at = now }", "clocks perfect"));
  const tests::WorldExploration seen = tests::explore_worlds(protocol, 1000, 3);
  REQUIRE_FALSE(seen.gave_up);
  CHECK(seen.states == 10);  // `at` is anything from 0 to true time, which is 0..3
}

TEST_CASE("a trace gets the deliveries that are due before a tick and change nothing") {
  const auto completed = [](const std::string& handler) {
    Story story(spec("[2]",
                     "durable n: 0..1 = 0 on Note(t) { " + handler + " } action tell when n == 0 " +
                         "{ n = 1 send Note(now) to Node 2 }",
                     "clocks perfect; network delay 0..1"));
    model::Trace trace;
    trace.labels.push_back(runtime::initial_labels(story.protocol).at(0));
    for (const char* step : {"Node 1 does tell", "a tick"}) {
      story.step(step);
      trace.labels.push_back(story.last.label);
    }
    trace.labels.push_back(trace.labels.back());  // a second tick: the note has to arrive before it
    trace.loop_start = 3;
    CHECK_FALSE(runtime::replay(story.protocol, trace).has_value());
    return runtime::with_due_deliveries(story.protocol, trace);
  };
  const model::Trace idle = completed("");
  REQUIRE(idle.labels.size() == 5);
  CHECK(idle.labels[3].kind == Kind::Deliver);
  CHECK(idle.labels[4].kind == Kind::Tick);
  CHECK(idle.loop_start == 4);
  CHECK(completed("n = 1").labels.size() == 4);
}
