// SPDX-License-Identifier: MIT
#include "tests/support/protocol_generator.hpp"

#include <fmt/format.h>

#include <initializer_list>
#include <random>
#include <vector>

namespace capstan::tests {
namespace {

/// What code may use where it stands.
struct Context {
  std::string level;  // a parameter or local of type Level; empty if there is none
  bool sender_is_server = false;
  bool may_suspend = false;
  bool may_send = false;
};

class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {
    servers_ = pick({1, 2, 2, 2, 3});
    clients_ = servers_ == 3 ? pick({1, 1, 2}) : pick({1, 2, 2});
    kind_ = pick({Kind::Register, Kind::Register, Kind::Register, Kind::Counter, Kind::Cas});
    has_home_ = chance(35);
    has_flag_ = chance(60);
    has_peers_ = chance(25);
    has_ghost_ = chance(40);
    has_writer_ = kind_ == Kind::Register && chance(12);
    has_action_ = chance(45);
    action_is_endless_ = has_action_ && chance(30);
    has_peek_ = servers_ > 1 && chance(25);
    kept_ = chance(12);
    has_procedure_ = chance(30);
    is_keyed_ = kind_ == Kind::Register && chance(20);
    is_written_out_ = kind_ == Kind::Counter && chance(50);
    is_fifo_ = !kept_ && chance(20);
    has_unsynced_ = chance(20);
  }

  std::string text() {
    std::string text = "capstan 1\nprotocol tiny\n\n";
    text += "param top = 2\ntype Level = 0..top\ntype Value = 1..2\n\n";
    if (is_keyed_) text += "type Key = {a, b}\nobject x[Key]: register of Value?\n";
    if (kind_ == Kind::Register && !is_keyed_) text += "object x: register of Value?\n";
    if (kind_ == Kind::Counter && !is_written_out_) text += "object x: counter\n";
    if (is_written_out_)
      text +=
          "object x {\nstate n: 0..9 = 0\nop increment() { n = min(n + 1, 9) }\n"
          "op read() -> int { return n }\n}\n";
    if (kind_ == Kind::Cas) text += "object x: cas_register of Value?\n";
    if (has_ghost_) text += "ghost mark: Level = 0\n";
    return join({text, messages(), server(), keyed("op x.", client()), keyed("", scenario())});
  }

 private:
  enum class Kind { Register, Counter, Cas };

  int below(int count) { return static_cast<int>(random_() % static_cast<std::uint64_t>(count)); }
  bool chance(int percent) { return below(100) < percent; }
  template <typename T>
  T pick(std::initializer_list<T> list) {
    return *(list.begin() + below(static_cast<int>(list.size())));
  }
  std::string word(std::initializer_list<const char*> list) { return pick(list); }
  /// Parts that draw random numbers are joined in a list, whose elements are evaluated from left to
  /// right on every compiler; operands of `+` and arguments of a function are not.
  static std::string join(std::initializer_list<std::string> parts) {
    std::string text;
    for (const std::string& part : parts) text += part;
    return text;
  }

  /// With keys, operations are of `x[k]`, and those of scripts of one of the keys.
  std::string keyed(const std::string& before, const std::string& text) {
    if (!is_keyed_) return text;
    std::string result;
    for (std::size_t at = 0; at < text.size();) {
      const bool is_code = !before.empty();
      if (is_code && text.compare(at, before.size(), before) == 0) {
        result += "op x[k].";
        at += before.size();
        continue;
      }
      if (!is_code && (text.compare(at, 6, "write(") == 0 || text.compare(at, 6, "read()") == 0))
        result += word({"x[a].", "x[b]."});
      result += text[at++];
    }
    return result;
  }

  std::string held_type() const { return kind_ == Kind::Counter ? "0..2" : "Value?"; }

  std::string messages() {
    std::string text = "\n";
    text += fmt::format("message Get() -> Got(value: {}, level: Level)\n", held_type());
    text += fmt::format("message Put(value: {}) -> Done(level: Level)\n", held_type());
    if (kind_ == Kind::Cas) text += "message Swap(old: Value?, new: Value?) -> Swapped(ok: bool)\n";
    text += "message Note(level: Level)\n";
    if (has_peek_) text += "message Peek() -> Seen(level: Level)\n";
    return text + "\n";
  }

  // --- expressions of the servers

