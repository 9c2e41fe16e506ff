// SPDX-License-Identifier: MIT
// judge: see the header.
#include "checker/symbolic/judge.hpp"

#include <algorithm>
#include <limits>

#include "model/base/require.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::History;
using model::HistoryOperation;
using model::Value;

namespace {
constexpr std::uint32_t kHistoriesPerContext = 100'000;  // then Z3's memory starts afresh
}

bool explains(const model::Protocol& protocol, const History& history,
              const Judgement::Certificate& certificate) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(certificate.object)];
  std::vector<bool> is_placed(history.size(), false);
  Value state = object.initial;
  int latest_call = std::numeric_limits<int>::min();
  for (const int i : certificate.order) {
    const HistoryOperation& operation = history.at(static_cast<std::size_t>(i));
    if (operation.object != certificate.object || operation.key != certificate.key) return false;
    if (is_placed[static_cast<std::size_t>(i)] || operation.responded < latest_call) return false;
    is_placed[static_cast<std::size_t>(i)] = true;
    latest_call = std::max(latest_call, operation.invoked);
    const model::ObjectAnswer answer =
        model::apply(protocol, certificate.object, state, operation.op, operation.args);
    const bool has_result = object.ops[static_cast<std::size_t>(operation.op)].has_result;
    if (!operation.is_pending() && has_result && answer.result != operation.result) return false;
    state = answer.state;
  }
  for (std::size_t i = 0; i < history.size(); ++i) {
    const bool is_mine =
        history[i].object == certificate.object && history[i].key == certificate.key;
    if (is_mine && !history[i].is_pending() && !is_placed[i]) return false;
  }
  return true;
}

Judge::Judge(const model::Protocol& protocol, Solver::Budget budget)
    : protocol_(protocol), budget_(budget) {}

Judgement Judge::judge(const History& history, int object) {
  Judgement judgement;
  judgement.verdict = Judgement::Verdict::Linearizable;
  for (const HistoryPart& part : parts_of(protocol_, history, object)) {
    const Judgement::Verdict verdict = judge_part(history, part, judgement);
    if (verdict == Judgement::Verdict::Linearizable) continue;
    judgement.verdict = verdict;
    judgement.object = part.object;
    judgement.key = part.key;
    if (verdict == Judgement::Verdict::NotLinearizable) break;
  }
  if (judgement.verdict != Judgement::Verdict::Linearizable) judgement.certificates.clear();
  if (judgement.verdict != Judgement::Verdict::Undecided) judgement.reason.clear();
  return judgement;
}

Judgement::Verdict Judge::judge_part(const History& history, const HistoryPart& part,
                                     Judgement& judgement) {
  if (!solver_ || judged_ == kHistoriesPerContext) {
    solver_ = std::make_unique<Solver>(budget_);
    judged_ = 0;
  }
  ++judged_;
  solver_->push();
  Judgement::Verdict verdict = Judgement::Verdict::Undecided;
  const HistoryFormula formula(*solver_, protocol_, history, part, Facts::Fixed);
  if (formula.failure()) {
    judgement.reason = formula.failure()->message;
  } else {
    switch (solver_->check()) {
      case Solver::Answer::Unsatisfiable:
        verdict = Judgement::Verdict::NotLinearizable;
        break;
      case Solver::Answer::Unknown:
        judgement.reason = solver_->reason();
        break;
      case Solver::Answer::Satisfiable: {
        Judgement::Certificate certificate{part.object, part.key, formula.order()};
        std::vector<int>& order = certificate.order;
        while (!order.empty() && history[static_cast<std::size_t>(order.back())].is_pending())
          order.pop_back();
        CAPSTAN_ENSURE(explains(protocol_, history, certificate),
                       "an order found by Z3 explains the history");
        judgement.certificates.push_back(std::move(certificate));
        verdict = Judgement::Verdict::Linearizable;
        break;
      }
    }
  }
  solver_->pop();
  return verdict;
}

Judgement judge_linearizable(const model::Protocol& protocol, const History& history) {
  return Judge(protocol).judge(history);
}

BatchJudge::BatchJudge(const model::Protocol& protocol, Solver::Budget budget)
    : protocol_(protocol), judge_(protocol, budget) {}

Judgement::Verdict BatchJudge::judge(const History& history, int object) {
  ++histories_;
  Judgement::Verdict all = Judgement::Verdict::Linearizable;
  for (const HistoryPart& part : parts_of(protocol_, history, object)) {
    const auto [place, is_new] =
        forms_.try_emplace(canonical_form(protocol_, history, part), Judgement::Verdict::Undecided);
    if (is_new) {
      History mine;
      for (const int i : part.operations) mine.push_back(history[static_cast<std::size_t>(i)]);
      const Judgement judgement = judge_.judge(mine);
      place->second = judgement.verdict;
      if (judgement.verdict == Judgement::Verdict::Undecided) reason_ = judgement.reason;
    }
    if (place->second == Judgement::Verdict::NotLinearizable)
      return Judgement::Verdict::NotLinearizable;
    if (place->second == Judgement::Verdict::Undecided) all = Judgement::Verdict::Undecided;
  }
  return all;
}

