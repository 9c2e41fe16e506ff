// SPDX-License-Identifier: MIT
// machine: what this machine offers: memory, a terminal.
#pragma once

#include <cstdint>
#include <cstdio>

namespace capstan::runtime {

/// Bytes of memory that this process may use: the least of what the machine has, of the limits of
/// the control groups that it is in (versions 1 and 2), and of what the limits on resources
/// (RLIMIT_AS, RLIMIT_DATA) leave it.
std::uint64_t memory_bytes_available();

/// Whether the stream is a terminal; its width in columns, 0 if it is none.
bool is_terminal(std::FILE* stream);
int terminal_width(std::FILE* stream);

/// Whether the standard output or error stream is a terminal; its width in columns, 0 if it is
/// none.
bool output_is_terminal();
bool error_is_terminal();
int output_width();

}  // namespace capstan::runtime
