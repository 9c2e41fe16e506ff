// SPDX-License-Identifier: MIT
// orders: see the header.
#include "checker/symbolic/orders.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <numeric>

#include "checker/symbolic/history_formula.hpp"
#include "model/system/object.hpp"

namespace capstan::checker {

using model::Value;

namespace {

constexpr std::size_t kShownInRealTime = 3;  // orders in the picture
constexpr std::size_t kPrunedMost = 400;     // orders of which facts are left out by trying

std::optional<model::ObjectAnswer> answer_of(const OrderProblem& problem, int i,
                                             const Value& state) {
  const model::HistoryOperation& operation = problem.at(i);
  try {
    return model::apply(problem.protocol, operation.object, state, operation.op, operation.args);
  } catch (const model::ModelError&) {
    return std::nullopt;  // an order that makes a model error explains nothing
  }
}

bool is_as_seen(const OrderProblem& problem, int i,
                const std::optional<model::ObjectAnswer>& answer) {
  if (answer && problem.kept_answers && !(*problem.kept_answers)[static_cast<std::size_t>(i)])
    return true;
  const model::HistoryOperation& operation = problem.at(i);
  const model::Object& object =
      problem.protocol.objects[static_cast<std::size_t>(operation.object)];
  const bool has_result = object.ops[static_cast<std::size_t>(operation.op)].has_result;
  return answer && (operation.is_pending() || !has_result || answer->result == operation.result);
}

Value initial_state(const OrderProblem& problem) {
  return problem.protocol.objects[static_cast<std::size_t>(problem.object())].initial;
}

class BrokenOrders {
 public:
  BrokenOrders(const OrderProblem& problem, std::size_t most)
      : problem_(problem), most_(most), is_placed_(problem.operations.size(), false) {}

  std::optional<std::vector<BrokenOrder>> find() {
    go_on(initial_state(problem_));
    if (is_over_) return std::nullopt;
    return std::move(found_);
  }

 private:
  bool may_be_next(int i) const {
    if (is_placed_[static_cast<std::size_t>(i)]) return false;
    if (problem_.kept_pairs) {
      return std::none_of(problem_.kept_pairs->begin(), problem_.kept_pairs->end(),
                          [&](const std::pair<int, int>& pair) {
                            return pair.second == i &&
                                   !is_placed_[static_cast<std::size_t>(pair.first)];
                          });
    }
    for (std::size_t j = 0; j < is_placed_.size(); ++j) {
      if (!is_placed_[j] && is_before(problem_.at(static_cast<int>(j)), problem_.at(i)))
        return false;
    }
    return true;
  }

  void go_on(const Value& state) {
    const int count = static_cast<int>(is_placed_.size());
    bool is_complete = true;
    for (int i = 0; i < count; ++i) {
      is_complete =
          is_complete && (is_placed_[static_cast<std::size_t>(i)] || problem_.at(i).is_pending());
    }
    is_over_ = is_over_ || is_complete || found_.size() > most_;
    here_.states.push_back(state);
    for (int i = 0; i < count && !is_over_; ++i) {
      if (!may_be_next(i)) continue;
      const auto answer = answer_of(problem_, i, state);
      here_.operations.push_back(i);
      if (is_as_seen(problem_, i, answer)) {
        is_placed_[static_cast<std::size_t>(i)] = true;
        go_on(answer->state);
        is_placed_[static_cast<std::size_t>(i)] = false;
      } else {
        found_.push_back(here_);
        if (answer) found_.back().must_return = answer->result;
      }
      here_.operations.pop_back();
    }
    here_.states.pop_back();
  }

