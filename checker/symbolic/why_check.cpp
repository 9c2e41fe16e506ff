// SPDX-License-Identifier: MIT
// why_check: checks an explanation without Z3.
//
// Two checks that share nothing. By rules: each sentence follows from the history and the sentences
// it names, with no answer but those that some sentence speaks of; its words are those of its data;
// each order told of respects real time and breaks where it is said to, and there is no other. By
// search (free_search): the facts alone, with every other operation free to be placed anywhere or
// left out and to return anything, have no order. For objects without axioms the core was found by
// that search; there Z3 has judged the history and confirmed the core.
#include <algorithm>
#include <map>
#include <set>

#include "checker/symbolic/cells.hpp"
#include "checker/symbolic/derivation.hpp"
#include "checker/symbolic/free_search.hpp"
#include "checker/symbolic/orders.hpp"
#include "checker/symbolic/why.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::Failure;
using model::History;
using model::HistoryOperation;
using model::Protocol;
using model::Value;

std::vector<Fact> said_facts(const Protocol& protocol, const History& history,
                             const Explanation& explanation) {
  std::set<std::pair<int, int>> pairs;
  std::set<int> answers;
  const auto position = [&](int i) {
    return explanation.operations[static_cast<std::size_t>(i)].history_index;
  };
  const model::Object& object = protocol.objects[static_cast<std::size_t>(explanation.object)];
  for (const Sentence& sentence : explanation.sentences) {
    if (sentence.rule == Rule::RealTime)
      pairs.emplace(position(sentence.before), position(sentence.after));
    if (sentence.rule == Rule::RealTime || sentence.rule == Rule::Order || sentence.reader < 0)
      continue;
    answers.insert(position(sentence.reader));
    if (sentence.rule == Rule::Count && sentence.source >= 0)
      answers.insert(position(sentence.source));
    if (sentence.rule != Rule::NoSource || object.kind != model::ObjectKind::Queue) continue;
    // All that took the same element are named.
    const HistoryOperation& reader = history[static_cast<std::size_t>(position(sentence.reader))];
    for (const CoreOperation& operation : explanation.operations) {
      const HistoryOperation& other = history[static_cast<std::size_t>(operation.history_index)];
      if (!other.is_pending() && other.op == reader.op && other.result == reader.result)
        answers.insert(operation.history_index);
    }
  }
  std::vector<Fact> facts;
  for (const auto& [first, second] : pairs)
    facts.push_back({Fact::Kind::RealTime, first, second, kTrue});
  for (const int i : answers) facts.push_back({Fact::Kind::Returned, i, -1, kTrue});
  return facts;
}

namespace {

/// Checks each sentence by its rule.
class RuleChecker {
 public:
  RuleChecker(const Protocol& protocol, const History& history, const HistoryPart& part,
              const Explanation& explanation)
      : protocol_(protocol), history_(history), part_(part), explanation_(explanation) {
    std::set<int> answers;  // only those that are spoken of
    for (const Fact& fact : said_facts(protocol, history, explanation))
      if (fact.kind == Fact::Kind::Returned) answers.insert(fact.first);
    view_ = cell_view(protocol, history, part, answers);
  }

  std::optional<Failure> check() const {
    for (std::size_t i = 0; i < explanation_.sentences.size(); ++i) {
      const Sentence& sentence = explanation_.sentences[i];
      bool is_well_formed = sentence.number == static_cast<int>(i) + 1;
      for (const int premise : sentence.premises) {
        is_well_formed = is_well_formed && premise >= 1 && premise < sentence.number;
      }
      if (!is_well_formed || !holds(sentence) || sentence.text != text_of(sentence)) {
        return Failure{"sentence " + std::to_string(i + 1) + " of the explanation does not follow"};
      }
    }
    if (!is_contradiction())
      return Failure{"the sentences of the explanation do not contradict each other"};
    const std::vector<Fact> facts = said_facts(protocol_, history_, explanation_);
    if (explanation_.core_size != static_cast<int>(facts.size()) ||
        explanation_.conclusion != conclusion_of(explanation_, facts))
      return Failure{"the conclusion of the explanation counts something else"};
    return std::nullopt;
  }

