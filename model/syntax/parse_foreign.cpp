// SPDX-License-Identifier: MIT
// parse_foreign: forms of other languages whose meaning is plain: quantifiers, temporal operators,
// names with hyphens and in quotes, loops.
//
// Each is reported once, with what to write instead, and then read as what is meant, so that no
// second error follows from it.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>

#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

struct Quantifier {
  std::string_view foreign;
  std::string_view word;
};

constexpr auto quantifiers = std::to_array<Quantifier>({
    {"forall", "every"},
    {"for_all", "every"},
    {"forAll", "every"},
    {"each", "every"},
    {"\\A", "every"},
    {"\\forall", "every"},
    {"∀", "every"},
    {"exists", "some"},
    {"\\E", "some"},
    {"\\exists", "some"},
    {"∃", "some"},
});

std::string_view meant_by(std::string_view word) {
  for (const Quantifier& each : quantifiers)
    if (each.foreign == word) return each.word;
  return {};
}

bool is_word_token(TokenKind kind) {
  return kind == TokenKind::Identifier || kind == TokenKind::UpperIdentifier ||
         kind == TokenKind::Integer || is_reserved_word(kind);
}

bool declares_name(TokenKind kind) {
  switch (kind) {
    case TokenKind::Durable:
    case TokenKind::Volatile:
    case TokenKind::Param:
    case TokenKind::Type:
    case TokenKind::Fn:
    case TokenKind::Scenario:
    case TokenKind::Action:
    case TokenKind::Invariant:
    case TokenKind::Ghost:
    case TokenKind::Object:
    case TokenKind::Let:
    case TokenKind::Protocol:
    case TokenKind::Role:
    case TokenKind::Message:
    case TokenKind::Merge:
      return true;
    default:
      return false;
  }
}

}  // namespace

bool Parser::is_adjacent(std::size_t ahead) const {
  return at_ + ahead > 0 && real(ahead).span.begin == tokens_.tokens[at_ + ahead - 1].span.end;
}

// --- names

/// How many tokens from `first` on are a word, `-`, a word, ... without a space; 0 for less.
std::size_t Parser::hyphenated_length(std::size_t first) const {
  const std::vector<SyntaxToken>& all = tokens_.tokens;
  const bool is_name = is_word_token(all[first].kind) && all[first].kind != TokenKind::Integer;
  if (!is_name) return 0;
  std::size_t end = first + 1;
  while (end + 1 < all.size() && all[end].kind == TokenKind::Minus &&
         is_word_token(all[end + 1].kind) && all[end].span.begin == all[end - 1].span.end &&
         all[end + 1].span.begin == all[end].span.end)
    end += 2;
  return end == first + 1 ? 0 : end - first;
}

/// Behind the keyword of a declaration, and in the enumeration of a declared type, `-` can be
/// nothing else than a part of a name.
std::vector<std::string_view> Parser::hyphenated_declarations() const {
  const std::vector<SyntaxToken>& all = tokens_.tokens;
  std::vector<std::string_view> found;
  const auto take_at = [&](std::size_t first) {
    if (const std::size_t length = hyphenated_length(first))
      found.push_back(source_.text({all[first].span.begin, all[first + length - 1].span.end}));
  };
  for (std::size_t i = 0; i + 3 < all.size(); ++i) {
    if (!declares_name(all[i].kind)) continue;
    std::size_t name = i + 1;
    if (text(all[name]) == "unsynced" && is_word_token(all[name + 1].kind)) ++name;
    take_at(name);
    std::size_t open = name + std::max<std::size_t>(1, hyphenated_length(name));
    if (open + 1 >= all.size() || all[open].kind == TokenKind::Minus) continue;
    const bool is_typed = all[open].kind == TokenKind::Colon ||
                          (all[open].kind == TokenKind::Equal && all[i].kind == TokenKind::Type);
    if (!is_typed || all[i].kind == TokenKind::Invariant ||
        all[++open].kind != TokenKind::OpenBrace)
      continue;
    for (++open; open < all.size() && all[open].kind != TokenKind::CloseBrace; ++open)
      take_at(open);
  }
  return found;
}

