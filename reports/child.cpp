// SPDX-License-Identifier: MIT
#include "reports/child.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>

namespace capstan::reports {
namespace {

/// A child that takes longer waits for something that it will not get.
constexpr double kSecondsMost = 120;

/// Ends a whole answer: a child that dies while it writes leaves it out.
constexpr char kDone = '\x04';

/// A pipe's end, closed when it goes out of scope.
class End {
 public:
  explicit End(int file) : file_(file) {}
  ~End() { close_now(); }
  End(const End&) = delete;
  End& operator=(const End&) = delete;
  int file() const { return file_; }
  void close_now() {
    if (file_ >= 0) close(file_);
    file_ = -1;
  }

 private:
  int file_;
};

/// A child, killed and waited for when it goes out of scope.
class Child {
 public:
  explicit Child(pid_t id) : id_(id) {}
  ~Child() {
    if (id_ <= 0) return;
    kill(id_, SIGKILL);
    wait_for();
  }
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;
  /// Its status, as waitpid tells it.
  int wait_for() {
    int status = 0;
    while (waitpid(id_, &status, 0) < 0 && errno == EINTR) continue;
    id_ = 0;
    return status;
  }

 private:
  pid_t id_;
};

bool write_all(int file, const char* bytes, std::size_t count) {
  while (count > 0) {
    const ssize_t written = write(file, bytes, count);
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return false;
    bytes += written;
    count -= static_cast<std::size_t>(written);
  }
  return true;
}

[[noreturn]] void be_child(const std::function<std::string()>& work, int to_parent) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const rlimit no_core{0, 0};
  setrlimit(RLIMIT_CORE, &no_core);
  for (const int number : {SIGABRT, SIGSEGV, SIGBUS, SIGTERM, SIGINT, SIGHUP, SIGTRAP})
    std::signal(number, SIG_DFL);
  const int nowhere = open("/dev/null", O_WRONLY);
  if (nowhere >= 0) dup2(nowhere, STDERR_FILENO);
  bool is_written = false;
  try {
    const std::string bytes = work();
    is_written =
        write_all(to_parent, bytes.data(), bytes.size()) && write_all(to_parent, &kDone, 1);
  } catch (...) {
    is_written = false;
  }
  _exit(is_written ? 0 : 1);
}

/// All that comes until the other end is closed. False: time is over, or reading failed.
bool read_all(int file, double seconds, std::string& bytes) {
  using Clock = std::chrono::steady_clock;
  const Clock::time_point start = Clock::now();
  std::array<char, 65536> buffer;
  for (;;) {
    const double left = seconds - std::chrono::duration<double>(Clock::now() - start).count();
    if (left <= 0) return false;
    pollfd wanted{file, POLLIN, 0};
    const int ready = poll(&wanted, 1, static_cast<int>(std::min(left * 1000 + 1, 60'000.0)));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const ssize_t count = read(file, buffer.data(), buffer.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return false;
    if (count == 0) return true;
    bytes.append(buffer.data(), static_cast<std::size_t>(count));
  }
}

}  // namespace

ChildAnswer in_child(const std::function<std::string()>& work, double seconds) {
  std::array<int, 2> files{-1, -1};
  if (pipe2(files.data(), O_CLOEXEC) != 0)
    return {"", fmt::format("no pipe to a child process: {}", std::strerror(errno))};
  End from_child(files[0]), to_parent(files[1]);
  // Not fork(): Z3 has a handler for it that waits for ever if a thread of its could not be made.
  const pid_t id = _Fork();
  if (id < 0) return {"", fmt::format("no child process: {}", std::strerror(errno))};
  if (id == 0) be_child(work, to_parent.file());
  Child child(id);
  to_parent.close_now();
  ChildAnswer answer;
  if (!read_all(from_child.file(), std::min(seconds, kSecondsMost), answer.bytes))
    return {"", "the time was over"};
  const int status = child.wait_for();
  const bool is_whole = WIFEXITED(status) && WEXITSTATUS(status) == 0 && !answer.bytes.empty() &&
                        answer.bytes.back() == kDone;
  if (!is_whole)
    return {"", WIFSIGNALED(status)
                    ? fmt::format("the child process was ended by signal {}", WTERMSIG(status))
                    : "the child process failed"};
  answer.bytes.pop_back();
  return answer;
}

}  // namespace capstan::reports
