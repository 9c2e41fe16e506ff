// SPDX-License-Identifier: MIT
// question: one obligation put to Z3: proved for everything, or refuted by values of the types.
//
// First in Scope::Every: unsatisfiable means proved. Else in Scope::Types, where every question is
// decidable: a model is decoded and evaluated again before it counts; no model means "not refuted
// within the types", never "proved". Budgets are steps of Z3, which are the same everywhere, with a
// clock as the outer guard. Other pairs of scopes are asked in the same way (`Scopes`). The simple
// solver, as the default one spends 7 to 45 ms on starting up.
// From: prove/semilattice, prove/commutes. Tested by: tests/unit/checker/prove
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/prove/execution.hpp"
#include "checker/prove/proof.hpp"
#include "checker/symbolic/z3_context.hpp"

namespace capstan::checker {

/// All that one question is put in terms of.
struct Setting {
  Setting(const model::Protocol& protocol, z3::context& context, Universe::Scope scope)
      : universe(protocol, context, scope), encoder(protocol, universe), execution(encoder) {}
  Setting(const Setting&) = delete;
  Setting& operator=(const Setting&) = delete;

  Universe universe;
  Encoder encoder;
  Execution execution;
};

/// What a model shows, after it was evaluated again; `note` says why it does not count.
struct Decoded {
  std::optional<Counterexample> counterexample;
  std::string note;
};

struct Question {
  std::vector<z3::expr> assumed;
  z3::expr goal;
  std::function<Decoded(const z3::model&)> decode{};
  /// Parts of the goal that are shown before it, one after another; each may use those before.
  std::vector<z3::expr> parts{};
  /// More that is assumed, where what is assumed above is not enough.
  std::vector<z3::expr> more_assumed{};
  /// What is nice to have of a model that is shown, one after another, as far as each is possible.
  std::vector<z3::expr> preferred{};
};

/// Where a question is put first, to be proved, and then, to be refuted.
struct Scopes {
  Universe::Scope first = Universe::Scope::Every;
  Universe::Scope second = Universe::Scope::Types;
  const char* beyond = "values beyond the types contradict it";  // only the first says no
  /// What can never be assumed is proved, and marked so; and what can be assumed in the second can
  /// be in the first, where it is harder to see.
  bool second_is_part_of_first = false;
};

/// Puts questions to Z3, and keeps the obligation that each becomes and the first counterexample.
class Prover {
 public:
  explicit Prover(const model::Protocol& protocol, Scopes scopes = {})
      : protocol_(protocol), scopes_(scopes) {}

  /// Puts the question; `build` is called once for each scope that is tried. Appends to
  /// `proof.obligations`; the first counterexample met is kept.
  using Builder = std::function<Question(Setting&)>;
  void ask(const std::string& name, const Builder& build);
  /// Whether what the question assumes can be true there; nullopt: that is not known.
  std::optional<bool> is_possible(Universe::Scope scope, const Builder& build);

  Proof proof;
  std::optional<Counterexample> counterexample;

 private:
  struct Answer {
    z3::check_result result = z3::unknown;
    bool is_possible = false;
    bool is_impossible = false;
    std::string reason;
    model::Span span{};
    Decoded decoded;
  };
  /// What is asked: whether what is assumed can be true, whether the goal follows.
  enum class Asked { Possibility, Goal, Both };
  Answer ask_in(Universe::Scope scope, Asked asked, const Builder& build);
  void put(z3::solver& solver, Universe::Scope scope, const Question& question, Answer& answer);
  void decide(Obligation& obligation, const Builder& build);
  void decide_possibility(Obligation& obligation, const Builder& build);
  void note_failure(Obligation& obligation, const Answer& first, Answer second);

  const model::Protocol& protocol_;
  Scopes scopes_;
  Z3Context z3_;
  z3::context& context_ = z3_.get();
};

}  // namespace capstan::checker
