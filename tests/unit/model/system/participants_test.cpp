// SPDX-License-Identifier: MIT
// Who may decide what a read returns, and who serves the scripts: by what code can run, and not by
// which roles a spec happens to declare.
#include "model/system/participants.hpp"

#include <catch2/catch.hpp>
#include <string>
#include <vector>

#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using Names = std::vector<std::string>;

Names names(const model::Protocol& protocol, const std::vector<int>& processes) {
  Names found;
  for (const int process : processes)
    found.push_back(protocol.types.processes()[static_cast<std::size_t>(process)].name);
  return found;
}

/// A server with two clients, of which one only writes, a backup, and what `more` declares.
model::Protocol served(const std::string& more,
                       const std::string& script = "each Writer does write(1)",
                       const std::string& params = "") {
  return tests::protocol_of(R"(protocol served
type Value = 1..2
object x: register of Value?
object y: counter
param told = true
param back = false
message Put(v: Value) -> Done()
message Get() -> Got(v: Value?)
message Copy(v: Value)
role Server {
  durable v: Value? = none
  on Put(w) { v = w; if told { send Copy(w) to Backup }; reply Done() }
  on Get() { reply Got(v) }
  on Copy(w) { v = w }
}
role Backup { durable v: Value? = none
  on Copy(w) { v = w; if back { send Copy(w) to Server } } }
role Writer { op x.write(w) { ask Server: Put(w) } }
role Reader[2] { op x.read() { return (ask Server: Get()).v } }
)" + more + "scenario s " + params +
                            " { " + script + " expect no acknowledged write lost }");
}

TEST_CASE("replicas are those that a read may learn from") {
  const auto replicas = [](const model::Protocol& protocol) {
    return names(protocol, model::replicas(protocol));
  };
  const Names usual{"Server", "Reader 1", "Reader 2"};
  CHECK(replicas(served("")) == usual);
  // What only hears is none, unless it may tell.
  CHECK(replicas(served("", "each Writer does write(1)", "with back = true")) ==
        Names{"Server", "Backup", "Reader 1", "Reader 2"});
  CHECK(replicas(served("role Idle { durable z: 0..1 = 0 }\n")) == usual);
  CHECK(replicas(served("role Clock { durable z: bool = false action tick { z = not z } }\n")) ==
        usual);
  CHECK(replicas(served("role Counting { durable z: 0..1 = 0 op y.increment() { z = 1 } }\n")) ==
        usual);
  // A handler of what nobody sends does not run, an action does.
  CHECK(replicas(served(
            "message Unsent()\nrole Deaf { on Unsent() { send Copy(1) to Server } }\n")) == usual);
  CHECK(replicas(served("role Pusher { action push { send Copy(1) to Server } }\n")) ==
        Names{"Server", "Reader 1", "Reader 2", "Pusher"});
  // Over others, and by an answer that is asked for in an action.
  CHECK(replicas(served("message Tell() -> Told(v: Value)\n"
                        "role Source { on Tell() { reply Told(2) } }\n"
                        "role Fetcher { action fetch { let t = ask Source: Tell() "
                        "send Copy(t.v) to Server } }\n")) ==
        Names{"Server", "Reader 1", "Reader 2", "Source", "Fetcher"});
}

TEST_CASE("peers that read their own copies are replicas of each other") {
  const model::Protocol protocol = tests::protocol_of(R"(protocol peers
type Value = 1..2
object x: register of Value?
message Copy(v: Value)
role Other { durable z: 0..1 = 0 }
role Node[2] { durable held: Value? = none
  op x.write(v) { held = v; send Copy(v) to Node but self }
  op x.read() { return held }
  on Copy(v) { held = v } }
scenario s { Node 1 does write(1) expect no acknowledged write lost })");
  CHECK(names(protocol, model::replicas(protocol)) == Names{"Node 1", "Node 2"});
  CHECK(names(protocol, model::servers(protocol)) == Names{"Node 1", "Node 2"});
}

TEST_CASE("servers have to do with the scripts, and implement no operations if some do not") {
  const auto servers = [](const model::Protocol& protocol) {
    return names(protocol, model::servers(protocol));
  };
  CHECK(servers(served("")) == Names{"Server", "Backup"});
  CHECK(servers(served("", "each Writer does write(1)", "with told = false")) == Names{"Server"});
  // Nobody writes, so nothing is copied.
  CHECK(servers(served("", "Reader 1 does read()")) == Names{"Server"});
  CHECK(servers(served("role Idle { durable z: 0..1 = 0 }\n")) == Names{"Server", "Backup"});
  CHECK(servers(served("role Counting { durable z: 0..1 = 0 op y.increment() { z = 1 } }\n",
                       "each Counting does increment()")) == Names{"Counting"});
  CHECK(servers(served("role Clock { durable z: bool = false action tick { z = not z } }\n")) ==
        Names{"Server", "Backup"});
  CHECK(servers(served("", "each Reader does any 1 operations")) == Names{"Server"});
}

}  // namespace
