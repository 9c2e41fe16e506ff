// SPDX-License-Identifier: MIT
// wording: names of operations, values and states, and the sentences of a derivation, in plain
// words.
//
// From: why. Words, never symbols; "acknowledged" for operations without a result, "returned v" for
// others; step numbers in brackets.
#pragma once

#include <string>
#include <vector>

#include "checker/symbolic/derivation.hpp"
#include "checker/symbolic/explanation.hpp"

namespace capstan::checker {

class Wording {
 public:
  /// `operations`: positions in the history, ascending; the operations that will be named.
  /// `failed`: updates that ended by `fail`, for sentences about what nobody did.
  Wording(const model::Protocol& protocol, const model::History& history, const HistoryPart& part,
          const std::vector<int>& operations, std::vector<model::HistoryOperation> failed = {});

  const std::vector<CoreOperation>& operations() const { return operations_; }
  std::string subject() const;                         // "x", "x[photo]"
  std::string state(const model::Value& state) const;  // "x = 1", "balance = 100"
  std::string result(int operation, const model::Value& value) const;
  /// The name, with the badge if another operation has the same name.
  std::string short_name(int operation) const;
  /// "Client 2".
  std::string client(int operation) const;
  /// "it was acknowledged", "it returned 1", with the step.
  std::string ended(int operation) const;
  /// "read returned 1", "Client 2's cas(0, 1) returned true".
  std::string returned(int operation) const;

  /// The sentence of a line, whose operations are indices into operations(), as are those of `all`.
  std::string sentence(const Sentence& line, const std::vector<Sentence>& all) const;
  /// "Client 1's write(2) (step 6)": of a failed update, with the step in which it failed.
  std::string failed_name(const model::HistoryOperation& failed) const;

 private:
  const model::HistoryOperation& operation(int i) const;
  const model::ObjectOp& op(int i) const;
  void give_names();
  void give_badges();
  std::string premises(const std::vector<int>& numbers) const;  // "with 1 and 2"
  std::string observed(const Sentence& line, int cell) const;   // "read returned {1}, without 2"
  std::string element(int cell) const;
  std::string not_between(const Sentence& line, int cell) const;
  std::string source(const Sentence& line, int cell) const;
  std::string excluded(const Sentence& line, int cell, const std::vector<Sentence>& all) const;
  std::string no_source(const Sentence& line, int cell) const;
  std::string never(int reader, int cell) const;  // "nothing ever writes 1"
  std::string only_failed(const std::string& verb, const std::vector<std::string>& ops,
                          const model::Value& value) const;
  std::string never_put(int reader) const;  // of a queue or log, the whole sentence
  std::string count(const Sentence& line, const std::vector<Sentence>& all) const;

  const model::Protocol& protocol_;
  const model::History& history_;
  const HistoryPart& part_;
  const model::Object& object_;
  std::vector<CoreOperation> operations_;
  std::vector<model::Value> elements_;  // of a set's cells
  std::vector<model::HistoryOperation> failed_;
};

/// "1", "1 and 2", "1, 2 and 3".
std::string listed(const std::vector<std::string>& items);
std::string listed(const std::vector<int>& numbers);

}  // namespace capstan::checker
