// SPDX-License-Identifier: MIT
// orders: what becomes of every order of a core's operations: for the history picture, and as the
// reason itself where no rule fits.
//
// From: why, why_check. To: model/system/object.
// Cost: factorial in the core's operations (kOrdersOperationsMost bounds them).
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "checker/symbolic/explanation.hpp"
#include "checker/symbolic/wording.hpp"

namespace capstan::checker {

inline constexpr std::size_t kOrdersOperationsMost = 7;      // all orders, for the picture
inline constexpr std::size_t kSentencesOperationsMost = 12;  // beginnings of orders, for the text
inline constexpr std::size_t kBrokenOrdersMost = 20'000;

/// The core's operations with the object that they were asked of.
struct OrderProblem {
  const model::Protocol& protocol;
  const model::History& history;
  const std::vector<CoreOperation>& operations;
  /// The pairs (before, after) that an order must keep; null: all of real time.
  const std::vector<std::pair<int, int>>* kept_pairs = nullptr;
  /// By operation, whether its answer must be as the client saw it; null: all must.
  const std::vector<bool>* kept_answers = nullptr;

  const model::HistoryOperation& at(int i) const {
    return history[static_cast<std::size_t>(operations[static_cast<std::size_t>(i)].history_index)];
  }
  int object() const { return at(0).object; }
};

/// A beginning of an order that respects real time (or keeps `kept_pairs`), all of whose answers
/// but the last are right: every order in real time has one.
struct BrokenOrder {
  std::vector<int> operations;
  std::vector<model::Value> states;  // before each operation, the last one included
  std::optional<model::Value>
      must_return;  // of the last operation; nothing if it makes a model error
};

/// All of them; nothing if some order explains the answers, or if there are more than `most`.
std::optional<std::vector<BrokenOrder>> broken_orders(const OrderProblem& problem,
                                                      std::size_t most = kBrokenOrdersMost);

/// Fills in everything about orders, if there are few enough operations.
void add_orders(const OrderProblem& problem, const Wording& wording, Explanation& explanation);

/// Beginnings of orders as a proof: each order that keeps these facts has one of them.
struct OrderListing {
  std::vector<std::pair<int, int>> pairs;        // (before, after) in real time
  std::vector<int> answers;                      // operations whose answers are kept
  std::vector<std::vector<BrokenOrder>> groups;  // like beginnings together
  std::size_t beginnings = 0;                    // in all groups
};

/// The listing of all orders in real time, with no fact more than that takes; facts for which
/// `is_needed(first, second)` (second is -1 for an answer) holds stay. Nothing if there are too
/// many orders.
std::optional<OrderListing> list_orders(const OrderProblem& problem,
                                        const std::function<bool(int, int)>& is_needed);

/// The sentences that say of every order where it breaks, after those of the facts; the last one is
/// the contradiction. Their texts are not made yet (order_text, all_orders_text).
void add_order_sentences(const OrderListing& listing, const OrderProblem& problem,
                         Explanation& explanation);

/// How many groups of orders are told of; of the others the last sentence gives the number.
inline constexpr std::size_t kShownSentences = 6;

/// "In the order a, b: balance = 0 by then, so Client 2's withdraw(100) must return false.": of a
/// sentence of Rule::Order.
std::string order_text(const OrderProblem& problem, const Wording& wording,
                       const Sentence& sentence);
/// "No order that keeps 1 and 2 begins differently, so none is left.": of the last sentence.
/// `beginnings`: of all orders that keep the stated facts.
std::string all_orders_text(const Explanation& explanation, std::size_t beginnings);

}  // namespace capstan::checker