 private:
  /// What the sentence's data say, in words.
  std::string text_of(const Sentence& sentence) const {
    std::vector<int> operations;
    for (const CoreOperation& each : explanation_.operations)
      operations.push_back(each.history_index);
    const Wording wording(protocol_, history_, part_, operations, explanation_.failed);
    if (sentence.rule == Rule::Order)
      return order_text({protocol_, history_, explanation_.operations}, wording, sentence);
    if (sentence.rule == Rule::AllOrders) return all_orders_text(explanation_, beginnings().size());
    return wording.sentence(sentence, explanation_.sentences);
  }

  const Sentence& numbered(int number) const {
    return explanation_.sentences[static_cast<std::size_t>(number - 1)];
  }
  int position(int i) const {
    return i < 0 ? -1 : explanation_.operations[static_cast<std::size_t>(i)].history_index;
  }

  /// Whether the edges among these sentences lead from one operation (position in the history) to
  /// another.
  bool leads(const std::vector<int>& numbers, int from, int to) const {
    std::vector<int> open{from};
    for (std::size_t next = 0; next < open.size(); ++next) {
      for (const int number : numbers) {
        const Sentence& edge = numbered(number);
        if (!edge.is_edge() || position(edge.before) != open[next]) continue;
        if (position(edge.after) == to) return true;
        if (std::find(open.begin(), open.end(), position(edge.after)) == open.end())
          open.push_back(position(edge.after));
      }
    }
    return false;
  }

  bool holds(const Sentence& sentence) const {
    switch (sentence.rule) {
      case Rule::RealTime:
        return is_before(history_[static_cast<std::size_t>(position(sentence.before))],
                         history_[static_cast<std::size_t>(position(sentence.after))]);
      case Rule::Source:
      case Rule::NotBetween:
      case Rule::Initial:
      case Rule::SourceExcluded:
      case Rule::NoSource:
        return of_some_cell(sentence);
      case Rule::Count:
        return counts(sentence);
      case Rule::Returned:
        return has_answer(sentence.reader);
      case Rule::Order:
        return breaks(sentence);
      case Rule::AllOrders:
        return no_order_is_left();
      case Rule::Cycle:
        return false;  // no sentence of its own
    }
    return false;
  }

  bool of_some_cell(const Sentence& sentence) const {
    if (!view_) return sentence.rule == Rule::NoSource && was_never_put(sentence);
    return std::any_of(view_->reads.begin(), view_->reads.end(), [&](const CellRead& read) {
      return read.operation == position(sentence.reader) && read.cell == sentence.cell &&
             of_cell(sentence, read);
    });
  }

  /// Some value comes out of a queue, or stands in a log, more often than it was put in.
  bool was_never_put(const Sentence& sentence) const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    const bool is_queue = object.kind == model::ObjectKind::Queue;
    if ((!is_queue && object.kind != model::ObjectKind::Log) || sentence.reader < 0) return false;
    std::map<Value, int> seen;
    for (std::size_t i = 0; i < explanation_.operations.size(); ++i) {
      if (!is_queue && static_cast<int>(i) != sentence.reader) continue;
      const int at = position(static_cast<int>(i));
      for (const Value& value : shown_values(protocol_, history_[static_cast<std::size_t>(at)]))
        ++seen[value];
    }
    const std::vector<Value> read =
        shown_values(protocol_, history_[static_cast<std::size_t>(position(sentence.reader))]);
    return std::any_of(read.begin(), read.end(), [&](const Value& value) {
      return seen[value] > put_count(protocol_, history_, part_, value);
    });
  }

