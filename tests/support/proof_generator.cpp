// SPDX-License-Identifier: MIT
#include "support/proof_generator.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "support/dice.hpp"

namespace capstan::tests {
namespace {

enum class Kind { Bool, Number, Phase, Member, Stamp, Set, Map, Option, Time };

struct Variable {
  std::string name;
  Kind kind = Kind::Bool;
  std::string storage{};
};

/// Where code stands: what it may read besides its variables.
struct Place {
  const std::vector<Variable>* own = nullptr;
  std::string number = "1";  // an expression of type 0..2 that it was given
  bool has_sender = false;
};

class ProofGenerator {
 public:
  explicit ProofGenerator(std::uint64_t seed) : dice_(seed) {}

  ProofSpec spec() {
    choose_features();
    ProofSpec spec;
    spec.body = body();
    spec.calm = calm_;
    spec.script = script();
    spec.circumstances = circumstances(spec.clocks);
    spec.claims = claims_about_facts();
    for (int i = 0; i < claims_most; ++i) spec.claims.push_back(claim());
    if (has_param_) {
      spec.given =
          dice_.word({"q > 0", "q >= 0", "q >= 1 and q <= 2", "q != 2", "q < 3 and q > -1"});
      spec.settings = settings_of(spec.given);
      note("given");
    }
    spec.traits = traits_;
    return spec;
  }

  /// Two handlers of one process, which may commute.
  std::string handlers() {
    for (int i = 1 + dice_.below(3); i > 0; --i) keeper_.push_back(variable(fmt::format("b{}", i)));
    const Place told{&keeper_, "v", true};
    std::string text =
        "protocol handlers\ntype Phase = {idle, busy, over}\ntype Side = {left, right}\ntype Bit = "
        "0..1\n"
        "type Stamp = (n: 0..1, by: Sender?)\nmessage M(v: 0..2)\nmessage N(v: 0..2)\n"
        "role Sender[1] {\n  action send_them { send M(1) to Node; send N(1) to Node }\n}\n"
        "role Node {\n";
    for (const Variable& variable : keeper_) text += declaration(variable);
    text += "  on M(v)" + when(guard(told, 30)) + " {\n    " + updates(told, 2) + "}\n";
    text += "  on N(v)" + when(guard(told, 30)) + " {\n    " + updates(told, 2) + "}\n";
    return text + "}\nscenario s {\n  expect commutes M, N\n}\n";
  }

 private:
  static constexpr int claims_most = 14;

  void note(const std::string& trait) { traits_.insert(trait); }

  void choose_features() {
    pairs_ = dice_.chance(40);
    has_ask_ = dice_.chance(55);
    has_else_ = has_ask_ && dice_.chance(50);
    has_late_answer_ = has_ask_ && dice_.chance(25);
    has_echo_ = dice_.chance(35);
    has_ghost_ = dice_.chance(40);
    has_wait_ = dice_.chance(25);
    has_time_ = dice_.chance(30);
    has_client_ = dice_.chance(30);
    has_param_ = dice_.chance(30);
    has_derived_ = has_param_ && dice_.chance(60);
    is_kept_ = !has_time_ && dice_.chance(35);
    has_facts_ = dice_.chance(75);
    tells_once_ = dice_.chance(50);
    const int first = 1 + dice_.below(2), second = 1 + dice_.below(2);
    for (int i = 0; i < first; ++i) sender_.push_back(variable(fmt::format("a{}", i)));
    for (int i = 0; i < second; ++i) keeper_.push_back(variable(fmt::format("b{}", i)));
    if (has_ask_) note(has_else_ ? "else" : "ask");
    if (has_ghost_) note("ghost");
    if (has_wait_) note("wait");
    if (has_client_) note("operation");
    if (has_derived_) note("derived");
    if (has_late_answer_) note("late answer");
  }

  Variable variable(const std::string& name) {
    const Kind of = kind();
    return {name, of,
            dice_.word({"durable", "durable", "volatile", "volatile", "durable unsynced"})};
  }

  Kind kind() {
    const int which = dice_.below(has_time_ ? 14 : 11);
    if (which < 3) return Kind::Bool;
    if (which < 5) return Kind::Number;
    if (which >= 11) return Kind::Time;
    return static_cast<Kind>(which - 5 + static_cast<int>(Kind::Phase));
  }

  // --- values

