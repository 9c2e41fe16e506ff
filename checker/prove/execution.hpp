// SPDX-License-Identifier: MIT
// execution: statements over values that may be anything: all ways through a segment (the code from
// an entry to the next ask, wait or end) and what each leaves behind.
//
// Where nothing leaves a branch, its ways are joined again by `choice`, so a merge has one result
// whatever its conditions; only ways that end differently stay apart. A loop is written out in
// Scope::Types; without bounds it must go point by point: each turn changes the entry of its own
// key, so the loop is one new map. King, CACM 19(7), 1976.
// From: typed/protocol. To: prove/semilattice, prove/commutes. Throws CannotEncode.
// Tested by: tests/unit/checker/prove
#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "checker/prove/encoder.hpp"

namespace capstan::checker {

/// A message that a way through sends.
struct SentTerm {
  const model::Statement* statement = nullptr;  // Send, Reply or Ask
  int message = -1;
  std::vector<TermPtr> fields;
  TermPtr target;  // a process, or a set of them; null: whoever asked
  z3::expr path;
};

struct Way {
  enum class End {
    Falls,    // behind the last statement
    Returns,  // return; fail, unknown
    Suspends  // at `at`
  };
  Scene scene;
  std::vector<SentTerm> sent{};
  End end = End::Falls;
  const model::Statement* at = nullptr;
  TermPtr value{};                                          // of a return
  std::vector<std::pair<TermPtr, model::TypeId>> chosen{};  // what each `any` gave, in order
};

class Execution {
 public:
  explicit Execution(Encoder& encoder) : encoder_(encoder) {}

  /// All ways through the block from its beginning.
  std::vector<Way> run(const model::Block& block, const Scene& scene);
  /// All ways on from behind the suspension `at` inside the block; `otherwise`: through its else.
  std::vector<Way> resume(const model::Block& block, const model::Statement& at, bool otherwise,
                          const Scene& scene);

  /// What is assigned to a place, inside the old value of its variable.
  TermPtr assigned(const model::Place& place, std::size_t step, model::AssignOp op,
                   const TermPtr& old, const TermPtr& value, const Scene& scene);

 private:
  using Ways = std::vector<Way>;
  Ways from(const model::Block& block, std::size_t index, Way way);
  Ways statement(const model::Statement& statement, Way way);
  Ways branch(const model::Statement& statement, Way way);
  Ways loop(const model::Statement& statement, Way way);
  Way written_out(const model::Statement& statement, Way way);
  Way pointwise(const model::Statement& statement, Way way);
  void assign(const model::Statement& statement, Way& way);
  void call(const model::Statement& statement, Way& way);
  void choose(const model::Statement& statement, Way& way);
  void send(const model::Statement& statement, Way& way);
  TermPtr lazily(const model::Expr& expr, const Scene& scene);
  void require_type(const TermPtr& value, model::TypeId type, const Scene& scene);
  /// One way that stands for all of these, which cover all cases.
  Way joined(Ways ways, const Way& before);

  Encoder& encoder_;
  int choice_count_ = 0;
  int asker_count_ = 0;
};

/// The suspensions inside the block, in order; throws CannotEncode for one inside a loop.
std::vector<const model::Statement*> suspensions(const model::Block& block);

/// The blocks that lie round the statement, outermost first, each with its position in it; false if
/// it is not in the block.
bool find_chain(const model::Block& block, const model::Statement& wanted,
                std::vector<std::pair<const model::Block*, std::size_t>>& chain);

}  // namespace capstan::checker
