// SPDX-License-Identifier: MIT
#include "model/base/limits.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdlib>

namespace capstan::model {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::chrono::milliseconds kBetweenMemoryLooks{20};

std::atomic<bool> interrupted{false};
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler sets it");

thread_local Limits::InForce in_force;
thread_local const char* phase = "";
thread_local Clock::time_point next_memory_look;
thread_local std::uint64_t peak_resident = 0;
thread_local Clock::time_point next_heap_look;
thread_local Clock::duration to_free{};
thread_local const char* heap_start = nullptr;

std::uint64_t look_at_memory() {
  const std::uint64_t resident = resident_bytes();
  peak_resident = std::max(peak_resident, resident);
  return resident;
}

Clock::time_point time_after(double seconds) {
  constexpr double longest = 1e9;  // more than that the clock cannot hold: it is no limit
  return Clock::now() + std::chrono::duration_cast<Clock::duration>(
                            std::chrono::duration<double>(std::min(seconds, longest)));
}

const char* heap_end() { return static_cast<const char*>(::sbrk(0)); }

/// As of the last look, some milliseconds ago at most.
Clock::duration time_to_free(Clock::time_point now) {
  if (now >= next_heap_look) {
    next_heap_look = now + kBetweenMemoryLooks;
    to_free = std::chrono::duration_cast<Clock::duration>(
        std::chrono::duration<double>(seconds_to_free()));
  }
  return to_free;
}

[[noreturn]] void reach(LimitKind kind) {
  throw LimitReached{kind, phase, in_force.seconds, in_force.memory_bytes};
}

}  // namespace

std::string limit_text(const LimitReached& reached) {
  const std::string where = reached.phase.empty() ? "" : fmt::format(" in {}", reached.phase);
  switch (reached.kind) {
    case LimitKind::Time:
      return fmt::format("the time limit of {} s was reached{}", reached.seconds, where);
    case LimitKind::Memory:
      return fmt::format("the memory limit of {} MiB was reached{}", reached.memory_bytes >> 20U,
                         where);
    case LimitKind::Interrupted:
      break;
  }
  return fmt::format("interrupted{}", where);
}

Limits::Limits(Wanted wanted) : outer_(in_force) {
  if (wanted.seconds > 0) {
    const auto deadline = time_after(wanted.seconds);
    if (deadline < in_force.deadline) {
      in_force.deadline = deadline;
      in_force.seconds = wanted.seconds;
    }
  }
  if (wanted.memory_bytes != 0 &&
      (in_force.memory_bytes == 0 || wanted.memory_bytes < in_force.memory_bytes))
    in_force.memory_bytes = wanted.memory_bytes;
  in_force.frees = in_force.frees || wanted.frees;
}

Limits::~Limits() { in_force = outer_; }

Grace::Grace(double seconds) : outer_(in_force) {
  in_force = {time_after(seconds), seconds, 0, false};
}

Grace::~Grace() { in_force = outer_; }

Phase::Phase(const char* name) : outer_(phase) { phase = name; }

Phase::~Phase() { phase = outer_; }

const char* current_phase() { return phase; }

double seconds_left() {
  if (in_force.deadline == Clock::time_point::max()) return std::numeric_limits<double>::infinity();
  const std::chrono::duration<double> left = in_force.deadline - Clock::now();
  return std::max(0.0, left.count());
}

unsigned milliseconds_left(unsigned most) {
  const double left = seconds_left() * 1000 + 2;
  return left < most ? static_cast<unsigned>(left) : most;
}

void request_interrupt() noexcept { interrupted.store(true, std::memory_order_relaxed); }

bool is_interrupted() noexcept { return interrupted.load(std::memory_order_relaxed); }

void forget_interrupt() noexcept { interrupted.store(false, std::memory_order_relaxed); }

void poll_limits_now() {
  if (is_interrupted()) reach(LimitKind::Interrupted);
  const Limits::InForce& limits = in_force;
  if (limits.deadline == Clock::time_point::max() && limits.memory_bytes == 0) return;
  const Clock::time_point now = Clock::now();
  if (now >= limits.deadline || (limits.frees && now + time_to_free(now) >= limits.deadline))
    reach(LimitKind::Time);
  if (limits.memory_bytes == 0 || now < next_memory_look) return;
  next_memory_look = now + kBetweenMemoryLooks;
  if (look_at_memory() > limits.memory_bytes) reach(LimitKind::Memory);
}

std::uint64_t peak_resident_bytes() {
  look_at_memory();
  return peak_resident;
}

void forget_peak() {
  peak_resident = 0;
  heap_start = heap_end();
  next_heap_look = {};
}

double seconds_to_free() {
  // The heap of small objects ends where `brk` says; what is large is mapped, and given back at
  // once.
  if (heap_start == nullptr) heap_start = heap_end();
  constexpr double seconds_per_byte = 1.3 / (1U << 30U);
  return std::max(0.0, static_cast<double>(heap_end() - heap_start) * seconds_per_byte);
}

std::uint64_t resident_bytes() {
  const int file = ::open("/proc/self/statm", O_RDONLY | O_CLOEXEC);
  if (file < 0) return 0;
  std::array<char, 128> text{};  // "size resident shared ...", in pages
  const ssize_t length = ::read(file, text.data(), text.size() - 1);
  ::close(file);
  if (length <= 0) return 0;
  char* rest = nullptr;
  std::strtoull(text.data(), &rest, 10);
  const std::uint64_t pages = std::strtoull(rest, nullptr, 10);
  return pages * static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
}

}  // namespace capstan::model
