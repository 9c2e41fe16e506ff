// SPDX-License-Identifier: MIT
// core: see the header.
#include "checker/symbolic/core.hpp"

#include <algorithm>
#include <chrono>
#include <optional>
#include <random>
#include <set>
#include <utility>

#include "checker/symbolic/free_search.hpp"
#include "model/base/limits.hpp"
#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::Failure;
using model::History;
using model::Protocol;
using model::Result;

namespace {

constexpr int kDeletionOrders = 8;
constexpr std::size_t kOperationsForAllOrders = 20;  // above it two deletion orders must do
constexpr std::uint64_t kSeed = 1;                   // equal histories get equal explanations
constexpr std::chrono::seconds kTimeMost{10};        // then the core found so far must do

using FactSet = std::vector<std::size_t>;  // indices into the facts, sorted
using Clock = std::chrono::steady_clock;

class CoreFinder {
 public:
  CoreFinder(const Protocol& protocol, const History& history, const HistoryPart& part,
             Solver::Budget budget)
      : protocol_(protocol),
        history_(history),
        part_(part),
        solver_(budget),
        small_solver_(budget),
        deadline_(Clock::now() + time_most()) {
    const FormulaInput input = input_of(part, solver_);
    if (!has_axioms(input)) search_.emplace(protocol, history, part);
  }

  Result<Core> find() {
    solver_.push();
    std::optional<HistoryFormula> formula;
    if (search_) {
      list_facts();
    } else {
      formula.emplace(solver_, protocol_, history_, part_, Facts::Assumed);
      if (formula->failure()) return *formula->failure();
      facts_ = in_history(formula->facts(), part_);
    }
    FactSet all(facts_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto first = smaller(all);
    if (!first) return Failure{trouble_.empty() ? "the history is linearizable" : trouble_};
    Core core = best_of(all, *first);
    if (search_ && is_refuted_by_solver(core)) {
      return Failure{"internal error: the search and Z3 disagree on the core"};
    }
    return core;
  }

 private:
  FormulaInput input_of(const HistoryPart& part, Solver& solver) const {
    FormulaInput input{solver, protocol_, part.object, {}, Facts::Assumed};
    for (const int i : part.operations) {
      input.operations.push_back(&history_[static_cast<std::size_t>(i)]);
    }
    return input;
  }

  static std::vector<Fact> in_history(std::vector<Fact> facts, const HistoryPart& part) {
    for (Fact& fact : facts) {
      fact.first = part.operations[static_cast<std::size_t>(fact.first)];
      if (fact.second >= 0) fact.second = part.operations[static_cast<std::size_t>(fact.second)];
    }
    return facts;
  }

  void list_facts() {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    for (const int i : part_.operations) {
      const model::HistoryOperation& operation = history_[static_cast<std::size_t>(i)];
      for (const int j : part_.operations) {
        if (is_before(operation, history_[static_cast<std::size_t>(j)])) {
          facts_.push_back({Fact::Kind::RealTime, i, j, kTrue});
        }
      }
      const bool has_result = object.ops[static_cast<std::size_t>(operation.op)].has_result;
      if (has_result && !operation.is_pending())
        facts_.push_back({Fact::Kind::Returned, i, -1, kTrue});
    }
  }

  Core best_of(const FactSet& all, const FactSet& first) {
    std::set<FactSet> cores;
    std::mt19937_64 random(kSeed);
    const int tries = part_.operations.size() > kOperationsForAllOrders ? 2 : kDeletionOrders;
    for (int i = 0; i < tries && (cores.empty() || !is_late()); ++i) {
      cores.insert(minimise(all, first, random));
    }
    std::optional<Core> best;
    for (const FactSet& facts : cores) {
      Core core = described(facts);
      // Of equal cores the one that leans on answers rather than on real time holds in more orders.
      const auto size = [](const Core& some) {
        const auto real_time =
            std::count_if(some.facts.begin(), some.facts.end(),
                          [](const Fact& fact) { return fact.kind == Fact::Kind::RealTime; });
        return std::tuple(some.operations.size(), some.facts.size(), real_time);
      };
      if (!best || size(core) < size(*best)) best = std::move(core);
    }
    return *std::move(best);
  }

  /// A core that is not minimal is better than none: it leaves time for the rest.
  static Clock::duration time_most() {
    const double left = model::seconds_left() / 2;
    if (left >= std::chrono::duration<double>(kTimeMost).count()) return kTimeMost;
    return std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(left));
  }

  bool is_late() const { return Clock::now() > deadline_; }

  /// A contradictory part of `facts`; nothing if they do not contradict each other, or if that
  /// cannot be found out (then `trouble_` says why).
  std::optional<FactSet> smaller(const FactSet& facts) {
    if (search_) {
      const FreeSearch::Answer answer = search_->search(chosen(facts));
      if (answer == FreeSearch::Answer::TooMany) trouble_ = "there are too many orders to search";
      return answer == FreeSearch::Answer::NoOrder ? std::optional(facts) : std::nullopt;
    }
    std::vector<Literal> assumptions;
    for (const std::size_t i : facts) assumptions.push_back(facts_[i].assumption);
    // Without assumptions there is no core to ask for, and no contradiction either: all pending is
    // explained by leaving all out.
    if (assumptions.empty()) return std::nullopt;
    const Solver::Answer answer = solver_.check(assumptions);
    if (answer == Solver::Answer::Unknown) trouble_ = solver_.reason();
    if (answer != Solver::Answer::Unsatisfiable) return std::nullopt;
    const std::vector<Literal> core = solver_.core();
    FactSet kept;
    for (const std::size_t i : facts) {
      if (std::find(core.begin(), core.end(), facts_[i].assumption) != core.end())
        kept.push_back(i);
    }
    return kept;
  }

