// SPDX-License-Identifier: MIT
// token: the kinds of words and signs of a .cap file, and where each stands.
//
// From: syntax/lexer. To: syntax/parser.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "model/source/source_file.hpp"

namespace capstan::model {

// clang-format off
enum class TokenKind : std::uint8_t {
  // Reserved words, in the order of the alphabet.
  Action, After, All, And, Any, Ask, Assert, But, Card, Does, Durable, Each, Else, Expect, Fail,
  Fn, For, Ghost, If, Iff, Implies, In, Invariant, Let, Merge, Message, Next, Not, Object, Of, On,
  Op, Optional, Or, Param, Protocol, Reply, Return, Role, Says, Scenario, Send, Sync, Then, To,
  Type, Under, Unknown, Volatile, Wait, When, Where, With,
  // Operators and brackets.
  DotDot, Arrow, EqualEqual, NotEqual, LessEqual, GreaterEqual, PlusEqual, MinusEqual,
  QuestionQuestion, Plus, Minus, Star, Slash, Percent, Less, Greater, Equal, OpenParenthesis,
  CloseParenthesis, OpenBrace, CloseBrace, OpenBracket, CloseBracket, Comma, Semicolon, Colon,
  Dot, Bang, Question,
  FatArrow,  // `=>`: foreign; `->`, `implies` or `>=` is meant, which the parser knows
  // Words with a text of their own.
  Identifier, UpperIdentifier, Underscore, Integer, String,
  End,   // behind the last token
  Stop   // what the parser sees while it recovers from an error; the lexer never makes it
};
// clang-format on

struct SyntaxToken {
  TokenKind kind = TokenKind::End;
  Span span;
  std::int64_t number = 0;  // Integer
  std::uint32_t doc = 0;    // index into TokenList::docs of the `///` comment before it; 0: none
  bool is_first_on_line = false;
  bool follows_error = false;  // characters that make no token were reported before it
};

/// How a reserved word, an operator or a bracket is written; empty for kinds with a text of their
/// own.
std::string_view spelling(TokenKind kind);

bool is_reserved_word(TokenKind kind);

/// All reserved words, for suggestions.
std::vector<TokenKind> reserved_words();

}  // namespace capstan::model
