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

/// All of them; nothing if some order explains the answers, or if there are more than
/// kBrokenOrdersMost.
std::optional<std::vector<BrokenOrder>> broken_orders(const OrderProblem& problem);

/// Fills in everything about orders, if there are few enough operations.
void add_orders(const OrderProblem& problem, const Wording& wording, Explanation& explanation);

/// The sentences that say of every order where it breaks, after those of the facts; the last one is
/// the contradiction. `other_updates`: how many updates of the part are outside the core. False if
/// there are too many operations.
bool add_order_sentences(const OrderProblem& problem, const Wording& wording, int other_updates,
                         Explanation& explanation);

}  // namespace capstan::checker
