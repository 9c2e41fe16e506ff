// SPDX-License-Identifier: MIT
// parser_core: tokens ahead, names, and the wording of errors.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "model/base/require.hpp"
#include "model/source/suggest.hpp"
#include "model/syntax/parser_internal.hpp"

namespace capstan::model {

namespace {

constexpr std::size_t quoted_length_max = 30;

struct Alias {
  std::string_view foreign;
  std::string_view word;
};

/// Words of other languages for what one of ours says, tried before similar spellings.
constexpr auto aliases = std::to_array<Alias>({
    {"function", "fn"},
    {"func", "fn"},
    {"def", "fn"},
    {"fun", "fn"},
    {"const", "param"},
    {"constant", "param"},
    {"parameter", "param"},
    {"var", "durable"},
    {"var", "let"},
    {"val", "let"},
    {"enum", "type"},
    {"struct", "type"},
    {"record", "type"},
    {"class", "role"},
    {"actor", "role"},
    {"node", "role"},
    {"process", "role"},
    {"machine", "role"},
    {"msg", "message"},
    {"rpc", "message"},
    {"test", "scenario"},
    {"property", "invariant"},
    {"assertion", "invariant"},
    {"persistent", "durable"},
    {"stable", "durable"},
    {"transient", "volatile"},
    {"receive", "on"},
    {"handle", "on"},
    {"upon", "on"},
    {"rule", "action"},
    {"operation", "op"},
    {"elif", "else"},
    {"elsif", "else"},
    {"elseif", "else"},
    {"break", "next"},
    {"continue", "next"},
    {"foreach", "for"},
    {"answer", "reply"},
    {"respond", "reply"},
    {"await", "wait"},
    {"exit", "return"},
    {"abort", "fail"},
    {"linearisable", "linearizable"},
    {"linearizability", "linearizable"},
    {"consistent", "linearizable"},
    {"convergent", "converges"},
    {"convergence", "converges"},
    {"availability", "available"},
    {"boolean", "bool"},
    {"integer", "int"},
    {"list", "seq"},
    {"array", "seq"},
    {"sequence", "seq"},
    {"dict", "map"},
    {"clock", "clocks"},
    {"fault", "faults"},
    {"drop", "lose"},
    {"loss", "lose"},
    {"kill", "crash"},
    {"fail", "crash"},
    {"always", "expect"},
    {"never", "expect"},
    {"check", "expect"},
});

std::string capitalised(std::string_view word) {
  std::string result(word);
  result[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(result[0])));
  return result;
}

std::string uncapitalised(std::string_view word) {
  std::string result(word);
  result[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(result[0])));
  return result;
}

}  // namespace

Parser::Parser(const SourceFile& source, TokenList tokens, Diagnostics& diagnostics)
    : source_(source), tokens_(std::move(tokens)), diagnostics_(diagnostics) {
  CAPSTAN_REQUIRE(!tokens_.tokens.empty() && tokens_.tokens.back().kind == TokenKind::End,
                  "a list of tokens ends with End");
  stop_.kind = TokenKind::Stop;
  join_hyphenated();
}

// --- tokens

const SyntaxToken& Parser::real(std::size_t ahead) const {
  return tokens_.tokens[std::min(at_ + ahead, tokens_.tokens.size() - 1)];
}

const SyntaxToken& Parser::peek(std::size_t ahead) const {
  return is_recovering_ ? stop_ : real(ahead);
}

const SyntaxToken& Parser::last() const { return tokens_.tokens[at_ == 0 ? 0 : at_ - 1]; }

bool Parser::at_word(std::string_view word, std::size_t ahead) const {
  return at(TokenKind::Identifier, ahead) && text(peek(ahead)) == word;
}

bool Parser::at_misused_word() const {
  return std::find(misused_words_.begin(), misused_words_.end(), kind()) != misused_words_.end();
}

const SyntaxToken& Parser::take() {
  const SyntaxToken& token = peek();
  if (!is_recovering_ && token.kind != TokenKind::End) ++at_;
  return token;
}

