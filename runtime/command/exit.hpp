// SPDX-License-Identifier: MIT
// exit: how a command ends that could not do its work: a line on standard error, and the status.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace capstan::runtime {

inline constexpr int kUsageError = 2;      // also: a spec with errors
inline constexpr int kNotJudged = 4;       // also: undecided
inline constexpr int kInternalError = 70;  // EX_SOFTWARE of sysexits.h

inline int usage_error(const std::string& message) {
  fmt::print(stderr, "capstan: error: {}\n", message);
  return kUsageError;
}

/// `command`: the words that lead here again.
inline int internal_error(const std::string& message, const std::string& command) {
  fmt::print(stderr, "capstan: internal error: {}\n  reproduce with: {}\n", message, command);
  return kInternalError;
}

}  // namespace capstan::runtime
