// SPDX-License-Identifier: MIT
// whole_step: what one step makes of any state of the whole protocol.
//
// A step is a segment of some process's code (prove/segments) from an entry or from behind an ask
// or a wait, a tick, a crash, a restart, or a message that leaves without effect. What a claim
// cannot see may be anything: locals of what was suspended, the replies that came before the last
// one, what is on disk, which operation a script has next. So every step of the protocol is one of
// these, and some of these are no step of any run (model/README, rules of `inductive`).
// From: prove/whole_state, prove/segments. To: prove/inductive. Throws CannotEncode.
// Tested by: tests/unit/checker/prove/inductive_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "checker/prove/segments.hpp"
#include "checker/prove/whole_state.hpp"

namespace capstan::checker {

struct StepForm {
  enum class Kind { Start, Segment, Tick, Crash, Restart, Vanish } kind = Kind::Segment;
  Duty duty = Duty::Start;
  std::string name;            // "`on Grant` of `Client`": what the obligation is about
  CodeSegment segment{};       // Segment
  std::vector<int> processes;  // that may take it, one at a time; Start, Tick, Vanish: one entry -1
  int message = -1;            // Vanish
};

/// All steps of the protocol, the start first.
std::vector<StepForm> step_forms(const Claim& claim);

/// Code that runs in a step, and all ways through it.
struct CodeRun {
  int process = -1;
  const model::Code* code = nullptr;
  std::vector<Way> ways{};
};

/// A step of a process from any state, as terms.
struct WholeStep {
  std::vector<z3::expr> assumed;  // that it can be taken
  WholeState before, after;
  std::optional<Entry> entry{};       // Segment
  std::vector<CodeRun> runs{};        // Segment: one; Start, Restart: their blocks
  std::optional<z3::expr> reading{};  // what the clock of the process shows in it
  // A message in flight that is consumed, if one is, and whether an equal one stays.
  int message = -1;
  TermPtr delivered{};
  std::optional<z3::expr> is_delivered{}, is_kept{};
};

/// From any state, or from this one.
WholeStep take_step(const Claim& claim, WholeStates& states, const StepForm& form, int process,
                    const WholeState* before = nullptr);

}  // namespace capstan::checker
