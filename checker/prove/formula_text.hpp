// SPDX-License-Identifier: MIT
// formula_text: a formula of Z3 over named numbers and truths, as the language would write it.
//
// Sums are written with what is subtracted on the other side. What the language has no words for is
// left as Z3 writes it. From: prove/candidate. Tested by:
// tests/unit/checker/prove/attempts_test.cpp
#pragma once

#include <z3++.h>

#include <functional>
#include <string>

namespace capstan::checker {

/// `value_text(c, n)`: how the number n is written where it is compared with the constant c; empty
/// where it is just a number.
using ValueText = std::function<std::string(const std::string&, std::int64_t)>;
std::string formula_text(const z3::expr& formula, const ValueText& value_text);

}  // namespace capstan::checker
