// SPDX-License-Identifier: MIT
// omissions: what a proof is made of, one by one, so that a test can leave one out and show that
// something false is proved then. Nothing else ever leaves anything out.
//
// From: nobody. To: prove/inductive, prove/semilattice. Tested by:
// tests/property/proof_mutants_test.cpp
#pragma once

#include <set>

namespace capstan::checker {

enum class Duty {
  // Of `inductive`: the steps that must keep the claim,
  Start,
  Delivery,
  Action,
  Operation,
  AfterAsk,
  AfterElse,
  AfterWait,
  Tick,
  Crash,
  Restart,
  Loss,
  ClosedAsk,  // a reply vanishes with the ask that it answers
  // and what belongs to a step.
  EqualStays,        // a delivered message leaves an equal one behind: sent twice, or duplicated
  KeptStays,         // what is delivered stays where messages are kept
  VolatileReset,     // a crash makes volatile variables what they are at the start
  UnsyncedFallback,  // a crash may undo what was not synced
  Sending,           // what a step sends is in flight after it
  OtherReadings,     // the claim is for all that clocks may show
  DerivedParams,     // a param that follows a freed one is freed with it
  // Of `semilattice`: the laws, the updates,
  Commutative,
  Associative,
  Idempotent,
  GoesUp,
  CrashForgets,
  // and what keeps what is given.
  GivenAtStart,
  GivenStep,
  GivenSent,    // the copies that a step sends
  GivenOthers,  // other processes, with the new copy
  GivenCrash,
  GivenRestart
};
using Omissions = std::set<Duty>;

}  // namespace capstan::checker
