// SPDX-License-Identifier: MIT
// diagnostic: the sink, and the one table of codes.
//
// A code is a letter (E error, W warning), two digits for the pass, two for the kind; a code once given is never
// used for anything else. Tested by: tests/unit/model/source_test.cpp (the table), tests/golden/ (each code).
#include "model/source/diagnostic.hpp"

#include <algorithm>
#include <array>

#include "model/base/require.hpp"

namespace capstan::model {

namespace {

struct CodeSummary {
  std::string_view code;
  std::string_view summary;
};

// To add a code, add a line at its place in the order.
constexpr auto codes = std::to_array<CodeSummary>({
    // E00: source
    {"E0001", "the file is not UTF-8 text"},
    {"E0002", "a character that no word or operator of the language begins with"},
    {"E0003", "a caption is not closed on its line"},
    {"E0004", "a number does not fit in 64 bits"},
    {"E0005", "a number is not written in decimal digits"},
    {"E0006", "a block comment; comments begin with `//`"},
    // E01: syntax
    {"E0101", "something else is expected here"},
    {"E0102", "an operator of another language"},
    {"E0103", "a misspelt word of the language"},
    {"E0104", "comparisons and ranges do not chain"},
    {"E0105", "`=` and `==` are confused"},
    {"E0106", "a bracket is not closed"},
    {"E0107", "nesting is too deep"},
    {"E0108", "a name begins with a letter of the wrong case"},
    {"E0109", "a reserved word cannot be a name"},
    {"E0110", "a statement after `return`, `fail`, `unknown` or `next`"},
    {"E0111", "a bracket closes nothing"},
    {"E0112", "`ask`, `any` or a message stands where only a plain expression may"},
    {"E0113", "an expression is not a statement"},
    {"E0114", "the file does not begin with `protocol`"},
    {"E0115", "a declaration stands in the wrong place"},
    {"E0116", "a property that the language does not know"},
    {"E0117", "a caption has an unmatched brace or an invalid expression"},
    {"E0118", "`if` as a value needs `then` and `else`; as a statement, braces"},
    {"E0119", "an operator needs parentheses here"},
    {"E0120", "`else` without an `if` or an `ask`"},
    {"E0121", "this may be said only once"},
    // E02: names
    // E03: types
    // E04: protocol
    // E05: scenarios
    // W06: vacuity
});

auto order(const Diagnostic& diagnostic) {
  return std::tuple(diagnostic.primary.span.begin, diagnostic.primary.span.end, diagnostic.code);
}

}  // namespace

Diagnostic& Diagnostics::add(std::string code, Span span, std::string message, std::string label) {
  CAPSTAN_REQUIRE(!code_summary(code).empty(), "a code of the table");
  Diagnostic diagnostic{std::move(code), std::move(message), {span, std::move(label)}, {}, {}, {}};
  const bool is_new = known_.emplace(span.begin, span.end, diagnostic.code).second;
  if (is_new && items_.size() < kept_max) {
    items_.push_back(std::move(diagnostic));
    return items_.back();
  }
  if (is_new) {
    ++left_out_count_;
    left_out_error_ = left_out_error_ || diagnostic.level() == Level::Error;
  }
  dropped_ = std::move(diagnostic);
  return dropped_;
}

bool Diagnostics::has_errors() const {
  return left_out_error_ || std::any_of(items_.begin(), items_.end(), [](const Diagnostic& item) {
           return item.level() == Level::Error;
         });
}

std::vector<Diagnostic> Diagnostics::sorted() const {
  std::vector<Diagnostic> result = items_;
  std::stable_sort(result.begin(), result.end(), [](const Diagnostic& a, const Diagnostic& b) {
    return order(a) < order(b);
  });
  return result;
}

std::vector<std::string_view> all_codes() {
  std::vector<std::string_view> result;
  for (const CodeSummary& item : codes) result.push_back(item.code);
  return result;
}

std::string_view code_summary(std::string_view code) {
  for (const CodeSummary& item : codes) {
    if (item.code == code) return item.summary;
  }
  return {};
}

}  // namespace capstan::model
