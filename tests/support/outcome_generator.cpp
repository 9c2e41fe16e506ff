// SPDX-License-Identifier: MIT
#include "tests/support/outcome_generator.hpp"

#include <initializer_list>
#include <random>

#include "tests/support/protocol_generator.hpp"
#include "tests/support/timed_generator.hpp"

namespace capstan::tests {
namespace {

class Outcomes {
 public:
  explicit Outcomes(std::uint64_t seed) : seed_(seed), random_(seed * 7919 + 17) {}

  std::string text() {
    const int kind = below(10);
    if (kind < 2) return peers();
    if (kind < 3) return with_lines(generate_timed_protocol(seed_), timed_expectations());
    return servers();
  }

 private:
  int below(int count) { return static_cast<int>(random_() % static_cast<std::uint64_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string word(std::initializer_list<const char*> list) {
    return *(list.begin() + below(static_cast<int>(list.size())));
  }

  static std::string with_lines(std::string text, const std::string& lines) {
    return text.insert(text.rfind('}'), lines);
  }
  static void insert_after(std::string& text, const std::string& place, const std::string& more) {
    const std::size_t at = text.find(place);
    if (at != std::string::npos) text.insert(at + place.size(), more);
  }

  // --- servers and clients

  std::string servers() {
    std::string text = generate_protocol(seed_);
    const bool is_timid = text.find("network kept") != std::string::npos;
    if (chance(50)) add_hints(text);
    if (chance(30)) add_counter(text);
    if (!is_timid && chance(70)) add_faults(text, server_fault());
    is_keyed_ = text.find("object x[Key]") != std::string::npos;
    is_register_ = text.find("object x: register") != std::string::npos || is_keyed_;
    return with_lines(text, expectations());
  }

  /// Messages that are not heeded, now or never, sent by a handler or by a client.
  void add_hints(std::string& text) {
    insert_after(text, "message Note(level: Level)\n", "message Hint(level: Level)\n");
    const std::string guard = word({"", " when n > 1", " when n > 2", " when level > n"});
    const std::string effect = word({" ", " ", " level = max(level, n) "});
    insert_after(text, "role Server[1] {\n", "on Hint(n)" + guard + " {" + effect + "}\n");
    insert_after(text, "role Server[2] {\n", "on Hint(n)" + guard + " {" + effect + "}\n");
    insert_after(text, "role Server[3] {\n", "on Hint(n)" + guard + " {" + effect + "}\n");
    const std::string send =
        "send Hint(" + word({"0", "1", "2"}) + ") to " + word({"Server 1", "any Server"}) + "\n";
    if (chance(50)) {
      insert_after(text, "held = v\n", send);
    } else {
      for (const char* place :
           {"op x.write(v) {\n", "op x.increment() {\n", "op x[k].write(v) {\n"})
        insert_after(text, place, send);
    }
  }

  /// A second object that only some operations of some scripts touch.
  void add_counter(std::string& text) {
    insert_after(text, "type Value = 1..2\n", "object y: counter\n");
    has_counter_ = true;
    insert_after(text, "role Client[1] {\n", "volatile y: 0..3 = 0\nPARAM");
    insert_after(text, "role Client[2] {\n", "volatile y: 0..3 = 0\nPARAM");
    const std::size_t at = text.find("PARAM");
    text.erase(at, 5);
    std::string code = "op y.increment() { ";
    code += word({"y = min(y + 1, 3)", "if y < 1 { y += 1 } else { unknown }", "fail", ""});
    code += " }\nop y.read() { return y }\n";
    const std::size_t scenario = text.find("scenario tiny");
    const std::size_t end = text.rfind('}', scenario);
    text.insert(end, code);
    name_object(text, text.find("scenario tiny"));
    if (chance(70)) insert_after(text, " does ", "y.increment(), ");
    // Params come first in a role.
    const std::string home = "param home: Server\n";
    if (const std::size_t place = text.find(home); place != std::string::npos) {
      text.erase(place, home.size());
      text.insert(at - std::string("volatile y: 0..3 = 0\n").size(), home);
    }
  }

  /// Where two objects have an operation of a name, a script says whose it means.
  static void name_object(std::string& text, std::size_t from) {
    for (const std::string name : {"read()", "increment()"}) {
      for (std::size_t at = text.find(name, from); at != std::string::npos;
           at = text.find(name, at + name.size() + 2))
        if (text[at - 1] != '.') text.insert(at, "x.");
    }
  }

  std::string server_fault() {
    return word({"lose up to 1\n", "lose Note up to 1\n", "lose Done up to 1\n",
                 "lose Put up to 1\n", "duplicate up to 1\n", "duplicate Note up to 1\n",
                 "duplicate Got up to 1\n", "partition dropping up to 1\n",
                 "partition {Server 1} from rest dropping up to 1\n", "partition up to 1\n",
                 "crash Server 1 up to 1\n", "crash Client 1 up to 1\n", "pause Client 1 up to 1\n",
                 "pause {p for p in Server where p.level > 1} up to 1\n",
                 "crash {p for p in Server where p.level > 1} up to 1\n"});
  }

  void add_faults(std::string& text, std::string fault) {
    if (text.find("message Hint") != std::string::npos && chance(60))
      fault = word({"lose Hint up to 1\n", "duplicate Hint up to 1\n"});
    if (text.find("faults {\n") != std::string::npos) {
      insert_after(text, "faults {\n", fault);
    } else {
      insert_after(text, "scenario tiny {\n", "faults {\n" + fault + "}\n");
    }
  }

  std::string formula() {
    return word({"every(s.level == 0 for s in Server)", "every(s.level >= 1 for s in Server)",
                 "some(s.level == 2 for s in Server)", "every(done(c) for c in Client)",
                 "some(done(c) for c in Client)"});
  }

  /// Those of one kind alone let the reductions that it allows do their work.
  std::string expectations() {
    const int kind = below(4);
    std::string text;
    if (kind == 0 || kind == 1) text += histories();
    if (kind == 1 && chance(50)) text += "expect sequential\n";
    if (kind == 2 || (kind == 3 && chance(50))) text += lasting();
    if (kind == 3) {
      text += no() + "no acknowledged write lost\n";
      if (chance(50)) text += "expect available to " + word({"all", "majority", "Client 1"}) + "\n";
      if (chance(50)) text += hops();
    }
    return text;
  }

  std::string no() { return chance(25) ? "expect not " : "expect "; }

  std::string histories() {
    std::string text = no() + "linearizable of x\n";
    if (has_counter_) text += no() + "linearizable of y\n";
    if (is_register_) {
      text += no() + "regular of x\n" + no();
      text += word({"safe of x\n", "bounded staleness 2 of x\n"});
    }
    text += no() + word({"always ", "never ", "reachable "}) + formula() + "\n";
    if (chance(40)) text += hops();
    return text;
  }

  std::string lasting() {
    std::string text = no() + word({"eventually ", "eventually always "}) + formula() + "\n";
    text += no() + "whenever " + formula();
    text += ", eventually " + formula() + "\n";
    return text + no() + word({"converges on level\n", "converges on held\n"});
  }

  std::string hops() { return no() + "read within " + word({"1", "2", "3"}) + " hops\n"; }

  std::string timed_expectations() {
    return chance(50) ? "expect not sequential\n" : "expect reachable false\n";
  }

  // --- peers that copy what they write

  std::string peers() {
    std::string text =
        "capstan 1\nprotocol peers\ntype Value = 1..2\nobject x: register of Value?\n";
    const bool counts = chance(40);
    if (counts) text += "object y: counter\n";
    text += "message Copy(v: Value)\nmessage Ask(v: Value) -> Told()\n";
    text += "role Node[2] {\ndurable held: Value? = none\n";
    text += word({"durable", "volatile"}) + " odd: bool = false\nop x.write(v) {\n";
    text += word({"held = v\n", "held = v\n", ""});
    text += word({"send Copy(v) to Node but self\n", "send Copy(v) to Node but self\n",
                  "ask all of Node but self: Ask(v)\n", "send Copy(v) to any Node but self\n",
                  "ask all of Node but self: Ask(v) else { unknown }\n"});
    text += "}\nop x.read() { return held }\n";
    if (counts) {
      text += "op y.increment() { odd = " + word({"not odd", "true"});
      text += " }\nop y.read() { return if odd then 1 else 0 }\n";
    }
    text += "on Copy(v)" + word({"", " when held != v", " when not odd", " when self == Node 3"});
    const std::size_t bad = text.find("Node 3");
    if (bad != std::string::npos) text.replace(bad, 6, "Node 1");
    text += " { " + word({"held = v", "held = max(held, v)", "if held == none { held = v }", ""});
    text += " }\non Ask(v) { " + word({"held = v; ", "held = max(held, v); ", ""});
    text += "reply Told() }\n";
    if (chance(40))
      text += word({"", "optional "}) + "action toggle when " +
              word({"self == Node 2", "held == 2", "odd", "held == none"}) + " { odd = not odd }\n";
    text += "}\n";
    if (chance(30)) text += "role Other { durable z: 0..1 = 0 }\n";
    text += "scenario tiny {\n";
    const std::string count = counts && chance(60) ? ", y.increment()" : "";
    text += "Node 1 does write(1)" + count + word({"", ", x.read()", ", write(2)"}) + "\n";
    text += word({"", "Node 2 does x.read()\n", "Node 2 does write(2), x.read()\n"});
    if (chance(60)) {
      text += "faults { ";
      text += word({"lose up to 1", "lose Copy up to 1", "duplicate Copy up to 1",
                    "lose Told up to 1", "partition dropping up to 1", "partition up to 1",
                    "crash Node 1 up to 1", "crash Node up to 1", "pause Node 2 up to 1"});
      text += " }\n";
    }
    if (chance(20)) text += word({"network fifo\n", "network kept\n"});
    return text + peer_expectations() + "}\n";
  }

  std::string peer_expectations() {
    std::string text;
    if (chance(60)) text += no() + "no acknowledged write lost\n";
    if (chance(40)) text += no() + "converges on held\n";
    if (chance(40)) text += no() + "available to " + word({"all\n", "majority\n", "Node 2\n"});
    if (chance(50)) text += no() + "linearizable of x\n";
    if (chance(30)) text += no() + "eventually every(n.held == 1 for n in Node)\n";
    if (chance(30)) text += no() + "reachable Node 2.held == 2\n";
    if (chance(20)) text += "expect causal\n";
    return text;
  }

  std::uint64_t seed_;
  std::mt19937_64 random_;
  bool has_counter_ = false, is_keyed_ = false, is_register_ = false;
};

}  // namespace

std::string generate_outcomes(std::uint64_t seed) { return Outcomes(seed).text(); }

std::string with_unused_parts(std::string text) {
  std::string more = "\nmessage Unsent(n: 0..1) -> Unheard()\nrole Deaf[2] { durable z: 0..1 = 0\n";
  more += " on Unsent(n) { z = n; reply Unheard() } }\nrole Bare { durable z: 0..1 = 0 }\n";
  // Models of registers are judged of all objects, so these must be registers.
  const bool is_of_all = text.find("expect regular\n") != std::string::npos ||
                         text.find("staleness") != std::string::npos;
  if (!is_of_all)
    more +=
        "object unused { state n: 0..1 = 0\n op touch() { n = 1 } }\n"
        "role Idle { durable z: 0..1 = 0\n op unused.touch() { z = 1 } }\n";
  return text.insert(text.find("\nscenario "), more);
}

}  // namespace capstan::tests
