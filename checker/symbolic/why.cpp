// SPDX-License-Identifier: MIT
// why: puts an explanation together; see the header.
#include "checker/symbolic/why.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "checker/symbolic/core.hpp"
#include "checker/symbolic/derivation.hpp"
#include "checker/symbolic/judge.hpp"
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
  Explainer(const Protocol& protocol, const History& history, const HistoryPart& part, Core core,
            const History& failed)
      : protocol_(protocol), history_(history), part_(part), core_(std::move(core)) {
    for (const model::HistoryOperation& operation : failed)
      if (operation.object == part.object && operation.key == part.key)
        failed_.push_back(operation);
  }

  Result<Explanation> explain() {
    std::string trouble = "no rule leads to the contradiction";
    if (const auto derivation = derive(protocol_, history_, part_, core_)) {
      Explanation explanation = by_rules(*derivation);
      const auto failure = verify(protocol_, history_, explanation);
      if (!failure) return explanation;
      trouble = failure->message;
    }
    for (const std::vector<int>& operations : operations_to_list()) {
      auto explanation = by_orders(operations);
      if (!explanation) continue;
      const auto failure = verify(protocol_, history_, *explanation);
      if (!failure) return *std::move(explanation);
      trouble = failure->message;
    }
    return Failure{fmt::format("{}, and there are too many orders to list", trouble)};
  }

 private:
  Explanation start(const Wording& wording) const {
    Explanation explanation;
    explanation.subject = wording.subject();
    explanation.object = part_.object;
    explanation.key = part_.key;
    explanation.operations = wording.operations();
    explanation.fact_count = core_.fact_count;
    explanation.failed = failed_;
    explanation.updates_left_out = updates_outside(explanation);
    return explanation;
  }

  void finish(const Wording& wording, Explanation& explanation) const {
    add_orders({protocol_, history_, explanation.operations}, wording, explanation);
    for (const Sentence& sentence : explanation.sentences) {
      if (sentence.is_edge())
        explanation.cycle.push_back({sentence.before, sentence.after, sentence.number});
    }
    explanation.title = title_of(protocol_, history_, explanation);
    const std::vector<Fact> facts = said_facts(protocol_, history_, explanation);
    explanation.core_size = static_cast<int>(facts.size());
    explanation.conclusion = conclusion_of(explanation, facts);
    explanation.note = note_on_failed(wording);
  }

  /// If an order explains all answers once the failed updates may have taken effect.
  std::string note_on_failed(const Wording& wording) const {
    if (failed_.empty()) return "";
    History with_failed;
    for (const int i : part_.operations)
      with_failed.push_back(history_[static_cast<std::size_t>(i)]);
    for (model::HistoryOperation operation : failed_) {
      operation.responded = model::HistoryOperation::kNever;
      with_failed.push_back(operation);
    }
    if (judge_linearizable(protocol_, with_failed).verdict != Judgement::Verdict::Linearizable)
      return "";
    std::vector<std::string> names;
    for (const model::HistoryOperation& each : failed_) names.push_back(wording.failed_name(each));
    const bool is_one = names.size() == 1;
    return fmt::format(
        "{} failed: `fail` says that there was certainly no effect. Had {} taken effect, an order "
        "would explain what the clients saw. What may have had an effect ends with `unknown`.",
        listed(names), is_one ? "it" : "they or some of them");
  }

  Explanation by_rules(const Derivation& derivation) const {
    std::set<int> named(core_.operations.begin(), core_.operations.end());
    for (const DerivedLine& line : derivation.lines) {
      for (const int i : {line.before, line.after, line.reader, line.source}) {
        if (i >= 0) named.insert(i);
      }
    }
    const Wording wording(protocol_, history_, part_, {named.begin(), named.end()}, failed_);
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
      sentence.cell = line.cell;
      for (const int premise : line.premises) sentence.premises.push_back(premise + 1);
      cite_steps(explanation, sentence);
      sentence.text = wording.sentence(sentence, explanation.sentences);
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

  /// Whose orders to list, the best first: with all other updates, so that nothing is left to
  /// imagine; with those before a core operation in real time; the core's alone.
  std::vector<std::vector<int>> operations_to_list() const {
    const auto with = [this](const auto& wanted) {
      std::vector<int> operations;
      for (const int i : part_.operations) {
        const bool is_in_core =
            std::binary_search(core_.operations.begin(), core_.operations.end(), i);
        if (is_in_core || (is_update(i) && wanted(i))) operations.push_back(i);
      }
      return operations;
    };
    const auto is_early = [this](int i) {
      return std::any_of(core_.operations.begin(), core_.operations.end(), [&](int other) {
        return is_before(history_[static_cast<std::size_t>(i)],
                         history_[static_cast<std::size_t>(other)]);
      });
    };
    std::vector<std::vector<int>> lists{with([](int) { return true; }), with(is_early),
                                        core_.operations};
    lists.erase(std::unique(lists.begin(), lists.end()), lists.end());
    // More than fit in a picture, or than can be told one by one, only if it must be.
    const auto is_long = [this](const std::vector<int>& operations) {
      if (operations.size() > kOrdersOperationsMost) return true;
      const Wording wording(protocol_, history_, part_, operations);
      const auto listing =
          list_orders({protocol_, history_, wording.operations()}, [](int, int) { return true; });
      return !listing || listing->groups.size() > kShownSentences;
    };
    std::stable_partition(lists.begin(), lists.end(),
                          [&](const std::vector<int>& each) { return !is_long(each); });
    return lists;
  }

  std::optional<Explanation> by_orders(const std::vector<int>& operations) const {
    const Wording wording(protocol_, history_, part_, operations, failed_);
    Explanation explanation = start(wording);
    const OrderProblem problem{protocol_, history_, explanation.operations};
    // Where updates are left out, what rules them out must stay.
    const bool is_whole = explanation.updates_left_out == 0;
    const auto is_needed = [&](int first, int second) {
      return !is_whole &&
             std::any_of(core_.facts.begin(), core_.facts.end(), [&](const Fact& fact) {
               const auto at = [&](int i) {
                 return i < 0 ? -1 : operations[static_cast<std::size_t>(i)];
               };
               return fact.first == at(first) && fact.second == at(second);
             });
    };
    const auto listing = list_orders(problem, is_needed);
    if (!listing) return std::nullopt;
    for (Sentence& sentence : fact_sentences(*listing, explanation)) {
      sentence.number = static_cast<int>(explanation.sentences.size()) + 1;
      sentence.text = wording.sentence(sentence, explanation.sentences);
      explanation.sentences.push_back(std::move(sentence));
    }
    add_order_sentences(*listing, problem, explanation);
    for (Sentence& sentence : explanation.sentences)
      if (sentence.rule == Rule::Order) sentence.text = order_text(problem, wording, sentence);
    explanation.sentences.back().text = all_orders_text(explanation, listing->beginnings);
    finish(wording, explanation);
    return explanation;
  }

  /// What came before what, then what was returned, each in order of time.
  static std::vector<Sentence> fact_sentences(const OrderListing& listing,
                                              const Explanation& explanation) {
    std::vector<Sentence> facts;
    const auto add = [&](Rule rule, int before, int after, int reader) {
      Sentence sentence;
      sentence.rule = rule;
      sentence.before = before;
      sentence.after = after;
      sentence.reader = reader;
      cite_steps(explanation, sentence);
      facts.push_back(std::move(sentence));
    };
    for (const auto& [before, after] : listing.pairs) add(Rule::RealTime, before, after, -1);
    for (const int i : listing.answers) add(Rule::Returned, -1, -1, i);
    std::stable_sort(facts.begin(), facts.end(), [](const Sentence& a, const Sentence& b) {
      const auto key = [](const Sentence& some) {
        const bool is_answer = some.rule == Rule::Returned;
        return std::pair(is_answer, is_answer ? some.to_step : some.from_step);
      };
      return key(a) < key(b);
    });
    return facts;
  }

  bool is_update(int i) const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    return !model::is_read_only(object, history_[static_cast<std::size_t>(i)].op);
  }

  int updates_outside(const Explanation& explanation) const {
    return static_cast<int>(
        std::count_if(part_.operations.begin(), part_.operations.end(), [&](int i) {
          return is_update(i) &&
                 std::none_of(explanation.operations.begin(), explanation.operations.end(),
                              [i](const CoreOperation& each) { return each.history_index == i; });
        }));
  }

  const Protocol& protocol_;
  const History& history_;
  const HistoryPart& part_;
  Core core_;
  History failed_;
};

}  // namespace

