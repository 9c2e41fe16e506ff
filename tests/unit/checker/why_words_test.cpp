// SPDX-License-Identifier: MIT
// why_words: the sentences of explanations are read as a person reads them, word by word, and held
// against the history: nothing of the data behind them is used. Objects are written out in specs.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <iostream>
#include <random>
#include <regex>
#include <set>

#include "checker/symbolic/why.hpp"
#include "model/system/object.hpp"
#include "tests/differential/history_generator.hpp"
#include "tests/support/spec_text.hpp"

using namespace capstan;
using checker::CoreOperation;
using checker::Explanation;
using model::History;
using model::HistoryOperation;
using model::Protocol;
using model::Value;

namespace {

/// Objects as people write them out: a queue, a lock, a map, a set read whole, a bounded counter.
const char* const kObjects[] = {
    "object o {\n"
    "  state items: seq of Value up to 4 = []\n"
    "  op push(v: Value) { if size(items) < 4 { items += [v] } }\n"
    "  op pop() -> Value? {\n"
    "    if items == [] { return none }\n"
    "    let first = items[1]\n"
    "    items = items[2..size(items)]\n"
    "    return first\n"
    "  }\n"
    "}\n",
    "object o {\n"
    "  state holder: Value? = none\n"
    "  op take(v: Value) -> bool {\n"
    "    if holder != none { return false }\n"
    "    holder = v\n"
    "    return true\n"
    "  }\n"
    "  op give(v: Value) -> bool {\n"
    "    if holder != v { return false }\n"
    "    holder = none\n"
    "    return true\n"
    "  }\n"
    "}\n",
    "object o {\n"
    "  state cells: map Value -> Value? = all none\n"
    "  op put(k: Value, v: Value) { cells[k] = v }\n"
    "  op at(k: Value) -> Value? { return cells[k] }\n"
    "}\n",
    "object o {\n"
    "  state items: set of Value = {}\n"
    "  op put(v: Value) { items += {v} }\n"
    "  op all_of() -> set of Value { return items }\n"
    "}\n",
    "object o[Value] {\n"
    "  state left: 0..3 = 2\n"
    "  op take() -> bool {\n"
    "    if left == 0 { return false }\n"
    "    left -= 1\n"
    "    return true\n"
    "  }\n"
    "  op left() -> 0..3 { return left }\n"
    "}\n"};

Protocol protocol_with(const std::string& object) {
  return tests::protocol_of("protocol words\ntype Value = 1..2\n" + object +
                            "role Client[4] { }\nscenario s { expect always true }\n");
}

/// Operations of up to four clients that overlap at random, with answers that are right for some
/// order, or drawn at random.
class Histories {
 public:
  Histories(const Protocol& protocol, std::uint64_t seed) : protocol_(protocol), random_(seed) {}

  History next() {
    const model::Object& object = protocol_.objects[0];
    History history;
    const int count = 2 + below(4);
    Value state = object.initial;
    for (int i = 0; i < count; ++i) {
      HistoryOperation operation;
      operation.process = i % 4;
      operation.object = 0;
      if (object.has_key) operation.key = Value::integer(1);
      operation.op = below(static_cast<int>(object.ops.size()));
      const model::ObjectOp& op = object.ops[static_cast<std::size_t>(operation.op)];
      for (const model::Type::Field& parameter : op.parameters)
        operation.args.push_back(any(parameter.type));
      operation.invoked = 3 * i - below(4);
      operation.responded = operation.invoked + 1 + below(5);
      const model::ObjectAnswer answer =
          model::apply(protocol_, 0, state, operation.op, operation.args);
      state = answer.state;
      operation.result = answer.result;
      if (op.has_result && below(3) == 0) operation.result = any(op.result);
      if (below(9) == 0) operation.responded = HistoryOperation::kNever;
      history.push_back(std::move(operation));
    }
    // Steps are numbers of their own: each event has one.
    std::vector<int*> events;
    for (HistoryOperation& operation : history) {
      events.push_back(&operation.invoked);
      if (!operation.is_pending()) events.push_back(&operation.responded);
    }
    std::stable_sort(events.begin(), events.end(), [](int* a, int* b) { return *a < *b; });
    for (std::size_t i = 0; i < events.size(); ++i) *events[i] = static_cast<int>(i) + 1;
    std::sort(history.begin(), history.end(),
              [](const auto& a, const auto& b) { return a.invoked < b.invoked; });
    return history;
  }

 private:
  int below(int bound) { return static_cast<int>(random_() % static_cast<std::uint64_t>(bound)); }
  Value any(model::TypeId type) {
    const std::vector<Value> all = protocol_.types.domain(type).value();
    return all[static_cast<std::size_t>(below(static_cast<int>(all.size())))];
  }

