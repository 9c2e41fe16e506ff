// SPDX-License-Identifier: MIT
// universe_values: concrete values as terms, and the values that terms have in a model of Z3.
#include <optional>
#include <utility>

#include "checker/prove/universe.hpp"
#include "model/base/require.hpp"

namespace capstan::checker {

using model::Type;
using model::TypeId;
using model::Value;

TermPtr Universe::constant(const Value& value, TypeId id) {
  const Type& type = type_of(id);
  if (value.is_none()) return option_term(truth(false), nullptr);
  switch (type.kind) {
    case Type::Kind::Bool:
      return truth_term(truth(value.truth()));
    case Type::Kind::Int:
    case Type::Kind::Range:
    case Type::Kind::Enumeration:
    case Type::Kind::Process:
      return number(value.number());
    case Type::Kind::Time:
      return value.number() == model::kLeastTime
                 ? time_term(truth(false), context_.int_val(0))
                 : time_term(truth(true), context_.int_val(value.number()));
    case Type::Kind::Option:
      return option_term(truth(true), constant(value, type.element));
    case Type::Kind::Tuple:
    case Type::Kind::Message: {
      std::vector<TermPtr> parts;
      for (std::size_t i = 0; i < type.fields.size(); ++i)
        parts.push_back(constant(value.elements().at(i), type.fields[i].type));
      return tuple_term(std::move(parts));
    }
    case Type::Kind::Set:
      return constant_set(value, id);
    case Type::Kind::Map:
      return constant_map(value, id);
    case Type::Kind::EmptyBraces:
      return set_term([this](const TermPtr&) { return truth(false); });
    case Type::Kind::Sequence:
    case Type::Kind::EmptyBrackets:
      return opaque_term({"a sequence", {}});
    case Type::Kind::Asker:
      return opaque_term({"an asker", {}});
    case Type::Kind::Unknown:
    case Type::Kind::None:
      break;
  }
  CAPSTAN_UNREACHABLE("a type of a constant");
}

/// The name of a role or of a finite type is the set of all that there are, however many.
TermPtr Universe::constant_set(const Value& value, TypeId id) {
  const TypeId element = type_of(id).element;
  const std::vector<Value> members = value.elements();
  if (!members.empty() && type_of(element).kind != Type::Kind::Bool) {
    const auto all = protocol_.types.domain(element, members.size() + 1);
    const bool is_whole = all && *all == members;
    if (is_whole)
      return set_term([this, element](const TermPtr& term) { return in_domain(term, element); });
  }
  return set_term([this, element, members](const TermPtr& term) {
    z3::expr any = truth(false);
    for (const Value& member : members)
      any = or_of(any, equal_flat(term, constant(member, element)));
    return any;
  });
}

TermPtr Universe::constant_map(const Value& value, TypeId id) {
  const Type& type = type_of(id);
  const std::vector<Value>& values = value.elements();
  if (values.empty()) return opaque_term({"a map without keys", {}});
  TermPtr last = constant(values.back(), type.element);
  bool is_even = true;
  for (const Value& each : values) is_even = is_even && each == values.back();
  if (is_even) return map_term([last](const TermPtr&) { return last; });
  if (scope_ == Scope::Every) return opaque_term({"a constant map", {}});
  const TypeId key_type = type.key, element = type.element;
  return map_term([this, key_type, element, values, last](const TermPtr& key) {
    TermPtr result = last;
    const std::vector<Value>& keys = domain(key_type);
    for (std::size_t i = 0; i + 1 < keys.size(); ++i)
      result = choice(equal_flat(key, constant(keys[i], key_type)), constant(values[i], element),
                      result);
    return result;
  });
}

Value Universe::decode(const z3::model& model, const TermPtr& term, TypeId id) {
  const Type& type = type_of(id);
  const auto holds = [&](const z3::expr& truth) { return model.eval(truth, true).is_true(); };
  if (type.kind == Type::Kind::Set) {
    std::vector<Value> members;
    for (const Value& value : domain(type.element))
      if (holds(term->contains(constant(value, type.element)))) members.push_back(value);
    return Value::set(std::move(members));
  }
  if (type.kind == Type::Kind::Map) {
    std::vector<Value> values;
    for (const Value& key : domain(type.key))
      values.push_back(decode(model, term->at(constant(key, type.key)), type.element));
    return Value::map(std::move(values));
  }
  const auto number = [&](const z3::expr& formula) {
    std::int64_t result = 0;
    if (!model.eval(formula, true).is_numeral_i64(result))
      throw CannotEncode{"a number beyond 64 bits", {}};
    return Value::integer(result);
  };
  switch (term->kind) {
    case Term::Kind::Truth:
      return Value::boolean(holds(*term->scalar));
    case Term::Kind::Number:
      return number(*term->scalar);
    case Term::Kind::Time:
      return holds(*term->scalar) ? number(number_of(term->parts[0]))
                                  : Value::integer(model::kLeastTime);
    case Term::Kind::Option: {
      if (!holds(*term->scalar)) return Value::none();
      const bool is_option = type.kind == Type::Kind::Option;
      return decode(model, term->parts[0], is_option ? type.element : id);
    }
    case Term::Kind::Tuple: {
      if (type.kind == Type::Kind::Option) return decode(model, term, type.element);
      std::vector<Value> parts;
      for (std::size_t i = 0; i < term->parts.size(); ++i)
        parts.push_back(decode(model, term->parts[i], type.fields.at(i).type));
      return Value::tuple(std::move(parts));
    }
    case Term::Kind::Set:
    case Term::Kind::Map:
      break;
    case Term::Kind::Opaque:
      throw term->reason;
  }
  CAPSTAN_UNREACHABLE("a kind of term");
}

}  // namespace capstan::checker
