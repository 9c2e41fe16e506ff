// SPDX-License-Identifier: MIT
// Proofs about merges against brute force: generated merges and updates over small types, whose
// laws are tried on all copies by the ordinary evaluator. Z3 must refute exactly what fails.
#include "checker/prove/semilattice.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include "checker/prove/commutes.hpp"
#include "checker/prove/replay.hpp"
#include "support/seeds.hpp"
#include "support/spec_text.hpp"

namespace {

using namespace capstan;
using checker::Obligation;
using model::Value;

using Status = Obligation::Status;

/// The role of the tests, with this merge of all of its variables and this handler.
std::string spec(const std::string& merge, const std::string& update,
                 const std::string& expectation = "semilattice join") {
  return "protocol tiny\n"
         "type Key = {left, right}\n"
         "message Set(x: 0..2)\n"
         "role Node[2] {\n"
         "  durable n: 0..2 = 0\n"
         "  durable v: 1..2? = none\n"
         "  durable s: set of 1..2 = {}\n"
         "  durable m: map Key -> 0..1 = all 0\n"
         "  merge join(a for n, b for v, c for s, d for m) {\n" +
         merge + "\n  }\n  on Set(x) {\n" + update +
         "\n  }\n"
         "}\n"
         "scenario tiny { expect " +
         expectation + " }\n";
}

const std::string kJoin = "n = max(n, a); v = max(v, b); s += c; m = max(m, d)";

checker::ProofResult proved(const std::string& text) {
  const model::Protocol protocol = tests::protocol_of(text);
  return checker::prove_semilattice(protocol, protocol.scenario.expectations.at(0));
}

Status status_of(const checker::ProofResult& result, const std::string& part) {
  for (const Obligation& each : result.proof.obligations)
    if (each.name.find(part) != std::string::npos) return each.status;
  FAIL("no obligation " << part);
  return Status::Unknown;
}

/// A random merge: each variable gets something made of both copies.
class Generator {
 public:
  explicit Generator(std::uint64_t seed) : random_(seed) {}

  std::string merge() {
    return guarded("n = " + number("a")) + "\n" + guarded("v = " + option()) + "\n" +
           guarded(set()) + "\n" + map();
  }
  std::string update() {
    return pick({"n = max(n, x)", "n = x", "if x > n { n = x }", "s += {1}", "s -= {2}",
                 "m[left] = 1", "m[right] = 0", "if x > 0 { v = x } else { s += {2} }",
                 "n = max(n, x); s = {e for e in s where e > x}"});
  }

 private:
  std::string pick(const std::vector<std::string>& texts) {
    return texts[std::uniform_int_distribution<std::size_t>(0, texts.size() - 1)(random_)];
  }
  bool likely() { return std::uniform_int_distribution<int>(0, 9)(random_) < 7; }
  std::string guarded(const std::string& text) {
    if (likely()) return text;
    return "if " +
           pick({"a > n", "a >= n", "b != none", "b > v", "1 in c", "d[left] == 1", "c <= s",
                 "every(k in s for k in c)"}) +
           " { " + text + " }";
  }
  std::string number(const std::string& other) {
    if (likely()) return "max(n, " + other + ")";
    return pick({"min(n, " + other + ")", other, "if n > 0 then n else " + other,
                 "min(2, n + " + other + ")", "abs(n - " + other + ")", "(n + " + other + ") % 3"});
  }
  std::string option() {
    if (likely()) return "max(v, b)";
    return pick({"min(v, b)", "b", "if v == none then b else v", "if b == none then v else b"});
  }
  std::string set() {
    if (likely()) return "s += c";
    return pick({"s = {e for e in s where e in c}", "s -= c", "s = c",
                 "s = s + {e for e in c where e > n}", "s = {e for e in s + c where e != 1}",
                 "if some(e not in s for e in c) { s = c }"});
  }
  std::string map() {
    if (likely())
      return pick({"m = max(m, d)", "for k in Key { if d[k] > m[k] { m[k] = d[k] } }",
                   "m = {k: max(m[k], d[k]) for k in Key}"});
    return pick({"m = min(m, d)", "m = d", "for k in Key { m[k] = min(1, m[k] + d[k]) }",
                 "m[left] = d[left]", "if d > m or m <= d { m = d }",
                 "m = all (if m[left] == 1 then 1 else 0)"});
  }

  std::mt19937_64 random_;
};

/// All copies, and what each merged with each gives, by the evaluator.
class BruteForce {
 public:
  explicit BruteForce(const model::Protocol& protocol) : protocol_(protocol) {
    std::vector<std::vector<Value>> rows{{}};
    for (const model::Variable& variable : role().variables) {
      std::vector<std::vector<Value>> longer;
      const std::optional<std::vector<Value>> values = protocol.types.domain(variable.type);
      REQUIRE(values);
      for (const std::vector<Value>& row : rows) {
        for (const Value& value : *values) {
          longer.push_back(row);
          longer.back().push_back(value);
        }
      }
      rows = std::move(longer);
    }
    for (std::vector<Value>& row : rows) copies_.push_back(Value::tuple(std::move(row)));
    for (const Value& a : copies_) {
      table_.emplace_back();
      for (const Value& b : copies_) table_.back().push_back(index_of(merged(a, b)));
    }
  }