  std::vector<Fact> chosen(const FactSet& indices) const {
    std::vector<Fact> facts;
    for (const std::size_t i : indices) facts.push_back(facts_[i]);
    return facts;
  }

  bool touches(std::size_t fact, int operation) const {
    return facts_[fact].first == operation || facts_[fact].second == operation;
  }

  /// Drops whole operations while a contradiction is left, then single facts. The first core is
  /// where half of the tries start.
  FactSet minimise(const FactSet& all, const FactSet& first, std::mt19937_64& random) {
    FactSet current = random() % 2 == 0 ? all : first;
    std::vector<int> operations = part_.operations;
    std::shuffle(operations.begin(), operations.end(), random);
    for (const int operation : operations) {
      FactSet rest;
      for (const std::size_t fact : current) {
        if (!touches(fact, operation)) rest.push_back(fact);
      }
      if (rest.size() == current.size() || is_late()) continue;
      if (auto found = smaller(rest)) current = *std::move(found);
    }
    FactSet order = current;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t fact : order) {
      FactSet rest = current;
      const auto at = std::find(rest.begin(), rest.end(), fact);
      if (at == rest.end() || is_late()) continue;
      rest.erase(at);
      if (auto found = smaller(rest)) current = *std::move(found);
    }
    return current;
  }

  Core described(const FactSet& facts) {
    Core core;
    core.fact_count = static_cast<int>(facts_.size());
    core.facts = chosen(facts);
    std::set<int> named;
    for (const Fact& fact : core.facts) {
      named.insert(fact.first);
      if (fact.second >= 0) named.insert(fact.second);
    }
    const std::set<int> needed = needed_besides(named, core.facts);
    named.insert(needed.begin(), needed.end());
    core.operations.assign(named.begin(), named.end());
    return core;
  }

  /// Updates outside the facts without which a smaller set of facts would be a contradiction.
  std::set<int> needed_besides(const std::set<int>& named, const std::vector<Fact>& facts) {
    std::set<int> others;
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    for (const int i : part_.operations) {
      const bool is_update = !model::is_read_only(object, history_[static_cast<std::size_t>(i)].op);
      if (is_update && !named.contains(i)) others.insert(i);
    }
    if (others.empty() || each_fact_is_needed(named, {}, facts)) return {};
    const std::vector<int> candidates(others.begin(), others.end());
    for (auto i = candidates.rbegin(); i != candidates.rend(); ++i) {
      others.erase(*i);
      if (!each_fact_is_needed(named, others, facts)) others.insert(*i);
    }
    return others;
  }

  /// With only these operations there, no fact can be done without.
  bool each_fact_is_needed(const std::set<int>& named, const std::set<int>& others,
                           const std::vector<Fact>& facts) {
    HistoryPart part{part_.object, part_.key, {}};
    std::set_union(named.begin(), named.end(), others.begin(), others.end(),
                   std::back_inserter(part.operations));
    std::optional<FreeSearch> search;
    if (search_) search.emplace(protocol_, history_, part);
    small_solver_.push();
    std::optional<HistoryFormula> formula;
    if (!search) formula.emplace(small_solver_, protocol_, history_, part, Facts::Assumed);
    bool is_needed = search || !formula->failure();
    for (std::size_t left_out = 0; left_out < facts.size() && is_needed; ++left_out) {
      std::vector<Fact> rest = facts;
      rest.erase(rest.begin() + static_cast<std::ptrdiff_t>(left_out));
      is_needed = search ? search->search(rest) == FreeSearch::Answer::Order
                         : small_solver_.check(assumptions(*formula, part, rest)) ==
                               Solver::Answer::Satisfiable;
    }
    small_solver_.pop();
    return is_needed;
  }

  static std::vector<Literal> assumptions(const HistoryFormula& formula, const HistoryPart& part,
                                          const std::vector<Fact>& facts) {
    std::vector<Literal> literals;
    for (const Fact& fact : in_history(formula.facts(), part)) {
      const bool is_chosen = std::any_of(facts.begin(), facts.end(), [&](const Fact& some) {
        return some.kind == fact.kind && some.first == fact.first && some.second == fact.second;
      });
      if (is_chosen) literals.push_back(fact.assumption);
    }
    return literals;
  }

  /// Asks Z3 about a core that the search found, with the core's operations alone.
  bool is_refuted_by_solver(const Core& core) {
    const HistoryPart part{part_.object, part_.key, core.operations};
    small_solver_.push();
    const HistoryFormula formula(small_solver_, protocol_, history_, part, Facts::Assumed);
    const bool is_refuted =
        !formula.failure() &&
        small_solver_.check(assumptions(formula, part, core.facts)) == Solver::Answer::Satisfiable;
    small_solver_.pop();
    return is_refuted;
  }

  const Protocol& protocol_;
  const History& history_;
  const HistoryPart& part_;
  Solver solver_;
  Solver small_solver_;
  Clock::time_point deadline_;
  std::optional<FreeSearch> search_;  // for objects without axioms
  std::vector<Fact> facts_;           // positions in the history
  std::string trouble_;
};

}  // namespace

Result<Core> minimal_core(const Protocol& protocol, const History& history, const HistoryPart& part,
                          Solver::Budget budget) {
  return CoreFinder(protocol, history, part, budget).find();
}

}  // namespace capstan::checker
