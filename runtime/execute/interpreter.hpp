// SPDX-License-Identifier: MIT
// Interpreter: runs one activation from where it stands to its next suspension or its end. Private
// to runtime/execute.
//
// What it sends enters the network together at the end (S-6). A model error leaves it as an
// exception, and then nothing was sent.
#pragma once

#include <vector>

#include "model/typed/protocol.hpp"
#include "runtime/execute/chooser.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

class Interpreter {
 public:
  Interpreter(World& world, int process, Activation activation, Chooser& chooser, Effects& effects);
  /// Runs the segment; the world then holds the activation if it suspended, and what it sent.
  void run();

 private:
  enum class Exit { Ended, Suspended };

  Exit walk();
  void count_hops(const model::Chain& chain, const std::vector<bool>& met_before,
                  bool ends_operation);
  Exit step(const model::Statement& statement);
  bool begin_turn();
  void choose(const model::Statement& statement);
  void assign(const model::Statement& statement);
  void call(const model::Statement& statement);
  void enter_loop(const model::Statement& statement);
  void next_turn();
  void send(const model::Statement& statement);
  void reply(const model::Statement& statement);
  Exit ask(const model::Statement& statement);
  void suspend(const model::Statement& statement, int slot, std::int64_t quorum);
  void leave(const model::Statement& statement);
  void end_operation(model::HistoryEvent::Kind kind, const model::Value& result);
  /// How long the message is on its way: what `after` says, or else the network.
  void set_window(model::MessageInstance& message, const model::Statement* send);
  model::MessageInstance instance(int message, const std::vector<model::ExprPtr>& args);
  std::vector<model::Value> fields(int message, const std::vector<model::ExprPtr>& args);
  model::Value value(const model::Expr& expr);
  model::Environment environment();
  model::Value& local(int slot) { return activation_.locals[static_cast<std::size_t>(slot)]; }

  World& world_;
  const model::Protocol& protocol_;
  int process_;
  Activation activation_;
  Chooser& chooser_;
  Effects& effects_;
  std::vector<model::MessageInstance> sends_;
  model::HistoryEvent::Kind end_ = model::HistoryEvent::Kind::Ok;
  model::Value result_;  // of the body that ended
  int procedure_depth_ = 0;
};

}  // namespace capstan::runtime