bool Parser::accept(TokenKind wanted) {
  if (!at(wanted)) return false;
  take();
  return true;
}

bool Parser::accept_word(std::string_view word) {
  if (!at_word(word)) return false;
  take();
  return true;
}

bool Parser::expect(TokenKind wanted, std::string_view purpose) {
  if (accept(wanted)) return true;
  fail_expected(fmt::format("`{}` {}", spelling(wanted), purpose));
  return false;
}

bool Parser::expect_word(std::string_view word, std::string_view purpose) {
  if (accept_word(word)) return true;
  if (misspelt({std::string(word)})) {
    take();
    return true;
  }
  fail_expected(fmt::format("`{}` {}", word, purpose));
  return false;
}

bool Parser::expect_assign(std::string_view purpose) {
  if (accept(TokenKind::Equal)) return true;
  if (at(TokenKind::EqualEqual)) {
    report("E0105", peek().span, "`==` compares and does not assign", "a comparison")
        .helps.push_back("write `=`");
    take();
    return true;
  }
  fail_expected(fmt::format("`=` {}", purpose));
  return false;
}

bool Parser::accept_arrow() {
  if (accept(TokenKind::Arrow)) return true;
  if (!at(TokenKind::FatArrow)) return false;
  report("E0102", peek().span, "`=>` is not an operator of the language")
      .helps.push_back("write `->`");
  take();
  return true;
}

Span Parser::span_from(std::uint32_t begin) const {
  // An item that failed at its first token ends before it begins; its span is then empty.
  return {begin, std::max(begin, last().span.end)};
}

// --- errors

Diagnostic& Parser::report(std::string_view code, Span span, std::string message,
                           std::string label) {
  if (is_recovering_) {
    ignored_ = {};
    return ignored_;
  }
  Diagnostic& diagnostic =
      diagnostics_.add(std::string(code), span, std::move(message), std::move(label));
  const std::string context = described_context(diagnostic.message);
  if (!context.empty()) diagnostic.notes.push_back("this is in " + context);
  return diagnostic;
}

Diagnostic& Parser::fail(std::string_view code, Span span, std::string message, std::string label) {
  Diagnostic& diagnostic = report(code, span, std::move(message), std::move(label));
  is_recovering_ = true;
  return diagnostic;
}

/// After characters that were reported the next token is in a wrong place because of them.
bool Parser::is_consequence() {
  if (is_recovering_ || !peek().follows_error) return false;
  is_recovering_ = true;
  return true;
}

Diagnostic& Parser::fail_unexpected(std::string_view what) {
  is_consequence();
  std::string message = fmt::format("expected {}, found {}", what, describe(peek()));
  return fail("E0101", peek().span, std::move(message), "found instead");
}

Diagnostic& Parser::fail_expected(std::string_view what) {
  is_consequence();
  const SyntaxToken& found = peek();
  std::string message = fmt::format("expected {}, found {}", what, describe(found));
  // What is missing is missing behind the last token if the next one begins a line.
  if (at_ > 0 && (found.is_first_on_line || found.kind == TokenKind::End)) {
    const std::uint32_t end = last().span.end;
    const Span found_span = found.span;
    const bool is_end = found.kind == TokenKind::End;
    Diagnostic& diagnostic =
        fail("E0101", {end, end}, std::move(message), fmt::format("expected {}", what));
    if (!is_end) diagnostic.secondary.push_back({found_span, "found instead"});
    return diagnostic;
  }
  const TokenKind found_kind = found.kind;
  Diagnostic& diagnostic = fail("E0101", found.span, std::move(message), "found instead");
  if (is_reserved_word(found_kind) && what.starts_with("an expression")) {
    diagnostic.notes.push_back(
        fmt::format("`{}` is a reserved word and names nothing", spelling(found_kind)));
  }
  return diagnostic;
}

std::string Parser::describe(const SyntaxToken& token) const {
  if (token.kind == TokenKind::End) return end_text_;
  std::string_view content = text(token);
  if (token.kind == TokenKind::String) return "a caption";
  if (content.size() > quoted_length_max) {
    return fmt::format("a word of {} letters", content.size());
  }
  return fmt::format("`{}`", content);
}

