// SPDX-License-Identifier: MIT
// layout: a state of the whole protocol as one row of numbers and truths, for who knows nothing
// else.
//
// A set is a truth for each value that it may have, a map a value for each key, an option a truth
// and a value that is 0 where there is none, so that equal states have equal rows. Of each kind of
// message the row has one slot: it is empty, or one message that is in flight. What has no formula
// (a sequence) is left out.
// From: prove/whole_state. To: prove/spacer, prove/candidate. Throws CannotEncode.
// Tested by: tests/unit/checker/prove/attempts_test.cpp
#pragma once

#include <map>
#include <string>
#include <vector>

#include "checker/prove/whole_state.hpp"

namespace capstan::checker {

/// The slot of each kind of message.
using Slots = std::map<int, MessageSlot>;

struct RowCell {
  z3::expr value;
  std::string name;      // "Client 1.until", "m.round"
  model::TypeId type{};  // of a number: what it is a value of, where that is known
  int message = -1;      // of a slot: of which message
};
using Row = std::vector<RowCell>;

class Layout {
 public:
  explicit Layout(const Claim& claim) : claim_(claim) {}

  /// The row of a state, where these messages are in its slots.
  Row row(WholeStates& states, const WholeState& state, const Slots& slots) const;
  /// Any state of which a row says all; in flight is what its slots hold.
  WholeState any(WholeStates& states, Slots& slots) const;
  /// Any message, or none.
  MessageSlot any_slot(WholeStates& states, int message, const std::string& name) const;

 private:
  const Claim& claim_;
};

}  // namespace capstan::checker
