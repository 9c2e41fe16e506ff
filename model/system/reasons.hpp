// SPDX-License-Identifier: MIT
// reasons: why a formula is true or false in a state, for who reads a counterexample.
//
// A formula is followed down to the parts that decide it: the first operand of `and` that is false,
// both of one that is true, the first element for which `every` fails. What is left are elements,
// comparisons, whose two sides have values, and conditions that are just true or false.
// From: typed/protocol, system/evaluate. To: runtime/command/confirm, prove/whole_values. Cost: a
// few evaluations. Tested by: tests/unit/runtime/reasons_test.cpp
#pragma once

#include <set>
#include <string>
#include <vector>

#include "model/source/source_file.hpp"
#include "model/system/evaluate.hpp"

namespace capstan::model {

/// A part of the formula as written, and its value.
struct ReasonPart {
  Span span;
  TypeId type;
  Value value;
};

struct Reasons {
  /// What `every` and `some` looked at when they were decided: slots of the formula's frame.
  struct Element {
    int slot = -1;
    Value value;
  };
  std::vector<Element> elements;  // from the outside in
  std::vector<ReasonPart> parts;  // from the left; constants and elements alone are left out
  std::set<int> processes;        // of which all this speaks by name, or as elements
};

/// Why the formula over this frame is `truth`, which it is in this environment, whose `locals` are
/// changed. Throws ModelError.
Reasons reasons_of(const Expr& formula, const Frame& frame, bool truth, Environment& environment);

/// Throws the ModelError of an `assert` whose formula is false here; it has the values of the parts
/// that make it so: "an assertion is false: 1 == 0".
[[noreturn]] void fail_assertion(const Expr& formula, Span span, Environment environment);

/// "a = Node 1, b = Node 2": the elements.
std::string element_words(const Reasons& reasons, const Frame& frame, const TypeTable& types);

/// "`a.level` is 2, `b.level` is 0 and `live(b)` is true": the parts but for `whole`, which the
/// reader knows of; long values are cut. Empty if nothing is left.
std::string part_words(const Reasons& reasons, const TypeTable& types, const SourceFile& source,
                       const std::string& whole);

}  // namespace capstan::model
