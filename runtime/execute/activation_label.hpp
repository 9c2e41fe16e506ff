// SPDX-License-Identifier: MIT
// activation_label: how a Resume label names a suspended activation. Private to runtime/execute.
#pragma once

#include <vector>

#include "model/behaviour/trace.hpp"
#include "runtime/execute/world.hpp"

namespace capstan::runtime {

/// A label that names the activation by its place, its live locals, and whom it handles;
/// `alternative` is left out.
model::Label resume_label(int process, const Activation& activation);

/// Positions of the activations that wait where the label says and have its locals, sender and
/// asker, in an order that depends on their contents alone. More than one differ only in what
/// labels do not name (turns of a loop to come).
std::vector<std::size_t> activations_like(const std::vector<Activation>& activations,
                                          const model::Label& label);

/// The values of the binders' slots, in order: the arguments of a ground action.
std::vector<model::Value> bound_values(const std::vector<model::Binder>& binders,
                                       const std::vector<model::Value>& locals);

}  // namespace capstan::runtime
