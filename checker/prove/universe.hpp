// SPDX-License-Identifier: MIT
// universe: which values there are, to a proof: all of them, or those of the types at this point.
//
// Scope::Every: numbers are unbounded; the processes of a role and the values of a range type are
// those that satisfy a predicate about which nothing is known, so what is proved holds for any
// number of processes and any bounds (a finite set of either is one such predicate). "For all"
// is a quantifier of Z3. Scope::Types: the types' own values, "for all" is written out, and every
// question is decidable: that is where counterexamples come from. Numbers without bound and times
// are then a few small ones, so that what is not refuted here is not proved. Scope::Point: the
// types' own values too, but all numbers and all times: "for all" is written out over small types
// and a quantifier over the rest. For what is claimed of this point of a scenario
// (prove/inductive). Scope::Few: the same where what is not bounded by a type, messages in flight,
// is a few. From: typed/type. To: prove/encoder. Cost: in Scope::Types the size of the types,
// limited. Tested by: tests/unit/checker/prove
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "checker/prove/term.hpp"
#include "model/typed/protocol.hpp"

namespace capstan::checker {

class Universe {
 public:
  enum class Scope { Every, Types, Point, Few };

  Universe(const model::Protocol& protocol, z3::context& context, Scope scope);
  Universe(const Universe&) = delete;
  Universe& operator=(const Universe&) = delete;

  z3::context& context() const { return context_; }
  Scope scope() const { return scope_; }
  /// Whether types have the bounds and roles the processes of this point.
  bool has_bounds() const { return scope_ != Scope::Every; }
  /// Whether "for each value of the type" is written out.
  bool can_list(model::TypeId type);
  z3::expr truth(bool value) const { return context_.bool_val(value); }
  TermPtr number(std::int64_t value) const;

  /// From now on what is fresh is called so, and nothing else: what two universes of one context
  /// call alike is one thing, as are params.
  void set_prefix(std::string prefix) { prefix_ = std::move(prefix); }
  z3::expr any_truth(const std::string& name) const;
  z3::expr any_number(const std::string& name) const;
  /// Any value of the type; what is known of it is added to `known`. Opaque if it has no formula.
  TermPtr fresh(model::TypeId type, const std::string& name);
  /// Any set of such values.
  TermPtr fresh_set(model::TypeId element, const std::string& name);
  /// What holds of all that `fresh` gave.
  const z3::expr_vector& known() const { return known_; }

  /// Whether the value is one of its type, as far as the scope bounds it.
  z3::expr in_domain(const TermPtr& term, model::TypeId type);
  /// Whether the value may be stored: in Scope::Every numbers have no bounds.
  z3::expr is_storable(const TermPtr& term, model::TypeId type);
  z3::expr for_all(model::TypeId type, const std::function<z3::expr(const TermPtr&)>& body);
  z3::expr exists(model::TypeId type, const std::function<z3::expr(const TermPtr&)>& body);
  /// With bounds: calls `body` for each value of the type, in its order; throws CannotEncode where
  /// there is no end of them.
  void each(model::TypeId type, const std::function<void(const TermPtr&)>& body);
  z3::expr equal(const TermPtr& a, const TermPtr& b, model::TypeId type);

  TermPtr constant(const model::Value& value, model::TypeId type);
  /// Scope::Types: the value that the term has in the model.
  model::Value decode(const z3::model& model, const TermPtr& term, model::TypeId type);

 private:
  TermPtr fresh(model::TypeId type, const std::string& name, const std::vector<z3::expr>& at);
  TermPtr fresh_scalar(const std::string& name, const std::vector<z3::expr>& at, bool is_truth);
  TermPtr fresh_collection(const model::Type& type, const std::string& name,
                           const std::vector<z3::expr>& at);
  TermPtr fresh_set(model::TypeId element, const std::string& name,
                    const std::vector<z3::expr>& at);
  std::vector<z3::expr> leaves_of(const TermPtr& term, model::TypeId type,
                                  std::vector<z3::expr> at);
  void note_known(const TermPtr& term, model::TypeId type);
  TermPtr bound(model::TypeId type, z3::expr_vector& variables);
  z3::expr quantified(model::TypeId type, bool is_for_all,
                      const std::function<z3::expr(const TermPtr&)>& body);
  z3::expr number_in_domain(const z3::expr& number, model::TypeId type);
  void flatten_optional(const z3::expr& is_there, const std::vector<z3::expr>& inner,
                        std::vector<z3::expr>& leaves);
  void flatten(const TermPtr& term, model::TypeId type, std::vector<z3::expr>& leaves);
  /// How many values the type has at this point; nullopt: no end of them, or very many.
  std::optional<std::size_t> size_of(model::TypeId type) const;
  const std::vector<model::Value>& domain(model::TypeId type);
  std::vector<model::Value> make_domain(model::TypeId type);
  TermPtr constant_set(const model::Value& value, model::TypeId type);
  TermPtr constant_map(const model::Value& value, model::TypeId type);
  const model::Type& type_of(model::TypeId type) const { return protocol_.types.at(type); }

  const model::Protocol& protocol_;
  z3::context& context_;
  Scope scope_;
  z3::expr_vector known_;
  std::string prefix_;
  std::map<model::TypeId, std::vector<model::Value>> domains_;
  int bound_count_ = 0;
  std::size_t expanded_ = 0;
};

}  // namespace capstan::checker
