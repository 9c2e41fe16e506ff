// SPDX-License-Identifier: MIT
#include "model/system/program.hpp"

#include <algorithm>
#include <numeric>

#include "model/base/require.hpp"

namespace capstan::model {
namespace {

class Lowering {
 public:
  Lowering(const Frame& frame, bool keep_dead_locals) : keep_dead_locals_(keep_dead_locals) {
    program_.slot_count = static_cast<int>(frame.slots.size());
  }

  Program run(const Block& block) {
    lower_block(block);
    emit(Instruction::Op::Return, nullptr);
    if (keep_dead_locals_) keep_everything();
    return std::move(program_);
  }

 private:
  int here() const { return static_cast<int>(program_.code.size()); }
  Instruction& at(int place) { return program_.code[static_cast<std::size_t>(place)]; }

  int emit(Instruction::Op op, const Statement* statement) {
    program_.code.push_back({op, statement, -1, -1, {}});
    return here() - 1;
  }

  void lower_block(const Block& block) {
    for (const Statement& statement : block) lower_statement(statement);
  }

  void lower_statement(const Statement& statement) {
    switch (statement.kind) {
      case StatementKind::Let:
      case StatementKind::Choose:
      case StatementKind::Assign:
      case StatementKind::Call:
      case StatementKind::Send:
      case StatementKind::Reply:
      case StatementKind::Assert:
      case StatementKind::Sync:
        emit(Instruction::Op::Statement, &statement);
        return;
      case StatementKind::If:
        lower_if(statement);
        return;
      case StatementKind::For:
        lower_for(statement);
        return;
      case StatementKind::Ask:
        lower_ask(statement);
        return;
      case StatementKind::WaitUntil:
        emit_suspension(Instruction::Op::Wait, statement);
        return;
      case StatementKind::Return:
        emit(Instruction::Op::Return, &statement);
        return;
      case StatementKind::Fail:
        emit(Instruction::Op::Fail, &statement);
        return;
      case StatementKind::Unknown:
        emit(Instruction::Op::Unknown, &statement);
        return;
      case StatementKind::Next:
        CAPSTAN_REQUIRE(!loops_.empty(), "`next` stands inside a loop");
        at(emit(Instruction::Op::Jump, &statement)).target = loops_.back().next;
        return;
    }
  }

  void lower_if(const Statement& statement) {
    const int branch = emit(Instruction::Op::Branch, &statement);
    lower_block(statement.body);
    if (statement.otherwise.empty()) {
      at(branch).target = here();
      return;
    }
    const int jump = emit(Instruction::Op::Jump, &statement);
    at(branch).target = here();
    lower_block(statement.otherwise);
    at(jump).target = here();
  }

  void lower_for(const Statement& statement) {
    const int slot = program_.slot_count++;
    at(emit(Instruction::Op::LoopBegin, &statement)).slot = slot;
    const int next = emit(Instruction::Op::LoopNext, &statement);
    at(next).slot = slot;
    loops_.push_back({next, slot});
    lower_block(statement.body);
    loops_.pop_back();
    at(emit(Instruction::Op::Jump, &statement)).target = next;
    at(next).target = here();
  }

  /// Ask; jump over the else block; else block. Giving up goes to the instruction behind the jump.
  void lower_ask(const Statement& statement) {
    const int ask = emit_suspension(Instruction::Op::Ask, statement);
    if (!statement.ask->has_else) return;
    const int jump = emit(Instruction::Op::Jump, &statement);
    at(ask).target = here();
    lower_block(statement.ask->otherwise);
    at(jump).target = here();
  }

  int emit_suspension(Instruction::Op op, const Statement& statement) {
    const int place = emit(op, &statement);
    at(place).kept_slots = statement.live_slots;
    for (const Loop& loop : loops_) at(place).kept_slots.push_back(loop.slot);
    return place;
  }

  void keep_everything() {
    for (Instruction& instruction : program_.code) {
      if (instruction.op != Instruction::Op::Ask && instruction.op != Instruction::Op::Wait)
        continue;
      instruction.kept_slots.resize(static_cast<std::size_t>(program_.slot_count));
      std::iota(instruction.kept_slots.begin(), instruction.kept_slots.end(), 0);
    }
  }

  struct Loop {
    int next;
    int slot;
  };
  bool keep_dead_locals_;
  Program program_;
  std::vector<Loop> loops_;
};

}  // namespace

Program lower(const Block& block, const Frame& frame, bool keep_dead_locals) {
  return Lowering(frame, keep_dead_locals).run(block);
}

}  // namespace capstan::model
