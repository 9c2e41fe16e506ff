// SPDX-License-Identifier: MIT
// too_large: thrown where one step alone has more outcomes than anybody would wait for.
//
// From: explore/protocol_system (starts), explore/ticks. To: check, whose answers are undecided
// then.
#pragma once

#include <string>

namespace capstan::checker {

struct TooLarge {
  std::string message;  // for the user: "the start has more than ..."
};

}  // namespace capstan::checker
