// SPDX-License-Identifier: MIT
// explanation: a paragraph for each code of diagnostic.cpp, with an example that gives it.
//
// To: `capstan doc`. One table (explanation_*.cpp, by pass); tests/unit/model/source/
// explanation_test.cpp checks that every code has one and that each example gives that code.
#pragma once

#include <span>
#include <string_view>

namespace capstan::model {

struct Explanation {
  std::string_view code;
  std::string_view meaning;  // what is wrong, and why the language minds
  std::string_view example;  // a whole file that gives the code
  std::string_view mend;     // what the writer can do
};

/// nullptr for an unknown code.
const Explanation* explanation_of(std::string_view code);

namespace explanations {
std::span<const Explanation> syntax();     // E00, E01
std::span<const Explanation> names();      // E02
std::span<const Explanation> types();      // E03
std::span<const Explanation> scenarios();  // E04, E05, W05
std::span<const Explanation> lint();       // W06
}  // namespace explanations

}  // namespace capstan::model