  bool is_idempotent() const {
    for (std::size_t a = 0; a < table_.size(); ++a)
      if (table_[a][a] != a) return false;
    return true;
  }
  bool is_commutative() const {
    for (std::size_t a = 0; a < table_.size(); ++a)
      for (std::size_t b = 0; b < a; ++b)
        if (table_[a][b] != table_[b][a]) return false;
    return true;
  }
  bool is_associative() const {
    for (std::size_t a = 0; a < table_.size(); ++a)
      for (std::size_t b = 0; b < table_.size(); ++b)
        for (std::size_t c = 0; c < table_.size(); ++c)
          if (table_[table_[a][b]][c] != table_[a][table_[b][c]]) return false;
    return true;
  }
  bool goes_up() const {
    for (const Value& before : copies_) {
      for (int x = 0; x <= 2; ++x) {
        const std::size_t after = index_of(updated(before, x));
        if (table_[index_of(before)][after] != after) return false;
      }
    }
    return true;
  }

 private:
  const model::Role& role() const { return protocol_.roles.at(0); }
  std::size_t index_of(const Value& copy) const {
    const auto found = std::lower_bound(copies_.begin(), copies_.end(), copy);
    REQUIRE(found != copies_.end());
    return static_cast<std::size_t>(found - copies_.begin());
  }
  Value run(const model::Block& block, const Value& copy, std::vector<Value> locals,
            std::size_t slots) const {
    checker::ConcreteScene scene;
    scene.self = role().first_process;
    scene.variables = copy.elements();
    scene.locals = std::move(locals);
    scene.locals.resize(slots);
    checker::Replay(protocol_).run(block, scene);
    return Value::tuple(scene.variables);
  }
  Value merged(const Value& mine, const Value& theirs) const {
    const model::Function& merge = protocol_.functions.at(0);
    return run(merge.block, mine, theirs.elements(), merge.frame.slots.size());
  }
  Value updated(const Value& copy, int x) const {
    const model::Code& code = role().handlers.at(0).code;
    return run(code.block, copy, {Value::integer(x)}, code.frame.slots.size());
  }

  const model::Protocol& protocol_;
  std::vector<Value> copies_;
  std::vector<std::vector<std::size_t>> table_;
};

/// Z3's word on one law against brute force: refuted iff it fails.
void compare(const checker::ProofResult& result, const std::string& part, bool holds) {
  const Status status = status_of(result, part);
  INFO(part << ": " << checker::word(status) << ", by brute force it "
            << (holds ? "holds" : "fails"));
  CHECK(status != Status::Unknown);
  CHECK((status == Status::Refuted) == !holds);
}

}  // namespace

TEST_CASE("generated merges: Z3 refutes exactly the laws that fail on all copies of the types") {
  int refuted = 0, proofs = 0;
  for (const std::uint64_t seed : tests::seeds(40).all()) {
    Generator generator(seed);
    const std::string text = spec(generator.merge(), generator.update());
    INFO("seed " << seed << "\n" << text);
    const model::Protocol protocol = tests::protocol_of(text);
    const checker::ProofResult result =
        checker::prove_semilattice(protocol, protocol.scenario.expectations.at(0));
    const BruteForce all(protocol);
    compare(result, "commutative", all.is_commutative());
    compare(result, "associative", all.is_associative());
    compare(result, "idempotent", all.is_idempotent());
    compare(result, "only goes up", all.goes_up());
    for (const Obligation& each : result.proof.obligations) {
      refuted += each.status == Status::Refuted;
      proofs += each.status == Status::Proved;
      if (each.status == Status::Proved) CHECK(each.is_possible);
    }
  }
  CHECK(refuted > 20);
  CHECK(proofs > 20);
}

TEST_CASE("a join is proved for all values, and says over what") {
  const checker::ProofResult result = proved(spec(kJoin, "n = max(n, x)"));
  REQUIRE(result.proof.obligations.size() == 4);
  for (const Obligation& each : result.proof.obligations) {
    INFO(each.name << ": " << each.note);
    CHECK(each.status == Status::Proved);
    CHECK(each.is_possible);
  }
  CHECK(result.proof.ranges_over.find("any number of processes") != std::string::npos);
  CHECK(!result.counterexample);
}

TEST_CASE("a law that fails is shown with copies that contradict it") {
  const checker::ProofResult result =
      proved(spec("n = max(n, a); v = b; s += c; m = max(m, d)", "n = max(n, x)"));
  CHECK(status_of(result, "commutative") == Status::Refuted);
  REQUIRE(result.counterexample);
  REQUIRE(result.counterexample->states.size() == 4);
  const checker::ShownState& left = result.counterexample->states[2];
  const checker::ShownState& right = result.counterexample->states[3];
  REQUIRE(left.rows.size() == 4);
  CHECK(left.rows[1].value != right.rows[1].value);
  CHECK(left.rows[1].is_marked);
  CHECK(!left.rows[0].is_marked);
}

