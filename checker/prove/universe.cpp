// SPDX-License-Identifier: MIT
#include "checker/prove/universe.hpp"

#include <fmt/format.h>

#include <optional>
#include <utility>

#include "model/base/require.hpp"

namespace capstan::checker {

using model::Type;
using model::TypeId;
using model::Value;

namespace {

constexpr std::size_t domain_most = 4'096;
/// Larger types get a quantifier where there is a choice.
constexpr std::size_t listed_most = 64;
/// How many times "for all" may be written out before a question is too large.
constexpr std::size_t expanded_most = 400'000;
/// Numbers that stand for those without bound where questions are decided by writing them out.
constexpr std::int64_t sample_low = -1, sample_high = 3;

std::vector<Value> numbers(std::int64_t low, std::int64_t high) {
  std::vector<Value> values;
  if (low > high) return values;
  const auto last = static_cast<std::uint64_t>(high) - static_cast<std::uint64_t>(low);
  if (last >= domain_most) throw CannotEncode{"a type with very many values", {}};
  for (std::uint64_t i = 0; i <= last; ++i)
    values.push_back(Value::integer(low + static_cast<std::int64_t>(i)));
  return values;
}

z3::expr applied(z3::context& context, const std::string& name, const std::vector<z3::expr>& at,
                 const z3::sort& range) {
  if (at.empty()) return context.constant(name.c_str(), range);
  z3::sort_vector sorts(context);
  z3::expr_vector arguments(context);
  for (const z3::expr& each : at) {
    sorts.push_back(each.get_sort());
    arguments.push_back(each);
  }
  return context.function(name.c_str(), sorts, range)(arguments);
}

}  // namespace

Universe::Universe(const model::Protocol& protocol, z3::context& context, Scope scope)
    : protocol_(protocol), context_(context), scope_(scope), known_(context) {}

TermPtr Universe::number(std::int64_t value) const { return number_term(context_.int_val(value)); }

TermPtr Universe::fresh(TypeId type, const std::string& name) {
  TermPtr term = fresh(type, prefix_ + name, {});
  note_known(term, type);
  return term;
}

TermPtr Universe::fresh_set(TypeId element, const std::string& name) {
  return fresh_set(element, prefix_ + name, {});
}

z3::expr Universe::any_truth(const std::string& name) const {
  return context_.bool_const((prefix_ + name).c_str());
}

z3::expr Universe::any_number(const std::string& name) const {
  return context_.int_const((prefix_ + name).c_str());
}

TermPtr Universe::fresh_scalar(const std::string& name, const std::vector<z3::expr>& at,
                               bool is_truth) {
  if (is_truth) return truth_term(applied(context_, name, at, context_.bool_sort()));
  return number_term(applied(context_, name, at, context_.int_sort()));
}

TermPtr Universe::fresh(TypeId id, const std::string& name, const std::vector<z3::expr>& at) {
  const Type& type = type_of(id);
  switch (type.kind) {
    case Type::Kind::Bool:
      return fresh_scalar(name, at, true);
    case Type::Kind::Int:
    case Type::Kind::Range:
    case Type::Kind::Enumeration:
      return fresh_scalar(name, at, false);
    case Type::Kind::Process:
      if (type.role < 0 && !has_bounds()) return opaque_term({"a process of any role", {}});
      return fresh_scalar(name, at, false);
    case Type::Kind::Time:
      return time_term(truth_of(fresh_scalar(name + "?", at, true)),
                       number_of(fresh_scalar(name, at, false)));
    case Type::Kind::Option: {
      TermPtr value = fresh(type.element, name + "!", at);
      if (value->kind == Term::Kind::Opaque) return value;
      if (value->kind == Term::Kind::Set || value->kind == Term::Kind::Map)
        return opaque_term({"an option of a collection", {}});
      return option_term(truth_of(fresh_scalar(name + "?", at, true)), std::move(value));
    }
    case Type::Kind::Tuple:
    case Type::Kind::Message: {
      std::vector<TermPtr> parts;
      for (std::size_t i = 0; i < type.fields.size(); ++i)
        parts.push_back(fresh(type.fields[i].type, fmt::format("{}.{}", name, i), at));
      return tuple_term(std::move(parts));
    }
    case Type::Kind::Set:
    case Type::Kind::Map:
      return fresh_collection(type, name, at);
    case Type::Kind::Sequence:
      return opaque_term({"a sequence", {}});
    case Type::Kind::Asker:
      return opaque_term({"an asker", {}});
    case Type::Kind::None:
      return option_term(truth(false), nullptr);
    case Type::Kind::Unknown:
    case Type::Kind::EmptyBraces:
    case Type::Kind::EmptyBrackets:
      break;
  }
  CAPSTAN_UNREACHABLE("a type of a variable");
}

TermPtr Universe::fresh_collection(const Type& type, const std::string& name,
                                   const std::vector<z3::expr>& at) {
  if (type.kind == Type::Kind::Set) return fresh_set(type.element, name, at);
  const TypeId key_type = type.key, element = type.element;
  return map_term([this, name, element, key_type, at](const TermPtr& key) {
    return fresh(element, name, leaves_of(key, key_type, at));
  });
}

TermPtr Universe::fresh_set(TypeId element, const std::string& name,
                            const std::vector<z3::expr>& at) {
  return set_term([this, name, element, at](const TermPtr& wanted) {
    return applied(context_, name, leaves_of(wanted, element, at), context_.bool_sort());
  });
}

/// `at`, and then what the term consists of.
std::vector<z3::expr> Universe::leaves_of(const TermPtr& term, TypeId type,
                                          std::vector<z3::expr> at) {
  flatten(term, type, at);
  return at;
}

void Universe::note_known(const TermPtr& term, TypeId id) {
  const Type& type = type_of(id);
  if (term->kind == Term::Kind::Set || term->kind == Term::Kind::Opaque) return;
  if (term->kind == Term::Kind::Tuple) {
    for (std::size_t i = 0; i < term->parts.size(); ++i)
      note_known(term->parts[i], type.fields[i].type);
  } else if (term->kind == Term::Kind::Map) {
    // Without bounds little is known of a value, and what is, is rarely of use.
    if (!has_bounds()) return;
    for (const Value& key : domain(type.key))
      note_known(term->at(constant(key, type.key)), type.element);
  } else {
    const z3::expr known = in_domain(term, id);
    if (!is_true(known)) known_.push_back(known);
  }
}

z3::expr Universe::number_in_domain(const z3::expr& number, TypeId id) {
  const Type& type = type_of(id);
  const auto within = [&](std::int64_t low, std::int64_t high) {
    std::int64_t known = 0;
    if (number.is_numeral_i64(known)) return truth(low <= known && known <= high);
    return context_.int_val(low) <= number && number <= context_.int_val(high);
  };
  if (type.kind == Type::Kind::Enumeration)
    return within(0, static_cast<std::int64_t>(type.enumerators.size()) - 1);
  const bool has_role = type.kind == Type::Kind::Process && type.role >= 0;
  if (has_role) {
    const model::Role& role = protocol_.roles[static_cast<std::size_t>(type.role)];
    if (role.single || has_bounds())
      return within(role.first_process, role.first_process + role.count - 1);
    return applied(context_, "is " + role.name, {number}, context_.bool_sort());
  }
  if (type.kind == Type::Kind::Process) return within(0, protocol_.process_count() - 1);
  if (type.kind != Type::Kind::Range) return truth(true);
  if (has_bounds()) return within(type.low, type.high);
  return applied(context_, fmt::format("type {}", id.index), {number}, context_.bool_sort());
}

z3::expr Universe::in_domain(const TermPtr& term, TypeId id) {
  const Type& type = type_of(id);
  switch (term->kind) {
    case Term::Kind::Truth:
      return truth(true);
    case Term::Kind::Number:
      if (type.kind == Type::Kind::Option) return in_domain(term, type.element);
      return number_in_domain(*term->scalar, id);
    case Term::Kind::Time:
      return truth(true);
    case Term::Kind::Option: {
      if (!term->parts[0]) return truth(true);
      if (type.kind != Type::Kind::Option) return in_domain(term->parts[0], id);
      return implies_of(*term->scalar, in_domain(term->parts[0], type.element));
    }
    case Term::Kind::Tuple: {
      if (type.kind == Type::Kind::Option) return in_domain(term, type.element);
      z3::expr all = truth(true);
      for (std::size_t i = 0; i < term->parts.size(); ++i)
        all = and_of(all, in_domain(term->parts[i], type.fields.at(i).type));
      return all;
    }
    case Term::Kind::Set:
    case Term::Kind::Map:
    case Term::Kind::Opaque:
      return truth(true);
  }
  CAPSTAN_UNREACHABLE("a kind of term");
}

z3::expr Universe::is_storable(const TermPtr& term, TypeId id) {
  if (!has_bounds()) return truth(true);
  const Type& type = type_of(id);
  if (term->kind == Term::Kind::Map) {
    z3::expr all = truth(true);
    for (const Value& key : domain(type.key))
      all = and_of(all, is_storable(term->at(constant(key, type.key)), type.element));
    return all;
  }
  return in_domain(term, id);
}

void Universe::flatten_optional(const z3::expr& is_there, const std::vector<z3::expr>& inner,
                                std::vector<z3::expr>& leaves) {
  leaves.push_back(is_there);
  for (const z3::expr& leaf : inner) {  // `none` is one value, whatever lies behind it
    const z3::expr base = leaf.is_bool() ? truth(false) : context_.int_val(0);
    if (is_true(is_there)) {
      leaves.push_back(leaf);
    } else {
      leaves.push_back(is_false(is_there) ? base : z3::ite(is_there, leaf, base));
    }
  }
}

void Universe::flatten(const TermPtr& term, TypeId id, std::vector<z3::expr>& leaves) {
  const Type& type = type_of(id);
  if (type.kind == Type::Kind::Option) {
    const TermPtr option = as_option(term, context_);
    z3::expr_vector ignored(context_);
    std::vector<z3::expr> inner;
    // Of a bare `none` any term of the shape will do: none of its leaves is looked at.
    flatten(option->parts[0] ? option->parts[0] : bound(type.element, ignored), type.element,
            inner);
    flatten_optional(*option->scalar, inner, leaves);
    return;
  }
  switch (term->kind) {
    case Term::Kind::Truth:
    case Term::Kind::Number:
      leaves.push_back(*term->scalar);
      return;
    case Term::Kind::Time:
      flatten_optional(*term->scalar, {number_of(term->parts[0])}, leaves);
      return;
    case Term::Kind::Tuple:
      for (std::size_t i = 0; i < term->parts.size(); ++i)
        flatten(term->parts[i], type.fields.at(i).type, leaves);
      return;
    case Term::Kind::Option:
      flatten(payload_of(term), id, leaves);
      return;
    case Term::Kind::Set:
      throw CannotEncode{"a set inside a set or a key", {}};
    case Term::Kind::Map:
      throw CannotEncode{"a map inside a set or a key", {}};
    case Term::Kind::Opaque:
      throw term->reason;
  }
}

TermPtr Universe::bound(TypeId id, z3::expr_vector& variables) {
  const Type& type = type_of(id);
  const auto scalar = [&](bool is_truth) {
    const std::string name = fmt::format("{}b{}", prefix_, bound_count_++);
    const TermPtr term = fresh_scalar(name, {}, is_truth);
    variables.push_back(*term->scalar);
    return term;
  };
  switch (type.kind) {
    case Type::Kind::Bool:
      return scalar(true);
    case Type::Kind::Int:
    case Type::Kind::Range:
    case Type::Kind::Enumeration:
      return scalar(false);
    case Type::Kind::Process:
      if (type.role < 0 && !has_bounds()) throw CannotEncode{"a process of any role", {}};
      return scalar(false);
    case Type::Kind::Time: {
      const TermPtr is_real = scalar(true);
      return time_term(*is_real->scalar, number_of(scalar(false)));
    }
    case Type::Kind::Option: {
      const TermPtr is_some = scalar(true);
      return option_term(*is_some->scalar, bound(type.element, variables));
    }
    case Type::Kind::Tuple:
    case Type::Kind::Message: {
      std::vector<TermPtr> parts;
      for (const Type::Field& field : type.fields) parts.push_back(bound(field.type, variables));
      return tuple_term(std::move(parts));
    }
    case Type::Kind::None:
      return option_term(truth(false), nullptr);
    case Type::Kind::Set:
      throw CannotEncode{"a set inside a set or a key", {}};
    case Type::Kind::Map:
      throw CannotEncode{"a map inside a set or a key", {}};
    case Type::Kind::Sequence:
      throw CannotEncode{"a sequence", {}};
    case Type::Kind::Asker:
      throw CannotEncode{"an asker", {}};
    case Type::Kind::Unknown:
    case Type::Kind::EmptyBraces:
    case Type::Kind::EmptyBrackets:
      break;
  }
  CAPSTAN_UNREACHABLE("a type of an element");
}

z3::expr Universe::quantified(TypeId type, bool is_for_all,
                              const std::function<z3::expr(const TermPtr&)>& body) {
  if (can_list(type)) {
    z3::expr all = truth(is_for_all);
    each(type, [&](const TermPtr& value) {
      const z3::expr one = body(value);
      all = is_for_all ? and_of(all, one) : or_of(all, one);
    });
    return all;
  }
  z3::expr_vector variables(context_);
  const TermPtr element = bound(type, variables);
  const z3::expr inner = body(element);
  if (is_true(inner) && is_for_all) return inner;
  if (is_false(inner) && !is_for_all) return inner;
  const z3::expr domain = in_domain(element, type);
  if (variables.empty()) return is_for_all ? implies_of(domain, inner) : and_of(domain, inner);
  return is_for_all ? z3::forall(variables, implies_of(domain, inner))
                    : z3::exists(variables, and_of(domain, inner));
}

void Universe::each(TypeId type, const std::function<void(const TermPtr&)>& body) {
  CAPSTAN_REQUIRE(has_bounds(), "without bounds nothing can be listed");
  for (const Value& value : domain(type)) {
    if (++expanded_ > expanded_most) throw CannotEncode{"a type with very many values", {}};
    body(constant(value, type));
  }
}

z3::expr Universe::for_all(TypeId type, const std::function<z3::expr(const TermPtr&)>& body) {
  return quantified(type, true, body);
}

z3::expr Universe::exists(TypeId type, const std::function<z3::expr(const TermPtr&)>& body) {
  return quantified(type, false, body);
}

z3::expr Universe::equal(const TermPtr& a, const TermPtr& b, TypeId id) {
  const Type& type = type_of(id);
  if (a->kind == Term::Kind::Opaque) throw a->reason;
  if (b->kind == Term::Kind::Opaque) throw b->reason;
  if (type.kind == Type::Kind::Set)
    return for_all(type.element, [&](const TermPtr& element) {
      const z3::expr in_a = a->contains(element);
      const z3::expr in_b = b->contains(element);
      return z3::eq(in_a, in_b) ? truth(true) : in_a == in_b;
    });
  if (type.kind == Type::Kind::Map)
    return for_all(type.key,
                   [&](const TermPtr& key) { return equal(a->at(key), b->at(key), type.element); });
  const bool is_tuple = type.kind == Type::Kind::Tuple || type.kind == Type::Kind::Message;
  if (!is_tuple || a->kind != Term::Kind::Tuple) return equal_flat(a, b);
  z3::expr all = truth(true);
  for (std::size_t i = 0; i < type.fields.size(); ++i)
    all = and_of(all, equal(a->parts.at(i), b->parts.at(i), type.fields[i].type));
  return all;
}

std::optional<std::size_t> Universe::size_of(TypeId id) const {
  const Type& type = type_of(id);
  std::size_t size = 1;
  switch (type.kind) {
    case Type::Kind::Tuple:
    case Type::Kind::Message:
      for (const Type::Field& field : type.fields) {
        const std::optional<std::size_t> of_field = size_of(field.type);
        if (!of_field || size * *of_field > domain_most) return std::nullopt;
        size *= *of_field;
      }
      return size;
    case Type::Kind::Option: {
      const std::optional<std::size_t> inner = size_of(type.element);
      return inner ? std::optional(*inner + 1) : std::nullopt;
    }
    case Type::Kind::Bool:
    case Type::Kind::Range:
    case Type::Kind::Enumeration:
    case Type::Kind::Process:
      return protocol_.types.domain_size(id);
    default:
      return std::nullopt;
  }
}

bool Universe::can_list(TypeId type) {
  if (scope_ == Scope::Types) return true;
  if (!has_bounds()) return false;
  const std::optional<std::size_t> size = size_of(type);
  return size && *size <= listed_most;
}

std::vector<Value> Universe::make_domain(TypeId id) {
  const Type& type = type_of(id);
  const bool has_end = type.kind != Type::Kind::Int && type.kind != Type::Kind::Time;
  if (scope_ != Scope::Types && !has_end)
    throw CannotEncode{
        type.kind == Type::Kind::Int ? "all whole numbers one by one" : "all times one by one", {}};
  if (type.kind == Type::Kind::Int) return numbers(sample_low, sample_high);
  if (type.kind == Type::Kind::Time) {
    std::vector<Value> values = numbers(0, sample_high);
    values.insert(values.begin(), Value::integer(model::kLeastTime));
    return values;
  }
  if (type.kind == Type::Kind::Option) {
    std::vector<Value> values = domain(type.element);
    if (values.empty() || !values.front().is_none()) values.insert(values.begin(), Value::none());
    return values;
  }
  if (type.kind == Type::Kind::Tuple || type.kind == Type::Kind::Message) {
    std::vector<std::vector<Value>> rows{{}};
    for (const Type::Field& field : type.fields) {
      std::vector<std::vector<Value>> longer;
      for (const std::vector<Value>& row : rows) {
        for (const Value& value : domain(field.type)) {
          longer.push_back(row);
          longer.back().push_back(value);
          if (longer.size() > domain_most) throw CannotEncode{"a type with very many values", {}};
        }
      }
      rows = std::move(longer);
    }
    std::vector<Value> values;
    for (std::vector<Value>& row : rows) values.push_back(Value::tuple(std::move(row)));
    return values;
  }
  if (type.kind == Type::Kind::Set) throw CannotEncode{"a set inside a set or a key", {}};
  if (type.kind == Type::Kind::Map) throw CannotEncode{"a map inside a set or a key", {}};
  std::optional<std::vector<Value>> values = protocol_.types.domain(id, domain_most);
  if (!values) throw CannotEncode{"a type with very many values", {}};
  return std::move(*values);
}

const std::vector<Value>& Universe::domain(TypeId type) {
  const auto known = domains_.find(type);
  if (known != domains_.end()) return known->second;
  return domains_.emplace(type, make_domain(type)).first->second;
}

}  // namespace capstan::checker