  std::string level(const Context& here) {
    std::vector<std::string> forms{
        "level", "0", "1", "min(level + 1, top)", "(level + 1) % 3", "max(level, 1)"};
    if (!here.level.empty()) {
      forms.push_back(here.level);
      forms.push_back(here.level);
      forms.push_back(fmt::format("max(level, {})", here.level));
    }
    if (has_flag_) forms.push_back("if flag then 1 else 0");
    if (has_peers_ && servers_ < 3) forms.push_back("size(peers)");
    forms.push_back("index(self) % 3");
    forms.push_back("count(q != self for q in Server)");
    return forms[static_cast<std::size_t>(below(static_cast<int>(forms.size())))];
  }

  std::string condition(const Context& here) {
    std::vector<std::string> forms{"level > 0", "level < top", "level == 1", "held != " + nothing(),
                                   "self == Server 1"};
    if (!here.level.empty()) forms.push_back(here.level + " >= level");
    if (has_flag_) forms.insert(forms.end(), {"flag", "not flag", "(not flag or level > 0)"});
    if (has_peers_) forms.push_back("self in peers");
    if (has_peers_) forms.push_back("peers == {}");
    return forms[static_cast<std::size_t>(below(static_cast<int>(forms.size())))];
  }

  std::string nothing() const { return kind_ == Kind::Counter ? "0" : "none"; }

  // --- statements of the servers

  std::string statement(const Context& here, int depth) {
    const int form = below(has_procedure_ ? 12 : 11);
    if (has_unsynced_ && chance(15)) return "sync\n";
    if (form == 0 && has_flag_)
      return word({"flag = true\n", "flag = not flag\n", "flag = level > 0\n"});
    if (form == 1 && has_peers_) {
      if (here.sender_is_server) return word({"peers += {sender}\n", "peers = peers but sender\n"});
      return word({"peers = {}\n", "peers += {self}\n"});
    }
    if (form == 2 && has_ghost_)
      return fmt::format("mark = {}\n", word({"level", "max(mark, level)", "min(mark + 1, top)"}));
    if (form == 3 && depth < 2) {
      std::string text = join({"if ", condition(here), " {\n", statement(here, depth + 1), "}"});
      if (chance(40)) text += fmt::format(" else {{\n{}}}", statement(here, depth + 1));
      return text + "\n";
    }
    if (form == 4 && here.may_send) return note(here);
    if (form == 5 && here.may_send && servers_ > 1) {
      return fmt::format("for p in Server where p != self {{\n  send Note({}) to p\n}}\n",
                         level(here));
    }
    if (form == 6 && here.may_suspend && depth == 0)
      return fmt::format("wait until {}\n", condition(here));
    if (form == 7 && here.may_suspend && has_peek_ && depth == 0) return peek(here);
    if (form == 8 && chance(25)) {
      return word({"level += 1\n", "assert level < top\n"});  // may be a model error
    }
    if (form == 9) return "if level < top { level += 1 }\n";
    if (form == 11) return fmt::format("raise({})\n", level(here));
    return fmt::format("level = {}\n", level(here));
  }

  std::string note(const Context& here) {
    const std::string to =
        servers_ == 1 ? "self"
                      : word({"any Server but self", "Server but self", "Server 1", "any Server"});
    return fmt::format("send Note({}) to {}\n", level(here), to);
  }

  std::string peek(const Context& here) {
    if (chance(30)) {
      return join({"for p in Server where p != self {\nlet peeked = ask p: Peek()",
                   chance(60) ? " else { next }" : "", "\nlevel = max(level, peeked.level)\n}\n"});
    }
    const std::string seen = fmt::format("seen{}", ++peeks_);  // two may stand in one block
    const std::string whom =
        word({"all of Server but self", "majority of Server", "1 of Server but self"});
    std::string text = fmt::format("let {} = ask {}: Peek()", seen, whom);
    if (chance(40)) text += fmt::format(" where it.level >= {}", word({"0", "1", "level"}));
    if (chance(50)) text += " else { return }";
    text += "\n";
    return text + "level = max(s.level for s in " + seen + ", default: " + level(here) + ")\n";
  }

  std::string statements(const Context& here, int most) {
    std::string text;
    for (int i = below(most + 1); i > 0; --i) text += statement(here, 0);
    return text;
  }

  std::string guard(const Context& here, int percent) {
    return chance(percent) ? fmt::format(" when {}", condition(here)) : std::string();
  }

  // --- roles

