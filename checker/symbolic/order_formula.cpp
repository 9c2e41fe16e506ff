// SPDX-License-Identifier: MIT
// order_formula: a total order as Booleans, and the built-in objects' axioms over it.
//
// From: history_formula. To: solver. A tournament without cycles of three is a total order, so two
// clauses for each triple suffice. Objects made of cells (a register is one, a set one for each
// element, a lock one) are read by reads-from: a read takes the value of a write that is before it
// with no other write between. A `cas`, `acquire` or `release` has an effect if and only if it
// found the old value.
#include <algorithm>
#include <map>
#include <set>

#include "checker/symbolic/history_formula.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Failure;
using model::HistoryOperation;
using model::ObjectKind;
using model::Value;

namespace {

/// One access of an operation to a cell.
struct Access {
  enum class Read { None, Equal, Different };
  std::size_t operation = 0;
  int cell = 0;
  Read read = Read::None;
  Value expected;
  Literal reads_if = kTrue;  // under this condition the read must hold
  bool writes = false;
  Value written;
  Literal writes_if = kTrue;  // under this condition the write happens
};

class OrderFormula {
 public:
  OrderFormula(const FormulaInput& input, std::vector<Fact>& facts,
               std::vector<std::vector<Literal>>& before, std::vector<Literal>& is_taken)
      : input_(input),
        solver_(input.solver),
        count_(input.operations.size()),
        facts_(facts),
        before_(before),
        is_taken_(is_taken) {}

  std::optional<Failure> build() {
    is_taken_.assign(count_, kTrue);
    order();
    returns();
    switch (input_.declared().kind) {
      case ObjectKind::Register:
      case ObjectKind::CasRegister:
        register_accesses();
        return cells({input_.declared().initial});
      case ObjectKind::Lock: {
        const Value& initial = input_.declared().initial;
        lock_accesses();
        return cells({Value::boolean(!initial.is_none() && initial.truth())});
      }
      case ObjectKind::Set:
        return cells(set_accesses());
      case ObjectKind::Counter:
        return counter();
      case ObjectKind::Log:
        return log();
      case ObjectKind::Queue:
        return queue();
      case ObjectKind::Written:
        break;
    }
    CAPSTAN_UNREACHABLE("an object without axioms");
  }

 private:
  const HistoryOperation& operation(std::size_t i) const { return *input_.operations[i]; }
  const std::string& name(std::size_t i) const { return input_.op(i).name; }
  bool is_answered(std::size_t i) const {
    return !operation(i).is_pending() && input_.op(i).has_result;
  }

  void order() {
    before_.assign(count_, std::vector<Literal>(count_, kFalse));
    for (std::size_t i = 0; i < count_; ++i) {
      for (std::size_t j = i + 1; j < count_; ++j) {
        const bool forwards = is_before(operation(i), operation(j));
        const bool backwards = is_before(operation(j), operation(i));
        Literal literal = forwards ? kTrue : kFalse;
        if (input_.mode == Facts::Assumed || (!forwards && !backwards))
          literal = solver_.variable();
        before_[i][j] = literal;
        before_[j][i] = !literal;
        if (input_.mode == Facts::Assumed && forwards) assume_before(i, j);
        if (input_.mode == Facts::Assumed && backwards) assume_before(j, i);
      }
    }
    require_transitive(solver_, before_);
  }

  void clause(std::initializer_list<Literal> literals) {
    for (const Literal literal : literals) {
      if (literal.is_true()) return;
    }
    solver_.require_any(literals);
  }

  void assume_before(std::size_t i, std::size_t j) {
    const Literal assumption = solver_.variable();
    facts_.push_back({Fact::Kind::RealTime, static_cast<int>(i), static_cast<int>(j), assumption});
    solver_.require_any({!assumption, before_[i][j]});
  }

  /// The literal under which each operation's answer counts: false if it has none.
  void returns() {
    returned_.assign(count_, kFalse);
    for (std::size_t i = 0; i < count_; ++i) {
      if (!is_answered(i)) continue;
      returned_[i] = kTrue;
      if (input_.mode == Facts::Fixed) continue;
      returned_[i] = solver_.variable();
      facts_.push_back({Fact::Kind::Returned, static_cast<int>(i), -1, returned_[i]});
    }
  }

  // --- cells ---

