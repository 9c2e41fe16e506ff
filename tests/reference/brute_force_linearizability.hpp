// SPDX-License-Identifier: MIT
// brute_force_linearizability: the definition of Herlihy and Wing (TOPLAS 1990), word for word.
// Never for use: for tests only.
//
// A history is linearizable if some of its pending operations can be given results, the others
// dropped, such that some order of what is left contains the real-time order and is what the
// object, used by one client alone, would do. Here all subsets of pending operations and all orders
// are tried. Cost: factorial; fit for some eight operations of an object.
#pragma once

#include <vector>

#include "model/behaviour/history.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::tests {

/// Of the object `object`, or of every object if it is < 0; a keyed object is judged key by key
/// (D18).
bool is_linearizable(const model::Protocol& protocol,
                     const std::vector<model::HistoryEvent>& events, int object);

}  // namespace capstan::tests