std::string conclusion_of(const Explanation& explanation, const std::vector<Fact>& facts) {
  std::string contradiction = "No order is left.";
  if (explanation.contradiction != Rule::AllOrders) {
    std::vector<int> numbers = explanation.contradicting;
    if (explanation.contradiction != Rule::Cycle) {
      const Sentence& last = explanation.sentences[static_cast<std::size_t>(numbers.front() - 1)];
      numbers = last.premises;
      numbers.push_back(last.number);
    }
    contradiction = numbers.size() == 1 ? fmt::format("Nothing explains {}.", numbers.front())
                                        : fmt::format("{} contradict each other.", listed(numbers));
  }
  const auto of_time = std::count_if(facts.begin(), facts.end(), [](const Fact& fact) {
    return fact.kind == Fact::Kind::RealTime;
  });
  const auto answers = static_cast<std::ptrdiff_t>(facts.size()) - of_time;
  std::vector<std::string> kinds;
  if (of_time > 0) kinds.push_back(fmt::format("{} of real time", of_time));
  if (answers > 0) kinds.push_back(fmt::format("{} answer{}", answers, answers == 1 ? "" : "s"));
  return fmt::format("{} Facts used: {} of {} ({}).", contradiction, facts.size(),
                     explanation.fact_count, fmt::join(kinds, ", "));
}

Result<Explanation> explain_not_linearizable(const Protocol& protocol, const History& history,
                                             int object, Solver::Budget budget,
                                             const History& failed) {
  Failure failure{"the history is linearizable"};
  for (const HistoryPart& part : parts_of(protocol, history, object)) {
    Result<Core> core = minimal_core(protocol, history, part, budget);
    if (core) return Explainer(protocol, history, part, std::move(core.value()), failed).explain();
    failure = core.failure();
  }
  return failure;
}

}  // namespace capstan::checker
