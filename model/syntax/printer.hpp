// SPDX-License-Identifier: MIT
// printer: tree -> text, the parser's inverse.
//
// From: syntax/parser, and whoever makes trees. To: messages that quote an expression,
// programs that write specs. (`capstan fmt` is syntax/format, which keeps the writer's lines.)
// Printing and parsing again gives the same tree but for spans: parentheses are kept in the tree,
// and added where a tree that no parser made needs them. What stands on one line is short and fits
// the width; comments are kept only where the tree has them (`///` of the protocol and of
// scenarios). Only trees without errors can be printed. Tested by:
// tests/unit/model/syntax_printer_test.cpp, tests/fuzz/front_end_fuzz.cpp.
#pragma once

#include <string>

#include "model/syntax/ast.hpp"

namespace capstan::model {

/// The whole file, ending in a newline.
std::string print(const ast::File& file);

/// An expression, a type or a property on one line.
std::string print(const ast::Expr& expr);
std::string print(const ast::Type& type);
std::string print(const ast::Property& property);

}  // namespace capstan::model