  std::string server() {
    std::string text = fmt::format("role Server[{}] {{\n", servers_);
    text += fmt::format("durable held: {} = {}\n", held_type(), nothing());
    text += fmt::format("{} level: Level = 0\n",
                        has_unsynced_ ? "durable unsynced" : word({"durable", "volatile"}));
    if (has_flag_)
      text += join(
          {has_unsynced_ ? word({"durable unsynced", "volatile"}) : word({"durable", "volatile"}),
           " flag: bool = ", word({"false", "true"}), "\n"});
    if (has_peers_) text += "volatile peers: set of Server = {}\n";
    if (has_writer_) text += "volatile writer: asker of Put? = none\n";
    if (has_action_) text += "durable turns: 0..1 = 0\n";
    if (has_procedure_) text += "fn raise(n: Level) { if n > level { level = n } }\n";
    text += start_blocks();
    Context request;
    request.may_send = !action_is_endless_ && chance(30);
    // Else suspended activations pile up: each delivery of a message that stays makes one.
    request.may_suspend = !action_is_endless_ && !kept_ && chance(40);
    text += join({"on Get()", guard(request, 15), " {\n", statements(request, 1),
                  "reply Got(held, level)\n}\n"});
    text += put_handler(request);
    if (kind_ == Kind::Cas) {
      text +=
          "on Swap(o, n) {\nif held == o { held = n; reply Swapped(true) } else { reply "
          "Swapped(false) }\n}\n";
    }
    Context note;
    note.level = "n";
    note.may_suspend = !action_is_endless_ && !kept_ && chance(20);
    text += join({"on Note(n)", guard(note, 30), " {\n", statements(note, 2), "}\n"});
    if (chance(15))
      text += join({"on Note(n) when ", condition(note), " {\n", statement(note, 0), "}\n"});
    if (has_peek_) text += join({"on Peek()", guard({}, 20), " { reply Seen(", level({}), ") }\n"});
    if (has_action_) text += action();
    return text + "}\n\n";
  }

  /// `on start` and `on restart`, which may choose, send and suspend.
  std::string start_blocks() {
    Context here;
    here.may_send = !action_is_endless_;
    here.may_suspend = true;
    std::string text;
    if (chance(20)) text += "on start { level = any {0, 1} }\n";
    if (servers_ < 3 && clients_ < 2 && chance(35))
      text += join({"on start {\n", statement(here, 0), statement(here, 0), "}\n"});
    if (chance(30))
      text += fmt::format("on restart {{ level = {} }}\n", word({"1", "min(level + 1, top)", "0"}));
    if (chance(15)) text += join({"on restart {\n", statements(here, 2), "}\n"});
    return text;
  }

  std::string put_handler(const Context& here) {
    const std::string store = kind_ == Kind::Counter
                                  ? "if held + v <= 2 { held += v }\n"
                                  : word({"held = v\n", "held = v\n", "held = max(held, v)\n"});
    if (has_writer_) {
      return "on Put(v) when writer == none {\n" + store + "writer = asker\n}\n" +
             "action acknowledge when writer != none {\nlet to_whom = writer!\nwriter = "
             "none\nreply Done(level) to to_whom\n}\n";
    }
    const std::string before = statements(here, 1);
    const std::string after = statements(here, 1);
    return join({"on Put(v)", guard(here, 15), " {\n", before, store, "reply Done(", level(here),
                 ")\n", chance(30) ? after : "", "}\n"});
  }

  std::string action() {
    Context here;
    here.may_send = true;
    here.may_suspend = !action_is_endless_ && chance(40);
    std::string text = chance(20) ? "optional action" : "action";
    if (servers_ > 1 && chance(25)) {
      here.may_suspend = false;
      return text +
             fmt::format(" tell(p in Server) when p != self{} {{\n{}send Note({}) to p\n}}\n",
                         action_is_endless_ ? "" : " and turns < 1",
                         action_is_endless_ ? "" : "turns += 1\n", level(here));
    }
    if (action_is_endless_ && has_peek_ && servers_ > 1 && chance(50)) {  // asks until it is told
      return join({text, " retry", guard(here, 50), " {\nlet got = ask ",
                   word({"any Server but self", "Server 1", "Server 2"}),
                   ": Peek() else { return }\nlevel = max(got.level, ", level(here), ")\n}\n"});
    }
    if (action_is_endless_) {
      return join({text, " gossip", guard(here, 50), " {\n", note(here), "}\n"});
    }
    return join({text, " work when turns < 1", chance(40) ? " and " + condition(here) : "",
                 " {\nturns += 1\n", statement(here, 0), statements(here, 1), "}\n"});
  }

