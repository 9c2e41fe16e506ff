// SPDX-License-Identifier: MIT
// core: see the header.
#include "checker/symbolic/core.hpp"

#include <algorithm>
#include <optional>
#include <random>
#include <set>
#include <utility>

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

using FactSet = std::vector<std::size_t>;  // indices into the formula's facts, sorted

class CoreFinder {
 public:
  CoreFinder(const Protocol& protocol, const History& history, const HistoryPart& part,
             Solver::Budget budget)
      : protocol_(protocol),
        history_(history),
        part_(part),
        solver_(budget),
        small_solver_(budget) {}

  Result<Core> find() {
    solver_.push();
    const HistoryFormula formula(solver_, protocol_, history_, part_, Facts::Assumed);
    if (formula.failure()) return *formula.failure();
    facts_ = formula.facts();
    FactSet all(facts_.size());
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = i;
    const auto first = smaller(all);
    if (!first)
      return Failure{solver_.reason().empty() ? "the history is linearizable" : solver_.reason()};
    std::set<FactSet> cores;
    std::mt19937_64 random(kSeed);
    const int tries = part_.operations.size() > kOperationsForAllOrders ? 2 : kDeletionOrders;
    for (int i = 0; i < tries; ++i) cores.insert(minimise(all, *first, random));
    std::optional<Core> best;
    for (const FactSet& facts : cores) {
      Core core = described(facts);
      const auto size = [](const Core& some) {
        return std::pair(some.operations.size(), some.facts.size());
      };
      if (!best || size(core) < size(*best)) best = std::move(core);
    }
    return *std::move(best);
  }

 private:
  /// A contradictory part of `facts` as Z3 finds it; nothing if they do not contradict each other,
  /// or Z3 gives up.
  std::optional<FactSet> smaller(const FactSet& facts) {
    std::vector<Literal> assumptions;
    for (const std::size_t i : facts) assumptions.push_back(facts_[i].assumption);
    // Without assumptions there is no core to ask for, and no contradiction either: all pending is
    // explained by leaving all out.
    if (assumptions.empty() || solver_.check(assumptions) != Solver::Answer::Unsatisfiable)
      return std::nullopt;
    const std::vector<Literal> core = solver_.core();
    FactSet kept;
    for (const std::size_t i : facts) {
      if (std::find(core.begin(), core.end(), facts_[i].assumption) != core.end())
        kept.push_back(i);
    }
    return kept;
  }

  bool touches(std::size_t fact, int operation) const {
    return facts_[fact].first == operation || facts_[fact].second == operation;
  }

  /// Drops whole operations while a contradiction is left, then single facts. The first core is
  /// where half of the tries start.
  FactSet minimise(const FactSet& all, const FactSet& first, std::mt19937_64& random) {
    FactSet current = random() % 2 == 0 ? all : first;
    std::vector<int> operations(part_.operations.size());
    for (std::size_t i = 0; i < operations.size(); ++i) operations[i] = static_cast<int>(i);
    std::shuffle(operations.begin(), operations.end(), random);
    for (const int operation : operations) {
      FactSet rest;
      for (const std::size_t fact : current) {
        if (!touches(fact, operation)) rest.push_back(fact);
      }
      if (rest.size() == current.size()) continue;
      if (auto found = smaller(rest)) current = *std::move(found);
    }
    FactSet order = current;
    std::shuffle(order.begin(), order.end(), random);
    for (const std::size_t fact : order) {
      FactSet rest = current;
      const auto at = std::find(rest.begin(), rest.end(), fact);
      if (at == rest.end()) continue;
      rest.erase(at);
      if (auto found = smaller(rest)) current = *std::move(found);
    }
    return current;
  }

  Core described(const FactSet& facts) {
    Core core;
    core.fact_count = static_cast<int>(facts_.size());
    const auto position = [&](int i) {
      return i < 0 ? -1 : part_.operations[static_cast<std::size_t>(i)];
    };
    std::set<int> named;
    for (const std::size_t i : facts) {
      const Fact& fact = facts_[i];
      core.facts.push_back({fact.kind, position(fact.first), position(fact.second), kTrue});
      named.insert(position(fact.first));
      if (fact.second >= 0) named.insert(position(fact.second));
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

  bool each_fact_is_needed(const std::set<int>& named, const std::set<int>& others,
                           const std::vector<Fact>& facts) {
    HistoryPart part{part_.object, part_.key, {}};
    std::set_union(named.begin(), named.end(), others.begin(), others.end(),
                   std::back_inserter(part.operations));
    small_solver_.push();
    const HistoryFormula formula(small_solver_, protocol_, history_, part, Facts::Assumed);
    bool is_needed = !formula.failure();
    for (std::size_t left_out = 0; left_out < facts.size() && is_needed; ++left_out) {
      std::vector<Literal> assumptions;
      for (const Fact& fact : formula.facts()) {
        const int first = part.operations[static_cast<std::size_t>(fact.first)];
        const int second =
            fact.second < 0 ? -1 : part.operations[static_cast<std::size_t>(fact.second)];
        for (std::size_t i = 0; i < facts.size(); ++i) {
          const bool is_same =
              facts[i].kind == fact.kind && facts[i].first == first && facts[i].second == second;
          if (i != left_out && is_same) assumptions.push_back(fact.assumption);
        }
      }
      is_needed = small_solver_.check(assumptions) == Solver::Answer::Satisfiable;
    }
    small_solver_.pop();
    return is_needed;
  }

  const Protocol& protocol_;
  const History& history_;
  const HistoryPart& part_;
  Solver solver_;
  Solver small_solver_;
  std::vector<Fact> facts_;
};

}  // namespace

Result<Core> minimal_core(const Protocol& protocol, const History& history, const HistoryPart& part,
                          Solver::Budget budget) {
  return CoreFinder(protocol, history, part, budget).find();
}

}  // namespace capstan::checker
