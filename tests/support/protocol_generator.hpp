// SPDX-License-Identifier: MIT
// protocol_generator: tiny random protocols as spec text, for differential tests.
//
// One seed, one text, on every machine. Each is a register, counter or cas register kept by one to
// three servers, with guards, waits, asks of every kind, actions, ghosts, faults and scripts thrown
// together at random; most have between 10 and 20,000 states and few reach a model error. The
// shapes are those of real specs, the combinations are not: nothing is right or wrong about a
// verdict.
#pragma once

#include <cstdint>
#include <string>

namespace capstan::tests {

/// The text of a whole file with one scenario, named `tiny`.
std::string generate_protocol(std::uint64_t seed);

}  // namespace capstan::tests