namespace {

/// Renames values in the order of their first use; `none` keeps its name, and an object that
/// computes with values keeps them all.
class Renaming {
 public:
  explicit Renaming(const model::Object& object) {
    using enum model::ObjectKind;
    is_on_ = object.kind == Register || object.kind == CasRegister || object.kind == Set ||
             object.kind == Queue || object.kind == Log;
    (void)renamed(object.initial, object.kind == Set || object.kind == Queue || object.kind == Log);
  }

  /// `is_collection`: rename its elements, not it.
  Value renamed(const Value& value, bool is_collection) {
    if (!is_on_ || value.is_none()) return value;
    if (!is_collection) {
      const auto found = std::find(known_.begin(), known_.end(), value);
      const auto name = found - known_.begin();
      if (found == known_.end()) known_.push_back(value);
      return Value::integer(name);
    }
    std::vector<Value> elements;
    for (const Value& element : value.elements()) elements.push_back(renamed(element, false));
    return value.kind() == Value::Kind::Set ? Value::set(std::move(elements))
                                            : Value::sequence(std::move(elements));
  }

 private:
  bool is_on_ = false;
  std::vector<Value> known_;
};

/// Positions of invocations and responses with runs of either kind taken together: a is before b
/// iff a's end is below b's start.
struct Interval {
  std::size_t start = 0, end = 0;
};
std::vector<Interval> intervals_of(const History& history, const HistoryPart& part) {
  struct Event {
    int at;
    bool is_response;  // at the same position, invocations first: neither operation is before the
                       // other
    std::size_t which;
    auto operator<=>(const Event&) const = default;
  };
  std::vector<Event> events;
  std::vector<Interval> intervals(part.operations.size());
  for (std::size_t i = 0; i < part.operations.size(); ++i) {
    const HistoryOperation& operation = history[static_cast<std::size_t>(part.operations[i])];
    events.push_back({operation.invoked, false, i});
    if (!operation.is_pending()) events.push_back({operation.responded, true, i});
    intervals[i].end = std::numeric_limits<std::size_t>::max();
  }
  std::sort(events.begin(), events.end());
  std::size_t phase = 0;
  bool was_response = false;
  for (const Event& event : events) {
    if (was_response && !event.is_response) ++phase;
    was_response = event.is_response;
    (event.is_response ? intervals[event.which].end : intervals[event.which].start) = phase;
  }
  return intervals;
}

}  // namespace

std::string canonical_form(const model::Protocol& protocol, const History& history,
                           const HistoryPart& part) {
  const model::Object& object = protocol.objects[static_cast<std::size_t>(part.object)];
  const std::vector<Interval> intervals = intervals_of(history, part);
  std::vector<std::size_t> by_time(part.operations.size());
  for (std::size_t i = 0; i < by_time.size(); ++i) by_time[i] = i;
  const auto operation = [&](std::size_t i) -> const HistoryOperation& {
    return history[static_cast<std::size_t>(part.operations[i])];
  };
  std::sort(by_time.begin(), by_time.end(), [&](std::size_t a, std::size_t b) {
    const auto sorted_by = [&](std::size_t i) {
      return std::tie(intervals[i].start, intervals[i].end, operation(i).op, operation(i).args,
                      operation(i).result);
    };
    return sorted_by(a) < sorted_by(b);
  });
  Renaming renaming(object);
  std::string form;
  const auto append_number = [&](std::size_t number) {
    Value::integer(static_cast<std::int64_t>(number)).append_to(form);
  };
  append_number(static_cast<std::size_t>(part.object));
  for (const std::size_t i : by_time) {
    const model::ObjectOp& op = object.ops[static_cast<std::size_t>(operation(i).op)];
    append_number(intervals[i].start);
    append_number(intervals[i].end);
    append_number(static_cast<std::size_t>(operation(i).op));
    for (const Value& argument : operation(i).args)
      renaming.renamed(argument, false).append_to(form);
    if (operation(i).is_pending()) continue;
    using enum model::ObjectKind;
    const bool is_truth =
        op.name == "cas" || op.name == "contains";  // of the answer, not a value of the object's
    const bool is_collection =
        op.name == "read" && (object.kind == Set || object.kind == Queue || object.kind == Log);
    (is_truth ? operation(i).result : renaming.renamed(operation(i).result, is_collection))
        .append_to(form);
  }
  return form;
}

}  // namespace capstan::checker
