// SPDX-License-Identifier: MIT
#include "runtime/command/output.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "runtime/command/exit.hpp"

namespace capstan::runtime {

void occupy_standard_streams() {
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO})
    if (fcntl(stream, F_GETFD) < 0 && errno == EBADF)
      // The lowest free number is this one.
      open("/dev/null", stream == STDIN_FILENO ? O_WRONLY : O_RDONLY);
}

int status_after_output(int status) {
  errno = 0;
  const bool is_flushed = std::fflush(stdout) == 0;
  if (is_flushed && std::ferror(stdout) == 0) return status;
  std::fprintf(stderr, "capstan: error: cannot write the standard output: %s\n",
               errno != 0 ? std::strerror(errno) : "some of it is lost");
  return status == 0 ? kOutputError : status;
}

}  // namespace capstan::runtime