  const OrderProblem& problem_;
  std::size_t most_;
  bool is_over_ = false;  // an order explains the answers, or there are too many
  std::vector<bool> is_placed_;
  BrokenOrder here_;
  std::vector<BrokenOrder> found_;
};

/// Calls `body` with every order of all answered and some of the pending operations.
void for_each_order(const OrderProblem& problem,
                    const std::function<void(const std::vector<int>&)>& body) {
  std::vector<int> pending;
  const int count = static_cast<int>(problem.operations.size());
  for (int i = 0; i < count; ++i) {
    if (problem.at(i).is_pending()) pending.push_back(i);
  }
  for (unsigned subset = 0; subset < 1U << pending.size(); ++subset) {
    std::vector<int> order;
    for (int i = 0; i < count; ++i) {
      const auto at = std::find(pending.begin(), pending.end(), i);
      const bool is_left_out = at != pending.end() && (subset >> (at - pending.begin()) & 1U) == 0;
      if (!is_left_out) order.push_back(i);
    }
    do {
      body(order);
    } while (std::next_permutation(order.begin(), order.end()));
  }
}

/// Pairs that stand against real time, as (late, early).
std::vector<std::pair<int, int>> against_real_time(const OrderProblem& problem,
                                                   const std::vector<int>& order) {
  std::vector<std::pair<int, int>> pairs;
  for (std::size_t a = 0; a < order.size(); ++a) {
    for (std::size_t b = a + 1; b < order.size(); ++b) {
      if (is_before(problem.at(order[b]), problem.at(order[a])))
        pairs.emplace_back(order[a], order[b]);
    }
  }
  return pairs;
}

/// States before, between and after the operations as far as the answers are right.
std::vector<Value> states_of(const OrderProblem& problem, const std::vector<int>& order) {
  std::vector<Value> states{initial_state(problem)};
  for (const int i : order) {
    const auto answer = answer_of(problem, i, states.back());
    if (!is_as_seen(problem, i, answer)) break;
    states.push_back(answer->state);
  }
  return states;
}

std::string badges(const OrderProblem& problem, const std::vector<int>& order) {
  std::vector<std::string> items;
  for (const int i : order) items.push_back(problem.operations[static_cast<std::size_t>(i)].badge);
  return fmt::format("{}", fmt::join(items, ", "));
}

/// The answers that the clients got, as the text calls them.
std::string answers_in_words(const OrderProblem& problem) {
  int reads = 0, answers = 0;
  for (std::size_t i = 0; i < problem.operations.size(); ++i) {
    const CoreOperation& operation = problem.operations[i];
    if (operation.answer.empty() || operation.answer == "ok") continue;
    ++answers;
    reads += operation.name == "read" ? 1 : 0;
  }
  if (answers == 1) return reads == 1 ? "the read" : "the answer";
  return reads == answers ? "the reads" : "the answers";
}

class OrderReport {
 public:
  OrderReport(const OrderProblem& problem, const Wording& wording, Explanation& explanation)
      : problem_(problem), wording_(wording), explanation_(explanation) {}

  void fill() {
    const auto found = broken_orders(problem_);
    if (!found) return;
    const std::vector<BrokenOrder>& broken = *found;
    for (const BrokenOrder& order : broken) {
      explanation_.longest_works =
          std::max(explanation_.longest_works, static_cast<int>(order.operations.size()) - 1);
    }
    std::vector<int> best;
    std::size_t best_against = 0;
    for_each_order(problem_, [&](const std::vector<int>& order) {
      ++explanation_.orders_total;
      const std::size_t against = against_real_time(problem_, order).size();
      if (against == 0) ++explanation_.orders_in_real_time;
      const bool is_better = best.empty() || against < best_against;
      if (against == 0 || !is_better || states_of(problem_, order).size() <= order.size()) return;
      best = order;
      best_against = against;
    });
    add_in_real_time(broken);
    if (!best.empty()) add_explaining(best);
    summarise(!best.empty());
  }

 private:
  /// The broken beginnings that go furthest, each filled up to a whole order.
  void add_in_real_time(std::vector<BrokenOrder> broken) {
    std::stable_sort(broken.begin(), broken.end(), [](const BrokenOrder& a, const BrokenOrder& b) {
      return a.operations.size() > b.operations.size();
    });
    if (broken.size() > kShownInRealTime) broken.resize(kShownInRealTime);
    for (const BrokenOrder& beginning : broken) {
      TriedOrder order;
      order.operations = beginning.operations;
      fill_up(order.operations);
      for (const Value& state : beginning.states) order.states.push_back(wording_.state(state));
      order.breaks_at = static_cast<int>(beginning.operations.size()) - 1;
      const int last = beginning.operations.back();
      const CoreOperation& failing = problem_.operations[static_cast<std::size_t>(last)];
      order.must_return =
          beginning.must_return ? wording_.result(last, *beginning.must_return) : "";
      order.returned = failing.answer;
      order.title = "Order " + badges(problem_, order.operations);
      order.subtitle = "respects real time";
      order.text = order.must_return.empty()
                       ? fmt::format("{} makes a model error", failing.badge)
                       : fmt::format("{} must return {}, the client got {}", failing.badge,
                                     order.must_return, order.returned);
      explanation_.orders.push_back(std::move(order));
    }
  }

