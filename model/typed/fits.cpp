// SPDX-License-Identifier: MIT
// fits: the rules of agreement between types, one case a kind.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include "model/typed/fits.hpp"

#include <algorithm>
#include <limits>

#include "model/base/require.hpp"

namespace capstan::model {
namespace {

using Kind = Type::Kind;

bool fits_process(const Type& from, const Type& to) {
  return from.kind == Kind::Process && (to.role < 0 || from.role == to.role);
}

bool fits_fields(const TypeTable& types, const Type& from, const Type& to) {
  if (from.fields.size() != to.fields.size()) return false;
  for (std::size_t i = 0; i < from.fields.size(); ++i) {
    const Type::Field& a = from.fields[i];
    const Type::Field& b = to.fields[i];
    if (!a.name.empty() && !b.name.empty() && a.name != b.name) return false;
    if (!fits(types, a.type, b.type)) return false;
  }
  return true;
}

std::optional<TypeId> join_fields(TypeTable& types, const Type& a, const Type& b) {
  if (a.fields.size() != b.fields.size()) return std::nullopt;
  Type joined;
  joined.kind = Kind::Tuple;
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    const std::string& name = a.fields[i].name.empty() ? b.fields[i].name : a.fields[i].name;
    if (!b.fields[i].name.empty() && name != b.fields[i].name) return std::nullopt;
    const auto type = join(types, a.fields[i].type, b.fields[i].type);
    if (!type) return std::nullopt;
    joined.fields.push_back({name, *type});
  }
  return types.add(std::move(joined));
}

}  // namespace

bool is_unknown(TypeId id) { return id.index == 0; }

bool is_kind(const TypeTable& types, TypeId id, Type::Kind kind) {
  return types.at(id).kind == kind;
}

bool is_number(const TypeTable& types, TypeId id) {
  return is_kind(types, id, Kind::Int) || is_kind(types, id, Kind::Range);
}

bool is_set(const TypeTable& types, TypeId id) {
  return is_kind(types, id, Kind::Set) || is_kind(types, id, Kind::EmptyBraces);
}

bool is_sequence(const TypeTable& types, TypeId id) {
  return is_kind(types, id, Kind::Sequence) || is_kind(types, id, Kind::EmptyBrackets);
}

bool has_fields(const TypeTable& types, TypeId id) {
  return is_kind(types, id, Kind::Tuple) || is_kind(types, id, Kind::Message);
}

std::optional<int> field_index(const TypeTable& types, TypeId id, const std::string& name) {
  const auto& fields = types.at(id).fields;
  const auto found = std::ranges::find(fields, name, &Type::Field::name);
  if (found == fields.end()) return std::nullopt;
  return static_cast<int>(found - fields.begin());
}