  static std::string type(Kind kind) {
    switch (kind) {
      case Kind::Bool:
        return "bool";
      case Kind::Number:
        return "0..2";
      case Kind::Phase:
        return "Phase";
      case Kind::Member:
        return "Sender?";
      case Kind::Stamp:
        return "Stamp";
      case Kind::Set:
        return "set of 0..1";
      case Kind::Map:
        return "map Side -> 0..1";
      case Kind::Option:
        return "Bit?";
      case Kind::Time:
        return "time";
    }
    return "";
  }

  std::string initial(Kind kind) {
    switch (kind) {
      case Kind::Bool:
        return dice_.word({"false", "false", "true"});
      case Kind::Number:
        return dice_.word({"0", "0", "1", has_derived_ ? "max(0, min(2, cap - 1))" : "2"});
      case Kind::Phase:
        return dice_.word({"idle", "busy"});
      case Kind::Stamp:
        return "(0, none)";
      case Kind::Set:
        return dice_.word({"{}", "{0}"});
      case Kind::Map:
        return "all 0";
      case Kind::Time:
        return dice_.word({"least", "now", "least"});
      case Kind::Member:
      case Kind::Option:
        return "none";
    }
    return "";
  }

  std::string declaration(const Variable& variable) {
    const std::string& storage = variable.storage;
    const std::string first = initial(variable.kind);
    note(storage == "durable unsynced" ? "unsynced" : storage);
    static const char* const names[] = {"bool", "number", "enum",   "process", "tuple",
                                        "set",  "map",    "option", "time"};
    note(names[static_cast<int>(variable.kind)]);
    if (first == "now") note("= now");
    return fmt::format("  {} {}: {} = {}\n", storage, variable.name, type(variable.kind), first);
  }

  /// An assignment to the variable.
  std::string assignment(const Variable& variable, const Place& here) {
    const std::string& v = variable.name;
    const std::string& n = here.number;
    switch (variable.kind) {
      case Kind::Bool:
        return v + " = " + dice_.word({"true", "true", "false", n + " > 0", "not " + v});
      case Kind::Number:
        return v + " = " +
               dice_.word({n, "min(2, " + v + " + 1)", "max(" + v + ", " + n + ")", "0",
                           has_param_ ? "max(0, min(2, q))" : "2",
                           has_derived_ ? "max(0, min(2, cap - 1))" : "any {0, 2}"});
      case Kind::Phase:
        return v + " = " +
               dice_.word({"busy", "over", "if " + v + " == idle then busy else over", "idle"});
      case Kind::Member:
        return v + " = " + dice_.word({"none", "Sender 1", "some_sender", "Sender 1"});
      case Kind::Stamp:
        return dice_.word({v + " = max(" + v + ", (1, Sender 1))", v + ".n = min(1, " + n + ")",
                           v + ".by = Sender 1", v + " = (0, none)"});
      case Kind::Set:
        return dice_.word({v + " += {min(1, " + n + ")}", v + " -= {0}", v + " = {1}",
                           v + " = {x for x in 0..1 where x < " + n + "}"});
      case Kind::Map:
        return dice_.word({v + "[left] = 1", v + "[right] = min(1, " + n + ")", v + " = all 1",
                           "for k in Side where " + v + "[k] == 0 { " + v + "[k] = 1 }"});
      case Kind::Option:
        return v + " = " + dice_.word({"none", "0", "min(1, " + n + ")", v + " ?? 1"});
      case Kind::Time:
        return v + " = " + dice_.word({"now", "now + 1", "max(" + v + ", now)", "least"});
    }
    return "";
  }

  /// A condition on the variable `v`, as code or a property reads it.
  std::string condition(Kind kind, const std::string& v) {
    switch (kind) {
      case Kind::Bool:
        return dice_.word({v, "not " + v});
      case Kind::Number:
        return v + dice_.word({" == 0", " > 0", " < 2", " == 2", has_param_ ? " <= q" : " == 1",
                               has_derived_ ? " < cap" : " != 1"});
      case Kind::Phase:
        return v + dice_.word({" == idle", " != idle", " == over", " != over"});
      case Kind::Member:
        return v + dice_.word({" == none", " != none", " == Sender 1"});
      case Kind::Stamp:
        return v + dice_.word({".n == 0", ".n > 0", ".by == none", ".by == Sender 1"});
      case Kind::Set:
        return dice_.word(
            {"1 in " + v, "0 not in " + v, v + " == {}", v + " != {}", "size(" + v + ") < 2"});
      case Kind::Map:
        return dice_.word(
            {v + "[left] == 0", v + "[right] > 0", "every(" + v + "[k] == 1 for k in Side)"});
      case Kind::Option:
        return v + dice_.word({" == none", " != none", " ?? 0 == 0", " ?? 0 == 1"});
      case Kind::Time:
        return v + dice_.word({" == least", " > least", " != least"});
    }
    return "";
  }

