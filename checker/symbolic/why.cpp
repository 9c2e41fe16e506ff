// SPDX-License-Identifier: MIT
// why: puts an explanation together; see the header.
#include "checker/symbolic/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/symbolic/core.hpp"
#include "checker/symbolic/derivation.hpp"
#include "checker/symbolic/orders.hpp"
#include "checker/symbolic/wording.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::Failure;
using model::History;
using model::Protocol;
using model::Result;

namespace {

class Explainer {
 public:
  Explainer(const Protocol& protocol, const History& history, const HistoryPart& part, Core core)
      : protocol_(protocol), history_(history), part_(part), core_(std::move(core)) {}

  Result<Explanation> explain() {
    std::string trouble = "no rule leads to the contradiction";
    if (const auto derivation = derive(protocol_, history_, part_, core_)) {
      Explanation explanation = by_rules(*derivation);
      const auto failure = verify(protocol_, history_, explanation);
      if (!failure) return explanation;
      trouble = failure->message;
    }
    auto explanation = by_orders();
    if (!explanation)
      return Failure{fmt::format("{}, and there are too many orders to list", trouble)};
    if (const auto failure = verify(protocol_, history_, *explanation)) return *failure;
    return *std::move(explanation);
  }

 private:
  Explanation start(const Wording& wording) const {
    Explanation explanation;
    explanation.subject = wording.subject();
    explanation.object = part_.object;
    explanation.key = part_.key;
    explanation.operations = wording.operations();
    explanation.core_size = static_cast<int>(core_.facts.size());
    explanation.fact_count = core_.fact_count;
    return explanation;
  }

  void finish(const Wording& wording, Explanation& explanation) const {
    add_orders({protocol_, history_, explanation.operations}, wording, explanation);
    for (const Sentence& sentence : explanation.sentences) {
      if (sentence.is_edge())
        explanation.cycle.push_back({sentence.before, sentence.after, sentence.number});
    }
    explanation.title = title_of(protocol_, history_, explanation);
    explanation.conclusion =
        fmt::format("{} Unsat core: {} of {} constraints.", contradiction(explanation),
                    explanation.core_size, explanation.fact_count);
  }

  static std::string contradiction(const Explanation& explanation) {
    if (explanation.contradiction == Rule::AllOrders) return "No order is left.";
    std::vector<int> numbers = explanation.contradicting;
    if (explanation.contradiction != Rule::Cycle) {
      const Sentence& last = explanation.sentences[static_cast<std::size_t>(numbers.front() - 1)];
      numbers = last.premises;
      numbers.push_back(last.number);
    }
    if (numbers.size() == 1) return fmt::format("Nothing explains {}.", numbers.front());
    return fmt::format("{} contradict each other.", listed(numbers));
  }

  Explanation by_rules(const Derivation& derivation) const {
    std::set<int> named(core_.operations.begin(), core_.operations.end());
    for (const DerivedLine& line : derivation.lines) {
      for (const int i : {line.before, line.after, line.reader, line.source}) {
        if (i >= 0) named.insert(i);
      }
    }
    const Wording wording(protocol_, history_, part_, {named.begin(), named.end()});
    Explanation explanation = start(wording);
    const auto index = [&](int i) {
      return i < 0 ? -1 : static_cast<int>(std::distance(named.begin(), named.find(i)));
    };
    for (const DerivedLine& line : derivation.lines) {
      Sentence sentence;
      sentence.number = static_cast<int>(explanation.sentences.size()) + 1;
      sentence.rule = line.rule;
      sentence.before = index(line.before);
      sentence.after = index(line.after);
      sentence.reader = index(line.reader);
      sentence.source = index(line.source);
      for (const int premise : line.premises) sentence.premises.push_back(premise + 1);
      cite_steps(explanation, sentence);
      sentence.text = wording.sentence(sentence, line.cell, explanation.sentences);
      explanation.sentences.push_back(std::move(sentence));
    }
    explanation.contradiction = derivation.contradiction;
    for (const int line : derivation.contradicting) explanation.contradicting.push_back(line + 1);
    finish(wording, explanation);
    return explanation;
  }

  static void cite_steps(const Explanation& explanation, Sentence& sentence) {
    const auto at = [&](int i) -> const CoreOperation& {
      return explanation.operations[static_cast<std::size_t>(i)];
    };
    if (sentence.rule == Rule::RealTime) {
      sentence.from_step = at(sentence.before).responded;
      sentence.to_step = at(sentence.after).invoked;
    } else if (sentence.reader >= 0) {
      sentence.to_step = at(sentence.reader).responded;
    }
  }

  std::optional<Explanation> by_orders() const {
    const Wording wording(protocol_, history_, part_, core_.operations);
    Explanation explanation = start(wording);
    for (Sentence& sentence : fact_sentences(explanation)) {
      sentence.number = static_cast<int>(explanation.sentences.size()) + 1;
      sentence.text = wording.sentence(sentence, -1, explanation.sentences);
      explanation.sentences.push_back(std::move(sentence));
    }
    const OrderProblem problem{protocol_, history_, explanation.operations};
    if (!add_order_sentences(problem, wording, updates_outside(), explanation)) return std::nullopt;
    finish(wording, explanation);
    return explanation;
  }

  /// The core itself: what came before what, then what was returned, each in order of time.
  std::vector<Sentence> fact_sentences(const Explanation& explanation) const {
    const auto index = [&](int i) {
      const auto at = std::lower_bound(core_.operations.begin(), core_.operations.end(), i);
      return static_cast<int>(at - core_.operations.begin());
    };
    std::vector<Sentence> facts;
    for (const Fact& fact : core_.facts) {
      Sentence sentence;
      const bool is_order = fact.kind == Fact::Kind::RealTime;
      sentence.rule = is_order ? Rule::RealTime : Rule::Returned;
      (is_order ? sentence.before : sentence.reader) = index(fact.first);
      if (is_order) sentence.after = index(fact.second);
      cite_steps(explanation, sentence);
      facts.push_back(std::move(sentence));
    }
    std::stable_sort(facts.begin(), facts.end(), [](const Sentence& a, const Sentence& b) {
      const auto key = [](const Sentence& some) {
        const bool is_answer = some.rule == Rule::Returned;
        return std::pair(is_answer, is_answer ? some.to_step : some.from_step);
      };
      return key(a) < key(b);
    });
    return facts;
  }

  int updates_outside() const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    return static_cast<int>(
        std::count_if(part_.operations.begin(), part_.operations.end(), [&](int i) {
          const bool is_in_core =
              std::binary_search(core_.operations.begin(), core_.operations.end(), i);
          return !is_in_core &&
                 !model::is_read_only(object, history_[static_cast<std::size_t>(i)].op);
        }));
  }

  const Protocol& protocol_;
  const History& history_;
  const HistoryPart& part_;
  Core core_;
};

}  // namespace

Result<Explanation> explain_not_linearizable(const Protocol& protocol, const History& history,
                                             int object, Solver::Budget budget) {
  Failure failure{"the history is linearizable"};
  for (const HistoryPart& part : parts_of(protocol, history, object)) {
    Result<Core> core = minimal_core(protocol, history, part, budget);
    if (core) return Explainer(protocol, history, part, std::move(core.value())).explain();
    failure = core.failure();
  }
  return failure;
}

}  // namespace capstan::checker
