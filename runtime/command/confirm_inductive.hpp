// SPDX-License-Identifier: MIT
// confirm_inductive: a step that breaks what should be inductive, taken by the plain executor from
// the state that was found: it must lead to the state that is shown.
//
// From: checker/prove/concrete_step. To: runtime/command/confirm. What the plain executor cannot be
// put in front of (suspended code, an operation of a script, a request whose asker waits, params
// that are not those of the point) is left to the evaluator, which has confirmed it before. Tested
// by: tests/property/inductive_test.cpp
#pragma once

#include <optional>

#include "checker/prove/concrete_step.hpp"
#include "model/base/result.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::runtime {

/// Whether the plain executor takes the step; nullopt: it cannot be put in front of it.
std::optional<bool> takes_step(const model::Protocol& protocol, const checker::ConcreteStep& step);

}  // namespace capstan::runtime