  std::string guard(const Place& here, int percent) {
    if (!dice_.chance(percent)) return "";
    const Variable& variable = any_of(*here.own);
    return condition(variable.kind, variable.name);
  }

  const Variable& any_of(const std::vector<Variable>& variables) {
    return variables[static_cast<std::size_t>(dice_.below(static_cast<int>(variables.size())))];
  }

  // --- code

  std::string update(const Place& here) {
    std::string text = assignment(any_of(*here.own), here);
    const std::string who = here.own == &sender_              ? "self"
                            : here.has_sender && !has_client_ ? "sender"
                                                              : "Sender 1";
    const std::size_t at = text.find("some_sender");
    if (at != std::string::npos) text.replace(at, 11, who);
    return text;
  }

  std::string updates(const Place& here, int most) {
    std::string text;
    for (int i = 1 + dice_.below(most); i > 0; --i) {
      const std::string one = update(here);
      const bool is_if = dice_.chance(20);
      const Variable& variable = any_of(*here.own);
      text += is_if ? "if " + condition(variable.kind, variable.name) + " { " + one + " }" : one;
      text += "\n    ";
    }
    if (has_ghost_ && dice_.chance(40))
      text += dice_.word({"mark = true\n", "tally = min(2, tally + 1)\n"});
    const bool has_unsynced = std::ranges::any_of(
        *here.own, [](const Variable& each) { return each.storage == "durable unsynced"; });
    if (dice_.chance(25) && has_unsynced) text += "sync\n";
    return text;
  }

  std::string push(const Place& here) {
    return fmt::format("send Push({}) to Keeper\n    ", dice_.word({"1", "2", "0", here.number}));
  }

  std::string sender_role(bool is_calm) {
    std::string text = fmt::format("role Sender[{}] {{\n", pairs_ ? 2 : 1);
    for (const Variable& variable : sender_) text += declaration(variable);
    text += "  durable budget: 0..2 = 2\n";
    if (has_facts_) text += facts_of_sender();
    const Place here{&sender_, "1", false};
    if (has_time_) text += "  fn is_late() = now >= " + time_of(sender_) + "\n";
    text += sending_action(here);
    if (has_ask_) text += asking_action(here, is_calm);
    if (has_wait_) text += waiting_action(here);
    if (has_echo_) {
      const Place told{&sender_, "v", false};
      text += "  on Echo(v)" + when(guard(told, 30)) + " {\n    " + updates(told, 2) + "}\n";
    }
    text += blocks(here, "Sender");
    return text + "}\n";
  }

  static std::string when(const std::string& condition) {
    return condition.empty() ? "" : " when " + condition;
  }

  static std::string time_of(const std::vector<Variable>& variables) {
    for (const Variable& variable : variables)
      if (variable.kind == Kind::Time) return variable.name;
    return "least";
  }

  std::string facts_of_sender() const {
    std::string text =
        "  durable sent: bool = false\n  volatile mirror: bool = false\n"
        "  durable unsynced noted: bool = false\n  durable answered: bool = false\n"
        "  durable gave_up: bool = false\n  durable waited: bool = false\n"
        "  durable restarted: bool = false\n";
    if (has_derived_)
      text += "  durable level: 0..9 = 0\n  action grow when level < cap { level += 1 }\n";
    if (has_time_) text += "  durable at: time = least\n  fn past(x: time) = now >= x\n";
    return text;
  }

  /// The statement, where there are such facts.
  std::string fact(const std::string& statement) const {
    return has_facts_ ? statement + "\n    " : "";
  }

  std::string sending_action(const Place& here) {
    const std::string more = guard(here, 40);
    const bool sends_first = dice_.chance(50);
    std::string text = std::string("  action tell when ") +
                       (tells_once_ ? "budget == 2" : "budget > 0") +
                       (more.empty() ? "" : " and " + more) + " {\n    budget -= 1\n    " +
                       fact("sent = true; mirror = true; noted = true");
    if (has_facts_ && has_time_) text += "at = now - 1\n    ";
    const std::string changes = updates(here, 2);
    const std::string sent = push(here);
    return text + (sends_first ? sent + changes : changes + sent) + "}\n";
  }