void Parser::join_hyphenated() {
  const std::vector<std::string_view> names = hyphenated_declarations();
  if (names.empty()) return;
  std::vector<SyntaxToken> joined;
  for (std::size_t i = 0; i < tokens_.tokens.size(); ++i) {
    joined.push_back(tokens_.tokens[i]);
    for (std::size_t length = hyphenated_length(i); length > 1; length -= 2) {
      const Span span{tokens_.tokens[i].span.begin, tokens_.tokens[i + length - 1].span.end};
      if (std::find(names.begin(), names.end(), source_.text(span)) == names.end()) continue;
      joined.back().span = span;
      if (is_reserved_word(joined.back().kind)) joined.back().kind = TokenKind::Identifier;
      i += length - 1;
      break;
    }
  }
  tokens_.tokens = std::move(joined);
}

void Parser::report_hyphen(const ast::Name& name) {
  if (name.text.find('-') == std::string::npos || !hyphenated_.insert(name.text).second) return;
  std::string better = name.text;
  std::replace(better.begin(), better.end(), '-', '_');
  report("E0122", name.span, fmt::format("the name `{}` has a `-`, which subtracts", name.text),
         "a name has letters, digits and `_`")
      .helps.push_back(fmt::format("write `{}`", better));
}

std::optional<std::string> Parser::quoted_name() const {
  if (!at(TokenKind::String)) return std::nullopt;
  const std::string_view quoted = text(peek());
  if (quoted.size() < 3) return std::nullopt;
  const std::string_view inside = quoted.substr(1, quoted.size() - 2);
  const auto is_word = [](unsigned char c) { return std::isalnum(c) != 0 || c == '_'; };
  if (std::islower(static_cast<unsigned char>(inside.front())) == 0 ||
      !std::all_of(inside.begin(), inside.end(), is_word))
    return std::nullopt;
  return std::string(inside);
}

ast::Name Parser::take_quoted_name(std::string_view message) {
  const std::string inside = quoted_name().value_or("");
  report("E0112", peek().span, std::string(message), "in quotes")
      .helps.push_back(fmt::format("an enumerator has no quotes: write `{}`", inside));
  return {inside, take().span};
}

// --- quantifiers

bool Parser::at_quantifier() const {
  if (!at(TokenKind::Identifier) || meant_by(text(peek())).empty()) return false;
  const std::size_t name = at(TokenKind::OpenParenthesis, 1) ? 2 : 1;
  return at(TokenKind::Identifier, name) &&
         (at(TokenKind::In, name + 1) || at(TokenKind::Comma, name + 1) ||
          at(TokenKind::Colon, name + 1));
}

/// `forall x in S: P`, `\A x \in S: P`, `exists (x in S) P`, ...: read as a comprehension.
ast::ExprPtr Parser::quantifier() {
  const Nesting nesting(*this);
  if (!nesting.ok()) return error_node();
  ast::ExprPtr result = node(ast::ExprKind::Comprehension, begin());
  const ast::Name written = take_name();
  const std::string word(meant_by(written.text));
  result->name = {word, written.span};
  bool is_open = accept(TokenKind::OpenParenthesis);
  const bool outer = std::exchange(in_quantifier_, true);
  ast::Binder binder;
  const std::uint32_t first = begin();
  comma_list([&] { binder.names.push_back(name("a name for the elements")); });
  const std::string names(source_.text(span_from(first)));
  if (!accept(TokenKind::Colon)) expect(TokenKind::In, "and a set after the name");
  binder.set = span();
  in_quantifier_ = outer;
  if (is_open && accept(TokenKind::CloseParenthesis)) is_open = false;
  const bool is_bar = at(TokenKind::Or) && text(peek()) == "|";
  if (at(TokenKind::Colon) || at(TokenKind::Dot) || at(TokenKind::Comma) || is_bar) take();
  const std::string set(source_.text(binder.set->span));
  result->binders.list.push_back(std::move(binder));
  result->operands.push_back(expression());
  const std::string body(source_.text(result->operands[0]->span));
  report("E0102", written.span,
         fmt::format("`{}` is not an operator of the language", written.text), "a quantifier")
      .helps.push_back(fmt::format("write `{}({} for {} in {})`", word, body, names, set));
  if (is_open) expect(TokenKind::CloseParenthesis, "after the formula");
  return finish(std::move(result));
}

