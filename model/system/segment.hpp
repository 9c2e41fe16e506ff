// SPDX-License-Identifier: MIT
// segment: runs one activation from a code point to its next suspension or its end, for one
// sequence of choices.
//
// Internal to system/local_step. A choice sequence is extended by zeros as `any`s are met;
// `next_choices` then counts it up, so that calling run() until it returns false meets every branch
// once.
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/system/local_step.hpp"

namespace capstan::model {

class Segment {
 public:
  Segment(const LocalMachine& machine, int process, ProcessState state, Activation activation,
          int at, Reading& reading);

  /// Runs with these choices (extended in place, with the size of each choice in `sizes`). The
  /// outcome's next state holds the activation if it suspended. An outcome without value: an empty
  /// `any` in an action (the branch does not exist).
  std::optional<Outcome> run(const Outcome& base, std::vector<int>& choices,
                             std::vector<int>& sizes);

 private:
  enum class Exit { End, Suspended, NoBranch };

  Exit execute(const Program& program);
  void statement(const Statement& statement);
  void choose(const Statement& statement);
  void assign(const Statement& statement);
  void sync();
  void ghost_assign(const Statement& statement);
  void call(const Statement& statement);
  void send(const Statement& statement);
  void reply(const Statement& statement);
  void loop_begin(const Instruction& instruction);
  bool loop_next(const Instruction& instruction);
  Value kept_local(std::size_t slot) const;
  bool ask(const Instruction& instruction, int at);
  void suspend(const Instruction& instruction, int at, int slot);
  void finish(Instruction::Op op, const Statement* statement);
  std::vector<Value> message_fields(int message, const std::vector<ExprPtr>& args, Span span);
  void put(MessageInstance message);
  void set_window(const Statement& statement, MessageInstance& message);
  std::int64_t deadline(const Expr& after);
  Environment environment();
  Value value(const Expr& expr);
  bool is_action() const;

  struct EmptyChoice {};  // thrown by choose() in an action

  const LocalMachine& machine_;
  const Protocol& protocol_;
  int process_;
  ProcessState state_;
  Activation activation_;
  int at_;
  Reading* reading_;

  Outcome outcome_;
  std::vector<Value> locals_;
  std::vector<int>* choices_ = nullptr;
  std::vector<int>* sizes_ = nullptr;
  std::size_t choices_made_ = 0;
  int call_depth_ = 0;
  Value returned_;  // by a procedure
};

/// Counts a choice sequence up; false when there is no next one.
bool next_choices(std::vector<int>& choices, std::vector<int>& sizes);

}  // namespace capstan::model
