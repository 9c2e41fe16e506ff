// SPDX-License-Identifier: MIT
#include "runtime/command/out_of_memory.hpp"

#include <cxxabi.h>
#include <dlfcn.h>
#include <execinfo.h>
#include <sys/resource.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <exception>
#include <memory>
#include <new>
#include <typeinfo>

#include "runtime/command/exit.hpp"

namespace capstan::runtime {
namespace {

constexpr std::size_t kReserve = std::size_t{512} << 10U;
constexpr std::size_t kStack = std::size_t{64} << 10U;

std::unique_ptr<char[]> reserve;
std::atomic<bool> was_refused{false};
alignas(16) std::array<char, kStack> stack_of_handlers;

/// operator new has none: what unwinding and telling need is set free.
void refuse() {
  was_refused.store(true, std::memory_order_relaxed);
  reserve.reset();
  throw std::bad_alloc();
}

void say_that_memory_ran_out() {
  constexpr const char* text =
      "capstan: memory ran out, so that this is undecided: allow it more, or check a smaller "
      "scenario\n";
  static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
}

/// What Z3 throws where `malloc` gives it nothing, sometimes out of a destructor.
bool is_lack_of_memory_in_z3() {
  const std::type_info* const type = abi::__cxa_current_exception_type();
  return type != nullptr && std::strstr(type->name(), "out_of_memory") != nullptr;
}

/// Whether Z3 is among the callers. After an allocation that failed it may go on with what is half
/// made.
bool is_inside_z3() {
  std::array<void*, 64> frames{};
  const int count = backtrace(frames.data(), static_cast<int>(frames.size()));
  for (int i = 0; i < count; ++i) {
    Dl_info info{};
    if (dladdr(frames[static_cast<std::size_t>(i)], &info) != 0 && info.dli_fname != nullptr &&
        std::strstr(info.dli_fname, "libz3") != nullptr)
      return true;
  }
  return false;
}

[[noreturn]] void terminate() {
  if (const std::exception_ptr thrown = std::current_exception()) {
    try {
      std::rethrow_exception(thrown);
    } catch (const std::bad_alloc&) {
      say_that_memory_ran_out();
      std::_Exit(kUndecided);
    } catch (...) {
      if (!is_lack_of_memory_in_z3()) std::abort();
      say_that_memory_ran_out();
      std::_Exit(kUndecided);
    }
  }
  std::abort();
}

/// A failed contract has said what is wrong and aborts: the documented exit status of that is 70.
void on_abort(int) {
  if (!was_refused.load(std::memory_order_relaxed)) std::_Exit(kInternalError);
  say_that_memory_ran_out();
  std::_Exit(kUndecided);
}

/// A null pointer that a library got for memory, or a stack that could not grow. What is no lack of
/// memory stays the crash that it is.
void on_fault(int number) {
  if (was_refused.load(std::memory_order_relaxed)) {
    say_that_memory_ran_out();
    std::_Exit(kUndecided);
  }
  if (is_inside_z3()) {
    constexpr const char* text =
        "capstan: Z3 ended in a crash, as it may when memory runs out, so that this is undecided\n";
    static_cast<void>(!write(STDERR_FILENO, text, std::strlen(text)));
    std::_Exit(kUndecided);
  }
  std::signal(number, SIG_DFL);
  std::raise(number);
}

void handle(int number, void (*handler)(int)) {
  struct sigaction action {};
  action.sa_handler = handler;
  action.sa_flags = SA_ONSTACK;
  sigemptyset(&action.sa_mask);
  sigaction(number, &action, nullptr);
}

}  // namespace

void prepare_for_lack_of_memory() {
  stack_t stack{};
  stack.ss_sp = stack_of_handlers.data();
  stack.ss_size = stack_of_handlers.size();
  sigaltstack(&stack, nullptr);
  handle(SIGABRT, on_abort);
#if !defined(__SANITIZE_ADDRESS__)  // which has handlers of its own
  handle(SIGSEGV, on_fault);
  handle(SIGBUS, on_fault);
#endif
  std::set_terminate(terminate);
  std::set_new_handler(refuse);
  reserve.reset(new (std::nothrow) char[kReserve]);
}

void prepare_to_look_at_callers() {
  std::array<void*, 1> frame{};
  static_cast<void>(backtrace(frame.data(), 1));
}

void renew_reserve() {
  if (!was_refused.exchange(false, std::memory_order_relaxed)) return;
  reserve.reset(new (std::nothrow) char[kReserve]);
}

int out_of_memory() {
  say_that_memory_ran_out();
  return kUndecided;
}

}  // namespace capstan::runtime
