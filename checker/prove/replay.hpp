// SPDX-License-Identifier: MIT
// replay: a merge or a segment run on concrete values by the ordinary evaluator: what Z3 refutes is
// shown only after this agrees.
//
// From: model/system/evaluate (expressions and assignments), statements walked here. Knows nothing
// of Z3. Throws model::ModelError as the evaluator does.
// Tested by: tests/unit/checker/prove
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "model/system/evaluate.hpp"

namespace capstan::checker {

/// What a segment starts from, and then what it leaves behind.
struct ConcreteScene {
  std::vector<model::Value> locals, variables, ghosts;
  int self = -1, sender = -1;
  std::optional<std::int64_t> now;
  std::vector<model::Value> chosen;  // what each `any` gives, in order; else the first element
  struct Sent {
    const model::Statement* statement = nullptr;
    std::vector<model::Value> fields;
    model::Value target;  // a process, or a set of them; none: whoever asked
  };
  std::vector<Sent> sent;
  const std::vector<model::Value>* params = nullptr;  // null: those of the point
  bool has_read_clock = false;                        // some evaluation asked for `now`
};

class Replay {
 public:
  explicit Replay(const model::Protocol& protocol) : protocol_(protocol) {}

  /// Runs the block from its beginning to its end or its first suspension.
  void run(const model::Block& block, ConcreteScene& scene);
  /// Runs on from behind the suspension `at` inside the block; `otherwise`: through its else.
  void resume(const model::Block& block, const model::Statement& at, bool otherwise,
              ConcreteScene& scene);
  model::Value value(const model::Expr& expr, ConcreteScene& scene);

 private:
  enum class Exit { Falls, Leaves };
  Exit execute(const model::Block& block, ConcreteScene& scene);
  Exit statement(const model::Statement& statement, ConcreteScene& scene);
  Exit loop(const model::Statement& statement, ConcreteScene& scene);
  void choose(const model::Statement& statement, ConcreteScene& scene);
  void assign(const model::Statement& statement, ConcreteScene& scene);
  void call(const model::Statement& statement, ConcreteScene& scene);
  void send(const model::Statement& statement, ConcreteScene& scene);
  template <typename Action>
  void in_environment(ConcreteScene& scene, Action action);

  const model::Protocol& protocol_;
  std::size_t chosen_ = 0;
  model::Value returned_;
};

}  // namespace capstan::checker
