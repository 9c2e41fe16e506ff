// SPDX-License-Identifier: MIT
// literals: tuples, sets, sequences and maps written out, and why a value does not fit its place.
// Tested by: tests/unit/model/typed, tests/golden/typed
#include <fmt/format.h>

#include <algorithm>

#include "model/typed/body.hpp"

namespace capstan::model {

ExprPtr Body::check_tuple(const ast::Expr& expr, TypeId hint) {
  const Type wanted = types().at(without_option(types(), hint));
  const bool shaped = wanted.kind == Type::Kind::Tuple && wanted.fields.size() == expr.args.size();
  Type tuple;
  tuple.kind = Type::Kind::Tuple;
  ExprPtr result = make_expr(ExprKind::MakeTuple, {}, expr.span);
  for (std::size_t i = 0; i < expr.args.size(); ++i) {
    const ast::Arg& arg = expr.args[i];
    ExprPtr part = check(*arg.value, shaped ? wanted.fields[i].type : TypeId{});
    if (shaped) take_as_time(*part, wanted.fields[i].type);
    tuple.fields.push_back({arg.name ? arg.name->text : "", part->type});
    result->operands.push_back(std::move(part));
  }
  std::set<std::string> seen;
  for (const ast::Arg& arg : expr.args) {
    if (arg.name && !seen.insert(arg.name->text).second) {
      error("E0205", arg.name->span,
            fmt::format("the field `{}` stands twice in one tuple", arg.name->text), "again");
    }
  }
  if (std::ranges::any_of(tuple.fields,
                          [](const Type::Field& field) { return is_unknown(field.type); })) {
    return make_unknown(expr.span);
  }
  result->type = types().add(std::move(tuple));
  if (shaped && fits(types(), result->type, without_option(types(), hint))) {
    result->type = without_option(types(), hint);
  }
  return result;
}

ExprPtr Body::check_collection_literal(const ast::Expr& expr, TypeId hint, bool is_set_literal) {
  const Type::Kind kind = is_set_literal ? Type::Kind::Set : Type::Kind::Sequence;
  const Type::Kind open = is_set_literal ? Type::Kind::EmptyBraces : Type::Kind::EmptyBrackets;
  const bool shaped = is_kind(types(), hint, kind);
  const TypeId wanted = shaped ? types().at(hint).element : TypeId{};
  ExprPtr result = make_expr(is_set_literal ? ExprKind::MakeSet : ExprKind::MakeSequence,
                             shaped ? hint : kind_type(types(), open), expr.span);
  if (expr.operands.empty()) return result;
  TypeId element;
  bool all_wanted = shaped;
  for (const ast::ExprPtr& operand : expr.operands) {
    // Without a hint, later elements take what the earlier ones tell: `{sender, none}`.
    ExprPtr part = check(*operand, all_wanted ? wanted : element);
    if (is_unknown(part->type)) return make_unknown(expr.span);
    all_wanted = all_wanted && fits(types(), part->type, wanted);
    const auto joined = join(types(), element, part->type);
    if (!joined && !all_wanted) {
      error("E0303", part->span,
            fmt::format("the elements of one {} have no type in common: {} and {}",
                        is_set_literal ? "set" : "sequence", elaboration_.a(element),
                        elaboration_.a(part->type)),
            elaboration_.a(part->type))
          .secondary.push_back({result->operands[0]->span, elaboration_.a(element)});
      return make_unknown(expr.span);
    }
    element = joined.value_or(wanted);
    result->operands.push_back(std::move(part));
  }
  if (!all_wanted) {
    result->type = is_set_literal ? set_of(types(), element) : sequence_of(types(), element);
  }
  return result;
}

/// `{n: 1}` for a tuple; true if that was reported.
bool Body::refuse_braces(const ast::Expr& expr, TypeId hint) {
  const auto is_field = [&](const ast::Expr& key) {
    return key.kind == ast::ExprKind::Name && !find_local(key.name.text) &&
           !elaboration_.find_declared(role_, key.name.text) && !is_builtin_value(key.name.text);
  };
  const bool is_tuple = is_kind(types(), without_option(types(), hint), Type::Kind::Tuple);
  std::string named;
  for (std::size_t i = 0; i + 1 < expr.operands.size(); i += 2) {
    if (!is_tuple && !is_field(*expr.operands[i])) return false;
    named += fmt::format("{}{}: {}", named.empty() ? "" : ", ",
                         elaboration_.text(expr.operands[i]->span),
                         elaboration_.text(expr.operands[i + 1]->span));
  }
  error("E0301", expr.span, "a tuple stands in parentheses", "braces make a map")
      .helps.push_back(fmt::format("write `({})`", named));
  return true;
}

ExprPtr Body::check_map(const ast::Expr& expr, TypeId hint) {
  const bool shaped = is_kind(types(), hint, Type::Kind::Map);
  if (!shaped && refuse_braces(expr, hint)) return make_unknown(expr.span);
  TypeId key_type = shaped ? types().at(hint).key : TypeId{};
  TypeId element = shaped ? types().at(hint).element : TypeId{};
  std::vector<std::pair<Value, ExprPtr>> entries;
  for (std::size_t i = 0; i + 1 < expr.operands.size(); i += 2) {
    Body constant(elaboration_, BodyKind::Constant);
    const ExprPtr key = constant.expect(*expr.operands[i], Want{key_type, "a key of this map"});
    if (!shaped) key_type = key->type;
    ExprPtr part = check(*expr.operands[i + 1], element);
    const auto value =
        elaboration_.evaluate_constant(*key, static_cast<int>(constant.frame.slots.size()));
    if (!value || is_unknown(part->type)) return make_unknown(expr.span);
    if (shaped) {
      fit(*part, Want{element, "a value of this map"});
    } else {
      element = join(types(), element, part->type).value_or(TypeId{});
    }
    for (const auto& [other, unused] : entries) {
      if (other != *value) continue;
      error("E0313", key->span,
            fmt::format("the key {} stands twice", types().format(key_type, *value)), "again");
      return make_unknown(expr.span);
    }
    entries.emplace_back(*value, std::move(part));
  }
  const auto keys = types().domain(key_type);
  if (!keys || is_unknown(element)) {
    if (is_unknown(key_type) && shaped) return make_unknown(expr.span);
    error("E0305", expr.span, "nothing here tells which keys this map has", "of an open type")
        .helps.push_back("store it in a variable, a field or a parameter with a type");
    return make_unknown(expr.span);
  }
  Type map;
  map.kind = Type::Kind::Map;
  map.key = key_type;
  map.element = element;
  ExprPtr result =
      make_expr(ExprKind::MakeMap, shaped ? hint : types().add(std::move(map)), expr.span);
  std::string missing;
  for (const Value& key : *keys) {
    const auto entry = std::ranges::find(entries, key, &std::pair<Value, ExprPtr>::first);
    if (entry == entries.end()) {
      missing += (missing.empty() ? "" : ", ") + types().format(key_type, key);
    } else {
      result->operands.push_back(std::move(entry->second));
    }
  }
  if (missing.empty()) return result;
  error("E0313", expr.span, fmt::format("this map has no value for {}", missing), "not total")
      .helps.push_back("a map with gaps is a `map K -> V?`, with `none` for the keys left out");
  return make_unknown(expr.span);
}

ExprPtr Body::check_constant_map(const ast::Expr& expr, TypeId hint) {
  if (!is_kind(types(), hint, Type::Kind::Map)) {
    if (is_unknown(hint)) {
      error("E0305", expr.span, "nothing here tells which keys `all` is for", "of an open type")
          .helps.push_back("store it in a variable, a field or a parameter with a map type");
    } else {
      error("E0301", expr.span,
            fmt::format("`all` makes a map, and {} is expected here", elaboration_.a(hint)),
            "a map");
    }
    return make_unknown(expr.span);
  }
  const TypeId element = types().at(hint).element;
  ExprPtr part = expect(*expr.operands[0], Want{element, "the value for all keys"});
  if (is_unknown(part->type)) return make_unknown(expr.span);
  ExprPtr result = make_expr(ExprKind::ConstantMap, hint, expr.span);
  result->operands.push_back(std::move(part));
  return result;
}

bool Body::refuse_outside(const Expr& expr, TypeId type_id, const Want& want) {
  const Type type = types().at(without_option(types(), type_id));
  if (expr.kind == ExprKind::Constant) {
    if (expr.value.kind() != Value::Kind::Integer || types().contains(type_id, expr.value)) {
      return false;
    }
    error("E0312", expr.span,
          fmt::format("{} is outside `{}`", expr.value.number(),
                      types().describe(without_option(types(), type_id))),
          fmt::format("{} goes from {} to {}", want.what, type.low, type.high));
    return true;
  }
  bool refused = false;
  if (expr.kind == ExprKind::If) {
    refused = refuse_outside(*expr.operands[1], type_id, want);
    refused = refuse_outside(*expr.operands[2], type_id, want) || refused;
  }
  if (expr.kind == ExprKind::MakeTuple && type.fields.size() == expr.operands.size()) {
    for (std::size_t i = 0; i < type.fields.size(); ++i) {
      const Want field{type.fields[i].type, fmt::format("field `{}`", type.fields[i].name)};
      refused = refuse_outside(*expr.operands[i], type.fields[i].type, field) || refused;
    }
  }
  if (expr.kind == ExprKind::MakeSet || expr.kind == ExprKind::MakeSequence ||
      expr.kind == ExprKind::MakeMap || expr.kind == ExprKind::ConstantMap) {
    const Want element{type.element, "an element"};
    for (const ExprPtr& part : expr.operands) {
      refused = refuse_outside(*part, type.element, element) || refused;
    }
  }
  return refused;
}

void Body::explain_misfit(Diagnostic& diagnostic, const Expr& expr, TypeId to_id) {
  const Type from = types().at(expr.type);
  const Type to = types().at(to_id);
  const std::string text = elaboration_.text(expr.span);
  const bool is_short = text.size() <= 40;
  explain_times(diagnostic, expr.type, to_id);
  if (from.kind == Type::Kind::Option && fits(types(), from.element, to_id)) {
    diagnostic.helps.push_back(
        is_short ? fmt::format("`{}!` is its value, `{} ?? ...` its value or another", text, text)
                 : "`x!` is the value of an option, `x ?? d` its value or `d`");
  }
  if (to.kind == Type::Kind::Set && fits(types(), expr.type, to.element) && is_short) {
    diagnostic.helps.push_back(fmt::format("`{{{}}}` is the set of it", text));
  }
  if (to.kind == Type::Kind::Sequence && fits(types(), expr.type, to.element) && is_short) {
    diagnostic.helps.push_back(fmt::format("`[{}]` is the sequence of it", text));
  }
  if (from.kind == Type::Kind::EmptyBraces && to.kind == Type::Kind::Map)
    diagnostic.helps.push_back("a map is total: `all v` is the one that is `v` everywhere");
  if (from.kind == Type::Kind::EmptyBraces && to.kind == Type::Kind::Sequence)
    diagnostic.helps.push_back("the empty sequence is `[]`");
  if (from.kind == Type::Kind::EmptyBrackets && to.kind == Type::Kind::Set)
    diagnostic.helps.push_back("the empty set is `{}`");
  const bool is_reply =
      from.kind == Type::Kind::Tuple && !from.fields.empty() && from.fields.back().name == "sender";
  if (is_reply) {
    for (const Type::Field& field : from.fields)
      if (field.name != "sender" && fits(types(), field.type, to_id))
        diagnostic.helps.push_back(fmt::format("take its field: `(...).{}`", field.name));
  }
  if (from.kind == Type::Kind::Set && fits(types(), from.element, to_id)) {
    diagnostic.helps.push_back("`max(s)`, `min(s)` or `any s` is one element of a set");
  }
  if (!has_fields(types(), expr.type) || to.kind != Type::Kind::Tuple) return;
  if (from.fields.size() != to.fields.size()) {
    diagnostic.notes.push_back(fmt::format("`{}` has {} fields, this has {}",
                                           types().describe(to_id), to.fields.size(),
                                           from.fields.size()));
    return;
  }
  for (std::size_t i = 0; i < from.fields.size(); ++i) {
    const Type::Field& a = from.fields[i];
    const Type::Field& b = to.fields[i];
    if (!a.name.empty() && !b.name.empty() && a.name != b.name) {
      diagnostic.notes.push_back(
          fmt::format("field {} is called `{}` there and `{}` here", i + 1, b.name, a.name));
      return;
    }
    if (fits(types(), a.type, b.type)) continue;
    diagnostic.notes.push_back(fmt::format("field `{}` must be {}, and is {}", b.name,
                                           elaboration_.a(b.type), elaboration_.a(a.type)));
    return;
  }
}

}  // namespace capstan::model