  const Protocol& protocol_;
  std::mt19937_64 random_;
};

/// Reads an explanation.
class Reader {
 public:
  Reader(const Protocol& protocol, const History& history, const Explanation& why)
      : protocol_(protocol), history_(history), why_(why) {}

  void read() {
    for (const checker::Sentence& sentence : why_.sentences) {
      INFO(sentence.number << ". " << sentence.text);
      const bool is_read = real_time(sentence.number, sentence.text) || returned(sentence.text) ||
                           order(sentence.text) || last(sentence.text);
      REQUIRE(is_read);
    }
    conclusion(why_.conclusion);
  }

 private:
  using Order = std::vector<int>;

  const HistoryOperation& at(int i) const {
    return history_[static_cast<std::size_t>(
        why_.operations[static_cast<std::size_t>(i)].history_index)];
  }
  const model::ObjectOp& op(int i) const {
    return protocol_.objects[0].ops[static_cast<std::size_t>(at(i).op)];
  }
  int count() const { return static_cast<int>(why_.operations.size()); }

  /// The one operation that is called so: by its long name, its short one, or its badge.
  int named(const std::string& text) const {
    int found = -1;
    for (int i = 0; i < count(); ++i) {
      const CoreOperation& each = why_.operations[static_cast<std::size_t>(i)];
      const bool is_it = text == each.long_name || text == each.badge || text == each.name ||
                         text == each.name + " (" + each.badge + ")";
      if (!is_it) continue;
      CHECK(found == -1);
      found = i;
    }
    INFO("who is " << text << "?");
    REQUIRE(found >= 0);
    return found;
  }

  std::string answer(int i) const { return protocol_.types.format(op(i).result, at(i).result); }

  bool real_time(int number, const std::string& text) {
    static const std::regex form(
        R"((.+) must come before (.+): it (was acknowledged|returned (.+)) \(step (\d+)\) before (.+) was called \(step (\d+)\)\.)");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return false;
    const int before = named(match[1]), after = named(match[2]);
    CHECK(named(match[6]) == after);
    CHECK(at(before).responded == std::stoi(match[5]));
    CHECK(at(after).invoked == std::stoi(match[7]));
    CHECK(at(before).responded < at(after).invoked);
    CHECK(op(before).has_result == (match[4].length() > 0));
    if (op(before).has_result) CHECK(answer(before) == match[4]);
    kept_[number] = {before, after};
    return true;
  }

  bool returned(const std::string& text) {
    static const std::regex form(R"((.+) \((\w+)\) returned (.+) \(step (\d+)\)\.)");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return false;
    const int who = named(match[2]);
    CHECK(named(match[1]) == who);
    CHECK(answer(who) == match[3]);
    CHECK(at(who).responded == std::stoi(match[4]));
    answers_.insert(who);
    return true;
  }

  /// "put(1), get (r)": names one after another.
  Order names(std::string text) const {
    Order order;
    while (!text.empty()) {
      std::size_t longest = 0;
      int who = -1;
      for (int i = 0; i < count(); ++i) {
        const CoreOperation& each = why_.operations[static_cast<std::size_t>(i)];
        for (const std::string& name :
             {each.name + " (" + each.badge + ")", each.name, each.badge}) {
          const bool is_here = text == name || text.starts_with(name + ", ");
          if (!is_here || name.size() <= longest) continue;
          longest = name.size();
          who = i;
        }
      }
      INFO("names: " << text);
      REQUIRE(who >= 0);
      order.push_back(who);
      text = text.size() == longest ? "" : text.substr(longest + 2);
    }
    return order;
  }

  std::string state_text(const Value& state) const {
    const model::Object& object = protocol_.objects[0];
    std::string text;
    for (std::size_t i = 0; i < object.states.size(); ++i)
      text += fmt::format("{}{} = {}", i == 0 ? "" : ", ", object.states[i].name,
                          protocol_.types.format(object.states[i].type, state.elements()[i]));
    return text;
  }

  model::ObjectAnswer apply(const Value& state, int i) const {
    return model::apply(protocol_, 0, state, at(i).op, at(i).args);
  }

  bool is_as_seen(int i, const Value& result) const {
    return at(i).is_pending() || !op(i).has_result || result == at(i).result;
  }

