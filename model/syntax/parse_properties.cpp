// SPDX-License-Identifier: MIT
// parse_properties: what a scenario expects. A property is known by its first word.
#include <fmt/format.h>

#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

using Kind = ast::Property::Kind;

struct PropertyWords {
  std::string_view words[3];
  Kind kind;
};

/// Properties of histories; longer forms before the shorter ones that they begin with.
constexpr PropertyWords history_properties[] = {
    {{"linearizable"}, Kind::Linearizable},
    {{"sequential"}, Kind::Sequential},
    {{"causal", "convergent"}, Kind::CausalConvergent},
    {{"causal"}, Kind::Causal},
    {{"pram"}, Kind::Pram},
    {{"regular"}, Kind::Regular},
    {{"safe"}, Kind::Safe},
    {{"read", "your", "writes"}, Kind::ReadYourWrites},
    {{"monotonic", "reads"}, Kind::MonotonicReads},
    {{"monotonic", "writes"}, Kind::MonotonicWrites},
    {{"writes", "follow", "reads"}, Kind::WritesFollowReads},
};

constexpr PropertyWords state_properties[] = {
    {{"always"}, Kind::Always},
    {{"never"}, Kind::Never},
    {{"reachable"}, Kind::Reachable},
    {{"inductive"}, Kind::Inductive},
    {{"eventually", "always"}, Kind::EventuallyAlways},
    {{"eventually"}, Kind::Eventually},
};

const std::vector<std::string> property_names = {
    "linearizable", "sequential", "causal",      "pram",     "regular",   "safe",
    "read",         "monotonic",  "writes",      "bounded",  "converges", "available",
    "acknowledged", "no",         "semilattice", "commutes", "always",    "never",
    "reachable",    "inductive",  "eventually",  "whenever"};

}  // namespace

ast::Expectation Parser::expectation() {
  ast::Expectation result;
  const std::uint32_t start = begin();
  take();
  result.negated = accept(TokenKind::Not);
  result.property = property();
  if (accept(TokenKind::Iff)) result.iff = expression();
  result.span = span_from(start);
  return result;
}

ast::Property Parser::property() {
  ast::Property result;
  const std::uint32_t start = begin();
  const bool is_hops = at(TokenKind::Identifier) && at_word("within", 1);
  if (is_hops) {
    result.kind = Kind::WithinHops;
    result.name = take_name();
    take();
    result.first = sum();
    expect_word("hops", "after `within` and a number");
  } else if (!history_property(result) && !state_property(result) && !other_property(result) &&
             !temporal_property(result)) {
    unknown_property();
  }
  result.span = span_from(start);
  return result;
}

bool Parser::history_property(ast::Property& property) {
  for (const PropertyWords& known : history_properties) {
    std::size_t count = 0;
    while (count < 3 && !known.words[count].empty() && at_word(known.words[count], count)) ++count;
    if (count == 0 || (count < 3 && !known.words[count].empty())) continue;
    property.kind = known.kind;
    while (count-- > 0) take();
    if (accept(TokenKind::Of)) property.name = name("the name of an object");
    return true;
  }
  return false;
}

bool Parser::state_property(ast::Property& property) {
  for (const PropertyWords& known : state_properties) {
    const bool has_two = !known.words[1].empty();
    if (!at_word(known.words[0]) || (has_two && !at_word(known.words[1], 1))) continue;
    property.kind = known.kind;
    take();
    if (has_two) take();
    property.first = expression();
    if (known.kind == Kind::Inductive && accept_word("given")) property.second = expression();
    return true;
  }
  return false;
}

