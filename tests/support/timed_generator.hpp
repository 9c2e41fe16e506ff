// SPDX-License-Identifier: MIT
// timed_generator: small random specs whose code reads clocks, keeps times, compares them and sends
// them on, with every kind of clock, delays, timeouts and faults. A function of the seed.
#pragma once

#include <cstdint>
#include <string>

namespace capstan::tests {

/// What most specs have besides, from dice of its own: a seed's spec is the same but for that.
struct TimedExtras {
  bool looks = false;   // properties that read clocks or true time
  bool begins = false;  // variables that begin as readings, `on start` and `on restart` that read
  bool ghosts = false;  // ghosts that hold times, updates that read clocks
};

/// A spec with one scenario, small enough to be explored to a near horizon by the plain executor.
std::string generate_timed_protocol(std::uint64_t seed, TimedExtras extras = {});

}  // namespace capstan::tests
