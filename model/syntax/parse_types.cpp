// SPDX-License-Identifier: MIT
// parse_types: types, and the bounds of ranges and sequences.
//
// The words for types (`bool`, `set`, ...) are words only here. A bound has no parentheses: after
// `(` a type is a tuple.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

struct TypeWord {
  std::string_view word;
  ast::TypeKind kind;
};

constexpr TypeWord plain_words[] = {{"bool", ast::TypeKind::Bool},
                                    {"int", ast::TypeKind::Int},
                                    {"time", ast::TypeKind::Time},
                                    {"process", ast::TypeKind::Process}};

constexpr TypeWord collection_words[] = {
    {"set", ast::TypeKind::Set}, {"map", ast::TypeKind::Map}, {"seq", ast::TypeKind::Sequence}};

const std::vector<std::string> type_names = {"bool", "int", "time", "process",
                                             "set",  "map", "seq",  "asker"};

ast::TypePtr make_type(ast::TypeKind kind) {
  auto result = std::make_unique<ast::Type>();
  result->kind = kind;
  return result;
}

}  // namespace

ast::TypePtr Parser::type() {
  const Nesting nesting(*this);
  if (!nesting.ok()) return make_type(ast::TypeKind::Error);
  const std::uint32_t start = begin();
  for (const TypeWord& collection : collection_words) {
    if (at_word(collection.word)) return collection_type(collection.kind);
  }
  ast::TypePtr result = simple_type();
  result->span = span_from(start);
  if (at(TokenKind::Question) || at(TokenKind::QuestionQuestion)) {
    const bool is_double = at(TokenKind::QuestionQuestion);
    take();
    ast::TypePtr option = make_type(ast::TypeKind::Option);
    option->element = std::move(result);
    option->span = span_from(start);
    result = std::move(option);
    if (is_double || at(TokenKind::Question)) {
      const Span span = is_double ? last().span : peek().span;
      report("E0101", span, "an option of an option is not a type")
          .helps.push_back("write one `?`");
      while (accept(TokenKind::Question)) {
      }
    }
  }
  return result;
}

ast::TypePtr Parser::collection_type(ast::TypeKind kind) {
  ast::TypePtr result = make_type(kind);
  const std::uint32_t start = begin();
  take();
  if (kind == ast::TypeKind::Map) {
    result->key = type();
    if (!accept_arrow()) fail_expected("`->` between the key and the value of the map type");
    result->element = type();
  } else {
    expect(TokenKind::Of, fmt::format("after `{}`", kind == ast::TypeKind::Set ? "set" : "seq"));
    result->element = type();
  }
  if (kind == ast::TypeKind::Sequence) {
    if (!is_recovering_ && !at_word("up")) {
      fail_expected("`up to` and the greatest length of the sequence")
          .notes.push_back(
              "every type is finite: a sequence has a greatest length, as in `seq of Value up to "
              "3`");
    }
    accept_word("up");
    expect(TokenKind::To, "after `up`");
    result->high = bound();
  }
  result->span = span_from(start);
  return result;
}

ast::TypePtr Parser::simple_type() {
  for (const TypeWord& plain : plain_words) {
    if (accept_word(plain.word)) return make_type(plain.kind);
  }
  if (at_word("asker")) {
    take();
    ast::TypePtr result = make_type(ast::TypeKind::Asker);
    expect(TokenKind::Of, "and a message after `asker`");
    result->name = upper_name("the name of the message");
    return result;
  }
  if (at(TokenKind::UpperIdentifier)) return named_type();
  if (at(TokenKind::OpenBrace)) return enumeration_type();
  if (at(TokenKind::OpenParenthesis)) {
    ast::TypePtr result = make_type(ast::TypeKind::Tuple);
    if (at(TokenKind::CloseParenthesis, 1)) {
      fail("E0101", peek(1).span, "expected the fields of a tuple, found `)`", "found instead");
      return result;
    }
    result->fields = fields("the fields of the tuple");
    return result;
  }
  if (at(TokenKind::Integer) || at(TokenKind::Minus) || at(TokenKind::Identifier))
    return range_type();
  const bool is_bracket = at(TokenKind::OpenBracket) || at(TokenKind::Less);
  Diagnostic& diagnostic = fail_expected("a type");
  if (is_bracket)
    diagnostic.helps.push_back("types are written `set of T`, `map K -> V`, `seq of T up to n`");
  return make_type(ast::TypeKind::Error);
}

ast::TypePtr Parser::named_type() {
  ast::TypePtr result = make_type(ast::TypeKind::Named);
  result->name = take_name();
  return result;
}