bool fits(const TypeTable& types, TypeId from_id, TypeId to_id) {
  if (from_id == to_id || is_unknown(from_id) || is_unknown(to_id)) return true;
  const Type& from = types.at(from_id);
  const Type& to = types.at(to_id);
  switch (to.kind) {
    case Kind::Unknown:
      return true;
    case Kind::Int:
    case Kind::Range:
      return from.kind == Kind::Int || from.kind == Kind::Range;
    case Kind::Bool:
    case Kind::Time:
    case Kind::None:
      return from.kind == to.kind;
    case Kind::Enumeration:
      return from.kind == to.kind && from.enumerators == to.enumerators && from.name == to.name;
    case Kind::Process:
      return fits_process(from, to);
    case Kind::Option:
      return from.kind == Kind::None ||
             fits(types, from.kind == Kind::Option ? from.element : from_id, to.element);
    case Kind::Tuple:
    case Kind::Message:
      return has_fields(types, from_id) && fits_fields(types, from, to);
    case Kind::Set:
      return from.kind == Kind::EmptyBraces ||
             (from.kind == Kind::Set && fits(types, from.element, to.element));
    case Kind::Map:
      return from.kind == Kind::Map && same_domain(types, from.key, to.key) &&
             fits(types, from.element, to.element);
    case Kind::Sequence:
      return from.kind == Kind::EmptyBrackets ||
             (from.kind == Kind::Sequence && fits(types, from.element, to.element));
    case Kind::Asker:
      return from.kind == Kind::Asker && from.message == to.message;
    case Kind::EmptyBraces:
    case Kind::EmptyBrackets:
      return from.kind == to.kind;
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

bool same_domain(const TypeTable& types, TypeId a_id, TypeId b_id) {
  if (a_id == b_id || is_unknown(a_id) || is_unknown(b_id)) return true;
  const Type& a = types.at(a_id);
  const Type& b = types.at(b_id);
  if (a.kind != b.kind || a.low != b.low || a.high != b.high || a.role != b.role ||
      a.enumerators != b.enumerators || a.fields.size() != b.fields.size()) {
    return false;
  }
  for (std::size_t i = 0; i < a.fields.size(); ++i) {
    if (!same_domain(types, a.fields[i].type, b.fields[i].type)) return false;
  }
  return same_domain(types, a.key, b.key) && same_domain(types, a.element, b.element);
}

std::optional<TypeId> join(TypeTable& types, TypeId a_id, TypeId b_id) {
  if (a_id == b_id || is_unknown(b_id)) return a_id;
  if (is_unknown(a_id)) return b_id;
  if (is_number(types, a_id) && is_number(types, b_id)) return int_type(types);
  const Type a = types.at(a_id);  // copies: adding types moves the table
  const Type b = types.at(b_id);
  if (a.kind == Kind::None) return option_of(types, b_id);
  if (b.kind == Kind::None) return option_of(types, a_id);
  if (a.kind == Kind::Option || b.kind == Kind::Option) {
    const auto element = join(types, without_option(types, a_id), without_option(types, b_id));
    if (!element) return std::nullopt;
    return option_of(types, *element);
  }
  if (a.kind == Kind::EmptyBraces && b.kind == Kind::Set) return b_id;
  if (b.kind == Kind::EmptyBraces && a.kind == Kind::Set) return a_id;
  if (a.kind == Kind::EmptyBrackets && b.kind == Kind::Sequence) return b_id;
  if (b.kind == Kind::EmptyBrackets && a.kind == Kind::Sequence) return a_id;
  if (has_fields(types, a_id) && has_fields(types, b_id)) {
    if (fits(types, a_id, b_id) && b.name != "") return b_id;
    if (fits(types, b_id, a_id) && a.name != "") return a_id;
    return join_fields(types, a, b);
  }
  if (a.kind != b.kind) return std::nullopt;
  if (a.kind == Kind::Process) return process_type(types, -1, "");
  if (a.kind == Kind::Set || a.kind == Kind::Sequence || a.kind == Kind::Map) {
    if (a.kind == Kind::Map && !same_domain(types, a.key, b.key)) return std::nullopt;
    const auto element = join(types, a.element, b.element);
    if (!element) return std::nullopt;
    if (a.kind == Kind::Set) return set_of(types, *element);
    if (a.kind == Kind::Sequence) return sequence_of(types, *element);
    Type map = a;
    map.name.clear();
    map.element = *element;
    return types.add(std::move(map));
  }
  if (fits(types, a_id, b_id)) return b_id;
  return std::nullopt;
}

bool has_order(const TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  switch (type.kind) {
    case Kind::Unknown:
    case Kind::Bool:
    case Kind::Int:
    case Kind::Range:
    case Kind::Enumeration:
    case Kind::Process:
    case Kind::Time:
    case Kind::None:
      return true;
    case Kind::Option:
      return has_order(types, type.element);
    case Kind::Tuple:
    case Kind::Message:
      return std::ranges::all_of(
          type.fields, [&](const Type::Field& field) { return has_order(types, field.type); });
    case Kind::Set:
    case Kind::Map:
    case Kind::Sequence:
    case Kind::Asker:
    case Kind::EmptyBraces:
    case Kind::EmptyBrackets:
      return false;
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

bool is_settled(const TypeTable& types, TypeId id) {
  if (is_unknown(id)) return true;
  const Type& type = types.at(id);
  if (type.kind == Kind::None || type.kind == Kind::EmptyBraces ||
      type.kind == Kind::EmptyBrackets) {
    return false;
  }
  return is_settled(types, type.element) && is_settled(types, type.key) &&
         std::ranges::all_of(
             type.fields, [&](const Type::Field& field) { return is_settled(types, field.type); });
}

bool is_bounded(const TypeTable& types, TypeId id) {
  if (is_unknown(id)) return true;
  const Type& type = types.at(id);
  if (type.kind == Kind::Int) return false;
  return is_bounded(types, type.element) && is_bounded(types, type.key) &&
         std::ranges::all_of(
             type.fields, [&](const Type::Field& field) { return is_bounded(types, field.type); });
}

TypeId kind_type(TypeTable& types, Type::Kind kind) {
  Type type;
  type.kind = kind;
  return types.add(std::move(type));
}

TypeId bool_type(TypeTable& types) { return kind_type(types, Kind::Bool); }

TypeId int_type(TypeTable& types) { return kind_type(types, Kind::Int); }

TypeId option_of(TypeTable& types, TypeId element) {
  if (is_unknown(element) || is_kind(types, element, Kind::Option) ||
      is_kind(types, element, Kind::None)) {
    return element;
  }
  Type type;
  type.kind = Kind::Option;
  type.element = element;
  return types.add(std::move(type));
}

TypeId set_of(TypeTable& types, TypeId element) {
  Type type;
  type.kind = Kind::Set;
  type.element = element;
  return types.add(std::move(type));
}

TypeId sequence_of(TypeTable& types, TypeId element) {
  Type type;
  type.kind = Kind::Sequence;
  type.name = "seq of " + types.describe(element);
  type.high = std::numeric_limits<std::int64_t>::max();
  type.element = element;
  return types.add(std::move(type));
}

TypeId process_type(TypeTable& types, int role, const std::string& name) {
  Type type;
  type.kind = Kind::Process;
  type.role = role < 0 ? -1 : role;
  type.name = role < 0 ? "process" : name;
  return types.add(std::move(type));
}

TypeId without_option(const TypeTable& types, TypeId id) {
  const Type& type = types.at(id);
  return type.kind == Kind::Option ? type.element : id;
}

}  // namespace capstan::model