  void fill_up(std::vector<int>& order) const {
    const int count = static_cast<int>(problem_.operations.size());
    std::vector<int> rest;
    for (int i = 0; i < count; ++i) {
      const bool is_there = std::find(order.begin(), order.end(), i) != order.end();
      if (!is_there && !problem_.at(i).is_pending()) rest.push_back(i);
    }
    // By response: an operation answered before another is called stands before it.
    std::stable_sort(rest.begin(), rest.end(), [&](int a, int b) {
      return problem_.at(a).responded < problem_.at(b).responded;
    });
    order.insert(order.end(), rest.begin(), rest.end());
  }

  void add_explaining(const std::vector<int>& operations) {
    TriedOrder order;
    order.operations = operations;
    for (const Value& state : states_of(problem_, operations))
      order.states.push_back(wording_.state(state));
    order.respects_real_time = false;
    const auto pairs = against_real_time(problem_, operations);
    order.late = pairs.front().first;
    order.early = pairs.front().second;
    const CoreOperation& late = problem_.operations[static_cast<std::size_t>(order.late)];
    const CoreOperation& early = problem_.operations[static_cast<std::size_t>(order.early)];
    order.title = "Order " + badges(problem_, operations);
    order.subtitle = "explains " + answers_in_words(problem_);
    order.text = fmt::format(
        "{} would have to take effect before it was called (step {}), even before {} replied "
        "(step {})",
        late.badge, late.invoked, early.badge, early.responded);
    explanation_.orders.push_back(std::move(order));
  }

  void summarise(bool has_explaining) {
    const int total = explanation_.orders_total, kept = explanation_.orders_in_real_time;
    const std::string answers = answers_in_words(problem_);
    std::string& summary = explanation_.orders_summary;
    if (total == 1)
      summary = fmt::format("The only order does not explain {}.", answers);
    else if (kept == 1)
      summary = fmt::format("1 of {} orders respects real time, and it does not explain {}.", total,
                            answers);
    else
      summary = fmt::format("{} of {} orders respect real time, and none explains {}.", kept, total,
                            answers);
    summary += fmt::format(" Longest order that works: {} of {} operations.",
                           explanation_.longest_works, problem_.operations.size());
    if (const int others = explanation_.updates_left_out; others > 0)
      summary += others == 1
                     ? " One more update is left out: it does not help, wherever it is placed."
                     : fmt::format(
                           " {} more updates are left out: they do not help, wherever they "
                           "are placed.",
                           others);
    if (kept < total) {
      const std::string others = total - kept == 1
                                     ? "The other one breaks real time"
                                     : fmt::format("The other {} break real time", total - kept);
      explanation_.orders_conclusion.push_back(
          has_explaining ? others + "."
                         : fmt::format("{}, and would not explain {} either.", others, answers));
    }
    std::vector<std::string> names;
    for (const CoreOperation& operation : problem_.operations) names.push_back(operation.badge);
    explanation_.orders_conclusion.push_back(fmt::format(
        "So no order of {} both respects real time and explains {}.", listed(names), answers));
    if (names.size() == 1) {
      explanation_.orders_conclusion.back() = fmt::format("So nothing explains {}.", answers);
    }
  }

