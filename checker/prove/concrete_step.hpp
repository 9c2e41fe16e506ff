// SPDX-License-Identifier: MIT
// concrete_step: a step from a state that no run need reach, as values: data alone.
//
// From: prove/whole_values. To: prove/inductive (shows it), runtime/command (takes it again by the
// plain executor).
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <set>
#include <vector>

#include "model/typed/value.hpp"

namespace capstan::checker {

/// A state of the whole protocol, as far as a claim can see it.
struct ConcreteWhole {
  std::vector<std::vector<model::Value>> variables;  // by process
  std::map<int, std::set<model::Value>> in_flight;   // by message asked for
  std::vector<bool> is_live;                         // by process
  std::vector<model::Value> ghosts;
  std::int64_t true_time = 0;
  std::vector<std::int64_t> last;  // by process: no later reading is before it
};

struct ConcreteStep {
  /// Elsewhere: of code that was suspended, an operation, a reply whose ask ends, or the start.
  enum class Kind { Deliver, Act, Tick, Crash, Restart, Lose, Elsewhere } kind = Kind::Elsewhere;
  int alternative = -1;              // Deliver, Act: which handler or action of the role
  std::vector<model::Value> params;  // of all params
  bool has_own_params = false;       // some are not those of the point
  ConcreteWhole before, after;
  std::vector<std::int64_t> readings;  // by process, after: at which the claim fails; may be empty
  std::vector<model::Value> locals;    // of the segment, as it began
  int process = -1, sender = -1;
  std::optional<std::int64_t> now;       // what its clock showed, if it asked
  std::optional<model::Value> consumed;  // the message: fields, sender, receiver
  int message = -1;
  bool is_kept = false;  // an equal one stays
  /// Crash: by variable, what was on disk of those that are written without `sync`; else none.
  std::vector<model::Value> on_disk;
};

}  // namespace capstan::checker