  void reads(std::size_t i, int cell, Access::Read read, Value expected, Literal condition) {
    accesses_.push_back({i, cell, read, std::move(expected), condition, false, {}, kTrue});
  }
  void writes(std::size_t i, int cell, Value written) {
    accesses_.push_back({i, cell, Access::Read::None, {}, kTrue, true, std::move(written), kTrue});
  }

  /// Writes `to` if it finds `from`, and says whether it did. Without a known answer it may also be
  /// left out, as if pending.
  void exchanges(std::size_t i, const Value& from, const Value& to) {
    Literal done = kFalse;
    if (returned_[i].is_true()) {
      done = operation(i).result.truth() ? kTrue : kFalse;
    } else {
      done = solver_.variable();
    }
    if (is_answered(i)) {
      const bool said = operation(i).result.truth();
      clause({!returned_[i], said ? done : !done});
      if (!said) reads(i, 0, Access::Read::Different, from, returned_[i]);
    }
    if (!is_answered(i)) is_taken_[i] = done;
    if (done.is_false()) return;
    accesses_.push_back({i, 0, Access::Read::Equal, from, done, true, to, done});
  }

  void register_accesses() {
    for (std::size_t i = 0; i < count_; ++i) {
      const std::vector<Value>& args = operation(i).args;
      if (name(i) == "read")
        reads(i, 0, Access::Read::Equal, operation(i).result, returned_[i]);
      else if (name(i) == "write")
        writes(i, 0, args[0]);
      else
        exchanges(i, args[0], args[1]);
    }
  }

  void lock_accesses() {
    for (std::size_t i = 0; i < count_; ++i) {
      const bool acquires = name(i) == "acquire";
      if (input_.op(i).has_result)
        exchanges(i, Value::boolean(!acquires), Value::boolean(acquires));
      else
        writes(i, 0, Value::boolean(acquires));
    }
  }

  /// Returns the initial cells: whether each element that occurs is in the set.
  std::vector<Value> set_accesses() {
    std::map<Value, int> cell_of;
    const auto cell = [&](const Value& element) {
      return cell_of.try_emplace(element, static_cast<int>(cell_of.size())).first->second;
    };
    const Value& start = input_.declared().initial;
    for (const Value& element : start.elements()) cell(element);
    for (std::size_t i = 0; i < count_; ++i) {
      if (!operation(i).args.empty()) cell(operation(i).args[0]);
      if (name(i) != "read") continue;
      for (const Value& element : operation(i).result.elements()) cell(element);
    }
    for (std::size_t i = 0; i < count_; ++i) {
      if (name(i) == "add" || name(i) == "remove") {
        writes(i, cell(operation(i).args[0]), Value::boolean(name(i) == "add"));
      } else if (name(i) == "contains") {
        reads(i, cell(operation(i).args[0]), Access::Read::Equal, operation(i).result,
              returned_[i]);
      } else {
        for (const auto& [element, number] : cell_of) {
          reads(i, number, Access::Read::Equal,
                Value::boolean(operation(i).result.contains(element)), returned_[i]);
        }
      }
    }
    std::vector<Value> initial(cell_of.size());
    for (const auto& [element, number] : cell_of) {
      initial[static_cast<std::size_t>(number)] = Value::boolean(start.contains(element));
    }
    return initial;
  }

  static bool satisfies(const Access& access, const Value& value) {
    return (access.read == Access::Read::Equal) == (access.expected == value);
  }

  std::optional<Failure> cells(const std::vector<Value>& initial) {
    for (const Access& access : accesses_) {
      if (access.read == Access::Read::None || access.reads_if.is_false()) continue;
      std::vector<Literal> ways{!access.reads_if};
      if (satisfies(access, initial[static_cast<std::size_t>(access.cell)]))
        ways.push_back(reads_from(access, nullptr));
      for (const Access& write : accesses_) {
        const bool is_candidate =
            write.writes && write.cell == access.cell && write.operation != access.operation;
        if (is_candidate && satisfies(access, write.written))
          ways.push_back(reads_from(access, &write));
      }
      solver_.require_any(ways);
    }
    return std::nullopt;
  }

