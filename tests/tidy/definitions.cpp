// SPDX-License-Identifier: MIT
// definitions: see the header.
#include "definitions.hpp"

#include <algorithm>
#include <cctype>
#include <set>

namespace capstan::tidy {
namespace {

struct Token {
  std::string text;  // a literal is `""`
  std::size_t line = 0;
  bool is_name() const {
    return std::isalpha(static_cast<unsigned char>(text[0])) || text[0] == '_';
  }
};
using Tokens = std::vector<Token>;

bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) || c == '_'; }

/// Words, `::`, and single signs; no comments, no directives.
class Lexer {
 public:
  explicit Lexer(std::string_view text) : text_(text) {}

  Tokens run() {
    while (at_ < text_.size()) step();
    return std::move(tokens_);
  }

 private:
  bool is_at(std::string_view what) const { return text_.substr(at_).starts_with(what); }
  void skip_past(std::size_t end) {
    end = std::min(end, text_.size());
    line_ += static_cast<std::size_t>(std::count(text_.begin() + static_cast<std::ptrdiff_t>(at_),
                                                 text_.begin() + static_cast<std::ptrdiff_t>(end),
                                                 '\n'));
    at_ = end;
  }
  void skip_behind(std::string_view what, std::size_t from) {
    const std::size_t found = text_.find(what, from);
    skip_past(found == std::string_view::npos ? found : found + what.size());
  }
  void skip_directive() {
    std::size_t end = at_;
    do {
      end = std::min(text_.find('\n', end + 1), text_.size());
    } while (end < text_.size() && text_[end - 1] == '\\');
    skip_past(end);
  }
  void literal(char quote) {
    std::size_t end = at_ + 1;
    while (end < text_.size() && text_[end] != quote) end += text_[end] == '\\' ? 2 : 1;
    tokens_.push_back({"\"\"", line_});
    skip_past(end + 1);
  }
  void raw_literal() {
    const std::size_t open = text_.find('(', at_);
    const std::string close = ")" + std::string(text_.substr(at_ + 2, open - at_ - 2)) + "\"";
    tokens_.push_back({"\"\"", line_});
    skip_behind(close, open);
  }
  bool is_line_start() const {
    const std::size_t before = text_.substr(0, at_).find_last_not_of(" \t");
    return before == std::string_view::npos || text_[before] == '\n';
  }
  void step() {
    const char c = text_[at_];
    if (std::isspace(static_cast<unsigned char>(c))) return skip_past(at_ + 1);
    if (is_at("//")) return skip_past(text_.find('\n', at_));
    if (is_at("/*")) return skip_behind("*/", at_ + 2);
    if (c == '#' && is_line_start()) return skip_directive();
    if (is_at("R\"")) return raw_literal();
    if (c == '"' || c == '\'') return literal(c);
    std::size_t end = at_ + 1;
    if (is_word(c))
      // A digit's separator belongs to the number.
      while (end < text_.size() &&
             (is_word(text_[end]) ||
              (text_[end] == '\'' && std::isdigit(static_cast<unsigned char>(c)))))
        ++end;
    else if (is_at("::"))
      ++end;
    tokens_.push_back({std::string(text_.substr(at_, end - at_)), line_});
    at_ = end;
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::size_t line_ = 1;
  Tokens tokens_;
};

using Range = std::pair<std::size_t, std::size_t>;  // of tokens: first, behind the last

std::string joined(const Tokens& tokens, Range range) {
  std::string text;
  for (std::size_t i = range.first; i < range.second; ++i) {
    const bool are_words = !text.empty() && is_word(text.back()) && is_word(tokens[i].text[0]);
    text += (are_words ? " " : "") + tokens[i].text;
  }
  return text;
}

/// The type of a parameter: without its name and default.
std::string parameter_type(const Tokens& tokens, Range range) {
  static const std::set<std::string> kNotNames{"const", "int",  "bool",     "char",  "long",
                                               "short", "auto", "unsigned", "float", "double"};
  for (std::size_t i = range.first; i < range.second; ++i)
    if (tokens[i].text == "=") range.second = i;
  if (range.second - range.first > 1) {
    const Token& last = tokens[range.second - 1];
    const std::string& before = tokens[range.second - 2].text;
    const bool is_type = before == "::" || before == "const" || before == "typename";
    if (last.is_name() && !kNotNames.contains(last.text) && !is_type) --range.second;
  }
  return joined(tokens, range);
}

/// The words before a `{` or `;` that stands in a namespace.
class Head {
 public:
  explicit Head(Tokens tokens) : tokens_(std::move(tokens)) {
    while (is(start_, "template")) start_ = behind(start_ + 1, "<", ">");
    while (is(start_, "[")) start_ = behind(start_, "[", "]");
  }