ast::TypePtr Parser::range_type() {
  const bool is_word = at(TokenKind::Identifier);
  const bool goes_on = at(TokenKind::DotDot, 1) || at(TokenKind::Plus, 1) ||
                       at(TokenKind::Minus, 1) || at(TokenKind::Star, 1) ||
                       at(TokenKind::OpenParenthesis, 1);
  if (is_word && !goes_on) return misspelt_type();
  ast::TypePtr result = make_type(ast::TypeKind::Range);
  result->low = bound();
  if (is_recovering_) return result;
  if (!at(TokenKind::DotDot)) {
    fail_expected("`..` and the upper end of the range")
        .notes.push_back("a range of numbers is a type: `0..3`");
    return result;
  }
  take();
  result->high = bound();
  return result;
}

ast::TypePtr Parser::misspelt_type() {
  const std::string wrong(text(peek()));
  const auto word = misspelt(type_names);
  if (word) {
    for (const TypeWord& plain : plain_words) {
      if (plain.word == *word) {
        take();
        return make_type(plain.kind);
      }
    }
    for (const TypeWord& collection : collection_words) {
      if (collection.word == *word) return collection_type(collection.kind);
    }
    is_recovering_ = true;
    return make_type(ast::TypeKind::Error);
  }
  if (wrong == "string" || wrong == "str" || wrong == "float" || wrong == "double") {
    fail("E0101", peek().span, fmt::format("there is no type `{}`", wrong), "not a type")
        .helps.push_back("use a range (`1..2`) or an enumeration (`{a, b}`): every type is finite");
    return make_type(ast::TypeKind::Error);
  }
  ast::TypePtr result = make_type(ast::TypeKind::Named);
  result->name = upper_name("the name of a type");
  return result;
}

ast::TypePtr Parser::enumeration_type() {
  ast::TypePtr result = make_type(ast::TypeKind::Enumeration);
  const Bracket bracket = open_bracket("the enumeration");
  comma_list([&] { result->enumerators.push_back(name("the name of an enumerator")); });
  close_bracket(bracket, TokenKind::CloseBrace);
  return result;
}

ast::ExprPtr Parser::bound() {
  const std::uint32_t start = begin();
  ast::ExprPtr left = bound_product();
  while (at(TokenKind::Plus) || at(TokenKind::Minus)) {
    ast::ExprPtr sum = node(ast::ExprKind::Binary, start);
    sum->op_span = take().span;
    sum->op = source_.text(sum->op_span);
    sum->operands.push_back(std::move(left));
    sum->operands.push_back(bound_product());
    left = finish(std::move(sum));
  }
  return left;
}

ast::ExprPtr Parser::bound_product() {
  const std::uint32_t start = begin();
  ast::ExprPtr left;
  if (at(TokenKind::Minus) && last().kind != TokenKind::Plus && last().kind != TokenKind::Minus) {
    left = node(ast::ExprKind::Unary, start);
    left->op = "-";
    left->op_span = take().span;
    left->operands.push_back(bound_atom());
    left = finish(std::move(left));
  } else {
    left = bound_atom();
  }
  while (at(TokenKind::Star)) {
    ast::ExprPtr product = node(ast::ExprKind::Binary, start);
    product->op_span = take().span;
    product->op = "*";
    product->operands.push_back(std::move(left));
    product->operands.push_back(bound_atom());
    left = finish(std::move(product));
  }
  return left;
}

ast::ExprPtr Parser::bound_atom() {
  const std::uint32_t start = begin();
  if (at(TokenKind::Integer)) {
    ast::ExprPtr result = node(ast::ExprKind::Integer, start);
    result->number = take().number;
    return finish(std::move(result));
  }
  if (at(TokenKind::Identifier)) {
    const bool is_call = at(TokenKind::OpenParenthesis, 1);
    ast::ExprPtr result = node(is_call ? ast::ExprKind::Call : ast::ExprKind::Name, start);
    result->name = take_name();
    if (is_call) {
      const Bracket bracket =
          open_bracket(fmt::format("the argument of `{}`", result->name.text), false);
      ast::Arg argument;
      argument.value = expression();
      result->args.push_back(std::move(argument));
      close_bracket(bracket, TokenKind::CloseParenthesis);
    }
    return finish(std::move(result));
  }
  Diagnostic& diagnostic = fail_expected("a number or a param as the bound");
  diagnostic.notes.push_back("a bound has numbers, params, `+`, `-` and `*`, and no parentheses");
  return error_node();
}

}  // namespace capstan::model
