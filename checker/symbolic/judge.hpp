// SPDX-License-Identifier: MIT
// judge: whether a history is linearizable, decided by Z3 apart from the monitor.
//
// From: checker/check (each violation is confirmed; `--audit` asks for every distinct history),
// tests. To: history_formula. *Linearizable* comes with an order for each object and key, read out
// of Z3's model and replayed by `explains`, which needs no trust in the formula. *Not linearizable*
// rests on Z3's "unsatisfiable"; symbolic/why turns it into sentences that are checked without Z3.
// Cost: 2,600 to 9,900 histories of six operations a second and thread, written-out objects 1,000.
// Tested by: tests/unit/checker/symbolic_judge_test.cpp,
// tests/differential/linearizability_test.cpp
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <unordered_map>
#include <vector>

#include "checker/symbolic/history_formula.hpp"
#include "checker/symbolic/solver.hpp"
#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

struct Judgement {
  enum class Verdict { Linearizable, NotLinearizable, Undecided };
  /// An order of operations of one object and key (positions in the history) that explains their
  /// answers.
  struct Certificate {
    int object = -1;
    model::Value key;
    std::vector<int> order;
  };
  Verdict verdict = Verdict::Undecided;
  std::vector<Certificate> certificates;  // Linearizable: one for each object and key
  int object = -1;  // NotLinearizable: the first object and key without an order
  model::Value key;
  std::string reason;  // Undecided
};

/// The certificate checker: `order` holds each answered operation of the object and key once, and
/// pending ones at most once; none is placed before one that was answered before it was called; the
/// object, asked in this order, gives the answers that the clients got.
bool explains(const model::Protocol& protocol, const model::History& history,
              const Judgement::Certificate& certificate);

/// Judges any number of histories of one protocol. Not thread-safe.
class Judge {
 public:
  explicit Judge(const model::Protocol& protocol, Solver::Budget budget = {});

  /// Of all objects, or of one.
  Judgement judge(const model::History& history, int object = -1);

 private:
  Judgement::Verdict judge_part(const model::History& history, const HistoryPart& part,
                                Judgement& judgement);

  const model::Protocol& protocol_;
  Solver::Budget budget_;
  std::unique_ptr<Solver> solver_;
  std::uint32_t judged_ = 0;  // by this solver
};

/// One history, with a solver of its own.
Judgement judge_linearizable(const model::Protocol& protocol, const model::History& history);

/// For `--audit`: judges very many histories by judging each of their canonical forms once. Two
/// histories of a part have one form if they differ in the clients' names, in the positions of
/// events that leave real-time order as it is, or (for objects that only copy and compare values)
/// in the names of the values.
class BatchJudge {
 public:
  explicit BatchJudge(const model::Protocol& protocol, Solver::Budget budget = {});

  Judgement::Verdict judge(const model::History& history, int object = -1);

  std::uint64_t history_count() const { return histories_; }
  std::uint64_t form_count() const { return forms_.size(); }
  /// Why the last Undecided was so.
  const std::string& reason() const { return reason_; }

 private:
  const model::Protocol& protocol_;
  Judge judge_;
  std::unordered_map<std::string, Judgement::Verdict> forms_;
  std::uint64_t histories_ = 0;
  std::string reason_;
};

/// The canonical form of a part of a history (see BatchJudge).
std::string canonical_form(const model::Protocol& protocol, const model::History& history,
                           const HistoryPart& part);

}  // namespace capstan::checker