  bool is_empty() const { return start_ >= tokens_.size(); }
  std::size_t line() const { return tokens_[start_].line; }
  bool is(std::size_t at, std::string_view text) const {
    return at < tokens_.size() && tokens_[at].text == text;
  }
  bool has(std::string_view text) const {
    for (std::size_t i = start_; i < tokens_.size(); ++i)
      if (tokens_[i].text == text) return true;
    return false;
  }

  bool is_namespace() const {
    return is(start_, "namespace") || (is(start_, "inline") && is(start_ + 1, "namespace")) ||
           (is(start_, "extern") && is(start_ + 1, "\"\"") && start_ + 2 == tokens_.size());
  }
  /// Empty for an anonymous one.
  std::string namespace_name() const {
    if (is(start_, "extern")) return "::";
    std::string name;
    for (std::size_t i = start_; i < tokens_.size(); ++i)
      if (tokens_[i].text != "inline" && tokens_[i].text != "namespace") name += tokens_[i].text;
    return name;
  }

  /// The name of the class, union or enumeration that is defined here; empty if it is none.
  std::string type_name() const {
    static const std::set<std::string> kKeys{"class", "struct", "union", "enum"};
    std::size_t at = start_;
    while (at < tokens_.size() && kKeys.contains(tokens_[at].text)) ++at;
    if (at == start_) return "";
    while (is(at, "[")) at = behind(at, "[", "]");
    std::size_t end = at;
    while (end < tokens_.size() && tokens_[end].text != ":" && tokens_[end].text != "final") ++end;
    for (std::size_t i = at; i < end; ++i)
      if (tokens_[i].text == "(") return "";
    return joined(tokens_, {at, end});
  }

  /// `f(int,const X&)const` for a function, with the parameters of a template; else empty.
  std::string function_name() const {
    const std::size_t open = parameters();
    if (open == tokens_.size() || open == start_) return "";
    const std::size_t first = name_start(open);
    const bool is_qualified = joined(tokens_, {first, open}).find("::") != std::string::npos;
    if (first == start_ && !is_qualified) return "";  // a macro: nothing is returned
    const std::size_t close = behind(open, "(", ")");
    std::size_t end = close;
    while (end < tokens_.size() && tokens_[end].text != ":" && tokens_[end].text != "-") ++end;
    return joined(tokens_, {first, open}) + types(open + 1, close - 1) +
           joined(tokens_, {close, end}) + joined(tokens_, {0, start_});
  }

  /// The name of the variable, if it can be seen from other files; else empty.
  std::string variable_name() const {
    const std::size_t end = assignment();
    const bool is_internal = (has("const") || has("constexpr")) && !has("inline");
    std::size_t at = end;
    if (at > start_ && tokens_[at - 1].text == "]")
      while (at > start_ && tokens_[--at].text != "[") {
      }
    const bool is_variable = at > start_ + 1 && tokens_[at - 1].is_name() && !has("using") &&
                             !has("extern") && !has("friend") && !has("typedef");
    return is_variable && !is_internal ? tokens_[at - 1].text : "";
  }

  /// Of an alias: its name, then what it stands for.
  std::pair<std::string, std::string> alias() const {
    if (!is(start_, "using") || !is(start_ + 2, "=")) return {};
    return {tokens_[start_ + 1].text, joined(tokens_, {start_ + 3, tokens_.size()})};
  }

  /// Where the value of a variable begins; the end if nothing is assigned.
  std::size_t assignment() const {
    int depth = 0;
    for (std::size_t i = start_; i < tokens_.size(); ++i) {
      if (is(i, "(") || is(i, "[")) ++depth;
      if (is(i, ")") || is(i, "]")) --depth;
      if (depth == 0 && is(i, "=") && !is(i - 1, "operator") && !is(i - 1, "=")) return i;
    }
    return tokens_.size();
  }

 private:
  /// Behind the bracket that closes the one at `at`.
  std::size_t behind(std::size_t at, std::string_view open, std::string_view close) const {
    int depth = 0;
    for (; at < tokens_.size(); ++at) {
      if (tokens_[at].text == open) ++depth;
      if (tokens_[at].text == close && --depth == 0) return at + 1;
    }
    return at;
  }

  /// Where the list of parameters opens.
  std::size_t parameters() const {
    int depth = 0;
    for (std::size_t i = start_; i < tokens_.size(); ++i) {
      if (is(i, "operator")) return is(i + 1, "(") ? i + 3 : next_open(i);
      if (is(i, "<")) ++depth;
      if (is(i, ">")) --depth;
      if (depth == 0 && is(i, "=")) return tokens_.size();
      if (depth == 0 && is(i, "(")) return i;
    }
    return tokens_.size();
  }
  std::size_t next_open(std::size_t at) const {
    while (at < tokens_.size() && tokens_[at].text != "(") ++at;
    return at;
  }

  /// Where the name, with what qualifies it, begins that ends at `end`.
  std::size_t name_start(std::size_t end) const {
    std::size_t at = end;
    for (std::size_t i = start_; i < end; ++i)
      if (is(i, "operator")) at = i + 1;
    while (at > start_) {
      --at;
      if (is(at, ">")) at = template_start(at);
      if (at > start_ && is(at - 1, "~")) --at;
      if (at == start_ || !is(at - 1, "::")) break;
      --at;
    }
    return at;
  }

