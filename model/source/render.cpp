// SPDX-License-Identifier: MIT
// render: Diagnostic -> text for people.
//
// All labels share one excerpt: each line that a label touches is shown once, in order, with one
// row of marks for each label below it (the primary's first, `^`, then the others', `-`); `...`
// stands for lines left out. A label over several lines marks the rest of its first line and the
// whole of its last one. Columns are those of a terminal: a tab goes on to the next multiple of
// `tab_width`, wide characters take two columns, and bytes that are not UTF-8, like control
// characters, are shown as U+FFFD. Tested by: tests/unit/model/render_test.cpp.
#include "model/source/render.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <map>

#include "model/source/utf8.hpp"

namespace capstan::model {

namespace {

constexpr std::size_t tab_width = 4;
constexpr std::size_t line_width_max = 160;  // what is shown of a line, if no label reaches further
constexpr std::size_t line_margin = 20;      // what is shown around the labels of a longer line
constexpr std::string_view dots = "...";

constexpr std::string_view plain = "\x1b[0m";
constexpr std::string_view bold = "\x1b[1m";
constexpr std::string_view red = "\x1b[1;31m";
constexpr std::string_view yellow = "\x1b[1;33m";
constexpr std::string_view blue = "\x1b[1;34m";

/// A line as it is shown, with the column of each of its bytes (and of its end).
struct ShownLine {
  std::string text;
  std::vector<std::size_t> columns;
  std::vector<std::size_t> offsets;  // where in `text` each byte's character begins
};

ShownLine shown(std::string_view line) {
  ShownLine result;
  std::size_t column = 0;
  for (std::size_t i = 0; i < line.size();) {
    const CodePoint point = decode_utf8(line, i);
    for (std::size_t k = 0; k < point.size; ++k) {
      result.columns.push_back(column);
      result.offsets.push_back(result.text.size());
    }
    if (line[i] == '\t') {
      const std::size_t width = tab_width - column % tab_width;
      result.text.append(width, ' ');
      column += width;
    } else if (!point.is_valid || is_control(point.value)) {
      result.text += "\uFFFD";
      column += 1;
    } else {
      result.text += line.substr(i, point.size);
      column += column_width(point.value);
    }
    i += point.size;
  }
  result.columns.push_back(column);
  result.offsets.push_back(result.text.size());
  return result;
}

/// One row of marks under one line: bytes [begin, end) of the line.
struct Mark {
  std::size_t begin = 0;
  std::size_t end = 0;
  bool is_primary = false;
  std::string text;
};

using MarkedLines = std::map<std::uint32_t, std::vector<Mark>>;

std::size_t first_visible(std::string_view line) {
  const std::size_t at = line.find_first_not_of(" \t");
  return at == std::string_view::npos ? 0 : at;
}

void add_label(MarkedLines& lines, const SourceFile& source, const SourceLabel& label,
               bool is_primary) {
  const auto line_of = [&](std::uint32_t offset) { return source.place(offset).line; };
  const std::uint32_t first = line_of(label.span.begin);
  // The last byte of a span decides its last line: a span may end behind a line break.
  const bool is_empty = label.span.begin == label.span.end;
  const std::uint32_t last = is_empty ? first : line_of(label.span.end - 1);
  const auto within = [&](std::uint32_t line, std::uint32_t offset) {
    return std::min<std::size_t>(offset - source.line_start(line), source.line(line).size());
  };
  const std::size_t begin = within(first, label.span.begin);
  if (first == last) {
    lines[first].push_back({begin, within(last, label.span.end), is_primary, label.text});
    return;
  }
  lines[first].push_back({begin, source.line(first).size(), is_primary, ""});
  lines[last].push_back(
      {first_visible(source.line(last)), within(last, label.span.end), is_primary, label.text});
}

class Renderer {
 public:
  Renderer(const Diagnostic& diagnostic, const SourceFile& source, bool colour)
      : diagnostic_(diagnostic), source_(source), colour_(colour) {
    add_label(lines_, source, diagnostic.primary, true);
    std::vector<SourceLabel> others = diagnostic.secondary;
    std::stable_sort(others.begin(), others.end(), [](const SourceLabel& a, const SourceLabel& b) {
      return a.span.begin < b.span.begin;
    });
    for (const SourceLabel& label : others) add_label(lines_, source, label, false);
    gutter_ = fmt::format("{}", lines_.rbegin()->first).size();
  }

  std::string text() {
    head();
    excerpt();
    tail();
    return std::move(text_);
  }

 private:
  std::string painted(std::string_view colour, std::string_view text) const {
    return colour_ ? fmt::format("{}{}{}", colour, text, plain) : std::string(text);
  }

  std::string_view level_colour() const {
    return diagnostic_.level() == Level::Error ? red : yellow;
  }

