// SPDX-License-Identifier: MIT
// question: one obligation put to Z3: proved for everything, or refuted by values of the types.
//
// First in Scope::Every: unsatisfiable means proved. Else in Scope::Types, where every question is
// decidable: a model is decoded and evaluated again before it counts; no model means "not refuted
// within the types", never "proved". Budgets are steps of Z3, which are the same everywhere, with a
// clock as the outer guard. The simple solver, as the default one spends 7 to 45 ms on starting up.
// From: prove/semilattice, prove/commutes. Tested by: tests/unit/checker/prove
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "checker/prove/execution.hpp"
#include "checker/prove/proof.hpp"

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
  std::function<Decoded(const z3::model&)> decode;
};

class Questions {
 public:
  explicit Questions(const model::Protocol& protocol) : protocol_(protocol) {}

  /// Puts the question; `build` is called once for each scope that is tried. Appends to
  /// `proof.obligations`; the first counterexample met is kept.
  void ask(const std::string& name, const std::function<Question(Setting&)>& build);

  Proof proof;
  std::optional<Counterexample> counterexample;

 private:
  struct Answer {
    z3::check_result result = z3::unknown;
    bool is_possible = false;
    std::string reason;
    model::Span span{};
    Decoded decoded;
  };
  Answer ask_in(Universe::Scope scope, const std::function<Question(Setting&)>& build);
  void decide(Obligation& obligation, const std::function<Question(Setting&)>& build);

  const model::Protocol& protocol_;
  z3::context context_;
};

}  // namespace capstan::checker
