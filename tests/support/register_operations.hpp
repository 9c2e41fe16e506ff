// SPDX-License-Identifier: MIT
// register_operations: operations of a history, in one line each. For tests only.
#pragma once

#include <utility>
#include <vector>

#include "model/behaviour/history.hpp"

namespace capstan::tests {

constexpr int kRead = 0, kWrite = 1;
constexpr int kNever = model::HistoryOperation::kNever;

/// Of object 0; `invoked` and `responded` are steps.
inline model::HistoryOperation operation(int process, int op, std::vector<model::Value> args,
                                         model::Value result, int invoked, int responded) {
  model::HistoryOperation made;
  made.process = process;
  made.object = 0;
  made.op = op;
  made.args = std::move(args);
  made.result = std::move(result);
  made.invoked = invoked;
  made.responded = responded;
  return made;
}
inline model::HistoryOperation write(int process, int value, int invoked, int responded) {
  return operation(process, kWrite, {model::Value::integer(value)}, {}, invoked, responded);
}
inline model::HistoryOperation read(int process, int value, int invoked, int responded) {
  return operation(process, kRead, {}, model::Value::integer(value), invoked, responded);
}

}  // namespace capstan::tests
