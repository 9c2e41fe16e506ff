// SPDX-License-Identifier: MIT
// definitions: what a C++ file defines with external linkage, for the one-definition rule.
//
// A linker takes one of two classes, inline functions or templates of one name and drops the other
// without a word; the program then runs the code of one on the data of the other. No parser of C++:
// braces, parentheses and the words before them are enough for sources that clang-format has
// formatted. Linear in the text. Tested by: tests/tidy/definitions_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace capstan::tidy {

/// A type, function, variable or alias that stands in a named namespace, or in none.
struct Definition {
  std::string name;  // with its namespaces; a function with the types of its parameters
  std::string path;
  std::size_t line = 0;
  std::string target;  // of an alias; empty for what may be defined only once
};

/// What the text of a file defines, in its order. Left out is what has internal linkage: anonymous
/// namespaces, `static` functions, constants that are not `inline`; and `main`.
std::vector<Definition> definitions_in(const std::string& path, std::string_view text);

/// A line for each name that is defined twice: in two places, or as aliases of different types.
/// Equal texts clash as well: one of them is to go.
std::vector<std::string> clashes(std::vector<Definition> definitions);

}  // namespace capstan::tidy
