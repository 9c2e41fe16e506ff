// SPDX-License-Identifier: MIT
// parser_recovery: brackets that must be closed, and where to go on after an error.
//
// A missing brace is noticed far behind its place. The place is guessed from the indentation: of
// the braces closed since, the first pair whose line ends are not indented alike is the one whose
// inner neighbour lacks its end.
#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

constexpr auto statement_words = std::to_array<TokenKind>(
    {TokenKind::Let, TokenKind::If, TokenKind::For, TokenKind::Send, TokenKind::Reply,
     TokenKind::Ask, TokenKind::Wait, TokenKind::Assert, TokenKind::Sync, TokenKind::Return,
     TokenKind::Fail, TokenKind::Unknown, TokenKind::Next, TokenKind::Identifier});

constexpr auto member_words = std::to_array<TokenKind>(
    {TokenKind::Param, TokenKind::Durable, TokenKind::Volatile, TokenKind::On, TokenKind::Optional,
     TokenKind::Action, TokenKind::Op, TokenKind::Merge, TokenKind::Fn});

constexpr auto declaration_words = std::to_array<TokenKind>(
    {TokenKind::Param, TokenKind::Type, TokenKind::Ghost, TokenKind::Invariant, TokenKind::Message,
     TokenKind::Object, TokenKind::Role, TokenKind::Fn, TokenKind::Scenario, TokenKind::Card,
     TokenKind::Protocol});

template <std::size_t Count>
bool is_in(const std::array<TokenKind, Count>& kinds, TokenKind kind) {
  return std::find(kinds.begin(), kinds.end(), kind) != kinds.end();
}

}  // namespace

bool Parser::begins_statement(TokenKind kind) { return is_in(statement_words, kind); }
bool Parser::begins_member(TokenKind kind) { return is_in(member_words, kind); }
bool Parser::begins_declaration(TokenKind kind) { return is_in(declaration_words, kind); }

Parser::Bracket Parser::open_bracket(std::string what, bool is_list) {
  const Span open = peek().span;
  take();
  return {open, std::move(what), is_list};
}

bool Parser::at_end_of_item() const {
  return at(TokenKind::End) || at(TokenKind::CloseBrace) || at(TokenKind::Semicolon) ||
         (real().is_first_on_line && (begins_declaration(kind()) || begins_member(kind())));
}

std::uint32_t Parser::indentation(std::uint32_t offset) const {
  const std::string_view line = source_.line(source_.place(offset).line);
  const std::size_t at = line.find_first_not_of(" \t");
  return static_cast<std::uint32_t>(at == std::string_view::npos ? 0 : at);
}

void Parser::close_bracket(const Bracket& bracket, TokenKind closer) {
  if (!at(closer)) {
    if (!is_recovering_) fail_unclosed(bracket, closer);
    return;
  }
  const SyntaxToken& close = take();
  if (closer == TokenKind::CloseBrace && close.is_first_on_line &&
      indentation(close.span.begin) != indentation(bracket.open.begin)) {
    suspicious_.push_back({bracket.open, close.span, bracket.what});
  }
}

void Parser::fail_unclosed(const Bracket& bracket, TokenKind closer) {
  const SyntaxToken& found = peek();
  if (is_consequence()) return;
  if (!found.is_first_on_line && !at_end_of_item()) {
    const std::string_view comma = bracket.is_list ? "`,` or " : "";
    fail_expected(fmt::format("{}`{}` {} {}", comma, spelling(closer),
                              bracket.is_list ? "in" : "after", bracket.what))
        .secondary.push_back({bracket.open, "opened here"});
    return;
  }
  const std::uint32_t end = last().span.end;
  const Span found_span = found.span;
  const std::string described = describe(found);
  const auto wrong =
      std::find_if(suspicious_.begin(), suspicious_.end(),
                   [&](const Closed& closed) { return closed.open.begin > bracket.open.begin; });
  if (closer == TokenKind::CloseBrace && wrong != suspicious_.end()) {
    Diagnostic& diagnostic = fail(
        "E0106", wrong->open, fmt::format("`{{` of {} is not closed", wrong->what), "opened here");
    diagnostic.secondary.push_back({wrong->close, "closes it, but is not indented like its line"});
    diagnostic.secondary.push_back({bracket.open, "is therefore left open"});
    return;
  }
  Diagnostic& diagnostic =
      fail("E0106", bracket.open,
           fmt::format("`{}` of {} is not closed", source_.text(bracket.open), bracket.what),
           "opened here");
  const std::string missing = fmt::format("expected `{}`, found {}", spelling(closer), described);
  if (found.kind == TokenKind::End || real().is_first_on_line) {
    diagnostic.secondary.push_back({{end, end}, missing});
  } else {
    diagnostic.secondary.push_back({found_span, missing});
  }
}

bool Parser::closes_list(const Bracket& bracket, bool (*begins_item)(TokenKind)) {
  if (at(TokenKind::CloseBrace)) {
    close_bracket(bracket, TokenKind::CloseBrace);
    return true;
  }
  const TokenKind next = kind();
  const bool is_name =
      at(TokenKind::Equal, 1) || at(TokenKind::PlusEqual, 1) || at(TokenKind::MinusEqual, 1);
  const bool begins_another =
      (begins_declaration(next) || begins_member(next)) && real().is_first_on_line && !is_name;
  if (next != TokenKind::End && (begins_item(next) || !begins_another)) return false;
  // One missing brace leaves all the lists around it open too: one error for all.
  if (unclosed_at_ != at_) {
    fail_unclosed(bracket, TokenKind::CloseBrace);
    unclosed_at_ = at_;
    is_recovering_ = false;
  }
  return true;
}

void Parser::recover_at_block() {
  if (!is_recovering_) return;
  int open_count = 0;
  for (std::size_t i = at_; i < tokens_.tokens.size(); ++i) {
    const SyntaxToken& token = tokens_.tokens[i];
    if (i > at_ && token.is_first_on_line) return;
    // A brace that comes first may belong to the expression with the error: the last one on the
    // line is the block.
    if (token.kind == TokenKind::OpenBrace) {
      const bool ends_line = tokens_.tokens[i + 1].is_first_on_line;
      if (ends_line && open_count == 0) {
        at_ = i;
        is_recovering_ = false;
        return;
      }
      ++open_count;
    }
    if (token.kind == TokenKind::CloseBrace) --open_count;
  }
}

}  // namespace capstan::model
