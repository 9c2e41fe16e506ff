// SPDX-License-Identifier: MIT
// printer_internal: the pieces of the printer, for the print_*.cpp files and nobody else.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "model/syntax/ast.hpp"

namespace capstan::model::printing {

/// The widest line that is not broken, if it can be.
inline constexpr std::size_t width_max = 100;

/// An indentation that means: no line breaks at all.
inline constexpr std::size_t on_one_line = static_cast<std::size_t>(-1);

// Levels of precedence, loosest first, as in parse_expressions.cpp.
inline constexpr int any_level = 0;
inline constexpr int range_level = 8;
inline constexpr int sum_level = 9;

/// The expression, in parentheses if it binds less tightly than `minimum`.
std::string expression(const ast::Expr& expr, int minimum = any_level);
/// An expression, an ask or a choice, as it stands after `=` and `return`.
std::string value(const ast::Expr& expr);
std::string type(const ast::Type& type);
std::string binders(const ast::Binders& binders);
std::string message(const ast::MessageExpr& message);
std::string arguments(const std::vector<ast::Arg>& args);
std::string fields(const std::vector<ast::Field>& fields);
/// The ask without its `else`.
std::string ask_head(const ast::Ask& ask);
/// The ask on one line.
std::string ask(const ast::Ask& ask);
std::string property(const ast::Property& property);

/// Items joined by a separator.
std::string joined(const std::vector<std::string>& items, std::string_view separator);
template <typename List, typename Function>
std::string joined(const List& list, std::string_view separator, Function function) {
  std::vector<std::string> items;
  for (const auto& item : list) items.push_back(function(item));
  return joined(items, separator);
}

std::string spaces(std::size_t indent);

/// The head and its block: on one line if that is short, else a line a statement.
std::string with_block(std::string head, const ast::Block& block, std::size_t indent);
/// `{ a; b }`
std::string block_on_one_line(const ast::Block& block);
/// Without its own indentation; further lines have it.
std::string statement(const ast::Statement& statement, std::size_t indent);

/// The lines of a `///` comment; nothing for none.
std::string doc_lines(const std::string& doc);
std::string role(const ast::Role& role);
std::string function(const ast::Function& function, std::size_t indent);
std::string param(const ast::Param& param);
std::string scenario(const ast::Scenario& scenario);
std::string card(const ast::Card& card);

}  // namespace capstan::model::printing
