// SPDX-License-Identifier: MIT
// encoder: the expressions of a spec as terms over values that may be anything.
//
// The same meaning as system/evaluate, clause by clause, which stays the judge: every refutation is
// evaluated again there, and the tests compare the two on all values of small types. What ends in
// a model error is noted (`errors`) under the condition that it is reached; proofs are about what
// does not.
// From: typed/protocol. To: prove/execution, prove/obligations. Throws CannotEncode.
// Tested by: tests/unit/checker/prove
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "checker/prove/universe.hpp"

namespace capstan::checker {

/// What properties see: every process, and what is in flight.
struct Whole {
  std::vector<std::vector<TermPtr>> variables{};  // by process
  std::vector<TermPtr> in_flight{};  // by message: a set; null where nobody asks for it
  std::vector<TermPtr> is_live{};    // by process
  std::vector<TermPtr> readings{};   // by process: what its clock shows; null without clocks
};

/// What code sees: as system/evaluate's Environment.
struct Scene {
  std::vector<TermPtr> locals{};
  std::vector<TermPtr> variables{};
  std::vector<TermPtr> ghosts{};
  TermPtr self{}, sender{}, now{};
  std::shared_ptr<const Whole> whole{};  // properties only
  z3::expr path;                         // the condition under which control is here

  explicit Scene(const Universe& universe) : path(universe.truth(true)) {}
};

class Encoder {
 public:
  Encoder(const model::Protocol& protocol, Universe& universe)
      : protocol_(protocol), universe_(universe) {}

  TermPtr evaluate(const model::Expr& expr, const Scene& scene);
  z3::expr truth(const model::Expr& expr, const Scene& scene);
  /// For each binding of the binders that satisfies `where`: all of them, or some.
  z3::expr bound(const std::vector<model::Binder>& binders, const model::Expr* where,
                 const Scene& scene, bool for_all,
                 const std::function<z3::expr(const Scene&)>& body);

  /// Notes that evaluation ends in a model error here if `error` holds.
  void note_error(const Scene& scene, const z3::expr& error);
  /// Whether what was evaluated so far met no model error.
  z3::expr no_error() const;
  /// What values that were introduced on the way are (the greatest of a set, what `any` gave): to
  /// be assumed.
  const std::vector<z3::expr>& definitions() const { return definitions_; }

  void define(const z3::expr& fact) { definitions_.push_back(fact); }

  /// Which model errors are noted of an `every` or `some` that is decided by one binding while
  /// another has none: those that are certainly met, or all that may be.
  enum class Errors { Certain, All };
  /// A condition that somebody asks for, with the model errors of evaluating it apart from all
  /// others: whether it has a value, and is true. What is assumed takes the errors that are
  /// certain, what is to be shown all.
  z3::expr judged(const model::Expr& condition, const Scene& scene,
                  Errors errors = Errors::Certain);
  /// A value with the model errors of evaluating it apart from all others, and whether it has one.
  std::pair<TermPtr, z3::expr> value_of(const model::Expr& expr, const Scene& scene);
  /// From now on the param is this, whatever it is at the point.
  void set_param(int index, TermPtr value) { params_[index] = std::move(value); }
  /// Forgets which evaluations read `now`; the conditions under which one did since then.
  void forget_reads() { reads_.clear(); }
  const std::vector<z3::expr>& reads() const { return reads_; }

  /// While one lives, errors are not noted: what is evaluated now is evaluated once more, or for a
  /// value that a quantifier binds.
  class Muted {
   public:
    explicit Muted(Encoder& encoder) : encoder_(encoder) {
      ++encoder_.muted_;
      ++encoder_.depth_;
    }
    ~Muted() {
      --encoder_.muted_;
      --encoder_.depth_;
    }
    Muted(const Muted&) = delete;
    Muted& operator=(const Muted&) = delete;

   private:
    Encoder& encoder_;
  };

  Universe& universe() const { return universe_; }
  const model::Protocol& protocol() const { return protocol_; }

 private:
  TermPtr dispatch(const model::Expr& expr, const Scene& scene);
  TermPtr local(const model::Expr& expr, const Scene& scene);
  TermPtr call(const model::Expr& expr, const Scene& scene);
  TermPtr logical(const model::Expr& expr, const Scene& scene);
  TermPtr comparison(const model::Expr& expr, const Scene& scene);
  TermPtr arithmetic(const model::Expr& expr, const Scene& scene);
  TermPtr conditional(const model::Expr& expr, const Scene& scene);
  TermPtr coalesced(const model::Expr& expr, const Scene& scene);
  TermPtr field(const model::Expr& expr, const Scene& scene);
  TermPtr forced(const model::Expr& expr, const TermPtr& value, const Scene& scene);
  TermPtr map_index(const model::Expr& expr, const Scene& scene);
  TermPtr process_number(const model::Expr& expr, const Scene& scene);

  TermPtr param(const model::Expr& expr);

  // encoder_whole.cpp
  TermPtr of_whole(const model::Expr& expr, const Scene& scene);
  TermPtr other_call(const model::Expr& expr, const Scene& scene, int process);

  // encoder_collection.cpp
  TermPtr make_collection(const model::Expr& expr, const Scene& scene);
  TermPtr make_map(const model::Expr& expr, const Scene& scene);
  TermPtr on_collections(const model::Expr& expr, const Scene& scene);
  TermPtr summary(const model::Expr& expr, const Scene& scene);
  TermPtr comprehension(const model::Expr& expr, const Scene& scene);
  TermPtr comprehended_set(const model::Expr& expr, const Scene& scene);
  TermPtr comprehended_map(const model::Expr& expr, const Scene& scene);
  z3::expr is_produced(const model::Comprehension& from, model::TypeId element,
                       const TermPtr& wanted, const Scene& scene);
  void note_errors_of(const model::Comprehension& of, const Scene& scene);
  z3::expr taken_errors();
  z3::expr error_of_some(const model::Comprehension& of, std::size_t binder, std::size_t slot,
                         const Scene& scene);
  /// Scope::Types: calls `body` for each binding, with the condition that it is one.
  void expand(const model::Comprehension& of, std::size_t binder, std::size_t slot,
              const Scene& scene, const z3::expr& condition,
              const std::function<void(const Scene&, const z3::expr&)>& body);
  z3::expr bound_from(const std::vector<model::Binder>& binders, std::size_t binder,
                      std::size_t slot, const model::Expr* where, const Scene& scene, bool for_all,
                      const std::function<z3::expr(const Scene&)>& body);
  TermPtr counted(const model::Comprehension& of, const Scene& scene);
  TermPtr extreme_of(const TermPtr& set, model::TypeId element, bool largest,
                     const model::Expr* otherwise, const model::Expr& expr, const Scene& scene);

  // encoder_time.cpp
  TermPtr timed(const model::Expr& expr, const Scene& scene);
  TermPtr time_comparison(const model::Expr& expr, const Scene& scene);
  TermPtr time_extreme(const model::Expr& expr, const Scene& scene);

  const model::Protocol& protocol_;
  Universe& universe_;
  std::vector<z3::expr> errors_, definitions_, reads_;
  std::map<int, TermPtr> params_;
  Errors errors_wanted_ = Errors::Certain;
  int muted_ = 0;
  int depth_ = 0;  // of what is evaluated for values that a quantifier binds
};

/// The type whose equality two operands share.
model::TypeId common_type(const model::TypeTable& types, model::TypeId a, model::TypeId b);

}  // namespace capstan::checker
