// SPDX-License-Identifier: MIT
// term: the values of a spec as formulas of Z3: what a variable is while it may be anything.
//
// Pointwise: a set is a C++ closure "is this an element?", a map a closure from key to value. Two
// maps are equal iff they are equal at every key, and whoever refutes that names one: so neither
// arrays nor lambdas are needed (Ge, de Moura, CAV 2009, on what is left to quantifiers). An option
// is a truth and a value, so is a time, which is `least` or a number. Terms are
// immutable and shared; whoever asks for something of a term that it is not throws CannotEncode.
// From: typed/type. To: prove/encoder, prove/domains. Tested by: tests/unit/checker/prove
#pragma once

#include <z3++.h>

#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/source/source_file.hpp"

namespace capstan::checker {

/// Something that has no formula here. Told to the user by name, never guessed around.
struct CannotEncode {
  std::string what;  // "a sequence", "`count`"
  model::Span span;
};

struct Term;
using TermPtr = std::shared_ptr<const Term>;

struct Term {
  enum class Kind {
    Truth,   // scalar: a Bool
    Number,  // scalar: an Int; also enumerators and processes, by number
    Option,  // scalar: whether there is a value; parts[0], may be null for the literal `none`
    Time,    // scalar: whether it is not `least`; parts[0]: a number
    Tuple,   // parts
    Set,     // contains
    Map,     // at
    Opaque   // reason: cannot be encoded; only to be passed on
  };
  Kind kind = Kind::Opaque;
  std::shared_ptr<z3::expr> scalar{};
  std::vector<TermPtr> parts{};
  std::function<z3::expr(const TermPtr&)> contains{};
  /// Set, if `is_listed`: all that may be elements, each with the condition that it is one, under
  /// which no two are equal.
  std::vector<std::pair<z3::expr, TermPtr>> members{};
  bool is_listed = false;
  std::function<TermPtr(const TermPtr&)> at{};
  CannotEncode reason{};
};

TermPtr truth_term(const z3::expr& truth);
TermPtr number_term(const z3::expr& number);
TermPtr option_term(const z3::expr& is_some, TermPtr value);
/// A reading as a number; `least` if not `is_real`.
TermPtr time_term(const z3::expr& is_real, const z3::expr& number);
TermPtr tuple_term(std::vector<TermPtr> parts);
TermPtr set_term(std::function<z3::expr(const TermPtr&)> contains);
/// A set of these, each an element under its condition; no two are then equal.
TermPtr listed_term(std::function<z3::expr(const TermPtr&)> contains,
                    std::vector<std::pair<z3::expr, TermPtr>> members);
TermPtr map_term(std::function<TermPtr(const TermPtr&)> at);
TermPtr opaque_term(CannotEncode reason);

/// The Bool of a Truth, the Int of a Number.
z3::expr truth_of(const TermPtr& term);
z3::expr number_of(const TermPtr& term);
/// The term as an option: of anything else, one that has a value.
TermPtr as_option(const TermPtr& term, z3::context& context);
/// The value in an option; anything else is its own value.
TermPtr payload_of(const TermPtr& term);

/// Whether the formula is the constant true, the constant false.
bool is_true(const z3::expr& truth);
bool is_false(const z3::expr& truth);
/// Connectives that fold constants, so that code a param rules out is never looked at.
z3::expr not_of(const z3::expr& a);
z3::expr and_of(const z3::expr& a, const z3::expr& b);
z3::expr or_of(const z3::expr& a, const z3::expr& b);
z3::expr implies_of(const z3::expr& a, const z3::expr& b);

/// condition ? then : otherwise, of any kind of value.
TermPtr choice(const z3::expr& condition, const TermPtr& then, const TermPtr& otherwise);
/// Equality of values without sets and maps in them (those need a domain: prove/domains).
z3::expr equal_flat(const TermPtr& a, const TermPtr& b);
/// The order of the language: none first, then by number, field by field.
z3::expr less(const TermPtr& a, const TermPtr& b);

}  // namespace capstan::checker
