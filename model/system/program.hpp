// SPDX-License-Identifier: MIT
// program: bodies of code lowered to instructions, so that a code point is a number and a suspended
// activation is plain data.
//
// From: typed/protocol (statement trees). To: system/local_step. One instruction a statement, jumps
// for `if` and `for`; a loop keeps the bindings still to come in a hidden slot behind the frame's
// own. Lowering is linear in the code and done once for each protocol. Tested by:
// tests/unit/model/system/local_step_test.cpp, tests/differential (against the tree-walking plain
// executor).
#pragma once

#include <vector>

#include "model/typed/protocol.hpp"

namespace capstan::model {

struct Instruction {
  enum class Op {
    Statement,  // Let, Choose, Assign, Call, Send, Reply, Assert: run `statement`, go on
    Branch,     // if statement->value is false go to `target`
    Jump,       // go to `target`
    LoopBegin,  // slot = the bindings of statement's binders
    LoopNext,   // take one binding from slot and set the binders' slots; none left: go to `target`
    Ask,        // send and suspend; goes on behind with the reply, or at `target` when it gives up
    Wait,       // suspend until statement->value holds
    Return,
    Fail,
    Unknown  // leave the body
  };
  Op op = Op::Statement;
  const Statement* statement = nullptr;
  int target = -1;
  int slot = -1;
  std::vector<int>
      kept_slots;  // Ask, Wait: what a suspended activation keeps, hidden slots included
};

struct Program {
  std::vector<Instruction> code;
  int slot_count = 0;  // the frame's slots and the hidden ones
};

/// Lowers a block. The result points into it, so the protocol must outlive the program. With
/// `keep_dead_locals` a suspended activation keeps all slots (the off switch of the reduction by
/// liveness).
Program lower(const Block& block, const Frame& frame, bool keep_dead_locals);

}  // namespace capstan::model
