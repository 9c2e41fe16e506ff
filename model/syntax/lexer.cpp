// SPDX-License-Identifier: MIT
// lexer: text -> tokens, in one pass.
//
// Signs are matched longest first. Letters beyond ASCII cannot be in names, but a word that has
// some is still one word here: one error, and the parser goes on. Signs that papers use (`≤`, `∧`,
// `→`) stand for the token that is meant, with an error that says how it is written.
#include "model/syntax/lexer.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>
#include <optional>
#include <unordered_map>
#include <utility>

#include "model/base/require.hpp"
#include "model/source/utf8.hpp"

namespace capstan::model {

namespace {

bool is_lower(char c) { return c >= 'a' && c <= 'z'; }
bool is_upper(char c) { return c >= 'A' && c <= 'Z'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) { return is_lower(c) || is_upper(c) || is_digit(c) || c == '_'; }
bool is_ascii(char c) { return static_cast<unsigned char>(c) < 0x80; }

struct Sign {
  char32_t point;
  TokenKind kind;
};

/// Signs of papers, and the token that they stand for.
constexpr auto paper_signs = std::to_array<Sign>({
    {U'≤', TokenKind::LessEqual},
    {U'≥', TokenKind::GreaterEqual},
    {U'≠', TokenKind::NotEqual},
    {U'→', TokenKind::Arrow},
    {U'∧', TokenKind::And},
    {U'∨', TokenKind::Or},
    {U'¬', TokenKind::Not},
    {U'∈', TokenKind::In},
    {U'⇒', TokenKind::Implies},
    {U'∪', TokenKind::Plus},
    {U'×', TokenKind::Star},
    {U'−', TokenKind::Minus},
    {U'–', TokenKind::Minus},
    {U'…', TokenKind::DotDot},
    {U'≡', TokenKind::EqualEqual},
});

struct ForeignSign {
  std::string_view text;
  TokenKind kind;
  std::string_view note;
  std::string_view instead{};  // what to write, if not how `kind` is spelt
};

/// `\in` and the like, and the token that they stand for.
constexpr auto backslash_words = std::to_array<ForeignSign>({
    {"in", TokenKind::In, ""},
    {"cup", TokenKind::Plus, ""},
    {"union", TokenKind::Plus, ""},
    {"land", TokenKind::And, ""},
    {"lor", TokenKind::Or, ""},
    {"lnot", TokenKind::Not, ""},
    {"neg", TokenKind::Not, ""},
    {"subseteq", TokenKind::LessEqual, "`<=` of two sets says that the first is part of the other"},
});

/// Quantifiers and temporal operators of other languages: the parser knows what is meant by them.
constexpr auto operator_words = std::to_array<std::string_view>(
    {"\\A", "\\E", "\\forall", "\\exists", "∀", "∃", "□", "◇", "<>"});

/// Signs of other languages, and the token that they stand for. None is a sequence of tokens that a
/// spec can have.
constexpr auto foreign_signs = std::to_array<ForeignSign>({
    {"&&", TokenKind::And, ""},
    {"||", TokenKind::Or, ""},
    {":=", TokenKind::Equal, ""},
    {"===", TokenKind::EqualEqual, ""},
    {"!==", TokenKind::NotEqual, ""},
    {"<=>", TokenKind::EqualEqual, "", "(a) == (b)"},
    {"<->", TokenKind::EqualEqual, "", "(a) == (b)"},
    {"==>", TokenKind::Implies, ""},
    {"<>", TokenKind::NotEqual, ""},
    {"~=", TokenKind::NotEqual, ""},
    {"~>", TokenKind::Implies, "", "whenever P, eventually Q"},
    {"/\\", TokenKind::And, ""},
    {"\\/", TokenKind::Or, ""},
    {"~", TokenKind::Not, ""},
    {"=<", TokenKind::LessEqual, ""},
    {"...", TokenKind::DotDot, ""},
    {"..=", TokenKind::DotDot, "both ends belong to a range"},
    {"..<", TokenKind::DotDot, "both ends belong to a range: `0..n - 1` leaves out `n`"},
    {"&", TokenKind::And, ""},
});

const std::unordered_map<std::string_view, TokenKind>& words() {
  static const auto table = [] {
    std::unordered_map<std::string_view, TokenKind> result;
    for (const TokenKind kind : reserved_words()) result.emplace(spelling(kind), kind);
    return result;
  }();
  return table;
}

class Lexer {
 public:
  Lexer(const SourceFile& source, Span part, Diagnostics& diagnostics)
      : text_(source.text().substr(0, part.end)), at_(part.begin), diagnostics_(diagnostics) {
    list_.docs.emplace_back();
  }