  const OrderProblem& problem_;
  const Wording& wording_;
  Explanation& explanation_;
};

}  // namespace

std::optional<std::vector<BrokenOrder>> broken_orders(const OrderProblem& problem,
                                                      std::size_t most) {
  return BrokenOrders(problem, most).find();
}

void add_orders(const OrderProblem& problem, const Wording& wording, Explanation& explanation) {
  if (problem.operations.size() <= kOrdersOperationsMost)
    OrderReport(problem, wording, explanation).fill();
}

namespace {

/// "In the order a, b: balance = 0 by then, so Client 2's withdraw(100) must return false"
std::string told(const OrderProblem& problem, const Wording& wording, const BrokenOrder& order) {
  std::vector<std::string> names;
  for (const int i : order.operations) names.push_back(wording.short_name(i));
  const int last = order.operations.back();
  const std::string& reader = problem.operations[static_cast<std::size_t>(last)].long_name;
  const std::string state = wording.state(order.states.back());
  const bool is_first = names.size() == 1;
  const std::string lead = is_first ? fmt::format("With {} first", names.front())
                                    : fmt::format("In the order {}", fmt::join(names, ", "));
  if (!order.must_return)
    return fmt::format("{}: from {}, {} makes a model error", lead, state, reader);
  const std::string result = wording.result(last, *order.must_return);
  if (state.empty()) return fmt::format("{}: {} must return {}", lead, reader, result);
  return fmt::format("{}: {} {}, so {} must return {}", lead, state,
                     is_first ? "at the start" : "by then", reader, result);
}

/// What is equal in orders that differ only in which of several like operations comes where.
std::string likeness(const OrderProblem& problem, const BrokenOrder& order) {
  std::string text;
  for (const int i : order.operations) {
    const CoreOperation& operation = problem.operations[static_cast<std::size_t>(i)];
    text += fmt::format("{} {}; ", operation.name, operation.answer);
  }
  return text;
}

Sentence& add_sentence(Explanation& explanation, Rule rule) {
  Sentence sentence;
  sentence.number = static_cast<int>(explanation.sentences.size()) + 1;
  sentence.rule = rule;
  explanation.sentences.push_back(std::move(sentence));
  return explanation.sentences.back();
}

/// Whether both are the same beginnings.
bool is_same(const std::vector<BrokenOrder>& a, const std::vector<BrokenOrder>& b) {
  return std::equal(
      a.begin(), a.end(), b.begin(), b.end(),
      [](const BrokenOrder& x, const BrokenOrder& y) { return x.operations == y.operations; });
}

/// Finds the facts that a listing takes.
class Lister {
 public:
  Lister(const OrderProblem& problem, const std::function<bool(int, int)>& is_needed)
      : problem_(problem), is_needed_(is_needed), kept_(problem.operations.size()) {
    const int count = static_cast<int>(problem.operations.size());
    const model::Object& object =
        problem.protocol.objects[static_cast<std::size_t>(problem.object())];
    for (int i = 0; i < count; ++i) {
      const bool has_result = object.ops[static_cast<std::size_t>(problem.at(i).op)].has_result;
      kept_[static_cast<std::size_t>(i)] = has_result && !problem.at(i).is_pending();
      for (int j = 0; j < count; ++j)
        if (is_before(problem.at(i), problem.at(j))) pairs_.emplace_back(i, j);
    }
  }

  std::optional<OrderListing> list() {
    found_ = find(kBrokenOrdersMost);
    if (!found_) return std::nullopt;
    if (found_->size() <= kPrunedMost) leave_out();
    OrderListing listing;
    listing.pairs = pairs_;
    for (std::size_t i = 0; i < kept_.size(); ++i)
      if (kept_[i]) listing.answers.push_back(static_cast<int>(i));
    listing.beginnings = found_->size();
    std::vector<std::string> names;
    for (BrokenOrder& order : *found_) {
      const std::string name = likeness(problem_, order);
      const auto at = std::find(names.begin(), names.end(), name) - names.begin();
      if (static_cast<std::size_t>(at) == names.size()) {
        names.push_back(name);
        listing.groups.emplace_back();
      }
      listing.groups[static_cast<std::size_t>(at)].push_back(std::move(order));
    }
    return listing;
  }

 private:
  std::optional<std::vector<BrokenOrder>> find(std::size_t most) const {
    OrderProblem problem = problem_;
    problem.kept_pairs = &pairs_;
    problem.kept_answers = &kept_;
    return broken_orders(problem, most);
  }

  bool is_still_listed() const {
    const auto now = find(found_->size());
    return now && is_same(*now, *found_);
  }

