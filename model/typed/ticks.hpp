// SPDX-License-Identifier: MIT
// ticks: how far apart times can be written.
//
// Times are kept in 64 bits, by the checker as offsets from the present, by the plain executor from
// the start. With this bound no run that can be explored comes near the ends of 64 bits, so both
// meet the same model errors.
#pragma once

#include <cstdint>

namespace capstan::model {

/// By how many ticks a time is moved at once, or lies from the start when it is written as a
/// number, at most.
inline constexpr std::int64_t kTicksMost = 1'000'000'000'000;

inline bool are_too_many_ticks(std::int64_t ticks) {
  return ticks > kTicksMost || ticks < -kTicksMost;
}

}  // namespace capstan::model
