// SPDX-License-Identifier: MIT
// format: columns, and lines to text.
//
// Declarations of one kind that follow each other line by line have their parts below each other,
// and so have their comments, unless that made a line too wide.
#include "model/syntax/format.hpp"

#include <algorithm>
#include <cstddef>
#include <vector>

#include "model/base/require.hpp"
#include "model/syntax/format_internal.hpp"
#include "model/syntax/lexer.hpp"

namespace capstan::model {

namespace formatting {

namespace {

constexpr std::size_t width_max = 120;  // columns are given up rather than pass it
constexpr std::size_t bodies_apart_max =
    16;  // heads of handlers that differ by more stay as they are

/// Lines of one kind have the same parts.
enum class Kind { Other, Param, Variable, Ghost, Type, Message, Function, Handler, Operation };

/// A line's words as columns; only the last may hold a comment behind it.
struct Row {
  Kind kind = Kind::Other;
  std::vector<std::string> cells;
};

std::size_t width_of(const std::string& text) {
  return static_cast<std::size_t>(std::count_if(text.begin(), text.end(), [](char byte) {
    return (static_cast<unsigned char>(byte) & 0xC0U) != 0x80U;
  }));
}

Kind kind_of(const Line& line) {
  switch (line.words.front().kind) {
    case TokenKind::Param:
      return Kind::Param;
    case TokenKind::Durable:
    case TokenKind::Volatile:
      return Kind::Variable;
    case TokenKind::Ghost:
      return Kind::Ghost;
    case TokenKind::Type:
      return Kind::Type;
    case TokenKind::Fn:
      return Kind::Function;
    case TokenKind::Message:
      return Kind::Message;
    case TokenKind::On:
      return Kind::Handler;
    case TokenKind::Op:
      return Kind::Operation;
    default:  // all other words begin lines without columns
      return Kind::Other;
  }
}

/// Name, type and value of a variable stand below each other; `unsynced` belongs to `durable`.
bool begins_variable_cell(const Line& line, std::size_t index) {
  const Word& word = line.words[index];
  const bool is_unsynced = line.words[1].text == "unsynced" && line.words.size() > 2 &&
                           line.words[2].kind == TokenKind::Identifier;
  const std::size_t name = is_unsynced ? 2 : 1;
  return index == name || index == name + 2 || word.kind == TokenKind::Equal;
}

/// Whether the word at `index` begins a new cell of a line of this kind.
bool begins_cell(Kind kind, const Line& line, std::size_t index) {
  const Word& word = line.words[index];
  const Word& before = line.words[index - 1];
  switch (kind) {
    case Kind::Param:
    case Kind::Type:
    case Kind::Function:
      return word.kind == TokenKind::Equal;
    case Kind::Variable:
      return begins_variable_cell(line, index);
    case Kind::Ghost:
      return word.kind == TokenKind::Equal || (before.kind == TokenKind::Colon && index == 3);
    case Kind::Message:
      return word.kind == TokenKind::Arrow;
    case Kind::Handler:
    case Kind::Operation:
      return word.kind == TokenKind::OpenBrace && word.bracket == Bracket::Block;
    case Kind::Other:
      return false;
  }
  CAPSTAN_UNREACHABLE("every kind of line is listed");
}

std::size_t cells_max(Kind kind) {
  if (kind == Kind::Variable) return 4;
  return kind == Kind::Ghost ? 3 : 2;
}

Row row_of(const Line& line, Kind kind) {
  Row row;
  row.kind = kind;
  row.cells.emplace_back();
  int depth = 0;
  for (std::size_t i = 0; i < line.words.size(); ++i) {
    const Word& word = line.words[i];
    const bool is_new =
        i > 0 && depth == 0 && row.cells.size() < cells_max(kind) && begins_cell(kind, line, i);
    if (is_new)
      row.cells.emplace_back();
    else if (i > 0 && has_space(line.words[i - 1], word))
      row.cells.back() += ' ';
    row.cells.back() += word.text;
    using enum TokenKind;
    if (word.kind == OpenParenthesis || word.kind == OpenBracket || word.kind == OpenBrace) ++depth;
    if (word.kind == CloseParenthesis || word.kind == CloseBracket || word.kind == CloseBrace)
      --depth;
  }
  return row;
}

std::string joined(const Row& row) {
  std::string text;
  for (const std::string& cell : row.cells) text += (text.empty() ? "" : " ") + cell;
  return text;
}

bool is_balanced(const Line& line) {
  int depth = 0;
  for (const Word& word : line.words) {
    using enum TokenKind;
    if (word.kind == OpenParenthesis || word.kind == OpenBracket || word.kind == OpenBrace) ++depth;
    if (word.kind == CloseParenthesis || word.kind == CloseBracket || word.kind == CloseBrace)
      --depth;
    if (depth < 0) return false;
  }
  return depth == 0;
}

class Columns {
 public:
  explicit Columns(const std::vector<Line>& lines) : lines_(lines) {}

  /// The text of each line, without indentation and comment.
  std::vector<std::string> texts() {
    for (std::size_t i = 0; i < lines_.size(); ++i) rows_.push_back(row_at(i));
    std::vector<std::string> texts;
    for (std::size_t begin = 0; begin < rows_.size();) {
      std::size_t end = begin + 1;
      while (end < rows_.size() && is_same_run(end)) ++end;
      align(begin, end, texts);
      begin = end;
    }
    return texts;
  }