  /// `write` (null: the initial value) is the last write of the cell before the access.
  Literal reads_from(const Access& access, const Access* write) {
    const std::size_t reader = access.operation;
    if (write != nullptr && before_[write->operation][reader].is_false()) return kFalse;
    std::vector<Literal> all;
    if (write != nullptr) all = {write->writes_if, before_[write->operation][reader]};
    for (const Access& other : accesses_) {
      if (!other.writes || other.cell != access.cell || other.operation == reader) continue;
      if (write != nullptr && other.operation == write->operation) continue;
      std::vector<Literal> apart{!other.writes_if, before_[reader][other.operation]};
      if (write != nullptr) apart.push_back(before_[other.operation][write->operation]);
      all.push_back(solver_.any_of(apart));
    }
    return solver_.all_of(all);
  }

  // --- counter ---

  std::optional<Failure> counter() {
    const std::int64_t initial = input_.declared().initial.number();
    for (std::size_t r = 0; r < count_; ++r) {
      if (!is_answered(r) || name(r) != "read") continue;
      std::vector<std::pair<Literal, std::int64_t>> terms;
      for (std::size_t i = 0; i < count_; ++i) {
        if (name(i) == "increment") terms.emplace_back(before_[i][r], 1);
        if (name(i) == "decrement") terms.emplace_back(before_[i][r], -1);
        if (name(i) == "add") terms.emplace_back(before_[i][r], operation(i).args[0].number());
      }
      clause({!returned_[r], solver_.sum_is(terms, operation(r).result.number() - initial)});
    }
    return std::nullopt;
  }

  // --- log ---

  std::optional<Failure> log() {
    const std::vector<Value>& start = input_.declared().initial.elements();
    std::vector<std::size_t> appends;
    for (std::size_t i = 0; i < count_; ++i) {
      if (name(i) == "append") appends.push_back(i);
    }
    std::map<std::pair<std::size_t, std::size_t>, Literal>
        position;  // append, how many appends are before it
    for (std::size_t r = 0; r < count_; ++r) {
      if (!is_answered(r) || name(r) != "read") continue;
      const std::vector<Value>& seen = operation(r).result.elements();
      if (seen.size() < start.size() || !std::equal(start.begin(), start.end(), seen.begin())) {
        clause({!returned_[r]});
        continue;
      }
      clause({!returned_[r], appends_before(appends, r, seen.size() - start.size())});
      for (std::size_t p = 0; p < seen.size() - start.size(); ++p) {
        std::vector<Literal> ways{!returned_[r]};
        for (const std::size_t a : appends) {
          if (operation(a).args[0] != seen[start.size() + p]) continue;
          const auto [place, is_new] = position.try_emplace({a, p}, kFalse);
          if (is_new) place->second = appends_before(appends, a, p);
          ways.push_back(place->second);
        }
        solver_.require_any(ways);
      }
    }
    return std::nullopt;
  }

  Literal appends_before(const std::vector<std::size_t>& appends, std::size_t i,
                         std::size_t how_many) {
    std::vector<std::pair<Literal, std::int64_t>> terms;
    for (const std::size_t a : appends) {
      if (a != i) terms.emplace_back(before_[a][i], 1);
    }
    return solver_.sum_is(terms, static_cast<std::int64_t>(how_many));
  }

  // --- queue ---

  /// An enqueue: an operation, or an initial element (operation == count_), which is before all
  /// operations.
  struct Enqueue {
    std::size_t operation = 0;
    std::size_t index = 0;
    Value value;
  };

  Literal enqueued_before(const Enqueue& a, const Enqueue& b) const {
    if (a.operation == count_ || b.operation == count_) {
      return a.operation == count_ && (b.operation != count_ || a.index < b.index) ? kTrue : kFalse;
    }
    return before_[a.operation][b.operation];
  }
  Literal enqueued_before(const Enqueue& a, std::size_t b) const {
    return a.operation == count_ ? kTrue : before_[a.operation][b];
  }

  /// Each dequeue that took something is matched with the enqueue of what it took. The order is the
  /// queue's if and only if matched pairs keep their order, and everything enqueued earlier than
  /// what was taken (or, if nothing was there: before it) was taken before.
  std::optional<Failure> queue() {
    std::vector<Enqueue> enqueues;
    for (const Value& value : input_.declared().initial.elements())
      enqueues.push_back({count_, enqueues.size(), value});
    std::vector<std::size_t> dequeues;
    for (std::size_t i = 0; i < count_; ++i) {
      if (name(i) == "enqueue")
        enqueues.push_back({i, enqueues.size(), operation(i).args[0]});
      else
        dequeues.push_back(i);
    }
    for (const std::size_t d : dequeues) match(enqueues, d);
    for (const Enqueue& e : enqueues) {
      for (const std::size_t a : dequeues) {
        for (const std::size_t b : dequeues) {
          if (a < b) clause({!took_[a][e.index], !took_[b][e.index]});
        }
      }
    }
    for (const std::size_t d : dequeues) first_in_first_out(enqueues, dequeues, d);
    return std::nullopt;
  }