/// At `all(...)` or `any(...)` with a `for` inside.
ast::ExprPtr Parser::quantifier_as_call(std::string_view meant) {
  ast::ExprPtr result = node(ast::ExprKind::Call, begin());
  report("E0102", peek().span, fmt::format("`{}` is not a quantifier here", text(peek())))
      .helps.push_back(fmt::format("write `{}(...)`", meant));
  result->name = {std::string(meant), take().span};
  call_or_comprehension(*result);
  return finish(std::move(result));
}

// --- temporal operators

/// `[]P`, `<>P`, `[]<>P`, `<>[]P`: read as the property that is meant.
bool Parser::temporal_property(ast::Property& property) {
  using Kind = ast::Property::Kind;
  const std::uint32_t start = begin();
  std::string operators;  // `A` for always, `E` for eventually
  while (true) {
    if (at(TokenKind::OpenBracket) && at(TokenKind::CloseBracket, 1)) {
      take();
      take();
      operators += 'A';
    } else if (at_word("<>") || at_word("□") || at_word("◇")) {
      operators += text(peek()) == "□" ? 'A' : 'E';
      take();
    } else {
      break;
    }
  }
  if (operators.empty()) return false;
  const Span written = span_from(start);
  property.first = expression();
  const std::string formula(source_.text(property.first->span));
  std::string instead = fmt::format("expect always {}", formula);
  property.kind = Kind::Always;
  if (operators.ends_with("AE")) {
    property.kind = Kind::EventuallyAlways;
    instead = fmt::format("expect whenever true, eventually {}", formula);
  } else if (operators.ends_with("EA")) {
    property.kind = Kind::EventuallyAlways;
    instead = fmt::format("expect eventually always {}", formula);
  } else if (operators.ends_with('E')) {
    property.kind = Kind::Eventually;
    instead = fmt::format("expect eventually {}", formula);
  }
  report("E0102", written,
         fmt::format("`{}` is not an operator of the language", source_.text(written)),
         "a temporal operator")
      .helps.push_back(fmt::format("write `{}`", instead));
  return true;
}

/// A temporal operator inside of a formula, which is one over a single state.
ast::ExprPtr Parser::inner_temporal() {
  const Nesting nesting(*this);
  if (!nesting.ok()) return error_node();
  Diagnostic& diagnostic = report(
      "E0102", peek().span, fmt::format("`{}` is not an operator of the language", text(peek())),
      "a temporal operator inside of a formula");
  diagnostic.helps.emplace_back(
      "write `expect eventually P` for `<>P`, `expect whenever P, eventually Q` for "
      "`[](P => <>Q)`");
  diagnostic.notes.emplace_back("a formula is about one state; properties are about runs");
  take();
  return operators(0);
}

// --- loops and sets

/// At `while` or `loop`: there are none; its condition and its block are read and forgotten.
void Parser::while_statement(ast::Statement& statement) {
  statement.kind = ast::StatementKind::Error;
  const std::string word(text(peek()));
  Diagnostic& diagnostic =
      report("E0113", peek().span, fmt::format("there is no `{}`", word), "a loop without a bound");
  diagnostic.helps.emplace_back(
      "`for x in S { }` goes through a set; what goes on is an `action` with a guard");
  diagnostic.helps.emplace_back("`wait until c` waits for a condition");
  take();
  if (!at(TokenKind::OpenBrace)) expression();
  recover_at_block();
  block(fmt::format("the `{}`", word));
}

/// `{x in S where c}` is short for `{x for x in S where c}`; at `where`.
ast::ExprPtr Parser::set_filter(ast::ExprPtr set) {
  ast::ExprPtr membership = std::move(set->operands[0]);
  ast::Binder binder;
  binder.names.push_back(membership->operands[0]->name);
  binder.set = std::move(membership->operands[1]);
  set->kind = ast::ExprKind::SetComprehension;
  set->operands[0] = std::move(membership->operands[0]);
  set->binders.list.push_back(std::move(binder));
  take();
  set->binders.where = expression();
  return set;
}

}  // namespace capstan::model