 private:
  Row row_at(std::size_t i) const {
    const Line& line = lines_[i];
    if (line.words.empty()) return {};
    const bool goes_on = i + 1 < lines_.size() && lines_[i + 1].is_continuation;
    const bool is_whole = !line.is_continuation && !goes_on && is_balanced(line);
    return row_of(line, is_whole ? kind_of(line) : Kind::Other);
  }

  bool is_same_run(std::size_t i) const {
    return rows_[i].kind != Kind::Other && rows_[i].kind == rows_[i - 1].kind &&
           lines_[i].indent == lines_[i - 1].indent && !lines_[i].has_blank_before;
  }

  void align(std::size_t begin, std::size_t end, std::vector<std::string>& texts) const {
    std::vector<std::size_t> widths;
    std::size_t narrowest = width_max;
    for (std::size_t i = begin; i < end; ++i) {
      const std::vector<std::string>& cells = rows_[i].cells;
      for (std::size_t cell = 0; cell + 1 < cells.size(); ++cell) {
        if (widths.size() <= cell) widths.push_back(0);
        widths[cell] = std::max(widths[cell], width_of(cells[cell]));
        narrowest = std::min(narrowest, width_of(cells[cell]));
      }
    }
    const Kind kind = rows_[begin].kind;
    const bool has_bodies =
        kind == Kind::Function || kind == Kind::Handler || kind == Kind::Operation;
    bool fits = !has_bodies || widths.empty() || widths[0] <= narrowest + bodies_apart_max;
    std::vector<std::string> aligned;
    for (std::size_t i = begin; i < end; ++i) {
      aligned.push_back(padded(rows_[i], widths));
      fits = fits && lines_[i].indent + width_of(aligned.back()) <= width_max;
    }
    for (std::size_t i = begin; i < end; ++i)
      texts.push_back(fits ? aligned[i - begin] : joined(rows_[i]));
  }

  static std::string padded(const Row& row, const std::vector<std::size_t>& widths) {
    std::string text;
    for (std::size_t cell = 0; cell < row.cells.size(); ++cell) {
      text += (cell == 0 ? "" : " ") + row.cells[cell];
      if (cell + 1 < row.cells.size())
        text += std::string(widths[cell] - width_of(row.cells[cell]), ' ');
    }
    return text;
  }

  const std::vector<Line>& lines_;
  std::vector<Row> rows_;
};

bool has_trailing_comment(const Line& line) { return !line.words.empty() && !line.comment.empty(); }

/// The column of each comment behind words; lines that follow each other share it.
std::vector<std::size_t> comment_columns(const std::vector<Line>& lines,
                                         const std::vector<std::string>& texts) {
  const auto end_of = [&](std::size_t i) { return lines[i].indent + width_of(texts[i]) + 2; };
  std::vector<std::size_t> columns(lines.size());
  for (std::size_t begin = 0; begin < lines.size(); ++begin) {
    if (!has_trailing_comment(lines[begin])) continue;
    std::size_t end = begin + 1;
    while (end < lines.size() && has_trailing_comment(lines[end]) && !lines[end].has_blank_before)
      ++end;
    std::size_t column = 0;
    std::size_t longest = 0;
    for (std::size_t i = begin; i < end; ++i) {
      column = std::max(column, end_of(i));
      longest = std::max(longest, width_of(lines[i].comment));
    }
    const bool fits = column + longest <= width_max;
    for (std::size_t i = begin; i < end; ++i) columns[i] = fits ? column : end_of(i);
    begin = end - 1;
  }
  return columns;
}

bool opens(const Line& line) {
  using enum TokenKind;
  if (line.words.empty()) return false;
  const TokenKind last = line.words.back().kind;
  return last == OpenBrace || last == OpenParenthesis || last == OpenBracket;
}

bool closes(const Line& line) {
  using enum TokenKind;
  if (line.words.empty()) return false;
  const TokenKind first = line.words.front().kind;
  return first == CloseBrace || first == CloseParenthesis || first == CloseBracket;
}

std::string text_of(const std::vector<Line>& lines) {
  const std::vector<std::string> texts = Columns(lines).texts();
  const std::vector<std::size_t> columns = comment_columns(lines, texts);
  std::string result;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    const Line& line = lines[i];
    const bool blank = i > 0 && line.has_blank_before && !opens(lines[i - 1]) && !closes(line);
    if (blank) result += '\n';
    result += std::string(line.indent, ' ') + texts[i];
    if (has_trailing_comment(line))
      result += std::string(columns[i] - line.indent - width_of(texts[i]), ' ');
    result += line.comment + '\n';
  }
  return result;
}

/// The words without semicolons: what formatting must keep.
std::vector<std::string> words_of(const SourceFile& source) {
  Diagnostics ignored;
  std::vector<std::string> words;
  for (const SyntaxToken& token : lex(source, ignored).tokens)
    if (token.kind != TokenKind::Semicolon) words.emplace_back(source.text(token.span));
  return words;
}

}  // namespace

}  // namespace formatting

std::string format(const SourceFile& source) {
  std::string text = formatting::text_of(formatting::lines_of(source));
  CAPSTAN_ENSURE(
      formatting::words_of(source) == formatting::words_of(SourceFile(source.path(), text)),
      "formatting keeps every word");
  return text;
}

}  // namespace capstan::model
