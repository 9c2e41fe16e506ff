// SPDX-License-Identifier: MIT
// print_expressions: expressions, types, asks and messages, each on one line.
#include <fmt/format.h>

#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/printer_internal.hpp"

namespace capstan::model::printing {

namespace {

constexpr int implies_level = 1;
constexpr int not_level = 4;
constexpr int comparison_level = 5;
constexpr int all_level = 6;
constexpr int fallback_level = 7;
constexpr int product_level = 10;
constexpr int minus_level = 11;
constexpr int postfix_level = 12;

int binary_level(std::string_view op) {
  if (op == "implies") return implies_level;
  if (op == "or") return 2;
  if (op == "and") return 3;
  if (op == "??") return fallback_level;
  if (op == "..") return range_level;
  if (op == "+" || op == "-" || op == "but") return sum_level;
  if (op == "*" || op == "/" || op == "%") return product_level;
  return comparison_level;
}

int level(const ast::Expr& expr) {
  switch (expr.kind) {
    case ast::ExprKind::If:
    case ast::ExprKind::Any:
      return any_level;
    case ast::ExprKind::Binary:
      return binary_level(expr.op);
    case ast::ExprKind::Unary:
      return expr.op == "not" ? not_level : expr.op == "all" ? all_level : minus_level;
    case ast::ExprKind::Integer:
      return expr.number < 0 ? minus_level : postfix_level;
    case ast::ExprKind::Name:
    case ast::ExprKind::UpperName:
    case ast::ExprKind::RoleMember:
    case ast::ExprKind::Call:
    case ast::ExprKind::Comprehension:
    case ast::ExprKind::MethodCall:
    case ast::ExprKind::Field:
    case ast::ExprKind::Index:
    case ast::ExprKind::Force:
    case ast::ExprKind::Tuple:
    case ast::ExprKind::Parenthesized:
    case ast::ExprKind::Ask:
    case ast::ExprKind::Set:
    case ast::ExprKind::Map:
    case ast::ExprKind::SetComprehension:
    case ast::ExprKind::MapComprehension:
    case ast::ExprKind::Sequence:
    case ast::ExprKind::SequenceComprehension:
    case ast::ExprKind::Error:
      return postfix_level;
  }
  CAPSTAN_UNREACHABLE("a kind of expression");
}

std::string binary(const ast::Expr& expr) {
  const int own = binary_level(expr.op);
  // Comparisons and ranges do not chain; `implies` and `??` group to the right, the others to the
  // left.
  const bool is_left = own == 2 || own == 3 || own == sum_level || own == product_level;
  const int left = is_left ? own : own + 1;
  const int right = own == implies_level ? any_level : own == fallback_level ? own : own + 1;
  const std::string_view space = expr.op == ".." ? "" : " ";
  return fmt::format("{}{}{}{}{}", expression(*expr.operands[0], left), space, expr.op, space,
                     expression(*expr.operands[1], right));
}

std::string unary(const ast::Expr& expr) {
  const std::string operand = expression(*expr.operands[0], level(expr));
  return expr.op == "-" ? "-" + operand : fmt::format("{} {}", expr.op, operand);
}

std::string operands(const ast::Expr& expr) {
  return joined(expr.operands, ", ", [](const ast::ExprPtr& item) { return expression(*item); });
}

std::string map_entries(const ast::Expr& expr) {
  std::vector<std::string> entries;
  for (std::size_t i = 0; i + 1 < expr.operands.size(); i += 2) {
    entries.push_back(
        fmt::format("{}: {}", expression(*expr.operands[i]), expression(*expr.operands[i + 1])));
  }
  return joined(entries, ", ");
}

std::string comprehension(const ast::Expr& expr) {
  std::string result = fmt::format("{}({} for {}", expr.name.text, expression(*expr.operands[0]),
                                   binders(expr.binders));
  if (expr.operands.size() > 1) result += ", default: " + expression(*expr.operands[1]);
  return result + ")";
}

std::string plain(const ast::Expr& expr) {
  const auto operand = [&](std::size_t i, int minimum = any_level) {
    return expression(*expr.operands[i], minimum);
  };
  switch (expr.kind) {
    case ast::ExprKind::Integer:
      return fmt::format("{}", expr.number);
    case ast::ExprKind::Name:
    case ast::ExprKind::UpperName:
      return expr.name.text;
    case ast::ExprKind::RoleMember:
      return fmt::format("{} {}", expr.name.text, expr.number);
    case ast::ExprKind::Call:
      return fmt::format("{}({})", expr.name.text, arguments(expr.args));
    case ast::ExprKind::Comprehension:
      return comprehension(expr);
    case ast::ExprKind::MethodCall:
      return fmt::format("{}.{}({})", operand(0, postfix_level), expr.name.text,
                         arguments(expr.args));
    case ast::ExprKind::Field:
      return fmt::format("{}.{}", operand(0, postfix_level), expr.name.text);
    case ast::ExprKind::Index:
      return fmt::format("{}[{}]", operand(0, postfix_level), operand(1));
    case ast::ExprKind::Force:
      return operand(0, postfix_level) + "!";
    case ast::ExprKind::Tuple:
      return fmt::format("({})", arguments(expr.args));
    case ast::ExprKind::Parenthesized:
      return fmt::format("({})", operand(0));
    case ast::ExprKind::Ask:
      return fmt::format("({})", ask(*expr.ask));
    case ast::ExprKind::Set:
      return fmt::format("{{{}}}", operands(expr));
    case ast::ExprKind::Map:
      return fmt::format("{{{}}}", map_entries(expr));
    case ast::ExprKind::SetComprehension:
      return fmt::format("{{{} for {}}}", operand(0), binders(expr.binders));
    case ast::ExprKind::MapComprehension:
      return fmt::format("{{{}: {} for {}}}", operand(0), operand(1), binders(expr.binders));
    case ast::ExprKind::Sequence:
      return fmt::format("[{}]", operands(expr));
    case ast::ExprKind::SequenceComprehension:
      return fmt::format("[{} for {}]", operand(0), binders(expr.binders));
    case ast::ExprKind::Unary:
      return unary(expr);
    case ast::ExprKind::Binary:
      return binary(expr);
    case ast::ExprKind::If:
      return fmt::format("if {} then {} else {}", operand(0), operand(1), operand(2));
    case ast::ExprKind::Any:
      return expr.operands[0] == nullptr ? "any" : "any " + operand(0, range_level);
    case ast::ExprKind::Error:
      break;
  }
  CAPSTAN_UNREACHABLE("a tree with errors is not printed");
}

}  // namespace

std::string joined(const std::vector<std::string>& items, std::string_view separator) {
  std::string result;
  for (const std::string& item : items) {
    if (&item != items.data()) result += separator;
    result += item;
  }
  return result;
}

std::string spaces(std::size_t indent) { return std::string(indent, ' '); }

std::string expression(const ast::Expr& expr, int minimum) {
  std::string result = plain(expr);
  return level(expr) < minimum ? fmt::format("({})", result) : result;
}

std::string value(const ast::Expr& expr) {
  return expr.kind == ast::ExprKind::Ask ? ask(*expr.ask) : expression(expr);
}

std::string arguments(const std::vector<ast::Arg>& args) {
  return joined(args, ", ", [](const ast::Arg& argument) {
    return (argument.name ? argument.name->text + ": " : "") + expression(*argument.value);
  });
}

std::string message(const ast::MessageExpr& message) {
  return fmt::format("{}({})", message.name.text, arguments(message.args));
}

std::string binders(const ast::Binders& binders) {
  std::string result = joined(binders.list, ", ", [](const ast::Binder& binder) {
    const std::string names =
        joined(binder.names, ", ", [](const ast::Name& name) { return name.text; });
    return fmt::format("{} in {}", names, expression(*binder.set, range_level));
  });
  if (binders.where != nullptr) result += " where " + expression(*binders.where);
  return result;
}

std::string ask_head(const ast::Ask& ask) {
  std::string result = "ask ";
  if (ask.count == ast::Ask::Count::All) result += "all of ";
  if (ask.count == ast::Ask::Count::Expr) result += expression(*ask.quorum, range_level) + " of ";
  if (ask.any) result += "any ";
  result += fmt::format("{}: {}", expression(*ask.target, range_level), message(ask.message));
  if (ask.where != nullptr) result += " where " + expression(*ask.where);
  if (ask.has_else) result += " else";
  if (ask.has_else && ask.after != nullptr) result += " after " + expression(*ask.after);
  return result;
}

std::string ask(const ast::Ask& ask) {
  return ask.has_else ? fmt::format("{} {}", ask_head(ask), block_on_one_line(ask.otherwise))
                      : ask_head(ask);
}

std::string fields(const std::vector<ast::Field>& fields) {
  return joined(fields, ", ", [](const ast::Field& field) {
    return fmt::format("{}: {}", field.name.text, type(*field.type));
  });
}

std::string type(const ast::Type& type) {
  switch (type.kind) {
    case ast::TypeKind::Bool:
      return "bool";
    case ast::TypeKind::Int:
      return "int";
    case ast::TypeKind::Time:
      return "time";
    case ast::TypeKind::Process:
      return "process";
    case ast::TypeKind::Named:
      return type.name.text;
    case ast::TypeKind::Range:
      return fmt::format("{}..{}", expression(*type.low, sum_level),
                         expression(*type.high, sum_level));
    case ast::TypeKind::Asker:
      return "asker of " + type.name.text;
    case ast::TypeKind::Enumeration:
      return fmt::format("{{{}}}", joined(type.enumerators, ", ",
                                          [](const ast::Name& name) { return name.text; }));
    case ast::TypeKind::Tuple:
      return fmt::format("({})", fields(type.fields));
    case ast::TypeKind::Option:
      return printing::type(*type.element) + "?";
    case ast::TypeKind::Set:
      return "set of " + printing::type(*type.element);
    case ast::TypeKind::Map:
      return fmt::format("map {} -> {}", printing::type(*type.key), printing::type(*type.element));
    case ast::TypeKind::Sequence:
      return fmt::format("seq of {} up to {}", printing::type(*type.element),
                         expression(*type.high, sum_level));
    case ast::TypeKind::Error:
      break;
  }
  CAPSTAN_UNREACHABLE("a tree with errors is not printed");
}

}  // namespace capstan::model::printing
