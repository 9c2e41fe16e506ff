// SPDX-License-Identifier: MIT
// history_generator: protocols with one object of each kind, histories over them (all small ones,
// or random), and linearizability by trying all orders. For tests only.
#pragma once

#include <cstdint>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::tests {

/// One object of every built-in kind, and an account written out: `withdraw(n) -> bool`,
/// `deposit(n)`, `balance() -> int`.
model::Protocol make_object_protocol(model::ObjectKind kind, int clients = 4);

/// "register", "cas_register", ...
std::string kind_name(model::ObjectKind kind);
const std::vector<model::ObjectKind>& all_kinds();

struct RandomHistoryOptions {
  int operations_least = 4;
  int operations_most = 6;
  double wrong_answer = 0.25;  // chance that an answer is drawn at random instead of computed
  double fail = 0.06;
  double info = 0.10;
  double left_pending = 0.10;  // chance that an operation is never ended
};

/// A history of object 0 in which clients have one operation at a time. Answers come from an object
/// that applies each operation at one moment, or at random; so both verdicts are frequent.
std::vector<model::HistoryEvent> random_events(const model::Protocol& protocol,
                                               std::mt19937_64& random,
                                               const RandomHistoryOptions& options = {});

/// Calls `body` with every register history of `count` operations: all distinct real-time orders of
/// operations in order of invocation (factorial of count many; with `pending` also those in which
/// some never end), all choices of write 1, write 2, read 0, read 1, read 2. Each operation has a
/// client of its own.
void for_each_register_history(
    int count, bool pending,
    const std::function<void(const std::vector<model::HistoryEvent>&)>& body);

/// Whether some order of all answered operations and of some pending ones keeps real time and gives
/// the answers: all orders of all subsets.
bool is_linearizable_by_brute_force(const model::Protocol& protocol, const model::History& history);

/// One line an operation, for failure messages.
std::string describe(const model::Protocol& protocol,
                     const std::vector<model::HistoryEvent>& events);

}  // namespace capstan::tests