  /// The name before the arguments of a template that end at `at`.
  std::size_t template_start(std::size_t at) const {
    int depth = 1;
    while (at > start_ && depth > 0) {
      --at;
      depth += is(at, ">") ? 1 : is(at, "<") ? -1 : 0;
    }
    return at > start_ ? at - 1 : at;
  }

  std::string types(std::size_t first, std::size_t end) const {
    std::string text = "(";
    int depth = 0;
    for (std::size_t i = first; i <= end; ++i) {
      if (is(i, "(") || is(i, "<") || is(i, "[") || is(i, "{")) ++depth;
      const bool is_last = i == end;
      if (is_last || (depth == 0 && is(i, ","))) {
        text += parameter_type(tokens_, {first, i}) + (is_last ? "" : ",");
        first = i + 1;
      }
      if (is(i, ")") || is(i, ">") || is(i, "]") || is(i, "}")) --depth;
    }
    return text + ")";
  }

  Tokens tokens_;
  std::size_t start_ = 0;  // behind the parameters of a template
};

/// Follows the braces of a file and notes what is defined outside functions and classes.
class Finder {
 public:
  Finder(const std::string& path, std::string_view text)
      : path_(path), tokens_(Lexer(text).run()) {}

  std::vector<Definition> run() {
    for (const Token& token : tokens_) {
      if (inside_ > 0) {
        inside_ += token.text == "{" ? 1 : token.text == "}" ? -1 : 0;
      } else if (parentheses_ > 0 || token.text == "(") {
        parentheses_ += token.text == "(" ? 1 : token.text == ")" ? -1 : 0;
        head_.push_back(token);  // a brace there is a default
      } else if (token.text == "{") {
        open();
      } else if (token.text == "}") {
        if (!namespaces_.empty()) namespaces_.pop_back();
        head_.clear();
      } else if (token.text == ";") {
        statement();
      } else {
        head_.push_back(token);
      }
    }
    return std::move(found_);
  }

 private:
  void open() {
    const Head head(std::move(head_));
    head_.clear();
    if (!head.is_empty() && head.is_namespace()) {
      namespaces_.push_back(head.namespace_name());
      return;
    }
    inside_ = 1;
    if (head.is_empty()) return;  // a further brace of the same definition
    const bool is_assigned = head.has("=") && head.function_name().empty();
    if (const std::string name = head.type_name(); !name.empty()) {
      note(head, name);
    } else if (const std::string function = is_assigned ? "" : head.function_name();
               !function.empty()) {
      if (!head.has("static")) note(head, function);
    } else if (const std::string variable = head.variable_name(); !variable.empty()) {
      if (!head.has("static")) note(head, variable);
    }
  }

  void statement() {
    const Head head(std::move(head_));
    head_.clear();
    if (head.is_empty() || head.has("static") || head.has("namespace")) return;
    if (const auto& [name, target] = head.alias(); !name.empty()) return note(head, name, target);
    const bool is_declaration = !head.function_name().empty() && !head.has("=");
    if (const std::string name = head.variable_name(); !is_declaration && !name.empty())
      if (!head.has("class") && !head.has("struct") && !head.has("enum")) note(head, name);
  }

  void note(const Head& head, const std::string& name, const std::string& target = "") {
    static const std::set<std::string> kOncePerProgram{"main", "LLVMFuzzerTestOneInput"};
    if (kOncePerProgram.contains(name.substr(0, name.find('(')))) return;
    std::string qualified;
    for (const std::string& space : namespaces_) {
      if (space.empty()) return;
      if (space != "::") qualified += space + "::";
    }
    found_.push_back({qualified + name, path_, head.line(), target});
  }

  std::string path_;
  Tokens tokens_;
  Tokens head_;
  std::vector<std::string> namespaces_;
  int parentheses_ = 0;
  int inside_ = 0;  // braces of a function, class or value that are open
  std::vector<Definition> found_;
};

}  // namespace

std::vector<Definition> definitions_in(const std::string& path, std::string_view text) {
  return Finder(path, text).run();
}

std::vector<std::string> clashes(std::vector<Definition> definitions) {
  std::stable_sort(definitions.begin(), definitions.end(),
                   [](const Definition& a, const Definition& b) { return a.name < b.name; });
  std::vector<std::string> lines;
  const auto place = [](const Definition& d) { return d.path + ":" + std::to_string(d.line); };
  for (std::size_t i = 1; i < definitions.size(); ++i) {
    const Definition& one = definitions[i - 1];
    const Definition& other = definitions[i];
    if (one.name != other.name) continue;
    if (!one.target.empty() && one.target == other.target) continue;
    lines.push_back(one.name + " is defined at " + place(one) + " and at " + place(other));
  }
  return lines;
}

}  // namespace capstan::tidy