bool Parser::other_property(ast::Property& property) {
  if (accept_word("bounded")) {
    property.kind = Kind::BoundedStaleness;
    expect_word("staleness", "after `bounded`");
    property.first = sum();
    property.ticks = accept_word("ticks");
    if (at_word("tick") && misspelt({"ticks"})) {
      take();
      property.ticks = true;
    }
    if (accept(TokenKind::Of)) property.name = name("the name of an object");
  } else if (accept_word("converges")) {
    converges(property);
  } else if (accept_word("available")) {
    property.kind = Kind::AvailableTo;
    expect(TokenKind::To, "after `available`");
    property.all = accept(TokenKind::All);
    if (!property.all) property.first = span();
  } else if (at_word("acknowledged") || (at_word("no") && at_word("acknowledged", 1))) {
    property.kind = accept_word("no") ? Kind::NoAcknowledgedWriteLost : Kind::AcknowledgedWriteLost;
    take();
    expect_word("write", "and `lost` after `acknowledged`");
    expect_word("lost", "after `acknowledged write`");
  } else if (accept_word("semilattice")) {
    property.kind = Kind::Semilattice;
    property.name = name("the name of a merge");
    if (accept_word("given")) property.first = expression();
  } else if (accept_word("commutes")) {
    property.kind = Kind::Commutes;
    do {
      property.names.push_back(upper_name("a message"));
    } while (accept(TokenKind::Comma));
  } else if (accept_word("whenever")) {
    property.kind = Kind::Whenever;
    property.first = expression();
    expect(TokenKind::Comma, "after the condition of `whenever`");
    expect_word("eventually", "after `whenever` and its condition");
    property.second = expression();
  } else {
    return false;
  }
  return true;
}

void Parser::converges(ast::Property& property) {
  property.kind = Kind::ConvergesOn;
  expect(TokenKind::On, "after `converges`");
  if (!at_generator()) {
    property.first = expression();
    return;
  }
  const Bracket bracket = open_bracket("the parentheses");
  property.first = expression();
  accept(TokenKind::For);
  property.binders = binders();
  close_bracket(bracket, TokenKind::CloseParenthesis);
}

/// True at `(e for ...)`: the next tokens are one pair of parentheses with a `for` of its own.
bool Parser::at_generator(std::size_t ahead) const {
  if (!at(TokenKind::OpenParenthesis, ahead)) return false;
  int open_count = 0;
  for (std::size_t i = at_ + ahead; i < tokens_.tokens.size(); ++i) {
    const TokenKind kind = tokens_.tokens[i].kind;
    if (kind == TokenKind::OpenParenthesis || kind == TokenKind::OpenBracket ||
        kind == TokenKind::OpenBrace)
      ++open_count;
    if (kind == TokenKind::CloseParenthesis || kind == TokenKind::CloseBracket ||
        kind == TokenKind::CloseBrace)
      --open_count;
    if (open_count == 0) return false;
    if (open_count == 1 && kind == TokenKind::For) return true;
    if (begins_declaration(kind) && tokens_.tokens[i].is_first_on_line) return false;
  }
  return false;
}

/// `P ~> Q` on this line.
bool Parser::is_leads_to() const {
  for (std::size_t i = at_; i < tokens_.tokens.size(); ++i) {
    const SyntaxToken& token = tokens_.tokens[i];
    if (i > at_ && token.is_first_on_line) return false;
    if (text(token) == "~>") return true;
  }
  return false;
}

void Parser::unknown_property() {
  if (at_word("read") || at_word("monotonic") || at_word("writes") || at_word("no")) {
    const std::string word(text(take()));
    const std::string_view rest = word == "read"        ? "`your writes`"
                                  : word == "monotonic" ? "`reads` or `writes`"
                                  : word == "writes"    ? "`follow reads`"
                                                        : "`acknowledged write lost`";
    fail_expected(fmt::format("{} after `{}`", rest, word));
    return;
  }
  const bool is_name =
      at(TokenKind::Identifier) || at(TokenKind::UpperIdentifier) || at(TokenKind::OpenParenthesis);
  if (misspelt(property_names)) {
    is_recovering_ = true;
    return;
  }
  if (at(TokenKind::Not)) {
    fail("E0101", peek().span, "expected a property, found a second `not`", "found instead");
    return;
  }
  if (!is_name || real().is_first_on_line) {
    fail_expected("a property after `expect`");
    return;
  }
  if (is_leads_to()) {  // reported with its sign
    is_recovering_ = true;
    return;
  }
  const std::string found(text(peek()));
  Diagnostic& diagnostic =
      fail("E0116", peek().span, fmt::format("`{}` begins no property", found), "not a property");
  diagnostic.helps.push_back(
      fmt::format("for a formula over states write `expect always {}`", found));
  diagnostic.notes.push_back(
      "a property begins with one of: linearizable, sequential, causal, pram, regular, safe, read, "
      "monotonic, "
      "writes, bounded, converges, available, acknowledged, no, semilattice, commutes, "
      "always, never, reachable, inductive, eventually, whenever");
}

}  // namespace capstan::model