  std::string asking_action(const Place& here, bool is_calm) {
    const Place told{&sender_, "got.v", false};
    const bool looks = dice_.chance(60);
    const std::string before = dice_.chance(50) ? updates(here, 1) : "";
    const std::string otherwise = updates(here, 1);
    const std::string after = updates(looks ? told : here, 2);
    const std::string where = looks && dice_.chance(20) ? " where it.v > 0" : "";
    std::string text = "  action request when budget == " + dice_.word({"2", "1"}) +
                       " {\n    budget -= 1\n    " + before;
    if (looks) text += "let got = ";
    text += "ask Keeper: Query()" + where;
    if (has_else_ && !is_calm)
      text += " else {\n    " + otherwise + fact("gave_up = true") + "return\n    }";
    return text + "\n    " + after + fact("answered = true") + "}\n";
  }

  std::string waiting_action(const Place& here) {
    const Variable& variable = any_of(sender_);
    const std::string until = has_time_ && dice_.chance(50)
                                  ? "now >= " + time_of(sender_)
                                  : condition(variable.kind, variable.name);
    if (has_time_ && until.starts_with("now")) note("timer");
    return "  action linger when budget == 2 {\n    budget -= 1\n    wait until " + until +
           "\n    " + fact("waited = true") + updates(here, 2) + "}\n";
  }

  std::string keeper_role() {
    std::string text = "role Keeper {\n";
    for (const Variable& variable : keeper_) text += declaration(variable);
    if (has_facts_)
      text +=
          "  durable heard: bool = false\n  durable count: 0..2 = 0\n  durable did: bool = false\n";
    const Place told{&keeper_, "v", true};
    const Place here{&keeper_, "1", false};
    const Place asked{&keeper_, "1", true};
    if (has_time_) text += "  fn is_late() = now >= " + time_of(keeper_) + "\n";
    text += "  on Push(v)" + when(guard(told, 35)) + " {\n    " + updates(told, 2) +
            fact("heard = true; count = min(2, count + 1)");
    if (has_echo_) text += dice_.word({"send Echo(v) to sender\n", "send Echo(1) to Sender\n"});
    text += "}\n";
    if (has_ask_) text += answers(asked);
    if (dice_.chance(30)) {
      const Variable& variable = any_of(keeper_);
      text += "  action shift when " + condition(variable.kind, variable.name) + " {\n    " +
              updates(here, 1) + "}\n";
    }
    text += blocks(here, "Keeper");
    return text + "}\n";
  }

  std::string answers(const Place& asked) {
    const std::string answer = dice_.word({"0", "1", "2"});
    if (!has_late_answer_)
      return "  on Query()" + when(guard(asked, 25)) + " {\n    " + updates(asked, 2) +
             fact("did = true") + "reply Answer(" + answer + ")\n}\n";
    const Place later{&keeper_, "1", false};
    return "  volatile who: asker of Query? = none\n  durable turns: 0..2 = 2\n"
           "  on Query() when turns > 0 {\n    turns -= 1\n    who = asker\n    " +
           updates(asked, 1) +
           "}\n  action serve when turns < 2 and who != none {\n    let whom = who!\n    who = "
           "none\n    " +
           updates(later, 1) + fact("did = true") + "reply Answer(" + answer + ") to whom\n}\n";
  }

  /// `on start` and `on restart`.
  std::string blocks(const Place& here, const std::string& role) {
    std::string text;
    if (dice_.chance(20)) text += "  on start {\n    " + updates(here, 1) + "}\n";
    if (dice_.chance(40) || (has_facts_ && role == "Sender")) {
      text += "  on restart {\n    " + updates(here, 1);
      if (role == "Sender") text += fact("restarted = true");
      if (role == "Sender" && dice_.chance(30)) text += push(here);
      text += "}\n";
    }
    return text;
  }

  std::string client_role() {
    std::string text = "role Client {\n  durable wrote: 0..2 = 0\n  volatile ended: bool = false\n";
    text += "  op x.write(v) {\n    wrote = v\n    ";
    text += dice_.word({"send Push(v) to Keeper\n", "", "ended = true\n"});
    if (has_ask_) text += dice_.word({"ask Keeper: Query()\n    ", ""});
    text += "ended = " + dice_.word({"true", "v == 1"}) + "\n}\n";
    return text + "  op x.read() { return wrote }\n}\n";
  }

