// SPDX-License-Identifier: MIT
// machine: what this machine offers: memory, a terminal.
#pragma once

#include <cstdint>
#include <cstdio>

namespace capstan::runtime {

/// Bytes of memory that this process may use: of the machine, or of its control group if that is
/// less.
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
