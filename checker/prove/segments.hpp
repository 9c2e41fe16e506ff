// SPDX-License-Identifier: MIT
// segments: every piece of code that is one step: from an entry or a suspension to the next one.
//
// From: typed/protocol. To: prove/semilattice, prove/commutes. Tested by: tests/unit/checker/prove
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/prove/question.hpp"
#include "checker/prove/replay.hpp"

namespace capstan::checker {

struct CodeSegment {
  enum class Kind { Start, Restart, Handler, Action, Operation };
  Kind kind = Kind::Handler;
  int role = 0;
  int index = 0;  // into the role's list of that kind
  const model::Code* code = nullptr;
  const model::Statement* at = nullptr;  // null: from the entry
  bool otherwise = false;                // through the else of the ask `at`
  std::string name;                      // "`on Add` of `Replica`", "... behind its first ask"
  std::optional<CannotEncode> refused;   // its suspensions cannot be told apart
};

std::vector<CodeSegment> segments_of(const model::Protocol& protocol);

/// Whether the block assigns one of these variables of its process, in procedures too.
bool assigns_any(const model::Protocol& protocol, const model::Block& block,
                 const std::vector<int>& slots);

/// Control at the segment's beginning, whatever led there: its parameters and its living locals may
/// be anything that its guard allows.
struct Entry {
  Scene scene;
  std::vector<z3::expr> assumed;
  bool is_exact = true;  // false: a guard that cannot be encoded is taken to hold
};
/// `prefix` tells the names of what is fresh apart, where several are entered.
Entry enter(const CodeSegment& segment, Setting& setting, Scene scene,
            const std::string& prefix = "");
/// All ways through it.
std::vector<Way> ways_of(const CodeSegment& segment, Setting& setting, const Scene& scene);

/// The scene in a model, as the ordinary evaluator wants it.
ConcreteScene concrete(const CodeSegment& segment, Setting& setting, const z3::model& model,
                       const Scene& scene,
                       const std::vector<std::pair<TermPtr, model::TypeId>>& chosen);
/// Runs the segment on it.
void replay(const model::Protocol& protocol, const CodeSegment& segment, ConcreteScene& scene);

/// The terms' values in the model; for what has no formula, which nothing looked at, some value.
std::vector<model::Value> decoded(Setting& setting, const z3::model& model,
                                  const std::vector<TermPtr>& terms,
                                  const std::vector<model::TypeId>& types);
/// The type of the processes of a role.
model::TypeId process_type(const model::Protocol& protocol, int role);
std::vector<model::TypeId> types_of(const std::vector<model::Variable>& variables);

}  // namespace capstan::checker