  bool has_answer(int i) const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    if (i < 0) return false;
    const HistoryOperation& operation = history_[static_cast<std::size_t>(position(i))];
    return !operation.is_pending() && object.ops[static_cast<std::size_t>(operation.op)].has_result;
  }

  bool of_cell(const Sentence& sentence, const CellRead& read) const {
    const int before = position(sentence.before), after = position(sentence.after),
              r = read.operation;
    const std::set<int> sources = sources_left(sentence, read);
    const auto is_only = [&](int source) { return sources == std::set<int>{source}; };
    const auto overwrites = [&](int i, int source) {
      return i != r && i != source &&
             std::any_of(view_->writes.begin(), view_->writes.end(), [&](const CellWrite& write) {
               return write.operation == i && write.cell == read.cell && write.is_sure;
             });
    };
    switch (sentence.rule) {
      case Rule::Source:
        return after == r && before >= 0 && is_only(before);
      case Rule::Initial:
        return before == r && is_only(-1) && overwrites(after, -1);
      case Rule::NotBetween: {
        const int source = position(sentence.source);
        if (source < 0 || !is_only(source)) return false;
        if (after == source)
          return overwrites(before, source) && leads(sentence.premises, before, r);
        return before == r && overwrites(after, source) && leads(sentence.premises, source, after);
      }
      case Rule::SourceExcluded:
        if (before >= 0 && leads(sentence.premises, r, before)) return true;
        return std::any_of(view_->writes.begin(), view_->writes.end(), [&](const CellWrite& write) {
          return overwrites(write.operation, before) &&
                 leads(sentence.premises, write.operation, r) &&
                 (before < 0 || leads(sentence.premises, before, write.operation));
        });
      case Rule::NoSource:
        return sources.empty();
      case Rule::RealTime:
      case Rule::Cycle:
      case Rule::Count:
      case Rule::Returned:
      case Rule::Order:
      case Rule::AllOrders:
        break;
    }
    return false;
  }

  /// What can have given the read its value (-1: the start), but for what the premises rule out.
  std::set<int> sources_left(const Sentence& sentence, const CellRead& read) const {
    std::set<int> sources;
    if (read.accepts(view_->initial[static_cast<std::size_t>(read.cell)])) sources.insert(-1);
    for (const CellWrite& write : view_->writes) {
      const bool fits =
          write.cell == read.cell && write.operation != read.operation && read.accepts(write.value);
      if (fits) sources.insert(write.operation);
    }
    for (const int premise : sentence.premises) {
      const Sentence& other = numbered(premise);
      // Checked as of some cell of that reader: for a set, its cell must be this one.
      const bool is_mine =
          other.rule == Rule::SourceExcluded && position(other.reader) == read.operation;
      if (is_mine && of_cell(other, read)) sources.erase(position(other.before));
    }
    return sources;
  }

  bool counts(const Sentence& sentence) const {
    const model::Object& object = protocol_.objects[static_cast<std::size_t>(part_.object)];
    const int reader = position(sentence.reader), earlier = position(sentence.source);
    if (object.kind != model::ObjectKind::Counter || reader < 0) return false;
    if (earlier >= 0 && !leads(sentence.premises, earlier, reader)) return false;
    const auto returned = [&](int i) {
      return history_[static_cast<std::size_t>(i)].result.number();
    };
    std::int64_t sum = earlier < 0 ? object.initial.number() : returned(earlier);
    std::vector<std::int64_t> free;
    for (const int i : part_.operations) {
      const HistoryOperation& operation = history_[static_cast<std::size_t>(i)];
      if (model::is_read_only(object, operation.op)) continue;
      const std::int64_t amount =
          model::apply(protocol_, part_.object, Value::integer(0), operation.op, operation.args)
              .state.number();
      const bool is_outside = leads(sentence.premises, reader, i) ||
                              (earlier >= 0 && leads(sentence.premises, i, earlier));
      const bool is_inside = leads(sentence.premises, i, reader) &&
                             (earlier < 0 || leads(sentence.premises, earlier, i));
      if (is_outside) continue;
      if (is_inside)
        sum += amount;
      else
        free.push_back(amount);
    }
    const auto sums = subset_sums(free);
    return sums && !std::binary_search(sums->begin(), sums->end(), returned(reader) - sum);
  }

  /// What orders that keep the facts stated begin with, up to where they break.
  std::vector<std::vector<int>> beginnings() const {
    std::vector<std::pair<int, int>> pairs;
    std::vector<bool> answers(explanation_.operations.size());
    for (const Sentence& sentence : explanation_.sentences) {
      if (sentence.rule == Rule::RealTime) pairs.emplace_back(sentence.before, sentence.after);
      if (sentence.rule == Rule::Returned)
        answers[static_cast<std::size_t>(sentence.reader)] = true;
    }
    const auto found =
        broken_orders({protocol_, history_, explanation_.operations, &pairs, &answers});
    std::vector<std::vector<int>> all;
    if (!found) return all;
    for (const BrokenOrder& order : *found) all.push_back(order.operations);
    return all;
  }

  /// Each beginning respects all of real time, all but its last answer are right where they are
  /// stated, and the last is not.
  bool breaks(const Sentence& sentence) const {
    const std::vector<std::vector<int>> all = beginnings();
    return !sentence.beginnings.empty() && sentence.reader == sentence.beginnings.front().back() &&
           std::all_of(sentence.beginnings.begin(), sentence.beginnings.end(),
                       [&](const std::vector<int>& order) {
                         return std::find(all.begin(), all.end(), order) != all.end() &&
                                respects_real_time(order) && is_alike(order, sentence);
                       });
  }

  /// With nobody missing who was answered before one of them was called.
  bool respects_real_time(const std::vector<int>& order) const {
    const auto at = [&](int i) -> const HistoryOperation& {
      return history_[static_cast<std::size_t>(position(i))];
    };
    for (std::size_t k = 0; k < order.size(); ++k) {
      for (int i = 0; i < static_cast<int>(explanation_.operations.size()); ++i) {
        const auto place = std::find(order.begin(), order.end(), i) - order.begin();
        if (is_before(at(i), at(order[k])) && place > static_cast<std::ptrdiff_t>(k)) return false;
      }
    }
    return true;
  }

  /// Names and answers are those of the sentence's first order.
  bool is_alike(const std::vector<int>& order, const Sentence& sentence) const {
    return std::equal(
        order.begin(), order.end(), sentence.beginnings.front().begin(),
        sentence.beginnings.front().end(), [&](int a, int b) {
          const CoreOperation& x = explanation_.operations[static_cast<std::size_t>(a)];
          const CoreOperation& y = explanation_.operations[static_cast<std::size_t>(b)];
          return x.name == y.name && x.answer == y.answer;
        });
  }

  /// The orders told of are all that there are, as far as the last sentence does not say otherwise.
  bool no_order_is_left() const {
    if (explanation_.operations.size() > kSentencesOperationsMost) return false;
    std::set<std::vector<int>> told;
    std::size_t groups = 0;
    for (const Sentence& sentence : explanation_.sentences) {
      told.insert(sentence.beginnings.begin(), sentence.beginnings.end());
      groups += sentence.rule == Rule::Order ? 1 : 0;
    }
    const std::vector<std::vector<int>> all = beginnings();
    return !all.empty() && (told.size() == all.size() || groups == kShownSentences);
  }

  bool is_contradiction() const {
    const std::vector<int>& numbers = explanation_.contradicting;
    if (numbers.empty()) return false;
    if (explanation_.contradiction == Rule::Cycle) {
      const int start = position(numbered(numbers.front()).before);
      return start >= 0 && leads(numbers, start, start);
    }
    const Rule rule = numbered(numbers.front()).rule;
    const bool is_final = rule == Rule::NoSource || rule == Rule::Count || rule == Rule::AllOrders;
    return numbers.size() == 1 && is_final && rule == explanation_.contradiction;
  }

  const Protocol& protocol_;
  const History& history_;
  const HistoryPart& part_;
  const Explanation& explanation_;
  std::optional<CellView> view_;
};

}  // namespace

