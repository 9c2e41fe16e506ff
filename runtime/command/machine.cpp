// SPDX-License-Identifier: MIT
#include "runtime/command/machine.hpp"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <string>

namespace capstan::runtime {

std::uint64_t memory_bytes_available() {
  const long pages = sysconf(_SC_PHYS_PAGES);
  const long page_size = sysconf(_SC_PAGESIZE);
  std::uint64_t bytes = static_cast<std::uint64_t>(pages) * static_cast<std::uint64_t>(page_size);
  for (const char* path :
       {"/sys/fs/cgroup/memory.max", "/sys/fs/cgroup/memory/memory.limit_in_bytes"}) {
    std::ifstream file(path);
    std::uint64_t limit = 0;
    if (file >> limit) bytes = std::min(bytes, limit);  // "max" is no number: no limit
  }
  return bytes;
}

bool is_terminal(std::FILE* stream) { return isatty(fileno(stream)) == 1; }

int terminal_width(std::FILE* stream) {
  winsize size{};
  if (!is_terminal(stream) || ioctl(fileno(stream), TIOCGWINSZ, &size) != 0) return 0;
  return size.ws_col;
}

bool output_is_terminal() { return is_terminal(stdout); }
bool error_is_terminal() { return is_terminal(stderr); }
int output_width() { return terminal_width(stdout); }

}  // namespace capstan::runtime
