// SPDX-License-Identifier: MIT
// out_of_memory: how the process ends where memory is refused and nobody could make a verdict of
// it.
//
// From: main. What is refused inside a scenario ends that scenario (checker/cut_short), and the
// rest goes on. These are the ways in which the whole process ends: an exception that reaches main
// or that cannot be thrown, a library that calls abort or follows a null pointer. They all end with
// the status of what is undecided, and one line that says so. Tested by:
// tests/specs/memory_test.cpp
#pragma once

namespace capstan::runtime {

/// Keeps a little memory for the way out, and takes over what happens where there is none. Called
/// once, before anything else.
void prepare_for_lack_of_memory();

/// Loads what tells which library a fault is in, for which there may be no room later. Called once,
/// in `main`: before it, libraries are not ready.
void prepare_to_look_at_callers();

/// Takes back the memory for the way out, if it was used: the work that found none has ended.
void renew_reserve();

/// Says that memory ran out. Returns the exit status.
int out_of_memory();

}  // namespace capstan::runtime
