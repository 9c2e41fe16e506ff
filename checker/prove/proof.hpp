// SPDX-License-Identifier: MIT
// proof: what Z3 proved or refuted, and how it may be shown: data for reports, nothing of Z3.
//
// From: prove/semilattice, prove/commutes. To: finding, reports.
#pragma once

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/source/source_file.hpp"

namespace capstan::checker {

/// One thing to prove, as "merging is commutative" or "`on Add` of `Replica` keeps it".
struct Obligation {
  enum class Status {
    Proved,   // for everything that `Proof::ranges_over` says
    Refuted,  // some values contradict it
    Bounded,  // nothing contradicts it among the values of the types; not proved
    Unknown   // neither; `note` says why
  };
  std::string name;
  Status status = Status::Unknown;
  std::string note;    // why not proved; may be empty
  model::Span span{};  // the code that the note speaks of; may be empty
  bool is_possible =
      false;  // what it assumes can be true: asked of Z3 too, or a proof is worthless
  bool is_impossible = false;  // of a step: no state that the claim allows lets it happen
  double milliseconds = 0;     // spent on it, all questions together
};

/// One state or copy of a counterexample.
struct ShownState {
  struct Row {
    std::string name, value;
    bool is_marked = false;  // where the difference lies
  };
  std::string title;  // "a", "merge(a, b)", "before"
  std::string note;   // what it is, under the title; may be empty
  std::vector<Row> rows;
};

/// An arrow from one state to another: "merged with b", "`on Add` of Replica 1".
struct ShownArrow {
  int from = 0, to = 0;
  std::string text;
};

struct ConcreteStep;

/// The states that contradict an obligation.
struct Counterexample {
  std::string title;  // one sentence: what went wrong
  std::string why;    // sentences
  std::vector<ShownState> states;
  std::vector<ShownArrow> arrows;
  std::pair<int, int> differ{-1, -1};        // the two that should be equal, if it is about that
  bool may_be_unreachable = false;           // no run is known that gets there
  bool is_unreachable = false;               // no run takes the step, by an attempt
  std::shared_ptr<const ConcreteStep> step;  // of `inductive`, for who wants to take it again
};

/// What was tried for a claim that is not inductive: to show it true of every state all the same.
struct Attempt {
  enum class Method { KInduction, Spacer } method = Method::KInduction;
  bool proves = false;
  int steps = 0;     // KInduction, if it proves it: so many in a row
  std::string text;  // a clause: "2 steps in a row keep it (k-induction)", or why none does
  std::vector<std::string> invariant{};  // Spacer, if it proves it: the conjuncts, as expressions
};

struct Proof {
  std::vector<Obligation> obligations;
  std::vector<Attempt> attempts{};  // of `inductive`, in order; nothing follows one that proves it
  std::string ranges_over;     // "all values, whatever the bounds, and any number of processes"
  std::string says_nothing{};  // a clause: why it is vacuous, as what it assumes is never true
};

/// The one that proves it; null: none does.
const Attempt* proof_among(const std::vector<Attempt>& attempts);
/// What is said of each, "...; ...".
std::string texts_of(const std::vector<Attempt>& attempts);

/// "proved", "refuted", "not refuted within the types", "undecided".
const char* word(Obligation::Status status);
/// "k-induction", "Spacer".
const char* word(Attempt::Method method);

}  // namespace capstan::checker
