// SPDX-License-Identifier: MIT
// timed_generator: small random specs whose code reads clocks, keeps times, compares them and sends
// them on, with every kind of clock, delays, timeouts and faults. A function of the seed.
#pragma once

#include <cstdint>
#include <string>

namespace capstan::tests {

/// A spec with one scenario, small enough to be explored to a near horizon by the plain executor.
/// With `may_look` most have, besides, properties that read clocks or true time.
std::string generate_timed_protocol(std::uint64_t seed, bool may_look = false);

}  // namespace capstan::tests
