// SPDX-License-Identifier: MIT
// tree_dump: a syntax tree on one line, all of it but spans, so that trees can be compared and read
// in tests.
//
// Written apart from the printer: `(+ a (* b 2))` shows how the parser grouped, where text would
// hide it.
#pragma once

#include <string>

#include "model/syntax/ast.hpp"

namespace capstan::tests {

std::string dump(const model::ast::File& file);
std::string dump(const model::ast::Expr& expr);
std::string dump(const model::ast::Type& type);
std::string dump(const model::ast::Statement& statement);
std::string dump(const model::ast::Property& property);

}  // namespace capstan::tests
