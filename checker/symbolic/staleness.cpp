// SPDX-License-Identifier: MIT
#include "checker/symbolic/staleness.hpp"

#include <algorithm>

#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {
namespace {

using model::HistoryOperation;
using model::Value;

class StalenessFormula {
 public:
  StalenessFormula(Solver& solver, const model::Object& object, const model::History& history,
                   const HistoryPart& part)
      : solver_(solver), object_(object) {
    for (const int index : part.operations)
      operations_.push_back(&history[static_cast<std::size_t>(index)]);
  }

  void require(int staleness) {
    std::vector<std::vector<Literal>> fixed(operations_.size(),
                                            std::vector<Literal>(operations_.size(), kFalse));
    before_ = std::move(fixed);
    for (std::size_t i = 0; i < operations_.size(); ++i) {
      for (std::size_t j = i + 1; j < operations_.size(); ++j) {
        if (is_before(*operations_[i], *operations_[j]))
          before_[i][j] = kTrue;
        else if (!is_before(*operations_[j], *operations_[i]))
          before_[i][j] = solver_.variable();
        before_[j][i] = !before_[i][j];
      }
    }
    require_transitive(solver_, before_);
    for (std::size_t i = 0; i < operations_.size(); ++i)
      if (is_read(i) && !operations_[i]->is_pending()) require_fresh(i, staleness);
  }

 private:
  bool is_read(std::size_t i) const { return model::is_read_only(object_, operations_[i]->op); }

  /// Some write of what the read returned is before it, with fewer than `staleness` between; or the
  /// register was never written, but for fewer than that many writes.
  void require_fresh(std::size_t read, int staleness) {
    std::vector<Literal> sources;
    if (operations_[read]->result == object_.initial)
      sources.push_back(few_between(read, std::nullopt, staleness));
    for (std::size_t write = 0; write < operations_.size(); ++write) {
      if (is_read(write) || operations_[write]->args.at(0) != operations_[read]->result) continue;
      const Literal parts[] = {before_[write][read], few_between(read, write, staleness)};
      sources.push_back(solver_.all_of(parts));
    }
    solver_.require_any(sources);
  }

  /// Fewer than `staleness` writes are before the read, and after the write `from` (if there is
  /// one).
  Literal few_between(std::size_t read, std::optional<std::size_t> from, int staleness) {
    std::vector<std::pair<Literal, std::int64_t>> between;
    for (std::size_t write = 0; write < operations_.size(); ++write) {
      if (is_read(write) || write == from) continue;
      const Literal parts[] = {before_[write][read], from ? before_[*from][write] : kTrue};
      between.emplace_back(solver_.all_of(parts), 1);
    }
    std::vector<Literal> totals;
    for (int total = 0; total < staleness; ++total)
      totals.push_back(solver_.sum_is(between, total));
    return solver_.any_of(totals);
  }

  Solver& solver_;
  const model::Object& object_;
  std::vector<const HistoryOperation*> operations_;
  std::vector<std::vector<Literal>> before_;
};

}  // namespace

Judgement judge_staleness(const model::Protocol& protocol, const model::History& history,
                          int object, int staleness, Solver::Budget budget) {
  Judgement judgement;
  judgement.verdict = Judgement::Verdict::Linearizable;
  for (const HistoryPart& part : parts_of(protocol, history, object)) {
    const model::Object& declared = protocol.objects[static_cast<std::size_t>(part.object)];
    CAPSTAN_REQUIRE(declared.kind == model::ObjectKind::Register, "staleness is about registers");
    Solver solver(budget);
    StalenessFormula(solver, declared, history, part).require(staleness);
    switch (solver.check()) {
      case Solver::Answer::Satisfiable:
        break;
      case Solver::Answer::Unsatisfiable:
        judgement.verdict = Judgement::Verdict::NotLinearizable;
        judgement.object = part.object;
        judgement.key = part.key;
        return judgement;
      case Solver::Answer::Unknown:
        judgement.verdict = Judgement::Verdict::Undecided;
        judgement.reason = solver.reason();
        return judgement;
    }
  }
  return judgement;
}

model::History with_early_reads(const model::Protocol& protocol, model::History history,
                                const std::vector<std::int64_t>& times, int ticks) {
  for (HistoryOperation& operation : history) {
    if (!model::is_read_only(protocol.objects[static_cast<std::size_t>(operation.object)],
                             operation.op))
      continue;
    const std::int64_t since = times.at(static_cast<std::size_t>(operation.invoked)) - ticks;
    operation.invoked = static_cast<int>(std::ranges::lower_bound(times, since) - times.begin());
  }
  return history;
}

}  // namespace capstan::checker
