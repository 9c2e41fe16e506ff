// SPDX-License-Identifier: MIT
// print_statements: statements and blocks.
//
// A block stands on its head's line if it has at most `statements_on_line_max` statements and the
// line is not too wide.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/printer_internal.hpp"

namespace capstan::model::printing {

namespace {

constexpr std::size_t statements_on_line_max = 3;
constexpr std::size_t step = 2;

using Kind = ast::StatementKind;

std::string place(const ast::Place& place) {
  std::string result = place.root.text;
  for (const ast::Place::Step& item : place.steps) {
    result += item.field ? "." + item.field->text : fmt::format("[{}]", expression(*item.index));
  }
  return result;
}

/// The block behind a head that ends at `column`.
std::string block(const ast::Block& block, std::size_t indent, std::size_t column) {
  if (indent == on_one_line) return block_on_one_line(block);
  if (block.size() <= statements_on_line_max && column < width_max) {
    std::string line = block_on_one_line(block);
    if (column + 1 + line.size() <= width_max) return line;
  }
  std::string result = "{\n";
  for (const ast::Statement& item : block) {
    result += fmt::format("{}{}\n", spaces(indent + step), statement(item, indent + step));
  }
  return result + spaces(indent) + "}";
}

std::string if_statement(const ast::Statement& statement, std::size_t indent) {
  std::vector<std::pair<std::string, const ast::Block*>> parts;
  for (const ast::Branch& branch : statement.branches) {
    const std::string_view word = parts.empty() ? "if" : "else if";
    parts.emplace_back(fmt::format("{} {}", word, expression(*branch.condition)), &branch.block);
  }
  if (statement.has_else) parts.emplace_back("else", &statement.block);

  const auto together = [&](auto print_block) {
    return joined(parts, " ",
                  [&](const auto& part) { return part.first + " " + print_block(*part.second); });
  };
  const bool is_short = std::all_of(parts.begin(), parts.end(), [](const auto& part) {
    return part.second->size() <= statements_on_line_max;
  });
  if (is_short || indent == on_one_line) {
    std::string line = together(block_on_one_line);
    if (indent == on_one_line || indent + line.size() <= width_max) return line;
  }
  // If one part needs lines, all have them: the parts of one choice look alike.
  return together([&](const ast::Block& part) { return block(part, indent, width_max); });
}

/// Text whose last part may be an ask with a block.
std::string ending_in_ask(std::string head, const ast::Ask& asked, std::size_t indent) {
  head += ask_head(asked);
  return asked.has_else ? with_block(std::move(head), asked.otherwise, indent) : head;
}

std::string ending_in_value(std::string head, const ast::Expr& expr, std::size_t indent) {
  if (expr.kind == ast::ExprKind::Ask) return ending_in_ask(std::move(head), *expr.ask, indent);
  return head + value(expr);
}

std::string reply(const ast::Statement& statement, std::size_t indent) {
  std::string result = statement.ask != nullptr ? ending_in_ask("reply ", *statement.ask, indent)
                                                : "reply " + message(*statement.message);
  if (statement.target != nullptr) result += " to " + expression(*statement.target);
  return result;
}

std::string send(const ast::Statement& statement) {
  std::string result =
      fmt::format("send {} to {}{}", message(*statement.message), statement.any ? "any " : "",
                  expression(*statement.target, range_level));
  if (statement.after != nullptr) result += " after " + expression(*statement.after);
  return result;
}

}  // namespace

std::string block_on_one_line(const ast::Block& block) {
  if (block.empty()) return "{ }";
  return fmt::format("{{ {} }}", joined(block, "; ", [](const ast::Statement& item) {
                       return statement(item, on_one_line);
                     }));
}

std::string with_block(std::string head, const ast::Block& content, std::size_t indent) {
  const std::size_t last_line = head.rfind('\n');
  const std::size_t column =
      last_line == std::string::npos ? indent + head.size() : head.size() - last_line - 1;
  return fmt::format("{} {}", head, block(content, indent, column));
}

std::string statement(const ast::Statement& statement, std::size_t indent) {
  switch (statement.kind) {
    case Kind::Let:
      return ending_in_value(fmt::format("let {} = ", statement.name.text), *statement.value,
                             indent);
    case Kind::Assign:
      return ending_in_value(fmt::format("{} {} ", place(statement.place), statement.op),
                             *statement.value, indent);
    case Kind::Call:
      return fmt::format("{}({})", statement.name.text, arguments(statement.args));
    case Kind::If:
      return if_statement(statement, indent);
    case Kind::For:
      return with_block("for " + binders(statement.binders), statement.block, indent);
    case Kind::Send:
      return send(statement);
    case Kind::Reply:
      return reply(statement, indent);
    case Kind::Ask:
      return ending_in_ask("", *statement.ask, indent);
    case Kind::WaitUntil:
      return "wait until " + expression(*statement.value);
    case Kind::Assert:
      return "assert " + expression(*statement.value);
    case Kind::Sync:
      return "sync";
    case Kind::Return:
      return statement.value == nullptr ? "return"
                                        : ending_in_value("return ", *statement.value, indent);
    case Kind::Fail:
      return "fail";
    case Kind::Unknown:
      return "unknown";
    case Kind::Next:
      return "next";
    case Kind::Error:
      break;
  }
  CAPSTAN_UNREACHABLE("a tree with errors is not printed");
}

}  // namespace capstan::model::printing