TEST_CASE("an update that goes down is shown before and after, and may be unreachable") {
  const checker::ProofResult result = proved(spec(kJoin, "n = x"));
  CHECK(status_of(result, "idempotent") == Status::Proved);
  CHECK(status_of(result, "only goes up") == Status::Refuted);
  REQUIRE(result.counterexample);
  CHECK(result.counterexample->may_be_unreachable);
  CHECK(result.counterexample->states.size() == 3);
}

TEST_CASE("what holds within the bounds only is not called proved") {
  const checker::ProofResult result = proved(spec(kJoin, "n = min(2, n + x)"));
  CHECK(status_of(result, "only goes up") == Status::Bounded);
}

TEST_CASE("what cannot be encoded is named") {
  const std::string text =
      "protocol tiny\nrole Node[2] {\n  durable log: seq of 1..2 up to 2 = []\n"
      "  merge join(other for log) { if size(other) > size(log) { log = other } }\n}\n"
      "scenario tiny { expect semilattice join }\n";
  const checker::ProofResult result = proved(text);
  CHECK(status_of(result, "commutative") == Status::Unknown);
  CHECK(result.proof.obligations[0].note.find("a sequence") != std::string::npos);
  CHECK(result.proof.obligations[0].span.begin > 0);
}

TEST_CASE("what is given has to hold at the start and through every update") {
  const std::string merge = "if a > n { n = a; v = b }; s += c; m = max(m, d)";
  const auto with = [&](const std::string& update, const std::string& given) {
    return proved(spec(merge, update, "semilattice join given " + given));
  };
  const std::string same = "(n == a implies v == b)";
  CHECK(status_of(proved(spec(merge, "")), "commutative") == Status::Refuted);
  const checker::ProofResult kept = with("s += {1}", same);
  for (const Obligation& each : kept.proof.obligations) {
    INFO(each.name << ": " << each.note);
    CHECK(each.status == Status::Proved);
  }
  CHECK(status_of(with("if x > n { n = x; v = 1 }", same), "keeps what is given") ==
        Status::Refuted);
  CHECK(status_of(with("", "n > 0"), "at the start") == Status::Refuted);
}

TEST_CASE("a contradiction that is given proves nothing") {
  const checker::ProofResult result =
      proved(spec(kJoin, "", "semilattice join given n > 1 and n < 1"));
  CHECK(result.proof.obligations.empty());
  CHECK(result.proof.says_nothing == "no process and no copy satisfy what is given");
}

TEST_CASE("a volatile copy that a crash forgets is not taken for proved") {
  const std::string text =
      "protocol tiny\nrole Node[2] {\n  volatile n: 0..2 = 0\n"
      "  merge join(other for n) { n = max(n, other) }\n}\n"
      "scenario tiny { faults { crash Node up to 1 }\n expect semilattice join }\n";
  CHECK(status_of(proved(text), "a crash forgets") == Status::Unknown);
}

TEST_CASE("effects of messages commute, or the two orders are shown") {
  const auto commute = [](const std::string& effects, const std::string& messages) {
    const std::string text =
        "protocol tiny\nmessage Add(x: 1..2)\nmessage Drop(x: 1..2)\nmessage Put(x: 0..2)\n"
        "role Node[2] {\n  durable n: 0..2 = 0\n  durable s: set of 1..2 = {}\n"
        "  durable gone: set of 1..2 = {}\n" +
        effects + "}\nscenario tiny { expect commutes " + messages + " }\n";
    const model::Protocol protocol = tests::protocol_of(text);
    return checker::prove_commutes(protocol, protocol.scenario.expectations.at(0));
  };
  const std::string remembered =
      "  on Add(x) { if x not in gone { s += {x} } }\n  on Drop(x) { s -= {x}; gone += {x} }\n";
  const checker::ProofResult good = commute(remembered, "Add, Drop");
  REQUIRE(good.proof.obligations.size() == 3);
  for (const Obligation& each : good.proof.obligations) CHECK(each.status == Status::Proved);
  const std::string forgotten = "  on Add(x) { s += {x} }\n  on Drop(x) { s -= {x} }\n";
  const checker::ProofResult bad = commute(forgotten, "Add, Drop");
  CHECK(status_of(bad, "`Add` and `Drop`") == Status::Refuted);
  CHECK(status_of(bad, "two `Add`") == Status::Proved);
  REQUIRE(bad.counterexample);
  CHECK(bad.counterexample->states.size() == 3);
  CHECK(status_of(commute("  on Put(x) { n = x }\n", "Put"), "two `Put`") == Status::Refuted);
  CHECK(status_of(commute("  on Put(x) when x > n { n = x }\n", "Put"), "two `Put`") ==
        Status::Proved);
}