  /// Without each fact in turn: if the beginnings stay the same, it is not needed.
  void leave_out() {
    for (std::size_t i = 0; i < kept_.size(); ++i) {
      if (!kept_[i] || is_needed_(static_cast<int>(i), -1)) continue;
      kept_[i] = false;
      kept_[i] = !is_still_listed();
    }
    for (std::size_t i = 0; i < pairs_.size();) {
      const std::pair<int, int> pair = pairs_[i];
      if (is_needed_(pair.first, pair.second)) {
        ++i;
        continue;
      }
      pairs_.erase(pairs_.begin() + static_cast<std::ptrdiff_t>(i));
      if (is_still_listed()) continue;
      pairs_.insert(pairs_.begin() + static_cast<std::ptrdiff_t>(i), pair);
      ++i;
    }
  }

  const OrderProblem& problem_;
  const std::function<bool(int, int)>& is_needed_;
  std::vector<std::pair<int, int>> pairs_;
  std::vector<bool> kept_;
  std::optional<std::vector<BrokenOrder>> found_;
};

}  // namespace

std::optional<OrderListing> list_orders(const OrderProblem& problem,
                                        const std::function<bool(int, int)>& is_needed) {
  if (problem.operations.size() > kSentencesOperationsMost) return std::nullopt;
  return Lister(problem, is_needed).list();
}

void add_order_sentences(const OrderListing& listing, const OrderProblem& problem,
                         Explanation& explanation) {
  for (std::size_t i = 0; i < listing.groups.size() && i < kShownSentences; ++i) {
    Sentence& sentence = add_sentence(explanation, Rule::Order);
    for (const BrokenOrder& order : listing.groups[i])
      sentence.beginnings.push_back(order.operations);
    sentence.reader = sentence.beginnings.front().back();
    sentence.to_step = problem.at(sentence.reader).responded;
  }
  Sentence& last = add_sentence(explanation, Rule::AllOrders);
  for (int number = 1; number < last.number; ++number) last.premises.push_back(number);
  explanation.contradiction = Rule::AllOrders;
  explanation.contradicting = {last.number};
}

std::string order_text(const OrderProblem& problem, const Wording& wording,
                       const Sentence& sentence) {
  BrokenOrder first;
  first.operations = sentence.beginnings.front();
  first.states.push_back(initial_state(problem));
  for (const int i : first.operations) {
    const auto answer = answer_of(problem, i, first.states.back());
    if (i != first.operations.back() && answer)
      first.states.push_back(answer->state);
    else if (answer)
      first.must_return = answer->result;
  }
  std::string text = told(problem, wording, first);
  std::vector<std::string> others;
  for (std::size_t k = 1; k < sentence.beginnings.size(); ++k)
    others.push_back(badges(problem, sentence.beginnings[k]));
  if (others.size() > 3)
    text += fmt::format("; in {} more orders of like operations likewise", others.size());
  else if (!others.empty())
    text += fmt::format("; in the order {} likewise", fmt::join(others, ", or "));
  return text + ".";
}

std::string all_orders_text(const Explanation& explanation, std::size_t beginnings) {
  std::vector<int> kept;
  std::size_t shown = 0;
  for (const Sentence& sentence : explanation.sentences) {
    if (sentence.rule == Rule::RealTime) kept.push_back(sentence.number);
    shown += sentence.beginnings.size();
  }
  const int others = explanation.updates_left_out;
  const std::string of_whom =
      others == 0 ? "" : fmt::format(" of these {} operations", explanation.operations.size());
  const std::string that = kept.empty() ? "" : fmt::format(" that keeps {}", listed(kept));
  std::string text =
      fmt::format("No order{}{} begins differently, so none is left.", of_whom, that);
  if (beginnings == 1)
    text = fmt::format("Every order{}{} begins like this, so none is left.", of_whom, that);
  if (shown < beginnings) {
    text = fmt::format("Each of the other orders{}{} breaks as well: {} ways to begin in all.",
                       of_whom, kept.empty() ? "" : fmt::format(" that keep {}", listed(kept)),
                       beginnings);
  }
  if (others == 1) text += " The one other update does not help, wherever it is placed.";
  if (others > 1)
    text += fmt::format(" The other {} updates do not help, wherever they are placed.", others);
  return text;
}

}  // namespace capstan::checker
