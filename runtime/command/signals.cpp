// SPDX-License-Identifier: MIT
// signals: handlers call nothing but what a signal handler may (signal-safety(7)).
#include "runtime/command/signals.hpp"

#include <unistd.h>

#include <array>
#include <climits>
#include <csignal>
#include <cstring>

#include "model/base/limits.hpp"

namespace capstan::runtime {
namespace {

constexpr std::array<int, 3> kEnds = {SIGINT, SIGTERM, SIGHUP};

char temporary_path[PATH_MAX];
volatile std::sig_atomic_t has_temporary = 0;

sigset_t ends() {
  sigset_t set;
  sigemptyset(&set);
  for (const int signal : kEnds) sigaddset(&set, signal);
  return set;
}

/// The caller of this program shall see which signal ended it.
void end_at_once(int signal) {
  if (has_temporary != 0) unlink(temporary_path);
  std::signal(signal, SIG_DFL);
  std::raise(signal);  // arrives when the handler returns
}

void stop_work(int signal) {
  static volatile std::sig_atomic_t is_second = 0;
  if (is_second != 0) end_at_once(signal);
  is_second = 1;
  model::request_interrupt();
}

/// `nohup` and the like have asked that the signal be ignored.
bool is_ignored(int signal) {
  struct sigaction before {};
  return sigaction(signal, nullptr, &before) == 0 && before.sa_handler == SIG_IGN;
}

void handle(void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_mask = ends();
  // No SA_RESTART: a pipe that nobody reads must not keep the program from its end.
  for (const int signal : kEnds)
    if (signal != SIGHUP || !is_ignored(signal)) sigaction(signal, &action, nullptr);
}

}  // namespace

void prepare_signals() {
  std::signal(SIGPIPE, SIG_IGN);
  std::signal(SIGXFSZ, SIG_IGN);
  handle(end_at_once);
}

void stop_work_on_signals() { handle(stop_work); }

TemporaryName::TemporaryName(const std::string& path) {
  if (path.size() >= sizeof temporary_path) return;
  std::memcpy(temporary_path, path.c_str(), path.size() + 1);
  has_temporary = 1;
}

TemporaryName::~TemporaryName() { has_temporary = 0; }

SignalsWait::SignalsWait() {
  const sigset_t set = ends();
  sigprocmask(SIG_BLOCK, &set, nullptr);
}

SignalsWait::~SignalsWait() {
  const sigset_t set = ends();
  sigprocmask(SIG_UNBLOCK, &set, nullptr);
}

}  // namespace capstan::runtime
