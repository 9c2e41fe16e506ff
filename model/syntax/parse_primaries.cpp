// SPDX-License-Identifier: MIT
// parse_primaries: names, numbers, calls, comprehensions, and everything in brackets.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

/// `x in S`, which `where` or `:` can follow in a set.
bool is_membership(const ast::Expr& expr) {
  return expr.kind == ast::ExprKind::Binary && expr.op == "in" &&
         expr.operands[0]->kind == ast::ExprKind::Name;
}

}  // namespace

ast::ExprPtr Parser::postfix() {
  ast::ExprPtr result = primary();
  while (!is_recovering_) {
    const std::uint32_t start = result->span.begin;
    if (at(TokenKind::Dot)) {
      if (in_quantifier_ && !is_adjacent()) break;  // `forall x in S . P`
      result = member_access(std::move(result));
    } else if (at_enumerator_path(*result)) {
      result = enumerator_path();
    } else if (at(TokenKind::OpenBracket)) {
      ast::ExprPtr index = node(ast::ExprKind::Index, start);
      const Bracket bracket = open_bracket("the index", false);
      index->op_span = bracket.open;
      index->operands.push_back(std::move(result));
      index->operands.push_back(expression());
      close_bracket(bracket, TokenKind::CloseBracket);
      result = finish(std::move(index));
    } else if (at(TokenKind::Bang)) {
      ast::ExprPtr force = node(ast::ExprKind::Force, start);
      force->op_span = take().span;
      force->operands.push_back(std::move(result));
      result = finish(std::move(force));
    } else {
      break;
    }
  }
  return result;
}

/// `Color::red`; at the first colon.
bool Parser::at_enumerator_path(const ast::Expr& type) const {
  return type.kind == ast::ExprKind::UpperName && at(TokenKind::Colon) && at(TokenKind::Colon, 1) &&
         is_adjacent(1) && at(TokenKind::Identifier, 2);
}

ast::ExprPtr Parser::enumerator_path() {
  report("E0102", cover(peek().span, peek(1).span), "`::` is not an operator of the language")
      .helps.push_back(fmt::format("an enumerator stands alone: write `{}`", text(peek(2))));
  take();
  take();
  return name_node(take_name());
}

ast::ExprPtr Parser::member_access(ast::ExprPtr object) {
  ast::ExprPtr result = node(ast::ExprKind::Field, object->span.begin);
  take();
  if (at(TokenKind::UpperIdentifier) && at(TokenKind::OpenParenthesis, 1)) {
    const std::string message(text(peek()));
    fail("E0101", peek().span,
         fmt::format("expected the name of a field, found the message `{}`", message),
         "found instead")
        .helps.push_back(fmt::format(
            "a message goes to a process with `ask p: {0}(...)` or `send {0}(...) to p`", message));
  } else if (is_reserved_word(kind()) && !at_misused_word() && !real().is_first_on_line) {
    fail("E0109", peek().span,
         fmt::format("`{}` is a reserved word and cannot be a field", text(peek())));
  }
  result->name = at_misused_word() ? take_name() : name("the name of a field");
  result->op_span = result->name.span;
  result->operands.push_back(std::move(object));
  if (at(TokenKind::OpenParenthesis)) {
    result->kind = ast::ExprKind::MethodCall;
    result->args = arguments(fmt::format("the arguments of `{}`", result->name.text));
  }
  return finish(std::move(result));
}

ast::ExprPtr Parser::primary() {
  if (at(TokenKind::Integer)) {
    ast::ExprPtr result = node(ast::ExprKind::Integer, begin());
    result->number = take().number;
    return finish(std::move(result));
  }
  if (at(TokenKind::UpperIdentifier)) return upper_primary();
  if (at(TokenKind::Identifier)) return name_primary();
  if (at(TokenKind::OpenParenthesis)) return parenthesis();
  if (at(TokenKind::OpenBrace)) return brace();
  if (at(TokenKind::OpenBracket)) return sequence();
  return unexpected_primary();
}