  std::string body() {
    std::string head = "protocol pairs\n";
    if (has_param_) head += "param q = 1\n";
    if (has_derived_) head += "param cap = " + dice_.word({"q + 1", "2 * q", "max(q, 2)"}) + "\n";
    head += "type Phase = {idle, busy, over}\ntype Side = {left, right}\ntype Bit = 0..1\n";
    head += "type Stamp = (n: 0..1, by: Sender?)\n";
    if (has_client_) head += "object x: register of 0..2 = 0\n";
    head += "message Push(v: 0..2)\n";
    if (has_echo_) head += "message Echo(v: 0..2)\n";
    if (has_ask_) head += "message Query() -> Answer(v: 0..2)\n";
    if (has_ghost_) head += "ghost mark: bool = false\nghost tally: 0..2 = 0\n";
    const Dice here = dice_;
    const std::string sender = sender_role(false);
    const Dice after = std::exchange(dice_, here);
    const std::string calm_sender = sender_role(true);
    dice_ = after;
    std::string rest = keeper_role();
    if (has_client_) rest += client_role();
    calm_ = head + calm_sender + rest;
    return head + sender + rest;
  }

  // --- the scenario

  std::string script() {
    if (!has_client_) return "";
    return "  Client 1 does " + dice_.word({"write(1), read()", "write(2)", "any 2 operations"}) +
           "\n";
  }

  std::string circumstances(std::string& clocks) {
    std::string text;
    if (has_time_) {
      clocks = "  clocks perfect\n";
      const std::string shown = dice_.word(
          {"perfect", "perfect", "within 1", "free", "drift 1 per 3", "jump up to 1 by 0..1"});
      note("clocks " + shown.substr(0, shown.find(' ')));
      text += "  clocks " + shown + "\n";
    }
    if (is_kept_) {
      text += "  network kept\n";
      note("kept");
    } else if (dice_.chance(25)) {
      text += "  network fifo\n";
      note("fifo");
    } else if (has_time_ && dice_.chance(50)) {
      text += "  network delay " + dice_.word({"0..1", "1..1"}) + "\n";
      note("delay");
    }
    std::string faults;
    for (int i = 1 + dice_.below(2); i > 0; --i) faults += "    " + fault() + "\n";
    return text + (dice_.chance(85) ? "  faults {\n" + faults + "  }\n" : "");
  }

  std::string fault() {
    const int which = dice_.below(10);
    const auto named = [&](const std::string& trait, const std::string& text) {
      note(trait);
      return text + " up to 1";
    };
    if (which < 2) return named("lose", dice_.word({"lose", "lose Push"}));
    if (which == 2 && !is_kept_)
      return named("duplicate", dice_.word({"duplicate", "duplicate Push"}));
    if (which == 3) return named("pause", "pause " + dice_.word({"Keeper", "Sender"}));
    if (which == 4) return named("partition", "partition");
    if (which == 5) return named("dropping", "partition dropping");
    if (which == 6) {
      const Variable& variable = any_of(sender_);
      return named("crash of a set", "crash {p for p in Sender where " +
                                         condition(variable.kind, "p." + variable.name) + "}");
    }
    return named("crash", "crash " + dice_.word({"Keeper", "Sender", "Sender 1",
                                                 has_client_ ? "Client 1" : "Keeper"}));
  }

  std::vector<std::string> settings_of(const std::string& given) const {
    std::vector<std::string> all;
    for (int q = 0; q <= 3; ++q) {
      if (given == "q > 0" && q < 1) continue;
      if (given == "q >= 1 and q <= 2" && (q < 1 || q > 2)) continue;
      if (given == "q != 2" && q == 2) continue;
      if (given == "q < 3 and q > -1" && q > 2) continue;
      all.push_back(fmt::format(" with q = {}", q));
    }
    return all;
  }

  // --- claims