  /// The order as far as it is told: in real time, with nobody missing before somebody, right up to
  /// the last, which must return something else.
  Value walk(const Order& order) {
    Value state = protocol_.objects[0].initial;
    for (std::size_t k = 0; k < order.size(); ++k) {
      for (int i = 0; i < count(); ++i) {
        const auto place = std::find(order.begin(), order.end(), i) - order.begin();
        if (at(i).responded < at(order[k]).invoked) CHECK(place < static_cast<std::ptrdiff_t>(k));
      }
      const model::ObjectAnswer next = apply(state, order[k]);
      if (k + 1 == order.size()) CHECK_FALSE(is_as_seen(order[k], next.result));
      if (k + 1 < order.size()) state = next.state;
    }
    listed_.insert(order);
    return state;
  }

  bool order(const std::string& text) {
    static const std::regex form(
        R"((?:In the order (.+?)|With (.+?) first): (.+) (?:by then|at the start), so (.+) must return ([^;]+?)(?:; in the order (.+) likewise|; in (\d+) more orders of like operations likewise)?\.)");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return false;
    const Order order = names(match[1].matched ? match[1] : match[2]);
    CHECK(match[2].matched == (order.size() == 1));
    const Value state = walk(order);
    CHECK(state_text(state) == match[3]);
    CHECK(named(match[4]) == order.back());
    CHECK(protocol_.types.format(op(order.back()).result, apply(state, order.back()).result) ==
          match[5]);
    std::string others = match[6];
    while (!others.empty()) {
      const std::size_t end = others.find(", or ");
      walk(names(others.substr(0, end)));
      others = end == std::string::npos ? "" : others.substr(end + 5);
    }
    if (match[7].matched) uncounted_ += std::stoi(match[7]);
    return true;
  }

  /// Whether some order of all that was answered, and of some that was not, keeps what is said and
  /// explains the answers that are said; and with what such orders begin, up to where they break.
  void beginnings(Order& order, const Value& state, std::set<Order>& found) const {
    bool is_complete = true;
    for (int i = 0; i < count(); ++i)
      is_complete = is_complete && (at(i).is_pending() || contains(order, i));
    REQUIRE_FALSE(is_complete);
    for (int i = 0; i < count(); ++i) {
      const bool may_be_next =
          !contains(order, i) && std::all_of(kept_.begin(), kept_.end(), [&](const auto& kept) {
            return kept.second.second != i || contains(order, kept.second.first);
          });
      if (!may_be_next) continue;
      order.push_back(i);
      const model::ObjectAnswer next = apply(state, i);
      if (answers_.contains(i) && !is_as_seen(i, next.result))
        found.insert(order);
      else
        beginnings(order, next.state, found);
      order.pop_back();
    }
  }
  static bool contains(const Order& order, int i) {
    return std::find(order.begin(), order.end(), i) != order.end();
  }

  bool last(const std::string& text) {
    static const std::regex form(
        R"((Every order|No order|Each of the other orders)( of these (\d+) operations)?( that keeps? (.+?))? (begins like this, so none is left|begins differently, so none is left|breaks as well: (\d+) ways to begin in all)\.(?: The (?:one other update does|other (\d+) updates do) not help, wherever (?:it is|they are) placed\.)?)");
    std::smatch match;
    if (!std::regex_match(text, match, form)) return false;
    const int others = match[8].matched                             ? std::stoi(match[8])
                       : text.find("one other update") != text.npos ? 1
                                                                    : 0;
    CHECK(others == updates_outside());
    CHECK(match[2].matched == (others > 0));
    if (match[2].matched) CHECK(std::stoi(match[3]) == count());
    std::set<int> numbers;
    for (const auto& [number, pair] : kept_) numbers.insert(number);
    CHECK(numbers_in(match[5]) == numbers);
    Order order;
    std::set<Order> all;
    beginnings(order, protocol_.objects[0].initial, all);
    for (const Order& told : listed_) CHECK(all.contains(told));
    const auto told = static_cast<int>(listed_.size()) + uncounted_;
    if (match[7].matched)
      CHECK(std::stoi(match[7]) == static_cast<int>(all.size()));
    else
      CHECK(told == static_cast<int>(all.size()));
    CHECK((match[1] == "Every order") == (all.size() == 1));
    return true;
  }

  static std::set<int> numbers_in(const std::string& text) {
    static const std::regex number(R"(\d+)");
    std::set<int> numbers;
    for (auto at = std::sregex_iterator(text.begin(), text.end(), number);
         at != std::sregex_iterator(); ++at)
      numbers.insert(std::stoi(at->str()));
    return numbers;
  }

  int updates_outside() const {
    int outside = 0;
    for (std::size_t i = 0; i < history_.size(); ++i) {
      const bool is_named = std::any_of(
          why_.operations.begin(), why_.operations.end(),
          [i](const CoreOperation& each) { return each.history_index == static_cast<int>(i); });
      outside += !is_named && !model::is_read_only(protocol_.objects[0], history_[i].op) ? 1 : 0;
    }
    return outside;
  }