ast::ExprPtr Parser::upper_primary() {
  ast::ExprPtr result = node(ast::ExprKind::UpperName, begin());
  result->name = take_name();
  if (at(TokenKind::Integer)) {
    result->kind = ast::ExprKind::RoleMember;
    result->number = take().number;
  } else if (at(TokenKind::OpenParenthesis)) {
    const std::string message = result->name.text;
    Diagnostic& diagnostic =
        report("E0112", result->name.span, fmt::format("the message `{}` is not a value", message),
               "a message");
    if (message == "Some" || message == "Just")
      diagnostic.helps.push_back(
          "the value of an option stands alone: `1` fits where `0..3?` does");
    else
      diagnostic.helps.push_back(fmt::format(
          "write `reply {0}(...)`, `send {0}(...) to ...` or `ask ...: {0}(...)`", message));
    arguments(fmt::format("the arguments of `{}`", message));
    result->kind = ast::ExprKind::Error;
  }
  return finish(std::move(result));
}

ast::ExprPtr Parser::name_primary() {
  if (at_quantifier()) return quantifier();
  if (at_word("<>") || at_word("□") || at_word("◇")) return inner_temporal();
  ast::ExprPtr result = node(ast::ExprKind::Name, begin());
  result->name = take_name();
  if (at(TokenKind::OpenParenthesis)) call_or_comprehension(*result);
  return finish(std::move(result));
}

void Parser::call_or_comprehension(ast::Expr& call) {
  call.kind = ast::ExprKind::Call;
  const Bracket bracket = open_bracket(fmt::format("the arguments of `{}`", call.name.text));
  if (!at(TokenKind::CloseParenthesis) && !at_end_of_item()) {
    ast::Arg first = argument();
    if (at(TokenKind::For) && !first.name) {
      comprehension(call, std::move(first.value));
    } else if (at(TokenKind::For)) {
      fail("E0101", peek().span,
           fmt::format("expected `,` or `)` in {}, found `for`", bracket.what), "found instead")
          .helps.push_back(
              "put a tuple with named fields in parentheses: `max((f: x) for x in S)`");
    } else {
      call.args.push_back(std::move(first));
      while (accept(TokenKind::Comma)) call.args.push_back(argument());
    }
  }
  close_bracket(bracket, TokenKind::CloseParenthesis);
}

void Parser::comprehension(ast::Expr& result, ast::ExprPtr element) {
  result.kind = ast::ExprKind::Comprehension;
  result.operands.push_back(std::move(element));
  take();
  result.binders = binders();
  while (accept(TokenKind::Comma)) {
    const bool is_default = at_word("default") && at(TokenKind::Colon, 1);
    if (!is_default || result.operands.size() > 1) {
      fail_expected(result.operands.size() > 1 ? "`)` after the default" : "`default:` and a value")
          .notes.push_back(
              "behind the binders of a comprehension stands nothing but one `default: value`");
      return;
    }
    take();
    take();
    result.operands.push_back(expression());
  }
}

ast::ExprPtr Parser::ask_expression(std::uint32_t start) {
  ast::ExprPtr result = node(ast::ExprKind::Ask, start);
  const std::uint32_t outer = std::exchange(tallest_, 0);
  result->ask = std::make_unique<ast::Ask>(ask());
  result->height = tallest_ + 1;
  tallest_ = std::max(outer, tallest_);
  return finish(std::move(result));
}

ast::ExprPtr Parser::parenthesis() {
  const std::uint32_t start = begin();
  const Bracket bracket = open_bracket("the expression");
  if (at(TokenKind::Ask)) {
    ast::ExprPtr result = ask_expression(start);
    close_bracket(bracket, TokenKind::CloseParenthesis);
    result->span = span_from(start);
    return result;
  }
  ast::ExprPtr result = node(ast::ExprKind::Tuple, start);
  comma_list([&] { result->args.push_back(argument()); });
  if (at(TokenKind::For)) {
    fail("E0101", peek().span, "expected `,` or `)` in the parentheses, found `for`",
         "found instead")
        .helps.push_back(
            "write `{x for ...}` for a set, `[x for ...]` for a sequence, or a function: `sum(x "
            "for ...)`");
  }
  close_bracket(bracket, TokenKind::CloseParenthesis);
  if (result->args.size() == 1 && !result->args[0].name) {
    result->kind = ast::ExprKind::Parenthesized;
    result->operands.push_back(std::move(result->args[0].value));
    result->args.clear();
  }
  return finish(std::move(result));
}

