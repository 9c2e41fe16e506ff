// SPDX-License-Identifier: MIT
#include "model/system/effort.hpp"

#include <fmt/format.h>

#include "model/base/limits.hpp"

namespace capstan::model {
namespace {

constinit thread_local Effort::Count count;

[[noreturn]] void stop() {
  throw TooLong{fmt::format("it takes more than {} turns of loops and calls", kEffortMax),
                count.span};
}

}  // namespace

Effort::Effort(Span span, bool separate) : opens_(separate || !count.is_open), outer_(count) {
  if (opens_) count = {true, 0, span};
}

Effort::~Effort() {
  if (opens_) count = outer_;
}

void Effort::turn() {
  poll_limits();
  if (++count.turns > kEffortMax && count.is_open) stop();
}

std::uint64_t Effort::turns() { return count.turns; }

void Effort::require_elements(std::uint64_t elements, Span span) {
  if (elements > kElementsMax)
    throw TooLong{fmt::format("it makes a collection of more than {} elements", kElementsMax),
                  span == Span{} ? count.span : span};
}

}  // namespace capstan::model
