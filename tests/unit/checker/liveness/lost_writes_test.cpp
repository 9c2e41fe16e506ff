// SPDX-License-Identifier: MIT
// `no acknowledged write lost` for each kind of object: a server that keeps what it acknowledges,
// and the same server when it forgets some of it. Every loss is taken by the plain executor and
// judged by Z3.
#include <catch2/catch.hpp>
#include <string>

#include "checker/liveness/quiescence.hpp"
#include "runtime/command/confirm_lost_write.hpp"
#include "runtime/execute/replay.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;

struct Case {
  const char* object;
  const char* text;  // KEEPS is true or false
};

const Case cases[] = {
    {"register", R"(object x: register of 1..2?
message Put(v: 1..2) -> Done()
message Get() -> Got(v: 1..2?)
role Server {
  durable value: 1..2? = none
  on Put(v) { if KEEPS or v == 1 { value = v }; reply Done() }
  on Get() { reply Got(value) }
}
role Client {
  op x.write(v) { ask Server: Put(v) }
  op x.read() { return (ask Server: Get()).v }
}
scenario s { each Client does write(1), write(2) expect no acknowledged write lost })"},
    {"register for each key", R"(type Key = {a, b}
object x[Key]: register of 1..2?
message Put(k: Key, v: 1..2) -> Done()
message Get(k: Key) -> Got(v: 1..2?)
role Server {
  durable value: map Key -> 1..2? = all none
  on Put(k, v) { if KEEPS or k == a { value[k] = v }; reply Done() }
  on Get(k) { reply Got(value[k]) }
}
role Client {
  op x[k].write(v) { ask Server: Put(k, v) }
  op x[k].read() { return (ask Server: Get(k)).v }
}
scenario s { each Client does x[a].write(1), x[b].write(2) expect no acknowledged write lost })"},
    {"cas_register", R"(object x: cas_register of 1..2?
message Swap(o: 1..2?, n: 1..2?) -> Swapped(ok: bool)
message Get() -> Got(v: 1..2?)
role Server {
  durable value: 1..2? = none
  on Swap(o, n) {
    let fits = o == value
    if fits and (KEEPS or n != 2) { value = n }
    reply Swapped(fits)
  }
  on Get() { reply Got(value) }
}
role Client {
  op x.cas(o, n) { return (ask Server: Swap(o, n)).ok }
  op x.read() { return (ask Server: Get()).v }
}
scenario s { each Client does cas(none, 1), cas(1, 2) expect no acknowledged write lost })"},
    {"counter", R"(object x: counter
message Add(n: -1..1) -> Done()
message Get() -> Got(n: -2..2)
role Server {
  durable count: -2..2 = 0
  on Add(n) { if KEEPS or n > 0 { count += n }; reply Done() }
  on Get() { reply Got(count) }
}
role Client {
  op x.increment() { ask Server: Add(1) }
  op x.decrement() { ask Server: Add(-1) }
  op x.read() { return (ask Server: Get()).n }
}
scenario s { each Client does increment(), decrement(), increment() expect no acknowledged write lost })"},
    {"set, by contains alone", R"(object x: set of 1..2
message Put(v: 1..2) -> Done()
message Has(v: 1..2) -> Is(there: bool)
role Server {
  durable kept: set of 1..2 = {}
  on Put(v) { if KEEPS or v == 1 { kept += {v} }; reply Done() }
  on Has(v) { reply Is(v in kept) }
}
role Client {
  op x.add(v) { ask Server: Put(v) }
  op x.contains(v) { return (ask Server: Has(v)).there }
}
scenario s { each Client does add(1), add(2) expect no acknowledged write lost })"},
    {"queue, its second element", R"(object x: queue of 1..2
message Put(v: 1..2) -> Done()
message Take() -> Taken(v: 1..2?)
role Server {
  durable items: seq of 1..2 up to 2 = []
  on Put(v) { if KEEPS or v == 1 { items += [v] }; reply Done() }
  on Take() {
    if items == [] { reply Taken(none) }
    else { let v = first(items); items = items[2..size(items)]; reply Taken(v) }
  }
}
role Client {
  op x.enqueue(v) { ask Server: Put(v) }
  op x.dequeue() { return (ask Server: Take()).v }
}
scenario s { each Client does enqueue(1), enqueue(2) expect no acknowledged write lost })"},
    {"log", R"(object x: log of 1..2
type Items = seq of 1..2 up to 2
message Put(v: 1..2) -> Done()
message Get() -> Got(items: Items)
role Server {
  durable items: Items = []
  on Put(v) { if KEEPS or v == 1 { items += [v] }; reply Done() }
  on Get() { reply Got(items) }
}
role Client {
  op x.append(v) { ask Server: Put(v) }
  op x.read() { return (ask Server: Get()).items }
}
scenario s { each Client does append(1), append(2) expect no acknowledged write lost })"},
    {"lock", R"(object x: lock
message Take() -> Taken(got: bool)
message Give() -> Given(held: bool)
role Server {
  durable held: bool = false
  on Take() {
    let free = not held
    if free and KEEPS { held = true }
    reply Taken(free)
  }
  on Give() { let was = held; held = false; reply Given(was) }
}
role Client[2] {
  op x.acquire() { return (ask Server: Take()).got }
  op x.release() { return (ask Server: Give()).held }
}
scenario s { Client 1 does acquire() expect no acknowledged write lost })"},
    {"an object written out", R"(object x {
  state votes: 0..2 = 0
  op vote() { votes = min(votes + 1, 2) }
  op at_least(n: 0..2) -> bool { return votes >= n }
}
message Vote() -> Done()
message Ask(n: 0..2) -> Answer(yes: bool)
role Server {
  durable votes: 0..2 = 0
  on Vote() { if KEEPS or votes == 0 { votes += 1 }; reply Done() }
  on Ask(n) { reply Answer(votes >= n) }
}
role Client[2] {
  op x.vote() { ask Server: Vote() }
  op x.at_least(n) { return (ask Server: Ask(n)).yes }
}
scenario s { each Client does vote() expect no acknowledged write lost })"},
};