  std::string quorum() {
    if (has_home_ && chance(50)) return "home";
    return word({"all of Server", "majority of Server", "majority of Server", "1 of Server",
                 "any Server", "Server 1"});
  }

  static bool is_set(const std::string& quorum) { return quorum.find(" of ") != std::string::npos; }

  std::string client() {
    std::string text = fmt::format("role Client[{}] {{\n", clients_);
    if (has_home_) text += "param home: Server\n";
    text += read();
    text += write();
    if (kind_ == Kind::Cas) {
      std::string whom = quorum();
      if (is_set(whom)) whom = "Server 1";
      text += fmt::format("op x.cas(o, n) {{ return (ask {}: Swap(o, n)).ok }}\n", whom);
    }
    return text + "}\n\n";
  }

  std::string read() {
    if (chance(12)) {
      return join({"op x.read() {\nfor s in Server {\nlet got = ask s: Get()",
                   chance(50) ? " else { next }" : "",
                   "\nif got.level > 0 { return got.value }\n}\n"
                   "return (ask Server 1: Get()).value\n}\n"});
    }
    const std::string whom = quorum();
    std::string where;
    if (chance(25)) where = fmt::format(" where it.level >= {}", below(2));
    if (!is_set(whom)) {
      if (chance(40)) return fmt::format("op x.read() {{ return (ask {}: Get()).value }}\n", whom);
      const std::string give_up = chance(40) ? " else { fail }" : "";
      return fmt::format("op x.read() {{\nlet got = ask {}: Get(){}{}\nreturn got.value\n}}\n",
                         whom, where, give_up);
    }
    std::string give_up;
    if (chance(25)) give_up = word({" else { fail }", " else { unknown }"});
    if (chance(15))
      give_up =
          fmt::format(" else {{ return max(r.value for r in replies, default: {}) }}", nothing());
    std::string text =
        fmt::format("op x.read() {{\nlet got = ask {}: Get(){}{}\n", whom, where, give_up);
    text += "let best = max((level: g.level, value: g.value) for g in got)\n";
    if (chance(25))
      text +=
          fmt::format("ask {}: Put(best.value)\n", word({"all of Server", "majority of Server"}));
    return text + fmt::format("return {}\n}}\n", word({"best.value", "max(g.value for g in got)"}));
  }

  std::string write() {
    const std::string whom = quorum();
    std::string text = kind_ == Kind::Counter ? "op x.increment() {\n" : "op x.write(v) {\n";
    const std::string value = kind_ == Kind::Counter ? "1" : "v";
    if (chance(8))
      return text + fmt::format("send Note(1) to {}\nask {}: Put({})\n}}\n",
                                word({"Server", "any Server"}), whom, value);
    if (chance(20))
      text += fmt::format("let old = ask {}: Get()\n",
                          word({"majority of Server", "any Server", "Server 1"}));
    std::string where;
    if (chance(20)) where = fmt::format(" where it.level >= {}", below(2));
    std::string give_up;
    if (chance(30)) give_up = word({" else { unknown }", " else { fail }", " else { }"});
    return text + fmt::format("ask {}: Put({}){}{}\n}}\n", whom, value, where, give_up);
  }

  // --- the scenario

  std::string update() {
    if (kind_ == Kind::Counter) return "increment()";
    if (kind_ == Kind::Cas && chance(50)) return word({"cas(none, 1)", "cas(1, 2)", "cas(any, 2)"});
    // `fresh` takes a new value each time, for each client of the line, and there are two.
    const int takers = for_each_ ? clients_ : 1;
    if (fresh_left_ >= takers && chance(50)) {
      fresh_left_ -= takers;
      return "write(fresh)";
    }
    return word({"write(1)", "write(2)", "write(any)"});
  }

  std::string steps(int most) {
    std::string text = chance(60) ? update() : "read()";
    for (int i = below(most); i > 0; --i)
      text += ", " + (chance(40) ? update() : std::string("read()"));
    return text;
  }

