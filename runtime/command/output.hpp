// SPDX-License-Identifier: MIT
// output: the standard output of a command. That it cannot be written is an error that the exit
// status tells.
#pragma once

#include <fmt/format.h>

#include <cstdio>
#include <utility>

namespace capstan::runtime {

/// Opens what the caller has closed of the standard streams in such a way that writing there fails,
/// so that no file that is opened later takes their place.
void occupy_standard_streams();

/// The exit status of a command that would end with `status`: kOutputError in place of 0 if not all
/// of the standard output could be written, which is said on the error stream.
int status_after_output(int status);

/// Prints to the standard output; what fails is told at the end (`status_after_output`).
template <typename... Arguments>
void print(fmt::format_string<Arguments...> format, Arguments&&... arguments) {
  std::fputs(fmt::format(format, std::forward<Arguments>(arguments)...).c_str(), stdout);
}

}  // namespace capstan::runtime