  /// What is true where nothing goes wrong, and not because of anything else.
  std::vector<std::string> claims_about_facts() const {
    std::vector<std::string> claims;
    if (!has_facts_) return claims;
    claims = {"(Sender 1.sent implies Keeper.heard or Push != {})",
              "(Sender 1.sent implies Sender 1.mirror)",
              "(Sender 1.sent implies Sender 1.noted)",
              "(Keeper.count == 0 or Push == {})",
              "(Keeper.count < 2)",
              "(Keeper.heard implies Keeper.count > 0)",
              "(not Sender 1.restarted)",
              "(not Sender 1.waited)",
              "(live(Sender 1) and live(Keeper))",
              "(Sender 1.sent or Sender 1.budget == 2)"};
    if (has_ask_) {
      claims.push_back("(Keeper.did implies Answer != {} or Sender 1.answered)");
      claims.push_back("(not Sender 1.gave_up)");
      claims.push_back("(Sender 1.answered implies Keeper.did)");
      claims.push_back("(not Sender 1.answered)");
    }
    if (has_derived_) claims.push_back("(Sender 1.level <= 3)");
    if (has_client_) claims.push_back("(not Client.ended)");
    if (has_time_) claims.push_back("(Sender 1.sent implies Sender 1.past(Sender 1.at))");
    if (has_time_ && pairs_) claims.push_back("(Sender 1.sent implies Sender 2.past(Sender 1.at))");
    if (has_time_) claims.push_back("(Sender 1.at <= now)");
    return claims;
  }

  /// About one process, or the processes of a role.
  std::string atom() {
    const int which = dice_.below(100);
    if (which < 22) {
      const Variable& variable = any_of(keeper_);
      return condition(variable.kind, "Keeper." + variable.name);
    }
    if (which < 55) {
      const Variable& variable = any_of(sender_);
      if (pairs_ && dice_.chance(40))
        return dice_.word({"every(", "some("}) + condition(variable.kind, "p." + variable.name) +
               " for p in Sender)";
      return condition(variable.kind, "Sender 1." + variable.name);
    }
    if (which < 75) return of_messages();
    if (which < 82) return dice_.word({"live(Keeper)", "not live(Keeper)", "live(Sender 1)"});
    if (which < 90 && has_ghost_)
      return dice_.word({"mark", "not mark", "tally == 0", "tally < 2"});
    if (which < 95 && has_client_)
      return dice_.word({"Client.wrote == 0", "Client.ended", "not Client.ended"});
    if (has_time_)
      return dice_.word({"Keeper.is_late()", time_of_keeper() + " <= now", "not Keeper.is_late()"});
    return "Sender 1.budget " + dice_.word({"== 2", "< 2", "== 0", "> 0"});
  }

  std::string time_of_keeper() const {
    const std::string name = time_of(keeper_);
    return name == "least" ? name : "Keeper." + name;
  }

  std::string of_messages() {
    std::vector<std::string> kinds{"Push"};
    if (has_echo_) kinds.push_back("Echo");
    if (has_ask_) kinds.push_back("Answer");
    const std::string kind = dice_.word(kinds);
    if (has_ask_ && dice_.chance(12)) return dice_.word({"Query == {}", "Query != {}"});
    const Variable& variable = any_of(keeper_);
    return dice_.word({kind + " == {}", kind + " != {}", kind + " != {}",
                       "every(m.v > 0 for m in " + kind + ")",
                       "some(m.v == 1 for m in " + kind + ")",
                       "every(m.v < 2 or " + condition(variable.kind, "Keeper." + variable.name) +
                           " for m in " + kind + ")",
                       "size(" + kind + ") < 2"});
  }

  std::string claim() {
    const int which = dice_.below(100);
    if (which < 15) return atom();
    if (which < 55) return fmt::format("({} implies {})", group(), group());
    if (which < 70) return fmt::format("({} or {})", atom(), atom());
    return fmt::format("({} implies {} or {})", group(), atom(), atom());
  }

  std::string group() { return "(" + atom() + ")"; }

  Dice dice_;
  std::string calm_;
  std::set<std::string> traits_;
  std::vector<Variable> sender_, keeper_;
  bool has_facts_ = false;   // variables that say what has happened
  bool tells_once_ = false;  // each sender pushes once
  bool pairs_ = false;       // two senders
  bool has_ask_ = false, has_else_ = false, has_late_answer_ = false, has_echo_ = false;
  bool has_ghost_ = false, has_wait_ = false, has_time_ = false, has_client_ = false;
  bool has_param_ = false, has_derived_ = false, is_kept_ = false;
};

}  // namespace

ProofSpec generate_proof_spec(std::uint64_t seed) { return ProofGenerator(seed).spec(); }

std::string generate_handlers(std::uint64_t seed) { return ProofGenerator(seed).handlers(); }

}  // namespace capstan::tests
