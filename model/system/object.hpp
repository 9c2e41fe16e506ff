// SPDX-License-Identifier: MIT
// object: the sequential definition of an object (D17): what one client alone would see.
//
// From: typed/protocol (Object). To: checker/monitor, checker/symbolic, tests/reference.
// Deterministic and total: every operation is answered in every state. Built in: register,
// cas_register, counter, set, queue, log, lock; or written out in the spec.
#pragma once

#include "model/system/evaluate.hpp"

namespace capstan::model {

struct ObjectAnswer {
  Value state;
  Value result;  // none for an operation without a result
};

/// The object's answer to `op` in `state`. `lock.acquire` and `release` return whether they did it.
/// A model error inside a written-out operation (say, a state outside its type) is thrown as
/// ModelError.
ObjectAnswer apply(const Protocol& protocol, int object, const Value& state, int op,
                   const std::vector<Value>& args);

/// Whether `op` can never change the state, whatever its arguments (reads): such an operation, when
/// pending, can be ignored.
bool is_read_only(const Object& object, int op);

/// Whether `op` shows what the object holds: it has a result and no arguments, and never changes
/// the state. Such an operation is the last question of `no acknowledged write lost`.
bool is_final_read(const Object& object, int op);

}  // namespace capstan::model
