// SPDX-License-Identifier: MIT
// limits: bounds on time and memory, and interruption, for whatever may run long.
//
// A command makes one `Limits` for what it is about to do (load a file, check a scenario), code
// that may run long names what it does by a `Phase` and calls `poll_limits` in its loops, and
// whoever has something to say of unfinished work catches `LimitReached`. Limits and phases belong
// to a thread; an interrupt ends the work of all threads.
// Tested by: tests/unit/model/base/limits_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <limits>
#include <string>

namespace capstan::model {

enum class LimitKind { Time, Memory, Interrupted };

/// What ends work that a limit or an interrupt cuts short. Not a std::exception, so that nobody
/// who handles errors takes it for one.
struct LimitReached {
  LimitKind kind = LimitKind::Time;
  std::string phase;               // "the exploration"; empty outside every phase
  double seconds = 0;              // the limit of time that was in force; 0: none
  std::uint64_t memory_bytes = 0;  // the limit of memory that was in force; 0: none
};

/// "the time limit of 5 s was reached in the exploration".
std::string limit_text(const LimitReached& reached);

/// Limits for the work of this thread until the end of scope. Of nested limits the tightest holds.
class Limits {
 public:
  struct Wanted {
    double seconds = 0;              // from now on; 0: none
    std::uint64_t memory_bytes = 0;  // resident in this process, all that it holds; 0: none
    bool frees = false;  // what is made is given back within the same time (seconds_to_free)
  };

  explicit Limits(Wanted wanted);
  ~Limits();
  Limits(const Limits&) = delete;
  Limits& operator=(const Limits&) = delete;

  /// What holds: those of this scope and of all around it.
  struct InForce {
    std::chrono::steady_clock::time_point deadline = std::chrono::steady_clock::time_point::max();
    double seconds = 0;  // as they were asked for, for people
    std::uint64_t memory_bytes = 0;
    bool frees = false;
  };

 private:
  InForce outer_;
};

/// A short time, until the end of scope, in which what a limit has ended can still be told: until
/// then the limits around it do not hold, but this one of time does. An interrupt ends it too.
class Grace {
 public:
  explicit Grace(double seconds);
  ~Grace();
  Grace(const Grace&) = delete;
  Grace& operator=(const Grace&) = delete;

 private:
  Limits::InForce outer_;
};

/// Names what this thread is doing until the end of scope. `name` completes "was reached in ...",
/// as in "the exploration", and outlives the phase.
class Phase {
 public:
  explicit Phase(const char* name);
  ~Phase();
  Phase(const Phase&) = delete;
  Phase& operator=(const Phase&) = delete;

 private:
  const char* outer_;
};

/// The innermost phase of this thread; empty outside every phase.
const char* current_phase();

/// Seconds until the deadline in force, not below 0; infinity if there is none.
double seconds_left();

/// The same in milliseconds, for what takes a limit of its own: from 1 to `most`, and so long that
/// the deadline has passed when it ends.
unsigned milliseconds_left(unsigned most);

/// Ends all work at its next poll. Safe in a signal handler; stays until `forget_interrupt`.
void request_interrupt() noexcept;
bool is_interrupted() noexcept;
void forget_interrupt() noexcept;

/// Throws LimitReached if a limit in force is exceeded or an interrupt was requested. Costs a look
/// at the clock (25 ns), and at the resident memory every 20 ms (5 us).
void poll_limits_now();

namespace detail {
inline constexpr unsigned kPollsBetweenLooks = 128;
inline constinit thread_local unsigned polls_until_look = 0;
}  // namespace detail

/// `poll_limits_now` once in 128 calls: for inner loops, where each turn takes far less than 1 ms.
inline void poll_limits() {
  if (detail::polls_until_look-- != 0) [[likely]]
    return;
  detail::polls_until_look = detail::kPollsBetweenLooks;
  poll_limits_now();
}

/// About how long it takes to give back what the heap has grown by since the last `forget_peak`:
/// 1.3 s for a GiB of small objects.
double seconds_to_free();

/// Bytes of memory that are resident in this process; 0 if the system does not tell.
std::uint64_t resident_bytes();

/// The most that was resident at any look at the memory (by polls of this thread, under a limit on
/// it, and now) since the last `forget_peak`.
std::uint64_t peak_resident_bytes();
void forget_peak();

}  // namespace capstan::model
