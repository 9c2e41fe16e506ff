// SPDX-License-Identifier: MIT
// type: domains, membership and the printed form of values.
//
// Equal types get one id, so that comparing ids is comparing types, declared names included. The
// position of a map key is arithmetic for all keys but sets and sequences; total maps depend on it
// at every index. Tested by: tests/unit/model/typed/value_test.cpp
#include "model/typed/type.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "model/base/hash.hpp"
#include "model/base/require.hpp"

namespace capstan::model {
namespace {

using Values = std::vector<Value>;

/// As large as a domain that `domain` lists by default.
constexpr std::size_t kDomainSizeMax = 1'000'000;
/// Longer sequences are too many unless their elements have one value only.
constexpr std::int64_t kSequenceLengthMax = 64;

bool same_type(const Type& a, const Type& b) {
  return a.kind == b.kind && a.name == b.name && a.low == b.low && a.high == b.high &&
         a.enumerators == b.enumerators && a.role == b.role && a.message == b.message &&
         a.key == b.key && a.element == b.element &&
         std::ranges::equal(a.fields, b.fields, [](const Type::Field& x, const Type::Field& y) {
           return x.name == y.name && x.type == y.type;
         });
}

/// Of what mostly tells types apart.
std::uint64_t hash_of(const Type& type) {
  std::uint64_t hash = hash_bytes(type.name, static_cast<std::uint64_t>(type.kind));
  for (const std::int64_t number :
       {type.low, type.high, std::int64_t{type.role}, std::int64_t{type.message},
        std::int64_t{type.key.index}, std::int64_t{type.element.index}})
    hash = combine(hash, static_cast<std::uint64_t>(number));
  for (const std::string& enumerator : type.enumerators) hash = hash_bytes(enumerator, hash);
  for (const Type::Field& field : type.fields)
    hash = combine(hash_bytes(field.name, hash), field.type.index);
  return hash;
}

/// Combinations with one value out of each list, the last list fastest; nullopt if more than
/// `limit`.
std::optional<std::vector<Values>> combinations(const std::vector<Values>& lists,
                                                std::size_t limit) {
  std::vector<Values> result{{}};
  for (const Values& list : lists) {
    if (!list.empty() && result.size() > limit / list.size()) return std::nullopt;
    std::vector<Values> longer;
    longer.reserve(result.size() * list.size());
    for (const Values& prefix : result) {
      for (const Value& value : list) {
        longer.push_back(prefix);
        longer.back().push_back(value);
      }
    }
    result = std::move(longer);
  }
  return result;
}

std::optional<Values> built(std::optional<std::vector<Values>> parts,
                            Value (*make)(std::vector<Value>)) {
  if (!parts) return std::nullopt;
  Values result;
  result.reserve(parts->size());
  for (Values& each : *parts) result.push_back(make(std::move(each)));
  return result;
}

Values integers(std::int64_t low, std::int64_t high) {
  Values values;
  if (high < low) return values;
  values.push_back(Value::integer(low));
  while (values.back().number() < high) {
    values.push_back(Value::integer(values.back().number() + 1));
  }
  return values;
}

std::optional<Values> subsets(const Values& elements, std::size_t limit) {
  if (elements.size() >= 63 || (std::size_t{1} << elements.size()) > limit) return std::nullopt;
  Values result;
  for (std::size_t mask = 0; mask < (std::size_t{1} << elements.size()); ++mask) {
    Values chosen;
    for (std::size_t i = 0; i < elements.size(); ++i) {
      if ((mask >> i & 1) != 0) chosen.push_back(elements[i]);
    }
    result.push_back(Value::set(std::move(chosen)));
  }
  std::sort(result.begin(), result.end());
  return result;
}

std::optional<Values> sequences(const Values& elements, std::int64_t length_max,
                                std::size_t limit) {
  Values result;
  for (std::int64_t length = 0; length <= length_max; ++length) {
    if (length > kSequenceLengthMax) return std::nullopt;
    auto all = combinations(std::vector<Values>(static_cast<std::size_t>(length), elements), limit);
    if (!all || all->size() > limit - std::min(limit, result.size())) return std::nullopt;
    if (length > 0 && all->empty()) break;
    for (Values& values : *all) result.push_back(Value::sequence(std::move(values)));
  }
  std::sort(result.begin(), result.end());
  return result;
}

bool is_number_in(const Value& value, std::int64_t low, std::int64_t high) {
  return value.kind() == Value::Kind::Integer && value.number() >= low && value.number() <= high;
}

/// The form of a value whose type is not known: numbers stay numbers.
std::string format_untyped(const Value& value) {
  if (value.is_none()) return "none";
  if (value.kind() == Value::Kind::Integer) return fmt::format("{}", value.number());
  std::string text;
  for (const Value& element : value.elements()) {
    text += (text.empty() ? "" : ", ") + format_untyped(element);
  }
  if (value.kind() == Value::Kind::Tuple) return "(" + text + ")";
  if (value.kind() == Value::Kind::Sequence) return "[" + text + "]";
  return "{" + text + "}";
}

}  // namespace

TypeTable::TypeTable() { add(Type{}); }

TypeId TypeTable::add(Type type) {
  const std::uint64_t hash = hash_of(type);
  const auto [first, last] = by_hash_.equal_range(hash);
  for (auto each = first; each != last; ++each)
    if (same_type(types_[each->second], type)) return TypeId{each->second};
  const TypeId id{static_cast<std::uint32_t>(types_.size())};
  by_hash_.emplace(hash, id.index);
  types_.push_back(std::move(type));
  return id;
}

std::optional<std::vector<Value>> TypeTable::domain(TypeId id, std::size_t limit) const {
  const Type& type = at(id);
  switch (type.kind) {
    case Type::Kind::Bool:
      return integers(0, 1);
    case Type::Kind::Range:
      if (type.high >= type.low &&
          static_cast<std::uint64_t>(type.high) - static_cast<std::uint64_t>(type.low) >= limit) {
        return std::nullopt;
      }
      return integers(type.low, type.high);
    case Type::Kind::Enumeration:
      return integers(0, static_cast<std::int64_t>(type.enumerators.size()) - 1);
    case Type::Kind::Process: {
      Values values;
      for (std::size_t i = 0; i < processes_.size(); ++i) {
        if (type.role >= 0 && processes_[i].role != type.role) continue;
        values.push_back(Value::integer(static_cast<std::int64_t>(i)));
      }
      return values;
    }
    case Type::Kind::Option: {
      auto values = domain(type.element, limit);
      if (!values || values->size() >= limit) return std::nullopt;
      if (values->empty() || !values->front().is_none()) values->insert(values->begin(), Value());
      return values;
    }
    case Type::Kind::Tuple: {
      std::vector<Values> lists;
      for (const Type::Field& field : type.fields) {
        auto values = domain(field.type, limit);
        if (!values) return std::nullopt;
        lists.push_back(std::move(*values));
      }
      return built(combinations(lists, limit), Value::tuple);
    }
    case Type::Kind::Set: {
      auto values = domain(type.element, limit);
      return values ? subsets(*values, limit) : std::nullopt;
    }
    case Type::Kind::Map: {
      auto keys = domain(type.key, limit);
      auto values = domain(type.element, limit);
      if (!keys || !values) return std::nullopt;
      return built(combinations(std::vector<Values>(keys->size(), *values), limit), Value::map);
    }
    case Type::Kind::Sequence: {
      auto values = domain(type.element, limit);
      return values ? sequences(*values, type.high, limit) : std::nullopt;
    }
    case Type::Kind::None:
      return Values{Value::none()};
    case Type::Kind::Unknown:
    case Type::Kind::Int:
    case Type::Kind::Asker:
    case Type::Kind::Time:
    case Type::Kind::EmptyBraces:
    case Type::Kind::EmptyBrackets:
    case Type::Kind::Message:
      return std::nullopt;
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

std::optional<std::size_t> TypeTable::key_index(TypeId key_type, const Value& key) const {
  const Type& type = at(key_type);
  if (!contains(key_type, key)) return std::nullopt;
  switch (type.kind) {
    case Type::Kind::Bool:
    case Type::Kind::Enumeration:
      return static_cast<std::size_t>(key.number());
    case Type::Kind::Range:
      return static_cast<std::size_t>(key.number() - type.low);
    case Type::Kind::Process: {
      std::size_t index = 0;
      for (std::int64_t i = 0; i < key.number(); ++i) {
        const int role = processes_[static_cast<std::size_t>(i)].role;
        if (type.role < 0 || role == type.role) ++index;
      }
      return index;
    }
    case Type::Kind::Option:
      if (key.is_none()) return 0;
      return *key_index(type.element, key) + (at(type.element).kind == Type::Kind::Option ? 0 : 1);
    case Type::Kind::Tuple: {
      std::size_t index = 0;
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        const std::optional<std::size_t> size = domain_size(type.fields[i].type);
        if (!size) return std::nullopt;
        index = index * *size + *key_index(type.fields[i].type, key.elements()[i]);
      }
      return index;
    }
    case Type::Kind::None:
      return 0;
    case Type::Kind::Set:
    case Type::Kind::Map:
    case Type::Kind::Sequence: {
      const auto all = domain(key_type);
      if (!all) return std::nullopt;
      return static_cast<std::size_t>(std::lower_bound(all->begin(), all->end(), key) -
                                      all->begin());
    }
    case Type::Kind::Unknown:
    case Type::Kind::Int:
    case Type::Kind::Asker:
    case Type::Kind::Time:
    case Type::Kind::EmptyBraces:
    case Type::Kind::EmptyBrackets:
    case Type::Kind::Message:
      return std::nullopt;
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

std::optional<std::size_t> TypeTable::domain_size(TypeId id) const {
  const Type& type = at(id);
  if (type.kind == Type::Kind::Range) {
    if (type.high < type.low) return 0;
    const auto distance =
        static_cast<std::uint64_t>(type.high) - static_cast<std::uint64_t>(type.low);
    if (distance >= kDomainSizeMax) return std::nullopt;
    return distance + 1;
  }
  if (type.kind == Type::Kind::Option) {
    const auto size = domain_size(type.element);
    if (!size || at(type.element).kind == Type::Kind::Option) return size;
    return *size + 1;
  }
  if (type.kind == Type::Kind::Tuple) {
    std::size_t product = 1;
    for (const Type::Field& field : type.fields) {
      const auto size = domain_size(field.type);
      if (!size || (*size > 0 && product > kDomainSizeMax / *size)) return std::nullopt;
      product *= *size;
    }
    return product;
  }
  const auto values = domain(id);
  if (!values) return std::nullopt;
  return values->size();
}

bool TypeTable::contains(TypeId id, const Value& value) const {
  const Type& type = at(id);
  const auto all_in = [&](TypeId element) {
    return std::ranges::all_of(value.elements(),
                               [&](const Value& each) { return contains(element, each); });
  };
  switch (type.kind) {
    case Type::Kind::Unknown:
      return true;
    case Type::Kind::Bool:
      return is_number_in(value, 0, 1);
    case Type::Kind::Int:
    case Type::Kind::Time:
      return value.kind() == Value::Kind::Integer;
    case Type::Kind::Range:
      return is_number_in(value, type.low, type.high);
    case Type::Kind::Enumeration:
      return is_number_in(value, 0, static_cast<std::int64_t>(type.enumerators.size()) - 1);
    case Type::Kind::Process:
      return is_number_in(value, 0, static_cast<std::int64_t>(processes_.size()) - 1) &&
             (type.role < 0 ||
              processes_[static_cast<std::size_t>(value.number())].role == type.role);
    case Type::Kind::Option:
      return value.is_none() || contains(type.element, value);
    case Type::Kind::Tuple:
    case Type::Kind::Message:
      if (value.kind() != Value::Kind::Tuple || value.elements().size() != type.fields.size()) {
        return false;
      }
      for (std::size_t i = 0; i < type.fields.size(); ++i) {
        if (!contains(type.fields[i].type, value.elements()[i])) return false;
      }
      return true;
    case Type::Kind::Set:
      return value.kind() == Value::Kind::Set && all_in(type.element);
    case Type::Kind::Map: {
      if (value.kind() != Value::Kind::Map || !all_in(type.element)) return false;
      return domain_size(type.key) == value.elements().size();
    }
    case Type::Kind::Sequence:
      return value.kind() == Value::Kind::Sequence && all_in(type.element) &&
             static_cast<std::int64_t>(value.elements().size()) <= type.high;
    case Type::Kind::Asker:  // a token: (process, slot), or none when nobody waits any more
      return value.is_none() ||
             (value.kind() == Value::Kind::Tuple && value.elements().size() == 2);
    case Type::Kind::None:
      return value.is_none();
    case Type::Kind::EmptyBraces:
      return value.kind() == Value::Kind::Set && value.elements().empty();
    case Type::Kind::EmptyBrackets:
      return value.kind() == Value::Kind::Sequence && value.elements().empty();
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

namespace {

std::string format_number(const TypeTable& types, const Type& type, std::int64_t number) {
  const auto index = static_cast<std::size_t>(number);
  if (type.kind == Type::Kind::Bool) return number != 0 ? "true" : "false";
  if (type.kind == Type::Kind::Time && number == kLeastTime) return "least";
  if (type.kind == Type::Kind::Enumeration && number >= 0 && index < type.enumerators.size()) {
    return type.enumerators[index];
  }
  if (type.kind == Type::Kind::Process && number >= 0 && index < types.processes().size()) {
    return types.processes()[index].name;
  }
  return fmt::format("{}", number);
}

std::string format_asker(const TypeTable& types, const Value& value) {
  if (value.kind() != Value::Kind::Tuple || value.elements().empty()) return "nobody";
  const std::int64_t process = value.elements()[0].number();
  if (process < 0 || static_cast<std::size_t>(process) >= types.processes().size()) return "nobody";
  return types.processes()[static_cast<std::size_t>(process)].name;
}

}  // namespace

std::string TypeTable::format(TypeId id, const Value& value) const {
  const Type& type = at(id);
  if (type.kind == Type::Kind::Unknown) return format_untyped(value);
  if (type.kind == Type::Kind::Asker) return format_asker(*this, value);
  if (value.is_none()) return "none";
  if (type.kind == Type::Kind::Option) return format(type.element, value);
  if (value.kind() == Value::Kind::Integer) return format_number(*this, type, value.number());
  const std::vector<Value>& elements = value.elements();
  const bool is_message = type.kind == Type::Kind::Message;
  const bool has_fields = type.kind == Type::Kind::Tuple || is_message;
  const auto keys = type.kind == Type::Kind::Map ? domain(type.key) : std::nullopt;
  std::string text;
  const std::size_t count = elements.size() - (is_message ? 2 : 0);  // without the two at the end
  for (std::size_t i = 0; i < count; ++i) {
    if (i > 0) text += ", ";
    if (keys && i < keys->size()) text += format(type.key, (*keys)[i]) + ": ";
    const TypeId element = !has_fields              ? type.element
                           : i < type.fields.size() ? type.fields[i].type
                                                    : TypeId{};
    text += format(element, elements[i]);
  }
  if (is_message) {
    const auto end = [&](std::size_t i) { return format(type.fields[i].type, elements[i]); };
    return type.name + "(" + text + ") from " + end(count) + " to " + end(count + 1);
  }
  if (value.kind() == Value::Kind::Tuple) return "(" + text + ")";
  if (value.kind() == Value::Kind::Sequence) return "[" + text + "]";
  return "{" + text + "}";
}

std::string TypeTable::describe(TypeId id) const {
  const Type& type = at(id);
  if (!type.name.empty()) return type.name;
  switch (type.kind) {
    case Type::Kind::Unknown:
      return "unknown";
    case Type::Kind::Bool:
      return "bool";
    case Type::Kind::Int:
      return "int";
    case Type::Kind::Time:
      return "time";
    case Type::Kind::Range:
      return fmt::format("{}..{}", type.low, type.high);
    case Type::Kind::Enumeration:
      return fmt::format("{{{}}}", fmt::join(type.enumerators, ", "));
    case Type::Kind::Process: {
      for (const ProcessInfo& process : processes_) {
        if (process.role == type.role) return process.name.substr(0, process.name.find(' '));
      }
      return "process";
    }
    case Type::Kind::Option:
      return describe(type.element) + "?";
    case Type::Kind::Tuple:
    case Type::Kind::Message: {
      std::string text;
      for (const Type::Field& field : type.fields) {
        if (!text.empty()) text += ", ";
        text += (field.name.empty() ? "" : field.name + ": ") + describe(field.type);
      }
      return "(" + text + ")";
    }
    case Type::Kind::Set:
      return "set of " + describe(type.element);
    case Type::Kind::Map:
      return "map " + describe(type.key) + " -> " + describe(type.element);
    case Type::Kind::Sequence:
      return fmt::format("seq of {} up to {}", describe(type.element), type.high);
    case Type::Kind::Asker:
      return "asker";
    case Type::Kind::None:
      return "none";
    case Type::Kind::EmptyBraces:
      return "{}";
    case Type::Kind::EmptyBrackets:
      return "[]";
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

}  // namespace capstan::model
