// SPDX-License-Identifier: MIT
// Diagnostic: what is wrong with a spec, as data; text is made only in source/render.
//
// Codes go by pass: E00 source, E01 syntax, E02 names, E03 types, E04 protocol (quorums, bounds),
// E05 scenarios, W06 vacuity. The table of codes in diagnostic.cpp is the only one; codes are never
// reused.
#pragma once

#include <cstddef>
#include <set>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "model/source/source_file.hpp"

namespace capstan::model {

enum class Level { Error, Warning };

/// A span and what stands there ("a field with a similar name"). An empty text underlines only.
struct SourceLabel {
  Span span;
  std::string text;
};

struct Diagnostic {
  std::string code;     // "E0203"; the first letter is the level
  std::string message;  // stands alone: lower case, no full stop, names in backquotes
  SourceLabel primary;  // as small as can be
  std::vector<SourceLabel> secondary;
  std::vector<std::string> helps;  // changes the writer can make
  std::vector<std::string> notes;  // facts

  Level level() const { return code.starts_with('W') ? Level::Warning : Level::Error; }
};

/// Collects the diagnostics of one file. One cause gives one error: a second diagnostic with the
/// same code and primary span is dropped (a protocol is elaborated once per scenario and would
/// repeat itself). Of many diagnostics the first `kept_max` are kept, the others are counted.
class Diagnostics {
 public:
  /// Adds and returns the diagnostic, to attach labels, helps and notes to. The reference is valid
  /// until the next call.
  Diagnostic& add(std::string code, Span span, std::string message, std::string label = "");
  bool has_errors() const;
  bool empty() const { return items_.empty(); }
  /// In order of primary span, then of code.
  std::vector<Diagnostic> sorted() const;
  /// How many were found beyond those that are kept.
  std::size_t left_out_count() const { return left_out_count_; }

  static constexpr std::size_t kept_max = 100;

 private:
  std::vector<Diagnostic> items_;
  std::set<std::tuple<std::uint32_t, std::uint32_t, std::string>> known_;  // primary span, code
  std::size_t left_out_count_ = 0;
  bool left_out_error_ = false;
  Diagnostic dropped_;
};

/// Every code, in order.
std::vector<std::string_view> all_codes();

/// One line on what a code means, for the generated list; empty for an unknown code.
std::string_view code_summary(std::string_view code);

}  // namespace capstan::model
