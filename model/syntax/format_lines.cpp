// SPDX-License-Identifier: MIT
// format_lines: words and comments to lines, with what each bracket is and how far each line is
// indented.
//
// A bracket is told apart by the word before it: a brace behind something that wants an operand
// holds values, any other holds lines. A line goes on with the item before it if the word before
// its first one, or the first one itself, stands between operands.
#include <algorithm>
#include <array>
#include <string_view>
#include <utility>

#include "model/base/require.hpp"
#include "model/syntax/format_internal.hpp"
#include "model/syntax/lexer.hpp"

namespace capstan::model::formatting {

namespace {

using enum TokenKind;

constexpr std::size_t step = 2;

template <typename... Kinds>
bool is_one_of(TokenKind kind, Kinds... kinds) {
  return ((kind == kinds) || ...);
}

/// Words of scenarios and cards behind which an operand stands.
constexpr auto operand_words = std::to_array<std::string_view>(
    {"always", "by", "crash", "delay", "drift", "eventually", "from", "given", "inductive", "most",
     "never", "partition", "pause", "per", "reachable", "within"});

/// What may end an operand or a statement.
bool ends_operand(const Word& word) {
  return (is_one_of(word.kind, Identifier, UpperIdentifier, Integer, CloseParenthesis, CloseBracket,
                    CloseBrace, Bang, Fail, Next, Unknown, Sync) &&
          !word.takes_operand);
}

bool begins_statement(TokenKind kind) {
  return is_one_of(kind, Identifier, Let, If, For, Send, Reply, Ask, Assert, Wait, Sync, Return,
                   Fail, Unknown, Next);
}

bool begins_declaration(TokenKind kind) {
  return is_one_of(kind, Protocol, Param, Type, Ghost, Invariant, Message, Object, Role, Fn,
                   Scenario, Card);
}

/// Whether the word before wants an operand, or more of its item, behind it.
bool wants_more(const Word& before) {
  if (before.takes_operand || is_operator(before.kind)) return true;
  if (is_one_of(before.kind, Comma, Colon, Dot, OpenParenthesis, OpenBracket)) return true;
  return is_reserved_word(before.kind) && !before.is_complete &&
         !is_one_of(before.kind, Fail, Next, Unknown, Sync, Card, Else);
}

/// Whether a word at the beginning of a line goes on with the item of the line before.
bool goes_on(const Word& word) {
  return is_operator(word.kind) ||
         is_one_of(word.kind, And, Or, Implies, But, In, Not, Then, Where, When, Says, Of, To, Iff,
                   With, Does, After, Dot, Question);
}

class LineMaker {
 public:
  explicit LineMaker(const SourceFile& source) : source_(source) {}

  std::vector<Line> make() {
    Diagnostics ignored;  // the caller has parsed the text
    const TokenList list = lex(source_, ignored);
    std::uint32_t end = 0;
    for (std::size_t i = 0; i < list.tokens.size(); ++i) {
      const SyntaxToken& token = list.tokens[i];
      gap({end, token.span.begin});
      if (token.kind == End) break;
      if (token.kind == Semicolon && is_idle_semicolon(list.tokens[i + 1])) {
        end = token.span.end;
        continue;
      }
      add(token);
      end = token.span.end;
    }
    finish_line();
    return std::move(lines_);
  }

 private:
  struct Open {
    Bracket bracket = Bracket::None;
    std::size_t indent = 0;  // of the line or item that it stands on
  };

  /// Comments and line ends between two words.
  void gap(Span span) {
    const std::string_view text = source_.text(span);
    for (std::size_t at = 0; at < text.size();) {
      if (text[at] == '\n') {
        ++line_ends_;
        ++at;
      } else if (text[at] == '/') {
        const std::size_t end = std::min(text.find('\n', at), text.size());
        add_comment(text.substr(at, end - at));
        at = end;
      } else {
        ++at;
      }
    }
  }

  void add_comment(std::string_view text) {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t' || text.back() == '\r'))
      text.remove_suffix(1);
    if (line_ends_ > 0) finish_line();
    if (!is_open_) {
      begin_line();
      line_.indent = inside();
    }
    line_.comment = std::string(text);
  }

  /// A semicolon at the end of a line or a block says nothing.
  bool is_idle_semicolon(const SyntaxToken& next) const {
    return is_one_of(next.kind, CloseBrace, End, Semicolon) || next.is_first_on_line;
  }

  std::size_t inside() const { return open_.empty() ? 0 : open_.back().indent + step; }
  Bracket innermost() const { return open_.empty() ? Bracket::Block : open_.back().bracket; }

  void begin_line() {
    line_ = Line{};
    line_.has_blank_before = line_ends_ > 1;
    is_open_ = true;
    line_ends_ = 0;
  }