std::optional<Failure> verify(const Protocol& protocol, const History& history,
                              const Explanation& explanation) {
  const std::vector<HistoryPart> parts = parts_of(protocol, history, explanation.object);
  const auto part = std::find_if(parts.begin(), parts.end(), [&](const HistoryPart& some) {
    return some.key == explanation.key;
  });
  if (part == parts.end()) return Failure{"the explanation is of another history"};
  for (const CoreOperation& operation : explanation.operations) {
    const bool is_there = std::binary_search(part->operations.begin(), part->operations.end(),
                                             operation.history_index);
    if (!is_there) return Failure{"the explanation is of another history"};
  }
  if (auto failure = RuleChecker(protocol, history, *part, explanation).check()) return failure;
  switch (FreeSearch(protocol, history, *part).search(said_facts(protocol, history, explanation))) {
    case FreeSearch::Answer::NoOrder:
      return std::nullopt;
    case FreeSearch::Answer::Order:
      return Failure{"the facts of the explanation do not contradict each other"};
    case FreeSearch::Answer::TooMany:
      break;
  }
  // Sentences by rules stand by themselves; a list of orders says nothing about the operations left
  // out of it.
  if (explanation.contradiction != Rule::AllOrders) return std::nullopt;
  return Failure{"the explanation is too large to be checked"};
}

}  // namespace capstan::checker