  std::string scenario() {
    std::string text = "scenario tiny {\n";
    const std::string home = has_home_ ? word({" with home = any", " with home = Server 1"}) : "";
    const int most = clients_ == 1 ? 3 : (servers_ == 3 ? 1 : 2);
    if (chance(12)) {
      text += fmt::format("each Client{} does any {} operations\n", home,
                          kind_ == Kind::Cas ? 1 : 1 + below(2));
    } else if (clients_ == 2 && chance(70)) {
      text += fmt::format("Client 1{} does {}\n", home, steps(most));
      text += join({"Client 2", home, " does ", chance(15) ? "wait until done(Client 1), " : "",
                    steps(most), "\n"});
    } else {
      for_each_ = true;
      text += fmt::format("each Client{} does {}\n", home, steps(most));
    }
    text += faults();
    if (kept_) text += "network kept\n";
    if (is_fifo_) text += "network fifo\n";
    return text + expectations() + "}\n";
  }

  std::string faults() {
    if (chance(45)) return {};
    std::string list;
    const int processes = servers_ + clients_;
    for (int i = 1 + (chance(20) ? 1 : 0); i > 0; --i) {
      const int form = has_unsynced_ && chance(60) ? pick({2, 5}) : below(8);
      const std::string way = word({"", "", " one_way", " bridging"});
      const std::string dropping = word({"", "", " dropping"});
      if (form == 0 && processes < 5) list += fmt::format("partition{}{} up to 1\n", way, dropping);
      if (form == 1)
        list += fmt::format("partition {{Server 1}} from {}{}{} up to 1\n",
                            servers_ > 1 ? "{Server 2}" : "Client",
                            way == " one_way" ? way : std::string(), dropping);
      if (form == 6)
        list += fmt::format("pause {} up to 1\n", word({"Server", "Client", "Server 1",
                                                        "{p for p in Server where p.level > 0}"}));
      if (form == 7)
        list += word({"crash {p for p in Server where p.level > 0} up to 1\n",
                      "crash {p for p in Server where live(p) and p.held == p.held} up to 1\n",
                      "pause Server up to 2, at most 1 at once\n",
                      processes > 2 ? "partition {Server 1, Client 1} from rest dropping up to 1\n"
                                    : "pause Client 1 up to 2\n"});
      if (form == 2)
        list +=
            fmt::format("crash {} up to 1\n", word({"Server", "Server", "Client 1", "Server 1"}));
      if (form == 3) list += word({"lose up to 1\n", "lose Put up to 1\n", "lose Note up to 1\n"});
      if (form == 4 && !kept_)
        list +=
            word({"duplicate up to 1\n", "duplicate Put up to 1\n", "duplicate Done up to 1\n"});
      if (form == 5)
        list += fmt::format("crash Server up to {}, at most 1 at once\n",
                            servers_ < 3 && clients_ < 2 ? 2 : 1);
    }
    return list.empty() ? "" : "faults {\n" + list + "}\n";
  }

  std::string expectations() {
    std::string text = word({"expect linearizable\n", "expect not linearizable\n"});
    text += join({"expect ", word({"always", "reachable"}), " every(s.level <= ", word({"0", "1"}),
                  " for s in Server)\n"});
    text += fmt::format("expect {} some(s.held != {} for s in Server)\n",
                        word({"never", "reachable"}), nothing());
    if (has_ghost_)
      text += join({"expect ", word({"always", "reachable"}), " mark <= ", word({"0", "1"}), "\n"});
    if (chance(40)) text += "expect never some(m.level > 1 for m in Note)\n";
    if (has_flag_ && chance(50))
      text += "expect reachable every(s.flag and live(s) for s in Server)\n";
    if (chance(30)) text += "expect reachable every(done(c) for c in Client)\n";
    return text;
  }

  std::mt19937_64 random_;
  int servers_ = 1;
  int clients_ = 1;
  Kind kind_ = Kind::Register;
  bool has_home_ = false;  // clients have a home server
  bool has_flag_ = false;
  bool has_peers_ = false;
  bool has_ghost_ = false;
  bool has_writer_ = false;  // writes are acknowledged by an action, to a stored asker
  bool has_action_ = false;
  bool action_is_endless_ =
      false;  // no budget: then handlers neither send nor wait, or there would be no end of states
  bool has_peek_ = false;  // servers ask each other
  bool kept_ = false;
  bool has_procedure_ = false;
  bool is_keyed_ = false;  // one register for each key; servers hold one value for all of them
  bool is_written_out_ = false;  // the counter is an object of the protocol's own
  bool is_fifo_ = false;
  bool has_unsynced_ = false;  // then crashes are likely
  bool for_each_ = false;      // the script is every client's
  int fresh_left_ = 2;
  int peeks_ = 0;
};

}  // namespace

std::string generate_protocol(std::uint64_t seed) { return Generator(seed).text(); }

}  // namespace capstan::tests
