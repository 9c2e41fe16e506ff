// SPDX-License-Identifier: MIT
// parse_asks: asks, messages with their arguments, and the binders of `for`.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

ast::Ask Parser::ask() {
  ast::Ask result;
  const std::uint32_t start = begin();
  take();
  ask_whom(result);
  if (!is_recovering_ && !at(TokenKind::Colon)) {
    const bool is_count = result.count == ast::Ask::Count::One && at(TokenKind::UpperIdentifier) &&
                          !at(TokenKind::OpenParenthesis, 1);
    Diagnostic& diagnostic = fail_expected("`:` and a message after whom to ask");
    if (is_count)
      diagnostic.helps.push_back("write `of` between the number of replies and the set");
    diagnostic.notes.push_back("an ask is written `ask p: M(...)` or `ask q of S: M(...)`");
  }
  accept(TokenKind::Colon);
  result.message = message_expression("the message to ask with");
  if (accept(TokenKind::Where)) result.where = expression();
  if (accept(TokenKind::Else)) {
    result.has_else = true;
    if (accept(TokenKind::After)) result.after = expression();
    result.otherwise = block("the `else` of the ask");
  }
  result.span = span_from(start);
  return result;
}

void Parser::ask_whom(ast::Ask& ask) {
  if (at(TokenKind::All)) {
    const Span all = take().span;
    ask.count = ast::Ask::Count::All;
    if (!is_recovering_ && !at(TokenKind::Of)) {
      report("E0101", peek().span,
             fmt::format("expected `of` after `ask all`, found {}", describe(peek())),
             "found instead")
          .secondary.push_back({all, "how many replies to wait for"});
    }
    accept(TokenKind::Of);
    ask.target = span();
    return;
  }
  ask.any = accept(TokenKind::Any);
  ask.target = span();
  if (at(TokenKind::Of)) {
    if (ask.any) {
      fail("E0101", peek().span, "expected `:` after `ask any` and a set, found `of`",
           "found instead")
          .helps.push_back("write `ask q of S` for q replies, or `ask any S` for one process");
      return;
    }
    take();
    ask.count = ast::Ask::Count::Expr;
    ask.quorum = std::move(ask.target);
    ask.target = span();
  }
}

ast::MessageExpr Parser::message_expression(std::string_view what) {
  ast::MessageExpr result;
  const std::uint32_t start = begin();
  result.name = upper_name(what);
  if (!is_recovering_ && !at(TokenKind::OpenParenthesis)) {
    const std::string message = result.name.text;
    fail_expected(fmt::format("`(` and the fields of `{}`", message))
        .helps.push_back(fmt::format("write `{}()` if it has no fields", message));
    return result;
  }
  result.args = arguments(fmt::format("the arguments of `{}`", result.name.text));
  result.span = span_from(start);
  return result;
}

std::vector<ast::Arg> Parser::arguments(std::string_view what) {
  std::vector<ast::Arg> result;
  if (is_recovering_) return result;
  const Bracket bracket = open_bracket(std::string(what));
  if (!at(TokenKind::CloseParenthesis) && !at_end_of_item())
    comma_list([&] { result.push_back(argument()); });
  close_bracket(bracket, TokenKind::CloseParenthesis);
  return result;
}

ast::Arg Parser::argument() {
  ast::Arg result;
  if (at(TokenKind::Identifier) && at(TokenKind::Colon, 1)) {
    result.name = take_name();
    take();
  }
  result.value = expression();
  return result;
}

ast::Binders Parser::binders() {
  ast::Binders result;
  result.list.push_back(binder());
  // Behind a comprehension's binders a named argument may follow (`default: 0`).
  while (at(TokenKind::Comma) && !at(TokenKind::Colon, 2)) {
    take();
    result.list.push_back(binder());
  }
  if (accept(TokenKind::Where)) result.where = expression();
  return result;
}

ast::Binder Parser::binder() {
  ast::Binder result;
  if (at(TokenKind::OpenParenthesis)) {
    fail_expected("a name and `in` after `for`")
        .helps.push_back("leave out the parentheses: `for x in S`");
    return result;
  }
  if (at(TokenKind::UpperIdentifier) && !at(TokenKind::In, 1) && !at(TokenKind::Comma, 1)) {
    const std::string set(text(peek()));
    fail_expected("a name and `in` before the set")
        .helps.push_back(fmt::format("write `x in {}`", set));
    return result;
  }
  comma_list([&] { result.names.push_back(name("a name for the elements")); });
  const bool is_count = at(TokenKind::Equal);
  if (is_count) {
    report("E0101", peek().span, "expected `in` and a set after the name, found `=`",
           "found instead")
        .helps.push_back("write `in` and a set, as in `for i in 1..3`");
    take();
  } else {
    expect(TokenKind::In, "and a set after the name");
  }
  result.set = span();
  if (is_count && accept(TokenKind::To)) span();  // `for i = 1 to 3`, which is reported
  return result;
}

}  // namespace capstan::model