  void head() {
    const std::string_view level = diagnostic_.level() == Level::Error ? "error" : "warning";
    const SourcePlace place = source_.place(diagnostic_.primary.span.begin);
    text_ += painted(level_colour(), fmt::format("{}[{}]", level, diagnostic_.code));
    text_ += painted(bold, fmt::format(": {}", printable(diagnostic_.message))) + '\n';
    text_ += fmt::format("{:{}}{} {}:{}:{}\n", "", gutter_, painted(blue, "-->"),
                         printable(source_.path()), place.line, place.column);
  }

  void bar() { text_ += fmt::format("{:{}} {}\n", "", gutter_, painted(blue, "|")); }

  void excerpt() {
    bar();
    std::uint32_t before = 0;
    for (const auto& [number, marks] : lines_) {
      if (before != 0 && number != before + 1) text_ += painted(blue, "...") + '\n';
      show_line(number, marks);
      before = number;
    }
  }

  void show_line(std::uint32_t number, const std::vector<Mark>& marks) {
    const ShownLine line = shown(source_.line(number));
    std::size_t first = line.columns.back();
    std::size_t reach = 0;
    for (const Mark& mark : marks) {
      first = std::min(first, line.columns[mark.begin]);
      reach = std::max(reach, line.columns[mark.end]);
    }
    const bool is_far = reach > line_width_max && first > 2 * line_margin;
    const std::size_t from = is_far ? first - line_margin : 0;
    const std::string content =
        clipped(line, from, std::max(from + line_width_max, reach + line_margin));
    text_ += painted(blue, fmt::format("{:>{}} |", number, gutter_));
    text_ += content.empty() ? "\n" : fmt::format(" {}\n", content);
    for (const Mark& mark : marks) {
      const std::size_t begin = line.columns[mark.begin] - from + (is_far ? dots.size() : 0);
      const std::size_t width =
          std::max<std::size_t>(1, line.columns[mark.end] - line.columns[mark.begin]);
      std::string row(width, mark.is_primary ? '^' : '-');
      if (!mark.text.empty()) row += ' ' + printable(mark.text);
      text_ += fmt::format("{:{}} {} {:{}}{}\n", "", gutter_, painted(blue, "|"), "", begin,
                           painted(mark.is_primary ? level_colour() : blue, row));
    }
  }

  /// The line from one column to another; `...` stands for what is cut off.
  static std::string clipped(const ShownLine& line, std::size_t from, std::size_t to) {
    const auto offset = [&line](std::size_t column) {
      const auto at = std::lower_bound(line.columns.begin(), line.columns.end(), column);
      return at == line.columns.end()
                 ? line.text.size()
                 : line.offsets[static_cast<std::size_t>(at - line.columns.begin())];
    };
    const std::string content = line.text.substr(offset(from), offset(to) - offset(from));
    return fmt::format("{}{}{}", from > 0 ? dots : "", content,
                       to < line.columns.back() ? dots : "");
  }

  void tail() {
    if (diagnostic_.helps.empty() && diagnostic_.notes.empty()) return;
    bar();
    const auto line = [&](std::string_view kind, std::string_view content) {
      text_ += fmt::format("{:{}} {} {}: {}\n", "", gutter_, painted(blue, "="),
                           painted(bold, kind), printable(content));
    };
    for (const std::string& help : diagnostic_.helps) line("help", help);
    for (const std::string& note : diagnostic_.notes) line("note", note);
  }

  const Diagnostic& diagnostic_;
  const SourceFile& source_;
  bool colour_;
  MarkedLines lines_;
  std::size_t gutter_ = 1;
  std::string text_;
};

std::string counted(std::size_t count, std::string_view noun) {
  return fmt::format("{} {}{}", count, noun, count == 1 ? "" : "s");
}

}  // namespace

std::string render(const Diagnostic& diagnostic, const SourceFile& source, bool colour) {
  return Renderer(diagnostic, source, colour).text();
}

std::string render_all(const Diagnostics& diagnostics, const SourceFile& source, bool colour) {
  if (diagnostics.empty()) return "";
  std::string text;
  std::size_t error_count = 0;
  std::size_t warning_count = 0;
  for (const Diagnostic& diagnostic : diagnostics.sorted()) {
    ++(diagnostic.level() == Level::Error ? error_count : warning_count);
    text += render(diagnostic, source, colour) + '\n';
  }
  std::string counts;
  if (error_count > 0) counts = counted(error_count, "error");
  if (warning_count > 0) counts += (counts.empty() ? "" : ", ") + counted(warning_count, "warning");
  if (diagnostics.left_out_count() > 0) {
    counts += fmt::format("; {} more not shown", diagnostics.left_out_count());
  }
  return text + counts + '\n';
}

}  // namespace capstan::model
