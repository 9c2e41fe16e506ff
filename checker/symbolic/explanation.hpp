// SPDX-License-Identifier: MIT
// explanation: why a history is not linearizable, as data: numbered sentences for people, and what
// is needed to draw and to check them.
//
// From: symbolic/why. To: reports/ (text, space-time diagram, history picture, JSON). All texts are
// finished sentences without a number in front and without a full stop missing; nothing here has to
// be computed again. Steps are the step numbers that stand in the history given (`invoked` and
// `responded`). Operations are named by their index into Explanation::operations, which holds those
// of the core only.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "model/behaviour/history.hpp"

namespace capstan::checker {

/// An operation that the contradiction needs.
struct CoreOperation {
  int history_index = -1;  // into the history that was explained
  std::string badge;       // one letter: "a", "b", ... for updates, "r", "s", ... for reads; unique
  std::string name;        // "write(2)", "withdraw(100)", "read"
  std::string long_name;   // as sentences call it: the name, with as much as tells it from the
                           // others: "Client 2's read"
  std::string answer;      // "ok", "2", "true"; empty while pending
  bool is_read = false;    // cannot change the object
  int process = -1;
  int invoked = 0;    // step
  int responded = 0;  // step; HistoryOperation::kNever while pending
};

/// `before` must come before `after` in every order that explains what the clients saw.
struct CoreEdge {
  int before = -1, after = -1;  // into Explanation::operations
  int sentence = 0;             // the number of the sentence that says so
  friend bool operator==(const CoreEdge&, const CoreEdge&) = default;
};

enum class Rule {
  RealTime,    // before -> after: one was answered before the other was called
  Source,      // before -> after: `after` returned what only `before` can have given it
  NotBetween,  // before -> after: else `reader` would not return what it returned (its source is
               // overwritten)
  Initial,     // before -> after: `before` returned the initial value, so an update `after` that
               // changes it cannot be before
  SourceExcluded,  // not an edge: `before` is not the source of `reader`: it comes too late, or was
                   // overwritten (premises say by whom); before is -1 for the initial value
  NoSource,  // `reader` returned what nothing (left) can have given it: a contradiction by itself
  Cycle,     // the premises together put an operation before itself: a contradiction
  Count,  // `reader` returned a number that the operations that come before it cannot add up to: a
          // contradiction
  Returned,  // a fact: `reader` returned its answer
  Order,     // beginnings of orders of the operations, like each other, and where they break
  AllOrders  // every order breaks: a contradiction
};

/// One line of the reasoning.
struct Sentence {
  int number = 0;  // from 1
  Rule rule = Rule::RealTime;
  std::string text;
  int before = -1;  // operations, if it says that one must come before the other (see is_edge)
  int after = -1;
  int reader = -1;  // the operation whose answer is the reason, if there is one
  int source = -1;  // NotBetween: the update that `reader` got its answer from
  int cell = -1;    // of a set: which element of those that occur it is about
  /// Order: the beginnings that it tells of, as operations in the order tried; in each the last one
  /// must return something else than it did.
  std::vector<std::vector<int>> beginnings;
  std::vector<int> premises;         // the numbers of earlier sentences that it uses
  int from_step = -1, to_step = -1;  // the bracket beside the story: RealTime has both; others the
                                     // reader's answer in to_step; -1: none

  bool is_edge() const {
    return rule == Rule::RealTime || rule == Rule::Source || rule == Rule::NotBetween ||
           rule == Rule::Initial;
  }
};

/// An order of the core's operations and what the object does in it, for the history picture.
struct TriedOrder {
  std::vector<int> operations;  // into Explanation::operations, in the order tried; pending ones
                                // that are left out do not occur
  std::vector<std::string> states;  // the object's state before the first, between and after them,
                                    // as far as the order goes without breaking
  bool respects_real_time = true;
  /// Respects real time: position in `operations` of the first that returns something else than the
  /// client got; -1 if the order explains all answers. (In an order that breaks real time all
  /// answers are explained: it is shown for that.)
  int breaks_at = -1;
  std::string must_return;  // what operations[breaks_at] returns in this order
  std::string returned;     // what the client got
  /// Breaks real time: operations[late] stands before operations[early], which was answered before
  /// the other was called.
  int late = -1, early = -1;
  std::string title;     // "Order b, a, r"
  std::string subtitle;  // "respects real time", "explains the read"
  std::string text;  // "r must return 2, but the client got 1", "a would have to take effect before
                     // it was called (step 8), ..."
};

struct Explanation {
  std::string title;    // what went wrong, one sentence: "Client 2 reads none after write(1) was
                        // acknowledged"
  std::string subject;  // the object, and the key if it has keys: "x", "x[photo]"
  int object = -1;
  model::Value key;
  std::vector<CoreOperation> operations;  // in order of invocation
  std::vector<Sentence> sentences;   // numbered lines; those of Rule::NoSource, Count and AllOrders
                                     // are a contradiction by themselves
  Rule contradiction = Rule::Cycle;  // Cycle, NoSource, Count or AllOrders
  std::vector<int> contradicting;    // numbers of the sentences that contradict each other (Cycle),
                                     // or of the one that cannot be
  std::vector<CoreEdge> cycle;  // the arrows to draw: RealTime and derived edges among the core's
                                // operations that form the cycle
  std::string conclusion;  // "1 and 3 contradict each other. Facts used: 3 of 9 (2 of real time, 1
                           // answer)."
  int core_size = 0;       // facts that the sentences state or start from
  int fact_count = 0;      // facts in all: who was answered before whom, and what each returned
  int updates_left_out = 0;  // updates of the object that are not among `operations`: wherever they
                             // are placed, they do not help
  /// Updates that ended by `fail`, and so count as never having happened.
  std::vector<model::HistoryOperation> failed;
  std::string note;  // what else a reader should know: what the failed updates have to do with it;
                     // may be empty
  std::vector<TriedOrder> orders;  // at most a few: first those that respect real time, then those
                                   // that would explain the answers
  int orders_total = 0;            // of `operations`
  int orders_in_real_time = 0;     // of these
  int longest_works =
      0;  // operations of the longest beginning of an order in real time that explains its answers
  std::string orders_summary;  // "1 of 6 orders respects real time, and it does not explain the
                               // read. Longest order that works: 2 of 3 operations."
  std::vector<std::string>
      orders_conclusion;  // closing lines of the history picture; the last one is the verdict
};

}  // namespace capstan::checker
