// SPDX-License-Identifier: MIT
// exit: how a command ends that could not do its work: a line on standard error, and the status.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <string>

#include "model/source/utf8.hpp"

namespace capstan::runtime {

inline constexpr int kUsageError = 2;      // also: a spec with errors
inline constexpr int kUndecided = 4;       // a limit or an interrupt; also: not judged
inline constexpr int kInternalError = 70;  // EX_SOFTWARE of sysexits.h
inline constexpr int kOutputError = 74;    // EX_IOERR: the standard output cannot be written

inline int usage_error(const std::string& message) {
  std::fputs(fmt::format("capstan: error: {}\n", model::printable(message, true)).c_str(), stderr);
  return kUsageError;
}

/// `command`: the words that lead here again.
inline int internal_error(const std::string& message, const std::string& command) {
  std::fputs(fmt::format("capstan: internal error: {}\n  reproduce with: {}\n",
                         model::printable(message, true), model::printable(command))
                 .c_str(),
             stderr);
  return kInternalError;
}

}  // namespace capstan::runtime
