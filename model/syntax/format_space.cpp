// SPDX-License-Identifier: MIT
// format_space: the space between two words of one line.
#include "model/syntax/format_internal.hpp"

namespace capstan::model::formatting {

namespace {

/// Whether what follows in brackets belongs to the word: a call, an index.
bool is_callee(const Word& word) {
  return (word.kind == TokenKind::Identifier && !word.takes_operand) ||
         word.kind == TokenKind::UpperIdentifier;
}

bool is_indexed(const Word& word) {
  return is_callee(word) || word.kind == TokenKind::CloseParenthesis ||
         word.kind == TokenKind::CloseBracket || word.kind == TokenKind::Bang ||
         word.kind == TokenKind::Integer;
}

bool hugs_what_follows(const Word& word) {
  using enum TokenKind;
  return word.kind == OpenParenthesis || word.kind == OpenBracket || word.kind == Dot ||
         word.kind == DotDot || (word.kind == OpenBrace && word.bracket == Bracket::Values) ||
         word.is_unary;
}

bool hugs_what_precedes(const Word& word) {
  using enum TokenKind;
  return word.kind == Comma || word.kind == Semicolon || word.kind == CloseParenthesis ||
         word.kind == CloseBracket || word.kind == Colon || word.kind == Dot ||
         word.kind == DotDot || word.kind == Bang || word.kind == Question ||
         (word.kind == CloseBrace && word.bracket == Bracket::Values);
}

}  // namespace

bool is_operator(TokenKind kind) { return kind >= TokenKind::DotDot && kind <= TokenKind::Equal; }

bool has_space(const Word& before, const Word& word) {
  if (hugs_what_follows(before) || hugs_what_precedes(word)) return false;
  if (word.kind == TokenKind::OpenParenthesis) return !is_callee(before);
  if (word.kind == TokenKind::OpenBracket) return !is_indexed(before);
  return true;
}

}  // namespace capstan::model::formatting
