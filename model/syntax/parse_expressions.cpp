// SPDX-License-Identifier: MIT
// parse_expressions: operators, by climbing precedence; what they stand between is in
// parse_primaries.
//
// `operators(minimum)` reads everything that binds at least as tightly as `minimum`. `=` never
// follows an expression in a valid spec, so that it can be taken for `==` wherever it does.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

// Levels of precedence, loosest first.
constexpr int implies_level = 1;
constexpr int or_level = 2;
constexpr int and_level = 3;
constexpr int not_level = 4;
constexpr int comparison_level = 5;
constexpr int all_level = 6;
constexpr int fallback_level = 7;
constexpr int range_level = 8;
constexpr int sum_level = 9;
constexpr int product_level = 10;
constexpr int minus_level = 11;

struct Operator {
  TokenKind kind;
  int level;
};

constexpr Operator binary_operators[] = {
    {TokenKind::Implies, implies_level},
    {TokenKind::Or, or_level},
    {TokenKind::And, and_level},
    {TokenKind::EqualEqual, comparison_level},
    {TokenKind::NotEqual, comparison_level},
    {TokenKind::Less, comparison_level},
    {TokenKind::LessEqual, comparison_level},
    {TokenKind::Greater, comparison_level},
    {TokenKind::GreaterEqual, comparison_level},
    {TokenKind::In, comparison_level},
    {TokenKind::QuestionQuestion, fallback_level},
    {TokenKind::DotDot, range_level},
    {TokenKind::Plus, sum_level},
    {TokenKind::Minus, sum_level},
    {TokenKind::But, sum_level},
    {TokenKind::Star, product_level},
    {TokenKind::Slash, product_level},
    {TokenKind::Percent, product_level},
};

struct ForeignOperator {
  std::string_view word;
  std::string_view op;
  int level;
};

constexpr ForeignOperator foreign_operators[] = {
    {"mod", "%", product_level}, {"div", "/", product_level}, {"xor", "!=", comparison_level},
    {"union", "+", sum_level},   {"minus", "-", sum_level},   {"is", "==", comparison_level},
};

bool chains(int level) { return level != comparison_level && level != range_level; }

std::uint32_t height_of(const ast::ExprPtr& expr) { return expr == nullptr ? 0 : expr->height; }

}  // namespace

ast::ExprPtr Parser::expression() {
  const Nesting nesting(*this);
  if (!nesting.ok()) return error_node();
  ast::ExprPtr result = at(TokenKind::If) ? if_expression() : operators(implies_level);
  if (at(TokenKind::Question)) {
    fail("E0102", peek().span, "`?` is not an operator on values")
        .helps.push_back(
            "write `if a then b else c`; for options, `x ?? d` is `d` if `x` is `none`");
  }
  return result;
}

ast::ExprPtr Parser::span() { return operators(range_level); }

ast::ExprPtr Parser::sum() { return operators(sum_level); }

ast::ExprPtr Parser::lone_expression(std::uint32_t depth) {
  depth_ = depth;
  ast::ExprPtr result = expression();
  if (!is_recovering_ && !at(TokenKind::End)) fail_expected("`}` after the expression");
  return is_recovering_ ? nullptr : std::move(result);
}

ast::ExprPtr Parser::if_expression() {
  ast::ExprPtr result = node(ast::ExprKind::If, begin());
  const Span word = take().span;
  result->operands.push_back(expression());
  if (!is_recovering_ && !at(TokenKind::Then)) {
    fail("E0118", peek().span,
         fmt::format("expected `then` after the condition, found {}", describe(peek())),
         "found instead")
        .secondary.push_back({word, "this `if` is a value"});
  }
  accept(TokenKind::Then);
  result->operands.push_back(expression());
  if (!is_recovering_ && !at(TokenKind::Else)) {
    Diagnostic& diagnostic =
        fail("E0118", word, "an `if` that is a value has no `else`", "a value");
    diagnostic.secondary.push_back(
        {{last().span.end, last().span.end}, "expected `else` and a value"});
    diagnostic.notes.push_back("it must have a value in both cases");
  }
  accept(TokenKind::Else);
  result->operands.push_back(expression());
  return finish(std::move(result));
}

ast::ExprPtr Parser::operators(int minimum) {
  ast::ExprPtr left = prefix(minimum);
  bool is_chain_reported = false;
  int last_level = 0;
  while (!is_recovering_) {
    const auto op = operator_ahead();
    if (!op || op->level < minimum) break;
    // `a == 1 <=> b == 1` was reported with its sign.
    is_chain_reported = is_chain_reported || text(peek()) == "<=>" || text(peek()) == "<->";
    if (op->level == last_level && !chains(op->level) && !is_chain_reported) {
      report_chain(*left);
      is_chain_reported = true;
    }
    last_level = op->level;
    ast::ExprPtr result = node(ast::ExprKind::Binary, left->span.begin);
    result->op = op->op;
    result->op_span = take_operator(*op);
    result->operands.push_back(std::move(left));
    result->operands.push_back(right_operand(*op));
    left = finish(std::move(result));
  }
  return left;
}

ast::ExprPtr Parser::right_operand(const OperatorAhead& op) {
  if (op.level == implies_level) return expression();
  if (op.level != fallback_level) return operators(op.level + 1);
  const Nesting nesting(*this);
  return nesting.ok() ? operators(fallback_level) : error_node();
}

