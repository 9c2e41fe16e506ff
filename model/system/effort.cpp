// SPDX-License-Identifier: MIT
#include "model/system/effort.hpp"

#include <fmt/format.h>

#include "model/base/limits.hpp"

namespace capstan::model {
namespace {

struct Count {
  bool is_open = false;
  std::uint64_t turns = 0;
  Span span;
};

constinit thread_local Count count;

[[noreturn]] void stop() {
  throw TooLong{fmt::format("it takes more than {} turns of loops and calls", kEffortMax),
                count.span};
}

}  // namespace

Effort::Effort(Span span) : is_outermost_(!count.is_open) {
  if (is_outermost_) count = {true, 0, span};
}

Effort::~Effort() {
  if (is_outermost_) count.is_open = false;
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
