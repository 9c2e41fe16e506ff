// SPDX-License-Identifier: MIT
// types: written types -> concrete types at this point, bounds included.
//
// Declared types are resolved on demand; a type that contains itself is an error, since all types
// are finite. Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>

#include "model/base/require.hpp"
#include "model/typed/body.hpp"

namespace capstan::model {
namespace {

/// Keys of a map are listed one by one in every state.
constexpr std::size_t kMapKeysMax = 10'000;
/// Parts of a type with all its parts written out; a map counts its element once for each key.
constexpr std::uint64_t kTypePartsMax = 100'000;
constexpr int kTypeDepthMax = 100;
/// Larger types are not told apart.
constexpr std::uint64_t kPartsCounted = 1'000'000'000'000'000;

}  // namespace

TypeId Elaboration::resolve(const ast::Type& type) {
  const TypeId id = resolve_any(type);
  return refuse_size(id, type.span) ? TypeId{} : id;
}

/// Types are shared: one that names another twice is twice as large, written out.
Elaboration::TypeMeasure Elaboration::measure(TypeId id) {
  while (measures_.size() <= id.index) {  // parts of a type have smaller ids
    const Type& type = types().at({static_cast<std::uint32_t>(measures_.size())});
    TypeMeasure result{1, 1};
    const auto add = [&](TypeId part, std::uint64_t times) {
      if (part.index >= measures_.size()) return;
      const TypeMeasure& inner = measures_[part.index];
      const bool is_many = times > 0 && inner.parts > kPartsCounted / times;
      result.parts =
          std::min(kPartsCounted, result.parts + (is_many ? kPartsCounted : inner.parts * times));
      result.depth = std::max(result.depth, inner.depth + 1);
    };
    const bool has_key = type.kind == Type::Kind::Map;
    if (has_key) add(type.key, 1);
    const std::uint64_t keys = has_key ? types().domain_size(type.key).value_or(kMapKeysMax) : 1;
    const bool has_element = has_key || type.kind == Type::Kind::Option ||
                             type.kind == Type::Kind::Set || type.kind == Type::Kind::Sequence;
    if (has_element) add(type.element, keys);
    for (const Type::Field& field : type.fields) add(field.type, 1);
    measures_.push_back(result);
  }
  return measures_[id.index];
}

bool Elaboration::refuse_size(TypeId id, Span span) {
  const TypeMeasure size = measure(id);
  if (size.parts <= kTypePartsMax && size.depth <= kTypeDepthMax) return false;
  const bool is_deep = size.depth > kTypeDepthMax;
  error("E0329", span,
        is_deep ? fmt::format("this type has more than {} types inside each other", kTypeDepthMax)
                : fmt::format("written out, this type has {} parts, more than {}", size.parts,
                              kTypePartsMax),
        "too large")
      .helps.push_back("model fewer fields or keys: every one of them is a part of each state");
  return true;
}

TypeId Elaboration::resolve_any(const ast::Type& type) {
  switch (type.kind) {
    case ast::TypeKind::Bool:
      return bool_type(types());
    case ast::TypeKind::Int:
      return int_type(types());
    case ast::TypeKind::Time:
      return kind_type(types(), Type::Kind::Time);
    case ast::TypeKind::Process:
      return process_type(types(), -1, "");
    case ast::TypeKind::Named:
      return named_type(type.name);
    case ast::TypeKind::Range:
      return resolve_range(type);
    case ast::TypeKind::Asker:
      return resolve_asker(type);
    case ast::TypeKind::Enumeration: {
      Type enumeration;
      enumeration.kind = Type::Kind::Enumeration;
      for (const ast::Name& each : type.enumerators) enumeration.enumerators.push_back(each.text);
      return types().add(std::move(enumeration));
    }
    case ast::TypeKind::Tuple:
      return resolve_tuple(type);
    case ast::TypeKind::Option:
      return option_of(types(), resolve(*type.element));
    case ast::TypeKind::Set: {
      const TypeId element = resolve(*type.element);
      return is_unknown(element) ? element : set_of(types(), element);
    }
    case ast::TypeKind::Map:
      return resolve_map(type);
    case ast::TypeKind::Sequence:
      return resolve_sequence(type);
    case ast::TypeKind::Error:
      return {};
  }
  CAPSTAN_UNREACHABLE("a kind of type");
}

TypeId Elaboration::resolve_stored(const ast::Type& type, const std::string& what) {
  const TypeId id = resolve(type);
  if (is_bounded(types(), id)) return id;
  error("E0324", type.span,
        fmt::format("{} cannot hold an `int`: every state must be finite", what), "unbounded")
      .helps.push_back("give the number a range, such as `0..10`");
  return {};
}

TypeId Elaboration::named_type(const ast::Name& name) {
  if (const auto role = find_role(name.text)) return process_type(types(), *role, name.text);
  const auto found = type_states_.find(name.text);
  if (found == type_states_.end()) {
    const bool is_message = !find_messages(name.text).empty();
    Diagnostic& diagnostic =
        error("E0202", name.span,
              is_message ? fmt::format("`{}` is a message, not a type", name.text)
                         : fmt::format("there is no type or role `{}`", name.text),
              is_message ? "not a type" : "unknown type");
    std::vector<std::string> candidates;
    for (const auto& [known, unused] : type_states_) candidates.push_back(known);
    for (const Role& role : protocol.roles) candidates.push_back(role.name);
    suggest_for(diagnostic, name.text, candidates);
    return {};
  }
  TypeState& state = found->second;
  if (state.progress == Progress::Done) return state.id;
  if (state.progress == Progress::Running) {
    error("E0217", state.declaration->name.span,
          fmt::format("the type `{}` contains itself", name.text), "a circle of definitions")
        .notes.push_back("all types are finite");
    return {};
  }
  if (refuse_depth(state.declaration->name.span, name.text)) return {};
  state.progress = Progress::Running;
  const ast::Type& written = *state.declaration->type;
  TypeId id = resolve(written);
  // A name for another named type, or for a role, stays that type.
  if (!is_unknown(id) && written.kind != ast::TypeKind::Named) {
    Type named = types().at(id);
    named.name = name.text;
    id = types().add(std::move(named));
  }
  state.id = id;
  state.progress = Progress::Done;
  return id;
}

TypeId Elaboration::resolve_range(const ast::Type& type) {
  const auto low = constant_number(*type.low, "the lower bound");
  const auto high = constant_number(*type.high, "the upper bound");
  if (!low || !high) return {};
  if (*low > *high) {
    error("E0404", type.span,
          fmt::format("the range {}..{} is empty: no value has this type", *low, *high),
          fmt::format("{}..{} here", *low, *high));
    return {};
  }
  Type range;
  range.kind = Type::Kind::Range;
  range.low = *low;
  range.high = *high;
  return types().add(std::move(range));
}

std::vector<Type::Field> Elaboration::resolve_fields(const std::vector<ast::Field>& fields,
                                                     const std::string& of, bool stored) {
  std::vector<Type::Field> result;
  std::set<std::string> seen;
  for (const ast::Field& field : fields) {
    const std::string what = fmt::format("`{}` of {}", field.name.text, of);
    if (!seen.insert(field.name.text).second) {
      error("E0205", field.name.span, fmt::format("{} is declared twice", what), "declared again");
    }
    TypeId type;
    if (field.type) type = stored ? resolve_stored(*field.type, what) : resolve(*field.type);
    result.push_back({field.name.text, type});
  }
  return result;
}

TypeId Elaboration::resolve_tuple(const ast::Type& type) {
  Type tuple;
  tuple.kind = Type::Kind::Tuple;
  tuple.fields = resolve_fields(type.fields, "a tuple", false);
  for (const Type::Field& field : tuple.fields) {
    if (is_unknown(field.type)) return {};
  }
  return types().add(std::move(tuple));
}

TypeId Elaboration::resolve_map(const ast::Type& type) {
  Type map;
  map.kind = Type::Kind::Map;
  map.key = resolve(*type.key);
  map.element = resolve(*type.element);
  if (is_unknown(map.key) || is_unknown(map.element)) return {};
  if (!types().domain(map.key, kMapKeysMax)) {
    Diagnostic& diagnostic =
        error("E0324", type.key->span,
              fmt::format("{} cannot be the key of a map: it has too many values", a(map.key)),
              fmt::format("a map lists all its keys, at most {}", kMapKeysMax));
    if (holds_time(types(), map.key)) {
      diagnostic.helps.push_back("keep a set of tuples, as in `set of (at: time, value: Value)`");
    }
    return {};
  }
  return types().add(std::move(map));
}

TypeId Elaboration::resolve_sequence(const ast::Type& type) {
  Type sequence;
  sequence.kind = Type::Kind::Sequence;
  sequence.element = resolve(*type.element);
  const auto high = constant_number(*type.high, "the length of a sequence");
  if (is_unknown(sequence.element) || !high) return {};
  if (*high < 0) {
    error("E0404", type.high->span, fmt::format("a sequence cannot have {} elements", *high),
          "negative");
    return {};
  }
  sequence.high = *high;
  return types().add(std::move(sequence));
}

TypeId Elaboration::resolve_asker(const ast::Type& type) {
  const std::vector<int> found = find_messages(type.name.text);
  if (found.empty()) {
    std::vector<std::string> names;
    for (const Message& message : protocol.messages) names.push_back(message.name);
    Diagnostic& diagnostic =
        error("E0213", type.name.span, fmt::format("there is no message `{}`", type.name.text),
              "unknown message");
    suggest_for(diagnostic, type.name.text, names);
    return {};
  }
  const Message& message = protocol.messages[static_cast<std::size_t>(found[0])];
  if (message.reply < 0) {
    error("E0317", type.name.span, fmt::format("nobody waits for an answer to `{}`", message.name),
          message.is_reply ? "a reply itself" : "a message without a reply");
    return {};
  }
  Type asker;
  asker.kind = Type::Kind::Asker;
  asker.name = "asker of " + message.name;
  asker.message = found[0];
  return types().add(std::move(asker));
}

}  // namespace capstan::model
