// SPDX-License-Identifier: MIT
#include "checker/symbolic/interruptible.hpp"

#include <pthread.h>

#include <chrono>
#include <csignal>
#include <mutex>
#include <thread>

#include "model/base/limits.hpp"

namespace capstan::checker {
namespace {

constexpr std::size_t kStack = std::size_t{256} << 10U;

std::mutex guard;
Z3_context asked = nullptr;  // by `guard`

void* watch(void*) {
  for (;;) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    if (!model::is_interrupted()) continue;
    const std::lock_guard lock(guard);
    if (asked != nullptr) Z3_interrupt(asked);
  }
  return nullptr;
}

/// It takes no signals: those are for the thread that works. Where there is no room for it,
/// questions are ended by their own limits alone.
bool start_to_watch() {
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, kStack);
  pthread_attr_setdetachstate(&attributes, PTHREAD_CREATE_DETACHED);
  pthread_t thread{};
  const int error = pthread_create(&thread, &attributes, watch, nullptr);
  pthread_attr_destroy(&attributes);
  pthread_sigmask(SIG_SETMASK, &before, nullptr);
  return error == 0;
}

}  // namespace

Interruptible::Interruptible(z3::context& context) {
  static const bool is_watched = start_to_watch();
  static_cast<void>(is_watched);
  const std::lock_guard lock(guard);
  outer_ = asked;
  asked = context;
}

Interruptible::Interruptible(z3::solver& solver) : Interruptible(solver.ctx()) {
  z3::params params(solver.ctx());
  params.set("ctrl_c", false);
  solver.set(params);
}

Interruptible::~Interruptible() {
  const std::lock_guard lock(guard);
  asked = outer_;
}

z3::check_result ask_z3(z3::solver& solver) {
  return ask_z3(solver, z3::expr_vector(solver.ctx()));
}

z3::check_result ask_z3(z3::solver& solver, const z3::expr_vector& assumptions) {
  z3::check_result result = z3::unknown;
  {
    const Interruptible interruptible(solver);
    result = assumptions.empty() ? solver.check() : solver.check(assumptions);
  }
  // An end that came at the last moment leaves a model that is half made.
  if (result == z3::unknown || model::is_interrupted()) model::poll_limits_now();
  return result;
}

}  // namespace capstan::checker
