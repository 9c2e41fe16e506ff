// SPDX-License-Identifier: MIT
// quantities: numbers on the command line: counts, times, sizes. What is wrong with one is said
// with what to write instead.
#pragma once

#include <cstdint>
#include <string>

#include "model/base/result.hpp"

namespace capstan::runtime {

/// A whole number from `least` to `most`.
model::Result<std::uint64_t> count_of(const std::string& text, std::uint64_t least,
                                      std::uint64_t most);

/// Seconds, more than 0: "30s", "1.5m", "500ms", "2h", "10".
model::Result<double> seconds_of(const std::string& text);

/// Bytes, at least 1: "4GiB", "500MB", "1000000". Units are powers of 1024, in either case.
model::Result<std::uint64_t> bytes_of(const std::string& text);

}  // namespace capstan::runtime