  TokenList run(bool is_whole_file) {
    if (is_whole_file) check_utf8();
    if (text_.substr(at_).starts_with("\xEF\xBB\xBF")) at_ += 3;  // a byte order mark
    std::uint32_t last_end = static_cast<std::uint32_t>(at_);
    while (true) {
      skip_trivia();
      if (at_ >= text_.size()) break;
      token_begin_ = at_;
      const std::optional<SyntaxToken> token = next();
      if (!token) {
        follows_error_ = true;
        continue;
      }
      push(*token);
      last_end = token->span.end;
    }
    SyntaxToken end;
    end.span = {last_end, last_end};
    push(end);
    return std::move(list_);
  }

 private:
  char peek(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : '\0';
  }
  bool looking_at(std::string_view prefix) const { return text_.substr(at_).starts_with(prefix); }
  std::string_view taken() const { return text_.substr(token_begin_, at_ - token_begin_); }
  Span taken_span() const {
    return {static_cast<std::uint32_t>(token_begin_), static_cast<std::uint32_t>(at_)};
  }
  SyntaxToken token(TokenKind kind) const {
    SyntaxToken result;
    result.kind = kind;
    result.span = taken_span();
    return result;
  }

  void push(SyntaxToken token) {
    token.is_first_on_line = is_new_line_;
    is_new_line_ = false;
    token.follows_error = std::exchange(follows_error_, false);
    if (!doc_.empty()) {
      doc_.pop_back();
      list_.docs.push_back(std::move(doc_));
      token.doc = static_cast<std::uint32_t>(list_.docs.size() - 1);
      doc_.clear();
    }
    list_.tokens.push_back(token);
  }

  void check_utf8() {
    std::size_t count = 0;
    std::size_t first = 0;
    for (std::size_t i = at_; i < text_.size();) {
      const CodePoint point = decode_utf8(text_, i);
      if (!point.is_valid && count++ == 0) first = i;
      i += point.size;
    }
    if (count == 0) return;
    const auto begin = static_cast<std::uint32_t>(first);
    Diagnostic& diagnostic = diagnostics_.add(
        "E0001", {begin, begin + 1}, "the file is not UTF-8 text",
        fmt::format("the byte 0x{:02x}", static_cast<unsigned char>(text_[first])));
    diagnostic.helps.push_back("save the file in the encoding UTF-8");
    if (count > 1)
      diagnostic.notes.push_back(fmt::format("{} bytes of the file are not UTF-8", count));
  }