  void conclusion(const std::string& text) const {
    INFO(text);
    static const std::regex form(
        R"(No order is left\. Facts used: (\d+) of (\d+) \((?:(\d+) of real time)?(?:, )?(?:(\d+) answers?)?\)\.)");
    std::smatch match;
    REQUIRE(std::regex_match(text, match, form));
    const int of_time = match[3].matched ? std::stoi(match[3]) : 0;
    const int answers = match[4].matched ? std::stoi(match[4]) : 0;
    CHECK(of_time == static_cast<int>(kept_.size()));
    CHECK(answers == static_cast<int>(answers_.size()));
    CHECK(std::stoi(match[1]) == of_time + answers);
    int all = 0;
    for (const HistoryOperation& a : history_) {
      const auto& declared = protocol_.objects[0].ops[static_cast<std::size_t>(a.op)];
      if (a.is_pending() && model::is_read_only(protocol_.objects[0], a.op)) continue;
      all += !a.is_pending() && declared.has_result ? 1 : 0;
      for (const HistoryOperation& b : history_) {
        const bool is_left_out = b.is_pending() && model::is_read_only(protocol_.objects[0], b.op);
        all += !is_left_out && a.responded < b.invoked ? 1 : 0;
      }
    }
    CHECK(std::stoi(match[2]) == all);
  }

  const Protocol& protocol_;
  const History& history_;
  const Explanation& why_;
  std::map<int, std::pair<int, int>> kept_;  // by number of the sentence
  std::set<int> answers_;
  std::set<Order> listed_;
  int uncounted_ = 0;
};

}  // namespace

TEST_CASE("why: the sentences about objects of the spec are true, read word by word") {
  constexpr int kViolations = 400;
  for (std::size_t which = 0; which < std::size(kObjects); ++which) {
    const Protocol protocol = protocol_with(kObjects[which]);
    Histories histories(protocol, 100 + which);
    int explained = 0, sentences = 0;
    while (explained < kViolations) {
      const History history = histories.next();
      if (tests::is_linearizable_by_brute_force(protocol, history)) continue;
      const auto why = checker::explain_not_linearizable(protocol, history);
      if (!why) FAIL(why.failure().message);
      INFO("object " << which << ", violation " << explained << ": " << why.value().title);
      Reader(protocol, history, why.value()).read();
      CHECK_FALSE(checker::verify(protocol, history, why.value()).has_value());
      ++explained;
      sentences += static_cast<int>(why.value().sentences.size());
    }
    std::cout << "object " << which << ": " << explained << " explanations with " << sentences
              << " sentences read\n";
  }
}

TEST_CASE("why: a sentence whose words say something else is refused") {
  const Protocol protocol = protocol_with(kObjects[3]);
  HistoryOperation put, all_of;
  put.object = all_of.object = 0;
  put.process = 0;
  put.op = 0;
  put.args = {Value::integer(1)};
  put.invoked = 1;
  put.responded = 4;
  all_of.process = 1;
  all_of.op = 1;
  all_of.invoked = 5;
  all_of.responded = 8;
  all_of.result = Value::set({Value::integer(1), Value::integer(2)});
  const History history{put, all_of};
  const auto why = checker::explain_not_linearizable(protocol, history);
  REQUIRE(why.has_value());
  std::vector<std::string> texts;
  for (const checker::Sentence& sentence : why.value().sentences) texts.push_back(sentence.text);
  CHECK(texts ==
        std::vector<std::string>{
            "put(1) must come before all_of: it was acknowledged (step 4) before all_of was called "
            "(step 5).",
            "all_of (r) returned {1, 2} (step 8).",
            "In the order put(1), all_of: items = {1} by then, so all_of must return {1}.",
            "Every order that keeps 1 begins like this, so none is left."});
  CHECK(why.value().conclusion ==
        "No order is left. Facts used: 2 of 2 (1 of real time, 1 answer).");
  for (std::size_t i = 0; i < texts.size(); ++i) {
    Explanation bad = why.value();
    bad.sentences[i].text += " Or so.";
    CHECK(checker::verify(protocol, history, bad).has_value());
  }
  Explanation early = why.value();
  early.sentences[2].beginnings = {{1}};
  CHECK(checker::verify(protocol, history, early).has_value());
  Explanation miscounted = why.value();
  ++miscounted.core_size;
  CHECK(checker::verify(protocol, history, miscounted).has_value());
}