/// What is being read, without what the message names already.
std::string Parser::described_context(std::string_view message) const {
  std::string result;
  for (auto context = contexts_.rbegin(); context != contexts_.rend(); ++context) {
    if (result.empty() && message.find(*context) != std::string_view::npos) continue;
    result += result.empty() ? *context : " of " + *context;
  }
  return result;
}

std::optional<std::string> Parser::misspelt(const std::vector<std::string>& words) {
  if (!at(TokenKind::Identifier) && !at(TokenKind::UpperIdentifier)) return std::nullopt;
  const std::string wrong(text(peek()));
  std::vector<std::string> found;
  for (const Alias& alias : aliases) {
    const bool fits = std::find(words.begin(), words.end(), alias.word) != words.end();
    if (fits && alias.foreign == wrong) found.emplace_back(alias.word);
  }
  if (found.empty()) found = suggest(uncapitalised(wrong), words);
  const std::string lower = uncapitalised(wrong);
  if (found.empty() && std::find(words.begin(), words.end(), lower) != words.end())
    found.push_back(lower);
  if (found.empty()) return std::nullopt;
  std::string help = fmt::format("did you mean `{}`", found[0]);
  for (std::size_t i = 1; i < found.size(); ++i) help += fmt::format(" or `{}`", found[i]);
  report("E0103", peek().span, fmt::format("unknown word `{}`", wrong)).helps.push_back(help + "?");
  return found[0];
}

/// Reads a misspelt word as the keyword that is meant.
bool Parser::is_keyword_misspelt(const std::vector<std::string>& words) {
  const auto word = misspelt(words);
  if (!word) return false;
  for (const TokenKind reserved : reserved_words()) {
    if (spelling(reserved) == *word) tokens_.tokens[at_].kind = reserved;
  }
  return true;
}

Parser::Nesting::Nesting(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ <= nesting_max) return;
  ok_ = false;
  parser_.fail("E0107", parser_.real().span, fmt::format("nested more than {} deep", nesting_max))
      .helps.push_back("give a part of it a name, with `let` or `fn`");
}

// --- names

ast::Name Parser::take_name() {
  const SyntaxToken& token = take();
  return {std::string(text(token)), token.span};
}

ast::Name Parser::wrong_case(std::string_view what, bool wants_upper) {
  const std::string wrong(text(peek()));
  const std::string right = wants_upper ? capitalised(wrong) : uncapitalised(wrong);
  Diagnostic& diagnostic =
      report("E0108", peek().span,
             fmt::format("{} must begin with {}", what,
                         wants_upper ? "an upper-case letter" : "a lower-case letter"));
  diagnostic.helps.push_back(fmt::format("write `{}`", right));
  ast::Name result = take_name();
  result.text = right;
  return result;
}

ast::Name Parser::name(std::string_view what) {
  if (at(TokenKind::Identifier)) {
    ast::Name result = take_name();
    report_hyphen(result);
    return result;
  }
  if (quoted_name()) return take_quoted_name(fmt::format("{} stands in no quotes", what));
  const bool same_line = !real().is_first_on_line;
  if (at(TokenKind::UpperIdentifier) && same_line) return wrong_case(what, false);
  if (is_reserved_word(kind()) && same_line) {
    report("E0109", peek().span,
           fmt::format("`{}` is a reserved word and cannot be {}", text(peek()), what),
           "a reserved word")
        .helps.push_back(fmt::format("choose another name, such as `{}_`", text(peek())));
    misused_words_.push_back(kind());
    return take_name();
  }
  fail_expected(what);
  return {"", real().span};
}

ast::Name Parser::upper_name(std::string_view what) {
  if (at(TokenKind::UpperIdentifier)) {
    ast::Name result = take_name();
    report_hyphen(result);
    return result;
  }
  if (at(TokenKind::Identifier) && !real().is_first_on_line) return wrong_case(what, true);
  fail_expected(fmt::format("{}, which begins with an upper-case letter", what));
  return {"", real().span};
}

}  // namespace capstan::model