  void finish_line() {
    if (is_open_) lines_.push_back(std::move(line_));
    is_open_ = false;
  }

  void add(const SyntaxToken& token) {
    if (line_ends_ > 0) finish_line();
    Word word{token.kind, std::string(source_.text(token.span)), Bracket::None};
    classify(word);
    const bool is_first = !is_open_;
    if (is_first) begin_line();
    line_ends_ = 0;
    if (is_first) indent(word);
    if (needs_semicolon(word, is_first)) push({Semicolon, ";", Bracket::None});
    brackets(word);
    push(std::move(word));
  }

  void push(Word word) {
    previous_ = word;
    line_.words.push_back(std::move(word));
  }

  void classify(Word& word) {
    if (open_.empty() && begins_declaration(word.kind)) declaration_ = word.kind;
    const bool in_scenario = declaration_ == Scenario || declaration_ == Card;
    if (word.kind == Identifier) {
      word.takes_operand = (word.text == "until" && previous_.kind == Wait) ||
                           (in_scenario && std::find(operand_words.begin(), operand_words.end(),
                                                     word.text) != operand_words.end());
    }
    word.is_complete = word.kind == All && previous_.kind == To;
    if (word.kind == Then) ++thens_.back();
    if (word.kind == Else && thens_.back() > 0) {
      --thens_.back();
      word.takes_operand = true;
    }
    if (word.kind == Minus)
      word.is_unary = previous_.kind == End || wants_more(previous_) || opens_values(previous_);
    if (word.kind == OpenParenthesis) word.bracket = Bracket::Round;
    if (word.kind == OpenBracket) word.bracket = Bracket::Square;
    if (word.kind == OpenBrace) {
      const bool holds_values = wants_more(previous_) || opens_values(previous_);
      word.bracket = holds_values ? Bracket::Values : Bracket::Block;
    }
    const bool closes = is_one_of(word.kind, CloseParenthesis, CloseBracket, CloseBrace);
    if (closes && !open_.empty()) word.bracket = open_.back().bracket;
  }

  static bool opens_values(const Word& word) {
    return word.kind == OpenBrace && word.bracket == Bracket::Values;
  }

  void indent(const Word& first) {
    const bool closes = is_one_of(first.kind, CloseParenthesis, CloseBracket, CloseBrace);
    if (closes && !open_.empty()) {
      item_indent_ = line_.indent = open_.back().indent;
      return;
    }
    const bool in_block = innermost() == Bracket::Block;
    const bool is_after_block =
        previous_.kind == CloseBrace && previous_.bracket == Bracket::Block && first.kind == Else;
    line_.is_continuation =
        in_block && previous_.kind != End && previous_.kind != OpenBrace && !is_after_block &&
        (wants_more(previous_) || goes_on(first) || first.kind == Else || opens_block(first));
    item_indent_ = inside();
    line_.indent =
        item_indent_ + (line_.is_continuation && !opens_block(first) ? step : std::size_t{0});
  }

  static bool opens_block(const Word& word) {
    return word.kind == OpenBrace && word.bracket == Bracket::Block;
  }

  bool is_code() const {
    const std::size_t depth =
        static_cast<std::size_t>(std::count_if(open_.begin(), open_.end(), [](const Open& open) {
          return open.bracket == Bracket::Block;
        }));
    if (open_.empty() || innermost() != Bracket::Block) return false;
    return declaration_ == Fn || ((declaration_ == Role || declaration_ == Object) && depth >= 2);
  }

  /// Two statements on one line stand apart.
  bool needs_semicolon(const Word& word, bool is_first) const {
    return !is_first && is_code() && ends_operand(previous_) && begins_statement(word.kind);
  }

  void brackets(const Word& word) {
    if (is_one_of(word.kind, OpenParenthesis, OpenBracket, OpenBrace)) open_bracket(word.bracket);
    const bool closes = is_one_of(word.kind, CloseParenthesis, CloseBracket, CloseBrace);
    if (!closes || open_.empty()) return;
    open_.pop_back();
    thens_.pop_back();
  }

  void open_bracket(Bracket bracket) {
    open_.push_back({bracket, bracket == Bracket::Block ? item_indent_ : line_.indent});
    thens_.push_back(0);
  }

  const SourceFile& source_;
  std::vector<Line> lines_;
  std::vector<Open> open_;
  std::vector<int> thens_ = {0};  // whose `else` is to come: outside of all brackets, and in each
  Line line_;
  Word previous_;
  TokenKind declaration_ = End;  // the word that began the declaration under way
  std::size_t item_indent_ = 0;
  int line_ends_ = 1;  // since the last word or comment; the text begins on a new line
  bool is_open_ = false;
};

}  // namespace

std::vector<Line> lines_of(const SourceFile& source) { return LineMaker(source).make(); }

}  // namespace capstan::model::formatting