std::optional<Parser::OperatorAhead> Parser::operator_ahead() const {
  if (at(TokenKind::Not) && at(TokenKind::In, 1))
    return OperatorAhead{"not in", comparison_level, 2};
  if (at(TokenKind::Equal)) return OperatorAhead{"==", comparison_level, 1};
  if (at(TokenKind::FatArrow) || at(TokenKind::Arrow))
    return OperatorAhead{"implies", implies_level, 1};
  if (at(TokenKind::Star) && at(TokenKind::Star, 1) && is_adjacent(1))
    return OperatorAhead{"*", product_level, 2};
  if (const auto foreign = foreign_operator()) return foreign;
  const TokenKind next = kind();
  const auto* const found = std::find_if(std::begin(binary_operators), std::end(binary_operators),
                                         [next](const Operator& op) { return op.kind == next; });
  if (found == std::end(binary_operators)) return std::nullopt;
  return OperatorAhead{spelling(next), found->level, 1};
}

/// `a mod b`: a word between two operands on one line, which no statement begins with.
std::optional<Parser::OperatorAhead> Parser::foreign_operator() const {
  const bool has_operand = at(TokenKind::Integer, 1) || at(TokenKind::Identifier, 1) ||
                           at(TokenKind::UpperIdentifier, 1);
  if (!at(TokenKind::Identifier) || real().is_first_on_line || !has_operand) return std::nullopt;
  for (const ForeignOperator& foreign : foreign_operators)
    if (text(peek()) == foreign.word) return OperatorAhead{foreign.op, foreign.level, 1};
  return std::nullopt;
}

Span Parser::take_operator(const OperatorAhead& op) {
  if (at(TokenKind::Equal)) {
    report("E0105", peek().span, "`=` assigns and does not compare", "an assignment")
        .helps.push_back("write `==`");
  } else if (at(TokenKind::FatArrow)) {
    report("E0102", peek().span, "`=>` is not an operator of the language")
        .helps.push_back("write `implies` for an implication, `>=` for a comparison");
  } else if (op.token_count == 2 && op.op == "*") {
    report("E0102", cover(peek().span, peek(1).span), "`**` is not an operator of the language")
        .helps.push_back("there are no powers: write the product, or the number");
  } else if (at(TokenKind::Arrow) || at(TokenKind::Identifier) || text(peek()) == "|") {
    report("E0102", peek().span,
           fmt::format("`{}` is not an operator of the language", text(peek())))
        .helps.push_back(text(peek()) == "|" ? "write `or`; in a set, `{x for x in S where c}`"
                                             : fmt::format("write `{}`", op.op));
  }
  Span result = take().span;
  if (op.token_count == 2) result = cover(result, take().span);
  return result;
}

/// Behind `a < b`, at the second operator of `a < b < c`.
void Parser::report_chain(const ast::Expr& left) {
  const std::string_view second = source_.text(peek().span);
  if (left.op == "..") {
    report("E0104", peek().span, "`..` does not chain", "a second `..`")
        .secondary.push_back({left.op_span, "the first one"});
    return;
  }
  const std::string middle(source_.text(left.operands[1]->span));
  Diagnostic& diagnostic =
      report("E0104", peek().span, "comparisons do not chain", "a second comparison");
  diagnostic.secondary.push_back({left.op_span, "the first one"});
  diagnostic.helps.push_back(fmt::format("write `{} and {} {} ...`", source_.text(left.span),
                                         middle, second == "=" ? "==" : second));
}

ast::ExprPtr Parser::prefix(int minimum) {
  if (at(TokenKind::Not) && minimum <= not_level) return unary("not", not_level);
  if (at(TokenKind::All) && at_generator(1)) return quantifier_as_call("every");
  if (at(TokenKind::All) && minimum <= all_level) return unary("all", all_level);
  if (at(TokenKind::Minus)) return unary("-", minus_level);
  return postfix();
}

ast::ExprPtr Parser::unary(std::string_view op, int level) {
  const Nesting nesting(*this);
  if (!nesting.ok()) return error_node();
  ast::ExprPtr result = node(ast::ExprKind::Unary, begin());
  result->op = op;
  result->op_span = take().span;
  result->operands.push_back(operators(level));
  return finish(std::move(result));
}

// --- nodes

ast::ExprPtr Parser::node(ast::ExprKind kind, std::uint32_t begin) {
  auto result = std::make_unique<ast::Expr>();
  result->kind = kind;
  result->span = {begin, begin};
  return result;
}

ast::ExprPtr Parser::finish(ast::ExprPtr node) {
  node->span = span_from(node->span.begin);
  std::uint32_t below = node->height - 1;
  for (const ast::ExprPtr& operand : node->operands) below = std::max(below, height_of(operand));
  for (const ast::Arg& argument : node->args) below = std::max(below, height_of(argument.value));
  for (const ast::Binder& binder : node->binders.list)
    below = std::max(below, height_of(binder.set));
  node->height = std::max(below, height_of(node->binders.where)) + 1;
  tallest_ = std::max(tallest_, node->height);
  if (node->height <= nesting_max) return node;
  fail("E0107", node->op_span.end > 0 ? node->op_span : last().span,
       fmt::format("more than {} operators inside each other", nesting_max))
      .helps.push_back("give a part of the expression a name, with `let` or `fn`");
  return error_node();
}

ast::ExprPtr Parser::name_node(ast::Name name) {
  ast::ExprPtr result = node(ast::ExprKind::Name, name.span.begin);
  result->name = std::move(name);
  return finish(std::move(result));
}

ast::ExprPtr Parser::error_node() {
  ast::ExprPtr result = node(ast::ExprKind::Error, real().span.begin);
  return result;
}

}  // namespace capstan::model
