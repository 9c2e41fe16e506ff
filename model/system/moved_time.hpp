// SPDX-License-Identifier: MIT
// moved_time: a time some ticks later, for what is no expression: deadlines. Part of the evaluator,
// which the checker and the plain executor share.
#pragma once

#include <cstdint>

#include "model/system/evaluate.hpp"

namespace capstan::model {

/// `time` + `ticks`, told to `rules` if there are any; `least` stays `least`. Throws ModelError if
/// that are too many ticks, or the result outgrows 64 bits.
std::int64_t moved_time(std::int64_t time, std::int64_t ticks, TimeRules* rules, Span span);

}  // namespace capstan::model