  void skip_trivia() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '\n') is_new_line_ = true;
      if (c == ' ' || c == '\t' || c == '\r' || c == '\n') {
        ++at_;
      } else if (looking_at("//")) {
        comment();
      } else if (looking_at("/*")) {
        block_comment();
      } else {
        return;
      }
    }
  }

  std::size_t line_end() const { return std::min(text_.find('\n', at_), text_.size()); }

  void comment() {
    std::string_view line = text_.substr(at_, line_end() - at_);
    at_ += line.size();
    if (!line.starts_with("///") || line.starts_with("////")) return;
    line.remove_prefix(line.starts_with("/// ") ? 4 : 3);
    line = line.substr(0, line.find_last_not_of(" \t\r") + 1);
    doc_ += line;
    doc_ += '\n';
  }

  void block_comment() {
    const std::size_t begin = at_;
    const std::size_t end = text_.find("*/", at_ + 2);
    at_ = end == std::string_view::npos ? text_.size() : end + 2;
    Diagnostic& diagnostic = diagnostics_.add(
        "E0006", {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + 2)},
        "`/*` does not begin a comment", "a block comment");
    diagnostic.helps.push_back("begin each line of the comment with `//`");
    if (end == std::string_view::npos) diagnostic.notes.push_back("it is not closed either");
  }

  std::optional<SyntaxToken> next() {
    const char c = text_[at_];
    if (is_digit(c)) return number();
    if (is_lower(c) || is_upper(c) || c == '_') return word();
    if (c == '"') return string("\"");
    if (!is_ascii(c)) return beyond_ascii();
    return sign();
  }

  SyntaxToken number() {
    while (is_word(peek())) ++at_;
    const bool is_fraction = peek() == '.' && is_digit(peek(1));
    if (is_fraction) {
      ++at_;
      while (is_word(peek())) ++at_;
      fraction();
      return token(TokenKind::Integer);
    }
    SyntaxToken result = token(TokenKind::Integer);
    const std::string_view digits = taken();
    const bool is_decimal =
        std::all_of(digits.begin(), digits.end(), [](char c) { return is_digit(c) || c == '_'; });
    if (!is_decimal || digits.back() == '_' || digits.find("__") != std::string_view::npos) {
      not_decimal(digits);
      return result;
    }
    result.number = value_of(digits);
    return result;
  }

  std::int64_t value_of(std::string_view digits) {
    constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();
    std::int64_t value = 0;
    for (const char c : digits) {
      if (c == '_') continue;
      const std::int64_t digit = c - '0';
      if (value > (largest - digit) / 10) {
        Diagnostic& diagnostic = diagnostics_.add("E0004", taken_span(), "the number is too large",
                                                  "does not fit in 64 bits");
        diagnostic.notes.push_back(fmt::format("the largest number is {}", largest));
        return largest;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  void fraction() {
    Diagnostic& diagnostic = diagnostics_.add(
        "E0005", taken_span(), fmt::format("`{}` is not a whole number", taken()), "a fraction");
    diagnostic.notes.push_back("ticks and counts are whole; choose a smaller tick to be finer");
  }

  void not_decimal(std::string_view digits) {
    Diagnostic& diagnostic = diagnostics_.add(
        "E0005", taken_span(), fmt::format("`{}` is neither a number nor a name", digits));
    if (digits.find_first_not_of("0123456789_") == std::string_view::npos) {
      diagnostic.helps.push_back("put a single `_` between two digits, as in `1_000`");
    } else {
      diagnostic.notes.push_back(
          "a number has decimal digits only, and a name begins with a letter");
    }
  }

  SyntaxToken word() {
    bool has_foreign_letter = false;
    while (at_ < text_.size()) {
      if (is_word(peek())) {
        ++at_;
      } else if (is_letter_beyond_ascii()) {
        has_foreign_letter = true;
        at_ += decode_utf8(text_, at_).size;
      } else {
        break;
      }
    }
    if (has_foreign_letter) foreign_letters();
    const std::string_view content = taken();
    if (content == "_") return token(TokenKind::Underscore);
    if (const auto reserved = words().find(content); reserved != words().end()) {
      return token(reserved->second);
    }
    if (content.front() == '_') begins_with_underscore();
    const std::size_t first_letter = std::min(content.find_first_not_of('_'), content.size() - 1);
    return token(is_upper(content[first_letter]) ? TokenKind::UpperIdentifier
                                                 : TokenKind::Identifier);
  }

  bool is_letter_beyond_ascii() const {
    if (at_ >= text_.size() || is_ascii(text_[at_])) return false;
    const CodePoint point = decode_utf8(text_, at_);
    // General punctuation, arrows, mathematical operators and the like begin at U+2000; letters of
    // most scripts lie below or behind.
    const bool is_sign = (point.value >= 0x2000 && point.value < 0x2c00) || point.value < 0xc0 ||
                         (point.value >= 0x3000 && point.value < 0x3040) || point.value >= 0xfe00;
    return point.is_valid && !is_sign && !is_control(point.value);
  }

  void foreign_letters() {
    diagnostics_
        .add("E0002", taken_span(),
             fmt::format("the name `{}` has letters that names cannot have", taken()))
        .notes.push_back("a name has the letters `a` to `z`, in either case, digits and `_`");
  }

  void begins_with_underscore() {
    Diagnostic& diagnostic = diagnostics_.add(
        "E0108", taken_span(), fmt::format("the name `{}` does not begin with a letter", taken()));
    diagnostic.notes.push_back("`_` alone stands for a parameter that is not wanted");
  }

  SyntaxToken string(std::string_view closer) {
    at_ += closer.size();
    const std::size_t end = std::min(text_.find(closer, at_), text_.size());
    if (end < line_end()) {
      at_ = end + closer.size();
      return token(TokenKind::String);
    }
    at_ = token_begin_ + 1 +
          likely_length(text_.substr(token_begin_ + 1, line_end() - token_begin_ - 1));
    Diagnostic& diagnostic =
        diagnostics_.add("E0003", {taken_span().begin, taken_span().begin + 1},
                         "the caption is not closed on its line", "begins here");
    diagnostic.helps.push_back("write `\"` at its end; a caption stands on one line");
    return token(TokenKind::String);
  }

  /// How much of the rest of a line is meant by a caption that is not closed: a block behind it is
  /// not.
  static std::size_t likely_length(std::string_view rest) {
    rest = rest.substr(0, rest.find("//"));
    const auto trimmed = [](std::string_view text) {
      return text.substr(0, text.find_last_not_of(" \t\r") + 1);
    };
    rest = trimmed(rest);
    if (rest.ends_with('{')) return trimmed(rest.substr(0, rest.size() - 1)).size();
    if (!rest.ends_with('}')) return rest.size();
    int open_count = 0;
    for (std::size_t i = rest.size(); i-- > 0;) {
      if (rest[i] == '}') ++open_count;
      if (rest[i] == '{' && --open_count == 0) return trimmed(rest.substr(0, i)).size();
    }
    return rest.size();
  }

  std::optional<SyntaxToken> beyond_ascii() {
    if (is_letter_beyond_ascii()) return word();
    const CodePoint point = decode_utf8(text_, at_);
    if (!point.is_valid) {  // reported by check_utf8
      ++at_;
      return std::nullopt;
    }
    if (point.value == U'“' || point.value == U'”') return curly_string();
    if (const auto word = operator_word()) return word;
    at_ += point.size;
    const auto known = std::find_if(paper_signs.begin(), paper_signs.end(),
                                    [&](const Sign& sign) { return sign.point == point.value; });
    if (known != paper_signs.end()) {
      Diagnostic& diagnostic = unknown_character(taken());
      diagnostic.helps.push_back(fmt::format("write `{}`", spelling(known->kind)));
      return token(known->kind);
    }
    Diagnostic& diagnostic =
        unknown_character(is_control(point.value) || point.value == 0xa0
                              ? fmt::format("U+{:04X}", static_cast<unsigned>(point.value))
                              : std::string(taken()));
    if (point.value == 0xa0) diagnostic.helps.push_back("it looks like a space; write a plain one");
    return std::nullopt;
  }

  SyntaxToken curly_string() {
    const std::size_t size = decode_utf8(text_, at_).size;
    diagnostics_
        .add("E0002", {taken_span().begin, static_cast<std::uint32_t>(at_ + size)},
             fmt::format("`{}` does not begin a caption", text_.substr(at_, size)), "a curly quote")
        .helps.push_back("write the plain `\"` before and behind the caption");
    at_ += size;
    const std::size_t end = std::min(text_.find_first_of("\"\n", at_), text_.size());
    const std::size_t curly = std::min(text_.find("”", at_), text_.size());
    at_ = curly < end ? curly + std::string_view("”").size() : std::min(end + 1, line_end());
    return token(TokenKind::String);
  }

  std::optional<SyntaxToken> sign() {
    if (const auto word = operator_word()) return word;
    if (peek() == '|' && peek(1) != '|') {  // reported by the parser, which knows what is meant
      ++at_;
      return token(TokenKind::Or);
    }
    for (const ForeignSign& foreign : foreign_signs) {
      if (looking_at(foreign.text)) return foreign_sign(foreign);
    }
    // The longest sign that stands here.
    TokenKind best = TokenKind::End;
    for (auto kind = static_cast<unsigned>(TokenKind::DotDot);
         kind <= static_cast<unsigned>(TokenKind::FatArrow); ++kind) {
      const auto candidate = static_cast<TokenKind>(kind);
      if (looking_at(spelling(candidate)) && spelling(candidate).size() > spelling(best).size()) {
        best = candidate;
      }
    }
    if (best != TokenKind::End) {
      at_ += spelling(best).size();
      return token(best);
    }
    return unknown_sign();
  }

  /// One of `operator_words`. Between two operands `<>` compares.
  std::optional<SyntaxToken> operator_word() {
    for (const std::string_view word : operator_words) {
      const bool is_word_longer = is_word(word.back()) && is_word(peek(word.size()));
      if (!looking_at(word) || is_word_longer || (word == "<>" && follows_operand())) continue;
      at_ += word.size();
      return token(TokenKind::Identifier);
    }
    return std::nullopt;
  }

  bool follows_operand() const {
    if (list_.tokens.empty()) return false;
    switch (list_.tokens.back().kind) {
      case TokenKind::Identifier:
      case TokenKind::UpperIdentifier:
      case TokenKind::Integer:
      case TokenKind::CloseParenthesis:
      case TokenKind::CloseBrace:
      case TokenKind::Bang:
        return true;
      case TokenKind::CloseBracket:
        return list_.tokens.size() < 2 || !is_empty_bracket();
      default:
        return false;
    }
  }

  bool is_empty_bracket() const {
    return list_.tokens[list_.tokens.size() - 2].kind == TokenKind::OpenBracket;
  }

  /// At a backslash: a word that TeX or TLA+ has.
  std::optional<SyntaxToken> backslash_word() {
    std::size_t length = 1;
    while (is_word(peek(length))) ++length;
    const std::string_view name = text_.substr(at_ + 1, length - 1);
    for (const ForeignSign& known : backslash_words) {
      if (known.text != name) continue;
      at_ += length - known.text.size();
      return foreign_sign(known);
    }
    if (name != "notin") return std::nullopt;
    at_ += length;
    unknown_operator().helps.emplace_back("write `not in`");
    push(token(TokenKind::Not));
    return token(TokenKind::In);
  }

  std::optional<SyntaxToken> unknown_sign() {
    if (text_[at_] == '\\')
      if (const auto known = backslash_word()) return known;
    const char c = text_[at_];
    while (at_ < text_.size() && text_[at_] == c) ++at_;
    const bool is_control_character = is_control(static_cast<unsigned char>(c));
    Diagnostic& diagnostic = unknown_character(
        is_control_character ? fmt::format("U+{:04X}", static_cast<unsigned char>(c))
                             : std::string(taken()));
    switch (c) {
      case '#':
        diagnostic.helps.push_back("begin a comment with `//`");
        at_ = line_end();
        break;
      case '\'':
        if (token_begin_ > 0 && is_word(text_[token_begin_ - 1])) {
          diagnostic.notes.push_back(
              "variables have no primes: an assignment takes effect at once");
        } else {
          return single_quoted(diagnostic);
        }
        break;
      case '\\':
        diagnostic.helps.push_back(
            R"(write `and`, `or`, `in` for `/\`, `\/`, `\in`, and `but` for set difference)");
        break;
      default:
        break;
    }
    return std::nullopt;
  }

  /// At the text behind a `'` that was reported: an enumerator in quotes, or a caption.
  SyntaxToken single_quoted(Diagnostic& diagnostic) {
    const std::size_t begin = at_;
    at_ = std::min(text_.find('\'', at_), line_end());
    const std::string_view inside = text_.substr(begin, at_ - begin);
    const bool is_name = !inside.empty() && is_lower(inside.front()) &&
                         std::all_of(inside.begin(), inside.end(), is_word);
    SyntaxToken result = token(TokenKind::Identifier);
    result.span = {static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(at_)};
    if (peek() == '\'') ++at_;
    const bool follows_says = !list_.tokens.empty() && list_.tokens.back().kind == TokenKind::Says;
    if (is_name && !follows_says) {
      diagnostic.primary.span = taken_span();
      diagnostic.message = fmt::format("`{}` is not a value", taken());
      diagnostic.helps.push_back(fmt::format("an enumerator has no quotes: write `{}`", inside));
      return result;
    }
    diagnostic.helps.emplace_back("write a caption in `\"`");
    return token(TokenKind::String);
  }

  SyntaxToken foreign_sign(const ForeignSign& foreign) {
    at_ += foreign.text.size();
    Diagnostic& diagnostic = unknown_operator();
    diagnostic.helps.push_back(fmt::format(
        "write `{}`", foreign.instead.empty() ? spelling(foreign.kind) : foreign.instead));
    if (!foreign.note.empty()) diagnostic.notes.emplace_back(foreign.note);
    return token(foreign.kind);
  }

  Diagnostic& unknown_operator() {
    return diagnostics_.add("E0102", taken_span(),
                            fmt::format("`{}` is not an operator of the language", taken()));
  }

  Diagnostic& unknown_character(std::string_view shown) {
    return diagnostics_.add("E0002", taken_span(), fmt::format("unknown character `{}`", shown));
  }

  std::string_view text_;
  std::size_t at_;
  std::size_t token_begin_ = 0;
  bool is_new_line_ = true;
  bool follows_error_ = false;
  std::string doc_;
  Diagnostics& diagnostics_;
  TokenList list_;
};

}  // namespace

TokenList lex(const SourceFile& source, Diagnostics& diagnostics) {
  const auto size = static_cast<std::uint32_t>(source.text().size());
  return Lexer(source, {0, size}, diagnostics).run(true);
}

TokenList lex(const SourceFile& source, Span part, Diagnostics& diagnostics) {
  CAPSTAN_REQUIRE(part.begin <= part.end && part.end <= source.text().size(),
                  "a part of this file");
  return Lexer(source, part, diagnostics).run(false);
}

}  // namespace capstan::model
