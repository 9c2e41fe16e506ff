// SPDX-License-Identifier: MIT
// outcome_generator: generated protocols with expectations of every kind and many faults, for tests
// of what does not depend on how states are visited.
//
// Those of protocol_generator and timed_generator, and peers that all implement operations, with
// more of what makes outcomes differ: messages that nobody heeds, a second object, faults that may
// never strike, actions that may never be enabled. One seed, one text.
#pragma once

#include <cstdint>
#include <string>

namespace capstan::tests {

/// The text of a file with one scenario.
std::string generate_outcomes(std::uint64_t seed);

/// The same text with parts that nothing uses: roles with and without operations, variables,
/// handlers and an object, and a message that nobody sends. No verdict may depend on them.
std::string with_unused_parts(std::string text);

}  // namespace capstan::tests
