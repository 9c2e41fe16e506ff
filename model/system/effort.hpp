// SPDX-License-Identifier: MIT
// effort: a bound on what one evaluation, or one step, may take.
//
// Conditions and code of a spec always end, but nested loops and functions that call each other
// twice can take longer than anybody waits. The outermost loop, call or segment opens a count, and
// everything inside adds to it. The bound is a number of steps and no time, so that the same spec
// meets it everywhere; limits of time and memory hold inside, too. A segment has a count of its
// own: the loop that goes through the parameters of an action runs a segment for each of them.
// From: model/base/limits. To: system/evaluate, system/segment, runtime/execute.
#pragma once

#include <cstdint>
#include <string>

#include "model/source/source_file.hpp"

namespace capstan::model {

/// What ends an evaluation that takes too much: it has no value, and is no model error. Not a
/// std::exception, as LimitReached.
struct TooLong {
  std::string message;  // "one step takes more than ..."
  Span span;            // of the loop, the call or the step
};

/// The most turns of loops, calls and statements of one evaluation or one step.
inline constexpr std::uint64_t kEffortMax = 10'000'000;
/// The most elements of one collection that is computed.
inline constexpr std::uint64_t kElementsMax = 1'000'000;

/// Opens a count, if none is open in this thread; a new one if it is `separate`.
class Effort {
 public:
  explicit Effort(Span span, bool separate = false);
  ~Effort();
  Effort(const Effort&) = delete;
  Effort& operator=(const Effort&) = delete;

  /// Counts one turn of whatever is open; throws TooLong or LimitReached.
  static void turn();
  /// Turns counted so far by what is open.
  static std::uint64_t turns();
  /// Throws TooLong if a collection would have more than `kElementsMax` elements.
  static void require_elements(std::uint64_t count, Span span);

  struct Count {
    bool is_open = false;
    std::uint64_t turns = 0;
    Span span;
  };

 private:
  bool opens_;
  Count outer_;
};

}  // namespace capstan::model