ast::ExprPtr Parser::brace() {
  ast::ExprPtr result = node(ast::ExprKind::Set, begin());
  const Bracket bracket = open_bracket("the set");
  if (!at(TokenKind::CloseBrace)) {
    result->operands.push_back(expression());
    if (at(TokenKind::Colon) && is_membership(*result->operands[0])) {
      report("E0101", peek().span, "expected `where` and a condition in the set, found `:`",
             "found instead")
          .helps.push_back("write `{x for x in S where c}`, or shorter `{x in S where c}`");
      result = set_filter(std::move(result));
    } else if (at(TokenKind::Colon)) {
      map_entries(*result);
    } else if (accept(TokenKind::For)) {
      result->kind = ast::ExprKind::SetComprehension;
      result->binders = binders();
    } else if (at(TokenKind::Where) && is_membership(*result->operands[0])) {
      result = set_filter(std::move(result));
    } else {
      while (accept(TokenKind::Comma)) result->operands.push_back(expression());
    }
  }
  close_bracket(bracket, TokenKind::CloseBrace);
  return finish(std::move(result));
}

/// Behind the first key, at its `:`.
void Parser::map_entries(ast::Expr& map) {
  map.kind = ast::ExprKind::Map;
  take();
  map.operands.push_back(expression());
  if (accept(TokenKind::For)) {
    map.kind = ast::ExprKind::MapComprehension;
    map.binders = binders();
    return;
  }
  while (accept(TokenKind::Comma)) {
    map.operands.push_back(expression());
    expect(TokenKind::Colon, "and a value after the key of the map");
    map.operands.push_back(expression());
  }
}

ast::ExprPtr Parser::sequence() {
  ast::ExprPtr result = node(ast::ExprKind::Sequence, begin());
  const Bracket bracket = open_bracket("the sequence");
  if (!at(TokenKind::CloseBracket) && !at_end_of_item()) {
    result->operands.push_back(expression());
    if (accept(TokenKind::For)) {
      result->kind = ast::ExprKind::SequenceComprehension;
      result->binders = binders();
    } else {
      while (accept(TokenKind::Comma)) result->operands.push_back(expression());
    }
  }
  close_bracket(bracket, TokenKind::CloseBracket);
  const bool is_operator = result->operands.empty() && !real().is_first_on_line &&
                           (at(TokenKind::OpenParenthesis) || at_word("<>"));
  if (is_operator) return always_operator(*result);
  return finish(std::move(result));
}

/// `[]P` inside of a formula or as an invariant, behind the brackets.
ast::ExprPtr Parser::always_operator(const ast::Expr& brackets) {
  Diagnostic& diagnostic = report("E0102", span_from(brackets.span.begin),
                                  "`[]` is not an operator of the language", "a temporal operator");
  diagnostic.helps.push_back(
      "write `expect always P`; an invariant is a formula over one state, without it");
  return operators(0);
}

ast::ExprPtr Parser::unexpected_primary() {
  if (at_misused_word()) return name_primary();
  if (at(TokenKind::Not) || at(TokenKind::All) || at(TokenKind::If)) return needs_parentheses();
  if (at(TokenKind::Bang)) {
    report("E0102", peek().span, "`!` before a value is not an operator of the language")
        .helps.push_back("write `not`");
    return unary("not", 4);
  }
  if (at(TokenKind::Ask)) {
    report("E0112", peek().span, "an `ask` inside of an expression stands in parentheses", "an ask")
        .helps.push_back("write `(ask ...)`");
    return ask_expression(begin());
  }
  if (at(TokenKind::Any) && at_generator(1)) return quantifier_as_call("some");
  if (at(TokenKind::Any)) {
    report("E0112", peek().span, "`any` chooses only after `=`, `return`, `ask` and `to`",
           "a choice inside of an expression")
        .helps.push_back("choose first, with `let`, and use the name");
    take();
    return span();
  }
  if (quoted_name()) return name_node(take_quoted_name("a caption is not a value"));
  if (at(TokenKind::String)) {
    fail("E0112", peek().span, "a caption is not a value", "a caption")
        .notes.push_back("captions stand after `says`; the values of a protocol have no text");
    return error_node();
  }
  fail_expected("an expression");
  return error_node();
}

ast::ExprPtr Parser::needs_parentheses() {
  const std::string word(text(peek()));
  report("E0119", peek().span, fmt::format("`{}` needs parentheses here", word),
         "binds less tightly than the operator before it")
      .helps.push_back(fmt::format("write `({} ...)`", word));
  return expression();
}

}  // namespace capstan::model