  void match(const std::vector<Enqueue>& enqueues, std::size_t d) {
    std::vector<Literal>& took = took_[d];
    const bool is_known = returned_[d].is_true();
    std::vector<Literal> any{!returned_[d]};
    for (const Enqueue& e : enqueues) {
      const bool fits =
          is_answered(d) && !operation(d).result.is_none() && operation(d).result == e.value;
      took.push_back(is_known && !fits ? kFalse : solver_.variable());
      clause({!took.back(), enqueued_before(e, d)});
      if (fits)
        any.push_back(took.back());
      else if (is_answered(d))
        clause({!returned_[d], !took.back()});
    }
    for (std::size_t a = 0; a < took.size(); ++a) {
      for (std::size_t b = a + 1; b < took.size(); ++b) clause({!took[a], !took[b]});
    }
    if (is_answered(d) && !operation(d).result.is_none()) solver_.require_any(any);
    if (!is_answered(d)) is_taken_[d] = solver_.any_of(took);
  }

  void first_in_first_out(const std::vector<Enqueue>& enqueues,
                          const std::vector<std::size_t>& dequeues, std::size_t d) {
    const bool found_nothing = is_answered(d) && operation(d).result.is_none();
    for (const Enqueue& earlier : enqueues) {
      std::vector<Literal> gone;
      for (const std::size_t other : dequeues) {
        if (other == d) continue;
        const std::vector<Literal> both{took_[other][earlier.index], before_[other][d]};
        gone.push_back(solver_.all_of(both));
      }
      const Literal is_gone = solver_.any_of(gone);
      if (found_nothing) clause({!returned_[d], !enqueued_before(earlier, d), is_gone});
      for (const Enqueue& e : enqueues) {
        if (e.index != earlier.index)
          clause({!took_[d][e.index], !enqueued_before(earlier, e), is_gone});
      }
    }
  }

  const FormulaInput& input_;
  Solver& solver_;
  std::size_t count_;
  std::vector<Fact>& facts_;
  std::vector<std::vector<Literal>>& before_;
  std::vector<Literal>& is_taken_;
  std::vector<Literal> returned_;
  std::vector<Access> accesses_;
  std::map<std::size_t, std::vector<Literal>> took_;  // [dequeue][enqueue]
};

}  // namespace

void require_transitive(Solver& solver, const std::vector<std::vector<Literal>>& before) {
  const auto clause = [&solver](std::initializer_list<Literal> literals) {
    if (std::ranges::none_of(literals, &Literal::is_true)) solver.require_any(literals);
  };
  for (std::size_t i = 0; i < before.size(); ++i) {
    for (std::size_t j = i + 1; j < before.size(); ++j) {
      for (std::size_t k = j + 1; k < before.size(); ++k) {
        const Literal ij = before[i][j], jk = before[j][k], ik = before[i][k];
        clause({!ij, !jk, ik});
        clause({ij, jk, !ik});
      }
    }
  }
}

bool has_axioms(const FormulaInput& input) {
  const ObjectKind kind = input.declared().kind;
  if (kind == ObjectKind::Written) return false;
  if (kind != ObjectKind::Queue) return true;
  // A queue that holds `none`, or can be read without taking from it, has no axioms here.
  const std::vector<Value>& initial = input.declared().initial.elements();
  bool is_plain = std::none_of(initial.begin(), initial.end(),
                               [](const Value& value) { return value.is_none(); });
  for (std::size_t i = 0; i < input.operations.size(); ++i) {
    const std::vector<Value>& args = input.operations[i]->args;
    is_plain = is_plain && input.op(i).name != "read" && (args.empty() || !args[0].is_none());
  }
  return is_plain;
}

std::optional<Failure> assert_order_formula(const FormulaInput& input, std::vector<Fact>& facts,
                                            std::vector<std::vector<Literal>>& before,
                                            std::vector<Literal>& is_taken) {
  return OrderFormula(input, facts, before, is_taken).build();
}

}  // namespace capstan::checker
