// SPDX-License-Identifier: MIT
#include "runtime/command/machine.hpp"

#include <sys/ioctl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <string>

namespace capstan::runtime {

namespace {

constexpr std::uint64_t kUnbounded = std::numeric_limits<std::uint64_t>::max();

/// The number that a file begins with; kUnbounded if there is none ("max" is no limit).
std::uint64_t number_in(const std::string& path) {
  std::ifstream file(path);
  std::uint64_t number = kUnbounded;
  if (!(file >> number)) return kUnbounded;
  return number;
}

/// The least limit of a control group and of those that it is in.
std::uint64_t limit_of_groups(const std::string& root, std::string group, const char* file) {
  std::uint64_t least = number_in(root + "/" + file);
  while (group.size() > 1) {
    least = std::min(least, number_in(root + group + "/" + file));
    group.resize(group.rfind('/'));
  }
  return least;
}

/// Lines of /proc/self/cgroup are "0::/group" (version 2) and "4:memory:/group" (version 1). Inside
/// a container the group is told as the host names it, and its files are those of the root.
std::uint64_t control_group_limit() {
  std::uint64_t least = std::min(number_in("/sys/fs/cgroup/memory.max"),
                                 number_in("/sys/fs/cgroup/memory/memory.limit_in_bytes"));
  std::ifstream groups("/proc/self/cgroup");
  for (std::string line; std::getline(groups, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = first == std::string::npos ? first : line.find(':', first + 1);
    if (second == std::string::npos) continue;
    const std::string controllers = "," + line.substr(first + 1, second - first - 1) + ",";
    const std::string group = line.substr(second + 1);
    if (controllers == ",,")
      least = std::min(least, limit_of_groups("/sys/fs/cgroup", group, "memory.max"));
    else if (controllers.find(",memory,") != std::string::npos)
      least =
          std::min(least, limit_of_groups("/sys/fs/cgroup/memory", group, "memory.limit_in_bytes"));
  }
  return least;
}

/// What a resource limit leaves of `used` bytes.
std::uint64_t left_of(__rlimit_resource resource, std::uint64_t used) {
  rlimit limit{};
  if (getrlimit(resource, &limit) != 0 || limit.rlim_cur == RLIM_INFINITY) return kUnbounded;
  return limit.rlim_cur > used ? limit.rlim_cur - used : 0;
}

std::uint64_t resource_limits(std::uint64_t page_size) {
  std::ifstream file("/proc/self/statm");  // size resident shared text lib data dt, in pages
  std::array<std::uint64_t, 6> pages{};
  for (std::uint64_t& number : pages) file >> number;
  return std::min(left_of(RLIMIT_AS, pages[0] * page_size),
                  left_of(RLIMIT_DATA, pages[5] * page_size));
}

}  // namespace

std::uint64_t memory_bytes_available() {
  const auto page_size = static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
  const std::uint64_t machine = static_cast<std::uint64_t>(sysconf(_SC_PHYS_PAGES)) * page_size;
  return std::min({machine, control_group_limit(), resource_limits(page_size)});
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
