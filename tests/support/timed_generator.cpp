// SPDX-License-Identifier: MIT
#include "tests/support/timed_generator.hpp"

#include <fmt/format.h>

#include <random>
#include <vector>

namespace capstan::tests {
namespace {

class Dice {
 public:
  explicit Dice(std::uint64_t seed) : random_(seed) {}
  int below(int count) { return static_cast<int>(random_() % static_cast<std::uint64_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  std::string pick(const std::vector<std::string>& list) {
    return list[static_cast<std::size_t>(below(static_cast<int>(list.size())))];
  }

 private:
  std::mt19937_64 random_;
};

class Generator {
 public:
  Generator(std::uint64_t seed, TimedExtras extras)
      : random_(seed * 6364136223846793005ULL + 1442695),
        looking_(seed * 2862933555777941757ULL + 3037000493ULL),
        beginning_(seed * 3202034522624059733ULL + 2891336453ULL) {
    clock_ = below(8);
    servers_ = chance(60) ? 1 : 2;
    clients_ = servers_ == 2 && chance(50) ? 1 : 1 + below(2);
    sends_times_ = clock_ != 5 || chance(20);  // drift is exact only where times stay at home
    has_set_ = chance(30);
    is_free_ = clock_ == 6;
    has_delay_ = chance(45);
    looks_ = extras.looks && looking_.chance(is_free_ ? 20 : 70);
    begins_ = extras.begins;
    ghosts_ = extras.ghosts;
    if (!begins_ && !ghosts_) return;
    // Small ones, most of them with clocks that may show several times.
    clients_ = 1;
    clock_ = std::vector{2, 3, 6, 6, 6, 4, 5, 7, 0}[static_cast<std::size_t>(beginning_.below(9))];
    is_free_ = clock_ == 6;
    if (is_free_) servers_ = beginning_.chance(80) ? 1 : 2;
    if (is_free_) has_set_ = has_delay_ = false;
  }

  std::string text() {
    std::string text = "capstan 1\nprotocol timed\n\ntype Value = 1..2\n";
    text += "object x: register of Value?\n";
    if (ghosts_) text += "ghost first: time = least\nghost latest: time = least\n";
    const std::string at = sends_times_ ? "at: time" : "";
    text += fmt::format("message Put(value: Value?{}) -> Done({})\n", comma(at), at);
    text += fmt::format("message Get() -> Got(value: Value?{})\n", comma(at));
    text += fmt::format("message Note({})\n", sends_times_ ? "at: time" : "level: 0..1");
    text += server();
    text += client();
    text += scenario();
    return text;
  }

 private:
  int below(int count) { return random_.below(count); }
  bool chance(int percent) { return random_.chance(percent); }
  std::string pick(const std::vector<std::string>& list) { return random_.pick(list); }
  static std::string comma(const std::string& text) { return text.empty() ? "" : ", " + text; }

  /// A time that is there: a variable, a parameter, the clock.
  std::string kept(const std::string& parameter) {
    std::vector<std::string> forms{"a", "b", "now", "now"};
    if (!parameter.empty()) forms.insert(forms.end(), {parameter, parameter});
    return pick(forms);
  }

  std::string time(const std::string& parameter) {
    const std::string one = kept(parameter);
    if (is_free_ && !chance(4))
      return chance(30) ? fmt::format("max({}, {})", one, kept(parameter)) : one;
    switch (below(7)) {
      case 0:
        return fmt::format("now + {}", 1 + below(2));
      case 1:
        return fmt::format("now - {}", 1 + below(2));
      case 2: {
        const std::string other = kept(parameter);
        return fmt::format("{}({}, {})", pick({"max", "min"}), one, other);
      }
      case 3:
        return fmt::format("max(now, {} + 1)", one);
      case 4:
        return chance(15) ? "least" : one;
      default:
        return one;
    }
  }

  std::string comparison(const std::string& parameter) {
    const std::string x = kept(parameter);
    const std::string y = kept(parameter);
    const std::string op = pick({"<", "<=", ">", ">=", "==", "!="});
    if (is_free_ && !chance(4)) return fmt::format("{} {} {}", x, op, y);
    const int ticks = below(4);
    if (ticks == 0) return fmt::format("{} {} {}", x, op, y);
    if (chance(50)) return fmt::format("{} - {} {} {}", x, y, op, ticks);
    return fmt::format("{} {} {} {} {}", x, op, y, pick({"+", "-"}), ticks);
  }

  std::string guard(const std::string& parameter, int percent) {
    return chance(percent) ? " when " + comparison(parameter) : "";
  }

  std::string statement(const std::string& parameter, bool may_wait) {
    const std::string to = servers_ == 1 ? "self" : pick({"any Server but self", "Server 1"});
    const std::string window =
        chance(25) ? pick({" after 1", " after 0..1", " after 1..2"}) : std::string();
    const std::string noted = sends_times_ ? time(parameter) : pick({"0", "1"});
    switch (below(9)) {
      case 0:
      case 1:
        return fmt::format("a = {}\n", time(parameter));
      case 2:
        return fmt::format("b = {}\n", time(parameter));
      case 3: {
        const std::string condition = comparison(parameter);
        return fmt::format("if {} {{ a = {} }}\n", condition, time(parameter));
      }
      case 4:
        return fmt::format("if turns < 1 {{ turns += 1; send Note({}) to {}{} }}\n", noted, to,
                           window);
      case 5:
        return has_set_ ? fmt::format("if size(seen) < 2 {{ seen += {{{}}} }}\n", time(parameter))
                        : "";
      case 6:
        return chance(30) ? fmt::format("assert {}\n", comparison(parameter)) : "a = now\n";
      case 7:
        return may_wait ? fmt::format("wait until {}\n", comparison("")) : "";
      default:
        return has_set_ && may_wait && chance(50)
                   ? fmt::format("for s in seen {{ wait until now {} s; a = s }}\n",
                                 pick({">", ">=", "!="}))
                   : "seen_nothing = not seen_nothing\n";
    }
  }

  std::string statements(const std::string& parameter, bool may_wait, int most) {
    std::string text;
    for (int i = below(most + 1); i > 0; --i) text += statement(parameter, may_wait);
    return text;
  }

  std::string server() {
    std::string text = fmt::format("role Server[{}] {{\n", servers_);
    text +=
        fmt::format("durable held: Value? = none\nvolatile a: time = {}\ndurable b: time = {}\n",
                    beginning(true), beginning(false));
    text += "durable turns: 0..1 = 0\nvolatile seen_nothing: bool = true\n";
    if (has_set_) text += "durable seen: set of time = {}\n";
    const std::string at = sends_times_ ? "t" : "";
    text += fmt::format("on Put(v{}){} {{\n", comma(at), guard(at, 25));
    text += statements(at, chance(25), 2) + ghost_update(at);
    text += pick({"held = v\n", "held = v\n", "if a <= now { held = v }\n"});
    const std::string done = sends_times_ ? time(at) : "";
    text += fmt::format("reply Done({})\n}}\n", done);
    const std::string get_guard = guard("", 30);
    const std::string before = statements("", chance(20), 1) + ghost_update("");
    text += fmt::format("on Get(){} {{\n{}reply Got(held{})\n}}\n", get_guard, before,
                        sends_times_ ? comma(time("")) : "");
    const std::string note_guard = guard(sends_times_ ? "n" : "", 40);
    text += fmt::format("on Note(n){} {{\n{}}}\n", note_guard,
                        statements(sends_times_ ? "n" : "", chance(20), 2));
    if (chance(50)) {
      const std::string when = guard("", 100);
      text += fmt::format("action work{} {{\n{}}}\n", chance(50) ? when : when + " and turns < 1",
                          statement("", false) + (chance(50) ? "turns = 1\n" : ""));
    }
    if (servers_ > 1 && chance(20))  // asks until it is told
      text +=
          "action retry when turns < 1 { ask any Server but self: Get() else { return } turns = "
          "1 }\n";
    return text + blocks() + functions() + "}\n";
  }

  std::string ghost_update(const std::string& parameter) {
    if (!ghosts_ || beginning_.chance(25)) return "";
    const std::string time =
        beginning_.pick({"a", "b", "now", parameter.empty() ? "a" : parameter});
    const std::string ticks = is_free_ ? "" : beginning_.pick({"", "", " + 1", " - 1"});
    return beginning_.pick({"latest = max(latest, " + time + ticks + ")",
                            "first = if first == least then now else first", "latest = " + time,
                            "if seen_nothing { latest = now" + ticks + " }",
                            "first = if now > latest" + ticks + " then latest else now",
                            is_free_ ? "first = latest" : "latest += 1"}) +
           "\n";
  }

  std::string ghost_looks() {
    if (!ghosts_) return "";
    const std::string ticks = is_free_ ? "" : beginning_.pick({"", " + 1", " + 2", " - 1", " + 3"});
    std::string text = fmt::format("expect never latest > least and first{} {} latest\n", ticks,
                                   beginning_.pick({"<", ">", "=="}));
    const std::string due = looks_ ? "s.past(latest)" : "s.a > latest" + ticks;
    return text + fmt::format("expect {} some(s.b < latest and {} for s in Server)\n",
                              beginning_.pick({"never", "reachable"}), due);
  }

  /// What a variable begins as, and code that runs when a server begins.
  std::string beginning(bool is_volatile) {
    if (!begins_ || beginning_.chance(is_volatile ? 15 : 60)) return "least";
    if (!is_free_ && beginning_.chance(25))
      return beginning_.pick({"now + 1", "now - 1", "max(now, least)"});
    return beginning_.chance(8) ? beginning_.pick({"1", "0", "2"}) : "now";
  }

  std::string blocks() {
    std::string text;
    for (const char* when : {"start", "restart"}) {
      if (!begins_ || beginning_.chance(70)) continue;
      text +=
          fmt::format("on {} {{ {} }}\n", when,
                      beginning_.pick({"b = now", "if a <= now { b = a }", "a = max(a, b)",
                                       "if now > a { seen_nothing = false }", "assert now >= a"}));
    }
    return text;
  }

  /// Functions of a server that read its clock, and properties that call them, or look at true
  /// time: from dice of their own, so that the rest of a seed's spec does not depend on them.
  std::string functions() {
    if (!looks_) return "";
    const std::string op = looking_.pick({"<", "<=", ">", ">=", "==", "!="});
    const std::string other = looking_.pick({"a", "b", "a", "max(a, b)"});
    // `least`, however far moved, is before everything: most answers are about times that were
    // read.
    const std::string set = looking_.chance(70) ? other + " > least and " : "";
    std::string text = fmt::format("fn due() = {}now {} {}{}\n", set, op, other, distance());
    text += fmt::format("fn past(t: time) = t{} < now\n", distance());
    if (looking_.chance(30))
      text += fmt::format("fn both() = due() or now > b{}\n", distance());
    else
      text += "fn both() = due() and seen_nothing\n";
    return text + "fn shows() = now\n";
  }

  std::string distance() {
    if (is_free_ || looking_.chance(30)) return "";
    return fmt::format(" {} {}", looking_.pick({"+", "-"}), 1 + looking_.below(4));
  }

  std::string looks() {
    std::string text;
    for (int i = looks_ ? 1 + looking_.below(2) : 0; i > 0; --i) text += look();
    return text;
  }

  std::string look() {
    const std::string kind = looking_.pick({"never", "never", "reachable"});
    const bool stays = !sends_times_ && looking_.chance(80);  // drift is exact only so
    switch (looking_.below(stays ? 4 : 9)) {
      case 0:
        return fmt::format("expect {} some(s.{}() for s in Server)\n", kind,
                           looking_.pick({"due", "both"}));
      case 1:
        return "expect always every(s.due() or s.held == 1 for s in Server)\n";
      case 2:
        return fmt::format("expect {} every(s.both() for s in Server)\n", kind);
      case 3:  // a model error for some readings only
        return looking_.chance(70)
                   ? "expect always every(s.due() for s in Server)\n"
                   : "expect never some(s.due() and s.held! == 2 for s in Server)\n";
      case 4:
        return fmt::format("expect always every(s.{} <= now{} for s in Server)\n",
                           looking_.pick({"a", "b"}), distance());
      case 5:
        return fmt::format("expect {} some(s.due() and now > s.a{} for s in Server)\n", kind,
                           distance());
      case 6:
        return fmt::format("expect {} some(s.past(t.{}) for s in Server, t in Server)\n", kind,
                           looking_.pick({"a", "b"}));
      case 7:
        return fmt::format(
            "expect {} some(s.shows() {} t.shows(){} for s in Server, t in Server)\n", kind,
            looking_.pick({"<", ">"}), distance());
      default:
        return fmt::format("expect {} some(s.shows() {} now{} for s in Server)\n", kind,
                           looking_.pick({"<", ">", "=="}), distance());
    }
  }

  std::string give_up(const std::string& leave) {
    if (chance(60)) return "";
    if (is_free_ && chance(90)) return fmt::format(" else {{ {} }}", leave);
    return fmt::format(" else after {} {{ {} }}", below(3), leave);
  }

  std::string client() {
    std::string text = fmt::format("role Client[{}] {{\n", clients_);
    const std::string whom = pick({"Server 1", "any Server"});
    text += "op x.write(v) {\n";
    if (sends_times_) text += "let began = now\n";
    text += fmt::format("ask {}: Put(v{}){}\n", whom, sends_times_ ? ", began" : "",
                        give_up("unknown"));
    if (chance(25) && sends_times_ && !is_free_)
      text += fmt::format("wait until now >= began + {}\n", 1 + below(2));
    text += "}\n";
    const std::string read_give_up = give_up("fail");
    text += fmt::format("op x.read() {{\nlet got = ask {}: Get(){}\n", whom, read_give_up);
    if (sends_times_ && chance(60)) {
      const std::string late = pick({"now < got.at", "now != got.at"});
      text += fmt::format("if {} {{ fail }}\n", late);
    }
    return text + "return got.value\n}\n}\n";
  }

  std::string clocks() {
    switch (clock_) {
      case 0:
      case 1:
        return "perfect";
      case 2:
      case 3:
        return "within 1";
      case 4:
        return pick({"perfect, jump up to 1 by -1..1", "within 1, jump up to 1 by 1..2",
                     "perfect, jump up to 1 by -2"});
      case 5:
        return pick({"drift 1 per 2", "drift 1 per 3"});
      case 6:
        return "free";
      default:
        return pick({"within 2", "within 1, drift 1 per 2", "within 0",
                     "within 1, drift 1 per 2, jump up to 1 by 1"});
    }
  }

  std::string scenario() {
    std::string text = "scenario timed {\n";
    if (clients_ == 2 && chance(60)) {
      text += fmt::format("Client 1 does {}\n", pick({"write(1)", "write(1), read()"}));
      text += fmt::format("Client 2 does {}\n", pick({"read()", "write(2)", "read()"}));
    } else {
      text += fmt::format("each Client does {}\n",
                          pick({"write(fresh)", "write(fresh), read()", "read()"}));
    }
    text += fmt::format("clocks {}\n", clocks());
    if (has_delay_) text += "network delay " + pick({"0..1", "1", "1..2", "0"}) + "\n";
    const std::string fault =
        chance(30) ? pick({"crash Server up to 1", "lose up to 1", "duplicate up to 1",
                           "partition {Server 1} from Client up to 1", "crash Client 1 up to 1"})
                   : "";
    const bool crashes = begins_ && beginning_.chance(70);
    if (crashes || !fault.empty())
      text += fmt::format("faults {{ {} }}\n", crashes ? "crash Server up to 1" : fault);
    text += "expect linearizable\n" + looks() + ghost_looks();
    text += fmt::format("expect {} every(s.held != 1 for s in Server)\n",
                        pick({"always", "reachable"}));
    if (!sends_times_) return text + "}\n";
    text += fmt::format("expect never some(s.a {} s.b for s in Server)\n", pick({">", "<"}));
    if (!is_free_)
      text += fmt::format("expect never some(s.a - s.b == {} for s in Server)\n", below(4));
    return text + "}\n";
  }

  Dice random_;
  Dice looking_;    // of functions() and looks()
  Dice beginning_;  // of beginning(), blocks() and crashes
  bool looks_ = false;
  bool begins_ = false;
  bool ghosts_ = false;
  int clock_ = 0;
  int servers_ = 1;
  int clients_ = 1;
  bool sends_times_ = true;
  bool has_set_ = false;
  bool is_free_ = false;
  bool has_delay_ = false;
};

}  // namespace

std::string generate_timed_protocol(std::uint64_t seed, TimedExtras extras) {
  return Generator(seed, extras).text();
}

}  // namespace capstan::tests