std::string text_of(const Case& one, bool keeps) {
  std::string text = std::string("capstan 1\nprotocol p\n") + one.text;
  for (std::size_t at = text.find("KEEPS"); at != std::string::npos; at = text.find("KEEPS"))
    text.replace(at, 5, keeps ? "true" : "false");
  return text;
}

void confirm(const model::Protocol& protocol, const model::Trace& trace) {
  checker::Evidence evidence;
  evidence.trace = trace;
  const auto run = runtime::replay(protocol, trace);
  INFO((run ? std::string() : run.failure().message));
  REQUIRE(run.has_value());
  evidence.run = run.value();
  const auto failure = runtime::confirm_lost_write(protocol, evidence);
  INFO((failure ? failure->message : ""));
  CHECK(!failure);
  CHECK(!evidence.title.empty());
}

}  // namespace

TEST_CASE("a lost write is found in every kind of object, and only there") {
  for (const Case& one : cases) {
    for (const bool keeps : {true, false}) {
      for (const bool reductions : {true, false}) {
        INFO(one.object << (keeps ? ", kept" : ", lost") << (reductions ? "" : ", not reduced"));
        const model::Protocol protocol = tests::protocol_of(text_of(one, keeps));
        const checker::LossReport report = checker::find_lost_write(protocol, {}, reductions);
        REQUIRE(report.is_lost.has_value());
        CHECK(*report.is_lost == !keeps);
        CHECK(report.final_answers > 0);
        if (report.trace) confirm(protocol, *report.trace);
      }
    }
  }
}

TEST_CASE("a queue that never comes to rest between two elements is undecided") {
  const model::Protocol protocol = tests::protocol_of(R"(capstan 1
protocol p
object x: queue of 1..2
message Put(v: 1..2) -> Done()
message Take() -> Taken(v: 1..2?)
message Beat()
role Server[2] {
  durable items: seq of 1..2 up to 2 = []
  on Put(v) { items += [v]; reply Done() }
  on Take() {
    if items == [] { reply Taken(none) }
    else { let v = first(items); items = items[2..size(items)]; reply Taken(v) }
  }
  on Beat() { }
  action beat { send Beat() to any Server but self }
}
role Client {
  op x.enqueue(v) { ask Server 1: Put(v) }
  op x.dequeue() { return (ask Server 1: Take()).v }
}
scenario s { each Client does enqueue(1) expect no acknowledged write lost }
)");
  const checker::LossReport report = checker::find_lost_write(protocol, {}, false);
  CHECK(!report.is_lost);
  CHECK(!report.remark.empty());
}

TEST_CASE("a loss is one although other answers could not be judged") {
  const model::Protocol protocol = tests::protocol_of(R"(capstan 1
protocol p
object x {
  state n: 0..1 = 0
  op bump() { n += 1 }
  op read() -> 0..1 { return n }
}
message Bump() -> Done()
message Get() -> Got(n: 0..1)
role Server {
  on Bump() { reply Done() }
  on Get() { reply Got(0) }
}
role Client {
  op x.bump() { ask Server: Bump() }
  op x.read() { return (ask Server: Get()).n }
}
scenario s { each Client does bump(), bump() expect no acknowledged write lost }
)");
  const checker::LossReport report = checker::find_lost_write(protocol, {}, true);
  CHECK(report.is_lost == true);
  CHECK(report.trace.has_value());
  CHECK(report.remark == "");
}
